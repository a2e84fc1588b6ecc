"""pylock.toml is validated, and counts by what it installs."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.errors import ManifestInvalidError, PyveError
from pyve.project.manifests.pylock_toml import PylockToml, read_pylock_toml

LOCK = """\
lock-version = "1.0"
created-by = "a-locker"
requires-python = ">=3.10"
extras = ["cli"]
dependency-groups = ["dev"]
default-groups = ["dev"]

[[packages]]
name = "attrs"
version = "25.1.0"
marker = "python_version > '3'"
wheels = [
  {url = "https://u:p@files.example/attrs-25.1.0-py3-none-any.whl", hashes = {sha256 = "aa"}},
]

[[packages]]
name = "tool"
vcs = {type = "git", url = "https://me:secret@git.example/tool", commit-id = "abc"}
"""


def read(root: Path, text: str) -> PylockToml:
    (root / "pylock.toml").write_text(text, encoding="utf-8")
    return read_pylock_toml(root / "pylock.toml", root=root)


def test_packages_extras_groups_and_python_are_read(tmp_path: Path) -> None:
    lock = read(tmp_path, LOCK)
    assert [(one.name, one.version) for one in lock.packages] == [("attrs", "25.1.0"), ("tool", None)]
    assert (lock.extras, lock.groups, lock.default_groups) == (("cli",), ("dev",), ("dev",))
    assert lock.requires_python == ">=3.10"


def test_comments_order_tools_and_download_places_do_not_count(tmp_path: Path) -> None:
    before = read(tmp_path, LOCK).canonical_form()
    head, first, second = LOCK.split("[[packages]]")
    other = f"# new\n{head}[[packages]]{second}tool.x.y = 1\n[[packages]]{first}"
    other = other.replace("u:p@files.example", "mirror.example").replace("a-locker", "another")
    assert read(tmp_path, other).canonical_form() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [('"aa"', '"bb"'), ("25.1.0", "25.2.0"), ("> '3'", "> '4'"), ('"abc"', '"def"')],
    ids=["hash", "version", "marker", "commit"],
)
def test_everything_that_changes_what_is_installed_counts(tmp_path: Path, old: str, new: str) -> None:
    before = read(tmp_path, LOCK).canonical_form()
    assert read(tmp_path, LOCK.replace(old, new)).canonical_form() != before


def test_credentials_are_not_in_the_canonical_form(tmp_path: Path) -> None:
    assert "secret" not in repr(read(tmp_path, LOCK).canonical_form())


def test_a_local_directory_counts_by_content(tmp_path: Path) -> None:
    text = 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "lib"\ndirectory = {path = "lib"}\n'
    missing = read(tmp_path, text)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "setup.py").touch()
    there = read(tmp_path, text)
    assert missing.canonical_form() != there.canonical_form()
    assert there.local_paths == (tmp_path.resolve() / "lib",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lock-version = ", "pylock.toml:1: this is not valid TOML"),
        ('created-by = "x"\n', "Missing required value in lock-version"),
        (LOCK.replace('"1.0"', '"2.0"'), "pylock.toml:1: this lock has lock-version '2.0'; pyve reads 1.x"),
        (LOCK.replace("attrs-25.1.0-py3", "other-25.1.0-py3"), "pylock.toml:8: this is not a valid pylock.toml"),
        (LOCK.replace(', commit-id = "abc"', ""), "pylock.toml:16: this is not a valid pylock.toml"),
        (LOCK.replace("python_version > '3'", "python"), "pylock.toml:8: this is not a valid pylock.toml"),
        ("packages = 3\n" + LOCK.split("[[packages]]", 1)[0], "pylock.toml"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ManifestInvalidError) as caught:
        read(tmp_path, text)
    assert message in caught.value.message
    assert caught.value.hint


VALUES = ("1", "true", '"1.0"', '"a"', "[]", "{}", '["a"]', "[[]]", '[{name = "a"}]', '{path = "a"}', "1979-05-27")
KEYS = ("lock-version", "created-by", "extras", "requires-python", "packages", "environments", "default-groups")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    head=st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES)),
    package=st.dictionaries(
        st.sampled_from(["name", "version", "marker", "wheels", "sdist", "vcs", "directory", "archive", "index"]),
        st.sampled_from([*VALUES, '[{name = "a-1-py3-none-any.whl", path = "x", hashes = {sha256 = "a"}}]']),
    ),
)
def test_any_values_are_read_or_refused_with_a_message(
    tmp_path: Path, head: dict[str, str], package: dict[str, str]
) -> None:
    head = {"lock-version": '"1.0"', "created-by": '"x"', **head}
    text = "".join(f"{key} = {value}\n" for key, value in head.items())
    text += "[[packages]]\n" + "".join(f"{key} = {value}\n" for key, value in package.items())
    failure: PyveError | None = None
    try:
        read(tmp_path, text).canonical_form()
    except PyveError as error:
        failure = error
    assert failure is None or failure.message.startswith("pylock.toml")
