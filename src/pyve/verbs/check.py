"""`pyve check`: examine the machine, the project and its environment; change nothing, say what to type."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.engines.conda.bootstrap.shelves import find_bootstrapped
from pyve.environments.current import find_project_of
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState, state_of_project
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError
from pyve.project.root import find_root
from pyve.system.directories import cache_directory, home_directory, state_directory
from pyve.verbs.checks import activation as check_activation
from pyve.verbs.checks import activators as check_activators
from pyve.verbs.checks import conda as check_conda
from pyve.verbs.checks import directories as check_directories
from pyve.verbs.checks import environment as check_environment
from pyve.verbs.checks import links as check_links
from pyve.verbs.checks import location as check_location
from pyve.verbs.checks import state as check_state
from pyve.verbs.checks import tools as check_tools
from pyve.verbs.checks.activation import CallingShell
from pyve.verbs.checks.declaration import examine_declaration, examine_freshness
from pyve.verbs.checks.files import examine_files
from pyve.verbs.checks.findings import Fact, Finding, Part, Severity, found
from pyve.verbs.checks.locks import examine_locks
from pyve.verbs.checks.packages import examine_packages
from pyve.verbs.checks.repository import examine_repository
from pyve.verbs.checks.scripts import examine_scripts
from pyve.verbs.checks.trust import examine_trust
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation, absolute_directory, store_of


@dataclass(frozen=True, kw_only=True)
class CheckRequest:
    """`pyve check` with its option: `deep` compares every installed file with what was installed.

    The surroundings are read here and not before, because broken settings are a finding. `user_file` is config.toml,
    `command` starts this pyve, `shell` is the one it was typed in (None: a script runs it).
    """

    directory: Path | None
    environment: Mapping[str, str]
    user_file: Path
    command: tuple[str, ...] = ()
    shell: CallingShell | None = None
    deep: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What was examined and what was found; `project` and `environment` are None where there is none."""

    project: str | None
    environment: str | None
    deep: bool
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...]
    errors: int
    warnings: int
    infos: int


@dataclass(kw_only=True)
class _Report:
    """Gathers what examiners bring, and goes on where one of them cannot."""

    findings: list[Finding] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def take(self, examined: Iterable[Finding | Fact]) -> None:
        """Take everything that `examined` yields; what it cannot look into is a finding of its own."""
        try:
            for item in examined:
                if isinstance(item, Fact):
                    self.facts.append(item)
                elif item not in self.findings:
                    self.findings.append(item)
        except OSError as error:
            message = f"{error.filename or 'Something'} could not be looked into: {error.strerror or error}."
            hint = f"ls -ld {error.filename}" if error.filename else "pyve status"
            self.findings.append(found("examination-incomplete", message, hint=hint))
        except PyveError as error:
            if any(finding.cause == error.code for finding in self.findings):
                return  # said already, where the file behind it is examined
            hint = error.hint or "pyve status"
            self.findings.append(found("examination-incomplete", error.message, hint=hint, cause=error.code))


def check(request: CheckRequest) -> Outcome[CheckResult]:
    """Examine everything. Exit status 1 when there are errors or warnings; an info leaves it 0.

    Raises NoProjectError for a directory that does not exist and HomeUnknownError.
    """
    report = _Report()
    situation = _read_situation(request, report)
    root = find_project_of(situation.state_directory, str(situation.directory))
    store = None if root is None else store_of(situation, state_of_project(situation.state_directory, Path(root)))
    _examine_machine(situation, store, report)
    _examine_activation(situation, request, store, report)
    environment = None
    if store is None:
        report.take(_examine_unregistered(situation))
    else:
        environment = _examine_project(situation, store, report, deep=request.deep)
    counts = {severity: sum(one.severity is severity for one in report.findings) for severity in Severity}
    data = CheckResult(
        project=root,
        environment=environment,
        deep=request.deep,
        findings=tuple(report.findings),
        facts=tuple(report.facts),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
    )
    notes = () if root else (f"No pyve project at or above {situation.directory}: only the machine was examined.",)
    return Outcome(data=data, notes=notes, exit_status=1 if data.errors or data.warnings else 0)


def _read_situation(request: CheckRequest, report: _Report) -> Situation:
    settings, findings = check_directories.examine_user_settings(request.user_file)
    report.take(findings)
    return Situation(
        directory=absolute_directory(request.directory),
        home=Path(home_directory(request.environment)),
        environment=request.environment,
        state_directory=state_directory(request.environment),
        cache_directory=Path(cache_directory(request.environment)),
        settings=settings,
    )


