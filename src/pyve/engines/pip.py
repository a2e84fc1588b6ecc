"""pip, which installs what uv cannot, or where uv cannot run.

pip runs from the wheel that virtualenv ships, by the new environment's own interpreter: nothing has to be installed
first, and pip sees the tags and markers of the right Python.
"""

import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.engines.bundled_pip import find_bundled_pip, offer_bundled_pip
from pyve.engines.failure import FailedInstall, explain_failure
from pyve.engines.install_plan import InstallCall, plan_calls
from pyve.engines.installation import InstallRequest
from pyve.engines.installer_output import InstallerOutput, command_line, open_log
from pyve.engines.pip_configuration import find_configuration_places, read_pip_configuration
from pyve.engines.redaction import redactor
from pyve.engines.requirements_writing import call_lines, index_lines, requirement_line, write_private
from pyve.engines.wheels_only import WHEELS_ONLY, forbid_builds, refuse_builds
from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors import (
    BuildFailedError,
    IndexUnauthorisedError,
    IndexUnreachableError,
    ProgramMissingError,
    ResolutionFailedError,
)
from pyve.project.requirement import IndexOptions
from pyve.system.directories import cache_directory
from pyve.system.process import run_captured, run_streamed

# These would install elsewhere, or something else, than the request says.
_MISLEADING = (
    *("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"),
    *("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_DRY_RUN", "PIP_REQUIREMENT"),
    *("PIP_EDITABLE", "PIP_REPORT", "PIP_QUIET", "PIP_LOG", "PIP_REQUIRE_HASHES", "FORCE_COLOR", "__PYVENV_LAUNCHER__"),
)
_QUIETLY = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COLOR": "1", "PIP_PROGRESS_BAR": "off"}
_UNFETCHED = "Could not fetch URL"
_RETRIES = "1"  # five, pip's own number, take too long to say that there is no network


