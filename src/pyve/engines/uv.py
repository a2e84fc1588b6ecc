"""uv, which resolves and installs in one run: the installer of choice."""

import contextlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.engines.bundled_pip import find_bundled_pip, offer_bundled_pip
from pyve.engines.install_plan import InstallCall, plan_calls
from pyve.engines.installation import InstallRequest
from pyve.engines.installer_output import open_log
from pyve.engines.local_sources import reinstall_arguments
from pyve.engines.pip_configuration import combine_options, find_configuration_places, read_pip_configuration
from pyve.engines.redaction import redactor
from pyve.engines.requirements_writing import call_lines, index_lines, requirement_line, write_private
from pyve.engines.uv_run import UvRunner
from pyve.engines.uv_settings import configured_options, localise, refuse_settings_of_others, uv_environment
from pyve.engines.wheels_only import WHEELS_ONLY, forbid_builds
from pyve.environments.progress import Progress
from pyve.errors import ResolutionFailedError
from pyve.project.requirement import IndexOptions
from pyve.system.directories import cache_directory
from pyve.system.process import run_captured

_PIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*==\S+")


@dataclass(frozen=True, kw_only=True)
class UvInstaller:
    """Installs with `uv pip install`; `environment` is this process's."""

    executable: Path
    environment: Mapping[str, str]
    name: str = "uv"

    def version(self) -> str:
        """The version that the executable tells."""
        return read_uv_version(self.executable)

    def install(self, request: InstallRequest, progress: Progress) -> None:
        """Fill the environment. Raises a BuildFailedError that says why it could not be done."""
        refuse_settings_of_others(request.project_root)
        places = find_configuration_places(self.environment, request.prefix)
        configuration = read_pip_configuration(self.environment, places)
        configured = configured_options(configuration.options, self.environment)
        options, absent = localise(combine_options(request.requirements.options, configured), request.project_root)
        options = forbid_builds(options) if request.wheels_only else options
        environment = uv_environment(self.environment, configuration)
        redact = redactor(environment, _urls(options, request))
        require_hashes = options.require_hashes or bool(self.environment.get("UV_REQUIRE_HASHES"))
        with open_log(request.log) as write:
            for place in absent:
                write(redact(f"pyve: --find-links {place} is left out: there is no such directory"))
            runner = UvRunner(
                executable=self.executable,
                directory=request.project_root,
                environment=environment,
                log=request.log,
                write=write,
                redact=redact,
                progress=progress,
                requirements=(*request.requirements.requirements, *request.requirements.constraints),
                work_directory=request.work_directory,
                inherited_descriptors=request.inherited_descriptors,
                offline=request.offline,
                wheels_only=request.wheels_only,
            )
            for call in plan_calls(request, require_hashes=require_hashes):
                try:
                    runner = _perform(call, request, options, runner)
                except ResolutionFailedError:
                    _find_refusal(call, request, options, runner)
                    raise


def read_uv_version(executable: Path) -> str:
    """`0.9.1`, as `executable` tells it. Raises OSError or TimeoutError when it cannot run here."""
    finished = run_captured([executable, "--version"], timeout_seconds=30)
    found = re.match(r"uv (\d\S*)", finished.stdout)
    if finished.exit_status != 0 or not found:
        raise OSError(f"{executable} --version: {(finished.stderr or finished.stdout).strip() or finished.exit_status}")
    return found[1]


