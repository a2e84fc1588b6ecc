"""What uv alone does: no network, caches, a full disk, locks with extras, and what only pip understands."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from uv import find_uv_bin

from pyve.engines.installer_choice import choose_installer
from pyve.engines.uv import UvInstaller
from pyve.errors import DiskFullError, HashMismatchError, IndexUnreachableError
from tests.engines.conftest import Bench, declare, requirement
from tests.engines.test_installer_contract import pylock
from tests.support.made_up_package import BACKEND, Package, write_project
from tests.support.package_index import Faults, PackageIndex
from tests.support.small_disk import mount_small_disk


def test_caches_suffice_when_the_index_goes_away(uv_bench: Bench, index: PackageIndex) -> None:
    with index.serve() as url:
        asked = declare("alpha", index_url=url)
        uv_bench.install(requirements=asked)
    shutil.rmtree(uv_bench.request.prefix)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", uv_bench.request.prefix], check=True)
    uv_bench.install(requirements=asked)
    assert uv_bench.installed() == {"alpha": "1.0", "beta": "2.0"}
    assert "The package index cannot be reached; what is on this machine suffices" in uv_bench.messages


def test_build_that_cannot_fetch_its_backend_is_told_as_silence(uv_bench: Bench) -> None:
    root = write_project(uv_bench.request.project_root, Package(name="tool", version="0.1"))
    use_backend_from_index(root)
    with pytest.raises(IndexUnreachableError, match=r"127\.0\.0\.1:9"):
        uv_bench.install(requirements=declare(index_url="http://127.0.0.1:9/simple"), editable_project=root)


def test_backend_in_the_cache_suffices_to_build(uv_bench: Bench, index: PackageIndex) -> None:
    root = write_project(uv_bench.request.project_root, Package(name="tool", version="0.1"))
    use_backend_from_index(root)
    index.add("builder", "1.0", files={"in_tree_backend.py": BACKEND.read_text(encoding="utf-8")})
    with index.serve() as url:
        uv_bench.install(requirements=declare("builder", index_url=url))
    uv_bench.install(requirements=declare(index_url=url), editable_project=root)
    assert uv_bench.installed()["tool"] == "0.1"


def test_index_that_keeps_failing_is_named(uv_bench: Bench, index: PackageIndex) -> None:
    patient = uv_bench.with_environment(UV_HTTP_RETRIES="1")
    with index.serve(Faults(unavailable_times=99)) as url, pytest.raises(IndexUnreachableError, match="503") as caught:
        patient.install(requirements=declare("alpha", index_url=url))
    assert "127.0.0.1" in caught.value.message


def test_index_that_never_answers_is_given_up(uv_bench: Bench, index: PackageIndex) -> None:
    hurried = uv_bench.with_environment(UV_HTTP_TIMEOUT="1", UV_HTTP_RETRIES="0")
    with index.serve(Faults(hang=True)) as url, pytest.raises(IndexUnreachableError, match="timed out"):
        hurried.install(requirements=declare("alpha", index_url=url))


def test_preferences_that_fit_are_kept_beside_one_that_does_not(uv_bench: Bench, index: PackageIndex) -> None:
    index.add("delta", "1.0")
    index.add("delta", "2.0")
    uv_bench.install(
        requirements=declare("alpha", "beta>1", "delta", index_url=index.file_url),
        preferences=("beta==1.0", "delta==1.0"),
    )
    assert uv_bench.installed() == {"alpha": "1.0", "beta": "2.0", "delta": "1.0"}


def test_first_index_strategy_keeps_to_the_first(uv_bench: Bench, index: PackageIndex, tmp_path: Path) -> None:
    other = PackageIndex(tmp_path / "other")
    other.add("beta", "1.5")
    asked = declare("beta", index_url=index.file_url, extra_index_urls=(other.file_url,))
    uv_bench.install(requirements=asked, index_strategy="first-index")
    assert uv_bench.installed() == {"beta": "1.5"}


def test_variables_of_uv_win_over_those_of_pip(uv_bench: Bench, index: PackageIndex) -> None:
    told = uv_bench.with_environment(PIP_INDEX_URL="http://127.0.0.1:9/simple", UV_DEFAULT_INDEX=index.file_url)
    told.install(requirements=declare("beta"))
    assert told.installed() == {"beta": "2.0"}


def test_extras_and_groups_of_a_lock_are_installed(uv_bench: Bench, index: PackageIndex) -> None:
    lock = uv_bench.request.project_root / "pylock.toml"
    index.add("delta", "1.0")
    packages = (("beta", "1.0", "'more' in extras"), ("delta", "1.0", "'dev' in dependency_groups"))
    lock.write_text(pylock(index, ("alpha", "1.0", ""), *packages), encoding="utf-8")
    uv_bench.install(lock_file=lock, lock_extras=("more",), lock_groups=("dev",))
    assert uv_bench.installed() == {"alpha": "1.0", "beta": "1.0", "delta": "1.0"}


@pytest.mark.posix("a keyring that is a shell script")
def test_keyring_gives_credentials(uv_bench: Bench, index: PackageIndex, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    keyring = programs / "keyring"
    keyring.write_text("#!/bin/sh\necho s3cr3t-word\n", encoding="utf-8")
    keyring.chmod(0o755)
    able = uv_bench.with_environment(
        PIP_KEYRING_PROVIDER="subprocess", PATH=f"{programs}{os.pathsep}{uv_bench.environment['PATH']}"
    )
    with index.serve(Faults(basic_auth=("ann", "s3cr3t-word"))) as url:
        able.install(requirements=declare("beta", index_url=url.replace("//", "//ann@")))
    assert able.installed() == {"beta": "2.0"}
    assert "s3cr3t-word" not in able.log


def test_command_line_shows_no_index(uv_bench: Bench, index: PackageIndex) -> None:
    uv_bench.install(requirements=declare("beta", index_url=index.file_url))
    commands = [line for line in uv_bench.log.splitlines() if line.startswith("$ ")]
    assert commands
    assert not any(index.file_url in command for command in commands)


def test_progress_tells_how_many_packages_are_installed(uv_bench: Bench, index: PackageIndex) -> None:
    uv_bench.install(requirements=declare("alpha", index_url=index.file_url))
    assert "Installing 2 packages" in uv_bench.messages
    assert any(event.detail and "alpha==1.0" in event.message for event in uv_bench.events)


def test_bytecode_is_compiled_only_when_asked(uv_bench: Bench, index: PackageIndex) -> None:
    uv_bench.install(requirements=declare("alpha", index_url=index.file_url))
    assert not list(uv_bench.request.prefix.rglob("alpha.*.pyc"))
    asked = uv_bench.with_environment(UV_COMPILE_BYTECODE="1")
    asked.install(requirements=declare("gamma", index_url=index.file_url))
    assert list(uv_bench.request.prefix.rglob("gamma.*.pyc"))


@pytest.mark.linux("network namespaces")
def test_dead_network_is_told_in_one_line(uv_bench: Bench, need_program: Callable[[str], str], tmp_path: Path) -> None:
    """A process in a network namespace of its own: no interface, no name server."""
    unshare = need_program("unshare")
    if subprocess.run([unshare, "-n", "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("network namespaces are not allowed here")
    wrapper = tmp_path / "uv-without-network"
    wrapper.write_text(f'#!/bin/sh\nexec {unshare} -n {find_uv_bin()} "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    cut_off = UvInstaller(executable=wrapper, environment=uv_bench.environment)
    asked = replace(uv_bench.request, requirements=declare("beta", index_url="https://index.example/simple"))
    with pytest.raises(IndexUnreachableError, match=r"index\.example cannot be reached") as caught:
        cut_off.install(asked, uv_bench.events.append)
    assert "\n" not in caught.value.message
    assert uv_bench.log.count("$ ") == 2  # once, and once from the caches: nothing that takes long


def use_backend_from_index(root: Path) -> None:
    (root / "in_tree_backend.py").unlink()
    pyproject = root / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8").replace("requires = []", 'requires = ["builder"]', 1)
    pyproject.write_text(text.replace('backend-path = ["."]\n', ""), encoding="utf-8")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    with mount_small_disk(tmp_path / "small disk", megabytes=1) as directory:
        yield directory


@pytest.mark.linux("a file system of a test's own")
def test_full_disk_is_told(uv_bench: Bench, index: PackageIndex, small_disk: Path) -> None:
    index.add("huge", "1.0", files={"huge.txt": "x" * 3_000_000})
    cramped = uv_bench.with_environment(UV_CACHE_DIR=str(small_disk / "cache"))
    with pytest.raises(DiskFullError, match="No space left"):
        cramped.install(requirements=declare("huge", index_url=index.file_url))


def test_repository_that_is_declared_editable_goes_to_pip(
    uv_bench: Bench, need_program: Callable[[str], str], tmp_path: Path
) -> None:
    git = need_program("git")
    repository = write_project(tmp_path / "repository", Package(name="library", version="1"))
    for words in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "all")):
        subprocess.run([git, *words], cwd=repository, check=True)
    asked = requirement(f"git+{repository.as_uri()}#egg=library", editable=True)
    request = replace(uv_bench.request, requirements=declare(asked))
    choice = choose_installer(request, uv_bench.environment)
    assert choice.reason == "only pip installs a repository editable: requirements.txt:1"
    choice.installer.install(request, uv_bench.events.append)
    assert uv_bench.installed() == {"library": "1"}


def test_what_only_pip_understands_goes_to_pip(uv_bench: Bench) -> None:
    asked = declare("alpha", requirement("beta", number=2, pip_options=("--global-option=--quiet",)))
    request = uv_bench.request
    choice = choose_installer(replace(request, requirements=asked), uv_bench.environment)
    assert choice.installer.name == "pip"
    assert choice.reason == "--global-option is only understood by pip: requirements.txt:2"


def test_pip_passes_config_settings_on(uv_bench: Bench, index: PackageIndex) -> None:
    asked = declare(requirement("gamma", pip_options=("--config-settings=color=red",)), index_url=index.file_url)
    request = replace(uv_bench.request, requirements=asked)
    choose_installer(request, uv_bench.environment).installer.install(request, uv_bench.events.append)
    (settings,) = request.prefix.rglob("settings.json")
    assert "red" in settings.read_text(encoding="utf-8")


def test_uv_is_chosen_otherwise(uv_bench: Bench) -> None:
    choice = choose_installer(uv_bench.request, uv_bench.environment)
    assert choice.installer.name == "uv"
    assert choice.installer.version()[0].isdigit()


def test_lock_of_another_file_is_refused(uv_bench: Bench, index: PackageIndex) -> None:
    wrong = requirement("beta==1.0", hashes=(index.hash_of("beta", "2.0"),))
    with pytest.raises(HashMismatchError):
        uv_bench.install(requirements=declare(wrong, index_url=index.file_url))
