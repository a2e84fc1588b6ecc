"""Decide which environment a project gets: one that is there, or a new one, and why.

Nothing is changed here; `verbs/furnish.py` carries the plan out, and `--dry-run` shows it.
"""

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pyve.backends import backend_named
from pyve.environments.choices import Choices, read_choices
from pyve.environments.distributions import installed_by_hand
from pyve.environments.inputs import Digests
from pyve.environments.interpreter_choice import InterpreterChoice, choose_interpreter
from pyve.environments.record import EnvironmentRecord, find_newest
from pyve.environments.state import ProjectState
from pyve.environments.store import EnvironmentStore
from pyve.errors.conda import LockStaleError
from pyve.project.manifest import WATCHED_NAMES
from pyve.project.python_pin import PinDecision
from pyve.system.interpreters import list_interpreters
from pyve.verbs.candidates import find_adoptable, find_sound, tell_moved
from pyve.verbs.conda_build import choose_conda_build
from pyve.verbs.demand import Demand, find_approval, read_demand
from pyve.verbs.environment_plan import Action, Plan, Wishes
from pyve.verbs.project_refresh import is_renamed, needs_refresh
from pyve.verbs.situation import Situation, store_of


def plan_environment(
    situation: Situation,
    state: ProjectState,
    wishes: Wishes,
    *,
    pin: PinDecision | None = None,
    may_export: bool = True,
) -> Plan:
    """Decide. Raises what reading the project raises, and PythonMissingError when a build finds no interpreter.

    With `may_export`, which no prompt has, the tool of another tool's lock is run to say what that holds.
    """
    store = store_of(situation, state)
    kept = Choices() if wishes.reset_choices else read_choices(state.choices_file)
    choices = kept.with_newer(wishes.choices)
    if pin is not None:
        choices = replace(choices, python=None)  # the file says it from now on
    before = store.current_record()
    planning = _Planning(
        situation=situation,
        store=store,
        choices=choices,
        wishes=wishes,
        digests=Digests(state.root),
        before=before,
        by_hand=_find_by_hand(before),
        pin=pin,
        may_export=may_export,
    )
    return planning.plan_known() or planning.plan_parsed()


