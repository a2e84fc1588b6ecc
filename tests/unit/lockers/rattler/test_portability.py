"""Whether files can be had elsewhere than on the machine that locks."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pyve.errors.lock import LockNotPortableError
from pyve.lockers.rattler.portability import Places, find_places
from pyve.project.requirement import IndexOptions, RequirementSet

INDEX = "https://index.example/simple"


def places(home: Path, *, declared: IndexOptions | None = None, environment: Mapping[str, str] | None = None) -> Places:
    source = home / "environment.yml"
    source.write_text("pip: --find-links /declared/wheels\n", encoding="utf-8")
    asked = RequirementSet(options=declared or IndexOptions())
    told = {"HOME": str(home), "APPDATA": str(home / ".config"), **(environment or {})}
    return find_places(asked, IndexOptions(), told, sources=[source])


def check(found: Places, index: str = INDEX, url: str = "https://files.example/alpha-1.0.whl") -> None:
    found.require_portable("alpha", index=index, url=url, origin="environment.yml:7")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("UV_DEFAULT_INDEX", INDEX),
        ("UV_INDEX", f"corp={INDEX}"),
        ("UV_INDEX", f"https://other.example/simple {INDEX}/"),
        ("UV_EXTRA_INDEX_URL", "https://me:secret@index.example/simple"),
    ],
)
def test_index_of_a_variable_is_refused_without_its_credentials(home: Path, variable: str, value: str) -> None:
    with pytest.raises(
        LockNotPortableError, match=r"environment\.yml:7: alpha comes from https://index\.example"
    ) as caught:
        check(places(home, environment={variable: value}))

    assert INDEX in (caught.value.hint or "")
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        f'[[index]]\nname = "corp"\nurl = "{INDEX}"\n',
        f'extra-index-url = ["{INDEX}"]\n',
        f'pip.index-url = "{INDEX}"\n',
    ],
)
def test_index_of_the_users_own_settings_is_refused(home: Path, text: str) -> None:
    file = home / ".config" / "uv" / "uv.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")

    with pytest.raises(LockNotPortableError):
        check(places(home))


def test_index_that_is_declared_too_is_taken(home: Path) -> None:
    check(places(home, declared=IndexOptions(extra_index_urls=(f"{INDEX}/",)), environment={"UV_INDEX": INDEX}))


def test_index_that_nobody_configured_is_taken(home: Path) -> None:
    check(places(home))


def test_files_of_a_directory_are_taken_where_it_is_written_down(home: Path) -> None:
    found = places(home, declared=IndexOptions(find_links=("/declared/wheels",)))

    check(found, "file:///declared/wheels", "file:///declared/wheels/alpha-1.0.whl")
    with pytest.raises(LockNotPortableError, match="lies in a directory of this machine"):
        check(found, "file:///other/wheels", "file:///other/wheels/alpha-1.0.whl")
