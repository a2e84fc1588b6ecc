"""The words of a command line, sorted before anything is parsed: global options, the verb, the verb's own words.

Light: `run` passes here before Typer is imported. Global options may stand before or after the verb; they are looked
for up to `--` and, for `run`, up to the first operand, since what follows belongs to the child.
"""

from pyve.errors import UsageError

FLAG_VERBS = {
    "--init": ("init",),
    "--purge": ("purge",),
    "--validate": ("check",),
    "--config": ("config",),
    "--install": ("self", "install"),
    "--uninstall": ("self", "uninstall"),
    "--version": ("version",),
    "-V": ("version",),
}
OWN_OPTIONS = {"hook": ("--install", "--uninstall")}  # of a verb, spelt as a flag verb is
GLOBAL_SWITCHES = {
    "--json": "json",
    "--quiet": "quiet",
    "-q": "quiet",
    "--verbose": "verbose",
    "-v": "verbose",
    "--no-color": "no_color",
    "--yes": "yes",
    "-y": "yes",
}


class GlobalOptions:
    """The options every verb takes. A plain class, for the light path."""

    __slots__ = ("json", "no_color", "project", "quiet", "verbose", "yes")

    def __init__(self) -> None:
        self.json = False
        self.no_color = False
        self.project: str | None = None
        self.quiet = False
        self.verbose = False
        self.yes = False


class CommandLine:
    """A sorted command line: `words` are the verb and what is its own; `problem` is what is wrong with the sorting."""

    __slots__ = ("options", "problem", "words")

    def __init__(self, options: GlobalOptions, words: "list[str]", problem: "UsageError | None" = None) -> None:
        self.options = options
        self.words = words
        self.problem = problem


def sort_command_line(arguments: "list[str]") -> CommandLine:
    """Sort `arguments` (without the program's name). Never raises: a problem comes with the options found so far."""
    options = GlobalOptions()
    words: list[str] = []
    problem = None
    index = 0
    while index < len(arguments):
        word = _take_switches(arguments[index], options)
        index += 1
        if word is None:
            continue
        if word == "--":
            words += arguments[index - 1 :]
            break
        if word == "--project" or word.startswith("--project="):
            _, equals, value = word.partition("=")
            if not equals:
                value = arguments[index] if index < len(arguments) else ""
                index += 1
            if not value or value == "--":
                problem = problem or UsageError("--project wants a directory.", hint="pyve --project DIR ...")
            options.project = value
        elif not words and word in FLAG_VERBS:
            words += FLAG_VERBS[word]
        elif words and word in FLAG_VERBS and word not in ("--version", "-V", *OWN_OPTIONS.get(words[0], ())):
            problem = problem or _two_verbs(words, word)
        else:
            words.append(word)
            if len(words) > 1 and words[0] == "run" and not word.startswith("-"):
                words += arguments[index:]
                break
    return CommandLine(options, words, problem)


def _take_switches(word: str, options: GlobalOptions) -> "str | None":
    """Set what `word` switches on, also in joined short flags: `-n` is left of `-nq`, None of `-yq`."""
    if word in GLOBAL_SWITCHES:
        setattr(options, GLOBAL_SWITCHES[word], True)
        return None
    if len(word) < 3 or word[0] != "-" or not word[1:].isalpha():
        return word
    left = "".join(letter for letter in word[1:] if _take_switches(f"-{letter}", options) is not None)
    return f"-{left}" if left else None


def _two_verbs(words: "list[str]", flag: str) -> UsageError:
    # What installs the hook installs the completion.
    meant = ("hook", flag) if words[:1] == ["completion"] and flag.endswith("install") else FLAG_VERBS[flag]
    return UsageError(
        f"{flag} is a verb, and {' '.join(words[:1])!r} is one already; a command line has one.",
        hint=f"pyve {' '.join(meant)}",
    )
