"""The micromamba engine, on the program that stands in for micromamba: what no contract of all engines can show."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from pyve.engines.conda.engine import EngineSurroundings, PrefixRequest, SolveRequest
from pyve.engines.conda.micromamba.engine import MicromambaEngine
from pyve.engines.conda.micromamba.sign_in import sign_in_document
from pyve.environments.progress import report_nothing
from pyve.errors.conda import ChannelUnreachableError, EngineFailedError, EngineMissingError
from pyve.project.conda.channel import Channel
from tests.support.channel_server import ChannelServer
from tests.support.conda_channel import LocalChannel
from tests.support.micromamba_stand_in import VERSION, make_micromamba

pytestmark = pytest.mark.posix("the stand-in is a script")


@pytest.fixture
def surroundings(tmp_path: Path) -> EngineSurroundings:
    """Folders for one engine, and an executable."""
    work = tmp_path / "work"
    work.mkdir()
    return EngineSurroundings(
        cache_directory=tmp_path / "cache",
        environment=dict(os.environ),
        log=tmp_path / "engine.log",
        work_directory=work,
        micromamba=make_micromamba(tmp_path / "bin"),
    )


@pytest.fixture
def engine(surroundings: EngineSurroundings) -> Iterator[MicromambaEngine]:
    """An engine, closed in the end."""
    made = MicromambaEngine(surroundings)
    yield made
    made.close()


def build_request(channel: LocalChannel, prefix: Path, *names: str) -> PrefixRequest:
    packages = tuple(channel.package(name) for name in names)
    return PrefixRequest(packages=packages, prefix=prefix, subdir=channel.subdir, channels=(channel.as_channel(),))


def test_version_is_the_programs(engine: MicromambaEngine) -> None:
    assert engine.version() == VERSION


def test_engine_without_an_executable_says_how_to_get_one(surroundings: EngineSurroundings) -> None:
    with pytest.raises(EngineMissingError) as caught:
        MicromambaEngine(replace(surroundings, micromamba=None))

    assert caught.value.hint == "pyve self bootstrap micromamba"


@pytest.mark.parametrize("version", ["1.5.8", "0.27.0"])
def test_older_major_is_too_old(surroundings: EngineSurroundings, tmp_path: Path, version: str) -> None:
    old = make_micromamba(tmp_path / "old", version=version)

    with pytest.raises(EngineMissingError, match=rf"micromamba {version}.* is too old"):
        MicromambaEngine(replace(surroundings, micromamba=old)).version()


def test_program_without_the_switch_for_link_scripts_is_too_old_unless_they_may_run(
    surroundings: EngineSurroundings, tmp_path: Path, conda_channel: LocalChannel
) -> None:
    old = make_micromamba(tmp_path / "old", script_switch=False)
    engine = MicromambaEngine(replace(surroundings, micromamba=old))
    request = build_request(conda_channel, tmp_path / "env", "postlink")

    with pytest.raises(EngineMissingError, match="it cannot leave the link scripts of packages out"):
        engine.build(request, report_nothing)
    assert not (tmp_path / "env").exists()
    engine.build(replace(request, run_link_scripts=True), report_nothing)
    assert (tmp_path / "env" / "postlink.txt").exists()


@pytest.mark.parametrize("content", ["", "#!/bin/sh\necho 2.9.0\n", "#!/bin/sh\nexit 3\n", "#!/nowhere\n", "\0\0\0"])
def test_program_that_is_something_else_is_not_used(
    surroundings: EngineSurroundings, tmp_path: Path, content: str
) -> None:
    other = tmp_path / "other"
    other.write_text(content, encoding="utf-8")
    other.chmod(0o755)

    with pytest.raises(EngineMissingError, match="micromamba"):
        MicromambaEngine(replace(surroundings, micromamba=other)).version()


@pytest.mark.parametrize("ending", ["interrupted", "killed"])
def test_prefix_is_judged_by_its_records_and_not_by_the_exit_status(
    surroundings: EngineSurroundings,
    tmp_path: Path,
    conda_channel: LocalChannel,
    ending: Literal["interrupted", "killed"],
) -> None:
    engine = MicromambaEngine(replace(surroundings, micromamba=make_micromamba(tmp_path / "other", ending=ending)))

    with pytest.raises(EngineFailedError, match=r"libz-1\.3\.1-0\.conda was not linked"):
        engine.build(build_request(conda_channel, tmp_path / "env", "libz"), report_nothing)


def test_all_sources_that_fail_are_told_by_the_first(engine: MicromambaEngine, conda_channel: LocalChannel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ports = [taken.getsockname()[1] for taken in (one, other)]
    sources = tuple(f"http://127.0.0.1:{port}" for port in ports)
    channel = Channel(name="conda-forge", url="https://channel.example/conda-forge", sources=sources)

    with pytest.raises(ChannelUnreachableError, match=str(ports[0])):
        engine.solve(SolveRequest(specs=("libz",), channels=(channel,), subdir=conda_channel.subdir), report_nothing)


def test_user_keeps_no_trace_of_it_and_it_reads_none_of_the_users_files(
    engine: MicromambaEngine, tmp_path: Path, conda_channel: LocalChannel, home: Path
) -> None:
    (home / ".mambarc").write_text("channels: [elsewhere]\n", encoding="utf-8")

    engine.build(build_request(conda_channel, tmp_path / "env", "libz"), report_nothing)
    engine.close()

    assert [path.name for path in home.iterdir()] == [".mambarc"]
    assert list((tmp_path / "work").iterdir()) == []


def test_log_holds_the_commands_and_what_was_said(
    engine: MicromambaEngine, surroundings: EngineSurroundings, tmp_path: Path, conda_channel: LocalChannel
) -> None:
    engine.build(build_request(conda_channel, tmp_path / "env", "libz"), report_nothing)

    log = surroundings.log.read_text(encoding="utf-8")
    assert "create -y -q --no-rc" in log
    assert "exit status 0" in log


@pytest.mark.parametrize("kind", ["basic", "bearer", "token"])
def test_credentials_of_every_kind_open_their_channel(
    engine: MicromambaEngine, conda_channel: LocalChannel, home: Path, tmp_path: Path, kind: str
) -> None:
    entries = {
        "basic": '{"type": "BasicHTTPAuthentication", "user": "me", "password": "czNjcmV0LXdvcmQ="}',
        "bearer": '{"type": "BearerToken", "token": "s3cret-word"}',
        "token": '{"type": "CondaToken", "token": "s3cret-word"}',
    }
    server = ChannelServer(
        conda_channel.path,
        basic=("me", "s3cret-word") if kind == "basic" else None,
        bearer="s3cret-word" if kind == "bearer" else None,
        token="s3cret-word" if kind == "token" else None,
    )
    with server:
        file = home / ".mamba" / "auth" / "authentication.json"
        file.parent.mkdir(parents=True)
        file.write_text(f'{{"127.0.0.1:{server.port}": {entries[kind]}}}', encoding="utf-8")
        file.chmod(0o600)
        channels = (conda_channel.as_channel(source=server.url),)
        request = replace(build_request(conda_channel, tmp_path / "env", "libz"), channels=channels)
        engine.build(request, report_nothing)

    records = (tmp_path / "env" / "conda-meta").glob("*")
    assert all("s3cret-word" not in path.read_text(encoding="utf-8") for path in records)


def test_sign_in_is_keyed_by_host_port_and_path() -> None:
    headers = {
        "one.example:8080/cf": {"Authorization": "Basic bWU6cHc6MQ=="},
        "two.example/x": {"Authorization": "Bearer tok"},
        "three.example/y": {"X-Other": "no"},
    }

    assert sign_in_document(headers, {"https://four.example/cf": "https://four.example/t/TOK/cf"}) == {
        "one.example:8080/cf": {"type": "BasicHTTPAuthentication", "user": "me", "password": "cHc6MQ=="},
        "two.example/x": {"type": "BearerToken", "token": "tok"},
        "four.example/cf": {"type": "CondaToken", "token": "TOK"},
    }
