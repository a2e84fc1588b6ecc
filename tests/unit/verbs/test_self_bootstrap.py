"""What `init --auto-bootstrap` rests on, and what `self uninstall` takes away again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.cleanup.ledger import read_ledger
from pyve.engines.conda.bootstrap.shelves import user_shelf
from pyve.engines.conda.bootstrap.versions import URL_VARIABLE, KnownReleases
from pyve.environments.progress import report_nothing
from pyve.environments.state import state_of_project
from pyve.errors import UsageError
from pyve.errors.conda import EngineMissingError
from pyve.project.conda.subdir import current_subdir
from pyve.system.own_installation import MARKER, InstallLedger, write_install_ledger
from pyve.verbs.self_bootstrap import (
    BootstrapRequest,
    apply_bootstrap,
    ensure_micromamba,
    plan_bootstrap,
    read_bootstrap_request,
)
from pyve.verbs.self_uninstall import SelfUninstallRequest, self_uninstall
from pyve.verbs.situation import Situation
from tests.support.channel_server import ChannelServer
from tests.support.micromamba_archive import make_archive, program_member, publish
from tests.support.micromamba_stand_in import VERSION
from tests.support.stored_project import make_situation

pytestmark = pytest.mark.posix("the stand-in is a script")


@pytest.fixture
def sha256(tmp_path: Path) -> str:
    """Of the archive in the folder that is served."""
    return publish(tmp_path / "served", make_archive([program_member()]), "micromamba.tar.bz2")


@pytest.fixture
def situation(project: Path, tmp_path: Path, sha256: str) -> Iterator[Situation]:
    """In a project, with a mirror that has micromamba."""
    with ChannelServer(tmp_path / "served") as server:
        made = make_situation(project, tmp_path / "state")
        yield replace(made, environment={URL_VARIABLE: f"{server.url}/{{platform}}/../micromamba.tar.bz2"})


def known(sha256: str) -> KnownReleases:
    return KnownReleases(
        default=VERSION, builds={VERSION: 0}, digests={(VERSION, current_subdir()): {"archive": sha256}}
    )


def bootstrap(situation: Situation, request: BootstrapRequest, sha256: str, root: Path | None = None) -> Path:
    plan = plan_bootstrap(situation, request, root=root, known=known(sha256))
    return Path(apply_bootstrap(situation, plan, report_nothing).data.program)


def test_missing_micromamba_is_not_fetched_without_consent(situation: Situation, project: Path) -> None:
    with pytest.raises(EngineMissingError) as caught:
        ensure_micromamba(situation, root=project, to=None, progress=report_nothing)

    assert caught.value.hint is not None
    assert caught.value.hint.startswith("pyve self bootstrap micromamba")


@pytest.mark.parametrize("to", ["user", "project"])
def test_what_was_bootstrapped_is_found_and_not_fetched_again(
    situation: Situation, project: Path, sha256: str, to: str
) -> None:
    request = read_bootstrap_request("micromamba", to=to, version=None, sha256=None)
    program = bootstrap(situation, request, sha256, root=project)

    assert ensure_micromamba(situation, root=project, to=None, progress=report_nothing) == program
    assert plan_bootstrap(situation, request, root=project, known=known(sha256)).is_done


def test_program_of_a_project_is_in_its_ledger(situation: Situation, project: Path, sha256: str) -> None:
    program = bootstrap(situation, BootstrapRequest(to="project"), sha256, root=project)

    state = state_of_project(situation.state_directory, project)
    assert [(entry.kind, entry.path) for entry in read_ledger(state)] == [("program", program)]
    assert (project / ".pyve" / ".gitignore").read_bytes() == b"*\n"


def test_question_names_all_that_is_consented_to(situation: Situation, sha256: str) -> None:
    plan = plan_bootstrap(situation, BootstrapRequest(), known=known(sha256))

    assert all(word in plan.question() for word in (VERSION, plan.artifact.url, sha256, str(plan.program)))


@pytest.mark.parametrize(("program", "to"), [("conda", "user"), ("micromamba", "system")])
def test_request_that_cannot_be_meant_is_refused(program: str, to: str) -> None:
    with pytest.raises(UsageError):
        read_bootstrap_request(program, to=to, version=None, sha256=None)


def test_uninstalling_pyve_takes_the_users_micromamba_along(situation: Situation, sha256: str, tmp_path: Path) -> None:
    program = bootstrap(situation, BootstrapRequest(), sha256)
    folder = tmp_path / "app"
    prefix = folder / "1-1"
    prefix.mkdir(parents=True)
    (prefix / MARKER).touch()
    write_install_ledger(folder, InstallLedger(link=tmp_path / "bin" / "pyve", environments=(prefix,)))
    request = SelfUninstallRequest(prefix=prefix, programs=(user_shelf().folder,))

    planned = self_uninstall(replace(request, dry_run=True)).data.removed
    assert program.exists()
    outcome = self_uninstall(request)

    assert user_shelf().folder in planned
    assert planned == outcome.data.removed
    assert not user_shelf().folder.exists()
