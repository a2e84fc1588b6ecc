"""The moment after which packages do not exist for a lock: the same one on every machine, whatever its time zone."""

from datetime import date, datetime, time, timedelta, timezone

from pyve.errors.lock import LockerUnfitError


def read_cutoff(text: str) -> datetime:
    """Return the moment that `text` names, in UTC; of a date, its end.

    Raises LockerUnfitError for what is neither a date nor a time (ISO 8601): durations mean something else every day.
    """
    stripped = text.strip()
    try:
        day = date.fromisoformat(stripped)
    except ValueError:
        return _read_time(stripped)
    return datetime.combine(day + timedelta(days=1), time(), timezone.utc)


def write_cutoff(text: str) -> str:
    """Return that moment as RFC 3339 writes it, as tools take it; raises as `read_cutoff` does."""
    return read_cutoff(text).isoformat().replace("+00:00", "Z")


def _read_time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.removesuffix("Z") + ("+00:00" if text.endswith("Z") else ""))
    except ValueError as error:
        raise LockerUnfitError(
            f"{text!r} is neither a date nor a time, and a lock can only leave out what is newer than one of these.",
            hint="pyve lock --exclude-newer 2026-11-01",
        ) from error
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)
