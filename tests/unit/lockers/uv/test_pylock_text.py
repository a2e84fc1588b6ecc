import datetime
from pathlib import Path
from typing import Any

import pytest

from pyve.errors.lock import LockInvalidError, LockNotPortableError
from pyve.lockers.platform_clauses import PlatformClauses
from pyve.lockers.uv.portability import Portability
from pyve.lockers.uv.pylock_parts import PartResolutions, merge_parts, pins_of
from pyve.lockers.uv.pylock_text import PylockText
from pyve.lockers.uv.pylock_writing import write_pylock
from pyve.project.locking.lock_target import LockPart
from pyve.project.manifests.toml_text import parse_toml

DEV = LockPart(kind="group", name="dev", source=Path("pyproject.toml"))
PLOT = LockPart(kind="extra", name="plot", source=Path("pyproject.toml"))
PLATFORMS = PlatformClauses(platforms=("linux-64", "win-64"))


def row(name: str, version: str = "1.0", marker: str | None = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "version": version, **({"marker": marker} if marker else {}), **more}


def make_text(root: Path, **changes: Any) -> PylockText:
    return PylockText(root=root, python=">=3.11", platforms=PLATFORMS, portability=Portability(**changes))


def merged(together: list[Any], base: list[Any], **parts: list[Any]) -> dict[tuple[str, str], str | None]:
    named = {"dev": DEV, "plot": PLOT}
    resolutions = PartResolutions(together=together, base=base, parts={named[k]: v for k, v in parts.items()})
    return {(one["name"], one["version"]): one.get("marker") for one in merge_parts(resolutions, PLATFORMS)}


def test_what_is_written_is_read_back_the_same() -> None:
    moment = datetime.datetime(2024, 12, 4, 17, 35, 28, 120000, tzinfo=datetime.timezone.utc)
    file = {"url": "https://files.example/a.whl", "upload-time": moment, "size": 7, "hashes": {"sha256": "00"}}
    packages = [
        row("a", wheels=[file, {**file, "url": 'quote " back \\ tab \t del \x7f ü'}], sdist=file),
        row("b", "2.0", marker="sys_platform == 'win32'", directory={"path": "b", "editable": True}, **{"x y": []}),
    ]
    head = {"lock-version": "1.0", "created-by": "pyve", "extras": ["b", "a"]}
    assert parse_toml(write_pylock(head, packages)) == {**head, "packages": packages}


def test_each_file_has_a_line_of_its_own() -> None:
    text = write_pylock({"lock-version": "1.0"}, [row("a", wheels=[{"url": "x"}, {"url": "y"}])])
    assert text == (
        'lock-version = "1.0"\n\n[[packages]]\nname = "a"\nversion = "1.0"\n'
        'wheels = [\n    { url = "x" },\n    { url = "y" },\n]\n'
    )


def test_a_lock_of_nothing_is_a_valid_one(tmp_path: Path) -> None:
    assert parse_toml(make_text(tmp_path).write([], ()))["packages"] == []


def test_what_would_not_be_valid_is_not_returned(tmp_path: Path) -> None:
    with pytest.raises(LockInvalidError):
        make_text(tmp_path).write([{"name": "Not Normalised", "version": "1"}], ())


def test_a_package_of_the_base_needs_no_part() -> None:
    base = [row("a")]
    assert merged(base, base, dev=base, plot=base) == {("a", "1.0"): None}


def test_parts_are_named_where_they_alone_need_something() -> None:
    rows = [row("a"), row("b"), row("c")]
    assert merged(rows, rows[:1], dev=rows[:2], plot=rows) == {
        ("a", "1.0"): None,
        ("b", "1.0"): "'dev' in dependency_groups or 'plot' in extras",
        ("c", "1.0"): "'plot' in extras",
    }


