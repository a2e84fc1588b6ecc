"""Installing from wheels alone: uv and pip refuse to build, whatever is declared, and name the package."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.engines.wheels_only import refuse_builds
from pyve.errors.lock import WheelMissingError
from tests.engines.conftest import Bench, declare, requirement
from tests.support.made_up_package import Package, write_project
from tests.support.package_index import PackageIndex


def lock_of_files(bench: Bench, index: PackageIndex, name: str, kind: str) -> None:
    """Write a pylock.toml that holds `name` 1.0 by its sdist or wheel, whichever the index has."""
    (file,) = index.find_links.glob(f"{name}-1.0*")
    digest = index.hash_of(name, "1.0").removeprefix("sha256:")
    row = f'{{name = {json.dumps(file.name)}, url = {json.dumps(file.as_uri())}, hashes = {{sha256 = "{digest}"}}}}'
    value = f"sdist = {row}" if kind == "sdist" else f"wheels = [{row}]"
    lock = bench.request.project_root / "pylock.toml"
    lock.write_text(
        f'lock-version = "1.0"\ncreated-by = "tests"\n\n[[packages]]\nname = "{name}"\nversion = "1.0"\n{value}\n',
        encoding="utf-8",
    )


def test_wheels_are_installed(bench: Bench, index: PackageIndex) -> None:
    bench.install(requirements=declare("alpha", index_url=index.file_url), wheels_only=True)
    assert bench.installed() == {"alpha": "1.0", "beta": "2.0"}


def test_package_without_a_wheel_is_named_with_its_line(bench: Bench, index: PackageIndex) -> None:
    with pytest.raises(WheelMissingError, match=r"requirements\.txt:2: gamma has no wheel"):
        bench.install(requirements=declare("alpha", "gamma", index_url=index.file_url), wheels_only=True)
    assert bench.installed() == {}


def test_dependency_without_a_wheel_is_named(bench: Bench, index: PackageIndex) -> None:
    with pytest.raises(WheelMissingError, match="gamma has no wheel"):
        bench.install(requirements=declare("alpha[more]", index_url=index.file_url), wheels_only=True)


def test_what_options_and_variables_ask_to_be_built_is_not(bench: Bench, index: PackageIndex) -> None:
    insisting = bench.with_environment(PIP_NO_BINARY="gamma", UV_NO_BINARY_PACKAGE="gamma")
    with pytest.raises(WheelMissingError, match="gamma"):
        insisting.install(
            requirements=declare("gamma", index_url=index.file_url, no_binary=("gamma",)), wheels_only=True
        )


def test_locked_sdist_is_refused(bench: Bench, index: PackageIndex) -> None:
    lock_of_files(bench, index, "gamma", "sdist")
    lock = bench.request.project_root / "pylock.toml"
    with pytest.raises(WheelMissingError, match="gamma has no wheel"):
        bench.install(lock_file=lock, wheels_only=True)


def test_locked_wheel_is_installed(bench: Bench, tmp_path: Path) -> None:
    only = PackageIndex(tmp_path / "another index")
    only.add("beta", "1.0")
    lock_of_files(bench, only, "beta", "wheel")
    bench.install(lock_file=bench.request.project_root / "pylock.toml", wheels_only=True)
    assert bench.installed() == {"beta": "1.0"}


def test_hashed_sdist_is_refused(bench: Bench, index: PackageIndex) -> None:
    hashed = requirement("gamma==1.0", hashes=(index.hash_of("gamma", "1.0"),))
    with pytest.raises(WheelMissingError, match="gamma"):
        bench.install(requirements=declare(hashed, index_url=index.file_url), wheels_only=True)


def test_archive_and_directory_are_refused(bench: Bench, index: PackageIndex) -> None:
    (archive,) = index.find_links.glob("gamma-1.0*")
    library = write_project(bench.request.project_root / "lib", Package(name="lib", version="1"))
    for line in (f"gamma @ {archive.as_uri()}", f"lib @ {library.as_uri()}"):
        with pytest.raises(WheelMissingError, match=line.split()[0]):
            bench.install(requirements=declare(line, no_index=True), wheels_only=True)
    assert bench.installed() == {}


def test_repository_without_a_name_is_refused_without_its_credentials(bench: Bench) -> None:
    declared = declare("git+https://me:secret-word@git.example/x")
    with pytest.raises(WheelMissingError, match=r"git\.example/x would be built") as caught:
        refuse_builds(replace(bench.request, requirements=declared))
    assert "secret-word" not in caught.value.message


@pytest.mark.parametrize(
    "row",
    [
        'directory = {path = "lib"}',
        'vcs = {type = "git", path = "lib", commit-id = "abababababababababababababababababababab"}',
    ],
)
def test_locked_directory_and_repository_are_refused(bench: Bench, row: str) -> None:
    write_project(bench.request.project_root / "lib", Package(name="lib", version="1"))
    lock = bench.request.project_root / "pylock.toml"
    text = f'lock-version = "1.0"\ncreated-by = "tests"\n\n[[packages]]\nname = "lib"\n{row}\n'
    lock.write_text(text, encoding="utf-8")
    with pytest.raises(WheelMissingError, match="lib"):
        bench.install(lock_file=lock, wheels_only=True)


def test_project_itself_is_installed(bench: Bench, index: PackageIndex) -> None:
    write_project(bench.request.project_root, Package(name="tool", version="0.1", requires=("beta",)))
    bench.install(
        requirements=declare(index_url=index.file_url),
        editable_project=bench.request.project_root,
        wheels_only=True,
    )
    assert bench.installed() == {"tool": "0.1", "beta": "2.0"}
