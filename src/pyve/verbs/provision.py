"""Decide which environment a project gets: one that is there, or a new one, and why.

Nothing is changed here; `verbs/furnish.py` carries the plan out, and `--dry-run` shows it.
"""

import shlex
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from pyve.backends import backend_named
from pyve.environments.choices import Choices, read_choices
from pyve.environments.distributions import installed_by_hand
from pyve.environments.inputs import Approval, Digests
from pyve.environments.interpreter_choice import InterpreterChoice, choose_interpreter
from pyve.environments.record import COPY_NAME, EnvironmentRecord, find_newest, read_record
from pyve.environments.state import ProjectState
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError
from pyve.project.manifest import WATCHED_NAMES
from pyve.project.python_pin import PinDecision
from pyve.system.interpreters import list_interpreters
from pyve.verbs.demand import Demand, find_approval, read_demand
from pyve.verbs.situation import Situation, store_of


class Action(Enum):
    """What is done to get the environment."""

    KEEP = "keep"  # it is in use already
    SWITCH = "switch"  # it is there, and is put in use
    ADOPT = "adopt"  # it is there, made elsewhere (a CI cache), and is registered
    BUILD = "build"


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """The options of `init` and `sync` that are about this one run. `choices` are the ones that stay."""

    choices: Choices = field(default_factory=Choices)
    force: bool = False
    exact: bool = False
    keep_extras: bool = False
    upgrade: bool = False
    adopt: bool = False
    offline: bool = False
    verbose: bool = False
    take_venv: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will be done: pure data, shown by --dry-run and carried out as it is.

    `record` is the environment that is there (None: it is built); `demand` is None when the files were recognised by
    their digests and never parsed. `dropped` is what was installed by hand in the environment in use and will not be
    in the next one; `keep` are pins of such packages to carry over; `preferences` those of an earlier resolution.
    """

    state: ProjectState
    store: EnvironmentStore
    choices: Choices
    wishes: Wishes
    action: Action
    reason: str
    fingerprint: str
    name: str
    digests: Digests
    record: EnvironmentRecord | None = None
    approval: Approval | None = None
    demand: Demand | None = None
    interpreter: InterpreterChoice | None = None
    pin: PinDecision | None = None
    before: EnvironmentRecord | None = None
    anew: bool = False  # a new environment although one may be there
    dropped: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def plan_environment(
    situation: Situation, state: ProjectState, wishes: Wishes, *, pin: PinDecision | None = None
) -> Plan:
    """Decide. Raises what reading the project raises, and PythonMissingError when a build finds no interpreter."""
    store = store_of(situation, state)
    choices = read_choices(state.choices_file).with_newer(wishes.choices)
    if pin is not None:
        choices = replace(choices, python=None)  # the file says it from now on
    digests = Digests(state.root)
    before = store.current_record()
    by_hand = _by_hand(before)
    why_new = _why_new(wishes, by_hand)
    carry_over = wishes.keep_extras and bool(by_hand)
    if not why_new and pin is None and not carry_over:
        known = _plan_known(situation, store, choices, wishes, digests=digests, before=before)
        if known is not None:
            return known
    digests.of_all(WATCHED_NAMES)  # before they are parsed, so that an edit during a long build is noticed afterwards
    demand = read_demand(situation, state.root, _with_pin(choices, pin))
    digests.of_all(demand.inputs)
    found, why_not = _find_sound(store, demand.fingerprint, before)
    adoptable = None if found else _find_adoptable(store, demand.fingerprint)
    may_adopt = wishes.adopt or situation.in_ci
    if carry_over and not why_new and found and _switch_or_keep(found, before) is Action.SWITCH:
        why_new = f"--keep-extras carries over what was installed by hand ({', '.join(by_hand)})"
    notes: tuple[str, ...] = demand.python.notes
    if adoptable and not may_adopt:
        notes += (f"{adoptable.directory} looks like this environment; `pyve init --adopt` would use it.",)
    if not why_new and (found or (adoptable and may_adopt)):
        record = found or adoptable
        assert record is not None
        action = Action.ADOPT if not found else _switch_or_keep(record, before)
        reason = {
            Action.KEEP: "nothing that counts has changed",
            Action.SWITCH: "built earlier for this very declaration",
            Action.ADOPT: "made for this very declaration, and now registered here",
        }[action]
        return Plan(
            state=state, store=store, choices=choices, wishes=wishes, action=action, reason=reason, notes=notes,
            fingerprint=demand.fingerprint, name=demand.spec.name, digests=digests, record=record, demand=demand,
            pin=pin, before=before, dropped={} if action is Action.KEEP else by_hand,
        )  # fmt: skip
    if before is None:
        notes += tuple(_tell_moved(store))
    declared = {item.name for item in demand.spec.declaration.requirements.requirements}
    by_hand = {name: version for name, version in by_hand.items() if name not in declared}
    keep = tuple(f"{name}=={version}" for name, version in by_hand.items()) if wishes.keep_extras else ()
    earlier = None if wishes.upgrade else find_newest(store.records(), demand.fingerprint)
    return Plan(
        state=state, store=store, choices=choices, wishes=wishes, action=Action.BUILD, notes=notes,
        reason=why_new or why_not or "no environment for this declaration yet",
        fingerprint=demand.fingerprint, name=demand.spec.name, digests=digests, demand=demand, pin=pin, before=before,
        interpreter=_choose_interpreter(situation, demand), anew=bool(why_new),
        keep=keep, dropped={} if keep else by_hand,
        preferences=tuple(f"{name}=={version}" for name, version in earlier.distributions.items()) if earlier else (),
    )  # fmt: skip


def _plan_known(
    situation: Situation,
    store: EnvironmentStore,
    choices: Choices,
    wishes: Wishes,
    *,
    digests: Digests,
    before: EnvironmentRecord | None,
) -> Plan | None:
    """The plan for files whose digests were approved before: nothing is parsed. None when they are not known."""
    approval = find_approval(situation, store.state, choices, digests)
    record = store.record_named(Path(approval.directory).name) if approval else None
    if approval is None or record is None or backend_named(record.backend).diagnose(record) is not None:
        return None
    action = _switch_or_keep(record, before)
    return Plan(
        state=store.state, store=store, choices=choices, wishes=wishes, action=action, record=record, approval=approval,
        reason="nothing has changed" if action is Action.KEEP else "built earlier for these very files",
        fingerprint=record.fingerprint, name=approval.name, digests=digests, before=before,
        dropped={} if action is Action.KEEP else _by_hand(before),
    )  # fmt: skip


def _switch_or_keep(record: EnvironmentRecord, before: EnvironmentRecord | None) -> Action:
    return Action.KEEP if before is not None and before.key == record.key else Action.SWITCH


def _with_pin(choices: Choices, pin: PinDecision | None) -> Choices:
    """The choices while the pin file is not written yet."""
    return choices if pin is None or not pin.write else choices.with_newer(Choices(python=pin.request.text))


def _by_hand(record: EnvironmentRecord | None) -> Mapping[str, str]:
    if record is None:
        return {}
    present = backend_named(record.backend).installed(record)
    return installed_by_hand(record.distributions, present, kept=record.kept)


def _why_new(wishes: Wishes, by_hand: Mapping[str, str]) -> str:
    if wishes.force:
        return "--force asks for a new one"
    if wishes.upgrade:
        return "--upgrade asks for the newest versions"
    if wishes.exact and by_hand:
        return f"--exact leaves out what was installed by hand ({', '.join(by_hand)})"
    return ""


def _find_sound(
    store: EnvironmentStore, fingerprint: str, before: EnvironmentRecord | None
) -> tuple[EnvironmentRecord | None, str]:
    """The environment of this fingerprint that can be used (the one in use first), or why none can."""
    reason = ""
    records = [record for record in store.records() if record.fingerprint == fingerprint]
    for record in sorted(records, key=lambda record: before is None or record.key != before.key):
        damage = backend_named(record.backend).diagnose(record)
        if damage is None:
            return record, ""
        reason = reason or f"the environment for this declaration cannot be used: {damage.reason}"
    return None, reason


def _find_adoptable(store: EnvironmentStore, fingerprint: str) -> EnvironmentRecord | None:
    """An environment that this machine's state does not know, and whose own record says it is the wanted one."""
    for directory in store.foreign_directories():
        try:
            record = read_record(directory / COPY_NAME)
        except (OSError, PyveError):
            continue
        here = Path(record.directory) == directory and Path(record.site_packages).is_relative_to(directory)
        if record.fingerprint != fingerprint or not here or directory.is_symlink():
            continue
        if backend_named(record.backend).diagnose(record) is None:
            return record
    return None


def _tell_moved(store: EnvironmentStore) -> Iterator[str]:
    """A sentence for each environment that was made at another path: scripts in it lead there, so it is not used."""
    for directory in store.foreign_directories():
        try:
            record = read_record(directory / COPY_NAME)
        except (OSError, PyveError):
            continue
        if Path(record.directory) != directory:
            yield (
                f"This project was moved or copied from {record.project_root}: {directory} was made there, cannot run "
                "here and is left alone."
            )


def _choose_interpreter(situation: Situation, demand: Demand) -> InterpreterChoice:
    from pyve.engines.installer_choice import find_uv  # a known declaration needs no installer

    found = list_interpreters(
        environment=situation.environment, home=situation.home, cache_directory=situation.cache_directory
    )
    on_path = shutil.which("uv", path=situation.environment.get("PATH"))
    own = None if on_path else find_uv(situation.environment)[0]
    return choose_interpreter(demand.python.request, interpreters=found, uv=shlex.quote(str(own)) if own else "uv")
