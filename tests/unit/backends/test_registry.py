"""The registry of backends."""

import pytest

from pyve.backends import BACKENDS, backend_named
from pyve.errors import BackendUnavailableError
from pyve.project.detection import BACKEND_NAMES


def test_every_backend_that_can_be_asked_for_is_there() -> None:
    assert set(BACKENDS) == set(BACKEND_NAMES)
    assert [backend_named(name).name for name in BACKENDS] == list(BACKENDS)


def test_a_backend_of_another_version_is_told() -> None:
    with pytest.raises(BackendUnavailableError, match="one-of-tomorrow") as caught:
        backend_named("one-of-tomorrow")
    assert caught.value.hint == "upgrade pyve"
