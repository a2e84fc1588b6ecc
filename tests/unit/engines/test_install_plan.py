from dataclasses import replace
from pathlib import Path

from pyve.engines.install_plan import plan_calls
from pyve.engines.installation import InstallRequest
from pyve.project.requirement import Requirement, RequirementSet

PROJECT = Path("/projects/tool")


def require(name: str, *hashes: str) -> Requirement:
    return Requirement(line=name, canonical=name, origin="requirements.txt:1", name=name, hashes=hashes)


def ask(*requirements: Requirement) -> InstallRequest:
    return InstallRequest(
        python=PROJECT / "python",
        prefix=PROJECT / "env",
        project_root=PROJECT,
        requirements=RequirementSet(requirements=requirements),
        log=PROJECT / "log",
        work_directory=PROJECT / "work",
    )


def test_everything_goes_into_one_call() -> None:
    request = replace(ask(require("alpha")), editable_project=PROJECT, preferences=("alpha==1",))
    (call,) = plan_calls(request, require_hashes=False)
    assert call.requirements
    assert call.editable_project == PROJECT
    assert call.seeds == ("pip",)
    assert call.preferences == ("alpha==1",)
    assert not call.require_hashes


def test_hashes_set_the_project_and_pip_apart() -> None:
    request = replace(ask(require("alpha", "sha256:a")), editable_project=PROJECT, preferences=("beta==1",))
    first, second = plan_calls(request, require_hashes=False)
    assert first.require_hashes
    assert (first.seeds, first.editable_project, first.preferences) == ((), None, ())
    assert (second.seeds, second.editable_project, second.no_dependencies) == (("pip",), PROJECT, True)


def test_one_requirement_without_a_hash_turns_checking_of_all_off_unless_it_is_required() -> None:
    request = ask(require("alpha", "sha256:a"), require("beta"))
    assert [call.require_hashes for call in plan_calls(request, require_hashes=False)] == [False]
    assert [call.require_hashes for call in plan_calls(request, require_hashes=True)] == [True, False]


def test_lock_comes_first_and_alone() -> None:
    request = replace(ask(), lock_file=PROJECT / "pylock.toml", lock_groups=("dev",), editable_project=PROJECT)
    first, second = plan_calls(request, require_hashes=False)
    assert (first.lock_file, first.lock_groups, first.seeds) == (PROJECT / "pylock.toml", ("dev",), ())
    assert (second.editable_project, second.seeds, second.no_dependencies) == (PROJECT, ("pip",), True)


def test_pip_that_the_requirements_name_is_theirs() -> None:
    (call,) = plan_calls(ask(require("pip")), require_hashes=False)
    assert call.seeds == ()


def test_nothing_asked_for_needs_no_call() -> None:
    assert plan_calls(replace(ask(), seed=()), require_hashes=False) == ()
