"""Rows of a conda-lock.yml that are written plainly are read without a parser, and say the same."""

from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.locked_versions import read_locked_versions

HEAD = "version: 1\nmetadata:\n  platforms:\n  - linux-64\n  name: not a package\npackage:\n"
PLAIN = """\
- name: Tiny
  version: '1.10'
  manager: conda
  platform: linux-64
  dependencies:
    name: '>=1'
  url: https://channel.example/noarch/tiny-1.10-0.conda
- name: Some_Thing
  version: 2.0
  manager: pip
  platform: linux-64
  dependencies: {}
  url: git+https://host.example/thing.git@abc
- name: tiny
  version: '1.9'
  manager: conda
  platform: osx-arm64
  dependencies: {}
  url: https://channel.example/noarch/tiny-1.9-0.conda
"""
FLOW = """\
- {name: Tiny, version: '1.10', manager: conda, platform: linux-64, url: u}
- {name: Some_Thing, version: 2.0, manager: pip, platform: linux-64, url: git+https://host.example/thing.git@abc}
- {name: tiny, version: '1.9', manager: conda, platform: osx-arm64, url: u}
"""
EXPECTED = {"some-thing": ("git+https://host.example/thing.git@abc",), "tiny": ("1.9", "1.10")}


def test_rows_say_the_same_however_they_are_written() -> None:
    indented = "".join(f"  {line}\n" for line in PLAIN.splitlines())
    last = "package:\n" + PLAIN + HEAD.removesuffix("package:\n")
    for text in (HEAD + PLAIN, HEAD + FLOW, HEAD + indented, last, HEAD + PLAIN.replace("\n", "\r\n")):
        assert dict(read_locked_versions(text, LockFormat.CONDA_LOCK)) == EXPECTED
