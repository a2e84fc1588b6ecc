"""One declared requirement, and whether a pin meets it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyve.project.credentials import strip_credentials
from pyve.project.locking.input_changes import split_kind
from pyve.project.locking.lock_inputs import LockInput
from pyve.project.locking.lock_pins import LockPin
from pyve.project.locking.locked_versions import name_of_place
from pyve.project.manifests.local_requirement import split_file_url

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_OPTIONS = re.compile(r"\s--(?:hash|global-option|config-settings)=.*$", re.DOTALL)
_CONTENT = re.compile(r"(?:\[[^\]]*\])?#content=[0-9a-f]{64}(?:&[^;]*)?")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_MARKER_OF_URL = re.compile(r"^(\S+ @ \S+?);(?= )")  # after a URL it needs a space before it
_REPOSITORY = re.compile(r"^(?:git|hg|svn|bzr)\+")
_KINDS = re.compile(r"^(?:constraint|pip|group .*|extra .*)?$")


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What one input asks of a lock: a version in a range, or a place. `kind` is as split_kind gives it."""

    kind: str
    text: str
    name: str | None
    origin: str
    root: Path

    @classmethod
    def of_input(cls, one: LockInput, root: Path) -> "Demand | None":
        """None for what asks for no package, and for the project itself."""
        kind, rest = split_kind(one.text)
        text = _OPTIONS.sub("", rest).removeprefix("-e ")
        if not _KINDS.match(kind) or text == "nothing" or text.startswith("the project itself"):
            return None
        return cls(kind=kind, text=text, name=one.name, origin=one.origin, root=root)

    @property
    def shown(self) -> str:
        """For people: without digests."""
        return _CONTENT.sub("", self.text)

    @cached_property
    def parsed(self) -> "Requirement | None":
        """None for a path or a bare URL, and what a variable stands in."""
        from packaging.requirements import InvalidRequirement, Requirement

        text = _MARKER_OF_URL.sub(r"\1 ;", self.text)
        try:
            return Requirement(text) if "#content=" not in text else None
        except InvalidRequirement:
            return None

    def applies(self, environment: Mapping[str, Any]) -> bool:
        """Whether its marker holds."""
        from packaging.markers import InvalidMarker, Marker

        if self.parsed is not None:
            return self.parsed.marker is None or self.parsed.marker.evaluate(dict(environment), context="requirement")
        _, _, marker = self.text.partition("; ")
        try:
            return not marker or Marker(marker).evaluate(dict(environment))
        except InvalidMarker:
            return True

    def is_about(self, pin: LockPin) -> bool:
        """Whether a pin is of the same package."""
        if self.name is not None and pin.name is not None:
            return self.name == pin.name
        return self._is_same_place(pin) or (self.name is not None and name_of_place(pin.place or "") == self.name)

    def is_met_by(self, pin: LockPin) -> bool:
        """Whether a pin of the same package is what is asked for; a pre-release that is pinned was wanted."""
        if self.parsed is not None and self.parsed.url is None:
            if pin.version is None:
                return pin.place is not None  # what it is there, only a build tells
            return self._admits(pin.version)
        return "${" in self.text or self._is_same_place(pin)

    def _admits(self, version: str) -> bool:
        from packaging.version import InvalidVersion

        try:
            return self.parsed is None or self.parsed.specifier.contains(version, prereleases=True)
        except InvalidVersion:
            return False

    def _is_same_place(self, pin: LockPin) -> bool:
        if pin.place is None:
            return False
        place = self.parsed.url if self.parsed is not None and self.parsed.url else self.text.partition("; ")[0]
        if "#content=" in place:
            return self._is_same_path(_CONTENT.sub("", place), pin.place)
        wanted, there = (strip_credentials(one) for one in (place, pin.place))
        return _is_same_repository(wanted, there) if _REPOSITORY.match(wanted) else _bare(wanted) == _bare(there)

    def _is_same_path(self, wanted: str, there: str) -> bool:
        location = re.sub(r"\[[^\]]*\]$", "", split_file_url(there)[0])
        return _absolute(self.root, wanted) == _absolute(self.root, location)


def _is_same_repository(wanted: str, there: str) -> bool:
    """A branch or tag may be pinned by any commit, a commit by itself alone."""
    (place, revision), (other, pinned) = map(_split_revision, (wanted, there))
    if place != other:
        return False
    if revision == pinned or not revision:
        return True
    is_commit, is_pinned_to_commit = (_COMMIT.fullmatch(one) for one in (revision, pinned))
    if is_commit and is_pinned_to_commit:
        return pinned.startswith(revision) or revision.startswith(pinned)
    return is_pinned_to_commit is not None


def _split_revision(url: str) -> tuple[str, str]:
    location = _bare(url)
    head, slash, last = location.rpartition("/")
    name, _, revision = last.partition("@")
    return f"{head}{slash}{name.removesuffix('.git')}", revision


def _bare(url: str) -> str:
    return url.partition("#")[0].rstrip("/")


def _absolute(root: Path, location: str) -> str:
    return os.path.normpath(root.resolve() / location)
