"""Whatever fails while a conda environment is made: told so that a person can act, and what is in use stays so."""

from pathlib import Path

import pytest

from tests.support.conda_channel import host_subdir, make_channel
from tests.support.conda_package import MadePackage, program, symlink
from tests.support.project_bench import ProjectBench
from tests.support.standing_environment import StandingEnvironment


def test_specs_that_contradict_each_other_are_shown_as_a_tree(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "app-a", "app-b")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert "libfoo >=2,<3" in refused.message
    assert "libfoo >=1,<2" in refused.message
    assert "environment.yml:5" in refused.message
    assert "environment.yml:6" in refused.message
    assert "└─" in refused.told
    assert "environment.yml:5 or environment.yml:6" in refused.hint


def test_a_package_for_other_machines_is_told_with_what_this_one_has(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "app-glibc")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert "__glibc >=2.99" in refused.message
    assert "this machine has __" in refused.message
    assert "environment.yml:5" in refused.message
    assert "CONDA_OVERRIDE_GLIBC" in refused.hint


def test_a_package_for_a_device_that_is_not_here_says_how_to_build_for_one_that_is(
    standing: StandingEnvironment,
) -> None:
    standing.bench.declare("python", "app-cuda")

    refused = standing.refuse(env={"CONDA_OVERRIDE_CUDA": ""})

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert refused.hint.startswith("export CONDA_OVERRIDE_CUDA=12")
    assert standing.bench.ok("sync", "--json", env={"CONDA_OVERRIDE_CUDA": "12.4"}).data["added"]["app-cuda"] == "1.0"


def test_a_misspelt_name_comes_with_the_right_one_and_the_line(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "tinny")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-package-unknown")
    assert refused.message.startswith("environment.yml:5: ")
    assert refused.hint.startswith("write tiny instead of tinny")


def test_a_name_that_resembles_nothing_is_told_with_its_line(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "zzzz-qqqq-xxxx>=1")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-package-unknown")
    assert "environment.yml:5" in refused.message
    assert "pip:" in refused.hint


@pytest.mark.parametrize("spec", ["tiny=>1", '"tiny >=1,,"', '"tiny[version=1"', "pypi:tiny", '"*"', '"=1.0"'])
def test_a_text_that_is_no_spec_is_told_with_its_line(standing: StandingEnvironment, spec: str) -> None:
    standing.bench.declare("python", spec)

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (3, "match-spec-invalid")
    assert refused.message.startswith(f"environment.yml:5: {spec.strip(chr(34))!r} is not a ")


def test_a_version_that_nobody_has_is_told_with_its_line(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "tiny>=9")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert "environment.yml:5" in refused.message


def test_a_pip_section_that_fails_is_told_with_its_line(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "tiny=2.0", "pip", more="  - pip:\n    - nosuchthing==1.0\n")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "resolution-failed")
    assert "environment.yml:8" in refused.message
    assert "nosuchthing" in refused.message


def test_an_engine_that_is_not_there_comes_with_the_command_that_fetches_it(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "tiny=2.0")

    refused = standing.refuse("sync", "--engine", "micromamba", env={"PATH": "/usr/bin:/bin"})

    assert (refused.exit_status, refused.code) == (5, "engine-missing")
    assert "micromamba" in refused.message
    assert "pyve self bootstrap micromamba" in refused.hint


@pytest.mark.parametrize("where", ["variable", "option"])
def test_an_engine_that_does_not_exist_is_a_usage_error(standing: StandingEnvironment, where: str) -> None:
    standing.bench.declare("python", "tiny=2.0")
    option = ("--engine", "nonsense") if where == "option" else ()

    refused = standing.refuse("sync", *option, env={"PYVE_CONDA_ENGINE": "nonsense"} if where == "variable" else {})

    assert (refused.exit_status, refused.code) == (2, "usage")
    assert ("PYVE_CONDA_ENGINE" if where == "variable" else "--engine") in refused.message
    assert "--engine rattler" in refused.hint


def test_a_python_that_does_not_run_is_not_put_in_use(standing: StandingEnvironment, tmp_path: Path) -> None:
    broken = program("bin/python3.99", "#!/bin/sh\necho the loader is confused >&2\nexit 3\n")
    python = MadePackage(
        name="python", version="3.99.0", subdir=host_subdir(), files=(broken, symlink("bin/python", "python3.99"))
    )
    channel = make_channel(tmp_path / "broken", [python])
    standing.bench.declare("python", channels=(channel.url,))

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "probe-failed")
    assert "the loader is confused" in refused.message


def test_first_inits_that_fail_leave_no_trace(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "app-a", "app-b")

    refused = conda_bench.run("init", "--json")

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert [path.name for path in conda_bench.project.iterdir()] == ["environment.yml"]
    assert not conda_bench.state.exists()


@pytest.mark.parametrize("program", ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho 1.5.8\n", "", None])
def test_a_configured_micromamba_that_is_none_is_told(
    standing: StandingEnvironment, tmp_path: Path, program: str | None
) -> None:
    executable = tmp_path / "micromamba"
    if program is not None:
        executable.write_text(program)
        executable.chmod(0o755)
    standing.bench.ok("config", "set", "--user", "conda.micromamba", str(executable))
    standing.bench.declare("python", "tiny=2.0")

    refused = standing.refuse("sync", "--engine", "micromamba")

    assert (refused.exit_status, refused.code) == (5, "engine-missing")
    assert str(executable) in refused.message
