"""`pyve check`: examine the machine, the project and its environment; change nothing, say what to type."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.current import require_private
from pyve.environments.state import state_of_project
from pyve.errors import OwnerMismatchError
from pyve.backends import backend_named
from pyve.project.user_settings import UserSettings
from pyve.system.directories import cache_directory, home_directory, state_directory
from pyve.verbs.check_findings import Examination, Fact, Finding, Severity, found
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation, absolute_directory, registered_root, store_of


@dataclass(frozen=True, kw_only=True)
class CheckRequest:
    """`pyve check` with its option: `deep` compares every installed file with what was installed.

    The surroundings are read here and not before, because broken settings are a finding. `user_file` is config.toml.
    """

    directory: Path | None
    environment: Mapping[str, str]
    user_file: Path
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


def check(request: CheckRequest) -> Outcome[CheckResult]:
    """Examine everything. Exit status 1 when there are errors or warnings; an info leaves it 0."""
    situation = Situation(
        directory=absolute_directory(request.directory),
        home=Path(home_directory(request.environment)),
        environment=request.environment,
        state_directory=state_directory(request.environment),
        cache_directory=Path(cache_directory(request.environment)),
        settings=UserSettings(),
    )
    root = registered_root(situation)
    examinations = [_examine_state_directory(situation)]
    if root is not None:
        examinations.append(_examine_environment(situation, root))
    findings = tuple(finding for one in examinations for finding in one.findings)
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    data = CheckResult(
        project=str(root) if root else None,
        environment=None,
        deep=request.deep,
        findings=findings,
        facts=tuple(fact for one in examinations for fact in one.facts),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
    )
    notes = () if root else (f"No project at or above {situation.directory}; only the machine was examined.",)
    return Outcome(data=data, notes=notes, exit_status=1 if data.errors or data.warnings else 0)


def _examine_state_directory(situation: Situation) -> Examination:
    try:
        require_private(situation.state_directory)
    except FileNotFoundError:
        return Examination()
    except OwnerMismatchError as error:
        return Examination(
            findings=(found("state-directory-unsafe", error.message, hint=f"chmod 700 {situation.state_directory}"),)
        )
    return Examination()


def _examine_environment(situation: Situation, root: Path) -> Examination:
    record = store_of(situation, state_of_project(situation.state_directory, root)).current_record()
    if record is None:
        return Examination(
            findings=(found("no-environment", f"{root} has no environment in use.", hint="pyve sync"),)
        )
    damage = backend_named(record.backend).diagnose(record)
    if damage is None:
        return Examination()
    message = f"The environment in use is damaged: {damage.reason}."
    return Examination(findings=(found("environment-damaged", message, hint="pyve sync"),))