@dataclass(frozen=True, kw_only=True)
class PipInstaller:
    """Installs with pip into `prefix`; `environment` is this process's. pip reads its configuration itself."""

    environment: Mapping[str, str]
    prefix: Path
    python: Path
    name: str = "pip"

    def version(self) -> str:
        """The version of the pip that installs."""
        wheel = find_bundled_pip(self.prefix)
        if wheel is not None:
            return wheel.name.split("-")[1]
        finished = run_captured([self.python, "-m", "pip", "--version"], timeout_seconds=60)
        found = re.match(r"pip (\S+)", finished.stdout)
        return found[1] if found else "unknown"

    def install(self, request: InstallRequest, progress: Progress) -> None:
        """Fill the environment. Raises a BuildFailedError that says why it could not be done."""
        places = find_configuration_places(self.environment, request.prefix)
        configured = read_pip_configuration(self.environment, places).options
        require_hashes = request.requirements.options.require_hashes or configured.require_hashes
        if request.lock_extras or request.lock_groups:
            raise ProgramMissingError(
                "pip cannot choose extras or groups of a pylock.toml, and uv cannot run here.",
                hint="python -m pip install uv",
            )
        if request.offline and not (request.requirements.options.no_index or configured.no_index):
            raise ProgramMissingError(
                "Only uv installs from its caches alone, as --offline asks; here pip has to be used.",
                hint="leave --offline out",
            )
        if request.wheels_only:
            refuse_builds(request)
        for call in plan_calls(request, require_hashes=require_hashes):
            try:
                self._perform(call, request, configured, progress)
            except ResolutionFailedError:
                self._find_refusal(call, request, configured, progress)
                raise

    def _perform(
        self, call: InstallCall, request: InstallRequest, configured: IndexOptions, progress: Progress
    ) -> None:
        try:
            self._run(call, request, configured, progress)
        except ResolutionFailedError:
            if not call.preferences:
                raise
            progress(ProgressEvent(phase="install", message="Earlier versions no longer fit; resolving anew"))
            self._run(replace(call, preferences=()), request, configured, progress)

    def _find_refusal(
        self, call: InstallCall, request: InstallRequest, configured: IndexOptions, progress: Progress
    ) -> None:
        """Raise what lies behind a failed resolution: only a debug log tells of an index that refuses.

        With such a log pip shows no output of failed builds, so it is not kept from the start.
        """
        log = write_private(request.work_directory / f"{call.name}-debug.log", ())
        with contextlib.suppress(BuildFailedError):
            self._run(replace(call, preferences=()), request, configured, progress, debug_log=log)
        told = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if _UNFETCHED in line]
        if told:
            redact = redactor(self.environment, _urls(request.requirements.options, configured, request))
            failed = FailedInstall(installer="pip", output=redact("\n".join(told)), exit_status=1, log=request.log)
            failure = explain_failure(failed)
            if isinstance(failure, IndexUnauthorisedError | IndexUnreachableError):
                raise failure

    def _run(
        self,
        call: InstallCall,
        request: InstallRequest,
        configured: IndexOptions,
        progress: Progress,
        *,
        debug_log: Path | None = None,
    ) -> None:
        told = {name: value for name, value in self.environment.items() if name not in _MISLEADING}
        told = {"PIP_RETRIES": _RETRIES, **told, **_QUIETLY}
        if debug_log is not None:
            told |= {"PIP_LOG": os.fspath(debug_log), "PIP_DRY_RUN": "1"}
        redact = redactor(told, _urls(request.requirements.options, configured, request))
        command = [*self._pip(), "install", *self._arguments(call, request)]
        with open_log(request.log) as write:
            write(command_line(command, redact))
            output = InstallerOutput(write, redact, progress)
            exit_status = run_streamed(
                command,
                on_line=output,
                directory=request.project_root,
                environment=told,
                inherited_descriptors=request.inherited_descriptors,
            )
        if exit_status != 0:
            failed = FailedInstall(
                installer="pip",
                output=output.text,
                exit_status=exit_status,
                log=request.log,
                requirements=(*call.requirements, *call.constraints),
                work_directory=request.work_directory,
                wheels_only=request.wheels_only,
            )
            raise explain_failure(failed)

    def _pip(self) -> list[str]:
        """How pip is started: from the bundled wheel, else from what `ensurepip` puts into the environment."""
        wheel = find_bundled_pip(self.prefix)
        if wheel is not None:
            return [os.fspath(self.python), "-I", os.fspath(wheel / "pip")]
        finished = run_captured([self.python, "-m", "ensurepip", "--default-pip"], timeout_seconds=120)
        if finished.exit_status != 0:
            raise ProgramMissingError(
                f"There is no pip for {self.python}, and its own ensurepip does not work.",
                hint="python -m pip install uv",
            )
        return [os.fspath(self.python), "-I", "-m", "pip"]

    def _arguments(self, call: InstallCall, request: InstallRequest) -> list[str]:
        only = list(WHEELS_ONLY) if request.wheels_only else []
        if call.lock_file is not None:
            return [*only, "-r", os.fspath(call.lock_file)]
        declared = request.requirements.options
        options = forbid_builds(declared) if request.wheels_only else declared
        file = _write_requirements(call, request, self._with_seed(call, options))
        arguments = [*only, "-r", os.fspath(file), "--no-compile"]
        arguments += ["--no-deps"] if call.no_dependencies else []
        if call.preferences:
            pins = write_private(request.work_directory / "preferences.txt", call.preferences)
            arguments += ["--constraint", os.fspath(pins)]
        return arguments

    def _with_seed(self, call: InstallCall, options: IndexOptions) -> IndexOptions:
        wheel = find_bundled_pip(self.prefix) if "pip" in call.seeds else None
        if wheel is None:
            return options
        folder = offer_bundled_pip(wheel, Path(cache_directory(self.environment)))
        return replace(options, find_links=(*options.find_links, folder.as_uri()))


def _write_requirements(call: InstallCall, request: InstallRequest, options: IndexOptions) -> Path:
    lines = index_lines(options)
    lines += ["--pre"] if options.pre else []
    lines += ["--prefer-binary"] if options.prefer_binary else []
    lines += [f"--trusted-host {host}" for host in options.trusted_hosts]
    lines += ["--require-hashes"] if call.require_hashes else []
    lines += call_lines(call, request.project_root, with_pip_options=True)
    if call.constraints:
        constraints = request.work_directory / f"{call.name}-constraints.txt"
        write_private(constraints, [requirement_line(one, request.project_root) for one in call.constraints])
        lines.append(f"-c {constraints.name}")
    return write_private(request.work_directory / f"{call.name}.txt", lines)


def _urls(declared: IndexOptions, configured: IndexOptions, request: InstallRequest) -> Sequence[str]:
    urls = [one.line for one in request.requirements.requirements]
    for options in (declared, configured):
        urls += [*options.extra_index_urls, *options.find_links, options.index_url or ""]
    return urls
