"""Markers without what holds anyway on the platforms and Pythons of a lock.

uv repeats all the platforms that it was restricted to in every marker, and where versions of Python are told apart, the
oldest one too. Within the lock that says nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyve.lockers.marker_clauses import ALWAYS, NEVER, Clause, Clauses, both, either, parse_clauses, render_clauses
from pyve.lockers.marker_clauses import shorten as shorten_clauses
from pyve.project.locking.platform_markers import marker_environment, marker_of

# What the platform decides; everything else is left as it stands.
_OF_PLATFORMS = re.compile(r"\b(?:sys_platform|platform_machine|platform_system|os_name)\b")


@dataclass(kw_only=True)
class PlatformClauses:
    """The platforms of one lock, conda's names, and the oldest Python that it serves (`3.11`, empty: any).

    `known` are the markers that were shortened already.
    """

    platforms: tuple[str, ...]
    oldest: str = ""
    known: dict[str, str | None] = field(default_factory=dict)
    truths: dict[tuple[str, str], bool] = field(default_factory=dict)

    def shorten(self, marker: str | None) -> str | None:
        """Return the marker as it counts on these platforms; None where it always holds there.

        A marker that holds on none of them, or that cannot be taken apart, stays as it is.
        """
        if marker is None:
            return None
        if marker not in self.known:
            try:
                self.known[marker] = render_clauses(self.restrict(parse_clauses(marker)))
            except ValueError:
                self.known[marker] = marker
        return self.known[marker]

    def restrict(self, clauses: Clauses) -> Clauses:
        """Return clauses that hold on these platforms where `clauses` do, said as shortly as may be."""
        remaining = {platform: self._remainder(clauses, platform) for platform in self.platforms}
        whole = NEVER
        for remainder in dict.fromkeys(remaining.values()):
            if remainder:
                here = [one for one, there in remaining.items() if there == remainder]
                # Where more than this holds, this may be said too: it is what makes `A or B` of `(A and not B) or B`.
                if all(either(remainder, there) == there for there in remaining.values()):
                    here = list(self.platforms)
                whole = either(whole, both(self._tell_apart(here), remainder))
        return whole

    def _remainder(self, clauses: Clauses, platform: str) -> Clauses:
        """Return what is left to be decided on `platform`."""
        left = []
        for whole in clauses:
            clause = whole - {f"python_full_version >= '{self.oldest}'"}
            decided = {one for one in clause if _OF_PLATFORMS.search(one)}
            if all(self._is_true(one, platform) for one in decided):
                left.append(clause - decided)
        return shorten_clauses(left)

    def _is_true(self, comparison: str, platform: str) -> bool:
        key = comparison, platform
        if key not in self.truths:
            from packaging.markers import Marker

            self.truths[key] = Marker(comparison).evaluate(dict(marker_environment(platform)))
        return self.truths[key]

    def _tell_apart(self, chosen: list[str]) -> Clauses:
        """Return what holds on the `chosen` ones of the platforms and on no other."""
        others = [one for one in self.platforms if one not in chosen]
        if not others:
            return ALWAYS
        if any(one.startswith("freebsd") for one in self.platforms):  # its sys.platform ends in a release
            return frozenset(self._whole_clause_of(one) for one in chosen)
        for variable in ("sys_platform", "platform_machine"):
            inside, outside = _values(chosen, variable), _values(others, variable)
            if inside & outside or not inside | outside:
                continue
            if len(inside) > 1 and len(outside) == 1:
                return frozenset({frozenset({f"{variable} != '{next(iter(outside))}'"})})
            return frozenset(frozenset({f"{variable} == '{one}'"}) for one in inside)
        return shorten_clauses(self._clause_of(one, chosen) for one in chosen)

    def _clause_of(self, platform: str, chosen: list[str]) -> Clause:
        system = marker_environment(platform)["sys_platform"]
        alike = {one for one in self.platforms if marker_environment(one)["sys_platform"] == system}
        if alike <= set(chosen):
            return frozenset({f"sys_platform == '{system}'"})
        return self._whole_clause_of(platform)

    @staticmethod
    def _whole_clause_of(platform: str) -> Clause:
        (clause,) = parse_clauses(marker_of(platform))
        return clause


def _values(platforms: Iterable[str], variable: str) -> set[str]:
    return {str(marker_environment(one)[variable]) for one in platforms}
