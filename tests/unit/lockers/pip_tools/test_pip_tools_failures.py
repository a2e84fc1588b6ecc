"""What is said when pip-compile fails. The outputs are pip-tools 7.6.2's with pip 26.3."""

from pathlib import Path

from pyve.errors import IndexUnreachableError, PyveError, ResolutionFailedError
from pyve.errors.lock import LockerUnfitError
from pyve.lockers.locker import LockPython, LockTask
from pyve.lockers.pip_tools.failures import explain_compile_failure, keep_own_words, list_yanked
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.requirement import Requirement

UNKNOWN = """Using indexes:
  https://index.example/simple
  ERROR: Could not find a version that satisfies the requirement alpah>1 (from versions: none)
Traceback (most recent call last):
  File "resolution.py", line 434, in resolve
pip._vendor.resolvelib.exceptions.RequirementsConflicted: Requirements conflict: SpecifierRequirement('alpah')

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "resolver.py", line 103, in resolve
pip._internal.exceptions.DistributionNotFound: No matching distribution found for alpah>1
"""
CUT_OFF = """Looking in indexes: http://127.0.0.1:4711/simple
Traceback (most recent call last):
pip._vendor.urllib3.exceptions.ProtocolError: ('Connection aborted.', RemoteDisconnected('Remote end closed'))
pip._internal.exceptions.ConnectionFailedError: <ConnectionFailedError: connection-failed>
"""


def explain(text: str, folder: Path, *, existing: str | None = None, version: str | None = None) -> PyveError:
    target = LockTarget(
        sources=(folder / "requirements.in",), destination=folder / "requirements.txt", format=LockFormat.REQUIREMENTS
    )
    task = LockTask(
        root=folder,
        target=target,
        platforms=("linux-64",),
        python=LockPython(specifier=">=3.11", oldest="3.11", interpreter=None, source="requires-python"),
        work_directory=folder,
        log=folder / "lock.log",
        cache_directory=folder,
        environment={},
        existing=existing,
        tool_version=version,
    )
    known = [Requirement(line="alpah>1", canonical="alpah>1", origin="requirements.in:3", name="alpah")]
    return explain_compile_failure(text, exit_status=1, task=task, requirements=known)


def test_tracebacks_are_left_out_but_for_what_was_raised() -> None:
    kept = keep_own_words(UNKNOWN).splitlines()
    assert kept[-1] == "ERROR: No matching distribution found for alpah>1"
    assert not any("File" in line or "Traceback" in line or "conflict" in line for line in kept)


def test_unknown_name_is_told_with_its_line_and_the_nearest_locked_one(tmp_path: Path) -> None:
    failure = explain(UNKNOWN, tmp_path, existing="alpha==1.0\nbeta==1.0\n")
    assert isinstance(failure, ResolutionFailedError)
    assert failure.message.startswith("requirements.in:3: ")
    assert (failure.hint or "").startswith("did you mean alpha? else correct requirements.in:3")


def test_unknown_name_that_resembles_nothing_gets_no_guess(tmp_path: Path) -> None:
    assert "did you mean" not in (explain(UNKNOWN, tmp_path, existing="zzz==1\n").hint or "")


def test_index_that_breaks_off_is_unreachable_and_named(tmp_path: Path) -> None:
    failure = explain(CUT_OFF, tmp_path)
    assert isinstance(failure, IndexUnreachableError)
    assert "127.0.0.1:4711" in failure.message


def test_option_that_an_old_version_does_not_know_is_named(tmp_path: Path) -> None:
    text = "Usage: pip-compile [OPTIONS]\n\nError: No such option: --uploaded-prior-to\n"
    failure = explain(text, tmp_path, version="7.0.0")
    assert isinstance(failure, LockerUnfitError)
    assert "pip-tools 7.0.0" in failure.message
    assert "--uploaded-prior-to" in failure.message


def test_yanked_version_is_told_with_its_reason() -> None:
    text = (
        "  WARNING: The candidate selected for download or install is a yanked version: 'beta' candidate "
        "(version 2.0 at https://index.example/beta.whl)\n  Reason for being yanked: broken on leap days\n"
    )
    assert list(list_yanked(text)) == ["beta==2.0 was yanked by those who published it: broken on leap days"]
