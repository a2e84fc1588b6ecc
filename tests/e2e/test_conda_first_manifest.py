"""`init --backend micromamba` where nothing declares conda packages: a small environment.yml is written, and told."""

import pytest

from tests.support.project_bench import ProjectBench


def test_an_empty_directory_gets_a_manifest_and_an_environment(conda_bench: ProjectBench) -> None:
    ran = conda_bench.ok("--init", "--backend", "micromamba")

    assert "environment.yml was written" in ran.stderr
    text = (conda_bench.project / "environment.yml").read_text()
    assert text == "channels:\n  - conda-forge\ndependencies:\n  - python\n"
    assert conda_bench.ok("run", "python", "-c", "pass").exit_status == 0


def test_the_python_that_is_asked_for_is_pinned_in_it_and_nowhere_else(
    conda_bench: ProjectBench, other_python: str
) -> None:
    conda_bench.ok("--init", other_python, "--backend", "micromamba")

    assert f"  - python={other_python}\n" in (conda_bench.project / "environment.yml").read_text()
    assert not (conda_bench.project / ".python-version").exists()
    assert conda_bench.ok("run", "python", "--version").stdout.startswith(f"Python {other_python}.")


def test_what_the_project_declares_for_pip_goes_into_it(conda_bench: ProjectBench) -> None:
    conda_bench.require("gamma")

    conda_bench.ok("init", "--backend", "micromamba")

    assert "  - pip:\n      - -r requirements.txt\n" in (conda_bench.project / "environment.yml").read_text()
    assert "gamma" in conda_bench.installed()


@pytest.mark.parametrize("arguments", [("init", "--strict"), ("sync",)])
def test_strict_and_sync_write_none(conda_bench: ProjectBench, arguments: tuple[str, ...]) -> None:
    conda_bench.write("pyve.toml", 'backend = "micromamba"\n')

    refused = conda_bench.run(*arguments, "--json")

    assert (refused.exit_status, refused.code) == (3, "conda-manifest-missing")
    assert [path.name for path in conda_bench.project.iterdir()] == ["pyve.toml"]


def test_a_dry_run_shows_it_and_writes_nothing(conda_bench: ProjectBench) -> None:
    ran = conda_bench.ok("init", "--backend", "micromamba", "--dry-run")

    assert "  - conda-forge" in ran.stderr
    assert list(conda_bench.project.iterdir()) == []


def test_a_build_that_fails_takes_it_back(bench: ProjectBench) -> None:
    bench.ok("config", "set", "--user", "conda.mirrors.conda-forge", str(bench.home / "no channel"))

    assert bench.run("init", "--backend", "micromamba").exit_status == 6

    assert list(bench.project.iterdir()) == []


def test_a_python_of_another_kind_is_written_as_it_was_asked_for(conda_bench: ProjectBench) -> None:
    ran = conda_bench.ok("init", "pypy3.10", "--backend", "micromamba", "--dry-run")

    assert "  - 'python 3.10.* *_pypy'" in ran.stderr
