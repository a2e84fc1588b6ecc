"""Have another tool print what its own lock holds."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pyve.engines.installer_choice import find_uv
from pyve.engines.pip_configuration import PipConfiguration
from pyve.engines.redaction import redactor
from pyve.engines.uv_settings import refuse_settings_of_others, uv_environment
from pyve.lockers.foreign.exporters import EXPORTERS, Exporter, WantedParts
from pyve.project.foreign_lock import ForeignExport
from pyve.system.process import Finished, run_captured
from pyve.system.programs import find_program

_MOST_SECONDS = 120.0  # none of them has to ask anything of the network
_PROJECT_ROOT = "${PROJECT_ROOT}"  # what PDM writes for the project's directory


def export_lock(name: str, root: Path, parts: WantedParts, *, environment: Mapping[str, str]) -> ForeignExport:
    """Export the lock called `name` of the project at `root`; what goes wrong is told in the answer.

    Nothing in the project changes. Raises OwnerMismatchError where uv would take settings from another user.
    """
    exporter = EXPORTERS[name]
    program = find_uv(environment)[0] if exporter.program == "uv" else find_program(exporter.program, environment)
    if program is None:
        return ForeignExport(name=name, tool=exporter.tool, problem=f"{exporter.tool} is not installed here")
    refuse_settings_of_others(root)
    utf8 = {"PYTHONUTF8": "1"}  # of most of these tools, which print in the code page of Windows otherwise
    told = {**uv_environment(environment, PipConfiguration()), **utf8, **exporter.variables}
    try:
        finished = _run(exporter, program, root, parts, told)
    except (OSError, TimeoutError) as error:
        return ForeignExport(name=name, tool=exporter.tool, problem=f"{exporter.tool} cannot run here ({error})")
    if finished.exit_status != 0:
        said = redactor(told)(_last_words(finished))
        problem = f"{exporter.tool} could not export it{f' ({said})' if said else ''}"
        return ForeignExport(name=name, tool=exporter.tool, problem=problem)
    return ForeignExport(name=name, tool=exporter.tool, text=name_project_root(finished.stdout, root))


def name_project_root(text: str, root: Path) -> str:
    """Return what a tool exported with the project's directory where PDM writes a variable, in URLs and in paths."""
    return text.replace(f"file:///{_PROJECT_ROOT}", root.as_uri()).replace(_PROJECT_ROOT, root.as_posix())


def _run(exporter: Exporter, program: Path, root: Path, parts: WantedParts, environment: Mapping[str, str]) -> Finished:
    command: list[str | Path] = [program, *exporter.arguments(parts, root)]
    if not exporter.copied:
        return run_captured(command, directory=root, environment=environment, timeout_seconds=_MOST_SECONDS)
    with tempfile.TemporaryDirectory(prefix="pyve-") as private:
        for name in exporter.copied:
            if (root / name).is_file():
                shutil.copyfile(root / name, Path(private, name))
        return run_captured(command, directory=Path(private), environment=environment, timeout_seconds=_MOST_SECONDS)


def _last_words(finished: Finished) -> str:
    lines = [line.strip() for line in (finished.stderr or finished.stdout).splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""
