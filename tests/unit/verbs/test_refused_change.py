"""After a failure the declaration is as it was: messages name places as they are again."""

from dataclasses import replace
from pathlib import Path

import pytest

from pyve.errors import ResolutionFailedError
from pyve.verbs.declaration_edit import DeclarationEdit, DeclaredChange
from pyve.verbs.file_changes import FileChange
from pyve.verbs.refused_change import tell_put_back

PATH = Path("/own/requirements.in")


def edit(before: bytes, after: bytes, *, line: int, text: str | None) -> DeclarationEdit:
    change = DeclaredChange(
        name="new",
        action="added" if text else "removed",
        part="main",
        file="requirements.in",
        line=line,
        before=None if text else "new",
        after=text,
        reason="",
    )
    return DeclarationEdit(files=(FileChange(path=PATH, before=before, after=after),), changes=(change,))


def test_new_line_is_named_by_what_was_typed_and_others_by_their_old_numbers() -> None:
    change = edit(b"alpha\nzeta\n", b"alpha\nnew>=9\nzeta\n", line=2, text="new>=9")
    error = ResolutionFailedError(
        "requirements.in:2 and requirements.in:3: no.", hint="correct requirements.in:2; the log"
    )

    told = tell_put_back(error, change, ())

    assert isinstance(told, ResolutionFailedError)
    assert told.message == (
        "pyve add 'new>=9' and requirements.in:2: no. Nothing was changed: requirements.in is as it was."
    )
    assert str(told) == told.message
    assert told.hint == "ask for another version; the log"


def test_lines_below_one_that_was_removed_are_named_by_their_old_numbers() -> None:
    change = edit(b"new\nalpha\n", b"alpha\n", line=1, text=None)

    told = tell_put_back(ResolutionFailedError("requirements.in:1: no"), change, ())

    assert told.message.startswith("requirements.in:2: no")
    assert told.hint is None


@pytest.mark.parametrize("other", ["dev-requirements.in:1", "sub/requirements.in:1", "requirements.in:10"])
def test_other_places_stay(other: str) -> None:
    lines = b"".join(b"a%d\n" % number for number in range(12))

    told = tell_put_back(ResolutionFailedError(f"{other}: no."), edit(lines, lines + b"new\n", line=13, text="new"), ())

    assert told.message.startswith(f"{other}: no.")


def test_two_files_are_as_they_were() -> None:
    change = edit(b"alpha\n", b"alpha\nnew\n", line=2, text="new")
    other = FileChange(path=PATH.with_name("requirements-dev.in"), before=b"", after=b"new\n")

    told = tell_put_back(ResolutionFailedError("No."), replace(change, files=(*change.files, other)), ())

    assert told.message == "No. Nothing was changed: requirements.in and requirements-dev.in are as they were."


def test_file_that_somebody_else_changed_is_said_to_be_left() -> None:
    change = edit(b"alpha\n", b"alpha\nnew\n", line=2, text="new")

    told = tell_put_back(ResolutionFailedError("No."), change, (PATH,))

    assert "somebody else has changed requirements.in" in told.message
    assert "Nothing was changed" not in told.message
