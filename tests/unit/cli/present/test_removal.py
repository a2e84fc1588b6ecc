"""Removal plans as people read them: which project each path is of."""

import io
from dataclasses import replace

from rich.console import Console

from pyve.cleanup.removal_plan import Kept, Removal, RemovalPlan
from pyve.cli.present.removal import render_plan
from pyve.verbs.cleanup_result import CleanupResult

ONE = Removal(project="/one", path="/one/.pyve/envs/a", kind="environment", reason="old")
PLAN = RemovalPlan(remove=(ONE,), keep=(Kept(path="/one/.pyve/envs/b", reason="in use"),))


def show(plan: RemovalPlan) -> list[str]:
    console = Console(file=io.StringIO(), width=100, color_system=None, record=True)
    for one in render_plan(CleanupResult(plan=plan)):
        console.print(one)
    return [line.split()[1] for line in console.export_text().splitlines()[:-1]]


def test_paths_of_one_project_are_told_as_they_lie_in_it() -> None:
    assert show(PLAN) == [".pyve/envs/a", ".pyve/envs/b"]


def test_paths_of_several_projects_are_told_whole() -> None:
    other = replace(ONE, project="/two", path="/two/.pyve/envs/a")
    assert show(replace(PLAN, remove=(ONE, other))) == ["/one/.pyve/envs/a", "/two/.pyve/envs/a", "/one/.pyve/envs/b"]
