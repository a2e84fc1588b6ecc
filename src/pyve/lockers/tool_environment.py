"""Tools that lock, each run from an environment of its own, which uv's tool runner makes and keeps in its cache.

Beside pyve, conda-lock's pins would hold pyve's own dependencies back, and pip-tools would resolve for pyve's Python.
What the project or the user's site directory holds does not reach such an environment, and the project's own settings
of uv do not count where it comes from; the user's settings of uv and pip do.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.engines.failure import FailedInstall, explain_failure
from pyve.engines.installer_choice import find_uv
from pyve.engines.installer_output import InstallerOutput, command_line, open_log
from pyve.engines.pip_configuration import PipConfiguration, find_configuration_places, read_pip_configuration
from pyve.engines.redaction import redactor
from pyve.engines.uv_settings import configured_options, localise, uv_environment
from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors import DiskFullError
from pyve.errors.lock import LockerUnavailableError
from pyve.lockers.locker import LockTask
from pyve.system.process import run_streamed

# Their own pip must not install elsewhere or be told to do something else than the tool asks of it.
_MISLEADING = (
    *("PYTHONUSERBASE", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_REQUIREMENT"),
    *("PIP_EDITABLE", "PIP_DRY_RUN", "PIP_REPORT", "PIP_QUIET", "PIP_LOG", "PIP_REQUIRE_HASHES", "UV_TOOL_DIR"),
)


@dataclass(frozen=True, kw_only=True)
class ToolRun:
    """One run of `executable` out of the PyPI package `tool`.

    `python` is the interpreter that it runs under, None for pyve's own. `beside` are further requirements of its
    environment. `variables` are laid over this process's; `urls` are texts that may hold credentials, for the log to
    be without them. `instead` is what to type where the tool cannot be had. `directory`: the project's root if None.
    """

    tool: str
    version: str
    executable: str
    arguments: tuple[str | os.PathLike[str], ...] = ()
    python: Path | None = None
    beside: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    directory: Path | None = None
    urls: tuple[str, ...] = ()
    instead: str = ""


@dataclass(frozen=True, kw_only=True)
class ToolOutput:
    """What a tool left: its exit status and all that it printed, stdout and stderr together, redacted."""

    exit_status: int
    text: str


def run_tool(run: ToolRun, task: LockTask, progress: Progress) -> ToolOutput:
    """Run the tool to its end, its output streamed to `task.log` and `progress`.

    Its own failure is the caller's to explain. Raises LockerUnavailableError where the tool cannot be had.
    """
    uv, problem = find_uv(task.environment)
    if uv is None:
        raise LockerUnavailableError(
            f"{run.tool} runs from an environment that uv makes, and uv cannot run here: {problem}.",
            hint="python -m pip install uv",
        )
    return _ToolRunner(run=run, task=task, progress=progress, uv=uv).run_through()


@dataclass(frozen=True, kw_only=True)
class _ToolRunner:
    run: ToolRun
    task: LockTask
    progress: Progress
    uv: Path

    def run_through(self) -> ToolOutput:
        """Make sure of the environment, from the caches alone where they hold it, then run the tool in it."""
        nothing = ("python", "-I", "-c", "")
        if self._uv(nothing, offline=True).exit_status != 0:
            fetched = None
            if not self.task.offline:
                self.progress(ProgressEvent(phase="download", message=f"Fetching {self.run.tool} {self.run.version}"))
                fetched = self._uv(nothing, offline=False)
            if fetched is None or fetched.exit_status != 0:
                raise self._explain(fetched)
        return self._uv((self.run.executable, *self.run.arguments), offline=True)

    def _uv(self, words: tuple[str | os.PathLike[str], ...], *, offline: bool) -> ToolOutput:
        run, task = self.run, self.task
        environment = self._environment()
        redact = redactor(environment, run.urls)
        command: list[str | os.PathLike[str]] = [self.uv, "tool", "run", "--isolated"]
        command += ["--from", f"{run.tool}=={run.version}"]
        for requirement in run.beside:
            command += ["--with", requirement]
        command += ["--python", run.python or sys.executable, *(["--offline"] if offline else []), *words]
        with open_log(task.log) as write:
            write(command_line(command, redact))
            output = InstallerOutput(write, redact, self.progress)
            status = run_streamed(
                command, on_line=output, directory=run.directory or task.root, environment=environment
            )
        return ToolOutput(exit_status=status, text=output.text)

    def _environment(self) -> dict[str, str]:
        places = find_configuration_places(self.task.environment, self.task.work_directory)
        configuration = read_pip_configuration(self.task.environment, places)
        told = uv_environment(self.task.environment, configuration)
        told = {name: value for name, value in told.items() if name not in _MISLEADING}
        strategy = "unsafe-best-match" if self.task.index_strategy == "best-match" else "first-index"
        told = {
            "UV_INDEX_STRATEGY": strategy,
            "UV_HTTP_RETRIES": "1",
            **told,
            **_index_variables(configuration, self.task),
        }
        return {**told, "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1", **self.run.variables}

    def _explain(self, fetched: ToolOutput | None) -> Exception:
        tool, instead = f"{self.run.tool} {self.run.version}", self.run.instead
        if fetched is None:
            return LockerUnavailableError(
                f"{tool}, which shall lock, is not on this machine yet, and offline it cannot be fetched.",
                hint="run it once without --offline" + (f", or: {instead}" if instead else ""),
            )
        failed = FailedInstall(installer="uv", output=fetched.text, exit_status=fetched.exit_status, log=self.task.log)
        cause = explain_failure(failed)
        if isinstance(cause, DiskFullError):
            return cause
        why = cause.message.removeprefix("No set of packages satisfies what is declared: ")
        return LockerUnavailableError(f"{tool}, which shall lock, cannot be had: {why}", hint=instead or cause.hint)


def _index_variables(configuration: PipConfiguration, task: LockTask) -> dict[str, str]:
    """Where pip is configured to look, as variables of uv; those that the user set for uv itself stay."""
    options, _ = localise(configured_options(configuration.options, task.environment), task.root)
    told = {
        "UV_DEFAULT_INDEX": options.index_url or "",
        "UV_INDEX": " ".join(options.extra_index_urls),
        "UV_FIND_LINKS": ",".join(options.find_links),
        "UV_NO_INDEX": "1" if options.no_index else "",
        "UV_INSECURE_HOST": " ".join(options.trusted_hosts),
    }
    return {name: value for name, value in told.items() if value}
