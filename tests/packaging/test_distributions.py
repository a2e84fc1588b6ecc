"""The wheel and the sdist hold exactly what they should."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from pyve import __version__
from pyve.activation.completion.files import COMPLETION_FILES

SHIPPED_BESIDE_THE_SOURCE = (
    *("tests", "docs", "examples", "shell", "completions", ".ci", ".github", ".editorconfig", ".gitignore"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "install.sh", "mkdocs.yml", "pyproject.toml"),
)
# Where shells look for completions below the prefix that a wheel is installed in.
SHARED_DATA = (
    "share/bash-completion/completions/pyve",
    "share/zsh/site-functions/_pyve",
    "share/fish/vendor_completions.d/pyve.fish",
    "share/pyve/completions/pyve.ps1",
)

pytestmark = pytest.mark.needs_index


def files_in(checkout: Path, *names: str) -> set[str]:
    """Relative paths of the named files and of all files in the named directories."""
    places = [checkout / name for name in names]
    found = (path for place in places for path in ((place,) if place.is_file() else place.rglob("*")))
    return {path.relative_to(checkout).as_posix() for path in found if path.is_file()}


def test_wheel_is_the_source_tree_and_shell_files_and_metadata(wheel: Path, checkout: Path) -> None:
    source = {name.removeprefix("src/") for name in files_in(checkout, "src/pyve")}
    source |= {f"pyve/{name}" for name in files_in(checkout, "shell")}
    source |= {f"pyve/completions/{name}" for name in COMPLETION_FILES.values()}
    source |= {f"pyve_env-{__version__}.data/data/{name}" for name in SHARED_DATA}
    info = f"pyve_env-{__version__}.dist-info"
    metadata = {f"{info}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")}
    with zipfile.ZipFile(wheel) as archive:
        assert set(archive.namelist()) == source | metadata


def test_wheel_declares_the_command_and_the_oldest_python(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        info = f"pyve_env-{__version__}.dist-info"
        assert "pyve = pyve.__main__:main" in archive.read(f"{info}/entry_points.txt").decode()
        assert "Requires-Python: >=3.10" in archive.read(f"{info}/METADATA").decode()


def test_sdist_is_the_checkout_without_what_tools_leave(sdist: Path, checkout: Path) -> None:
    expected = files_in(checkout, "src/pyve", *SHIPPED_BESIDE_THE_SOURCE)
    top = f"pyve_env-{__version__}"
    with tarfile.open(sdist) as archive:
        names = {member.name for member in archive.getmembers() if member.isfile()}
    assert names == {f"{top}/{name}" for name in (*expected, "PKG-INFO")}
