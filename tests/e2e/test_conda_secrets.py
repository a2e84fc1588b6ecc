"""No secret of a channel is shown, logged, recorded or cached in clear, whatever becomes of the command."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.channel_server import ChannelServer, Fault, corrupt, hang, refuse
from tests.support.conda_channel import LocalChannel
from tests.support.micromamba_stand_in import make_micromamba
from tests.support.project_bench import ProjectBench, Ran

SECRET = "s3cr3t-w0rd"
USER = "reader"


@dataclass(frozen=True, kw_only=True)
class SecretChannel:
    """How the secret is given, and to whom."""

    name: str
    address: str  # PLACE is the server's `host:port`
    variables: dict[str, str] = field(default_factory=dict)
    netrc: bool = False
    is_token: bool = False

    @contextmanager
    def serve(self, channel: LocalChannel, *faults: Fault) -> Iterator[ChannelServer]:
        """A server that wants the secret."""
        if self.is_token:
            with ChannelServer(channel.path, *faults, token=SECRET) as server:
                yield server
        else:
            with ChannelServer(channel.path, *faults, basic=(USER, SECRET)) as server:
                yield server


WAYS = (
    SecretChannel(name="basic", address=f"http://{USER}:{SECRET}@PLACE"),
    SecretChannel(name="token", address=f"http://PLACE/t/{SECRET}", is_token=True),
    SecretChannel(
        name="token-variable", address="http://PLACE/t/$READ_WITH", variables={"READ_WITH": SECRET}, is_token=True
    ),
    SecretChannel(
        name="basic-variable",
        address=f"http://{USER}:${{READ_WITH}}@PLACE",
        variables={"READ_WITH": SECRET},
    ),
    SecretChannel(name="netrc", address="http://PLACE", netrc=True),
)


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def way(request: pytest.FixtureRequest, home: Path) -> SecretChannel:
    """Each way to give a secret."""
    chosen: SecretChannel = request.param
    if chosen.netrc:
        netrc = home / ".netrc"
        netrc.write_text(f"machine 127.0.0.1 login {USER} password {SECRET}\n")
        netrc.chmod(0o600)
    return chosen


def places(folder: Path) -> dict[str, str]:
    """Variables by which caches and temporary files lie in `folder`."""
    (folder / "tmp").mkdir(exist_ok=True)
    return {"PYVE_CACHE_DIR": str(folder / "caches"), "TMPDIR": str(folder / "tmp")}


def assert_nothing_tells(bench: ProjectBench, *ran: Ran, folder: Path) -> None:
    """Neither what was printed nor any file but those in which the user wrote it."""
    for each in ran:
        assert SECRET not in each.stdout
        assert SECRET not in each.stderr
    own = {bench.project / "environment.yml", bench.home / ".netrc"}
    telling = [
        path
        for top in (bench.home, folder)
        for path in top.rglob("*")
        if path not in own and (SECRET in str(path) or (path.is_file() and SECRET.encode() in path.read_bytes()))
    ]
    assert telling == []


@pytest.mark.parametrize("engine", ["rattler", "micromamba"])
def test_a_build_from_a_channel_with_a_secret(
    conda_bench: ProjectBench, conda_channel: LocalChannel, way: SecretChannel, tmp_path: Path, engine: str
) -> None:
    if engine == "micromamba" and sys.platform == "win32":
        pytest.skip("the stand-in is a script")
    executable = make_micromamba(tmp_path / "bin")
    conda_bench.ok("config", "set", "--user", "conda.micromamba", str(executable))
    env = {**way.variables, **places(tmp_path), "PYVE_CONDA_ENGINE": engine}
    with way.serve(conda_channel) as server:
        address = way.address.replace("PLACE", f"127.0.0.1:{server.port}")
        conda_bench.declare("python", "tiny=1.1", channels=(f'"{address}"',))

        built = conda_bench.ok("init", "--json", "--verbose", env=env)
        forced = conda_bench.ok("sync", "--force", "--verbose", env=env)
        rest = [
            conda_bench.run(*words, "--json", env=env)
            for words in (("status",), ("list",), ("check",), ("detect",), ("sync", "--force", "--dry-run"))
        ]

    assert built.data["engine"].startswith(f"{engine} ")
    assert len(conda_bench.records()) == 2
    assert_nothing_tells(conda_bench, built, forced, *rest, folder=tmp_path)
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"


@pytest.mark.parametrize(
    ("spec", "fault", "code"),
    [
        ("tinny", None, "conda-package-unknown"),
        ("app-a\n  - app-b", None, "conda-unsatisfiable"),
        ("tiny=2.0", refuse(404, "tiny-2.0-pyh0_0.conda"), "channel-missing"),
        ("tiny=2.0", refuse(403), "channel-unauthorised"),
        ("tiny=2.0", refuse(500), "channel-unreachable"),
        ("tiny=2.0", corrupt("tiny-2.0-pyh0_0.conda"), "package-corrupt"),
        ("tiny=2.0", hang("tiny-2.0-pyh0_0.conda"), "channel-unreachable"),
    ],
    ids=["unknown", "unsatisfiable", "404", "403", "500", "corrupt", "hang"],
)
@pytest.mark.slow
def test_a_failure_of_a_channel_with_a_secret(
    conda_bench: ProjectBench,
    conda_channel: LocalChannel,
    way: SecretChannel,
    tmp_path: Path,
    spec: str,
    fault: Fault | None,
    code: str,
) -> None:
    env = {**way.variables, **places(tmp_path)}
    if fault and fault.kind == "hang":
        env["PYVE_HTTP_TIMEOUT"] = "1"
    with way.serve(conda_channel, *([fault] if fault else [])) as server:
        address = way.address.replace("PLACE", f"127.0.0.1:{server.port}")
        conda_bench.declare("python", spec, channels=(f'"{address}"',))

        refused = conda_bench.run("init", "--json", "--verbose", env=env)

    print(refused.stdout, refused.stderr)  # noqa: T201
    assert refused.code == code
    assert_nothing_tells(conda_bench, refused, folder=tmp_path)


def test_a_wrong_secret_is_not_shown_either(
    conda_bench: ProjectBench, conda_channel: LocalChannel, tmp_path: Path
) -> None:
    with ChannelServer(conda_channel.path, basic=(USER, "another")) as server:
        conda_bench.declare("tiny", channels=(f"http://{USER}:{SECRET}@127.0.0.1:{server.port}",))

        refused = conda_bench.run("init", "--json", "--verbose", env=places(tmp_path))

    assert (refused.exit_status, refused.code) == (6, "channel-unauthorised")
    assert_nothing_tells(conda_bench, refused, folder=tmp_path)