def _perform(call: InstallCall, request: InstallRequest, options: IndexOptions, runner: UvRunner) -> UvRunner:
    """Make one call; preferences are constraints first and, where those cannot hold, uv's wishes."""
    common = _common_arguments(call, request, options, runner.environment)
    anew = reinstall_arguments(call, request.local_sources)
    install = ["pip", "install", *common, *anew, *_install_arguments(call)]
    if call.lock_file is not None:
        return runner.run([*install, *_lock_arguments(call)])
    file = _write_requirements(call, request, _with_seed(call, request, options, runner.environment))
    install += ["-r", os.fspath(file)]
    if not call.preferences:
        return runner.run(install)
    pins = write_private(request.work_directory / "preferences.txt", call.preferences)
    try:
        return runner.run([*install, "--constraints", os.fspath(pins)])
    except ResolutionFailedError:
        # uv takes the versions that already stand in an output file as wishes and leaves those that do not fit.
        refresh = [] if runner.offline else [word.replace("--reinstall", "--refresh") for word in anew]
        runner = runner.run(["pip", "compile", *common, *refresh, "--no-header", "--no-annotate", "-o", pins, file])
    fitting = [line for line in pins.read_text(encoding="utf-8").splitlines() if _PIN.match(line)]
    kept = write_private(request.work_directory / "kept.txt", fitting)
    return runner.run([*install, "--constraints", kept])


def _find_refusal(call: InstallCall, request: InstallRequest, options: IndexOptions, runner: UvRunner) -> None:
    """Raise what lies behind a failed resolution: looking for the best match, uv passes over an index that refuses."""
    if call.lock_file is not None or "UV_INDEX_STRATEGY" in runner.environment:
        return
    file = request.work_directory / f"{call.name}.txt"
    common = _common_arguments(call, replace(request, index_strategy="first-index"), options, runner.environment)
    with contextlib.suppress(ResolutionFailedError):
        runner.run(["pip", "install", "--dry-run", *common, *_install_arguments(call), "-r", os.fspath(file)])


def _common_arguments(
    call: InstallCall, request: InstallRequest, options: IndexOptions, environment: Mapping[str, str]
) -> list[str]:
    arguments = ["--python", os.fspath(request.python)]
    for host in options.trusted_hosts:
        arguments += ["--allow-insecure-host", host]
    if request.wheels_only:
        arguments += WHEELS_ONLY
    elif call.lock_file is not None:  # otherwise the file of requirements says it
        arguments += [word for names in options.only_binary for word in ("--only-binary", names)]
    if call.lock_file is None and not environment.get("UV_INDEX_STRATEGY"):
        best = request.index_strategy == "best-match"
        arguments += ["--index-strategy", "unsafe-best-match" if best else "first-index"]
    return [*arguments, *(["--prerelease", "allow"] if options.pre else [])]


def _install_arguments(call: InstallCall) -> list[str]:
    arguments = ["--require-hashes"] if call.require_hashes else []
    return [*arguments, *(["--no-deps"] if call.no_dependencies else [])]


def _lock_arguments(call: InstallCall) -> list[str]:
    arguments = ["--preview-features", "pylock", "-r", os.fspath(call.lock_file or "")]
    for extra in call.lock_extras:
        arguments += ["--extra", extra]
    for group in call.lock_groups:
        arguments += ["--group", group]
    return arguments


def _write_requirements(call: InstallCall, request: InstallRequest, options: IndexOptions) -> Path:
    lines = [*index_lines(options), *call_lines(call, request.project_root)]
    if call.constraints:
        constraints = request.work_directory / f"{call.name}-constraints.txt"
        write_private(constraints, [requirement_line(one, request.project_root) for one in call.constraints])
        lines.append(f"-c {constraints.name}")
    return write_private(request.work_directory / f"{call.name}.txt", lines)


def _with_seed(
    call: InstallCall, request: InstallRequest, options: IndexOptions, environment: Mapping[str, str]
) -> IndexOptions:
    """The options; where pip is put in, with the bundled wheel as one more place, for indexes that have none."""
    wheel = find_bundled_pip(request.prefix) if "pip" in call.seeds else None
    if wheel is None:
        return options
    folder = offer_bundled_pip(wheel, Path(cache_directory(environment)))
    return replace(options, find_links=(*options.find_links, folder.as_uri()))


def _urls(options: IndexOptions, request: InstallRequest) -> tuple[str, ...]:
    places = (*options.extra_index_urls, *options.find_links, options.index_url or "")
    return (*places, *(one.line for one in request.requirements.requirements))
