"""Why an installer failed, read from what it printed: the error a user sees."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from pyve.engines.wheels_only import find_unbuilt
from pyve.engines.written_lines import tell_origins
from pyve.errors import (
    BuildFailedError,
    DiskFullError,
    HashMismatchError,
    IndexUnauthorisedError,
    IndexUnreachableError,
    ResolutionFailedError,
)
from pyve.errors.conda import NotCachedError
from pyve.errors.lock import WheelMissingError
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement

LAST_LINES = 20

_DISK_FULL = re.compile(
    r"No space left on device|\(os error (?:28|112|122)\)|\[Errno (?:28|122)\]|[Dd]isk quota exceeded"
    r"|not enough space on the disk"
)
_HASH = re.compile(r"Hash mismatch for|DO NOT MATCH THE HASHES|Bad CRC|[Ff]ailed to extract archive")
_HASH_MISSING = re.compile(
    r"no trusted hash was provided|must have a hash, but none|[Hh]ashes are required in --require-hashes"
    r"|must have their versions pinned|Can't verify hashes for these"
)
_UNAUTHORISED = re.compile(r"\b(401 Unauthorized|403 Forbidden|401 Error|403 (?:Client )?Error)", re.IGNORECASE)
_BACKEND = re.compile(r"build backend returned an error")
_BUILD = re.compile(
    r"Failed to build\b|Failed building wheel|metadata-generation-failed"
    r"|subprocess-exited-with-error|Build failures usually|Failed to (?:prepare|generate) .*metadata"
)
_UNREACHABLE = re.compile(
    r"error sending request for url|client error \(Connect\)|dns error|operation timed out"
    r"|HTTP status server error \(5\d\d|network was disabled|Network connectivity is disabled"
    r"|connection (?:closed|reset)|error decoding response body"
    r"|Failed to establish a new connection|Temporary failure in name resolution|Read timed out|ConnectTimeoutError"
    r"|Max retries exceeded|Retrying \(Retry\(|5\d\d Server Error",
    re.IGNORECASE,
)
_UNRESOLVED = re.compile(
    r"No solution found|No matching distribution found|ResolutionImpossible|conflicting dependencies"
    r"|was not found in the (?:package registry|cache)|HTTP status client error \(404|404 Client Error"
)
_URL = re.compile(r"(?:Failed to fetch: `?|\(|url: )((?:[a-z]+\+)?https?://[^\s`)'\"]+)")
_PIP_HOST = re.compile(r"\bhost='([^']+)', port=(\d+)")
_BUILT = re.compile(r"Failed to build `([^`]+)`|Failed building \w+ for (\S+)|╰─> ([A-Za-z0-9]\S*)$", re.MULTILINE)
_NOISE = re.compile(r"^(?:Using Python |warning: |WARNING: |Looking in |\[notice\])")


@dataclass(frozen=True, kw_only=True)
class FailedInstall:
    """What an installer left behind: its (redacted) output, its exit status, and what it was asked to install.

    `work_directory` is where the requirements files lie that were written for it. `offline` kept it to the caches,
    `wheels_only` from building.
    """

    installer: str
    output: str
    exit_status: int
    log: Path
    requirements: tuple[Requirement, ...] = ()
    work_directory: Path | None = None
    offline: bool = False
    wheels_only: bool = False


def explain_failure(failed: FailedInstall) -> BuildFailedError:
    """The error for a failed install, most specific cause first."""
    if failed.work_directory is not None:
        failed = replace(failed, output=tell_origins(failed.output, failed.work_directory, failed.requirements))
    output = failed.output
    if _DISK_FULL.search(output):
        return DiskFullError(
            "No space is left where the environment is built, or in the installer's cache: "
            + _one_line(_last(output, _DISK_FULL)),
            hint="free some space (uv cache prune), then run it again",
        )
    if _HASH.search(output):
        return _explain_hash(failed)
    unbuilt = find_unbuilt(output, wheels_only=failed.wheels_only)
    if unbuilt is not None:
        return WheelMissingError(
            f"{_where(failed)}{unbuilt} has no wheel that fits, and nothing is built from source: {_reason(output)}",
            hint=f"ask for a version of {unbuilt} that has one, or let it be built: leave --only-binary out",
        )
    if _HASH_MISSING.search(output):
        return ResolutionFailedError(
            f"{_where(failed)}Hashes are checked, and not everything has one: {_reason(output)}",
            hint="lock again, with hashes for everything: pyve lock",
        )
    if _BACKEND.search(output):  # whatever else stands there, the backend wrote it
        return _explain_build(failed)
    if _UNAUTHORISED.search(output):
        return _explain_refusal(output)
    if _UNREACHABLE.search(output):  # before _BUILD: what a build needs comes from an index too
        return _explain_lack(failed) if failed.offline else _explain_silence(output)
    if _BUILD.search(output):
        return _explain_build(failed)
    if _UNRESOLVED.search(output):
        return ResolutionFailedError(
            f"{_where(failed)}No set of packages satisfies what is declared: {_reason(output)}",
            hint=f"correct {_first_origin(failed) or 'the requirement'}; the whole output: {failed.log}",
        )
    return BuildFailedError(
        f"{failed.installer} failed ({_ending(failed.exit_status)}). Its last lines:\n{last_lines(output)}",
        hint=f"the whole output: {failed.log}",
    )


def failed_url(output: str) -> str | None:
    """The URL that could not be fetched, as far as the output names it."""
    found = _URL.search(output)
    return found[1] if found else None


def last_lines(output: str, count: int = LAST_LINES) -> str:
    """The last `count` lines that are not empty, indented."""
    lines = [line for line in output.splitlines() if line.strip()]
    return "\n".join(f"  {line}" for line in lines[-count:])


def find_origins(text: str, requirements: Iterable[Requirement]) -> tuple[str, ...]:
    """The `file:line` of each requirement whose name occurs in `text`, in order, each once."""
    words = {normalise_name(word) for word in re.findall(r"[A-Za-z0-9][A-Za-z0-9._-]*", text)}
    words |= {word.rstrip(".-_") for word in words}
    return tuple(dict.fromkeys(one.origin for one in requirements if one.name and one.name in words))


def _explain_hash(failed: FailedInstall) -> HashMismatchError:
    return HashMismatchError(
        f"{_where(failed)}A downloaded file is not the one that was declared: {_reason(failed.output)}",
        hint="if the index really serves another file now, lock again: pyve lock; otherwise do not install it",
    )


def _explain_refusal(output: str) -> IndexUnauthorisedError:
    host = _host(
        re.search(r"(https?://[^\s`)'\"]+)", _last(output, _UNAUTHORISED)) or re.search(r"(https?://\S+)", output)
    )
    status = "403" if "403" in _last(output, _UNAUTHORISED) else "401"
    said = "refuses these credentials" if status == "403" else "wants credentials, or refuses these"
    return IndexUnauthorisedError(
        f"The package index {host} {said} ({status}).",
        hint=f"put them into ~/.netrc: machine {host.partition(':')[0]} login NAME password SECRET",
    )


def _explain_silence(output: str) -> IndexUnreachableError:
    url, at = failed_url(output), _PIP_HOST.search(output)
    host = urlsplit(url).netloc.rpartition("@")[2] if url else f"{at[1]}:{at[2]}" if at else "with the packages"
    causes = re.findall(r"^\s*cause: (.+)$", output, re.MULTILINE)
    why = causes[-1] if causes else _pip_cause(_last(output, _UNREACHABLE))
    return IndexUnreachableError(
        f"The package index {host} cannot be reached ({why.strip()}), and the caches do not hold everything.",
        hint="check the network and the proxy, then run it again",
    )


def _explain_lack(failed: FailedInstall) -> NotCachedError:
    return NotCachedError(
        f"{_where(failed)}Offline, and the caches do not hold everything: {_reason(failed.output)}",
        hint="run it once with a connection, without --offline",
    )


def _explain_build(failed: FailedInstall) -> BuildFailedError:
    built = [next(filter(None, found.groups())) for found in _BUILT.finditer(failed.output)]
    origins = find_origins(built[-1], failed.requirements) if built else ()
    return BuildFailedError(
        f"{f'{origins[0]}: ' if origins else ''}The package{f' {built[-1]}' if built else ''} could not be built from "
        f"its source. The last lines of the build:\n{last_lines(failed.output)}",
        hint=f"the whole output: {failed.log}",
    )


def _where(failed: FailedInstall) -> str:
    origins = find_origins(_reason(failed.output), failed.requirements)
    return f"{', '.join(origins)}: " if 0 < len(origins) <= 3 else ""


def _first_origin(failed: FailedInstall) -> str | None:
    origins = find_origins(_reason(failed.output), failed.requirements)
    return origins[0] if origins else None


def _reason(output: str) -> str:
    """The installer's own words, on one line: uv's causes, else pip's ERROR lines, else the last line."""
    lines = [line for line in output.splitlines() if line.strip() and not _NOISE.match(line)]
    starts = [number for number, line in enumerate(lines) if line.lstrip().startswith("cause:")]
    if starts:
        return _one_line(" ".join(_until_hint(lines[starts[0] :])))
    starts = [number for number, line in enumerate(lines) if re.match(r"^(?:error|ERROR): ", line)]
    return _one_line(" ".join(_until_hint(lines[starts[0] :] if starts else lines[-1:])))


def _until_hint(lines: Sequence[str]) -> Sequence[str]:
    end = next((n for n, line in enumerate(lines) if line.startswith(("hint:", "To fix this", "note:"))), len(lines))
    return [re.sub(r"^\s*(?:cause|error|ERROR): ", "", line) for line in lines[:end]]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _last(output: str, pattern: re.Pattern[str]) -> str:
    return next((line for line in reversed(output.splitlines()) if pattern.search(line)), "")


def _pip_cause(line: str) -> str:
    found = re.search(r"Error\(\"?[^\"]*: ([^\"]+?)\"?\)", line)
    return found[1] if found else _one_line(line)


def _host(found: "re.Match[str] | None") -> str:
    return urlsplit(found[1]).netloc.rpartition("@")[2] if found else "(unknown)"


def _ending(exit_status: int) -> str:
    return f"killed by signal {-exit_status}" if exit_status < 0 else f"exit status {exit_status}"
