"""The resolutions behind a pylock.toml: one where nothing but the base is locked, more where parts are told apart."""

from dataclasses import replace
from typing import Any

from pyve.errors import BuildFailedError, ResolutionFailedError
from pyve.errors.lock import LockerUnfitError
from pyve.lockers.marker_clauses import MarkerTooLargeError
from pyve.lockers.uv.compilation import Compilation
from pyve.lockers.uv.declared import Declared
from pyve.lockers.uv.existing import keep_versions
from pyve.lockers.uv.pylock_parts import PartResolutions, Row, merge_parts, pins_of
from pyve.lockers.uv.pylock_text import PylockText
from pyve.project.locking.lock_target import LockPart


def resolve_parts(compilation: Compilation, declared: Declared, text: PylockText) -> list[dict[str, Any]]:
    """Return the rows of the lock. Raises a BuildFailedError; where two parts exclude each other it names both."""
    task = compilation.task
    parts = tuple(part for part in task.target.parts if declared.parts[part].requirements or _is_open(part))
    existing = keep_versions(task)
    try:
        written, after = compilation.run(parts, called="all", constraints=task.constraints, existing=existing)
    except ResolutionFailedError as error:
        _find_conflict(compilation, parts, error)
        raise
    together = text.read(written, task.work_directory / "all")
    if not parts:
        return text.shorten(together)
    alone = _Alone(compilation=after, text=text, pins=(*task.constraints, *pins_of(together)))
    base = alone.resolve((), "base")
    of_parts = {part: alone.resolve((part,), f"part-{number}") for number, part in enumerate(parts)}
    try:
        return merge_parts(PartResolutions(together=together, base=base, parts=of_parts), text.platforms)
    except MarkerTooLargeError as error:
        raise LockerUnfitError(
            "What these extras and groups need differs in too many ways between platforms and Pythons for one lock.",
            hint=f"pyve lock --{parts[0].kind} {parts[0].name}  # lock fewer of them, or for fewer platforms",
        ) from error


class _Alone:
    """Resolves some of the parts, held to the versions of all together."""

    def __init__(self, *, compilation: Compilation, text: PylockText, pins: tuple[str, ...]) -> None:
        self._compilation, self._text, self._pins = compilation, text, pins

    def resolve(self, parts: tuple[LockPart, ...], called: str) -> list[Row]:
        """Return the rows, from uv's cache where it holds everything: the index was asked a moment ago."""
        compilation = self._compilation
        try:
            cached = replace(compilation, runner=replace(compilation.runner, offline=True))
            written, _ = cached.run(parts, called=f"{called}-cached", constraints=self._pins)
            called = f"{called}-cached"
        except BuildFailedError:
            if compilation.runner.offline:
                raise
            written, _ = compilation.run(parts, called=called, constraints=self._pins)
        return self._text.read(written, compilation.task.work_directory / called)


def _is_open(part: LockPart) -> bool:
    """True where only a build system knows what the part holds."""
    return part.source.name != "pyproject.toml"


def _find_conflict(compilation: Compilation, parts: tuple[LockPart, ...], error: ResolutionFailedError) -> None:
    """Raise a better error than `error` where parts that are fine alone exclude each other."""
    if len(parts) < 2:
        return
    trials = _Trials(compilation=compilation)
    if not trials.fits(()) or not all(trials.fits((part,)) for part in parts):
        return  # what was said is all there is to say
    for number, first in enumerate(parts):
        for second in parts[number + 1 :]:
            if not trials.fits((first, second)):
                raise _tell_conflict(first, second, error)


class _Trials:
    """Which parts can be resolved together."""

    def __init__(self, *, compilation: Compilation) -> None:
        self._compilation, self._count = compilation, 0

    def fits(self, parts: tuple[LockPart, ...]) -> bool:
        """Whether these alone can be."""
        self._count += 1
        try:
            self._compilation.run(parts, called=f"trial-{self._count}", constraints=self._compilation.task.constraints)
        except ResolutionFailedError:
            return False
        return True


def _tell_conflict(first: LockPart, second: LockPart, error: ResolutionFailedError) -> ResolutionFailedError:
    shown = [f"the {part.kind} {part.name!r}" for part in (first, second)]
    return ResolutionFailedError(
        f"{shown[0][:1].upper()}{shown[0][1:]} and {shown[1]} exclude each other, so one lock cannot hold both. "
        f"{error.message}",
        hint=f"pyve lock --{first.kind} {first.name}  # with that one alone, and with every other part that you name",
    )
