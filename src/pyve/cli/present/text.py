"""What people read: the result on stdout, everything else on stderr, readable without colour and in any width."""

import sys
from collections.abc import Iterable, Mapping
from typing import IO, TYPE_CHECKING

from pyve.cli.present.stdout import tell_lost_result
from pyve.cli.present.visible import make_visible
from pyve.errors import PyveError
from pyve.verbs.outcome import Problem

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_NO_TERMINAL_WIDTH = 100_000  # a pipe has no width: nothing is wrapped there


class Paper:
    """The two streams. rich is imported with the first thing that is printed."""

    def __init__(self, *, no_color: bool, quiet: bool, environment: Mapping[str, str]) -> None:
        self.quiet = quiet
        self._no_color = no_color or bool(environment.get("NO_COLOR"))
        self._environment = environment

    def console(self, stream: IO[str]) -> "Console":
        """A rich console on `stream`, taking nothing it prints for markup."""
        from rich.console import Console

        width = None if stream.isatty() else _NO_TERMINAL_WIDTH
        return Console(
            file=stream,
            color_system=None if self._no_color else "auto",  # no_color alone would leave bold and dim
            highlight=False,
            markup=False,
            emoji=False,
            width=width,
            _environ=dict(self._environment),
        )

    def print_result(self, renderables: "Iterable[RenderableType]") -> None:
        """Print the result to stdout."""
        items = list(renderables)
        if not items:
            return
        console = self.console(sys.stdout)
        if console.legacy_windows:  # an old console of Windows knows no escape sequences; rich speaks to it otherwise
            console.print(*items, sep="\n")
            return
        with tell_lost_result():
            with console.capture() as captured:
                for item in items:
                    console.print(item)
            lines = captured.get().split("\n")
            text = "\n".join(line.rstrip(" ") for line in lines)  # no padding at the ends of lines
            # stdout, unlike stderr, fails on a character that its encoding lacks.
            console.file.write(text.encode(console.encoding, "backslashreplace").decode(console.encoding))

    def print_note(self, note: str) -> None:
        """Say something on stderr that is good to know; --quiet leaves it out."""
        if not self.quiet:
            self._say("note", "cyan", note)

    def print_problem(self, problem: Problem) -> None:
        """Say what is wrong, on stderr."""
        self._say("warning", "yellow", problem.message, hint=problem.hint)

    def print_error(self, error: PyveError) -> None:
        """Say why nothing came of it, on stderr."""
        self._say("error", "bold red", error.message, hint=error.hint, code=error.code)

    def ask(self, question: str) -> str:
        """Ask on stderr, read a line from stdin; raises EOFError at its end."""
        sys.stderr.write(question)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            sys.stderr.write("\n")
            raise EOFError
        return line

    def _say(self, word: str, style: str, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        console = self.console(sys.stderr)
        # Wrapped at spaces; only what is longer than a line breaks inside.
        console.print(words((f"{word}: ", style), message, (f"  [{code}]", "dim") if code else ""))
        if hint:  # is typed or copied: a line break put into it would end the command there
            console.print(words(("hint: ", "green"), hint), soft_wrap=True)


def words(*parts: "str | tuple[str, str]") -> "Text":
    """A line of text: plain strings, and (text, style) pairs; what a terminal would obey is made visible."""
    from rich.text import Text

    styled = ((part, "") if isinstance(part, str) else part for part in parts if part)
    return Text.assemble(*((make_visible(text), style) for text, style in styled))


def show_size(size_bytes: int) -> str:
    """A size for people: 812 kB, 1.4 MB (powers of ten, as disks are sold)."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in ("B", "kB") or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def show_age(seconds: float) -> str:
    """A span of time for people, in its largest unit: `just now`, `3 hours`."""
    for unit, length in (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "just now" if seconds < 5 else f"{int(seconds)} seconds"


def show_path(path: str, *, root: str) -> str:
    """`path` relative to the project where it lies in it."""
    inside = bool(root) and path.startswith(root.rstrip("/\\") + ("\\" if "\\" in root else "/"))
    return path[len(root) :].lstrip("/\\") if inside else path
