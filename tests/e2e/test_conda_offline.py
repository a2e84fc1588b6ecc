"""With --offline: what the caches hold is enough, and what they lack is named."""

import shutil
from pathlib import Path

from tests.support.channel_server import ChannelServer
from tests.support.conda_channel import LocalChannel
from tests.support.project_bench import ProjectBench
from tests.support.standing_environment import StandingEnvironment


def test_nothing_is_cached(standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str]) -> None:
    with ChannelServer(conda_channel.path) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse("sync", "--offline", env=cold)

        assert (refused.exit_status, refused.code) == (6, "not-cached")
        assert server.url in refused.message
        assert "without --offline" in refused.hint
        assert server.requests == [], "nothing was asked for"


def test_everything_is_cached_and_the_server_is_gone(
    conda_bench: ProjectBench, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path) as server:
        conda_bench.declare("python", "tiny=2.0", channels=(server.url,))
        conda_bench.ok("init", env=cold)
    before = conda_bench.in_use()

    assert conda_bench.ok("sync", "--force", "--offline", "--json", env=cold).data["action"] == "build"

    assert conda_bench.in_use() != before
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_nobody_is_asked_for_what_is_cached(
    conda_bench: ProjectBench, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path) as server:
        conda_bench.declare("python", "tiny=2.0", channels=(server.url,))
        conda_bench.ok("init", env=cold)
        asked = len(server.requests)

        conda_bench.ok("sync", "--force", "--offline", env=cold)

        assert len(server.requests) == asked


def test_the_one_package_that_is_missing_is_named(
    conda_bench: ProjectBench, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path) as server:
        conda_bench.declare("python", "tiny=1.1", channels=(server.url,))
        conda_bench.ok("init", env=cold)
        standing = StandingEnvironment.of(conda_bench)
        conda_bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse("sync", "--offline", env=cold)

        assert (refused.exit_status, refused.code) == (6, "not-cached")
        assert "tiny-2.0-pyh0_0.conda" in refused.message
        assert "python" not in refused.message
        conda_bench.ok("sync", env=cold)
        assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_two_packages_that_are_missing_are_both_named(
    conda_bench: ProjectBench, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path) as server:
        conda_bench.declare("tiny=1.1", "libz", channels=(server.url,))
        conda_bench.ok("init", env=cold)
        for entry in (tmp for tmp in Path(cold["PYVE_CACHE_DIR"]).glob("conda/rattler/pkgs/*") if tmp.is_dir()):
            if entry.name.startswith(("libz-", "tiny-")):
                shutil.rmtree(entry)

        refused = conda_bench.run("sync", "--force", "--offline", "--json", env=cold)

    assert (refused.exit_status, refused.code) == (6, "not-cached")
    message = refused.json["problems"][0]["message"]
    assert "tiny-1.1-pyh0_0.conda" in message
    assert "libz-1.3.1-0.conda" in message


def test_a_channel_on_this_machine_needs_no_network(conda_bench: ProjectBench, cold: dict[str, str]) -> None:
    conda_bench.declare("python", "tiny=2.0")

    conda_bench.ok("init", "--offline", env=cold)

    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_a_known_environment_is_taken_without_any_cache(standing: StandingEnvironment, cold: dict[str, str]) -> None:
    standing.bench.declare("python", "tiny=2.0")
    standing.bench.ok("sync")
    standing.bench.declare("python", "tiny=1.1")

    assert standing.bench.ok("sync", "--offline", "--json", env=cold).data["action"] == "switch"

    assert standing.bench.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"


def test_a_pip_section_that_is_not_cached_is_told(standing: StandingEnvironment, tmp_path: Path) -> None:
    standing.bench.declare("python", "tiny=2.0", "pip", more="  - pip:\n    - gamma==1.0\n")
    nothing_cached = {
        "UV_CACHE_DIR": str(tmp_path / "empty"),
        "PIP_INDEX_URL": "https://index.invalid/simple",
        "UV_DEFAULT_INDEX": "https://index.invalid/simple",
    }

    refused = standing.refuse("sync", "--offline", env=nothing_cached)

    assert (refused.exit_status, refused.code) == (6, "not-cached")
    assert "gamma" in refused.message
    assert "without --offline" in refused.hint
