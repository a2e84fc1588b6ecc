"""`pyve completion`: the completion file of a shell, as it is shipped."""

from dataclasses import dataclass

from pyve.activation.completion_files import find_completion_file, read_completion_file
from pyve.errors import UsageError
from pyve.system.shell_detection import DetectedShell
from pyve.verbs.hook_text import choose_dialect
from pyve.verbs.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class CompletionRequest:
    """`shell` as it was typed, `detected` the shell that started pyve."""

    shell: str | None = None
    detected: DetectedShell | None = None


@dataclass(frozen=True, kw_only=True)
class CompletionResult:
    """`path` is where the file lies in this installation, `text` what it holds."""

    shell: str
    path: str
    text: str


def print_completion(request: CompletionRequest) -> Outcome[CompletionResult]:
    """The completion of the shell that is named, else of the one that started pyve.

    Raises UsageError where there is none for it, and InstallationDamagedError.
    """
    name = request.shell or (request.detected.name if request.detected else None)
    if name is None:
        raise UsageError(
            "Which shell this is could not be found out.", hint="name it: pyve completion bash|zsh|fish|pwsh"
        )
    try:
        shell = choose_dialect(name).name
    except UsageError as error:
        raise UsageError(
            f"pyve has no completion for {name!r}; it has one each for bash, zsh, fish and pwsh.",
            hint=error.hint if request.shell else "name one: pyve completion bash",
        ) from error
    text = read_completion_file(shell).decode("utf-8")
    return Outcome(data=CompletionResult(shell=shell, path=find_completion_file(shell), text=text))
