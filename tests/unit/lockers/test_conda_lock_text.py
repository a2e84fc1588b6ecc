"""The text of a conda-lock.yml: read by others as it was meant, and byte for byte what conda-lock writes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.lockers.conda_lock_scalar import write_scalar
from pyve.lockers.conda_lock_text import CondaLockText, LockedChannel, LockedRow
from pyve.project.manifests.conda_lock_yml import parse_conda_lock_yml
from pyve.project.manifests.yaml_text import parse_yaml
from pyve.project.manifests.yaml_value import YamlMapping, YamlScalar
from tests.support.conda_lock import CondaLock, conda_lock_python

__all__ = ["conda_lock_python"]

MD5, SHA256 = "0" * 32, "12345678e" + "1" * 55
VERSIONS = (
    *("1.0", "1.2.3", "3", "2024.1", "2024a", "1e5", "1_000", "0x1f", "0777", "12:30", "1.", ".5", "2024-01-01", "yes"),
    *("null", "~", "on", "1!2.0", "1.5e+3", "-1", "+2", "=", "<<", "1.0rc1", "2.0.post1", "v1", "1.0+cu121", "NaN"),
)
SPECS = (
    *("", "*", ">=3.11,<3.12.0a0", "3.11.*", "<2|>3", "|=3", "!=3", "~=1.4", "==1.0", "=3", "!a", "@x", "%x", "a, b"),
    *("it's", "a: b", "a #b", "- a", "[x]", "{x}", '"q"', "?x", "&x", "...", "--- x", "x:", "#x", "`x`", ">=2 , <3"),
)


def row(name: str, version: str = "1.0", **changes: object) -> LockedRow:
    manager = changes.pop("manager", "conda")
    url = changes.pop("url", f"https://channel.example/mine/noarch/{name}-1.0-0.conda")
    hashes = {"md5": MD5, "sha256": SHA256} if manager == "conda" else {"sha256": SHA256}
    fields = {"manager": manager, "url": url, "platform": "linux-64", **hashes, **changes}
    return LockedRow(name=name, version=version, **fields)  # type: ignore[arg-type]  # as the tests give them


def lock(*rows: LockedRow, channels: tuple[LockedChannel, ...] = (LockedChannel(url="conda-forge"),)) -> CondaLockText:
    return CondaLockText(
        content_hashes={"win-64": "b" * 64, "linux-64": "a" * 64},
        channels=channels,
        sources=("environment.yml",),
        rows=rows,
    )


def all_kinds() -> CondaLockText:
    """A lock with everything that a row can have."""
    versions = [row(f"version-{number}", version) for number, version in enumerate(VERSIONS)]
    needs = {f"need-{number}": spec for number, spec in enumerate(SPECS)}
    git = "git+https://host.example/alpha@" + "c" * 40 + "#subdirectory=sub"
    return lock(
        *versions,
        *(row(name) for name in needs),
        row("many-needs", dependencies=needs),
        row("old", sha256=None, url="https://channel.example/mine/noarch/old-1.0-0.tar.bz2"),
        row("for-development", category="dev"),
        row("alpha", manager="pip", url=git, source=git, sha256="c" * 40),
        row(
            "zeta", manager="pip", url="https://index.example/files/zeta-1.0-py3-none-any.whl", dependencies={"b": "*"}
        ),
        row("native", platform="win-64", url="https://channel.example/mine/win-64/native-1.0-0.conda"),
        channels=(
            LockedChannel(url="https://${USER}:${PASSWORD}@channel.example/mine", used_env_vars=("PASSWORD", "USER")),
            LockedChannel(url="./a channel"),
        ),
    )


@given(st.text(min_size=1))
def test_any_text_is_read_as_it_was(text: str) -> None:
    if any(0xD800 <= ord(one) <= 0xDFFF for one in text):
        return
    document = parse_yaml(f"key: {write_scalar(text)}\n", "a file")

    assert isinstance(document, YamlMapping)
    value = document.get("key")
    assert isinstance(value, YamlScalar)
    assert value.text == text


@pytest.mark.parametrize("text", ["1.0", "yes", "", "*", ">=3", "2024-01-01", "0777", "a: b", "x "])
def test_what_would_be_something_else_is_quoted(text: str) -> None:
    assert write_scalar(text) == f"'{text}'"


@pytest.mark.parametrize("text", ["1.2.3", "<3", "=3.11", "https://x.example/y?z#a", "3.11.*", "~=1", "a'b"])
def test_what_is_plain_stays_plain(text: str) -> None:
    assert write_scalar(text) == text


def test_pyve_reads_what_was_written() -> None:
    written = all_kinds()

    read = parse_conda_lock_yml(written.write(), Path("/project/conda-lock.yml"), root=Path("/project"))

    assert read.platforms == ("linux-64", "win-64")
    assert read.sources == ("environment.yml",)
    assert {(one.manager, one.name, one.platform, one.version, one.url) for one in read.rows} == {
        (one.manager, one.name, one.platform, one.version, one.url) for one in written.rows
    }
    needs = next(one for one in read.rows if one.name == "many-needs")
    assert dict(needs.dependencies) == {f"need-{number}": spec for number, spec in enumerate(SPECS)}


def test_order_of_what_is_given_changes_no_byte() -> None:
    one = all_kinds()
    hashes = dict(reversed(list(one.content_hashes.items())))
    turned = [
        LockedRow(**{**vars(each), "dependencies": dict(reversed(list(each.dependencies.items())))})
        for each in reversed(one.rows)
    ]

    other = CondaLockText(content_hashes=hashes, channels=one.channels, sources=one.sources, rows=tuple(turned))

    assert other.write() == one.write()


@pytest.mark.needs_index
def test_conda_lock_writes_the_same_bytes(tmp_path: Path, conda_lock_python: CondaLock) -> None:
    mine, theirs = tmp_path / "mine.yml", tmp_path / "theirs.yml"
    mine.write_text(all_kinds().write(), encoding="utf-8")
    read = conda_lock_python("read", file=mine)
    rows = []
    for each in read["package"]:
        (category,) = each.pop("categories")
        known = {key: value for key, value in each.items() if value is not None}
        known["hash"] = {kind: value for kind, value in each["hash"].items() if value is not None}
        rows.append({**known, "category": category, "optional": category != "main"})
    metadata = {key: value for key, value in read["metadata"].items() if value is not None}

    conda_lock_python("write", document={"version": 1, "metadata": metadata, "package": rows}, file=theirs)

    written = theirs.read_text(encoding="utf-8")
    assert written[written.index("version: 1") :] == mine.read_text(encoding="utf-8")
