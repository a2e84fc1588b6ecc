"""Whose the links are that stand where pyve's would: only its own are pointed anew or removed."""

import re
from pathlib import Path
from typing import Literal

from pyve.cleanup.ledger import read_ledger
from pyve.environments.pointing import VENV_LINK
from pyve.environments.store import EnvironmentStore
from pyve.system.files import is_link
from pyve.system.links import link_target

VenvClaim = Literal["absent", "ours", "foreign", "move-aside"]
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}")  # the name of an environment directory


def claim_venv_link(store: EnvironmentStore, *, take_venv: bool) -> VenvClaim:
    """Whether `.venv` may lead to the environment: absent and ours yes, foreign no, unless it shall be moved aside."""
    claim = claim_link(store, store.state.root / VENV_LINK)
    return "move-aside" if claim == "foreign" and take_venv else claim


def claim_link(store: EnvironmentStore, link: Path) -> Literal["absent", "ours", "foreign"]:
    """Whose `link` is: ours when the ledger has it and it leads to our environments.

    Those from before the user's settings moved the store are ours, too.
    A link to a name that only pyve gives, among this project's own environments, is ours without a ledger as well:
    that is what a moved project and a lost state leave, and it holds nothing that could be lost.
    """
    if not is_link(link):
        return "foreign" if link.exists() else "absent"
    target = link_target(link)
    if target is None:
        return "foreign"
    ledger = read_ledger(store.state)
    known = any(entry.kind == "link" and entry.path == link for entry in ledger)
    if target.parent == store.folder:
        return "ours" if known or KEY.fullmatch(target.name) else "foreign"
    earlier = {store.workshop / "envs", *(entry.path for entry in ledger if entry.kind == "store-folder")}
    return "ours" if known and target.parent in earlier and KEY.fullmatch(target.name) else "foreign"
