"""Which environment a project has in use, remembered and put back: for verbs that end as if they had not begun."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.cleanup.claims import claim_link
from pyve.environments.pointing import STABLE_LINK, VENV_LINK
from pyve.environments.state import ProjectState
from pyve.errors import PyveError
from pyve.system.file_lock import hold_lock
from pyve.system.files import write_atomically
from pyve.verbs.publish import publish_snippets
from pyve.verbs.situation import Situation, store_of
from pyve.verbs.stable_links import lead_links


@dataclass(frozen=True, kw_only=True)
class EnvironmentInUse:
    """What the state said of it: the content of each file, None for one that was not there."""

    state: ProjectState
    files: Mapping[Path, bytes | None]

    @property
    def is_any(self) -> bool:
        """Whether one was in use at all."""
        return self.files[self.state.current_file] is not None


def remember_environment(state: ProjectState) -> EnvironmentInUse:
    """Take down what is in use now."""
    names = (state.current_file, state.previous_file, state.approved_file, state.choices_file)
    return EnvironmentInUse(state=state, files={path: _read(path) for path in names})


def put_environment_back(situation: Situation, remembered: EnvironmentInUse) -> None:
    """Put in use again what was, if that has changed. The environment that came instead stays in the store."""
    state = remembered.state
    if not remembered.is_any or _read(state.current_file) == remembered.files[state.current_file]:
        return
    with contextlib.suppress(PyveError, OSError), hold_lock(state.lock_file):
        for path, content in remembered.files.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_atomically(path, content)
        store = store_of(situation, state)
        record = store.current_record()
        if record is not None:
            links = (state.root / VENV_LINK, store.workshop / STABLE_LINK)
            ours = tuple(link for link in links if claim_link(store, link) in ("ours", "absent"))
            lead_links(store, record, ours)
        publish_snippets(situation, state)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
