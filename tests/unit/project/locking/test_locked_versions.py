import pytest

from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.locked_versions import name_of_place, read_locked_versions

REQUIREMENTS = """\
--index-url https://index.example/simple
Foo_Bar[extra]==1.10 ; python_version >= "3.8" \\
    --hash=sha256:aaaa
    # via -r requirements.in
foo-bar==1.9 ; python_version < "3.8"
named @ https://user:secret@files.example/named-1.0-py3-none-any.whl#sha256=aa
-e git+https://code.example/thing.git@v1#egg=Thing
./libs/local
https://files.example/other-2.0.tar.gz
loose>=2
"""
PYLOCK = """\
lock-version = "1.0"
created-by = "uv"
[[packages]]
name = "foo-bar"
version = "1.10"
wheels = [{ name = "inner", url = "https://files.example/a.whl", hashes = { sha256 = "aa" } }]
[[packages]]
name = "foo-bar"
version = "1.9"
[[packages]]
name = "repository"
vcs = { type = "git", url = "https://user:secret@code.example/r.git", commit-id = "abc" }
[[packages]]
name = "tree"
directory = { path = "libs/tree" }
"""
CONDA_LOCK = """\
version: 1
metadata:
  content_hash: {}
package:
- name: NumPy
  version: '1.10'
  manager: conda
  platform: linux-64
  url: https://channel.example/linux-64/numpy-1.10-0.conda
- name: NumPy
  version: '1.9'
  manager: conda
  platform: win-64
  url: https://channel.example/win-64/numpy-1.9-0.conda
- name: Typing_Extensions
  version: 4.1.0
  manager: pip
  platform: linux-64
  url: https://files.example/typing_extensions.whl
- name: thing
  version: 0.0.0
  manager: pip
  platform: linux-64
  url: git+https://code.example/thing.git@abc
"""


def test_requirements_are_read_by_normalised_name() -> None:
    assert dict(read_locked_versions(REQUIREMENTS, LockFormat.REQUIREMENTS)) == {
        "foo-bar": ("1.9", "1.10"),
        "local": ("./libs/local",),
        "named": ("https://files.example/named-1.0-py3-none-any.whl#sha256=aa",),
        "other": ("https://files.example/other-2.0.tar.gz",),
        "thing": ("git+https://code.example/thing.git@v1#egg=Thing",),
    }


def test_pylock_is_read_with_packages_that_have_no_version() -> None:
    assert dict(read_locked_versions(PYLOCK, LockFormat.PYLOCK)) == {
        "foo-bar": ("1.9", "1.10"),
        "repository": ("git+https://code.example/r.git@abc",),
        "tree": ("libs/tree",),
    }


def test_platforms_of_a_conda_lock_are_merged_and_rows_of_pip_are_in() -> None:
    assert dict(read_locked_versions(CONDA_LOCK, LockFormat.CONDA_LOCK)) == {
        "numpy": ("1.9", "1.10"),
        "thing": ("git+https://code.example/thing.git@abc",),
        "typing-extensions": ("4.1.0",),
    }


def test_conda_lock_in_another_layout_is_read_too() -> None:
    text = "version: 1\nmetadata: {}\npackage: [{name: x, version: '1.0', manager: conda, platform: linux-64}]\n"
    assert dict(read_locked_versions(text, LockFormat.CONDA_LOCK)) == {"x": ("1.0",)}


@pytest.mark.parametrize(
    ("text", "lock_format"),
    [
        (REQUIREMENTS, LockFormat.REQUIREMENTS),
        (PYLOCK, LockFormat.PYLOCK),
        (CONDA_LOCK, LockFormat.CONDA_LOCK),
    ],
)
def test_of_a_lock_with_a_merge_conflict_the_rest_is_read(text: str, lock_format: LockFormat) -> None:
    whole = read_locked_versions(text, lock_format)
    damaged = read_locked_versions(f"{text}<<<<<<< HEAD\n{{[\n", lock_format)
    assert {name for name in whole if whole[name][0][0].isdigit()} <= set(damaged)


@pytest.mark.parametrize("lock_format", list(LockFormat))
@pytest.mark.parametrize("text", ["", "\0\1", "\ufeff", "[[[", "a: [", "- a\n- b"])
def test_nothing_is_read_of_what_is_no_lock(text: str, lock_format: LockFormat) -> None:
    assert dict(read_locked_versions(text, lock_format)) == {}


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("git+https://code.example/Some.Thing.git@v1", "some-thing"),
        ("https://files.example/a_b-1.0-py3-none-any.whl?x#y", "a-b"),
        ("../libs/foo/", "foo"),
    ],
)
def test_package_is_named_by_its_place(place: str, name: str) -> None:
    assert name_of_place(place) == name
