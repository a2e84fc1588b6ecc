"""Conda environments of packages that every system can have: files alone, no link, no script, no Python.

What other tests of conda environments need, Windows has not; these run there too.
"""

import json
import os
import sys
from pathlib import Path

import pytest

from pyve.environments.conda_entry import list_path_entries
from tests.support.conda_channel import LocalChannel, make_channel
from tests.support.conda_package import MadePackage, text_file
from tests.support.conda_recipes import generic
from tests.support.project_bench import ProjectBench

PACKAGES = (
    generic("libfoo", "1.0"),
    generic("libfoo", "2.0"),
    generic("app", "1.0", "libfoo >=1"),
    MadePackage(
        name="odd-files",
        version="1.0",
        files=(
            text_file("share/odd names/größe ☃.txt", "schön\n"),
            text_file("share/odd names/read-only.txt", "only read me\n", mode=0o444),
            text_file("etc/conda/env_vars.d/odd.json", '{"ODD": "größe"}\n'),
        ),
    ),
)


@pytest.fixture
def channel(tmp_path: Path) -> LocalChannel:
    return make_channel(tmp_path / "channels é" / "plain", PACKAGES)


@pytest.fixture
def plain_bench(bench: ProjectBench, channel: LocalChannel) -> ProjectBench:
    """The bench where conda-forge is the channel of plain packages."""
    bench.ok("config", "set", "--user", "conda.mirrors.conda-forge", channel.url)
    return bench


def build(bench: ProjectBench, *specs: str) -> Path:
    bench.declare(*specs)
    return Path(bench.ok("init", "--json").data["environment"])


def version_of(prefix: Path, name: str) -> str:
    return (prefix / "share" / name / "version.txt").read_text(encoding="utf-8").split()[0]


def codes_of_environment(bench: ProjectBench) -> list[str]:
    findings = bench.run("check", "--deep", "--json").data["findings"]
    return [finding["code"] for finding in findings if finding["part"] == "environment"]


def test_it_is_built_and_sound(plain_bench: ProjectBench) -> None:
    prefix = build(plain_bench, "app", "odd-files")

    assert version_of(prefix, "libfoo") == "2.0"
    assert (prefix / "share" / "odd names" / "größe ☃.txt").read_text(encoding="utf-8") == "schön\n"
    assert codes_of_environment(plain_bench) == []
    assert plain_bench.ok("status", "--json").data["stale"] is False


def test_records_name_the_channel_and_not_its_mirror(plain_bench: ProjectBench) -> None:
    prefix = build(plain_bench, "libfoo=1.0")

    record = json.loads((prefix / "conda-meta" / "libfoo-1.0-0.json").read_text(encoding="utf-8"))
    assert record["url"] == "https://conda.anaconda.org/conda-forge/noarch/libfoo-1.0-0.conda"


def test_a_command_in_it_gets_its_variables_and_its_folders(plain_bench: ProjectBench) -> None:
    prefix = build(plain_bench, "odd-files")

    code = "import json, os; print(json.dumps([os.environ[name] for name in ('CONDA_PREFIX', 'ODD', 'PATH')]))"
    said = plain_bench.ok("run", "--", sys.executable, "-c", code).stdout

    conda_prefix, odd, path = json.loads(said)
    entries = list_path_entries(prefix)
    assert (Path(conda_prefix), odd) == (prefix, "größe")
    assert tuple(path.split(os.pathsep)[: len(entries)]) == entries


def test_another_declaration_and_back_builds_once(plain_bench: ProjectBench) -> None:
    first = build(plain_bench, "libfoo=1.0")
    second = build(plain_bench, "libfoo=2.0")
    plain_bench.declare("libfoo=1.0")

    data = plain_bench.ok("sync", "--json").data

    assert (data["action"], Path(data["environment"])) == ("switch", first)
    assert (version_of(first, "libfoo"), version_of(second, "libfoo")) == ("1.0", "2.0")


def test_a_file_that_is_edited_is_seen_and_comes_back_as_it_was(plain_bench: ProjectBench) -> None:
    prefix = build(plain_bench, "libfoo=1.0")
    with (prefix / "share" / "libfoo" / "version.txt").open("ab") as file:
        file.write(b"edited\n")
    assert codes_of_environment(plain_bench) == ["files-altered"]

    anew = Path(plain_bench.ok("sync", "--force", "--json").data["environment"])

    assert (anew / "share" / "libfoo" / "version.txt").read_text(encoding="utf-8") == "1.0 0\n"
    assert codes_of_environment(plain_bench) == []


def test_an_archive_that_is_not_the_declared_one_is_refused(plain_bench: ProjectBench, channel: LocalChannel) -> None:
    package = channel.package("libfoo", "1.0")
    plain_bench.write("explicit.txt", f"@EXPLICIT\n{package.url}#sha256:{'0' * 64}\n")

    refused = plain_bench.run("init", "--json")

    assert (refused.exit_status, refused.code) == (6, "package-corrupt")
    assert plain_bench.environments() == []


def test_an_explicit_list_is_linked_as_it_is(plain_bench: ProjectBench, channel: LocalChannel) -> None:
    package = channel.package("libfoo", "1.0")
    plain_bench.write("explicit.txt", f"@EXPLICIT\n{package.url}#sha256:{package.sha256}\n")

    prefix = Path(plain_bench.ok("init", "--json").data["environment"])

    assert version_of(prefix, "libfoo") == "1.0"


def test_purge_leaves_nothing_but_the_declaration(plain_bench: ProjectBench) -> None:
    build(plain_bench, "app", "odd-files")

    plain_bench.ok("purge", "--yes")

    assert [path.name for path in plain_bench.project.iterdir()] == ["environment.yml"]
    assert not plain_bench.state.exists()
