"""What rattler says, told apart by kind; the texts are its own."""

import pytest

from pyve.engines.conda.rattler.failures import read_failure

URL = "http://127.0.0.1:8000/noarch/tiny-2.0-pyh0_0.conda"
FETCH = (
    "failed to fetch tiny-2.0-pyh0_0.conda\nCaused by: failed to interact with the package cache layer.\nCaused by: "
)


@pytest.mark.parametrize(
    ("text", "kind", "subject"),
    [
        (f"HTTP status client error (401 Unauthorized) for url ({URL})", "unauthorised", URL),
        (f"{FETCH}HTTP status client error (404 Not Found) for url ({URL})", "channel", URL),
        (f"{FETCH}an io error occurred: archive header checksum mismatch", "corrupt", ""),
        (f"{FETCH}an io error occurred: error decoding response body\nCaused by: end of file", "channel", ""),
        (f"error sending request for url ({URL})\nCaused by: Connection refused (os error 111)", "channel", URL),
        ("failed to unpack `share/a.bin`: No space left on device (os error 28)", "disk-full", ""),
        ("could not find subdir 'noarch' in channel 'http://127.0.0.1:8000/'", "channel", "http://127.0.0.1:8000/"),
        ("no usable repodata cache for http://127.0.0.1:8000/noarch/", "not-cached", "http://127.0.0.1:8000/noarch/"),
        ("what nobody has seen", "failed", ""),
    ],
)
def test_kind_and_subject_are_read(text: str, kind: str, subject: str) -> None:
    failure = read_failure(RuntimeError(text))

    assert (failure.kind, failure.subject, failure.text) == (kind, subject, text)


def test_causes_of_an_exception_count() -> None:
    error = RuntimeError("it did not work")
    error.__cause__ = OSError(28, "No space left on device")

    assert read_failure(error).kind == "disk-full"
