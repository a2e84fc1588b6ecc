"""The options that `init` and `sync` share, turned into what the verbs take."""

from typing import TYPE_CHECKING, Any

from pyve.errors import UsageError

if TYPE_CHECKING:
    from pyve.verbs.bootstrap_place import BootstrapPlace
    from pyve.verbs.environment_plan import Wishes
    from pyve.verbs.lock_project import LockWishes


def make_wishes(
    *,
    backend: str | None,
    extras: list[str] | None,
    groups: list[str] | None,
    dev: bool | None,
    ignore: bool | None,
    **others: Any,
) -> "Wishes":
    """The wishes; raises UsageError for options that contradict each other."""
    from pyve.environments.choices import Choices
    from pyve.verbs.environment_plan import Wishes

    if others.get("exact") and others.get("keep_extras"):
        raise UsageError("--exact and --keep-extras ask for opposite things.", hint="give one of them")
    if others.get("engine") is not None:  # also where nothing is built, and so no engine chosen
        from pyve.engines.conda.choice import require_engine_name

        require_engine_name(others["engine"], "--engine asks for it")
    choices = Choices(
        backend=backend,
        extras=None if extras is None else tuple(sorted(set(extras))),
        groups=None if groups is None else tuple(sorted(set(groups))),
        dev=dev,
        ignore=ignore,
    )
    return Wishes(choices=choices, **others)


def read_bootstrap_place(*, auto_bootstrap: bool, place: str | None) -> "BootstrapPlace | None":
    """Where a missing micromamba may be downloaded to, None where it may not. Raises UsageError."""
    if not auto_bootstrap:
        if place is not None:
            raise UsageError(
                "--bootstrap-to says where to, and --auto-bootstrap that it may.", hint="add --auto-bootstrap"
            )
        return None
    from pyve.verbs.bootstrap_place import parse_bootstrap_place

    return parse_bootstrap_place("user" if place is None else place, option="--bootstrap-to")


def make_lock_wishes(
    *,
    platforms: list[str] | None = None,
    extras: list[str] | None = None,
    groups: list[str] | None = None,
    upgrade_packages: list[str] | None = None,
    exclude_newer: str | None = None,
    locker: str | None = None,
    **others: Any,
) -> "LockWishes":
    """The wishes of `lock` and `upgrade`; raises UsageError for values that no option has."""
    from pyve.project.locking.settings import CONDA_LOCKERS, PYTHON_LOCKERS
    from pyve.verbs.lock_project import LockWishes

    known = (*PYTHON_LOCKERS, *CONDA_LOCKERS)
    if locker is not None and locker not in known:
        raise UsageError(f"There is no locker {locker!r}.", hint=f"known are: {', '.join(known)}")
    if exclude_newer is not None:
        require_date(exclude_newer)
    return LockWishes(
        platforms=tuple(dict.fromkeys(platforms or ())),
        extras=tuple(extras or ()),
        groups=tuple(groups or ()),
        upgrade_packages=tuple(upgrade_packages or ()),
        exclude_newer=exclude_newer,
        locker=locker,
        **others,
    )


def require_date(text: str) -> None:
    """Raise UsageError for what is no date, or time, of ISO 8601."""
    from datetime import datetime

    try:
        datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise UsageError(f"{text!r} is not a date.", hint="--exclude-newer 2026-11-01") from error
