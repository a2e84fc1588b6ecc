"""Which backend a project gets, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import ConfigInvalidError, UsageError
from pyve.project.backend_rules import (
    BACKEND_VARIABLE,
    CONDA_KINDS,
    PIN_KINDS,
    BackendRule,
    join_names,
    list_conda_names,
    list_rules,
)
from pyve.project.declaration import Declaration
from pyve.project.manifest import MANIFEST_KINDS, has_manifest
from pyve.project.nearest_name import find_nearest_name

BACKEND_NAMES = ("venv", "micromamba")

# What people write for the two, and what they mean.
_MEANINGS = {
    "venv": "venv",
    "virtualenv": "venv",
    "micromamba": "micromamba",
    "mamba": "micromamba",
    "conda": "micromamba",
}
_CONFIGURE = "pyve config set backend"


@dataclass(frozen=True, kw_only=True)
class BackendChoice:
    """The backend `name` ("venv" or "micromamba"), the rule that chose it, and sentences that say so.

    `chosen_by` is one of "option", "PYVE_BACKEND", "configuration", "conda-manifest", "python-manifest", "default".
    """

    name: str
    chosen_by: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeenFile:
    """A manifest that is there and what it is used for ("not used: ..." when it is not)."""

    kind: str
    path: Path
    used_for: str


@dataclass(frozen=True, kw_only=True)
class LostRule:
    """A rule that did not decide, and why."""

    rule: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Detection:
    """Everything `pyve detect` tells about the choice of a backend."""

    choice: BackendChoice
    files: tuple[SeenFile, ...]
    lost_rules: tuple[LostRule, ...]
    what_would_change_it: tuple[str, ...]


def choose_backend(
    root: Path,
    *,
    option: str | None = None,
    environment: Mapping[str, str],
    configured: str | None = None,
    configured_in: str | None = None,
) -> BackendChoice:
    """Choose: option > PYVE_BACKEND > configuration > conda manifest > Python manifest > venv.

    `configured_in` names the place of `configured` ("pyve.toml"). Raises UsageError for an unknown name in the option
    or the variable, ConfigInvalidError for one in the configuration.
    """
    rules = list_rules(root, option=option, environment=environment, configured=configured, configured_in=configured_in)
    return _choose(rules)


def explain(
    root: Path,
    *,
    option: str | None = None,
    environment: Mapping[str, str],
    configured: str | None = None,
    configured_in: str | None = None,
    declaration: Declaration | None = None,
) -> Detection:
    """Explain choose_backend on the same arguments; `declaration` (venv) adds which file declares the packages."""
    rules = list_rules(root, option=option, environment=environment, configured=configured, configured_in=configured_in)
    choice = _choose(rules)
    return Detection(
        choice=choice,
        files=tuple(_list_seen(root, choice, declaration)),
        lost_rules=tuple(_list_lost(rules, choice)),
        what_would_change_it=tuple(_say_what_would_change(root, choice, configured_in)),
    )


def _choose(rules: tuple[BackendRule, ...]) -> BackendChoice:
    rule = next(rule for rule in rules if rule.wants)
    name = rule.wants or ""
    if name not in BACKEND_NAMES:
        nearest = find_nearest_name(name.lower(), _MEANINGS)
        hint = f"did you mean {_MEANINGS[nearest]}?" if nearest else f"known are: {', '.join(BACKEND_NAMES)}"
        error = ConfigInvalidError if rule.name == "configuration" else UsageError
        raise error(f"{rule.where}: {name!r} is not a backend.", hint=hint)
    return BackendChoice(name=name, chosen_by=rule.name, evidence=rule.evidence)


def _list_lost(rules: tuple[BackendRule, ...], choice: BackendChoice) -> Iterator[LostRule]:
    for rule in rules:
        if rule.name == choice.chosen_by:
            continue
        if rule.wants is None:
            yield LostRule(rule=rule.name, reason=rule.absent)
        else:
            yield LostRule(rule=rule.name, reason=f"it would choose {rule.wants}, but {choice.chosen_by} comes first")


def _list_seen(root: Path, choice: BackendChoice, declaration: Declaration | None) -> Iterator[SeenFile]:
    for name, kind in MANIFEST_KINDS.items():
        if has_manifest(root / name):
            yield SeenFile(kind=kind, path=root / name, used_for=_say_use(root / name, kind, choice, declaration))


def _say_use(path: Path, kind: str, choice: BackendChoice, declaration: Declaration | None) -> str:
    if kind == "configuration":
        return "settings"
    if kind in PIN_KINDS:
        return "the Python version"
    if kind in CONDA_KINDS:
        return _say_conda_use(path, kind, choice)
    if choice.name == "micromamba":
        return "not used: the backend is micromamba"
    if declaration is None:
        return "declares that this is a Python project"
    if path.name == declaration.source:
        return "packages (locked)" if declaration.is_lock else "packages"
    if path.name == "requirements-dev.txt" and path in declaration.files:
        return "development packages"
    if path.name == "pyproject.toml":
        return "the project itself, its groups and extras" if declaration.editable_project else "groups and extras"
    if kind in {"setup-py", "setup-cfg"} and declaration.editable_project:
        return "how the project itself is built"
    return f"not used: {declaration.source} declares the packages"


def _say_conda_use(path: Path, kind: str, choice: BackendChoice) -> str:
    if choice.name != "micromamba":
        return f"not used: the backend is {choice.name}"
    counting = list_conda_names(path.parent)
    if path.name not in counting:
        return f"not used: {join_names(counting)} {'comes' if len(counting) == 1 else 'come'} first"
    if kind == "environment":
        return "packages and Python"
    return "packages (locked)"


def _say_what_would_change(root: Path, choice: BackendChoice, configured_in: str | None) -> Iterator[str]:
    other = "micromamba" if choice.name == "venv" else "venv"
    if choice.chosen_by == "option":
        yield "Leaving --backend out lets the files and settings decide."
        return
    if choice.chosen_by == BACKEND_VARIABLE:
        yield f"Unsetting {BACKEND_VARIABLE} lets the files and settings decide: unset {BACKEND_VARIABLE}"
    elif choice.chosen_by == "configuration":
        yield f"Another backend in {configured_in or 'the configuration'}: {_CONFIGURE} {other}"
    elif choice.chosen_by == "conda-manifest":
        yield f"Removing {join_names(list_conda_names(root))}, or: {_CONFIGURE} venv"
    else:
        yield f"An environment.yml or conda-lock.yml would choose micromamba, and so would: {_CONFIGURE} micromamba"
    yield f"For one command: --backend {other}, or {BACKEND_VARIABLE}={other}"
