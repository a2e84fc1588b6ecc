"""What a lock installs for one Python on one machine: names and versions, found without any installer."""

import re
from collections.abc import Iterator, Mapping

from pyve.project.declaration import Declaration
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*===?\s*([^\s,;*]+)\s*(?:;(.*))?$")


def select_locked(declaration: Declaration, markers: Mapping[str, str]) -> Mapping[str, str] | None:
    """Normalised name -> version of all that is installed; `markers` are the values of environment markers (PEP 508).

    None where that is more than is pinned: without a lock, with something beside it, with a package of no version. The
    project itself is left out.
    """
    if not declaration.is_lock:
        return None
    found: dict[str, str] = {}
    for name, version, marker in _list_pins(declaration):
        if name is None or version is None:
            return None
        if not marker or _holds(marker, markers, declaration):
            found[name] = version
    return found


def _list_pins(declaration: Declaration) -> Iterator[tuple[str | None, str | None, str]]:
    for package in declaration.lock_content:
        version = package.get("version")
        yield str(package["name"]), str(version) if version else None, str(package.get("marker") or "")
    for conda in declaration.conda.packages if declaration.conda else ():
        yield normalise_name(conda.name), conda.version, ""
    for requirement in declaration.requirements.requirements:
        yield _read_pin(requirement)


def _read_pin(requirement: Requirement) -> tuple[str | None, str | None, str]:
    found = _PIN.match(requirement.line)
    if found is None:
        return None, None, ""
    return normalise_name(found[1]), found[2], (found[3] or "").strip()


def _holds(marker: str, values: Mapping[str, str], declaration: Declaration) -> bool:
    from packaging.markers import Marker

    chosen: dict[str, str | frozenset[str]] = {
        **values,
        "extras": frozenset(declaration.lock_extras),
        "dependency_groups": frozenset(declaration.lock_groups),
    }
    return Marker(marker).evaluate(chosen, context="lock_file")
