"""Why micromamba could not do it, told from what it printed."""

import re

from pyve.engines.conda.failures.engine_failure import EngineFailure, FailureKind
from pyve.engines.conda.micromamba.output import parse_object
from pyve.engines.conda.micromamba.places import Places

_LOG_LEVEL = re.compile(r"^(critical|error|warning|info|debug|trace)\s+libmamba\s+")
_NOISE = re.compile(
    r"(?i)issue tracker|cache (?:may|might|could) be corrupted|Retrying in \d+ seconds|Cannot lock|"
    r"Waiting for other mamba process"
)
_SOLVER = re.compile(r"Could not solve for environment specs|\"?solver_problems|The following packages? (?:are|could)")
_MISSING_ON_SYSTEM = re.compile(r"\b(__[a-z_0-9]+)\b[^\n]*missing on the system")
_UNKNOWN = re.compile(
    r"(?:└─|├─|^)\s*(?P<name>[\w.-]+)[^\n]*does not exist \(perhaps a typo"
    r"|nothing provides requested (?P<requested>[\w.-]+)",
    re.MULTILINE,
)
_SPEC = re.compile(r'(?:parse spec|(?:Error parsing|Invalid) MatchSpec)[^"\n]*"(?P<spec>[^"\n]+)"[: ]*')
_URL = re.compile(r"\b(?:https?|file)://[^\s\]\)'\"]+")
_KINDS: tuple[tuple[FailureKind, re.Pattern[str]], ...] = (
    ("disk-full", re.compile(r"(?i)No space left on device|Disk quota exceeded|not enough space on the disk")),
    ("foreign-prefix", re.compile(r"(?i)Non-conda folder exists at prefix")),
    ("prefix-too-long", re.compile(r"(?i)placeholder.{0,60}too (?:short|long)|prefix.{0,40}too long")),
    (
        "corrupt",
        re.compile(r"(?i)doesn't match expectation|tarball has incorrect|File not valid|hash mismatch|checksum"),
    ),
    ("unauthorised", re.compile(r"(?i)\b(?:status:?|error:|HTTP|\(status) ?(?:code:? )?40[13]\b|Unauthori[sz]ed")),
    ("bad-spec", re.compile(r"(?i)Could not parse spec|(?:Error parsing|Invalid) (?:MatchSpec|version)")),
    (
        "channel",
        re.compile(
            r"(?i)Download error|Transfer finalized, status|Could not (?:load repodata|find channel|resolve|connect)"
            r"|Failed to (?:connect|download)|(?:Connection|operation) (?:refused|reset|timed out)|Timeout was reached"
            r"|subdir .{0,200}not found|Bad path|SSL|certificate|status:? (?:404|5\d\d)|Couldn't connect|offline"
        ),
    ),
    ("busy", re.compile(r"(?i)Could not (?:set|acquire) lock|lock.{0,20}timed? ?out|LockFile error")),
)


def read_failure(stdout: str, stderr: str, *, offline: bool, places: Places) -> EngineFailure:
    """Tell why a run failed from what it printed. `subject` is a package or a URL, where one is named."""
    text = clean_text(stderr)
    if _SOLVER.search(text) or '"solver_problems"' in stdout:
        return _read_solver_failure(text or _read_problems(stdout))
    text = places.name_sources(text)
    kind: FailureKind = next((kind for kind, pattern in _KINDS if pattern.search(text)), "failed")
    if kind == "channel" and offline:
        kind = "not-cached"
    spec = _SPEC.search(text)
    if kind == "bad-spec" and spec:
        return EngineFailure(kind=kind, text=text[spec.end() :] or text, subject=spec["spec"])
    url = _URL.search(text)
    subject = url[0].rstrip(".,;:") if url else ""
    return EngineFailure(kind=kind, text=text or _read_problems(stdout), subject=subject)


def clean_text(stderr: str) -> str:
    """What micromamba says on stderr without what is no reason: traces, advice, levels, and what it says twice."""
    lines: list[str] = []
    in_trace = False
    for raw in stderr.splitlines():
        if "Backtrace Start" in raw or "Backtrace End" in raw:
            in_trace = "Backtrace Start" in raw
            continue
        level = _LOG_LEVEL.match(raw)
        line = _LOG_LEVEL.sub("", raw).rstrip()
        passes_over = in_trace or (level is not None and level[1] in ("warning", "info", "debug", "trace"))
        if line.strip() and not passes_over and not _NOISE.search(line) and line not in lines[-1:]:
            lines.append(line)
    while len(lines) > 1 and lines[-1].strip() == lines[0].strip():  # the reason's title stands once more at its end
        lines.pop()
    return "\n".join(lines)


def _read_solver_failure(text: str) -> EngineFailure:
    unknown = _UNKNOWN.search(text)
    if unknown:
        return EngineFailure(kind="unknown-package", text=text, subject=unknown["name"] or unknown["requested"])
    machine = _MISSING_ON_SYSTEM.search(text)
    if machine and not re.search(r"conflicts with|can be installed", text):
        return EngineFailure(kind="machine", text=text, subject=machine[1])
    return EngineFailure(kind="unsatisfiable", text=text)


def _read_problems(stdout: str) -> str:
    try:
        problems = parse_object(stdout).get("solver_problems", ())
    except ValueError:
        return stdout.strip()
    return "\n".join(map(str, problems)) if isinstance(problems, list) else str(problems)
