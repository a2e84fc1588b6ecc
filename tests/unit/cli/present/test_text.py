"""What is said on stderr, on terminals of several widths."""

import contextlib
import io
from pathlib import Path

import pytest

from pyve.cli.present.text import Paper
from pyve.errors import RefusedError
from pyve.verbs.outcome import Problem

SENTENCE = "Nothing that was built before is lost by what was done here, and nothing has to be typed."
PATH = "/home/me/projects/a-directory-whose-name-is-far-longer-than-forty-columns/pyproject.toml"


class Terminal(io.StringIO):
    """A stream that is one, as far as what is written to it can tell."""

    def isatty(self) -> bool:
        """It is."""
        return True


def say_on_terminal(width: int, say: str, text: str, hint: str | None = None) -> list[str]:
    """What a terminal of `width` columns is given, line by line."""
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal):
        paper = Paper(no_color=True, quiet=False, environment={"TERM": "xterm", "COLUMNS": str(width)})
        if say == "note":
            paper.print_note(text)
        elif say == "warning":
            paper.print_problem(Problem(code="code", message=text, hint=hint))
        else:
            paper.print_error(RefusedError(text, hint=hint))
    return terminal.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("say", ["note", "warning", "error"])
def test_no_word_is_broken(width: int, say: str) -> None:
    lines = say_on_terminal(width, say, SENTENCE)
    assert len(lines) > 1
    assert max(map(len, lines)) <= width
    told = [word for line in lines for word in line.split()]
    assert told[1 : 1 + len(SENTENCE.split())] == SENTENCE.split()


def test_a_path_longer_than_a_line_is_told_in_full() -> None:
    lines = say_on_terminal(40, "note", f"Look at {PATH} first.")
    assert PATH in "".join(line.strip() for line in lines).replace(" ", "")


def test_what_is_to_be_typed_gets_no_line_breaks() -> None:
    hint = f"pyve hook --install zsh {PATH} --yes"
    assert say_on_terminal(40, "error", "No.", hint)[-1] == f"hint: {hint}"


def test_nothing_is_wrapped_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Paper(no_color=True, quiet=False, environment={"COLUMNS": "40"}).print_note(f"{SENTENCE} {tmp_path}")
    assert capsys.readouterr().err == f"note: {SENTENCE} {tmp_path}\n"
