"""What uv and pip must both do: real installers, real environments, an index of their own."""

import json
from pathlib import Path

import pytest

from pyve.errors import (
    BuildFailedError,
    HashMismatchError,
    IndexUnauthorisedError,
    IndexUnreachableError,
    ProgramMissingError,
    ResolutionFailedError,
)
from pyve.errors.conda import NotCachedError
from tests.engines.conftest import Bench, declare, requirement
from tests.support.made_up_package import Package, write_project
from tests.support.package_index import Faults, PackageIndex


def test_requirements_come_with_their_dependencies_and_scripts(bench: Bench, index: PackageIndex) -> None:
    bench.install(requirements=declare("alpha", index_url=index.file_url))
    assert bench.installed() == {"alpha": "1.0", "beta": "2.0"}
    assert bench.run("alpha", "now") == "alpha 1.0 now\n"


def test_nothing_but_the_environment_is_installed_into(bench: Bench, index: PackageIndex, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    misled = bench.with_environment(
        VIRTUAL_ENV=str(elsewhere), PIP_TARGET=str(elsewhere), PYTHONPATH=str(elsewhere), UV_PYTHON="/no/such/python"
    )
    misled.install(requirements=declare("beta", index_url=index.file_url))
    assert misled.installed() == {"beta": "2.0"}
    assert not elsewhere.exists()


def test_pip_is_put_in_although_the_index_has_none(bench: Bench, index: PackageIndex) -> None:
    bench.install(requirements=declare("beta", index_url=index.file_url), seed=("pip",))
    assert set(bench.installed()) == {"beta", "pip"}
    assert bench.run("python", "-m", "pip", "--version").startswith("pip ")


def test_pip_is_put_in_without_any_index(bench: Bench) -> None:
    bench.install(requirements=declare(no_index=True), seed=("pip",))
    assert set(bench.installed()) == {"pip"}


def test_constraints_hold(bench: Bench, index: PackageIndex) -> None:
    bench.install(requirements=declare("alpha", constraints=("beta<2",), index_url=index.file_url))
    assert bench.installed() == {"alpha": "1.0", "beta": "1.0"}


def test_extras_and_sdists_are_installed(bench: Bench, index: PackageIndex) -> None:
    bench.install(requirements=declare("alpha[more]", index_url=index.file_url))
    assert bench.installed() == {"alpha": "1.0", "beta": "2.0", "gamma": "1.0"}


def test_markers_are_those_of_the_environment(bench: Bench, index: PackageIndex) -> None:
    bench.install(
        requirements=declare('beta; python_version < "3"', 'gamma; python_version > "3"', index_url=index.file_url)
    )
    assert bench.installed() == {"gamma": "1.0"}


def test_project_is_installed_editable_together_with_the_requirements(bench: Bench, index: PackageIndex) -> None:
    tool = Package(
        name="tool", version="0.1", requires=("beta<2",), scripts={"tool": "tool:main"}, extras={"x": ["gamma"]}
    )
    write_project(bench.request.project_root, tool)
    bench.install(
        requirements=declare("alpha", index_url=index.file_url),
        editable_project=bench.request.project_root,
        project_extras=("x",),
    )
    assert bench.installed() == {"alpha": "1.0", "beta": "1.0", "gamma": "1.0", "tool": "0.1"}
    (bench.request.project_root / "tool.py").write_text("def main():\n    print('edited')\n", encoding="utf-8")
    assert bench.run("tool") == "edited\n"


def test_project_beside_a_lock_brings_no_dependencies(bench: Bench, index: PackageIndex) -> None:
    write_project(bench.request.project_root, Package(name="tool", version="0.1", requires=("gamma",)))
    bench.install(
        requirements=declare("beta==1.0", index_url=index.file_url),
        editable_project=bench.request.project_root,
        no_deps_for_project=True,
    )
    assert bench.installed() == {"beta": "1.0", "tool": "0.1"}


def test_project_path_may_hold_what_means_something_to_installers(
    bench: Bench, index: PackageIndex, tmp_path: Path
) -> None:
    root = write_project(tmp_path / "${HOME} $(x) [y], 'z' é🙂 #1", Package(name="tool", version="0.1"))
    bench.install(requirements=declare("beta", index_url=index.file_url), project_root=root, editable_project=root)
    assert bench.installed() == {"beta": "2.0", "tool": "0.1"}


def test_right_hashes_are_accepted(bench: Bench, index: PackageIndex) -> None:
    write_project(bench.request.project_root, Package(name="tool", version="0.1"))
    hashed = [
        requirement(f"{name}=={version}", hashes=(index.hash_of(name, version),))
        for name, version in (("alpha", "1.0"), ("beta", "2.0"))
    ]
    bench.install(
        requirements=declare(*hashed, index_url=index.file_url),
        editable_project=bench.request.project_root,
        seed=("pip",),
    )
    assert set(bench.installed()) == {"alpha", "beta", "tool", "pip"}


def test_wrong_hash_is_refused_and_its_line_named(bench: Bench, index: PackageIndex) -> None:
    wrong = requirement("beta==2.0", number=7, hashes=("sha256:" + "0" * 64,))
    with pytest.raises(HashMismatchError, match=r"^requirements\.txt:7: ") as caught:
        bench.install(requirements=declare(wrong, index_url=index.file_url))
    assert "0" * 64 in caught.value.message
    assert bench.installed() == {}


def test_dependency_without_a_hash_is_refused_where_all_others_have_one(bench: Bench, index: PackageIndex) -> None:
    hashed = requirement("alpha==1.0", hashes=(index.hash_of("alpha", "1.0"),))
    with pytest.raises(ResolutionFailedError, match="beta"):
        bench.install(requirements=declare(hashed, index_url=index.file_url))


def test_required_hashes_are_missed(bench: Bench, index: PackageIndex) -> None:
    with pytest.raises(ResolutionFailedError, match="hash"):
        bench.install(requirements=declare("beta==2.0", require_hashes=True, index_url=index.file_url))


def test_unknown_package_is_named_with_its_line(bench: Bench, index: PackageIndex) -> None:
    with pytest.raises(ResolutionFailedError, match=r"^requirements\.txt:2: .*nosuchthing"):
        bench.install(requirements=declare("beta", "nosuchthing", index_url=index.file_url))
    assert bench.installed() == {}


def test_conflict_names_both_lines(bench: Bench, index: PackageIndex) -> None:
    index.add("strict", "1.0", requires=["beta<2"])
    index.add("modern", "1.0", requires=["beta>=2"])
    with pytest.raises(ResolutionFailedError) as caught:
        bench.install(requirements=declare("strict", "modern", index_url=index.file_url))
    assert "requirements.txt:1" in caught.value.message
    assert "requirements.txt:2" in caught.value.message


def test_failed_build_shows_its_last_lines_and_the_log(bench: Bench, index: PackageIndex) -> None:
    index.add_broken_sdist("broken", "1.0", says="the compiler is missing")
    with pytest.raises(BuildFailedError) as caught:
        bench.install(requirements=declare("broken", index_url=index.file_url))
    assert type(caught.value) is BuildFailedError
    assert "the compiler is missing" in caught.value.message
    assert "requirements.txt:1" in caught.value.message
    assert str(bench.request.log) in (caught.value.hint or "")
    assert "the compiler is missing" in bench.log


def test_find_links_suffice_without_an_index(bench: Bench, index: PackageIndex) -> None:
    bench.install(requirements=declare("alpha", no_index=True, find_links=(str(index.find_links),)))
    assert bench.installed() == {"alpha": "1.0", "beta": "2.0"}


def test_find_links_that_are_not_there_are_left_out(bench: Bench, index: PackageIndex, tmp_path: Path) -> None:
    absent = str(tmp_path / "absent")
    bench.install(requirements=declare("beta", index_url=index.file_url, find_links=(absent,)))
    assert bench.installed() == {"beta": "2.0"}
    assert absent in bench.log


def test_newest_of_all_indexes_is_taken(bench: Bench, index: PackageIndex, tmp_path: Path) -> None:
    other = PackageIndex(tmp_path / "other")
    other.add("beta", "3.0")
    bench.install(requirements=declare("beta", index_url=index.file_url, extra_index_urls=(other.file_url,)))
    assert bench.installed() == {"beta": "3.0"}


def test_prereleases_come_only_when_asked(bench: Bench, index: PackageIndex) -> None:
    index.add("beta", "3.0b1")
    bench.install(requirements=declare("beta", pre=True, index_url=index.file_url))
    assert bench.installed() == {"beta": "3.0b1"}


def test_no_binary_builds_from_source(bench: Bench, index: PackageIndex) -> None:
    index.add("beta", "2.0", sdist=True, files={"from_source.txt": "yes"})
    bench.install(requirements=declare("beta", no_binary=("beta",), index_url=index.file_url))
    assert list(bench.request.prefix.rglob("from_source.txt"))


def test_variables_in_urls_are_filled_in(bench: Bench, index: PackageIndex) -> None:
    with index.serve(Faults(basic_auth=("ann", "s3cr3t-word"))) as url:
        able = bench.with_environment(INDEX_USER="ann", INDEX_WORD="s3cr3t-word")
        able.install(requirements=declare("beta", index_url=url.replace("//", "//${INDEX_USER}:${INDEX_WORD}@")))
    assert able.installed() == {"beta": "2.0"}
    assert "s3cr3t-word" not in able.log


def test_credentials_in_urls_work_and_are_seen_nowhere(bench: Bench, index: PackageIndex) -> None:
    with index.serve(Faults(basic_auth=("ann", "s3cr3t-word"))) as url:
        bench.install(requirements=declare("beta", index_url=url.replace("//", "//ann:s3cr3t-word@")))
    assert bench.installed() == {"beta": "2.0"}
    seen = bench.log + "".join(event.message for event in bench.events)
    assert "s3cr3t-word" not in seen


def test_netrc_gives_credentials(bench: Bench, index: PackageIndex, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ann password s3cr3t-word\n", encoding="utf-8")
    netrc.chmod(0o600)
    with index.serve(Faults(basic_auth=("ann", "s3cr3t-word"))) as url:
        bench.with_environment(NETRC=str(netrc)).install(requirements=declare("beta", index_url=url))
    assert bench.installed() == {"beta": "2.0"}


def test_refused_credentials_are_told_without_them(bench: Bench, index: PackageIndex) -> None:
    with index.serve(Faults(basic_auth=("ann", "right"))) as url, pytest.raises(IndexUnauthorisedError) as caught:
        bench.install(requirements=declare("beta", index_url=url.replace("//", "//ann:wrong-word@")))
    assert "wrong-word" not in caught.value.message
    assert "127.0.0.1" in caught.value.message


def test_forbidden_index_is_told(bench: Bench, index: PackageIndex) -> None:
    with index.serve(Faults(refuse_with=403)) as url, pytest.raises(IndexUnauthorisedError, match="403"):
        bench.install(requirements=declare("beta", index_url=url))


def test_silent_index_is_one_line(bench: Bench) -> None:
    with pytest.raises(IndexUnreachableError, match=r"index 127\.0\.0\.1:9 cannot be reached") as caught:
        bench.install(requirements=declare("beta", index_url="http://127.0.0.1:9/simple"))
    assert "\n" not in caught.value.message


def test_index_that_is_away_for_a_moment_is_asked_again(bench: Bench, index: PackageIndex) -> None:
    with index.serve(Faults(unavailable_times=1)) as url:
        bench.install(requirements=declare("beta", index_url=url))
    assert bench.installed() == {"beta": "2.0"}


def test_offline_asks_nobody(bench: Bench, index: PackageIndex) -> None:
    with index.serve() as url, pytest.raises((NotCachedError, ProgramMissingError)):
        bench.install(requirements=declare("alpha", index_url=url), offline=True)
    assert index.requests == []


def test_find_links_suffice_offline(bench: Bench, index: PackageIndex) -> None:
    asked = declare("alpha", no_index=True, find_links=(str(index.find_links),))
    bench.install(requirements=asked, offline=True)
    assert bench.installed() == {"alpha": "1.0", "beta": "2.0"}


def test_damaged_download_is_refused(bench: Bench, index: PackageIndex) -> None:
    with index.serve(Faults(corrupted=frozenset({"beta"}))) as url, pytest.raises(HashMismatchError, match="beta"):
        bench.install(requirements=declare("beta", index_url=url))


def test_trusted_host_and_pip_configuration_are_heeded(bench: Bench, index: PackageIndex, tmp_path: Path) -> None:
    other = PackageIndex(tmp_path / "other")
    other.add("beta", "3.0")
    other.add("delta", "1.0")
    configuration = tmp_path / "pip.conf"
    configuration.write_text(
        f"[global]\nindex-url = http://127.0.0.1:9/simple\n[install]\nindex-url = {index.file_url}\n"
        f"extra-index-url =\n  {other.file_url}\n  file:///nowhere/simple\nfind-links = {tmp_path / 'absent'}\n"
        "trusted-host = index.example\n",
        encoding="utf-8",
    )
    able = bench.with_environment(PIP_CONFIG_FILE=str(configuration))
    able.install(requirements=declare("alpha", "delta"))
    assert able.installed() == {"alpha": "1.0", "beta": "3.0", "delta": "1.0"}


def test_declared_index_replaces_the_configured_ones(bench: Bench, index: PackageIndex, tmp_path: Path) -> None:
    other = PackageIndex(tmp_path / "other")
    other.add("beta", "3.0")
    able = bench.with_environment(PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_EXTRA_INDEX_URL=other.file_url)
    able.install(requirements=declare("beta", index_url=index.file_url))
    assert able.installed() == {"beta": "2.0"}


def test_preferences_are_kept_where_they_fit(bench: Bench, index: PackageIndex) -> None:
    bench.install(requirements=declare("alpha", index_url=index.file_url), preferences=("beta==1.0", "unused==9"))
    assert bench.installed() == {"alpha": "1.0", "beta": "1.0"}


def test_preferences_that_cannot_hold_do_not_stop_the_install(bench: Bench, index: PackageIndex) -> None:
    bench.install(requirements=declare("alpha", "beta>1", index_url=index.file_url), preferences=("beta==1.0",))
    assert bench.installed() == {"alpha": "1.0", "beta": "2.0"}


def test_lock_file_is_installed_as_it_stands(bench: Bench, index: PackageIndex) -> None:
    write_project(bench.request.project_root, Package(name="tool", version="0.1", requires=("gamma",)))
    lock = bench.request.project_root / "pylock.toml"
    lock.write_text(pylock(index, ("alpha", "1.0", ""), ("beta", "1.0", "")), encoding="utf-8")
    bench.install(
        requirements=declare(no_index=True),
        lock_file=lock,
        editable_project=bench.request.project_root,
        no_deps_for_project=True,
        seed=("pip",),
    )
    assert set(bench.installed()) == {"alpha", "beta", "tool", "pip"}
    assert bench.installed()["beta"] == "1.0"


def test_lock_file_with_a_wrong_hash_is_refused(bench: Bench, index: PackageIndex) -> None:
    lock = bench.request.project_root / "pylock.toml"
    text = pylock(index, ("beta", "1.0", ""))
    lock.write_text(text.replace(index.hash_of("beta", "1.0")[7:], "0" * 64), encoding="utf-8")
    with pytest.raises(HashMismatchError, match="beta"):
        bench.install(lock_file=lock)


def test_an_empty_declaration_installs_nothing(bench: Bench) -> None:
    bench.install()
    assert bench.installed() == {}


def test_generated_files_and_the_log_are_for_the_user_alone(bench: Bench, index: PackageIndex) -> None:
    bench.install(requirements=declare("beta", constraints=("beta<2",), index_url=index.file_url))
    modes = {path.stat().st_mode & 0o077 for path in (*bench.request.work_directory.iterdir(), bench.request.log)}
    assert modes == {0}


def pylock(index: PackageIndex, *packages: tuple[str, str, str]) -> str:
    text = 'lock-version = "1.0"\ncreated-by = "tests"\nextras = ["more"]\ndependency-groups = ["dev"]\n'
    for name, version, marker in packages:
        (wheel,) = index.find_links.glob(f"{name}-{version}-*.whl")
        digest = index.hash_of(name, version).removeprefix("sha256:")
        text += f'\n[[packages]]\nname = "{name}"\nversion = "{version}"\n'
        text += f"marker = {json.dumps(marker)}\n" if marker else ""
        text += f"wheels = [{{url = {json.dumps(wheel.as_uri())}, hashes = {{sha256 = {json.dumps(digest)}}}}}]\n"
    return text
