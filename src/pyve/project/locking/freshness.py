"""Whether a lock still answers what is declared: by its content and theirs, never by the times of files."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from pyve.errors import ManifestUnreadableError
from pyve.errors.lock import LockInvalidError
from pyve.project.locking.lock_inputs import LockInputs, read_lock_inputs
from pyve.project.locking.lock_stamp import LockStamp, is_as_written, read_stamp
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.locking.locked_versions import read_locked_versions
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_as_pip_does, decode_utf8, show_path

if TYPE_CHECKING:
    from pyve.project.manifests.conda_lock_yml import CondaLockYml


class LockState(Enum):
    """What a lock is; all but FRESH and MISSING are told with a reason."""

    FRESH = "fresh"
    MISSING = "missing"
    STALE = "stale"  # something else is declared now
    EDITED = "edited"  # somebody changed what it pins
    EMPTY = "empty"  # it holds nothing, although something is declared
    DAMAGED = "damaged"  # truncated, merge conflict, not its format
    OTHER_PLATFORM = "other-platform"  # made for others than this one, or than configured
    OTHER_PYTHON = "other-python"


@dataclass(frozen=True, kw_only=True)
class LockJudgement:
    """`reasons` are sentences without a full stop, each naming what changed, how, and where it stands.

    `judged_by` is "digest" (the lock holds what it was made from) or "content" (another tool's: each thing declared
    is met by a pin). `files` are those that declare, as far as they were read. `conda_lock` is what a conda-lock.yml
    holds, None where its rows could not be read.
    """

    state: LockState
    reasons: tuple[str, ...] = ()
    judged_by: str = "digest"
    files: tuple[Path, ...] = field(default=(), compare=False)
    conda_lock: "CondaLockYml | None" = field(default=None, compare=False, repr=False)

    @property
    def is_fresh(self) -> bool:
        """Whether it can be installed as an answer to what is declared."""
        return self.state is LockState.FRESH


def judge_python_lock(
    target: LockTarget,
    *,
    root: Path,
    environment: Mapping[str, str],
    platforms: tuple[str, ...],
    python_version: str | None = None,
) -> LockJudgement:
    """Judge a requirements.txt or pylock.toml. Nothing is resolved, no process started.

    `platforms` are those that it must cover; `python_version` is the one it is installed for, None where that is open.
    The state is the first that holds of: missing, damaged, empty, stale, edited, other platform, other Python; the
    reasons are those of all that hold. Raises LockTooNewError, PlatformUnknownError, and what reading the declaring
    files raises.
    """
    path, shown = target.destination, show_path(target.destination, root)
    if not os.path.lexists(path):
        return LockJudgement(state=LockState.MISSING)
    try:
        text = read_lock_text(path, target.format)
        stamp = read_stamp(text, target.format, shown=shown)
        is_intact = stamp is not None and is_as_written(text, stamp, target.format)
        damage = None if is_intact else _find_damage(text, target, shown)
    except _UndecodableError as error:
        return LockJudgement(state=LockState.DAMAGED, reasons=(str(error),))
    except LockInvalidError as error:
        return LockJudgement(state=LockState.DAMAGED, reasons=(error.message.rstrip("."),))
    if damage:
        return LockJudgement(state=LockState.DAMAGED, reasons=(damage,), judged_by="digest" if stamp else "content")
    inputs = read_lock_inputs(target, root=root, environment=environment)
    wishes = _Wishes(target=target, root=root, shown=shown, platforms=platforms, python_version=python_version)
    findings = (
        wishes.judge_stamped(text, stamp, inputs, is_intact=is_intact) if stamp else wishes.judge_content(text, inputs)
    )
    found = [(state, reasons) for state, reasons in findings if reasons]
    return LockJudgement(
        state=found[0][0] if found else LockState.FRESH,
        reasons=tuple(dict.fromkeys(reason for _, reasons in found for reason in reasons)),
        judged_by="digest" if stamp else "content",
        files=inputs.files,
    )


def read_lock_text(path: Path, lock_format: LockFormat) -> str:
    """Return the text of a lock; ManifestUnreadableError, and _UndecodableError for what is no text."""
    raw = read_manifest_bytes(path)
    try:
        return decode_as_pip_does(raw, path) if lock_format is LockFormat.REQUIREMENTS else decode_utf8(raw, path)
    except ManifestUnreadableError as error:
        raise _UndecodableError(
            f"{path.name} is no text: it was damaged, or saved by a program for other files"
        ) from error


Finding = tuple[LockState, tuple[str, ...]]


class _UndecodableError(ValueError):
    """The bytes of a lock are no text."""


@dataclass(frozen=True, kw_only=True)
class _Wishes:
    """What a lock is held against, beside what is declared."""

    target: LockTarget
    root: Path
    shown: str
    platforms: tuple[str, ...]
    python_version: str | None

    def judge_stamped(self, text: str, stamp: LockStamp, inputs: LockInputs, *, is_intact: bool) -> Iterator[Finding]:
        """By what the lock says it was made from."""
        changes: tuple[str, ...] = ()
        if set(inputs.texts) != set(stamp.inputs):
            from pyve.project.locking.input_changes import describe_changes

            changes = describe_changes(stamp.inputs, inputs)
        if (
            not is_intact
            and not read_locked_versions(text, self.target.format)
            and any(one.name for one in inputs.inputs)
        ):
            yield LockState.EMPTY, (f"{self.shown} pins nothing any more",)
            return
        yield LockState.STALE, (*changes, *self._disagreements(text))
        if not is_intact:
            own = replace(self, platforms=stamp.platforms)  # what it lacks for others, it never had
            known = next(
                (reasons for state, reasons in own.judge_content(text, inputs) if state is LockState.STALE), ()
            )
            yield LockState.EDITED, (f"what {self.shown} pins was changed after it was locked", *known)
        missing = [platform for platform in self.platforms if platform not in stamp.platforms]
        if missing:
            made = f"{self.shown} was made for {', '.join(stamp.platforms)}, and not for {', '.join(missing)}"
            yield LockState.OTHER_PLATFORM, (made,)
        if self.python_version and stamp.python:
            from pyve.project.locking.python_range import admits

            if not admits(stamp.python, self.python_version):
                made = f"{self.shown} was made for Python {stamp.python}, and not for {self.python_version}"
                yield LockState.OTHER_PYTHON, (made,)

    def judge_content(self, text: str, inputs: LockInputs) -> Iterator[Finding]:
        """By what it pins."""
        from pyve.project.locking.content_judgement import judge_content
        from pyve.project.locking.lock_pins import read_lock_pins

        pins = read_lock_pins(text, self.target.format, shown=self.shown)
        found = judge_content(
            pins,
            inputs,
            root=self.root,
            platforms=self.platforms,
            python_version=self.python_version,
            shown=self.shown,
        )
        if found.unmet and not pins.pins:
            yield LockState.EMPTY, (f"{self.shown} pins nothing",)
            return
        yield LockState.STALE, (*found.unmet, *self._disagreements(text))
        yield LockState.OTHER_PLATFORM, found.on_platforms
        yield LockState.OTHER_PYTHON, found.on_python

    def _disagreements(self, text: str) -> Iterator[str]:
        """Name what a lock that is installed along pins to another version."""
        own = read_locked_versions(text, self.target.format) if self.target.above else {}
        for path in self.target.above:
            if not path.is_file():
                continue
            try:
                above = read_locked_versions(read_lock_text(path, self.target.format), self.target.format)
            except _UndecodableError:
                continue  # its own judgement says so
            for name in sorted(set(own) & set(above)):
                if not set(own[name]) & set(above[name]):
                    yield f"{name} is {', '.join(above[name])} in {path.name}, and {', '.join(own[name])} here"


def _find_damage(text: str, target: LockTarget, shown: str) -> str | None:
    from pyve.project.locking.lock_damage import find_damage

    return find_damage(text, target.format, shown=shown)
