"""How each tool is asked for what its lock holds, in the format of requirements files with hashes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class WantedParts:
    """What is wanted beside what is always in: extras, dependency groups, and the packages for development."""

    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    include_dev: bool = True


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """One tool: what people call it, its program, and the arguments that make it print its lock.

    With `copied`, it runs in a private directory that holds these files alone, because it leaves things where it runs.
    """

    tool: str
    program: str
    arguments: Callable[[WantedParts, Path], tuple[str, ...]]
    variables: Mapping[str, str] = field(default_factory=dict)
    copied: tuple[str, ...] = ()


def _ask_uv(parts: WantedParts, _root: Path) -> tuple[str, ...]:
    chosen = [f"--extra={name}" for name in parts.extras] + [f"--group={name}" for name in parts.groups]
    return (
        *("export", "--quiet", "--frozen", "--no-emit-project", "--no-header", "--no-annotate"),
        *("--format=requirements.txt", "--no-default-groups", "--dev" if parts.include_dev else "--no-dev"),
        *chosen,
    )


def _ask_poetry(parts: WantedParts, root: Path) -> tuple[str, ...]:
    with_groups = list(
        dict.fromkeys((*parts.groups, *(["dev"] if _has_poetry_dev(root) and parts.include_dev else [])))
    )
    chosen = [f"--extras={name}" for name in parts.extras]
    chosen += [f"--with={','.join(with_groups)}"] if with_groups else []
    return ("export", "--no-interaction", "--no-ansi", "--format=requirements.txt", *chosen)


def _ask_pipenv(parts: WantedParts, root: Path) -> tuple[str, ...]:
    from pyve.project.foreign_lock import list_pipfile_sources

    # The one index that Pipenv writes where nobody chose one: the user's own configuration counts then.
    default = ("--exclude-index",) if list_pipfile_sources(root) == ("pypi",) else ()
    return ("requirements", "--hash", *(["--dev"] if parts.include_dev else []), *default)


def _ask_pdm(parts: WantedParts, root: Path) -> tuple[str, ...]:
    groups = list(dict.fromkeys((*parts.groups, *(["dev"] if _has_group(root, "dev") and parts.include_dev else []))))
    chosen = [word for name in (*groups, *parts.extras) for word in ("--group", name)]
    return ("export", "--format", "requirements", *([] if groups else ["--prod"]), *chosen)


def _has_poetry_dev(root: Path) -> bool:
    poetry = _read_tool(root, "poetry")
    own = poetry.get("group")
    return "dev-dependencies" in poetry or (isinstance(own, dict) and "dev" in own) or _has_group(root, "dev")


def _has_group(root: Path, name: str) -> bool:
    groups = _read_document(root).get("dependency-groups")
    pdm = _read_tool(root, "pdm").get("dev-dependencies")
    return any(isinstance(table, dict) and name in table for table in (groups, pdm))


def _read_tool(root: Path, name: str) -> Mapping[str, object]:
    tools = _read_document(root).get("tool")
    table = tools.get(name) if isinstance(tools, dict) else None
    return table if isinstance(table, dict) else {}


def _read_document(root: Path) -> Mapping[str, object]:
    """pyproject.toml as it stands: it has been read before, so that what is wrong with it has been said."""
    from pyve.project.manifests.toml_text import parse_toml

    return parse_toml((root / "pyproject.toml").read_text(encoding="utf-8"))


EXPORTERS: Mapping[str, Exporter] = {
    "uv.lock": Exporter(tool="uv", program="uv", arguments=_ask_uv),
    "poetry.lock": Exporter(
        tool="Poetry", program="poetry", arguments=_ask_poetry, variables={"POETRY_VIRTUALENVS_CREATE": "false"}
    ),
    "Pipfile.lock": Exporter(
        tool="Pipenv",
        program="pipenv",
        arguments=_ask_pipenv,
        variables={"PIPENV_NOSPIN": "1", "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_DONT_LOAD_ENV": "1"},
    ),
    "pdm.lock": Exporter(
        tool="PDM",
        program="pdm",
        arguments=_ask_pdm,
        variables={"PDM_CHECK_UPDATE": "0", "PDM_USE_VENV": "0", "PDM_IGNORE_SAVED_PYTHON": "1"},
        copied=("pyproject.toml", "pdm.lock", "pdm.toml"),
    ),
}
