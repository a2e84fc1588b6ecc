"""The options that `init` and `sync` share, turned into what the verbs take."""

from typing import TYPE_CHECKING, Any

from pyve.errors import UsageError

if TYPE_CHECKING:
    from pyve.verbs.bootstrap_place import BootstrapPlace
    from pyve.verbs.environment_plan import Wishes


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
