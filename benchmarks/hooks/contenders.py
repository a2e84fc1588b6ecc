"""Those who are compared: what each puts into a shell's startup file, and the project it enters."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from place import Place, find_python
from pyve_state import write_pyve_state

SHELLS = ("bash", "zsh", "fish")
DEPTH = 20
MANIFESTS = ("pyproject.toml", "requirements.txt", "requirements-dev.txt", "setup.cfg", "pyve.toml")
_OWN_LINES = {
    "bash": "PS1='{\\#}'\n",
    "zsh": "PROMPT='{%!}'\nunsetopt beep\n",
    "fish": "set -g fish_greeting\nset -g turn 0\n"
    "function fish_prompt\n    set -g turn (math $turn + 1)\n    printf '{%s}' $turn\nend\n",
}
_STARTUP_FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}
_SCRIPTS = {"bash": "activate", "zsh": "activate", "fish": "activate.fish"}


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One way of entering a project, in a home of its own.

    `by_hand`: no hook; an activate script is sourced after cd, `deactivate` called after leaving. `is_slow`: each event
    costs milliseconds, so that few of them are enough. `missing`: by shell, why it cannot be measured there.
    """

    name: str
    home: Path
    startup: Mapping[str, str] = field(default_factory=dict)
    by_hand: bool = False
    is_slow: bool = False
    only_startup: bool = False
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def outside(self) -> Path:
        """A directory that no project is at or above."""
        return self.home / "outside"

    @property
    def deep(self) -> Path:
        """Outside, many levels further down."""
        return self.outside.joinpath(*(f"level{number}" for number in range(DEPTH)))

    @property
    def project(self) -> Path:
        """The project's root; its environment is `.venv` in it."""
        return self.home / "project"

    @property
    def inner(self) -> Path:
        """A directory of the project."""
        return self.project / "src"

    def activate_script(self, shell: str) -> Path:
        """What a venv offers to a shell."""
        return self.project / ".venv" / "bin" / _SCRIPTS[shell]


def prepare_contenders(place: Place) -> list[Contender]:
    """All contenders with their homes and projects made, the bare shell first and pyve second."""
    base = find_python("3.11") or find_python("3.12")
    pyve, direnv, mise = (place.find_tool(name) for name in ("pyve", "direnv", "mise"))

    def hooked(name: str, tool: object, lines: Mapping[str, str], prepare: Callable[[Contender], None]) -> Contender:
        home = place.directory / "homes" / name.replace(" ", "-").replace("(", "").replace(")", "")
        if tool is None:
            return Contender(name=name, home=home, missing=dict.fromkeys(SHELLS, "not on this machine"))
        contender = Contender(name=name, home=home, startup=lines, is_slow=tool is not pyve)
        _make_directories(contender)
        _make_venv(place, contender, base)
        prepare(contender)
        _write_startup_files(contender)
        return contender

    state = place.directory / "homes" / "pyve" / ".local" / "state" / "pyve"
    sourced = {shell: f". '{state}/hook.{shell}'\n" for shell in SHELLS}
    evaluated = {
        "bash": 'eval "$(pyve hook bash)"\n',
        "zsh": 'eval "$(pyve hook zsh)"\n',
        "fish": "pyve hook fish | source\n",
    }
    by_direnv = {
        "bash": 'eval "$(direnv hook bash)"\n',
        "zsh": 'eval "$(direnv hook zsh)"\n',
        "fish": "direnv hook fish | source\n",
    }
    by_mise = {
        "bash": 'eval "$(mise activate bash)"\n',
        "zsh": 'eval "$(mise activate zsh)"\n',
        "fish": "mise activate fish | source\n",
    }

    def allow(text: str) -> Callable[[Contender], None]:
        def write(contender: Contender) -> None:
            (contender.project / ".envrc").write_text(text, encoding="utf-8")
            place.run(place.bin / "direnv", "allow", home=contender.home, directory=contender.project)
            # Once: a layout makes an environment of its own.
            place.run(place.bin / "direnv", "exec", ".", "true", home=contender.home, directory=contender.project)

        return write

    def trust(contender: Contender) -> None:
        (contender.project / "mise.toml").write_text('[env]\n_.python.venv = ".venv"\n', encoding="utf-8")
        place.run(place.bin / "mise", "trust", "--quiet", home=contender.home, directory=contender.project)

    def register(contender: Contender) -> None:
        write_pyve_state(contender.project, state, manifests=MANIFESTS, command=str(place.bin / "pyve"))

    minimal = "export VIRTUAL_ENV=$PWD/.venv\nPATH_add .venv/bin\n"
    others = [
        _by_hand(place, "venv 3.13, by hand", find_python("3.13")),
        _by_hand(place, "venv 3.11, by hand", find_python("3.11")),
        _by_hand(place, "uv venv, by hand", base, uv=True),
    ]
    return [
        hooked("bare shell", pyve, {}, lambda _: None),
        replace(
            hooked("pyve", pyve, sourced, register),
            missing={shell: "no hook yet" for shell in SHELLS if not (state / f"hook.{shell}").exists()},
        ),
        _evaluating(place, evaluated),
        hooked("direnv (PATH_add)", direnv, by_direnv, allow(minimal)),
        hooked("direnv (layout)", direnv, by_direnv, allow(f"layout python '{base}'\n")),
        hooked("mise", mise, by_mise, trust),
        *others,
    ]


def _evaluating(place: Place, lines: Mapping[str, str]) -> Contender:
    home = place.directory / "homes" / "pyve-evaluated"
    missing = {shell: "no `pyve hook` yet" for shell in SHELLS if not place.can_run("pyve", "hook", shell, home=home)}
    contender = Contender(name="pyve, evaluated", home=home, startup=lines, only_startup=True, missing=missing)
    _make_directories(contender)
    _write_startup_files(contender)
    return contender


def _by_hand(place: Place, name: str, python: Path | None, *, uv: bool = False) -> Contender:
    home = place.directory / "homes" / name.replace(" ", "-").replace(",", "")
    if python is None:
        return Contender(name=name, home=home, by_hand=True, missing=dict.fromkeys(SHELLS, "no such Python here"))
    contender = Contender(name=name, home=home, by_hand=True)
    _make_directories(contender)
    _make_venv(place, contender, python, uv=uv)
    _write_startup_files(contender)
    return contender


def _make_directories(contender: Contender) -> None:
    contender.deep.mkdir(parents=True)
    contender.inner.mkdir(parents=True)
    (contender.home / ".config" / "fish").mkdir(parents=True)
    # Where it is missing, fish reads all manual pages in the background.
    (contender.home / ".local" / "share" / "fish" / "generated_completions").mkdir(parents=True)
    for name in MANIFESTS:
        (contender.project / name).touch()


def _make_venv(place: Place, contender: Contender, python: Path | None, *, uv: bool = False) -> None:
    target = contender.project / ".venv"
    if uv:
        place.run(place.bin / "uv", "venv", "--quiet", "--python", python or "python3", target)
    else:
        place.run(python or "python3", "-m", "venv", "--without-pip", target)
    time.sleep(0.01)  # the project directory is older than what is written from here on


def _write_startup_files(contender: Contender) -> None:
    for shell, name in _STARTUP_FILES.items():
        text = _OWN_LINES[shell] + contender.startup.get(shell, "")
        (contender.home / name).write_text(text, encoding="utf-8")
