"""One run of the command line: its options, its terminal, and how a verb's end is shown."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyve.cli.command_line import GlobalOptions
from pyve.cli.present.json import print_document
from pyve.cli.present.text import Paper
from pyve.environments.progress import Progress
from pyve.errors import InterruptedByUserError, PyveError, ResultLostError
from pyve.verbs.outcome import Outcome, Problem
from pyve.verbs.situation import Situation, read_situation

if TYPE_CHECKING:
    from rich.console import RenderableType

Render = Callable[[Any], "list[RenderableType]"]


class Session:
    """What a command needs besides its own options. `verb` is the command as JSON names it."""

    def __init__(self, options: GlobalOptions, environment: Mapping[str, str]) -> None:
        self.options = options
        self.environment = environment
        self.verb = ""
        self.paper = Paper(no_color=options.no_color, quiet=options.quiet, environment=environment)

    def situation(self) -> Situation:
        """The surroundings of this process."""
        project = Path(self.options.project) if self.options.project else None
        return read_situation(directory=project, environment=self.environment)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show the progress of what runs inside, on stderr."""
        from pyve.cli.present.progress import show_progress

        quiet = self.options.quiet or self.options.json
        with show_progress(self.paper, quiet=quiet, verbose=self.options.verbose and not quiet) as progress:
            yield progress

    def finish(self, verb: str, outcome: Outcome[Any], render: Render) -> int:
        """Show how a verb ended and return the exit status."""
        if self.options.json:
            print_document(verb, data=outcome.data, problems=outcome.problems, exit_status=outcome.exit_status)
            return outcome.exit_status
        self.paper.print_result(render(outcome.data))
        for note in outcome.notes:
            self.paper.print_note(note)
        for problem in outcome.problems:
            self.paper.print_problem(problem)
        return outcome.exit_status

    def fail(self, error: PyveError) -> int:
        """Show an error and return its exit status."""
        told = self.options.json and not isinstance(error, ResultLostError)
        if told:
            problems = (Problem.of(error),)
            try:
                print_document(self.verb or None, data=None, problems=problems, exit_status=error.exit_status)
            except ResultLostError:  # then in words, below
                told = False
        if not told:
            self.paper.print_error(error)
        return error.exit_status

    def confirm(self, question: str) -> bool:
        """Whether the user says yes: with --yes always, without a terminal on all three streams or under CI never.

        Raises InterruptedByUserError for Ctrl-C.
        """
        if self.options.yes:
            return True
        streams = (sys.stdin, sys.stdout, sys.stderr)
        in_ci = self.environment.get("CI", "").lower() not in ("", "0", "false")
        if in_ci or self.options.json or not all(stream is not None and stream.isatty() for stream in streams):
            self.paper.print_note(f"{question} Not asked (no terminal), so: no. With --yes it is done.")
            return False
        try:
            return self.paper.ask(f"{question} [y/N] ").strip().lower() in ("y", "yes")
        except EOFError:
            return False
        except KeyboardInterrupt as error:
            raise InterruptedByUserError("Interrupted; nothing was done.") from error
