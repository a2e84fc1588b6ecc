"""`pyve check` and `pyve status` on conda environments, and what is said when one cannot be built."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.project_bench import ProjectBench


def codes_of_environment(bench: ProjectBench, *options: str, env: dict[str, str] | None = None) -> list[str]:
    ran = bench.run("check", "--json", *options, env=env)
    findings: list[dict[str, Any]] = ran.data["findings"]
    return [finding["code"] for finding in findings if finding["part"] == "environment"]


@pytest.fixture
def built(conda_bench: ProjectBench) -> ProjectBench:
    """An environment with python and tiny, in use."""
    conda_bench.declare("python", "tiny")
    conda_bench.ok("init")
    return conda_bench


def prefix_of(bench: ProjectBench) -> Path:
    return Path(bench.ok("status", "--json").data["environment"])


def test_a_conda_environment_as_it_was_built_is_sound(built: ProjectBench) -> None:
    assert codes_of_environment(built, "--deep") == []


def test_a_file_that_was_edited_is_found_and_a_new_build_has_it_as_it_was(built: ProjectBench) -> None:
    prefix = prefix_of(built)
    (module,) = prefix.glob("**/site-packages/tiny/__init__.py")
    before = module.read_bytes()
    with module.open("ab") as file:
        file.write(b"edited = True\n")
    assert codes_of_environment(built) == []
    assert codes_of_environment(built, "--deep") == ["files-altered"]

    built.ok("sync", "--force")

    assert codes_of_environment(built, "--deep") == []
    (again,) = prefix_of(built).glob("**/site-packages/tiny/__init__.py")
    assert again.read_bytes() == before


def test_a_record_that_was_cut_short_is_found(built: ProjectBench) -> None:
    (record,) = (prefix_of(built) / "conda-meta").glob("tiny-*.json")
    record.write_bytes(record.read_bytes()[:50])
    assert "conda-record-damaged" in codes_of_environment(built)


def test_a_package_that_was_removed_is_found(built: ProjectBench) -> None:
    (record,) = (prefix_of(built) / "conda-meta").glob("tiny-*.json")
    record.unlink()
    assert "distributions-changed" in codes_of_environment(built)
    assert "tiny" in built.run("status", "--json").data["damage"]


@pytest.mark.skipif(sys.platform != "linux", reason="__glibc is Linux's")
def test_a_machine_that_lacks_what_a_package_needs_is_told_what_it_has(conda_bench: ProjectBench) -> None:
    conda_bench.declare("app-glibc")
    ran = conda_bench.run("init")
    assert ran.exit_status == 6
    assert "__glibc >=2.99" in ran.stderr
    assert "this machine has " in ran.stderr
    assert re.search(r"environment\.yml:\d+: app-glibc$", ran.stderr.replace("  [", "\n"), re.MULTILINE)


def test_a_misspelt_package_gets_the_nearest_name_and_its_line(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "tinny")
    ran = conda_bench.run("init")
    assert ran.exit_status == 6
    assert re.search(r"environment\.yml:\d+: No channel has a package named 'tinny'", ran.stderr)
    assert "hint: write tiny instead of tinny" in ran.stderr


def test_a_conflict_leaves_what_is_in_use_and_names_both_lines(built: ProjectBench) -> None:
    before = prefix_of(built)
    built.declare("app-a", "app-b")
    ran = built.run("sync")
    assert ran.exit_status == 6
    assert re.search(r"environment\.yml:\d+: app-a\n\s*environment\.yml:\d+: app-b", ran.stderr)
    assert "libmamba" not in ran.stderr
    assert Path(built.run("status", "--json").data["environment"]) == before


def test_a_channel_that_is_not_there_is_named(conda_bench: ProjectBench, tmp_path: Path) -> None:
    conda_bench.declare("tiny", channels=((tmp_path / "nowhere").as_uri(),))
    ran = conda_bench.run("init", "--json")
    (problem,) = ran.json["problems"]
    assert problem["code"] == "channel-missing"
    assert "nowhere" in problem["message"]


def test_status_tells_platform_engine_and_machine(built: ProjectBench) -> None:
    data = built.ok("status", "--json").data
    assert data["platform"]
    assert {"__unix", "__win"} & set(data["virtual_packages"])
    text = built.ok("status").stdout
    assert re.search(rf"^platform +{data['platform']}, solved with ", text, re.MULTILINE)
    assert re.search(r"^engine +rattler \d", text, re.MULTILINE)


def test_an_environment_without_python_is_shown_as_such(conda_bench: ProjectBench) -> None:
    conda_bench.declare("libfoo")
    ran = conda_bench.ok("init")
    assert "no Python" in ran.stdout
    assert conda_bench.ok("status", "--json").data["python"] is None
    assert "none" in conda_bench.ok("list").stdout
    assert codes_of_environment(conda_bench, "--deep") == []


def test_a_full_disk_is_named_and_leaves_what_is_in_use(built: ProjectBench, tmp_path: Path) -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    before = prefix_of(built)
    small = tmp_path / "small disk"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        built.ok("config", "set", "--user", "store.location", str(small))
        ran = built.run("sync", "--force", "--json")
    finally:
        subprocess.run(["umount", "--lazy", small], check=True)
    (problem,) = ran.json["problems"]
    assert problem["code"] == "disk-full"
    assert str(small) in problem["message"]
    assert before.is_dir()
