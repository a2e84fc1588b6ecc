"""What `pyve init` and `pyve setup` leave for the hooks, made without a build."""

from collections.abc import Sequence
from pathlib import Path

from pyve.activation.dialects import DIALECTS
from pyve.activation.hook import render_hook
from pyve.activation.snippet import Snippet, render_snippet
from pyve.environments.current import mirror
from pyve.environments.references import (
    REFERENCE_PREFIX,
    current_moment,
    find_newest_time,
    list_watched,
    set_references,
)
from pyve.errors import InstallationDamagedError


def write_pyve_state(project: Path, state: Path, *, manifests: Sequence[str], command: str) -> None:
    """Register the project: hooks, snippets, references and a generation, for each shell whose hook there is."""
    root = str(project)
    folder = Path(mirror(str(state), root))
    (folder / "@state").mkdir(parents=True, mode=0o700)
    (state / "generations").mkdir()
    (state / "generation").write_text("1\n", encoding="ascii")
    (state / "generations" / "1").touch()
    snippet = describe_entry(root, folder, manifests)
    set_references(snippet.reference + snippet.serial, find_newest_time(list(snippet.watch)), now=current_moment())
    for dialect in DIALECTS.values():
        try:
            hook = render_hook(dialect, state_directory=str(state), command=[command])
            (folder / f"@act.{dialect.extension}").write_bytes(render_snippet(snippet, dialect))
        except InstallationDamagedError:
            continue
        (state / f"hook.{dialect.extension}").write_bytes(hook)


def describe_entry(root: str, folder: Path, manifests: Sequence[str]) -> Snippet:
    """The snippet of a venv in the project, watched as `pyve init` has it watched."""
    prefix = f"{root}/.venv"
    return Snippet(
        root=root,
        reference=str(folder / "@state" / REFERENCE_PREFIX),
        probe=f"{prefix}/bin/python",
        watch=tuple(list_watched(root, list(manifests), [], now=current_moment())),
        bin=(f"{prefix}/bin",),
        set={"VIRTUAL_ENV": prefix, "VIRTUAL_ENV_PROMPT": "project"},
        unset=("PYTHONHOME",),
        prompt="(project) ",
        missing="the environment is missing: pyve sync",
    )
