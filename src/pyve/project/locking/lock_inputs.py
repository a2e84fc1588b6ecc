"""What a lock is made from, in canonical form: equal for every spelling, comments and order not counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.project.locking.lock_target import LockFormat, LockTarget


@dataclass(frozen=True, kw_only=True)
class LockInput:
    """One thing declared. `text` is canonical; `name` the package's, None for options and the like.

    `origin` is `requirements.in:3`. Texts of what is no plain requirement begin with what they are: `constraint: `,
    `group dev: `, `extra plot: `, `option: `, `setting: ` (of uv; `setting: pip-tools.`), `requires-python: `,
    `file: ` (what counts by its content), `conda: `, `channels: `, `pip: `.
    """

    text: str
    origin: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class LockInputs:
    """All that the sources of a target declare, each text once, in their order; `files` are all that were read."""

    inputs: tuple[LockInput, ...]
    files: tuple[Path, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What the stamp holds."""
        return tuple(dict.fromkeys(one.text for one in self.inputs))


@dataclass(frozen=True, kw_only=True)
class InputPart:
    """What one file declares, and the files that were read for it."""

    inputs: tuple[LockInput, ...] = ()
    files: tuple[Path, ...] = ()


def read_lock_inputs(target: LockTarget, *, root: Path, environment: Mapping[str, str]) -> LockInputs:
    """Read the sources and parts of `target`. Raises what reading those manifests raises, with file and line."""
    if target.format is LockFormat.CONDA_LOCK:
        from pyve.project.locking.environment_inputs import read_environment_inputs  # a venv has no use for YAML

        parts = [read_environment_inputs(path, root=root, environment=environment) for path in target.sources]
    else:
        parts = _read_parts(target, root, environment)
    first: dict[str, LockInput] = {}
    for one in (one for part in parts for one in part.inputs):
        first.setdefault(one.text, one)
    return LockInputs(
        inputs=tuple(first[text] for text in sorted(first)),
        files=tuple(dict.fromkeys(file for part in parts for file in part.files)),
    )


def _read_parts(target: LockTarget, root: Path, environment: Mapping[str, str]) -> list[InputPart]:
    from pyve.project.locking.project_inputs import find_own_extras, is_project_file, read_project_inputs
    from pyve.project.locking.requirement_inputs import read_file_inputs

    asked = [(path, "") for path in target.sources]
    asked += [(part.source, f"{part.kind} {part.name}: ") for part in target.parts]
    parts = [
        read_file_inputs(path, root=root, environment=environment, above=target.above, kind=kind)
        for path, kind in asked
        if not is_project_file(path)
    ]
    own_extras = find_own_extras(one for part in parts for one in part.inputs)
    return [*parts, read_project_inputs(target, root=root, environment=environment, own_extras=own_extras)]
