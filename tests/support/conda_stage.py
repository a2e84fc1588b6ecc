"""Conda projects made by hand for shells: a prefix with what makes it one, and copies of scripts in the state."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pyve.activation.snippet import Snippet
from tests.support.activation_stage import Stage, make_environment, mirror
from tests.support.shell_languages import ShellLanguage, quote, write_shell_text

ENDINGS = {"bash": "sh", "zsh": "sh", "fish": "fish"}
# What conda has for `base`, activated by the user's startup file.
BASE: Mapping[str, str] = {
    "CONDA_SHLVL": "1",
    "CONDA_PREFIX": "/opt/conda",
    "CONDA_DEFAULT_ENV": "base",
    "CONDA_PROMPT_MODIFIER": "(base) ",
    "CONDA_EXE": "/opt/conda/bin/conda",
}


def describe_prefix(stage: Stage, root: Path, *, name: str = "shop") -> Snippet:
    """The snippet of a project with a conda prefix."""
    prefix = root / ".pyve" / "envs" / "1f2e3d4c-00000001"
    return Snippet(
        root=str(root),
        reference=str(mirror(stage.state, root) / "@state" / "reference-"),
        probe=str(prefix / "bin" / "python"),
        watch=(str(root), str(root / "requirements.txt")),
        bin=(str(prefix / "bin"),),
        set={
            "CONDA_PREFIX": str(prefix),
            "CONDA_DEFAULT_ENV": name,
            "CONDA_PROMPT_MODIFIER": f"({name}) ",
            "OF_ENV_VARS_D": f"it's of {name}",
        },
        unset=("PYTHONHOME",),
        conda=str(prefix),
        prompt=f"({name}) ",
        missing="the environment of this project is not there; to make it: pyve sync",
    )


def make_conda_project(stage: Stage, root: Path, *, name: str = "shop", **changes: object) -> Snippet:
    """A registered project with a conda prefix; `changes` are fields of its snippet."""
    meta = make_environment(root) / "conda-meta"
    meta.mkdir()
    (meta / "history").touch()
    snippet = describe_prefix(stage, root, name=name)
    return stage.register(Snippet(**{**_fields(snippet), **changes}))  # type: ignore[arg-type] # fields by name


def keep_scripts(
    stage: Stage, root: Path, moment: str, texts: Sequence[str], *, language: ShellLanguage
) -> Mapping[str, tuple[str, ...]]:
    """Copies of scripts of packages in the state of a project, as a snippet names them."""
    ending = ENDINGS[language.name]
    folder = mirror(stage.state, root) / "@state" / "scripts" / "1f2e3d4c-00000001" / moment
    files = [folder / f"{number:03}-a.{ending}" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        write_shell_text(file, text + "\n")
    return {ending: tuple(map(str, files))}


def note(language: ShellLanguage, log: Path, word: str, *names: str) -> str:
    """A line of a script that adds a line to `log`: a word, and the values of variables."""
    values = " ".join(f'"${name}"' if language.name == "fish" else f'"${{{name}-}}"' for name in names)
    return f"printf '%s,' {word} {values} >>{quote(language, str(log))}; echo >>{quote(language, str(log))}"


def conda_of(environment: Mapping[str, str]) -> dict[str, str]:
    """What conda knows by."""
    return {name: value for name, value in environment.items() if name.startswith("CONDA_")}


def _fields(snippet: Snippet) -> dict[str, object]:
    return {name: getattr(snippet, name) for name in snippet.__dataclass_fields__}
