"""What a person is told of an engine's failure: one error for each kind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from pyve.engines.conda.failures import fetch_failure, spec_failure
from pyve.engines.conda.failures.engine_failure import EngineFailure, FailureKind
from pyve.engines.conda.failures.solver_tree import find_virtual_names, tidy_tree
from pyve.engines.redaction import redact
from pyve.errors import PyveError
from pyve.errors.conda import EngineBusyError, EngineFailedError, PrefixForeignError, PrefixTooLongError

LAST_LINES = 20

_NO_CANDIDATES = re.compile(
    r"No candidates were found for (?P<rattler>[A-Za-z0-9_.-]+) \*\.?\s*$"
    r"|^[\s├└─]*(?P<mamba>[A-Za-z0-9_.-]+) (?:=?\*\s*\*?\s*)?does not exist \(perhaps a typo[^)]*\)\.?\s*$",
    re.MULTILINE,
)
# What an engine may have called a channel's or a package's failure is told apart by its text, most telling first.
_BY_TEXT: tuple[tuple[FailureKind, re.Pattern[str]], ...] = (
    (
        "disk-full",
        re.compile(
            r"No space left on device|\(os error (?:28|112|122)\)|\[Errno (?:28|122)\]|disk quota exceeded"
            r"|not enough space on the disk",
            re.IGNORECASE,
        ),
    ),
    ("prefix-too-long", re.compile(r"cannot be longer than the placeholder|prefix.{0,40} too long", re.IGNORECASE)),
    ("unauthorised", re.compile(r"\b(?:401|403)\b.{0,20}(?:Unauthorized|Forbidden)|\bstatus(?: code)?:? 40[13]\b")),
    ("corrupt", re.compile(r"hash mismatch|checksum mismatch|mismatched? (?:sha256|md5)", re.IGNORECASE)),
    (
        "channel",
        re.compile(
            r"error sending request for url|client error \(Connect\)|dns error|operation timed out|404 Not Found"
            r"|HTTP status server error \(5\d\d|could not find subdir|connection (?:closed|reset)"
            r"|error decoding response body|Download error|Could not resolve host|Failed to connect",
            re.IGNORECASE,
        ),
    ),
)
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t]+.*\n)*", re.MULTILINE)  # the log has it
_REFINED: frozenset[FailureKind] = frozenset({"channel", "corrupt", "failed"})


def to_error(failure: EngineFailure, *, origins: Mapping[str, str] | None = None) -> PyveError:
    """The error for a failure, its text redacted. `origins` maps declared specs to their `file:line`."""
    failure = _refine(replace(failure, text=redact(failure.text), subject=redact(failure.subject)))
    return spec_failure.add_origins(_EXPLAIN[failure.kind](failure), origins or {})


def _refine(failure: EngineFailure) -> EngineFailure:
    if failure.kind == "unsatisfiable" and (match := _NO_CANDIDATES.search(failure.text)):
        name = match["rattler"] or match["mamba"]
        alone = not find_virtual_names(name) and name not in failure.names
        return replace(failure, kind="unknown-package", subject=name) if alone else failure
    if failure.kind in _REFINED:
        for kind, pattern in _BY_TEXT:
            if pattern.search(failure.text):
                return replace(failure, kind=kind)
    return failure


def _explain_prefix(failure: EngineFailure) -> PyveError:
    length = f" ({len(bytes(failure.path))} bytes: {failure.path})" if failure.path else ""
    owner = f" of {failure.subject.rpartition('/')[2]}" if failure.subject else ""
    return PrefixTooLongError(
        f"The path of the environment{length} is longer than the place that files{owner} reserve for it, "
        "255 bytes as a rule.",
        hint="pyve config set --user store.location DIRECTORY  # one with a short path",
    )


def _explain_foreign(failure: EngineFailure) -> PyveError:
    place = failure.path or failure.subject or "the place of the environment"
    return PrefixForeignError(
        f"{place} is there, and pyve did not make it: {_one_line(failure.text) or 'it is left alone'}.",
        hint=f"move it away ({failure.path or 'see above'}), then run it again",
    )


def _explain_busy(failure: EngineFailure) -> PyveError:
    about = f" ({failure.path})" if failure.path else ""
    return EngineBusyError(
        f"Another process holds what the conda engine needs{about}: {_one_line(failure.text)}",
        hint="wait until it has ended, then run it again",
    )


def _explain_failed(failure: EngineFailure) -> PyveError:
    lines = tidy_tree(_TRACEBACK.sub("", failure.text), most_lines=10_000).splitlines()
    shown = "\n".join(f"  {line}" for line in lines[-LAST_LINES:]) or "  (it said nothing)"
    whole = f"the whole output: {failure.log}" if failure.log else "pyve check"
    return EngineFailedError(f"The conda engine failed. Its last lines:\n{shown}", hint=whole)


_Explain = Callable[[EngineFailure], PyveError]
_EXPLAIN: Mapping[FailureKind, _Explain] = {
    "unsatisfiable": spec_failure.explain_unsatisfiable,
    "unknown-package": spec_failure.explain_unknown,
    "bad-spec": spec_failure.explain_spec,
    "channel": fetch_failure.explain_channel,
    "unauthorised": fetch_failure.explain_refusal,
    "not-cached": fetch_failure.explain_not_cached,
    "corrupt": fetch_failure.explain_corrupt,
    "machine": spec_failure.explain_machine,
    "disk-full": fetch_failure.explain_disk_full,
    "prefix-too-long": _explain_prefix,
    "foreign-prefix": _explain_foreign,
    "busy": _explain_busy,
    "failed": _explain_failed,
}


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