def _examine_machine(situation: Situation, store: EnvironmentStore | None, report: _Report) -> None:
    places = [Path(situation.state_directory), situation.cache_directory, situation.home]
    report.take(check_tools.examine_installers(situation.environment))
    root = store.state.root if store else situation.directory
    report.take(
        check_conda.examine_engines(
            situation.settings.conda,
            find_bootstrapped=lambda: find_bootstrapped(situation.environment, project=root),
        )
    )
    report.take(check_tools.examine_interpreters(situation))
    report.take(check_directories.examine_room([*places, store.folder] if store else places))
    report.take(check_directories.examine_state_directory(situation))
    report.take(check_directories.examine_cache_directory(situation))
    report.take(check_tools.examine_own_command(situation.environment))
    report.take(check_tools.examine_variables(situation.environment))
    report.take(check_tools.examine_pip_configuration(situation.environment))
    report.take(check_directories.examine_other_projects(situation, store))


def _examine_activation(
    situation: Situation, request: CheckRequest, store: EnvironmentStore | None, report: _Report
) -> None:
    report.take(check_activators.examine_path(situation.environment))
    report.take(check_activators.examine_other_activators(situation))
    report.take(check_activation.examine_startup_files(situation, request.command))
    if request.shell is not None:
        is_in_use = request.directory is None and store is not None and store.state.current_file.exists()
        acts = is_in_use and store is not None and not store.state.is_denied()
        root = str(store.state.root) if store is not None and acts else None
        report.take(check_activation.examine_calling_shell(situation, request.shell, active_root=root))


def _examine_unregistered(situation: Situation) -> Iterator[Finding]:
    choice = find_root(situation.directory, home=situation.home)
    if choice.has_manifest:
        message = f"{choice.path} could be a project ({choice.reason}) and has no environment of pyve's."
        yield found("project-not-initialised", message, hint="pyve init")


def _examine_project(situation: Situation, store: EnvironmentStore, report: _Report, *, deep: bool) -> str | None:
    """Examine the project and what it has in use; return the directory of the environment in use."""
    state = store.state
    report.facts.append(Fact(part=Part.PROJECT, name="root", value=str(state.root)))
    report.take(check_location.examine_root(state.root, in_ci=situation.in_ci))
    report.take(check_location.examine_store_folder(store.folder, home=situation.home))
    report.take(check_state.examine_state(state))
    report.take(examine_trust(state))
    declared = examine_declaration(
        situation, state.root, check_state.choices_of(state), may_export=not state.is_denied()
    )
    report.take(declared.findings)
    report.take(examine_locks(declared.demand) if declared.demand else ())
    report.take(examine_repository(store))
    report.take(check_links.examine_ledger(store))
    report.take(check_links.examine_leftovers(store))
    record = _record_in_use(store)
    report.take(check_links.examine_previous(store, record))
    if record is None:
        report.take(_no_environment(state))
        return None
    if declared.demand is not None:
        report.take(examine_freshness(declared.demand, record))
    report.take(check_links.examine_links(store, record))
    _examine_environment(situation, store, record, report, deep=deep)
    return record.directory


def _examine_environment(
    situation: Situation, store: EnvironmentStore, record: EnvironmentRecord, report: _Report, *, deep: bool
) -> None:
    python = f"{record.python_version} ({record.python_implementation})" if record.python_version else "none"
    report.facts.append(Fact(part=Part.ENVIRONMENT, name="directory", value=record.directory))
    report.facts.append(Fact(part=Part.ENVIRONMENT, name="python", value=python))
    report.take(check_environment.examine_directory(record))
    if not os.path.isdir(record.directory):
        return
    current = store.current()
    report.take(check_environment.examine_python(record, situation.environment))
    report.take(check_environment.examine_configuration(record, current) if current else ())
    report.take(check_environment.examine_packages_list(record))
    report.take(examine_packages(record))
    if os.path.exists(check_environment.python_of(record)):  # without it every script is dead, which says nothing new
        report.take(examine_scripts(record))
    if record.conda:
        report.take(check_conda.examine_prefix(record, situation.environment))
    if deep:
        report.take(examine_files(record))
        if record.conda:
            report.take(check_conda.examine_prefix_files(record))


def _record_in_use(store: EnvironmentStore) -> EnvironmentRecord | None:
    try:
        return store.current_record()
    except PyveError:
        return None  # said where the state is examined


def _no_environment(state: ProjectState) -> Iterator[Finding]:
    yield found("no-environment", f"{state.root} has no environment in use.", hint="pyve sync")
