"""`pyve completion`: the completion file of a shell, as it is shipped."""

from dataclasses import dataclass

from pyve.activation.completion.files import find_completion_file, read_completion_file
from pyve.verbs.outcome import Outcome
from pyve.verbs.shell_choice import ShellChoice, choose_dialect


@dataclass(frozen=True, kw_only=True)
class CompletionResult:
    """`path` is where the file lies in this installation, `text` what it holds."""

    shell: str
    path: str
    text: str


def print_completion(choice: ShellChoice) -> Outcome[CompletionResult]:
    """The completion of the shell that is chosen; raises UsageError and InstallationDamagedError."""
    shell = choose_dialect(choice, command="pyve completion").name
    text = read_completion_file(shell).decode("utf-8")
    return Outcome(data=CompletionResult(shell=shell, path=find_completion_file(shell), text=text))
