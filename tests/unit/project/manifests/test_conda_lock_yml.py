"""conda-lock.yml is recognised, and what is none is refused with its line."""

from pathlib import Path

import pytest

from pyve.errors import ManifestInvalidError
from pyve.project.manifests.conda_lock_yml import CondaLockYml, read_conda_lock_yml


def read(root: Path, text: str) -> CondaLockYml:
    (root / "conda-lock.yml").write_text(text, encoding="utf-8")
    return read_conda_lock_yml(root / "conda-lock.yml", root=root)


def test_platforms_and_packages_are_counted(tmp_path: Path) -> None:
    package = "- {name: python, platform: %s, manager: conda}\n"
    found = read(tmp_path, "version: 1\npackage:\n" + package % "osx-arm64" + package % "linux-64")
    assert found.platforms == ("linux-64", "osx-arm64")
    assert found.package_count == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("package: []\n", "conda-lock.yml: this lock has version None"),
        ("package: []\nversion: 7\n", "conda-lock.yml:2: this lock has version 7"),
        ("version: 1\npackage: {}\n", "conda-lock.yml:2: `package` must be a list"),
        ("version: 1\n", "conda-lock.yml: `package` must be a list"),
        ("version: [\n", "conda-lock.yml:2:1: this is not valid YAML"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ManifestInvalidError) as caught:
        read(tmp_path, text)
    assert message in caught.value.message
