"""Where a bootstrapped program goes: for the user, or into the workshop of one project."""

from typing import Literal

from pyve.errors import UsageError

BootstrapPlace = Literal["user", "project"]


def parse_bootstrap_place(text: str, *, option: str) -> BootstrapPlace:
    """The place that `option` was given; raises UsageError for one that is none."""
    if text == "user":
        return "user"
    if text == "project":
        return "project"
    raise UsageError(f"{option} {text}: known are user and project.", hint=f"{option} user")
