"""How results of conda environments are shown: those without Python too, and in narrow terminals."""

import io
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from pyve.cli.present.list import render_list
from pyve.cli.present.status import render_status
from pyve.cli.present.sync import render_sync
from pyve.verbs.list import ListedEnvironment, ListResult
from pyve.verbs.status import StatusResult
from pyve.verbs.sync_result import SyncResult

if TYPE_CHECKING:
    from rich.console import RenderableType

NOW = "2030-06-01T12:00:00+00:00"
STATUS = StatusResult(
    project="/home/me/demo",
    name="demo",
    backend="micromamba",
    backend_reason="environment.yml is there",
    python_requested="3.11",
    python_source="environment.yml",
    python="3.11.7",
    python_executable="/home/me/demo/.pyve/envs/1/bin/python",
    environment="/home/me/demo/.pyve/envs/1",
    fingerprint="1",
    source="environment.yml",
    locked=False,
    unlocked=(),
    extras=(),
    groups=(),
    packages=16,
    engine="rattler 0.28.0",
    engine_reason="it comes with pyve",
    created_at=NOW,
    resolved_at=NOW,
    last_used_at=NOW,
    size_bytes=100_000_000,
    size_measured_at=NOW,
    stale=False,
    platform="linux-64",
    virtual_packages={"__unix": "0=0", "__glibc": "2.36=0", "__archspec": "1=x86_64_v3"},
)
SYNC = SyncResult(
    project="/home/me/demo",
    name="demo",
    dry_run=False,
    action="build",
    reason="there is none yet",
    backend="micromamba",
    python=None,
    python_executable=None,
    python_reason=None,
    environment="/home/me/demo/.pyve/envs/1",
    fingerprint="1",
    source="environment.yml",
    locked=False,
    packages=3,
    size_bytes=5_000_000,
    engine="rattler 0.28.0",
)
LISTED = ListedEnvironment(
    project="/home/me/demo",
    directory="/home/me/demo/.pyve/envs/1",
    use="current",
    present=True,
    backend="micromamba",
    python="",
    packages=3,
    source="environment.yml",
    fingerprint="1",
    created_at=NOW,
    last_used_at=NOW,
    size_bytes=5_000_000,
)


def show(renderables: "Iterable[RenderableType]", *, width: int = 200) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=width, color_system=None)
    for one in renderables:
        console.print(one)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def row(lines: list[str], name: str) -> str:
    return next(line.removeprefix(name).strip() for line in lines if line.startswith(f"{name} "))


def test_status_tells_what_the_machine_and_the_engine_were() -> None:
    lines = show(render_status(STATUS))
    assert row(lines, "platform") == "linux-64, solved with __archspec 1 x86_64_v3, __glibc 2.36"
    assert row(lines, "engine") == "rattler 0.28.0 (it comes with pyve)"


def test_status_does_not_say_of_a_lock_that_it_was_solved() -> None:
    lines = show(render_status(replace(STATUS, locked=True, source="conda-lock.yml")))
    assert row(lines, "platform").startswith("linux-64, built with")


def test_status_of_a_venv_has_no_line_for_either() -> None:
    lines = show(render_status(replace(STATUS, backend="venv", virtual_packages={})))
    assert not [line for line in lines if line.startswith(("platform", "engine", "link scripts"))]


def test_status_names_packages_whose_link_scripts_did_not_run() -> None:
    lines = show(render_status(replace(STATUS, link_scripts=("one", "two"))))
    assert row(lines, "link scripts") == "of one, two did not run"


def test_status_of_an_environment_without_python_says_so() -> None:
    lines = show(render_status(replace(STATUS, python=None, python_executable=None)))
    assert row(lines, "python").startswith("none")
    assert "None" not in "\n".join(lines)


@pytest.mark.parametrize("width", [80, 40])
def test_status_fits_the_terminal(width: int) -> None:
    lines = show(render_status(replace(STATUS, link_scripts=("one",))), width=width)
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize(("width", "shown"), [(120, "none"), (60, "no Python, 3 packages")])
def test_list_shows_an_environment_without_python(width: int, shown: str) -> None:
    result = ListResult(environments=(LISTED,), foreign=(), size_bytes=5_000_000)
    text = "\n".join(show(render_list(result), width=width))
    assert shown in text
    assert "Python none" not in text


def test_sync_tells_that_there_is_no_python() -> None:
    assert show(render_sync(SYNC))[0] == (
        "demo: built .pyve/envs/1 (no Python, 3 packages, 5.0 MB) with rattler 0.28.0"
    )


def test_a_plan_does_not_tell_a_python_that_is_not_known_yet() -> None:
    planned = replace(SYNC, dry_run=True, environment=None, packages=None, size_bytes=None)
    assert show(render_sync(planned))[0] == "demo: Would build a conda environment with rattler 0.28.0"


@pytest.mark.parametrize(("packages", "shown"), [(1, "1 package,"), (2, "2 packages,")])
def test_a_list_in_a_narrow_terminal_is_indented_and_counts(packages: int, shown: str) -> None:
    environment = replace(LISTED, packages=packages)
    lines = show(render_list(ListResult(environments=(environment,), foreign=(), size_bytes=0)), width=30)
    facts = lines[2:]
    assert shown in "\n".join(facts)
    assert len(facts) > 1
    assert all(line.startswith("    ") for line in facts)


def test_status_names_what_is_declared_otherwise_where_no_file_has_changed() -> None:
    lines = show(render_status(replace(STATUS, stale=True, declared_since=("numpy",), no_longer_declared=("scipy",))))
    assert [line.split() for line in lines[-3:-1]] == [["changed", "+", "numpy"], ["-", "scipy"]]


def test_status_of_a_project_that_declares_nothing_reads_as_a_sentence() -> None:
    lines = show(render_status(replace(STATUS, source="none", packages=1)))
    assert row(lines, "packages").startswith("1, nothing declared; not locked")
