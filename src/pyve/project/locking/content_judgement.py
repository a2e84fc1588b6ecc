"""Whether the lock of another tool answers what is declared: each thing declared is met by a pin."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.project.conda.subdir import current_subdir
from pyve.project.locking.declared_demand import Demand
from pyve.project.locking.lock_inputs import LockInputs
from pyve.project.locking.lock_pins import LockPin, LockPins
from pyve.project.locking.platform_markers import PYTHON_PLATFORMS, marker_environment
from pyve.project.locking.python_range import admits, list_minors

Environment = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ContentFindings:
    """What does not fit: on every platform that was asked about, on some of them, and for the Python."""

    unmet: tuple[str, ...] = ()
    on_platforms: tuple[str, ...] = ()
    on_python: tuple[str, ...] = ()


def judge_content(
    pins: LockPins,
    inputs: LockInputs,
    *,
    root: Path,
    platforms: tuple[str, ...],
    python_version: str | None,
    shown: str,
) -> ContentFindings:
    """Hold the pins against what is declared. `shown` is what the lock is called."""
    if python_version and pins.requires_python and not admits(pins.requires_python, python_version):
        return ContentFindings(on_python=(f"it is for Python {pins.requires_python}, and not for {python_version}",))
    excluded = [platform for platform in platforms if not _covers(pins, platform, None)]
    if excluded:
        return ContentFindings(on_platforms=(f"its environments leave out {', '.join(excluded)}",))
    if not all(_covers(pins, platform, python_version) for platform in platforms):
        return ContentFindings(on_python=(f"its environments leave out Python {python_version}",))
    demands = [demand for one in inputs.inputs if (demand := Demand.of_input(one, root)) is not None]
    judge = _Judge(pins=pins, demands=demands, versions=_versions(pins, inputs, python_version), shown=shown)
    found = {platform: list(judge.list_unmet(platform)) for platform in platforms or (current_subdir(),)}
    everywhere = [one for one in next(iter(found.values())) if all(one in other for other in found.values())]
    some = [
        f"{one}, which {platform} needs"
        for platform, sentences in found.items()
        for one in sentences
        if one not in everywhere
    ]
    gone = tuple(_list_gone(pins, demands, inputs))
    # Where one platform has all that it needs, the lock was made for that one.
    if all(found.values()):
        return ContentFindings(unmet=(*everywhere, *some, *gone))
    return ContentFindings(unmet=gone, on_platforms=tuple(some))


@dataclass(frozen=True, kw_only=True)
class _Judge:
    pins: LockPins
    demands: list[Demand]
    versions: tuple[str, ...]
    shown: str

    def list_unmet(self, platform: str) -> Iterator[str]:
        environments = [_environment(platform, version) for version in self.versions]
        for demand in self.demands:
            if demand.kind.startswith(("group ", "extra ")) and self._lacks_part(demand.kind):
                continue  # what a lock does not claim to hold is installed beside it
            problem = self._examine(demand, environments)
            if problem:
                yield problem

    def _lacks_part(self, kind: str) -> bool:
        """Whether a pylock.toml was made without a group or extra: it neither names it, nor has anything of it."""
        if not self.pins.is_pylock or kind in self.pins.parts:
            return False
        wanted = [demand for demand in self.demands if demand.kind == kind]
        return not any(demand.is_about(pin) for demand in wanted for pin in self.pins.pins)

    def _examine(self, demand: Demand, environments: list[Environment]) -> str | None:
        """A sentence where no Python of those in question has the demand met."""
        about = [pin for pin in self.pins.pins if demand.is_about(pin)]
        if demand.kind == "constraint" and not about:
            return None
        applying = [one for one in environments if demand.applies(one)]
        # A lock for one Python leaves out what only others need, and does not say which one it is for.
        if not applying or (not about and len(applying) < len(environments) and not self.pins.is_for_all_pythons):
            return None
        refused: LockPin | None = None
        for environment in applying:
            there = [pin for pin in about if pin.holds(self._with_part(environment, demand.kind))]
            if any(map(demand.is_met_by, there)) or (not there and demand.kind == "constraint"):
                return None
            refused = refused or next(iter(there), None)
        return self._tell(demand, refused)

    def _with_part(self, environment: Environment, kind: str) -> Environment:
        name = kind.partition(" ")[2]
        groups = {*self.pins.default_groups, *([name] if kind.startswith("group ") else [])}
        return {**environment, "extras": {name} if kind.startswith("extra ") else set(), "dependency_groups": groups}

    def _tell(self, demand: Demand, pin: LockPin | None) -> str:
        part = f"{demand.kind}, " if demand.kind.startswith(("group ", "extra ")) else ""
        where = f"({part}{demand.origin})"
        if pin is None:
            return f"{demand.name or demand.shown} {where} is not pinned"
        name = pin.name or demand.name or demand.shown
        if demand.kind == "constraint":
            return f"{name} is pinned to {pin.version or pin.place}, and the constraint is {demand.shown} {where}"
        if not pin.version and not pin.place:
            place = f"{self.shown}:{pin.line}" if pin.line else self.shown
            return f"{name} {where} is not pinned: {place} says {pin.written}"
        return f"{name} is pinned to {pin.version or pin.place}, and {demand.shown} is declared {where}"


def _versions(pins: LockPins, inputs: LockInputs, python_version: str | None) -> tuple[str, ...]:
    """The versions of Python in question: the one that is asked for, that of the lock's header, or all that may be."""
    if python_version or pins.python:
        return (python_version or pins.python or "",)
    declared = [one.text.partition(": ")[2] for one in inputs.inputs if one.text.startswith("requires-python: ")]
    return list_minors(",".join((*declared, pins.requires_python))) or list_minors("")


def _covers(pins: LockPins, platform: str, python_version: str | None) -> bool:
    """Whether a platform is among the environments that a pylock.toml is restricted to."""
    versions = (python_version,) if python_version else list_minors(pins.requires_python) or list_minors("")
    restrictions = [LockPin(name=None, marker_text=one) for one in pins.environments]
    empty: Environment = {"extras": set(), "dependency_groups": set()}
    return not restrictions or any(
        one.holds({**_environment(platform, version), **empty}) for one in restrictions for version in versions
    )


def _environment(platform: str, version: str) -> Environment:
    if platform not in PYTHON_PLATFORMS and platform == current_subdir():
        from packaging.markers import default_environment

        told = {"python_version": ".".join(version.split(".")[:2]), "python_full_version": version}
        return {**default_environment(), **told}
    return marker_environment(platform, version)


def _list_gone(pins: LockPins, demands: list[Demand], inputs: LockInputs) -> Iterator[str]:
    """Name pins that were there for a declaration alone, by the notes of pip-compile and uv, and are not declared."""
    files = {path.name for path in inputs.files}
    declared = {demand.name for demand in demands if demand.kind != "constraint"}
    if any(demand.name is None for demand in demands):
        return  # one of those may be what a path or URL holds
    for pin in pins.pins:
        reasons = [one for one in pin.via if not one.startswith("-c ")]
        if pin.name and pin.name not in declared and reasons and all(_is_of(one, files) for one in reasons):
            yield f"{pin.name} is no longer declared"


def _is_of(via: str, files: set[str]) -> bool:
    """True for `-r requirements.in` and `project (pyproject.toml)`, where that file was read."""
    named = re.match(r"^-r (?P<file>\S+)$|^.+ \((?P<project>[^)]+)\)$", via)
    if named is None:
        return False
    return Path(named["file"] or named["project"].partition(":")[0]).name in files
