"""The packages that alone are to be upgraded: each of them is in one of the locks."""

from pyve.errors import UsageError
from pyve.project.nearest_name import find_nearest_name
from pyve.project.package_name import normalise_name
from pyve.verbs.lock_plan import LockPlan


def refuse_names_not_locked(plan: LockPlan) -> None:
    """Raise UsageError for a wished name that no lock of the plan holds, before or after."""
    locked = {normalise_name(name): name for one in plan.locks for name in (*one.versions_before, *one.versions_after)}
    for name in plan.project.wishes.upgrade_packages:
        if normalise_name(name) not in locked:
            nearest = find_nearest_name(normalise_name(name), sorted(locked))
            files = ", ".join(plan.project.show(one.target.destination) for one in plan.locks)
            raise UsageError(
                f"{name} is not in {files}, so there is nothing of it to upgrade.",
                hint=f"did you mean: {locked[nearest]}" if nearest else f"pyve add {name}",
            )