@dataclass(frozen=True, kw_only=True)
class _Planning:
    """What deciding needs to know. `by_hand` is what was installed by hand in the environment in use (`before`)."""

    situation: Situation
    store: EnvironmentStore
    choices: Choices
    wishes: Wishes
    digests: Digests
    before: EnvironmentRecord | None
    by_hand: Mapping[str, str]
    pin: PinDecision | None
    may_export: bool

    def plan_known(self) -> Plan | None:
        """The plan for files whose digests were approved before: nothing is parsed. None when they are not known."""
        if self._why_new() or self.pin is not None or self._carries_over() or self.wishes.strict:
            return None
        approval = find_approval(self.situation, self.store.state, self.choices, self.digests)
        record = self.store.record_named(Path(approval.directory).name) if approval else None
        if approval is None or record is None or approval.own_metadata != record.own_metadata:
            return None
        if backend_named(record.backend).diagnose(record) is not None:
            return None
        if self.wishes.exact and _find_by_hand(record):
            return None
        action = self._switch_or_keep(record)
        return self._plan(
            action=action,
            reason="nothing has changed" if action is Action.KEEP else "built earlier for these very files",
            record=record,
            approval=approval,
            fingerprint=record.fingerprint,
            name=approval.name,
            dropped={} if action is Action.KEEP else self.by_hand,
            notes=(f"{approval.stale_lock}; to lock again: pyve lock",) if approval.stale_lock else (),
        )

    def plan_parsed(self) -> Plan:
        """The plan for files that have to be read."""
        self.digests.of_all(WATCHED_NAMES)  # before they are parsed: an edit during a long build is noticed afterwards
        demand = read_demand(self.situation, self.store.state.root, self._choices_now(), may_export=self.may_export)
        self.digests.of_all(demand.inputs)
        if self.wishes.strict and demand.spec.declaration.stale_lock:
            raise LockStaleError(f"{demand.spec.declaration.stale_lock}.", hint=demand.spec.declaration.lock_command)
        if self._why_new():
            return self._plan_build(demand, reason=self._why_new(), anew=True)
        found, why_not = find_sound(self.store, demand.fingerprint, self.before)
        if found is not None:
            if self.wishes.exact and (there := _find_by_hand(found)):
                return self._plan_build(demand, reason=_tell_exact(there), anew=True)
            if self._carries_over() and self._switch_or_keep(found) is Action.SWITCH:
                reason = f"--keep-extras carries over what was installed by hand ({', '.join(self.by_hand)})"
                return self._plan_build(demand, reason=reason, anew=True)
            if is_renamed(demand, found):
                return self._plan_build(demand, reason="the project itself has another name now", anew=True)
            return self._plan_there(demand, found, self._switch_or_keep(found))
        foreign = find_adoptable(self.store, demand.fingerprint)
        notes: tuple[str, ...] = ()
        if foreign is not None and not (self.wishes.adopt or self.situation.in_ci):
            notes = (f"{foreign.directory} looks like this environment; `pyve init --adopt` would use it.",)
        elif (
            foreign is not None
            and not is_renamed(demand, foreign)
            and backend_named(foreign.backend).diagnose(foreign) is None
        ):
            return self._plan_there(demand, foreign, Action.ADOPT)
        reason = why_not or "no environment for this declaration yet"
        return self._plan_build(demand, reason=reason, notes=notes)

    def _plan_there(self, demand: Demand, record: EnvironmentRecord, action: Action) -> Plan:
        if action is Action.KEEP and needs_refresh(demand, record):
            action = Action.REFRESH
        reasons = {
            Action.KEEP: "nothing that counts has changed",
            Action.REFRESH: "how the project itself is installed has changed",
            Action.SWITCH: "built earlier for this very declaration",
            Action.ADOPT: "made for this very declaration, and now registered here",
        }
        return self._plan(
            action=action,
            reason=reasons[action],
            record=record,
            demand=demand,
            fingerprint=demand.fingerprint,
            name=demand.spec.name,
            dropped={} if action in (Action.KEEP, Action.REFRESH) else self.by_hand,
            notes=(*demand.python.notes, *demand.spec.declaration.notes),
        )

    def _plan_build(self, demand: Demand, *, reason: str, anew: bool = False, notes: tuple[str, ...] = ()) -> Plan:
        declared = {item.name for item in demand.spec.declaration.requirements.requirements}
        by_hand = {name: version for name, version in self.by_hand.items() if name not in declared}
        keep = tuple(f"{name}=={version}" for name, version in by_hand.items()) if self.wishes.keep_extras else ()
        earlier = None if self.wishes.upgrade else find_newest(self.store.records(), demand.fingerprint)
        return self._plan(
            action=Action.BUILD,
            reason=reason,
            demand=demand,
            fingerprint=demand.fingerprint,
            name=demand.spec.name,
            interpreter=_choose_interpreter(self.situation, demand),
            conda=choose_conda_build(self.situation, self.store, demand, self.wishes),
            anew=anew,
            keep=keep,
            dropped={} if keep else by_hand,
            preferences=tuple(f"{name}=={version}" for name, version in earlier.distributions.items())
            if earlier
            else (),
            notes=(
                *demand.python.notes,
                *demand.spec.declaration.notes,
                *self._tell_other_backend(demand),
                *notes,
                *(tell_moved(self.store) if self.before is None else ()),
            ),
        )

    def _plan(self, **decided: Any) -> Plan:
        return Plan(
            state=self.store.state,
            store=self.store,
            choices=self.choices,
            wishes=self.wishes,
            digests=self.digests,
            pin=self.pin,
            before=self.before,
            **decided,
        )

    def _why_new(self) -> str:
        """The wish for a new environment although one may be there, as a reason."""
        if self.wishes.force:
            return "--force asks for a new one"
        if self.wishes.upgrade:
            return "--upgrade asks for the newest versions"
        if self.wishes.exact and self.by_hand:
            return _tell_exact(self.by_hand)
        return ""

    def _tell_other_backend(self, demand: Demand) -> tuple[str, ...]:
        """That the files, and not the user, ask for another kind of environment than the one in use.

        For the first environment what was passed over, where no file has chosen the backend.
        """
        if self.before is None and demand.backend.chosen_by == "default":
            return demand.backend.evidence[1:]
        if self.before is None or self.before.backend == demand.spec.backend or self.wishes.choices.backend:
            return ()
        why = " ".join(demand.backend.evidence)
        return (f"The backend was {self.before.backend}, and is {demand.spec.backend} now: {why}",)

    def _carries_over(self) -> bool:
        return self.wishes.keep_extras and bool(self.by_hand)

    def _switch_or_keep(self, record: EnvironmentRecord) -> Action:
        return Action.KEEP if self.before is not None and self.before.key == record.key else Action.SWITCH

    def _choices_now(self) -> Choices:
        """The choices while the pin file is not written yet."""
        if self.pin is None or not self.pin.write:
            return self.choices
        return self.choices.with_newer(Choices(python=self.pin.request.text))


def _tell_exact(by_hand: Mapping[str, str]) -> str:
    return f"--exact leaves out what was installed by hand ({', '.join(by_hand)})"


def _find_by_hand(record: EnvironmentRecord | None) -> Mapping[str, str]:
    if record is None:
        return {}
    present = backend_named(record.backend).installed(record)
    return installed_by_hand(record.distributions, present, kept=record.kept)


def _choose_interpreter(situation: Situation, demand: Demand) -> InterpreterChoice | None:
    if not backend_named(demand.spec.backend).needs_interpreter:
        return None
    from pyve.engines.installer_choice import find_uv  # a known declaration needs no installer

    found = list_interpreters(
        environment=situation.environment, home=situation.home, cache_directory=situation.cache_directory
    )
    on_path = shutil.which("uv", path=situation.environment.get("PATH"))
    own = None if on_path else find_uv(situation.environment)[0]
    return choose_interpreter(demand.python.request, interpreters=found, uv=shlex.quote(str(own)) if own else "uv")
