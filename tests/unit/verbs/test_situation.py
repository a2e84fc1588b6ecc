"""What verbs make sure of before they begin."""

import os
import sys
from pathlib import Path

import pytest

from pyve.errors import PathNotWritableError
from pyve.verbs.situation import require_writable_state
from tests.support.stored_project import make_situation

needs_modes = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="modes keep neither root nor a user of Windows from writing"
)


@needs_modes
def test_a_read_only_state_directory_is_named_and_nothing_in_it(project: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o500)
    with pytest.raises(PathNotWritableError) as raised:
        require_writable_state(make_situation(project, state))
    assert raised.value.message == f"The state directory {state} cannot be written to."
    assert (raised.value.hint or "").startswith(f"chmod u+rwx {state}, or ")
    assert "PYVE_STATE_DIR=" in (raised.value.hint or "")


@needs_modes
def test_a_state_directory_that_cannot_be_made_is_named(project: Path, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    state = tmp_path / "closed" / "state"
    with pytest.raises(PathNotWritableError) as raised:
        require_writable_state(make_situation(project, state))
    assert str(state) in raised.value.message
    assert "chmod" not in (raised.value.hint or "")


def test_a_state_directory_that_is_not_there_yet_is_fine(project: Path, tmp_path: Path) -> None:
    require_writable_state(make_situation(project, tmp_path / "not" / "there"))
