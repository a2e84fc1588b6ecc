"""Which engine builds, as people choose it; the executable is the tests' stand-in, fetched as the real one would be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.channel_server import ChannelServer
from tests.support.micromamba_archive import make_archive, program_member, publish
from tests.support.micromamba_stand_in import VERSION
from tests.support.project_bench import ProjectBench

pytestmark = pytest.mark.posix("the stand-in is a script")


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[tuple[ChannelServer, str]]:
    sha256 = publish(tmp_path / "served", make_archive([program_member()]), f"micromamba-{VERSION}.tar.bz2")
    with ChannelServer(tmp_path / "served") as server:
        yield server, sha256


def test_rattler_builds_where_nothing_is_asked_for(conda_bench: ProjectBench) -> None:
    conda_bench.declare("tiny")

    data = conda_bench.ok("init", "--json").data
    assert data["engine"].startswith("rattler ")
    assert conda_bench.ok("status", "--json").data["engine_reason"] == "it comes with pyve"


def test_an_engine_that_is_not_there_is_not_fetched_without_consent(
    conda_bench: ProjectBench, mirror: tuple[ChannelServer, str]
) -> None:
    conda_bench.declare("tiny")
    url = {"PYVE_MICROMAMBA_URL": f"{mirror[0].url}/micromamba-{{version}}.tar.bz2"}

    refused = conda_bench.run("init", "--engine", "micromamba", "--json", env=url)

    (problem,) = refused.json["problems"]
    assert (refused.exit_status, problem["code"]) == (5, "engine-missing")
    assert "pyve self bootstrap micromamba" in problem["hint"]
    assert mirror[0].requests == []
    assert conda_bench.environments() == []


def test_a_bootstrapped_executable_builds_when_it_is_asked_for(
    conda_bench: ProjectBench, mirror: tuple[ChannelServer, str]
) -> None:
    server, sha256 = mirror
    url = {"PYVE_MICROMAMBA_URL": f"{server.url}/micromamba-{{version}}.tar.bz2"}
    conda_bench.ok("self", "bootstrap", "micromamba", "--version", VERSION, "--sha256", sha256, "--yes", env=url)
    conda_bench.declare("tiny")

    data = conda_bench.ok("init", "--engine", "micromamba", "--json").data

    assert data["engine"] == f"micromamba {VERSION}"
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_what_one_engine_built_the_other_need_not_build_again(conda_bench: ProjectBench) -> None:
    conda_bench.declare("tiny")
    conda_bench.ok("init")

    assert conda_bench.ok("sync", "--engine", "micromamba", "--json").data["action"] == "keep"


def test_a_misspelt_engine_is_refused_where_nothing_is_built_as_well(conda_bench: ProjectBench) -> None:
    conda_bench.declare("tiny")
    conda_bench.ok("init")

    refused = conda_bench.run("sync", "--engine", "mamba", "--json")

    assert (refused.exit_status, refused.code) == (2, "usage")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--bootstrap-to", "user"), "add --auto-bootstrap"),
        (("--auto-bootstrap", "--bootstrap-to", "moon"), "--bootstrap-to user"),
    ],
)
def test_options_that_mean_nothing_are_refused(
    conda_bench: ProjectBench, arguments: tuple[str, ...], hint: str
) -> None:
    conda_bench.declare("tiny")

    refused = conda_bench.run("init", *arguments, "--json")

    (problem,) = refused.json["problems"]
    assert (refused.exit_status, problem["code"], problem["hint"]) == (2, "usage", hint)


def test_automatic_bootstrap_refuses_what_has_another_digest(
    conda_bench: ProjectBench, mirror: tuple[ChannelServer, str], tmp_path: Path
) -> None:
    """The pinned version has a known digest; what this server has is the stand-in."""
    from pyve.engines.conda.bootstrap.versions import read_known_releases

    (tmp_path / "served" / f"micromamba-{VERSION}.tar.bz2").rename(
        tmp_path / "served" / f"micromamba-{read_known_releases().default}.tar.bz2"
    )
    conda_bench.declare("tiny")
    url = {"PYVE_MICROMAMBA_URL": f"{mirror[0].url}/micromamba-{{version}}.tar.bz2"}

    refused = conda_bench.run("init", "--engine", "micromamba", "--auto-bootstrap", "--json", env=url)

    assert (refused.exit_status, refused.code) == (6, "download-refused")
    assert conda_bench.environments() == []
    assert not list(conda_bench.home.rglob("micromamba-*"))
