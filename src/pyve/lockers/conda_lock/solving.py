"""One platform locked by conda-lock: one run of it for each try to keep what is locked already."""

import contextlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.engines.conda.failures.engine_failure import EngineFailure
from pyve.engines.conda.failures.explanation import to_error
from pyve.engines.conda.micromamba.command import sealed_environment
from pyve.engines.conda.micromamba.engine import MicromambaEngine
from pyve.engines.conda.micromamba.failures import read_failure
from pyve.engines.conda.micromamba.places import Places
from pyve.engines.conda.micromamba.session import MicromambaSession
from pyve.engines.conda.micromamba.sign_in import sign_in
from pyve.environments.progress import Progress, ProgressEvent
from pyve.lockers.conda_lock.failures import explain, read_launcher_failure
from pyve.lockers.conda_lock.source_file import write_pip_seed, write_source
from pyve.lockers.locker import CondaLockRequest, CondaSubdirRequest, LockTask
from pyve.lockers.rattler.platform_solve import solve_platforms
from pyve.lockers.tool_environment import ToolRun, run_tool
from pyve.project.conda.match_spec import parse_match_spec
from pyve.project.conda.package import CondaPackage
from pyve.project.manifests.conda_lock_row import LockRow
from pyve.project.manifests.conda_lock_yml import read_conda_lock_yml
from pyve.project.package_name import normalise_name

TOOL = "conda-lock"
INSTEAD = "pyve lock --locker rattler"
_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_LAUNCHER = Path(__file__).with_name("launch.py")
_PRIORITY = {"strict": "--strict-channel-priority", "disabled": "--no-channel-priority"}
_TOLD_BY_TREES = ("unsatisfiable", "unknown-package", "machine")


@dataclass(frozen=True, kw_only=True)
class SubdirLocking:
    """What is the same for all tries on one platform.

    `temporary` is the folder for conda-lock's own; its channel of virtual packages lies there.
    """

    task: LockTask
    session: MicromambaSession
    wanted: CondaLockRequest
    subdir: str
    version: str
    temporary: Path
    progress: Progress
    mapping: str | None = None

    @property
    def request(self) -> CondaSubdirRequest:
        """What this platform asks for."""
        return self.wanted.subdirs[self.subdir]

    def lock(self) -> tuple[LockRow, ...]:
        """The rows, their URLs canonical. Raises the errors of conda's engines, each with conda's own reasons."""
        sign_in(self.session, self.request.channels)
        return self.session.try_sources(self.request.channels, (), self._keep_what_fits, origins=self.request.origins)

    def _keep_what_fits(self, places: Places) -> "tuple[LockRow, ...] | EngineFailure":
        """Keep all packages that are locked already, else those that nobody asks for by name, else none."""
        failure: EngineFailure | None = None
        for pins in self._list_tries():
            result = self._run(places, pins)
            if not isinstance(result, EngineFailure):
                return result
            failure = result
            if failure.kind not in _TOLD_BY_TREES:
                return failure
        assert failure is not None
        raise self._explain(failure)

    def _list_tries(self) -> Iterator[tuple[CondaPackage, ...]]:
        asked = {parse_match_spec(spec).name for spec in self.request.specs}
        pins = tuple(one for one in self.request.prefer if self._is_kept(one.name))
        tries = (pins, tuple(one for one in pins if one.name not in asked), ())
        yield from dict.fromkeys(tries)

    def _is_kept(self, name: str) -> bool:
        return normalise_name(name) not in self.task.upgrade_packages

    def _run(self, places: Places, pins: Sequence[CondaPackage]) -> "tuple[LockRow, ...] | EngineFailure":
        """One run of conda-lock, in a folder of its own."""
        folder = Path(tempfile.mkdtemp(prefix="conda-lock-", dir=self.session.work))
        order, failure_file, lock_file = folder / "order.json", folder / "failure.json", folder / "conda-lock.yml"
        source = write_source(self.request, self.subdir, places, category=self.wanted.category)
        (folder / "environment.yml").write_text(source, encoding="utf-8")
        kept_pip = [row for row in self.request.prefer_pip if self._is_kept(row.name)]
        if kept_pip:
            channels = tuple(dict.fromkeys(places.channels(self.request.channels)))
            lock_file.write_text(write_pip_seed(kept_pip, self.subdir, channels), encoding="utf-8")
        environment = self._make_environment(pins)
        document = {"arguments": self._list_arguments(), "environment": environment, "failure": str(failure_file)}
        order.write_text(json.dumps(document), encoding="utf-8")
        run = ToolRun(
            tool=TOOL,
            version=self.version,
            executable="python",
            arguments=("-I", "-X", "utf8", _LAUNCHER, order),
            directory=folder,
            urls=self.request.pip_repositories,
            instead=INSTEAD,
        )
        output = run_tool(run, self.task, self._tell_downloads)
        if output.exit_status == 0 and lock_file.exists():
            rows = read_conda_lock_yml(lock_file, root=folder).rows
            return tuple(replace(row, url=places.canonical(row.url)) for row in rows)
        failure = read_launcher_failure(failure_file, output.text)
        if not failure.is_of_micromamba:
            hidden = replace(failure, text=self.session.hide(failure.text))
            raise explain(hidden, subdir=self.subdir, log=self.task.log)
        told = read_failure(failure.stdout, failure.stderr or failure.text, offline=False, places=places)
        return self.session.complete(told)

    def _tell_downloads(self, event: ProgressEvent) -> None:
        """Pass on that the tool itself is fetched; what it says is in the log."""
        if event.phase == "download":
            self.progress(event)

    def _list_arguments(self) -> list[str]:
        return [
            *("lock", "--conda", str(self.session.executable), "--no-mamba", "--log-level", "WARNING"),
            *("--file", "environment.yml", "--lockfile", "conda-lock.yml", "--platform", self.subdir),
            *(("--pypi_to_conda_lookup_file", self.mapping) if self.mapping else ()),
        ]

    def _make_environment(self, pins: Sequence[CondaPackage]) -> dict[str, str]:
        """All that conda-lock and the micromamba that it starts see: homes of their own, no settings of the user."""
        told = self.task.environment
        named = {name for url in self.request.pip_repositories for name in _VARIABLE.findall(url)}
        home, temporary = str(self.session.sealed.home), str(self.temporary)
        return {
            **{name: told[name] for name in named if name in told},
            **sealed_environment(told, self.session.sealed),
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary),
            "CONDA_FLAGS": f"--no-rc {_PRIORITY[self.wanted.priority]}",
            # Packages that are locked already; a constraint puts nothing in by itself.
            **({"MAMBA_PINNED_PACKAGES": ",".join(map(_pin, pins))} if pins else {}),
            # The table of names that pip and conda differ in, which conda-lock fetches for pip sections.
            "XDG_CACHE_HOME": str(self.task.cache_directory / "conda" / "conda-lock"),
            "XDG_CONFIG_HOME": f"{home}/.config",
        }

    def _explain(self, failure: EngineFailure) -> Exception:
        """The error; its reasons are those that micromamba gives when it is asked the same without conda-lock."""
        with contextlib.closing(MicromambaEngine(self.session.surroundings)) as engine:
            solve_platforms(engine, self.task, self.wanted, self.progress)
        return to_error(failure, origins=self.request.origins)


def _pin(package: CondaPackage) -> str:
    return f"{package.name}=={package.version}={package.build}"
