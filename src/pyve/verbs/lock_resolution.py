"""Resolve the locks of a project: all of them before the first is written."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors import ResolutionFailedError
from pyve.lockers import locker_named
from pyve.lockers.choice import LockerChoice, choose_locker
from pyve.lockers.locker import LockTask
from pyve.project.locking.lock_inputs import LockInputs, read_lock_inputs
from pyve.project.locking.lock_stamp import LockStamp, write_stamp
from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.locked_versions import read_locked_versions
from pyve.project.locking.part_selection import name_restriction
from pyve.system.files import make_private_directory
from pyve.verbs.lock_draft import LockDraft, draft_lock, read_lock_text
from pyve.verbs.lock_freshness import refuse_foreign_file
from pyve.verbs.lock_layers import list_pins
from pyve.verbs.lock_notes import tell_of_lock
from pyve.verbs.lock_plan import LockPlan, PlannedLock
from pyve.verbs.lock_platforms import list_locked_platforms
from pyve.verbs.lock_project import LockProject
from pyve.verbs.lock_task import begin_log, make_lock_task
from pyve.verbs.upgraded_names import refuse_names_not_locked


def plan_locks(project: LockProject, progress: Progress) -> LockPlan:
    """Resolve every lock that does not answer what is declared, or all of them where an upgrade is wished.

    Raises what the lockers raise, LockTargetUnknownError where something would be written over that is no lock, and
    UsageError for a package to upgrade that is in no lock.
    """
    drafts = [draft_lock(project, target) for target in project.targets]
    for draft in drafts:
        refuse_foreign_file(project, draft.target, draft.text)
    with tempfile.TemporaryDirectory(prefix="pyve-lock-", ignore_cleanup_errors=True) as work:
        folder = Path(work).resolve()  # as tools print it: on macOS through a link, on Windows by its whole name
        resolving = _Resolving(project=project, progress=progress, work_directory=folder, log=begin_log(project))
        plan = LockPlan(project=project, locks=resolving.resolve_all(drafts))
    refuse_names_not_locked(plan)
    return plan


@dataclass(frozen=True, kw_only=True)
class _Resolving:
    """One resolution of all targets."""

    project: LockProject
    progress: Progress
    work_directory: Path
    log: Path

    def resolve_all(self, drafts: list[LockDraft]) -> tuple[PlannedLock, ...]:
        """In order, each agreeing with those above it.

        Where what is above was resolved so that a later one cannot agree, all are resolved as one first, and each
        again within that.
        """
        try:
            return self._resolve_each(drafts)
        except ResolutionFailedError:
            layers = [draft for draft in drafts if draft.target.format is LockFormat.REQUIREMENTS]
            if len(layers) < 2:
                raise
            joint = self._resolve_jointly(layers)
        return self._resolve_each(drafts, within=joint)

    def _resolve_each(self, drafts: list[LockDraft], *, within: tuple[str, ...] = ()) -> tuple[PlannedLock, ...]:
        planned: dict[Path, PlannedLock] = {}
        for draft in drafts:
            above = [planned[path] for path in draft.target.above if path in planned]
            constraints = within or tuple(pin for one in above for pin in list_pins(one.text))
            moved = bool(within) or any(one.change is not None for one in above)
            planned[draft.target.destination] = self._resolve(draft, constraints, is_above_changed=moved)
        return tuple(planned.values())

    def _resolve(self, draft: LockDraft, constraints: tuple[str, ...], *, is_above_changed: bool) -> PlannedLock:
        wishes, target = self.project.wishes, draft.target
        before = read_locked_versions(draft.text, target.format) if draft.text else {}
        kept = PlannedLock(
            target=target,
            judgement=draft.judgement,
            before=draft.before,
            versions_before=before,
            versions_after=before,
            platforms=list_locked_platforms(draft.judgement, draft.stamp),
            python=draft.stamp.python if draft.stamp else "",
            locker=draft.stamp.locker if draft.stamp else "",
        )
        asks_anew = wishes.upgrade or wishes.upgrade_packages or is_above_changed
        if draft.judgement.is_fresh and not asks_anew:
            return kept
        choice = self._choose_locker(draft)
        task = self._make_task(draft, choice, constraints)
        inputs = read_lock_inputs(target, root=self.project.root, environment=self.project.situation.environment)
        self._say(f"Locking {self.project.show(target.source)} with {choice.name}")
        locked = locker_named(choice.name).lock(task, self.progress)
        text = write_stamp(locked.body, self._stamp(task, choice, inputs), target.format)
        return replace(
            kept,
            after=text.encode(),
            versions_after=read_locked_versions(text, target.format),
            platforms=task.platforms,
            python=task.python.specifier,
            locker=choice.name,
            locker_reason=choice.reason,
            tool=locked.tool,
            notes=(*tell_of_lock(task, draft.judgement, draft.stamp), *locked.notes),
        )

    def _resolve_jointly(self, layers: list[LockDraft]) -> tuple[str, ...]:
        """The pins on which all layers agree. Raises ResolutionFailedError where there are none."""
        sources = tuple(source for draft in layers for source in draft.target.sources)
        parts = tuple(part for draft in layers for part in draft.target.parts)
        texts = [draft.text for draft in layers if draft.text]
        whole = replace(
            layers[0],
            target=replace(layers[0].target, sources=tuple(dict.fromkeys(sources)), parts=tuple(dict.fromkeys(parts))),
            text="\n".join(texts) or None,
        )
        choice = self._choose_locker(whole)
        return list_pins(locker_named(choice.name).lock(self._make_task(whole, choice, ()), self.progress).body)

    def _choose_locker(self, draft: LockDraft) -> LockerChoice:
        return choose_locker(
            draft.target,
            root=self.project.root,
            option=self.project.wishes.locker,
            configured=self.project.config.lock.locker,
            existing=draft.text,
            above={path.name: text for path in draft.target.above if (text := read_lock_text(path)) is not None},
        )

    def _make_task(self, draft: LockDraft, choice: LockerChoice, constraints: tuple[str, ...]) -> LockTask:
        work = self.work_directory / f"{draft.target.destination.name}-{len(list(self.work_directory.iterdir()))}"
        make_private_directory(work)
        return make_lock_task(
            self.project, draft, locker=choice.name, constraints=constraints, work_directory=work, log=self.log
        )

    def _stamp(self, task: LockTask, choice: LockerChoice, inputs: LockInputs) -> LockStamp:
        return LockStamp(
            locker=choice.name,
            sources=tuple(self.project.show(path) for path in task.target.sources),
            inputs=inputs.texts,
            platforms=task.platforms,
            python=task.python.specifier,
            exclude_newer=task.exclude_newer,
            only=name_restriction(task.target),
        )

    def _say(self, message: str) -> None:
        self.progress(ProgressEvent(phase="solve", message=message))
