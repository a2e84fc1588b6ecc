"""Which packages a plan brings, takes away and changes, where that is known before anything is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyve.project.locked_packages import select_locked
from pyve.verbs.environment_plan import Action, Plan


@dataclass(frozen=True, kw_only=True)
class PackageChanges:
    """Normalised names with versions; `changed` holds `old -> new`."""

    added: Mapping[str, str] = field(default_factory=dict)
    removed: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)


def compare_packages(before: Mapping[str, str], after: Mapping[str, str]) -> PackageChanges:
    """What makes the difference."""
    return PackageChanges(
        added={name: version for name, version in after.items() if name not in before},
        removed={name: version for name, version in before.items() if name not in after},
        changed={
            name: f"{before[name]} -> {version}"
            for name, version in after.items()
            if name in before and before[name] != version
        },
    )


def foresee_changes(plan: Plan) -> PackageChanges | None:
    """What the plan will change of the environment in use: a lock says it, and so does an environment that is there.

    None where only a resolution would tell. What no lock names is left out: seeds and the project itself.
    """
    before = plan.before.distributions if plan.before else {}
    if plan.action in (Action.KEEP, Action.REFRESH):
        return PackageChanges()
    if plan.record is not None:
        return compare_packages(before, plan.record.distributions)
    locked = select_locked(plan.demand.spec.declaration, _read_markers(plan)) if plan.demand else None
    if locked is None:
        return None
    kept = dict(pin.split("==", 1) for pin in plan.keep)
    unnamed = {*(plan.before.seeds if plan.before else ()), *_name_project(plan)} - locked.keys()
    return compare_packages(
        {name: version for name, version in before.items() if name not in unnamed}, {**kept, **locked}
    )


def _read_markers(plan: Plan) -> Mapping[str, str]:
    """The markers of this machine for the Python that the plan builds with."""
    from packaging.markers import default_environment

    values = {name: str(value) for name, value in default_environment().items()}
    demand, interpreter = plan.demand, plan.interpreter.interpreter if plan.interpreter else None
    if interpreter is not None:
        full = interpreter.version_text
        is_cpython = interpreter.implementation == "cpython"
        values["implementation_name"] = interpreter.implementation
        values["platform_python_implementation"] = "CPython" if is_cpython else "PyPy"
    else:
        conda = demand.spec.declaration.conda if demand else None
        full = next((one.version for one in conda.packages if one.name == "python"), "") if conda else ""
    if full:
        values |= {"python_full_version": full, "python_version": ".".join(full.split(".")[:2])}
    return values


def _name_project(plan: Plan) -> frozenset[str]:
    """What the project itself is called as a distribution."""
    declaration = plan.demand.spec.declaration if plan.demand else None
    if declaration is None or declaration.editable_project is None:
        return frozenset()
    from pyve.engines.local_sources import read_distribution_names

    return frozenset(read_distribution_names(declaration.editable_project))
