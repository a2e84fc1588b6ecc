"""Lock with pip-compile, which resolves with pip: for the project's own Python, on the platform that it runs on."""

import contextlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.engines.requirements_writing import write_private
from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors import IndexUnauthorisedError, IndexUnreachableError, PyveError, ResolutionFailedError
from pyve.errors.lock import LockerUnavailableError, LockerUnfitError
from pyve.lockers.build_leftovers import sweep_build_leftovers
from pyve.lockers.cutoff import write_cutoff
from pyve.lockers.heading import tell_stripped
from pyve.lockers.left_out import tell_left_out
from pyve.lockers.locker import LockedText, LockTask
from pyve.lockers.pip_tools.body import make_portable
from pyve.lockers.pip_tools.failures import explain_compile_failure, list_yanked
from pyve.lockers.pip_tools.inputs import CompileInputs, read_compile_inputs
from pyve.lockers.pip_tools.settings import PipToolsSettings, read_pip_tools_settings
from pyve.lockers.pip_tools.written_inputs import WrittenInputs, write_inputs
from pyve.lockers.tool_environment import ToolOutput, ToolRun, run_tool
from pyve.lockers.unhashable import refuse_unhashable
from pyve.project.conda.subdir import current_subdir
from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.platform_markers import marker_of
from pyve.project.manifests.index_options import join_options
from pyve.project.requirement import IndexOptions

TRIED_VERSION = "7.6.2"
_TRIED_PIP = "pip<26.4"  # pip-tools calls what is private in pip, and breaks with some later one
_USE_UV = "pyve lock --locker uv"
_NOT_FOUND = "(from versions: "  # of pip, of a requirement that no file fits
_QUIETLY = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COLOR": "1", "PIP_PROGRESS_BAR": "off"}


@dataclass(frozen=True, kw_only=True)
class PipToolsLocker:
    """Makes a requirements.txt with hashes for one Python and one platform."""

    name: str = "pip-tools"

    def lock(self, task: LockTask, progress: Progress) -> LockedText:
        """Make the lock; see Locker."""
        python = _refuse_unfit(task)
        inputs = read_compile_inputs(task.target, root=task.root, environment=task.environment)
        refuse_unhashable(inputs.declared)
        settings = read_pip_tools_settings(task.root)
        declared = join_options(inputs.options, settings.index)
        _refuse_offline(task, declared)
        written = write_inputs(inputs, declared, task)
        run = _plan_run(written, settings, declared, task, python)
        progress(ProgressEvent(phase="solve", message="Resolving with pip-compile"))
        with sweep_build_leftovers(task.root):
            output = run_tool(run, task, progress)
        if output.exit_status != 0:
            raise _explain(output, run, inputs, task, progress)
        text = written.output.read_text(encoding="utf-8") if written.output.exists() else ""
        body = make_portable(text, labels=written.labels, declared=declared, root=task.root, platforms=task.platforms)
        notes = (
            *tell_left_out(inputs.declared, task.platforms, task.python),
            *tell_stripped(declared),
            *list_yanked(output.text),
            *settings.notes,
        )
        return LockedText(body=body, tool=f"pip-tools {run.version}", notes=notes)


def _refuse_unfit(task: LockTask) -> Path:
    """Raise where pip-tools cannot make this lock; return the Python to resolve under."""
    if task.target.format is not LockFormat.REQUIREMENTS:
        raise LockerUnfitError(
            f"pip-tools writes requirements.txt alone, not {task.target.format.value}.",
            hint=f'{_USE_UV}, or in pyve.toml: lock.format = "requirements.txt"',
        )
    for name in task.platforms:
        marker_of(name)  # raises for one that is unknown
    here = current_subdir()
    others = [name for name in task.platforms if name != here]
    if others:
        options = " ".join(f"--platform {name}" for name in task.platforms)
        raise LockerUnfitError(
            f"pip-tools resolves only for the platform that it runs on, {here}, and not for {', '.join(others)}.",
            hint=f"{_USE_UV} {options}",
        )
    if task.python.interpreter is None:
        raise LockerUnavailableError(
            f"pip-tools resolves under the project's own Python, and none on this machine is {task.python.specifier} "
            f"({task.python.source}).",
            hint=_USE_UV,
        )
    return task.python.interpreter


def _refuse_offline(task: LockTask, declared: IndexOptions) -> None:
    if task.offline and not declared.no_index:
        raise LockerUnfitError(
            "pip-tools cannot resolve from the caches alone, as --offline asks.", hint=f"{_USE_UV} --offline"
        )


def _plan_run(
    written: WrittenInputs, settings: PipToolsSettings, declared: IndexOptions, task: LockTask, python: Path
) -> ToolRun:
    arguments: list[str | os.PathLike[str]] = ["--verbose", "--no-header", "--generate-hashes", "--allow-unsafe"]
    arguments += ["--no-emit-options", "--newline", "lf", "--output-file", written.output]
    if not {"strip-extras", "no-strip-extras"} & set(settings.options):
        arguments.append("--strip-extras")
    arguments += ["--config", _write_config(settings, task)] if settings.options else ["--no-config"]
    for path in written.constraints:
        arguments += ["--constraint", path]
    for extra in written.built_extras:
        arguments += ["--extra", extra]
    if task.upgrade:
        arguments.append("--upgrade")
    for name in () if task.upgrade else task.upgrade_packages:
        arguments += ["--upgrade-package", name]
    if task.exclude_newer:
        arguments += ["--uploaded-prior-to", write_cutoff(task.exclude_newer)]
    return ToolRun(
        tool="pip-tools",
        version=task.tool_version or TRIED_VERSION,
        executable="pip-compile",
        arguments=(*arguments, *written.sources),
        python=python,
        beside=() if task.tool_version else (_TRIED_PIP,),
        variables={"PIP_RETRIES": task.environment.get("PIP_RETRIES", "1"), **_QUIETLY},
        urls=(*declared.extra_index_urls, *declared.find_links, declared.index_url or ""),
        instead=_USE_UV,
    )


def _write_config(settings: PipToolsSettings, task: LockTask) -> Path:
    import tomli_w

    text = tomli_w.dumps({"tool": {"pip-tools": dict(settings.options)}})
    return write_private(task.work_directory / "pip-tools.toml", text.splitlines())


def _explain(output: ToolOutput, run: ToolRun, inputs: CompileInputs, task: LockTask, progress: Progress) -> PyveError:
    """What went wrong; that an index refuses shows in a debug log alone, so what was not found is tried with one."""
    failure = explain_compile_failure(
        output.text, exit_status=output.exit_status, task=task, requirements=inputs.requirements
    )
    if not isinstance(failure, ResolutionFailedError) or _NOT_FOUND not in output.text:
        return failure
    debug = task.work_directory / "debug.log"
    run_tool(replace(run, variables={**run.variables, "PIP_LOG": os.fspath(debug)}), task, progress)
    with contextlib.suppress(OSError):
        told = debug.read_text(encoding="utf-8", errors="replace").splitlines()
        unfetched = "\n".join(line for line in told if "Could not fetch URL" in line)
        hidden = explain_compile_failure(unfetched, exit_status=1, task=task, requirements=())
        if isinstance(hidden, IndexUnauthorisedError | IndexUnreachableError):
            return hidden
    return failure
