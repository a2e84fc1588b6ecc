"""Hashes that are declared, compared with those of what was locked."""

import pytest

from pyve.errors import HashMismatchError
from pyve.lockers.declared_hashes import refuse_other_hashes
from pyve.project.locking.lock_target import LockFormat
from pyve.project.requirement import Requirement

WHEEL, SDIST, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64, "sha256:" + "c" * 64
REQUIREMENTS = f"alpha==2.0 \\\n    --hash={WHEEL} \\\n    --hash={SDIST}\n    # via -r requirements.in\n"
PYLOCK = f"""
[[packages]]
name = "alpha"
version = "2.0"
sdist = {{ url = "https://files.example/alpha-2.0.tar.gz", hashes = {{ sha256 = "{"b" * 64}" }} }}
wheels = [{{ url = "https://files.example/alpha-2.0-py3-none-any.whl", hashes = {{ sha256 = "{"a" * 64}" }} }}]
"""
BOTH = pytest.mark.parametrize(
    ("body", "lock_format"), [(REQUIREMENTS, LockFormat.REQUIREMENTS), (PYLOCK, LockFormat.PYLOCK)]
)


def declare(*hashes: str, line: int = 3) -> Requirement:
    origin = f"requirements.in:{line}"
    return Requirement(line="alpha==2.0", canonical="alpha==2.0", origin=origin, name="alpha", hashes=hashes)


@BOTH
def test_other_files_than_the_declared_ones_are_refused_at_their_line(body: str, lock_format: LockFormat) -> None:
    with pytest.raises(HashMismatchError, match=r"requirements\.in:3: .*alpha"):
        refuse_other_hashes(body, lock_format, [declare(OTHER)])


@BOTH
@pytest.mark.parametrize("declared", [(), (WHEEL,), (OTHER, SDIST), ("sha512:" + "c" * 128,)])
def test_one_declared_file_that_is_locked_suffices(
    body: str, lock_format: LockFormat, declared: tuple[str, ...]
) -> None:
    refuse_other_hashes(body, lock_format, [declare(*declared)])


def test_lines_for_several_cases_are_taken_together() -> None:
    refuse_other_hashes(REQUIREMENTS, LockFormat.REQUIREMENTS, [declare(OTHER), declare(WHEEL, line=4)])


def test_what_is_not_locked_at_all_is_not_compared() -> None:
    refuse_other_hashes("# nothing\n", LockFormat.REQUIREMENTS, [declare(OTHER)])
