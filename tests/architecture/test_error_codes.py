"""The error catalogue: every failure has its own code, is documented, and is seen by a test."""

import inspect
import re
from pathlib import Path

import pytest

from pyve import errors
from pyve.errors import conda, lock

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "docs" / "reference" / "errors.md"
CLASSES = sorted(
    (
        found
        for found in {**vars(errors), **vars(conda), **vars(lock)}.values()
        if inspect.isclass(found) and issubclass(found, errors.PyveError) and found is not errors.PyveError
        if "code" in vars(found)  # one without is what others have in common and is never raised itself
    ),
    key=lambda found: found.code,
)
EXIT_STATUSES = {1, 2, 3, 4, 5, 6, 7, 8, 70, 125, 126, 127, 130}

# Codes that no test raises, each with the reason. Printed by the test below; an entry that is no longer true fails.
UNRAISED: dict[str, str] = {}


def documented() -> dict[str, int]:
    """Code -> exit status, as the headings and tables of the page say."""
    found: dict[str, int] = {}
    status = -1
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## (\d+)", line):
            status = int(heading[1])
        elif row := re.match(r"\| `([a-z-]+)` +\|", line):
            assert row[1] not in found, f"{row[1]} is documented twice"
            found[row[1]] = status
    return found


def test_codes_are_unique() -> None:
    codes = [found.code for found in CLASSES]
    assert sorted(set(codes)) == codes


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.code)
def test_error_is_well_formed(error: type[errors.PyveError]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)
    assert error.exit_status in EXIT_STATUSES
    assert error.__name__.endswith("Error")
    assert error.__doc__


def test_page_and_code_say_the_same() -> None:
    assert documented() == {found.code: found.exit_status for found in CLASSES}


def test_every_code_is_raised_by_a_test(capsys: pytest.CaptureFixture[str]) -> None:
    here = Path(__file__).parent
    tests = [path for path in (CHECKOUT / "tests").rglob("*.py") if here not in path.parents]
    text = "\n".join(path.read_text(encoding="utf-8") for path in tests)
    unseen = {
        found.code
        for found in CLASSES
        if not re.search(rf"\b{found.__name__}\b", text) and f'"{found.code}"' not in text
    }
    with capsys.disabled():
        for code, reason in UNRAISED.items():
            print(f"\nno test raises {code}: {reason}")  # noqa: T201  (the reason must be seen)
    assert unseen == UNRAISED.keys()
