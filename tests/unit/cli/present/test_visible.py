"""What comes from a repository is shown on a terminal and never obeyed by it."""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout

import pytest

from pyve.cli.present.config import render_config
from pyve.cli.present.json import print_document
from pyve.cli.present.progress import show_progress
from pyve.cli.present.text import Paper, words
from pyve.cli.present.visible import make_visible
from pyve.environments.progress import ProgressEvent
from pyve.errors import NoProjectError
from pyve.verbs.config import ConfigResult
from pyve.verbs.config_entry import ConfigEntry, Scope

HOSTILE = "red\x1b[31m title\x1b]0;x\x07 c1\x9b2J back\r turned\u202etxt.exe"


@pytest.fixture
def paper() -> Paper:
    return Paper(no_color=True, quiet=False, environment={})


def write_as(encoding: str, write: Callable[[], None]) -> str:
    """What `write` brings on a strict stdout of this encoding."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
    with redirect_stdout(stream):
        write()
    stream.flush()
    return raw.getvalue().decode(encoding)


def test_control_characters_are_written_out() -> None:
    shown = make_visible(HOSTILE)
    assert shown == r"red\x1b[31m title\x1b]0;x\x07 c1\x9b2J back\r turned\u202etxt.exe"


def test_line_breaks_letters_and_emoji_stay() -> None:
    assert make_visible("one\n\ttwo é 漢 👩‍🔬") == "one\n\ttwo é 漢 👩‍🔬"


def test_bytes_that_are_no_text_are_written_out() -> None:
    assert make_visible("x\udcffy") == r"x\udcffy"


def test_a_result_holds_no_escape_sequence_of_a_name(paper: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    paper.print_result([words(HOSTILE, (HOSTILE, "bold"))])
    out = capsys.readouterr().out
    assert r"\x1b[31m" in out
    assert "\x1b" not in out


def test_an_error_holds_no_escape_sequence_of_a_name(paper: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    paper.print_error(NoProjectError(HOSTILE, hint=HOSTILE))
    err = capsys.readouterr().err
    assert err.count(r"\x1b[31m") == 2
    assert "\x1b" not in err


@pytest.mark.parametrize("detail", [True, False])
def test_progress_holds_no_escape_sequence_of_an_installer(
    paper: Paper, capsys: pytest.CaptureFixture[str], detail: bool
) -> None:
    with show_progress(paper, quiet=False, verbose=True) as progress:
        progress(ProgressEvent(phase="install", message=HOSTILE, detail=detail))
    err = capsys.readouterr().err
    assert r"\x1b[31m" in err
    assert "\x1b" not in err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_result_can_be_written_in_any_encoding(paper: Paper, encoding: str) -> None:
    shown = write_as(encoding, lambda: paper.print_result([words("漢\udcff")]))
    assert shown == ("漢\\udcff\n" if encoding == "utf-8" else "\\u6f22\\udcff\n")


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_document_can_be_written_in_any_encoding_and_read_back(encoding: str) -> None:
    shown = write_as(
        encoding, lambda: print_document("status", data={"path": "漢 👩\udcff"}, problems=(), exit_status=0)
    )
    assert json.loads(shown)["data"] == {"path": "漢 👩\udcff"}


def test_a_list_of_names_is_shown_as_it_is_typed(paper: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    entry = ConfigEntry(key="extras", scope=Scope.PROJECT, value=["a", "b"], source="pyve.toml", description="")
    paper.print_result(render_config(ConfigResult(entries=(entry,))))
    assert capsys.readouterr().out == "a,b\n"
