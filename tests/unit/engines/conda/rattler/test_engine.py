"""What rattler's engine does beyond the contract of engines."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.engines.conda.engine import EngineSurroundings, PrefixRequest, SolveRequest
from pyve.engines.conda.matching import find_unmet
from pyve.engines.conda.prefix.ownership import prefix_lock
from pyve.engines.conda.rattler.engine import RattlerEngine
from pyve.environments.progress import ProgressEvent, report_nothing
from pyve.errors.conda import (
    ChannelUnauthorisedError,
    EngineBusyError,
    EngineFailedError,
    MachineUnsuitableError,
    MatchSpecInvalidError,
)
from pyve.system.file_lock import hold_lock
from tests.support.channel_server import ChannelServer, slow
from tests.support.conda_channel import LocalChannel, make_channel
from tests.support.conda_package import MadePackage, PackageFile
from tests.support.conda_recipes import generic, heavy

OpenEngine = Callable[..., RattlerEngine]


@pytest.fixture
def surroundings(tmp_path: Path, home: Path) -> EngineSurroundings:
    work = tmp_path / "work"
    work.mkdir()
    return EngineSurroundings(
        cache_directory=tmp_path / "cache",
        environment=dict(os.environ),
        log=tmp_path / "engine.log",
        work_directory=work,
    )


@pytest.fixture
def open_engine(surroundings: EngineSurroundings) -> Iterator[OpenEngine]:
    opened: list[RattlerEngine] = []

    def open_one(**environment: str) -> RattlerEngine:
        own = replace(surroundings, environment={**surroundings.environment, **environment})
        opened.append(RattlerEngine(own))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.close()


@pytest.fixture
def own_cache(surroundings: EngineSurroundings) -> Path:
    return surroundings.cache_directory / "conda" / "rattler"


def prefix_request(channel: LocalChannel, prefix: Path, *names: str) -> PrefixRequest:
    return PrefixRequest(
        packages=tuple(map(channel.package, names)),
        prefix=prefix,
        subdir=channel.subdir,
        channels=(channel.as_channel(),),
    )


def solve_request(channel: LocalChannel, *specs: str) -> SolveRequest:
    return SolveRequest(specs=specs, channels=(channel.as_channel(),), subdir=channel.subdir)


def test_version_is_told_before_and_after_anything_is_asked(
    open_engine: OpenEngine, conda_channel: LocalChannel
) -> None:
    engine = open_engine()
    before = engine.version()
    engine.solve(solve_request(conda_channel, "libfoo"), report_nothing)

    assert before.startswith("0.28.")
    assert engine.version() == before


def test_closed_engine_begins_anew(open_engine: OpenEngine, conda_channel: LocalChannel) -> None:
    engine = open_engine()
    engine.solve(solve_request(conda_channel, "libfoo"), report_nothing)
    engine.close()
    engine.close()

    assert engine.solve(solve_request(conda_channel, "libfoo"), report_nothing).packages


@pytest.mark.linux("the loader of Linux is what speaks on stderr here")
def test_what_the_process_says_on_stderr_is_logged_without_secrets(
    open_engine: OpenEngine, surroundings: EngineSurroundings
) -> None:
    engine = open_engine(LD_PRELOAD="/no/https://me:s3cret-word@channel.example/lib.so")
    engine.version()
    assert not surroundings.log.exists()
    engine.close()

    said = surroundings.log.read_text(encoding="utf-8")
    assert "LD_PRELOAD" in said
    assert "s3cret-word" not in said


def test_package_without_a_hash_is_told(open_engine: OpenEngine, conda_channel: LocalChannel, tmp_path: Path) -> None:
    request = prefix_request(conda_channel, tmp_path / "env", "libz", "openjdk")
    libz, openjdk = request.packages
    request = replace(request, packages=(replace(libz, sha256=None, md5=None), replace(openjdk, sha256=None)))

    assert open_engine().build(request, report_nothing).unverified == ("libz",)


def test_cache_in_use_is_waited_for_with_a_message(
    open_engine: OpenEngine, conda_channel: LocalChannel, tmp_path: Path, own_cache: Path
) -> None:
    own_cache.mkdir(parents=True)
    waits = threading.Event()
    events: list[ProgressEvent] = []

    def listen(event: ProgressEvent) -> None:
        events.append(event)
        if event.phase == "wait":
            waits.set()

    held, released = threading.Event(), threading.Event()

    def hold() -> None:
        with hold_lock(own_cache / "packages.lock"):
            held.set()
            released.set() if waits.wait(timeout=60) else None

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(timeout=60)
    open_engine().build(prefix_request(conda_channel, tmp_path / "env", "libz"), listen)
    holder.join()

    assert released.is_set()
    assert [event.phase for event in events][:1] == ["wait"]
    assert (tmp_path / "env/lib/libz.so").is_symlink()


def test_prefix_that_another_process_builds_is_busy(
    open_engine: OpenEngine, conda_channel: LocalChannel, tmp_path: Path, own_cache: Path
) -> None:
    lock = prefix_lock(own_cache, tmp_path / "env")
    lock.parent.mkdir(parents=True)
    request = prefix_request(conda_channel, tmp_path / "env", "libz")
    engine = open_engine()

    with hold_lock(lock), pytest.raises(EngineBusyError):
        engine.build(request, report_nothing)
    assert not (tmp_path / "env").exists()

    engine.build(request, report_nothing)
    assert list(lock.parent.iterdir()) == []


def test_edited_package_of_a_killed_run_is_fetched_again(
    open_engine: OpenEngine, conda_channel: LocalChannel, tmp_path: Path, own_cache: Path
) -> None:
    engine = open_engine()
    engine.build(prefix_request(conda_channel, tmp_path / "env", "libz"), report_nothing)
    header = next((own_cache / "pkgs").glob("libz-*/include/zlib.h"))
    content = header.read_bytes()
    header.write_bytes(b"edited\n")
    for mark in (own_cache / "marks").iterdir():
        mark.unlink()

    engine.build(prefix_request(conda_channel, tmp_path / "again", "libz"), report_nothing)

    assert (tmp_path / "again/include/zlib.h").read_bytes() == content


def test_package_of_an_explicit_list_is_refused_where_the_machine_does_not_fit(
    open_engine: OpenEngine, conda_channel: LocalChannel, tmp_path: Path
) -> None:
    request = prefix_request(conda_channel, tmp_path / "env", "app-glibc")
    (package,) = request.packages
    assert package.depends

    with pytest.raises(MachineUnsuitableError):
        open_engine().build(replace(request, packages=(replace(package, depends=()),)), report_nothing)


def test_python_of_a_channel_without_pip_is_found(open_engine: OpenEngine, tmp_path: Path) -> None:
    channel = make_channel(tmp_path / "own", [generic("python", "3.12.1")])

    (found,) = open_engine().solve(solve_request(channel, "python"), report_nothing).packages

    assert found.version == "3.12.1"


def test_spec_of_a_channel_that_is_not_declared_is_refused(
    open_engine: OpenEngine, conda_channel: LocalChannel
) -> None:
    with pytest.raises(MatchSpecInvalidError) as caught:
        open_engine().solve(solve_request(conda_channel, "elsewhere::libfoo"), report_nothing)

    assert "elsewhere" in caught.value.message


def test_slow_server_is_waited_for_as_long_as_something_comes(open_engine: OpenEngine, tmp_path: Path) -> None:
    channel = make_channel(tmp_path / "own", [heavy(1, files=6)])
    with ChannelServer(channel.path, slow(".conda", bytes_per_second=200_000)) as server:
        request = prefix_request(channel, tmp_path / "env", "heavy-1")
        request = replace(request, channels=(channel.as_channel(source=server.url),))
        open_engine(PYVE_HTTP_TIMEOUT="1").build(request, report_nothing)

    assert len(list((tmp_path / "env/share/heavy-1").iterdir())) == 6


def test_specs_that_packages_do_not_satisfy_are_found(
    surroundings: EngineSurroundings, conda_channel: LocalChannel
) -> None:
    packages = (conda_channel.package("libfoo", "1.5"), conda_channel.package("libz"))

    unmet = find_unmet(
        ["libfoo >=1,<2", "libfoo=2", "LIBZ", "absent", "conda-forge::libz", "__unix", "__nothing"],
        packages,
        surroundings,
    )

    assert unmet is not None
    assert [spec for spec in unmet if spec != "__unix"] == ["libfoo=2", "absent", "__nothing"]


def test_credentials_that_cannot_be_used_are_told(
    open_engine: OpenEngine, conda_channel: LocalChannel, tmp_path: Path
) -> None:
    with ChannelServer(conda_channel.path) as server:
        request = prefix_request(conda_channel, tmp_path / "env", "libz")
        request = replace(request, channels=(conda_channel.as_channel(source=server.url),))
        built = open_engine(RATTLER_AUTH_FILE=os.fspath(tmp_path / "absent.json")).build(request, report_nothing)

    assert "RATTLER_AUTH_FILE" in " ".join(built.notes)


@pytest.mark.parametrize("variable", ["CONDA_OVERRIDE_GLIBC", "CONDA_OVERRIDE_CUDA_ARCH"])
def test_override_that_is_no_version_is_named(
    open_engine: OpenEngine, conda_channel: LocalChannel, variable: str
) -> None:
    with pytest.raises(MachineUnsuitableError) as caught:
        open_engine(**{variable: "a/b"}).solve(solve_request(conda_channel, "libfoo"), report_nothing)

    assert variable in f"{caught.value.message} {caught.value.hint}"


def test_records_of_the_prefix_are_complete_whether_cached_or_not(
    open_engine: OpenEngine, conda_channel: LocalChannel, tmp_path: Path
) -> None:
    engine = open_engine()
    told = ("name", "noarch", "timestamp", "license", "depends", "sha256", "size")

    def record(prefix: Path) -> dict[str, object]:
        engine.build(prefix_request(conda_channel, prefix, "libz"), report_nothing)
        (path,) = (prefix / "conda-meta").glob("libz-*.json")
        document = json.loads(path.read_bytes())
        return {name: document.get(name) for name in told}

    fetched, cached = record(tmp_path / "fetched"), record(tmp_path / "cached")

    assert fetched == cached
    assert fetched["timestamp"]


@pytest.mark.parametrize(
    "spec", ["libfoo", "OTHER/noarch/libfoo-1.0-0.conda", "libfoo[url='OTHER/x/../noarch/libfoo-1.0-0.conda']"]
)
def test_credentials_do_not_go_to_another_port_of_the_same_server(
    open_engine: OpenEngine, conda_channel: LocalChannel, home: Path, spec: str
) -> None:
    with ChannelServer(conda_channel.path) as other, ChannelServer(conda_channel.path) as own:
        (home / ".netrc").write_text(f"machine 127.0.0.1:{own.port} login me password s3cret-word\n")
        (home / ".netrc").chmod(0o600)
        servers = (own, other) if spec == "libfoo" else (own,)
        channels = tuple(conda_channel.as_channel(url=server.url, source=server.url) for server in servers)
        request = solve_request(conda_channel, spec.replace("OTHER", f"http://127.1:{other.port}"))

        with pytest.raises(ChannelUnauthorisedError, match="another port"):
            open_engine().solve(replace(request, channels=channels), report_nothing)

        assert [each for each in other.requests if "authorization" in each.headers] == []


def test_no_package_is_called_such_that_a_directory_elsewhere_is_thrown_away(
    open_engine: OpenEngine, conda_channel: LocalChannel, tmp_path: Path, own_cache: Path
) -> None:
    request = prefix_request(conda_channel, tmp_path / "env", "libz")
    mine = tmp_path / f"mine-{request.packages[0].version}-{request.packages[0].build}"
    mine.mkdir()
    name = os.path.relpath(tmp_path / "mine", own_cache / "pkgs")
    odd = replace(request.packages[0], name=name, sha256="0" * 64)  # a wrong hash: what is cached is thrown away

    with pytest.raises(EngineFailedError, match="cannot be the name of a file"):
        open_engine().build(replace(request, packages=(odd,)), report_nothing)

    assert mine.is_dir()


def test_package_that_leaves_the_environment_is_refused_each_time(open_engine: OpenEngine, tmp_path: Path) -> None:
    inside, outside = (PackageFile(path=f"{start}share/x", data=b"x") for start in ("", "../leaving-1.0-0/"))
    leaving = MadePackage(name="leaving", version="1.0", files=(inside, outside))
    channel = make_channel(tmp_path / "channel", [leaving])

    for number in range(2):
        with pytest.raises(EngineFailedError, match=r"leaving-1\.0-0\.conda has put '\.\./leaving"):
            open_engine().build(prefix_request(channel, tmp_path / f"env-{number}", "leaving"), report_nothing)
