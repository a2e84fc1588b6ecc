"""How far something is, in numbers: `12.3 of 100.0 MB`, `5 of 16`."""

from pyve.environments.progress import ProgressEvent

_UNITS = (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000))


def show_in_line(event: ProgressEvent, width: int) -> str:
    """The message with how far it is; if wider than `width`, its first word and the number, or that alone."""
    if event.done is None:
        return event.message
    count = show_count(event)
    whole, short = f"{event.message}: {count}", f"{event.message.partition(' ')[0]} {count}"
    return next((line for line in (whole, short) if len(line) <= width), count)


def show_count(event: ProgressEvent) -> str:
    """How far it is. Both sizes are in the unit of the whole, so that only one number moves."""
    done, total = event.done or 0, event.total
    if event.unit != "bytes":
        return f"{done} of {total}" if total is not None else str(done)
    unit, size = next(((unit, size) for unit, size in _UNITS if max(total or 0, done) >= size), ("B", 1))
    shown = f"{done / size:.1f}" if size > 1 else str(done)
    if total is None:
        return f"{shown} {unit}"
    return f"{shown} of {total / size:.1f} {unit}" if size > 1 else f"{shown} of {total} {unit}"
