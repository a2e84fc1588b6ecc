"""UvLocker: `uv pip compile`, its result made into the body of a lock."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyve.engines.installer_output import open_log
from pyve.engines.pip_configuration import (
    PipConfiguration,
    combine_options,
    find_configuration_places,
    read_pip_configuration,
)
from pyve.engines.redaction import redactor
from pyve.engines.uv_run import FROM_CACHES, UvRunner
from pyve.engines.uv_settings import configured_options, localise, refuse_settings_of_others, uv_environment
from pyve.environments.progress import Progress, ProgressEvent
from pyve.lockers.build_leftovers import sweep_build_leftovers
from pyve.lockers.configured_places import list_configured_places
from pyve.lockers.declared_hashes import refuse_other_hashes
from pyve.lockers.heading import declared_lines, tell_stripped
from pyve.lockers.left_out import tell_left_out
from pyve.lockers.locker import LockedText, LockTask
from pyve.lockers.platform_clauses import PlatformClauses
from pyve.lockers.unhashable import refuse_unhashable
from pyve.lockers.uv.compilation import LOCK_LINES, Compilation, declared_variables
from pyve.lockers.uv.declared import Declared, read_declared
from pyve.lockers.uv.declared_places import list_declared_places, refuse_absent_places
from pyve.lockers.uv.executable import find_locking_uv
from pyve.lockers.uv.existing import keep_versions, list_locked_names, list_pins
from pyve.lockers.uv.failures import LockFailures
from pyve.lockers.uv.joint_resolution import resolve_parts
from pyve.lockers.uv.portability import Portability
from pyve.lockers.uv.pre_releases import tell_pre_releases
from pyve.lockers.uv.project_settings import (
    UvProjectSettings,
    find_project_settings,
    restricted_variables,
    write_restriction,
)
from pyve.lockers.uv.pylock_text import PylockText
from pyve.lockers.uv.requirements_text import RequirementsText, refuse_unfit_lines
from pyve.lockers.yanked import tell_yanked
from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.platform_markers import marker_of
from pyve.project.requirement import IndexOptions

_YANKED = re.compile(r"^warning: `?([^`\s]+)`? is yanked(?: \(reason: \"?(.*?)\"?\))?\.?$")
_PRE_RELEASE = re.compile(r"(?:==|^version = \")[\w.!]*(?:a|b|rc|dev)\d", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class UvLocker:
    """Locks with the uv that came with pyve."""

    name: str = "uv"

    def lock(self, task: LockTask, progress: Progress) -> LockedText:
        """Make the lock: see Locker. Raises LockNotPortableError and RequirementUnhashableError too."""
        for platform in task.platforms:
            marker_of(platform)  # raises for one that is unknown
        refuse_settings_of_others(task.root)
        declared = read_declared(task.target, root=task.root, environment=task.environment)
        refuse_unfit_lines(declared.requirements)
        refuse_absent_places(declared.options, task.root)
        if task.target.format is LockFormat.REQUIREMENTS:
            refuse_unhashable(declared.requirements)
        executable, version = find_locking_uv(task.environment, task.cache_directory)
        with open_log(task.log) as write, sweep_build_leftovers(task.root):
            session = _Session(task=task, declared=declared, executable=executable, write=write, progress=progress)
            body = session.make()
        refuse_other_hashes(body, task.target.format, declared.requirements)
        return LockedText(
            body=body,
            tool=f"uv {version}",
            notes=(
                *tell_left_out(declared.requirements, task.platforms, task.python),
                *tell_stripped(declared.options),
                *session.warnings,
                *([] if declared.options.pre else session.pre_releases(body)),
            ),
        )


@dataclass(frozen=True, kw_only=True)
class _Session:
    """One lock while it is made; `warnings` are what uv says of versions that it took."""

    task: LockTask
    declared: Declared
    executable: Path
    write: Callable[[str], None]
    progress: Progress
    warnings: list[str] = field(default_factory=list)

    def make(self) -> str:
        task, declared = self.task, self.declared
        settings = find_project_settings(task.root, task.environment)
        configuration = read_pip_configuration(
            task.environment, find_configuration_places(task.environment, task.work_directory)
        )
        variables = declared_variables(uv_environment(task.environment, configuration))
        configured, _ = localise(configured_options(configuration.options, task.environment), task.root)
        platforms = PlatformClauses(platforms=task.platforms, oldest=task.python.oldest)
        restriction = None
        if task.platforms:
            restriction = write_restriction(task.work_directory / "restriction", settings, task.platforms)
            variables = restricted_variables(variables, restriction / "none")
        compilation = Compilation(
            task=task,
            runner=self._runner(variables, configuration),
            declared=declared.options,
            configured=configured,
            restriction=restriction,
            parts=declared.parts,
            name=declared.name,
            without_base=declared.without_base,
            expanded=declared.expanded,
            beside_locks=declared.beside_locks,
            variables=variables,
            resolution=settings.choice("resolution", default=Compilation.resolution),
            prerelease=settings.choice("prerelease", default=Compilation.prerelease),
        )
        portability = self._portability(settings, configured)
        if task.target.format is LockFormat.REQUIREMENTS:
            return self._make_requirements(compilation, platforms, portability)
        text = PylockText(root=task.root, python=task.python.specifier, platforms=platforms, portability=portability)
        return text.write(resolve_parts(compilation, declared, text), task.target.parts)

    def pre_releases(self, body: str) -> list[str]:
        """What is to be said of pre-releases in the lock."""
        if not _PRE_RELEASE.search(body):  # a large lock takes long to be read again
            return []
        return list(tell_pre_releases(list_pins(body, self.task.target.format), self.declared.requirements))

    def _portability(self, settings: UvProjectSettings, configured: IndexOptions) -> Portability:
        options, environment = self.declared.options, self.task.environment
        counting = combine_options(options, configured)
        replaced = configured if options.index_url is None else replace(counting, index_url=None)
        return Portability(
            declared=list_declared_places(options, settings, environment),
            configured=list_configured_places(replaced, environment),
            requirements=self.declared.all,
        )

    def _make_requirements(self, compilation: Compilation, platforms: PlatformClauses, portability: Portability) -> str:
        task = self.task
        written, _ = compilation.run(
            task.target.parts, called="all", constraints=task.constraints, existing=keep_versions(task)
        )
        text = RequirementsText(
            root=task.root,
            platforms=platforms,
            requirements=self.declared.all,
            own_files=compilation.own_files("all"),
            heading=declared_lines(self.declared.options, task.target.destination.parent),
            portability=portability,
        )
        self.warnings.extend(text.tell_places(written))
        return text.make(written)

    def _runner(self, variables: Mapping[str, str], configuration: PipConfiguration) -> UvRunner:
        task, declared = self.task, self.declared
        options = combine_options(declared.options, configuration.options)
        urls = (*options.extra_index_urls, *options.find_links, options.index_url or "")
        names = {*list_locked_names(task), *(one.name for one in declared.all if one.name)}
        failures = LockFailures(
            names=tuple(sorted(names)), environment=task.environment, exclude_newer=task.exclude_newer
        )
        return UvRunner(
            executable=self.executable,
            directory=task.root,
            environment=dict(variables),
            log=task.log,
            write=self._take_line,
            redact=redactor(variables, (*urls, *(one.line for one in declared.requirements))),
            progress=self._report,
            requirements=declared.all,
            work_directory=task.work_directory,
            offline=task.offline,
            explain=failures.explain,
            passed_over=LOCK_LINES,
        )

    def _report(self, event: ProgressEvent) -> None:
        """Pass on what a run of uv says, but for how many packages it would install: several runs make one lock."""
        if event.message == FROM_CACHES:
            self.warnings.append("the package index could not be reached: the lock is made from uv's cache")
        if event.detail or not event.message.startswith("Installing "):
            self.progress(replace(event, phase="solve"))

    def _take_line(self, line: str) -> None:
        self.write(line)
        yanked = _YANKED.match(line)
        if yanked:
            name, _, version = yanked[1].partition("==")
            sentence = tell_yanked(name, version, yanked[2] or "")
            if sentence not in self.warnings:
                self.warnings.append(sentence)
