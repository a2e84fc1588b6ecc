"""`pyve check`: a lock that does not answer what is declared is a finding, of whichever kind it is."""

from pathlib import Path

from pyve.environments.choices import Choices
from pyve.project.conda.subdir import current_subdir
from pyve.verbs.checks.declaration import examine_declaration
from pyve.verbs.checks.findings import Finding
from pyve.verbs.checks.locks import examine_locks
from tests.support.made_conda_lock import make_stamped_lock
from tests.support.stored_project import make_situation


def examine(project: Path, tmp_path: Path) -> list[Finding]:
    """What is found of the project's locks."""
    declared = examine_declaration(make_situation(project, tmp_path / "state"), project, Choices())
    assert declared.demand is not None, declared.findings
    return list(examine_locks(declared.demand))


def test_a_lock_of_conda_packages_is_found_stale_with_what_changed(project: Path, tmp_path: Path) -> None:
    make_stamped_lock(project, "tiny<2", platforms=(current_subdir(),))
    assert examine(project, tmp_path) == []

    (project / "environment.yml").write_text("channels: [conda-forge]\ndependencies:\n  - tiny>=2\n", encoding="utf-8")

    (finding,) = examine(project, tmp_path)
    assert (finding.code, finding.severity.value, finding.hint) == ("lock-stale", "warning", "pyve lock")
    assert "tiny was tiny<2, is tiny>=2 (environment.yml:3)" in finding.message


def test_a_lock_of_python_packages_is_found_stale_with_what_is_missing(project: Path, tmp_path: Path) -> None:
    (project / "requirements.in").write_text("alpha\n", encoding="utf-8")
    lock = project / "requirements.txt"
    lock.write_text("alpha==1.0  # via -r requirements.in\n", encoding="utf-8")
    assert examine(project, tmp_path) == []

    (project / "requirements.in").write_text("alpha>=2\n", encoding="utf-8")

    (finding,) = examine(project, tmp_path)
    assert finding.code == "lock-stale"
    assert "alpha>=2" in finding.message
    assert "requirements.in:1" in finding.message
