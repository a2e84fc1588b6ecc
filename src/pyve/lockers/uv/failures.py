"""Why uv could not lock: what engines/failure.py says of an install, with what only a lock can do about it."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.engines.failure import FailedInstall, explain_failure
from pyve.errors import BuildFailedError, ResolutionFailedError
from pyve.project.nearest_name import find_nearest_name
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement
from pyve.system.directories import home_directory

_UNKNOWN = re.compile(r"\b([A-Za-z0-9][\w.-]*) was not found in the (?:package registry|provided package locations)")
_PRE_RELEASE = re.compile(
    r"hint: (?:A )?[Pp]re-?releases? (?:are|is) available for `([^`]+)`[^(]*(?:\(e\.g\.,? ([^)]+)\))?"
)
_PRE_RELEASE_NEEDED = re.compile(r"hint: `([^`]+)` was requested with a pre-release marker \(e\.g\., ([^)]+)\)")
_YANKED = re.compile(r"\b([A-Za-z0-9][\w.-]*)==(\S+?) (?:was|is|were) (?:yanked|unusable because it was yanked)")
_TOO_NEW = re.compile(r"exclude-newer|excluded? newer|uploaded (?:after|before)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class LockFailures:
    """What is known besides uv's words. `names` are of packages that exist; `exclude_newer` as it was asked for."""

    names: tuple[str, ...]
    environment: Mapping[str, str]
    exclude_newer: str | None = None

    def explain(self, failed: FailedInstall) -> BuildFailedError:
        """Return the error that a user sees; it keeps the kind that an install would have failed with."""
        error = explain_failure(failed)
        if not isinstance(error, ResolutionFailedError):
            return error
        output = failed.output
        joined = " ".join(output.split())
        unknown = _UNKNOWN.search(joined)
        if unknown:
            return self._explain_unknown(unknown[1], error, failed.requirements)
        pre_release = _PRE_RELEASE.search(joined) or _PRE_RELEASE_NEEDED.search(joined)
        if pre_release:
            example = (pre_release[2] or "").split(",")[0].strip(" `")
            name = pre_release[1].split("[")[0]
            wanted = f"{name}>={example.removeprefix(f'{name}==')}" if example else f"{name}>=2.0a1"
            message = f"{error.message} Pre-releases are only taken where one is asked for."
            return ResolutionFailedError(message, hint=f"declare {name} so that a pre-release may do: {wanted}")
        yanked = _YANKED.search(joined)
        if yanked:
            message = f"{error.message} A yanked version is only taken where exactly that one is asked for (==)."
            return ResolutionFailedError(message, hint=f"allow another version of {yanked[1]}")
        if self.exclude_newer and _TOO_NEW.search(joined):
            message = f"{error.message} Nothing newer than {self.exclude_newer} counts."
            return ResolutionFailedError(message, hint="take a later date for --exclude-newer")
        return error

    def _explain_unknown(
        self, written: str, error: ResolutionFailedError, requirements: Iterable[Requirement]
    ) -> ResolutionFailedError:
        name = normalise_name(written)
        origin = next((one.origin for one in requirements if one.name == name), "")
        nearest = find_nearest_name(name, {*self._known_names()} - {name})
        message = f"{f'{origin}: ' if origin else ''}No index in use has a package called {written}."
        if not origin:
            message = error.message
        if self.exclude_newer:
            message += f" (Nothing newer than {self.exclude_newer} counts.)"
        other = f"correct the name{f' in {origin}' if origin else ''}, or declare the index that has it"
        return ResolutionFailedError(message, hint=f"did you mean {nearest}? else {other}" if nearest else other)

    def _known_names(self) -> set[str]:
        """Names that are declared or locked, and those that uv's cache holds the pages of."""
        return {*self.names, *_read_cached_names(self.environment)}


def _read_cached_names(environment: Mapping[str, str]) -> set[str]:
    try:
        return {page.stem for page in _find_cache(environment).glob("simple-v*/**/*.rkyv")}
    except OSError:
        return set()


def _find_cache(environment: Mapping[str, str]) -> Path:
    home = Path(home_directory(environment))
    if environment.get("UV_CACHE_DIR"):
        return Path(environment["UV_CACHE_DIR"])
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local", "uv", "cache")
    else:
        return Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / "uv"
