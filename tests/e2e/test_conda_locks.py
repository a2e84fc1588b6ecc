"""What is installed where a lock or an explicit list stands in the project."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pyve.project.conda.package import CondaPackage
from pyve.project.conda.subdir import current_subdir
from tests.support.conda_channel import LocalChannel
from tests.support.project_bench import ProjectBench

CONDA_FORGE = "https://conda.anaconda.org/conda-forge"


def find(channel: LocalChannel, name: str, version: str = "") -> CondaPackage:
    """The package of that version; of pythons and tiny the newest, where none is named."""
    newest = {"python": channel.pythons[0], "tiny": "2.0"}
    return channel.package(name, version or newest.get(name), url=CONDA_FORGE)


def write_lock(
    bench: ProjectBench,
    channel: LocalChannel,
    names: Sequence[str],
    *,
    platform: str | None = None,
    digest: str = "0" * 64,
) -> Path:
    """A conda-lock.yml of the newest packages of these names, as conda-lock writes them."""
    subdir = platform or channel.subdir
    rows = []
    for text in names:
        name, _, version = text.partition("=")
        package = find(channel, name, version)
        rows.append(
            {
                "name": package.name,
                "version": package.version,
                "manager": "conda",
                "platform": subdir,
                "dependencies": {},
                "url": package.url,
                "hash": {"md5": package.md5, "sha256": package.sha256},
                "category": "main",
                "optional": False,
            }
        )
    metadata = {
        "content_hash": {subdir: "0" * 64},
        "channels": [{"url": "conda-forge", "used_env_vars": []}],
        "platforms": [subdir],
        "sources": ["environment.yml"],
    }
    return bench.write("conda-lock.yml", json.dumps({"version": 1, "metadata": metadata, "package": rows}, indent=1))


def test_a_lock_is_installed_exactly(conda_bench: ProjectBench, conda_channel: LocalChannel) -> None:
    write_lock(conda_bench, conda_channel, ["python", "tiny=1.0"])

    data = conda_bench.ok("init", "--json").data

    assert (data["source"], data["locked"]) == ("conda-lock.yml", True)
    assert set(data["added"]) == {"python", "tiny"}, "nothing is solved, so nothing comes along"
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 1.0\n"


def test_a_lock_that_holds_what_is_asked_for_is_used_whoever_made_it(
    conda_bench: ProjectBench, conda_channel: LocalChannel
) -> None:
    conda_bench.declare("python", "tiny<2")
    write_lock(conda_bench, conda_channel, ["python", "tiny=1.0"])

    ran = conda_bench.ok("init", "--strict", "--json")

    assert ran.data["source"] == "conda-lock.yml"
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 1.0\n"


def test_a_stale_lock_is_told_and_solved_anew_and_refused_when_strict(
    conda_bench: ProjectBench, conda_channel: LocalChannel
) -> None:
    write_lock(conda_bench, conda_channel, ["python", "tiny=1.0"])
    conda_bench.declare("python", "tiny>=2")

    refused = conda_bench.run("init", "--strict", "--json")
    assert (refused.exit_status, refused.code) == (1, "lock-stale")
    (problem,) = refused.json["problems"]
    assert "tiny>=2 (environment.yml:5)" in problem["message"]
    assert problem["hint"] == "pyve lock"
    assert conda_bench.environments() == []

    ran = conda_bench.ok("init")
    assert "conda-lock.yml is out of date" in ran.stderr
    assert "to lock again: pyve lock" in ran.stderr
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_an_environment_built_from_a_stale_lock_is_no_answer_to_strict(
    conda_bench: ProjectBench, conda_channel: LocalChannel
) -> None:
    write_lock(conda_bench, conda_channel, ["python", "tiny=1.0"])
    conda_bench.declare("python", "tiny>=2")
    conda_bench.ok("init")

    assert conda_bench.run("sync", "--strict").exit_status == 1


def test_check_finds_a_stale_lock(conda_bench: ProjectBench, conda_channel: LocalChannel) -> None:
    conda_bench.declare("python", "tiny<2")
    write_lock(conda_bench, conda_channel, ["python", "tiny=1.0"])
    conda_bench.ok("init")
    assert "lock-stale" not in list_findings(conda_bench)

    conda_bench.declare("python", "tiny>=2")

    finding = list_findings(conda_bench)["lock-stale"]
    assert "tiny>=2 (environment.yml:5)" in finding["message"]
    assert (finding["severity"], finding["hint"], finding["cause"]) == ("warning", "pyve lock", "lock-stale")


def list_findings(bench: ProjectBench) -> dict[str, Any]:
    """Code -> finding of `pyve check`."""
    return {finding["code"]: finding for finding in bench.run("check", "--json").data["findings"]}


def test_a_lock_for_another_platform_says_how_to_add_this_one(
    conda_bench: ProjectBench, conda_channel: LocalChannel
) -> None:
    other = "osx-arm64" if conda_channel.subdir != "osx-arm64" else "linux-64"
    conda_bench.declare("tiny")
    write_lock(conda_bench, conda_channel, ["tiny"], platform=other)

    refused = conda_bench.run("init", "--json")

    (problem,) = refused.json["problems"]
    assert (refused.exit_status, problem["code"]) == (6, "lock-platform-missing")
    assert other in problem["message"]
    assert problem["hint"] == f"pyve lock --platform {other} --platform {conda_channel.subdir}"


def test_a_lock_is_not_followed_to_a_package_with_another_hash(
    conda_bench: ProjectBench, conda_channel: LocalChannel
) -> None:
    lock = write_lock(conda_bench, conda_channel, ["tiny=1.0"])
    wrong = hashlib.sha256(b"another file").hexdigest()
    right = find(conda_channel, "tiny", "1.0").sha256
    lock.write_text(lock.read_text().replace(str(right), wrong))

    refused = conda_bench.run("init", "--json")

    assert (refused.exit_status, refused.code) == (6, "package-corrupt")
    assert conda_bench.environments() == []


def test_python_asked_for_beside_a_lock_makes_it_stale(
    conda_bench: ProjectBench, conda_channel: LocalChannel, other_python: str
) -> None:
    conda_bench.declare("python", "tiny")
    write_lock(conda_bench, conda_channel, ["python", "tiny"])

    conda_bench.ok("init", "--no-pin", other_python)

    assert conda_bench.ok("run", "python", "--version").stdout.startswith(f"Python {other_python}.")


@pytest.mark.parametrize("name", ["explicit.txt", "conda-{subdir}.lock"])
def test_an_explicit_list_is_installed_as_it_is(
    conda_bench: ProjectBench, conda_channel: LocalChannel, name: str
) -> None:
    packages = (find(conda_channel, "python"), find(conda_channel, "tiny", "1.1"))
    lines = ["@EXPLICIT", *(f"{package.url}#{package.sha256}" for package in packages)]
    conda_bench.write(name.format(subdir=conda_channel.subdir), "\n".join(lines) + "\n")

    data = conda_bench.ok("init", "--json").data

    assert (data["locked"], data["packages"]) == (True, 2)
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"


def test_a_list_for_another_platform_alone_is_not_passed_over_in_silence(conda_bench: ProjectBench) -> None:
    other = "linux-64" if current_subdir() != "linux-64" else "osx-arm64"
    conda_bench.write(f"conda-{other}.lock", "@EXPLICIT\n")

    told = conda_bench.ok("init").stderr

    assert f"conda-{other}.lock is for another platform than {current_subdir()}." in told


def test_records_and_prefixes_name_the_channel_and_not_its_mirror(
    conda_bench: ProjectBench, conda_channel: LocalChannel
) -> None:
    conda_bench.declare("tiny")
    environment = Path(conda_bench.ok("init", "--json").data["environment"])

    texts = [path.read_text() for path in environment.glob("conda-meta/*.json")]
    texts += [path.read_text() for path in (conda_bench.state / "records").glob("*.json")]

    assert len(texts) > 2
    for text in texts:
        assert CONDA_FORGE in text
        assert conda_channel.url not in text
