"""`pyve self bootstrap micromamba` as people run it, against a server that the test runs."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import RunPyve
from tests.support.channel_server import ChannelServer
from tests.support.micromamba_archive import make_archive, program_member, publish
from tests.support.micromamba_stand_in import VERSION

pytestmark = pytest.mark.posix("the stand-in is a script")


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """A server, what it serves is, and how pyve is told of both."""

    server: ChannelServer
    sha256: str

    @property
    def env(self) -> dict[str, str]:
        return {"PYVE_MICROMAMBA_URL": f"{self.server.url}/micromamba-{{version}}.tar.bz2"}

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("self", "bootstrap", "micromamba", "--version", VERSION, "--sha256", self.sha256)


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    sha256 = publish(tmp_path / "served", make_archive([program_member()]), f"micromamba-{VERSION}.tar.bz2")
    with ChannelServer(tmp_path / "served") as server:
        yield Mirror(server=server, sha256=sha256)


def user_program(home: Path) -> Path:
    return home / ".local" / "share" / "pyve" / "micromamba" / VERSION / "micromamba"


def test_nothing_is_fetched_without_a_word_of_consent(run_pyve: RunPyve, mirror: Mirror, home: Path) -> None:
    result = run_pyve(*mirror.arguments, env=mirror.env)

    assert result.exit_status == 1
    assert "[not-confirmed]" in result.stderr
    assert mirror.sha256 in result.stderr
    assert mirror.server.requests == []
    assert not user_program(home).exists()


@pytest.mark.linux("where the user's data directory lies")
def test_program_is_there_after_yes_and_a_second_run_finds_it(run_pyve: RunPyve, mirror: Mirror, home: Path) -> None:
    first = run_pyve(*mirror.arguments, "--yes", env=mirror.env)
    second = run_pyve(*mirror.arguments, env=mirror.env)

    assert first.exit_status == 0, first.stderr
    assert first.stdout == f"installed micromamba {VERSION}: {user_program(home)}\n"
    assert os.access(user_program(home), os.X_OK)
    assert second.exit_status == 0
    assert second.stdout == f"micromamba {VERSION} is there already: {user_program(home)}\n"
    assert len(mirror.server.requests) == 1


def test_json_tells_what_was_put_where(run_pyve: RunPyve, mirror: Mirror) -> None:
    document = run_pyve(*mirror.arguments, "--yes", "--json", env=mirror.env).json

    assert (document["command"], document["status"], document["data"]["changed"]) == ("self bootstrap", "success", True)
    assert document["data"]["sha256"] == mirror.sha256
    assert document["data"]["to"] == "user"
    assert os.access(document["data"]["program"], os.X_OK)


def test_dry_run_tells_what_would_be_fetched_and_fetches_nothing(run_pyve: RunPyve, mirror: Mirror) -> None:
    result = run_pyve(*mirror.arguments, "--dry-run", env=mirror.env)

    assert result.exit_status == 0
    assert "would install" in result.stdout
    assert mirror.sha256 in result.stdout
    assert mirror.server.requests == []


def test_wrong_bytes_are_refused(run_pyve: RunPyve, mirror: Mirror, home: Path) -> None:
    arguments = (*mirror.arguments[:-1], "0" * 64, "--yes")

    result = run_pyve(*arguments, env=mirror.env)

    assert result.exit_status == 6
    assert "[download-refused]" in result.stderr
    assert not user_program(home).exists()


def test_mirror_that_does_not_have_it_is_told(run_pyve: RunPyve, mirror: Mirror) -> None:
    result = run_pyve(
        *mirror.arguments, "--yes", env={"PYVE_MICROMAMBA_URL": f"{mirror.server.url}/absent/{{platform}}"}
    )

    assert result.exit_status == 6
    assert "404" in result.stderr
    assert "[download-failed]" in result.stderr


@pytest.mark.parametrize(
    "arguments", [("conda",), ("micromamba", "--to", "system"), ("micromamba", "--version", "latest")]
)
def test_what_cannot_be_meant_is_a_usage_error(run_pyve: RunPyve, arguments: tuple[str, ...]) -> None:
    result = run_pyve("self", "bootstrap", *arguments)

    assert result.exit_status == 2
    assert "hint: " in result.stderr


def test_projects_own_goes_with_purge(run_pyve: RunPyve, mirror: Mirror, project: Path) -> None:
    nowhere = run_pyve(*mirror.arguments, "--to", "project", "--yes", env=mirror.env)
    assert nowhere.exit_status == 4
    (project / "requirements.txt").write_text("", encoding="utf-8")
    assert run_pyve("init").exit_status == 0

    made = run_pyve(*mirror.arguments, "--to", "project", "--yes", env=mirror.env)

    program = project / ".pyve" / "micromamba" / VERSION / "micromamba"
    assert made.exit_status == 0, made.stderr
    assert os.access(program, os.X_OK)
    purged = run_pyve("purge", "--yes")
    assert purged.exit_status == 0, purged.stderr
    assert [path.name for path in project.iterdir()] == ["requirements.txt"]


def test_purge_leaves_what_lies_beside_the_program(run_pyve: RunPyve, mirror: Mirror, project: Path) -> None:
    (project / "requirements.txt").write_text("", encoding="utf-8")
    run_pyve("init")
    run_pyve(*mirror.arguments, "--to", "project", "--yes", env=mirror.env)
    folder = project / ".pyve" / "micromamba"
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    (folder / VERSION / "micromamba").write_text("#!/bin/sh\n", encoding="utf-8")

    plan = run_pyve("purge", "--dry-run", "--json").json["data"]["plan"]
    run_pyve("purge", "--yes")

    assert {kept["path"] for kept in plan["keep"]} >= {
        str(folder / "mine.txt"),
        str(folder / VERSION / "micromamba"),
    }
    assert (folder / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert (folder / VERSION / "micromamba").exists()


def test_link_in_the_way_is_refused(run_pyve: RunPyve, mirror: Mirror, project: Path, tmp_path: Path) -> None:
    (project / "requirements.txt").write_text("", encoding="utf-8")
    run_pyve("init")
    (tmp_path / "elsewhere").mkdir()
    (project / ".pyve" / "micromamba").symlink_to(tmp_path / "elsewhere")

    result = run_pyve(*mirror.arguments, "--to", "project", "--yes", env=mirror.env)

    assert result.exit_status == 7
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_mirror_in_the_settings_is_used(run_pyve: RunPyve, mirror: Mirror) -> None:
    url = f"{mirror.server.url}/micromamba-{{version}}.tar.bz2"
    settings = run_pyve("config", "set", "--user", "conda.download-url", url)
    assert settings.exit_status == 0, settings.stderr

    planned = run_pyve(*mirror.arguments, "--dry-run", "--json").json

    assert planned["data"]["url"] == f"{mirror.server.url}/micromamba-{VERSION}.tar.bz2"
