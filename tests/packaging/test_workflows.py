"""The workflows parse, ask for no more than they need, and cover what pyve promises to run on."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

CHECKOUT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))


def read_workflow(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_is_least_privileged_and_limited_in_time(path: Path) -> None:
    workflow = read_workflow(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job and job["runs-on"] and job["steps"] for job in workflow["jobs"].values())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_major_version(path: Path) -> None:
    steps = [step for job in read_workflow(path)["jobs"].values() for step in job["steps"]]
    assert all(step["uses"].rpartition("@v")[2].isdigit() for step in steps if "uses" in step)


def test_matrix_covers_every_promised_system_and_python() -> None:
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 has none; the other versions check it")
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    classifiers = [text.rpartition(" :: ")[2] for text in project["classifiers"] if "Python :: 3." in text]
    matrix = read_workflow(CHECKOUT / ".github" / "workflows" / "test.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == classifiers
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
