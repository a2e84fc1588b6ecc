"""Which of the extras and groups that a lock could hold it does hold: those that were asked for, now or earlier."""

from collections.abc import Iterable
from dataclasses import replace

from pyve.errors.lock import LockInvalidError, LockTooNewError
from pyve.project.locking.lock_stamp import read_stamp
from pyve.project.locking.lock_target import LockPart, LockTarget
from pyve.system.files import open_plain_file


def select_parts(
    targets: Iterable[LockTarget], *, extras: tuple[str, ...], groups: tuple[str, ...]
) -> tuple[LockTarget, ...]:
    """Return the targets with the named parts alone; nothing named: with those that each was restricted to before.

    Extras that are named leave other extras out, and no group; groups likewise.
    """
    if not extras and not groups:
        return tuple(map(_recall_parts, targets))
    wanted = {*(f"extra:{name}" for name in extras), *(f"group:{name}" for name in groups)}
    return tuple(_restrict(target, wanted) for target in targets)


def name_restriction(target: LockTarget) -> tuple[str, ...]:
    """What the stamp says of it: the parts of those kinds that were restricted, none where none was."""
    return tuple(_name(part) for part in target.parts if part.kind in target.restricted_kinds)


def _name(part: LockPart) -> str:
    return f"{part.kind}:{part.name}"


def _recall_parts(target: LockTarget) -> LockTarget:
    try:
        with open_plain_file(target.destination) as file:
            text = file.read().decode("utf-8-sig")
        stamp = read_stamp(text, target.format)
    except (OSError, ValueError, LockInvalidError, LockTooNewError):  # its judgement tells
        return target
    return _restrict(target, set(stamp.only)) if stamp is not None and stamp.only else target


def _restrict(target: LockTarget, wanted: set[str]) -> LockTarget:
    kinds = frozenset(name.partition(":")[0] for name in wanted)
    parts = tuple(part for part in target.parts if part.kind not in kinds or _name(part) in wanted)
    return target if parts == target.parts else replace(target, parts=parts, restricted_kinds=kinds)
