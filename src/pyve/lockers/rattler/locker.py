"""The locker `rattler`: environment.yml into conda-lock.yml, for any platform from any machine."""

from contextlib import closing
from importlib.util import find_spec

from pyve.engines.conda.engine import EngineSurroundings
from pyve.environments.progress import Progress
from pyve.errors.lock import LockerUnavailableError, LockerUnfitError
from pyve.lockers.conda_lock_channel import describe_channel
from pyve.lockers.conda_lock_text import CondaLockText, LockedRow
from pyve.lockers.locker import CondaLockRequest, LockedText, LockTask
from pyve.lockers.rattler.conda_rows import make_conda_rows
from pyve.lockers.rattler.platform_solve import SolvedPlatform, solve_platforms


class RattlerLocker:
    """Solves with py-rattler in one worker process, and the pip section with uv."""

    name = "rattler"

    def lock(self, task: LockTask, progress: Progress) -> LockedText:
        """Make the lock."""
        request = task.conda
        if request is None:
            raise LockerUnfitError(
                f"rattler locks conda packages, and {task.target.source.name} declares none.",
                hint="pyve lock --locker uv",
            )
        if find_spec("rattler") is None:
            raise LockerUnavailableError(
                "rattler, which shall lock, is not installed for this Python.", hint="pyve lock --locker conda-lock"
            )
        solved, tool = _solve(task, request, progress)
        rows: list[LockedRow] = []
        notes = list(request.notes)
        for one in solved:
            rows += make_conda_rows(one, category=request.category)
            if one.request.pip.requirements:
                from pyve.lockers.rattler.pip_section import lock_pip_section  # and with it all that installs wheels

                pip = lock_pip_section(one, task, category=request.category, progress=progress)
                rows += pip.rows
                notes += pip.notes
        text = CondaLockText(
            content_hashes={name: one.content_hash for name, one in request.subdirs.items()},
            channels=tuple(map(describe_channel, request.channels)),
            sources=request.sources,
            rows=tuple(rows),
        )
        return LockedText(body=text.write(), tool=tool, notes=tuple(dict.fromkeys(notes)))


def _solve(task: LockTask, request: CondaLockRequest, progress: Progress) -> tuple[tuple[SolvedPlatform, ...], str]:
    from pyve.engines.conda.rattler.engine import RattlerEngine

    surroundings = EngineSurroundings(
        cache_directory=task.cache_directory,
        environment=task.environment,
        log=task.log,
        work_directory=task.work_directory,
    )
    with closing(RattlerEngine(surroundings)) as engine:
        solved = solve_platforms(engine, task, request, progress)
        return solved, f"rattler {engine.version()}"
