"""How progress is shown: one line that moves on a terminal, few lines elsewhere."""

import os
import sys
from pathlib import Path

import pytest

from pyve.cli.present.progress import PlainLines
from pyve.cli.present.progress_count import show_count, show_in_line
from pyve.environments.progress import ProgressEvent


def download(done: int, total: int | None = 100_000_000) -> ProgressEvent:
    return ProgressEvent(phase="download", message="Downloading 16 packages", done=done, total=total, unit="bytes")


def link(done: int) -> ProgressEvent:
    return ProgressEvent(phase="link", message="Linking 16 packages", done=done, total=16, unit="packages")


class Lines:
    """What was written, and a clock that is set by hand."""

    def __init__(self, *, verbose: bool = False) -> None:
        self.written: list[str] = []
        self.seconds = 0.0
        self._plain = PlainLines(self.written.append, verbose=verbose, clock=lambda: self.seconds)

    def show(self, *events: ProgressEvent, pause: float = 0.0) -> list[str]:
        for event in events:
            self._plain.show(event)
            self.seconds += pause
        return self.written


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [
        (12_345_678, 100_000_000, "12.3 of 100.0 MB"),
        (345_678, 100_000_000, "0.3 of 100.0 MB"),
        (1_200_000_000, 3_400_000_000, "1.2 of 3.4 GB"),
        (500, 20_000, "0.5 of 20.0 kB"),
        (5, 900, "5 of 900 B"),
        (0, 0, "0 of 0 B"),
        (12_345_678, None, "12.3 MB"),
        (12, None, "12 B"),
    ],
)
def test_sizes_are_shown_in_the_unit_of_the_whole(done: int, total: int | None, shown: str) -> None:
    assert show_count(download(done, total)) == shown


def test_packages_are_counted() -> None:
    assert show_in_line(link(5), 80) == "Linking 16 packages: 5 of 16"


def test_in_a_narrow_terminal_the_numbers_stay() -> None:
    assert show_in_line(download(12_300_000), 80) == "Downloading 16 packages: 12.3 of 100.0 MB"
    assert show_in_line(download(12_300_000), 30) == "Downloading 12.3 of 100.0 MB"
    assert show_in_line(download(12_300_000), 20) == "12.3 of 100.0 MB"


def test_elsewhere_a_quick_download_and_the_linking_are_a_line_each() -> None:
    lines = Lines()
    lines.show(*(download(number * 1_000_000) for number in range(101)), pause=0.01)
    assert lines.show(*map(link, range(17)), pause=1) == ["Downloading 16 packages", "Linking 16 packages"]


def test_elsewhere_a_download_that_takes_long_is_told_by_quarters() -> None:
    written = Lines().show(*(download(number * 1_000_000) for number in range(101)), pause=0.3)
    assert written == [
        "Downloading 16 packages",
        "  25.0 of 100.0 MB",
        "  50.0 of 100.0 MB",
        "  75.0 of 100.0 MB",
        "  100.0 of 100.0 MB",
    ]


def test_elsewhere_a_slow_download_is_told_every_ten_seconds() -> None:
    written = Lines().show(*(download(number * 10_000) for number in range(31)), pause=1)
    assert len(written) == 4
    assert written[1] == "  0.1 of 100.0 MB"


def test_elsewhere_a_download_of_unknown_size_is_told_too() -> None:
    written = Lines().show(*(download(number * 1_000_000, None) for number in range(22)), pause=1)
    assert written == ["Downloading 16 packages", "  10.0 MB", "  20.0 MB"]


def test_what_is_not_counted_is_a_line_and_not_said_twice() -> None:
    solve = ProgressEvent(phase="solve", message="Solving 3 specs with rattler")
    announced = ProgressEvent(phase="link", message="Linking 16 packages")
    assert Lines().show(solve, announced, link(1), link(2)) == ["Solving 3 specs with rattler", "Linking 16 packages"]


def test_an_installers_own_lines_are_shown_only_when_asked_for() -> None:
    detail = ProgressEvent(phase="install", message="Resolved 3 packages", detail=True)
    assert Lines().show(detail) == []
    assert Lines(verbose=True).show(detail) == ["  Resolved 3 packages"]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
@pytest.mark.parametrize("columns", [80, 30, 14])
def test_on_a_terminal_one_line_moves_and_is_taken_away(columns: int, tmp_path: Path) -> None:
    script = tmp_path / "download.py"
    script.write_text(
        "import time\n"
        "from pyve.cli.present.progress import show_progress\n"
        "from pyve.cli.present.text import Paper\n"
        "from pyve.environments.progress import ProgressEvent\n"
        "paper = Paper(no_color=True, quiet=False, environment={'TERM': 'xterm'})\n"
        "with show_progress(paper, quiet=False, verbose=False) as progress:\n"
        "    for done in range(0, 101, 10):\n"
        "        progress(ProgressEvent(phase='download', message='Downloading 16 packages', done=done * 10**6,\n"
        "                               total=10**8, unit='bytes'))\n"
        "        time.sleep(0.1)\n"
    )
    pexpect = pytest.importorskip("pexpect")
    shown = pexpect.run(
        f"{sys.executable} {script}",
        env={**os.environ, "TERM": "xterm"},
        dimensions=(24, columns),
        encoding="utf-8",
    )
    assert ("of 100.0 MB" in shown) is (columns > 14)
    assert shown.count("\n") <= 1  # nothing wrapped, nothing left behind
    assert ("16 packages: " in shown) is (columns == 80)
