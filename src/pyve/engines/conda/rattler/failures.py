"""What kind of failure rattler's own text tells of."""

import re

from pyve.engines.conda.failures.engine_failure import FailureKind
from pyve.engines.conda.rattler.orders import OrderFailedError

_URL = re.compile(r"\b(?:https?|file)://[^\s'\")]+")

# In this order: the text of a failure holds those of what caused it.
_KINDS: tuple[tuple[FailureKind, re.Pattern[str]], ...] = (
    (
        "disk-full",
        re.compile(
            r"No space (?:is )?left|os error (?:28|112|122)\b|not enough space on the disk|quota", re.IGNORECASE
        ),
    ),
    ("corrupt", re.compile(r"hash mismatch|checksum|does not match the expected|hash of the file", re.IGNORECASE)),
    ("prefix-too-long", re.compile(r"prefix.{0,60}too long|longer than the.{0,20}placeholder", re.IGNORECASE)),
    ("unauthorised", re.compile(r"\b(?:401|403)\b|unauthori[sz]ed|forbidden", re.IGNORECASE)),
    ("not-cached", re.compile(r"no usable repodata cache|not available in the cache|offline", re.IGNORECASE)),
    (
        "channel",
        re.compile(
            r"could not find subdir|error sending request|status (?:client|server) error|failed to (?:fetch|download)"
            r"|dns error|connection|timed out|timeout|tls|certificate|proxy|repodata|failed to interact with",
            re.IGNORECASE,
        ),
    ),
)


def read_failure(error: BaseException) -> OrderFailedError:
    """The failure that an exception of rattler tells of, its causes counted; `subject` is the first URL in it."""
    text = _tell(error)
    url = _URL.search(text)
    subject = url[0].rstrip(".,:;") if url else ""
    for kind, pattern in _KINDS:
        if pattern.search(text):
            return OrderFailedError(kind, text, subject=subject)
    return OrderFailedError("failed", text, subject=subject)


def _tell(error: BaseException) -> str:
    told = str(error).strip() or type(error).__name__
    cause = error.__cause__
    while cause is not None:
        if str(cause).strip() and str(cause).strip() not in told:
            told += f": {str(cause).strip()}"
        cause = cause.__cause__
    return told
