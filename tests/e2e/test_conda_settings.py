"""What [conda] in pyve.toml and the virtual packages of the machine do to a build."""

import os
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench


def environment_of(bench: ProjectBench) -> Path:
    """Build what is declared, and where it lies."""
    return Path(bench.ok("init", "--json").data["environment"])


def test_files_are_shared_with_the_cache_unless_copies_are_asked_for(conda_bench: ProjectBench) -> None:
    conda_bench.declare("libz")
    shared = environment_of(conda_bench)
    conda_bench.write("pyve.toml", '[conda]\nlinks = "copy"\n')
    conda_bench.ok("sync", "--force")
    copied = Path(conda_bench.ok("status", "--json").data["environment"])
    assert copied != shared

    files = [path.relative_to(copied) for path in copied.glob("lib/*") if path.is_file() and not path.is_symlink()]

    assert files
    for name in files:
        if os.stat(shared / name).st_nlink == 1:
            pytest.skip("this file system shares no files by hard links")
        assert os.stat(copied / name).st_nlink == 1


def test_link_scripts_run_when_the_project_says_so(conda_bench: ProjectBench) -> None:
    conda_bench.declare("postlink")
    environment = environment_of(conda_bench)
    assert not (environment / "postlink.txt").exists()
    assert conda_bench.ok("status", "--json").data["link_scripts"] == ["postlink"]
    conda_bench.write("pyve.toml", "[conda]\nlink-scripts = true\n")

    environment = environment_of(conda_bench)

    assert (environment / "postlink.txt").read_text() == "linked postlink\n"
    assert conda_bench.ok("status", "--json").data["link_scripts"] == []


def test_python_files_are_compiled_when_the_project_says_so_and_otherwise_not(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "tiny")
    assert list(environment_of(conda_bench).rglob("tiny/__pycache__/*.pyc")) == []
    conda_bench.write("pyve.toml", "[conda]\ncompile = true\n")

    conda_bench.ok("sync", "--force")

    environment = Path(conda_bench.ok("status", "--json").data["environment"])
    assert list(environment.rglob("tiny/__pycache__/*.pyc"))


def test_channels_of_the_settings_stand_in_where_none_is_declared(conda_bench: ProjectBench) -> None:
    conda_bench.write("environment.yml", "dependencies: [tiny]\n")

    ran = conda_bench.ok("init")

    assert "conda-forge" in ran.stderr
    assert "channel" in ran.stderr.lower()
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_a_virtual_package_that_is_missing_can_be_set_and_is_recorded(conda_bench: ProjectBench) -> None:
    conda_bench.declare("app-cuda")
    without = {"CONDA_OVERRIDE_CUDA": ""}
    refused = conda_bench.run("init", "--json", env=without)
    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert "__cuda" in refused.json["problems"][0]["message"]
    here = {"CONDA_OVERRIDE_CUDA": "12.4"}

    conda_bench.ok("init", env=here)

    found = conda_bench.ok("status", "--json", env=here).data
    assert found["virtual_packages"]["__cuda"].partition("=")[0] == "12.4"
    assert (found["stale"], found["damage"]) == (False, None)


@pytest.mark.linux("__linux and __glibc")
def test_another_kernel_suits_what_was_built_and_an_older_c_library_does_not(conda_bench: ProjectBench) -> None:
    conda_bench.declare("old-glibc", "linux-only")
    conda_bench.ok("init")

    newer = conda_bench.run("check", "--json", env={"CONDA_OVERRIDE_LINUX": "99.1"}).data["findings"]
    older = conda_bench.run("check", "--json", env={"CONDA_OVERRIDE_GLIBC": "2.12"}).data["findings"]

    assert "machine-unsuitable" not in {one["code"] for one in newer}
    assert "machine-unsuitable" in {one["code"] for one in older}