def test_a_part_that_needs_more_of_a_package_says_only_what_is_more() -> None:
    windows = row("a", marker="sys_platform == 'win32'")
    assert merged([row("a")], [windows], dev=[row("a")]) == {
        ("a", "1.0"): "'dev' in dependency_groups or sys_platform == 'win32'"
    }


def test_versions_that_platforms_tell_apart_stay_apart() -> None:
    linux, windows = row("a", "1", "sys_platform == 'linux'"), row("a", "2", "sys_platform == 'win32'")
    assert merged([linux, windows], [], dev=[linux, windows]) == {
        ("a", "1"): "'dev' in dependency_groups and sys_platform == 'linux'",
        ("a", "2"): "'dev' in dependency_groups and sys_platform == 'win32'",
    }


def test_only_what_an_index_has_is_pinned_by_its_version() -> None:
    rows = [row("a", marker="os_name == 'nt'"), row("b", archive={"url": "x"}), {"name": "c", "directory": {}}]
    assert pins_of(rows) == ["a==1.0 ; os_name == 'nt'"]


def test_places_in_the_project_are_named_from_its_root(tmp_path: Path) -> None:
    root, work = tmp_path / "root", tmp_path / "work"
    document = (
        f'[[packages]]\nname = "a"\nversion = "1"\nwheels = [{{ url = "{(root / "wheels" / "a.whl").as_uri()}" }}]\n'
        f'[[packages]]\nname = "b"\ndirectory = {{ path = "../root/b" }}\n'
        f'[[packages]]\nname = "own"\ndirectory = {{ path = "../root", editable = true }}\n'
    )
    rows = make_text(root).read(document, work)
    assert [one["name"] for one in rows] == ["a", "b"]
    assert rows[0]["wheels"] == [{"path": "wheels/a.whl"}]
    assert rows[1]["directory"] == {"path": "b"}


@pytest.mark.parametrize(
    "source",
    [
        'directory = { path = "../other" }',
        'archive = { path = "../other/a.zip" }',
        'wheels = [{ url = "file:///other/a.whl" }]',
        'vcs = { type = "git", url = "file:///other/a", commit-id = "0" }',
    ],
)
def test_places_outside_of_the_project_are_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(LockNotPortableError, match="a comes from"):
        make_text(tmp_path / "root").read(f'[[packages]]\nname = "a"\n{source}\n', tmp_path / "root")


def test_credentials_in_urls_are_left_out(tmp_path: Path) -> None:
    document = (
        '[[packages]]\nname = "a"\narchive = { url = "https://me:secret@files.example/a.zip?token=hidden" }\n'
        '[[packages]]\nname = "b"\nvcs = { type = "git", url = "https://secret@git.example/b", commit-id = "0" }\n'
    )
    rows = make_text(tmp_path).read(document, tmp_path)
    assert rows[0]["archive"]["url"] == "https://files.example/a.zip?token="
    assert rows[1]["vcs"]["url"] == "https://git.example/b"


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        (f"https://files.example/packages/ab/cd/{'0' * 60}/a.whl", False),  # as the default index names its files
        (f"https://mirror.example/packages/ab/cd/{'0' * 60}/a.whl", True),  # a mirror of it
        ("https://declared.example/files/a.whl", False),
        ("https://mirror.example/files/a.whl", True),
        ("https://storage.example/a.whl", False),  # a declared index may have its files there
    ],
)
def test_an_index_that_only_this_machine_names_is_refused(url: str, *, refused: bool) -> None:
    portability = Portability(
        declared=("https://user@declared.example/simple",), configured=("https://me:secret@mirror.example/simple",)
    )
    if not refused:
        portability.check("a", url)
        return
    with pytest.raises(LockNotPortableError) as caught:
        portability.check("a", url)
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"


def test_without_declared_indexes_files_elsewhere_are_those_of_the_configured_one() -> None:
    with pytest.raises(LockNotPortableError):
        Portability(configured=("https://mirror.example/simple",)).check("a", "https://storage.example/a.whl")
