"""What a shell evaluates once, to be inside a project without its hook. Pure: text in, text out."""

from collections.abc import Mapping, Sequence

from pyve.activation.dialects.dialect import Dialect
from pyve.activation.snippet import Snippet, render_snippet
from pyve.activation.templates import fill, read_functions, read_template
from pyve.project.variable_risks import is_variable_name

# How a command's output is evaluated.
_EVALUATIONS = {
    "bash": 'eval "$({})"',
    "zsh": 'eval "$({})"',
    "fish": "{} | source",
    "pwsh": "Invoke-Expression (& {} | Out-String)",
}


def render_activation(dialect: Dialect, snippet: Snippet) -> str:
    """Statements that leave what is active, enter the project, and pin it until `deactivate`."""
    values = {
        "ACTIVATION": read_functions(dialect),
        "SNIPPET": render_snippet(snippet, dialect).decode("utf-8", "surrogateescape"),
    }
    return fill(read_template(dialect, "activate"), values)


def render_exports(dialect: Dialect, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """One statement for each variable that differs; nothing where none does.

    Names that are no variables to every shell, such as those of bash's exported functions, are passed over.
    """
    setting, unsetting = read_template(dialect, "export"), read_template(dialect, "unset")
    gone = [fill(unsetting, {"NAME": name}) for name in before if name not in after and is_variable_name(name)]
    new = [
        fill(setting, {"NAME": name, "VALUE": dialect.quote(dialect.search_path(value) if name == "PATH" else value)})
        for name, value in after.items()
        if before.get(name) != value and is_variable_name(name)
    ]
    return "".join([*gone, *new])


def render_evaluation(dialect: Dialect, words: Sequence[str]) -> str:
    """The line to type for a shell to evaluate what the command of `words` prints."""
    return _EVALUATIONS[dialect.name].format(" ".join(_word(dialect, word) for word in words))


def _word(dialect: Dialect, word: str) -> str:
    is_plain = all(letter.isascii() and (letter.isalnum() or letter in "-_./") for letter in word)
    return word if word and is_plain else dialect.quote(word)
