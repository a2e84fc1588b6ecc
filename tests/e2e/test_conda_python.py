"""Which Python a conda environment gets."""

import pytest

from tests.support.conda_channel import LocalChannel
from tests.support.project_bench import ProjectBench


def test_an_argument_adds_a_spec(conda_bench: ProjectBench, other_python: str) -> None:
    conda_bench.declare("python", "tiny")

    conda_bench.ok("init", other_python)

    assert conda_bench.ok("run", "python", "--version").stdout.startswith(f"Python {other_python}.")
    assert conda_bench.ok("status", "--json").data["stale"] is False


def test_an_argument_asks_for_a_python_that_nothing_declares(conda_bench: ProjectBench, other_python: str) -> None:
    conda_bench.declare("r-base")

    conda_bench.ok("init", "--no-pin", other_python)

    assert conda_bench.ok("run", "python", "--version").stdout.startswith(f"Python {other_python}.")


def test_a_pin_file_decides_where_environment_yml_names_no_version(
    conda_bench: ProjectBench, other_python: str
) -> None:
    conda_bench.declare("python")
    conda_bench.write(".python-version", f"{other_python}\n")

    conda_bench.ok("init")

    assert conda_bench.ok("run", "python", "--version").stdout.startswith(f"Python {other_python}.")


def test_environment_yml_wins_over_a_pin_file(conda_bench: ProjectBench, other_python: str) -> None:
    conda_bench.declare(f"python={other_python}")
    conda_bench.write(".python-version", "3.99\n")

    conda_bench.ok("init")

    assert conda_bench.ok("run", "python", "--version").stdout.startswith(f"Python {other_python}.")


def test_a_python_that_environment_yml_rules_out_is_refused_before_anything_is_solved(
    conda_bench: ProjectBench, other_python: str
) -> None:
    conda_bench.declare(f"python={other_python}")

    by_variable = conda_bench.run("init", "--json", env={"PYVE_PYTHON_VERSION": "3.99"})
    by_argument = conda_bench.run("init", "3.99", "--json")

    assert (by_variable.exit_status, by_variable.code) == (3, "python-conflict")
    assert (by_argument.exit_status, by_argument.code) == (3, "pin-conflict")
    assert conda_bench.environments() == []


def test_a_range_is_a_spec_too(conda_bench: ProjectBench, conda_channel: LocalChannel) -> None:
    conda_bench.declare("python")
    newest = conda_channel.pythons[0]
    minor = int(newest.split(".")[1])

    conda_bench.ok("init", f">=3.8,<3.{minor + 1}")

    assert conda_bench.ok("run", "python", "--version").stdout == f"Python {newest}\n"


@pytest.mark.parametrize("request_text", ["3.99", "pypy3.10", "3.13t"])
def test_a_python_that_no_channel_has_is_told(conda_bench: ProjectBench, request_text: str) -> None:
    conda_bench.declare("python")

    refused = conda_bench.run("init", "--no-pin", request_text, "--json")

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    (problem,) = refused.json["problems"]
    assert problem["hint"] == "loosen the version given to pyve init, then run it again"


def test_a_pin_that_no_channel_has_is_named(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "tiny")
    conda_bench.write(".python-version", "3.99\n")

    (problem,) = conda_bench.run("init", "--json").json["problems"]

    assert "\n  .python-version: python 3.99.*" in problem["message"]
    assert problem["hint"] == "loosen .python-version, then run it again"
