"""The files that pip-compile reads, written into the work directory, and the lock that it writes there."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.engines.requirements_writing import index_lines, requirement_line, write_private
from pyve.engines.uv_settings import localise
from pyve.lockers.locker import LockTask
from pyve.lockers.pip_tools.body import read_pins
from pyve.lockers.pip_tools.inputs import CompileFile, CompileInputs
from pyve.project.requirement import IndexOptions


@dataclass(frozen=True, kw_only=True)
class WrittenInputs:
    """The files in the work directory: what is read, what constrains, what is written; and what each stands for.

    Files of the project itself are relative to its root, which is where pip-compile runs.
    """

    sources: tuple[Path | str, ...]
    constraints: tuple[Path, ...]
    output: Path
    labels: Mapping[Path, str]
    built_extras: tuple[str, ...]


def write_inputs(inputs: CompileInputs, declared: IndexOptions, task: LockTask) -> WrittenInputs:
    """Write `inputs` and, where its versions shall be kept, the pins of the lock that is there."""
    folder = task.work_directory
    labels: dict[Path, str] = {}

    def write(files: tuple[CompileFile, ...], name: str) -> list[Path]:
        paths = []
        for number, file in enumerate(files):
            lines = [requirement_line(one, task.root, with_pip_options=True) for one in file.requirements]
            paths.append(write_private(folder / f"{name}-{number}.txt", lines))
            labels[paths[-1]] = file.label
        return paths

    options = write_private(folder / "options.txt", _option_lines(localise(declared, task.root)[0]))
    sources = write(inputs.files, "declared")
    constraints = write(inputs.constraints, "constraints")
    if task.constraints:
        constraints.append(write_private(folder / "above.txt", task.constraints))
        labels[constraints[-1]] = f"-c {task.target.above[0].name}" if task.target.above else "-c the lock above"
    output = folder / "locked.txt"
    if task.existing is not None and not task.upgrade:
        write_private(output, read_pins(task.existing).splitlines())
    return WrittenInputs(
        sources=(options, *(os.path.relpath(path, task.root) for path in inputs.built), *sources),
        constraints=tuple(constraints),
        output=output,
        labels=labels,
        built_extras=inputs.built_extras,
    )


def _option_lines(options: IndexOptions) -> list[str]:
    lines = [*index_lines(options), *(f"--trusted-host {host}" for host in options.trusted_hosts)]
    return [*lines, *(["--pre"] if options.pre else []), *(["--prefer-binary"] if options.prefer_binary else [])]
