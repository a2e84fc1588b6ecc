"""Whatever fails while a conda environment is made: told so that a person can act, and what is in use stays so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.channel_server import ChannelServer, corrupt, hang, refuse, truncate
from tests.support.conda_channel import LocalChannel, host_subdir, make_channel
from tests.support.conda_package import MadePackage, program, symlink
from tests.support.conda_recipes import generic, heavy
from tests.support.project_bench import ProjectBench
from tests.support.small_disk import mount_small_disk
from tests.support.standing_environment import StandingEnvironment, stand


@pytest.fixture
def standing(conda_bench: ProjectBench) -> StandingEnvironment:
    """Python and tiny 1.1, built and in use."""
    return stand(conda_bench)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 40 MB."""
    with mount_small_disk(tmp_path / "small disk") as directory:
        yield directory


@pytest.fixture
def cold(tmp_path: Path) -> dict[str, str]:
    """Variables under which no package is cached."""
    return {"PYVE_CACHE_DIR": str(tmp_path / "cold cache")}


def test_specs_that_contradict_each_other_are_shown_as_a_tree(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "app-a", "app-b")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert "libfoo >=2,<3" in refused.message
    assert "libfoo >=1,<2" in refused.message
    assert "environment.yml:5" in refused.message
    assert "environment.yml:6" in refused.message
    assert "└─" in refused.told
    assert "environment.yml:5 or environment.yml:6" in refused.hint


def test_a_package_for_other_machines_is_told_with_what_this_one_has(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "app-glibc")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert "__glibc >=2.99" in refused.message
    assert "this machine has __" in refused.message
    assert "environment.yml:5" in refused.message
    assert "CONDA_OVERRIDE_GLIBC" in refused.hint


def test_a_package_for_a_device_that_is_not_here_says_how_to_build_for_one_that_is(
    standing: StandingEnvironment,
) -> None:
    standing.bench.declare("python", "app-cuda")

    refused = standing.refuse(env={"CONDA_OVERRIDE_CUDA": ""})

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert refused.hint.startswith("export CONDA_OVERRIDE_CUDA=12")
    assert standing.bench.ok("sync", "--json", env={"CONDA_OVERRIDE_CUDA": "12.4"}).data["added"]["app-cuda"] == "1.0"


def test_a_misspelt_name_comes_with_the_right_one_and_the_line(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "tinny")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-package-unknown")
    assert refused.message.startswith("environment.yml:5: ")
    assert refused.hint.startswith("write tiny instead of tinny")


def test_a_name_that_resembles_nothing_is_told_with_its_line(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "zzzz-qqqq-xxxx>=1")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-package-unknown")
    assert "environment.yml:5" in refused.message
    assert "pip:" in refused.hint


@pytest.mark.parametrize("spec", ["tiny=>1", '"tiny >=1,,"', '"tiny[version=1"', "pypi:tiny", '"*"', '"=1.0"'])
def test_a_text_that_is_no_spec_is_told_with_its_line(standing: StandingEnvironment, spec: str) -> None:
    standing.bench.declare("python", spec)

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (3, "match-spec-invalid")
    assert refused.message.startswith(f"environment.yml:5: {spec.strip(chr(34))!r} is not a ")


def test_a_version_that_nobody_has_is_told_with_its_line(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "tiny>=9")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert "environment.yml:5" in refused.message


def test_a_server_that_is_not_there_is_named(standing: StandingEnvironment, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path) as server:
        url = server.url
    standing.bench.declare("python", "tiny=2.0", channels=(url,))

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
    assert url in refused.message


def test_a_mirror_that_is_not_there_is_named(standing: StandingEnvironment, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path) as server:
        url = server.url
    standing.bench.ok("config", "set", "--user", "conda.mirrors.conda-forge", url)
    standing.bench.declare("python", "tiny=2.0")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
    assert url in refused.message


def test_a_channel_that_the_server_does_not_have_is_named(
    standing: StandingEnvironment, conda_channel: LocalChannel
) -> None:
    with ChannelServer(conda_channel.path) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(f"{server.url}/no-such-channel",))

        refused = standing.refuse()

        assert (refused.exit_status, refused.code) == (6, "channel-missing")
        assert f"{server.url}/no-such-channel" in refused.message


def test_a_directory_that_is_no_channel_is_named(standing: StandingEnvironment, tmp_path: Path) -> None:
    standing.bench.declare("python", "tiny=2.0", channels=(str(tmp_path / "no such folder"),))

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "channel-missing")
    assert "no%20such%20folder" in refused.message


def test_an_archive_that_was_taken_away_is_named(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path, refuse(404, "tiny-2.0-pyh0_0.conda")) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse(env=cold)

        assert (refused.exit_status, refused.code) == (6, "channel-missing")
        assert "tiny-2.0-pyh0_0.conda" in refused.message
        assert server.url in refused.message


@pytest.mark.parametrize(("status", "said"), [(401, "wants credentials"), (403, "refuses these credentials")])
def test_a_channel_that_lets_nobody_in_says_where_credentials_go(
    standing: StandingEnvironment, conda_channel: LocalChannel, status: int, said: str
) -> None:
    with ChannelServer(conda_channel.path, refuse(status)) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse()

        assert (refused.exit_status, refused.code) == (6, "channel-unauthorised")
        assert server.url in refused.message
        assert said in refused.message
        assert "machine 127.0.0.1 login" in refused.hint


def test_a_download_that_is_corrupt_once_is_repaired(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path, corrupt("tiny-2.0-pyh0_0.conda", times=1)) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        standing.bench.ok("sync", env=cold)

        assert len(server.requested("tiny-2.0-pyh0_0.conda")) == 2
    assert standing.bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


@pytest.mark.slow
@pytest.mark.parametrize("fault", [corrupt, truncate])
def test_a_download_that_stays_corrupt_is_refused(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str], fault: type
) -> None:
    with ChannelServer(conda_channel.path, fault("tiny-2.0-pyh0_0.conda")) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse(env=cold)

        assert refused.exit_status == 6
        assert refused.code == ("package-corrupt" if fault is corrupt else "channel-unreachable")
        assert "tiny-2.0-pyh0_0.conda" in refused.message or server.url in refused.message


def test_a_server_that_fails_twice_is_waited_for(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path, refuse(503, "tiny-2.0-pyh0_0.conda", times=2)) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        standing.bench.ok("sync", env=cold)

    assert standing.bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


@pytest.mark.parametrize("suffix", ["repodata.json.zst", "tiny-2.0-pyh0_0.conda"])
def test_a_server_that_never_answers_is_given_up(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str], suffix: str
) -> None:
    with ChannelServer(conda_channel.path, hang(suffix)) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse(env={**cold, "PYVE_HTTP_TIMEOUT": "1"})

        assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
        assert server.url in refused.message


def test_a_pip_section_that_fails_is_told_with_its_line(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "tiny=2.0", "pip", more="  - pip:\n    - nosuchthing==1.0\n")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "resolution-failed")
    assert "environment.yml:8" in refused.message
    assert "nosuchthing" in refused.message


def test_an_engine_that_is_not_there_comes_with_the_command_that_fetches_it(standing: StandingEnvironment) -> None:
    standing.bench.declare("python", "tiny=2.0")

    refused = standing.refuse("sync", "--engine", "micromamba", env={"PATH": "/usr/bin:/bin"})

    assert (refused.exit_status, refused.code) == (5, "engine-missing")
    assert "micromamba" in refused.message
    assert "pyve self bootstrap micromamba" in refused.hint


@pytest.mark.parametrize("where", ["variable", "option"])
def test_an_engine_that_does_not_exist_is_a_usage_error(standing: StandingEnvironment, where: str) -> None:
    standing.bench.declare("python", "tiny=2.0")
    option = ("--engine", "nonsense") if where == "option" else ()

    refused = standing.refuse("sync", *option, env={"PYVE_CONDA_ENGINE": "nonsense"} if where == "variable" else {})

    assert (refused.exit_status, refused.code) == (2, "usage")
    assert ("PYVE_CONDA_ENGINE" if where == "variable" else "--engine") in refused.message
    assert "--engine rattler" in refused.hint


def test_a_path_that_is_too_long_for_packages_says_what_is_shorter(conda_bench: ProjectBench, tmp_path: Path) -> None:
    standing = stand(conda_bench.at(tmp_path / ("long " * 45).strip()))
    standing.bench.declare("python", "tiny=2.0", "prefixed")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (3, "prefix-too-long")
    assert str(standing.bench.project / ".pyve" / "envs") in refused.message
    assert "store.location" in refused.hint


def test_a_python_that_does_not_run_is_not_put_in_use(standing: StandingEnvironment, tmp_path: Path) -> None:
    broken = program("bin/python3.99", "#!/bin/sh\necho the loader is confused >&2\nexit 3\n")
    python = MadePackage(
        name="python", version="3.99.0", subdir=host_subdir(), files=(broken, symlink("bin/python", "python3.99"))
    )
    channel = make_channel(tmp_path / "broken", [python])
    standing.bench.declare("python", channels=(channel.url,))

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "probe-failed")
    assert "the loader is confused" in refused.message


@pytest.mark.parametrize("lost", ["package", "mark"])
def test_what_was_changed_in_the_cache_never_reaches_an_environment(
    standing: StandingEnvironment, cold: dict[str, str], lost: str
) -> None:
    cached = Path(cold["PYVE_CACHE_DIR"])
    standing.bench.declare("python", "tiny=2.0")
    standing.bench.ok("sync", env=cold)
    (module,) = cached.rglob("pkgs/tiny-2.0-*/site-packages/tiny/__init__.py")
    text = module.read_text()
    if lost == "package":
        module.unlink()  # an edit in place would change what was linked from it
        module.write_text(text.replace("tiny'", "poison'"))
    else:
        for mark in cached.rglob("marks/tiny-2.0-*.json"):
            mark.write_text("{")

    standing.bench.ok("sync", "--force", env=cold)

    assert standing.bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_a_poisoned_archive_of_a_local_channel_is_refused(
    standing: StandingEnvironment, cold: dict[str, str], tmp_path: Path
) -> None:
    channel = make_channel(tmp_path / "mine", [generic("libfoo", "9.0")])
    other = generic("libfoo", "9.0", build="other")
    (channel.path / "noarch" / "libfoo-9.0-0.conda").write_bytes(other.archive())
    standing.bench.declare("libfoo", channels=(channel.url,))

    refused = standing.refuse(env=cold)

    assert (refused.exit_status, refused.code) == (6, "package-corrupt")
    assert "libfoo-9.0-0.conda" in refused.message
    assert str(channel.package("libfoo").sha256) in refused.message


def test_a_disk_that_is_full_is_named_and_has_room_again_afterwards(
    conda_bench: ProjectBench, small_disk: Path, tmp_path: Path
) -> None:
    standing = stand(conda_bench.at(small_disk / "project"))
    channel = make_channel(tmp_path / "heavy", [heavy(number, files=20) for number in range(20)])
    names = [f"heavy-{number}" for number in range(20)]
    standing.bench.declare("python", "tiny=2.0", *names, channels=("conda-forge", channel.url))

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "disk-full")
    assert str(small_disk) in refused.message
    assert "pyve gc" in refused.hint
    standing.bench.declare("python", "tiny=2.0")
    standing.bench.ok("sync")
    assert standing.bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_a_cache_without_room_is_named(standing: StandingEnvironment, small_disk: Path, tmp_path: Path) -> None:
    channel = make_channel(tmp_path / "heavy", [heavy(number, files=20) for number in range(20)])
    names = [f"heavy-{number}" for number in range(20)]
    standing.bench.declare("python", "tiny=2.0", *names, channels=("conda-forge", channel.url))

    refused = standing.refuse(env={"PYVE_CACHE_DIR": str(small_disk / "cache")})

    assert (refused.exit_status, refused.code) == (6, "disk-full")
    assert str(small_disk) in refused.message


def test_what_somebody_put_beside_the_environments_is_never_touched(standing: StandingEnvironment) -> None:
    foreign = standing.bench.project / ".pyve" / "envs" / "mine"
    (foreign / "conda-meta").mkdir(parents=True)
    (foreign / "conda-meta" / "history").write_text("mine\n")
    standing.bench.declare("python", "tiny=2.0")

    standing.bench.ok("sync")
    standing.bench.ok("gc", "--days", "0", "--no-previous", "--yes")

    assert (foreign / "conda-meta" / "history").read_text() == "mine\n"


def test_a_link_where_environments_are_kept_is_not_followed(conda_bench: ProjectBench, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (conda_bench.project / ".pyve").mkdir()
    (conda_bench.project / ".pyve" / "envs").symlink_to(elsewhere)
    conda_bench.declare("python", "tiny")

    refused = conda_bench.run("init", "--json")

    assert refused.exit_status == 7
    assert list(elsewhere.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(standing: StandingEnvironment, tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.touch()
    standing.bench.declare("python", "tiny=2.0")

    refused = standing.refuse(env={"PYVE_CACHE_DIR": str(in_the_way / "cache")})

    assert refused.exit_status == 3
    assert str(in_the_way) in refused.message


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("version: 7\n", "manifest-invalid", "version"),
        ("version: 1\nmetadata: [\n", "manifest-invalid", "conda-lock.yml"),
        ("version: 1\npackage: nothing\n", "manifest-invalid", "conda-lock.yml:"),
    ],
)
def test_a_lock_that_cannot_be_read_is_told_with_its_line(
    standing: StandingEnvironment, text: str, code: str, said: str
) -> None:
    standing.bench.write("conda-lock.yml", text)

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (3, code)
    assert said in refused.message


def test_first_inits_that_fail_leave_no_trace(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "app-a", "app-b")

    refused = conda_bench.run("init", "--json")

    assert (refused.exit_status, refused.code) == (6, "conda-unsatisfiable")
    assert [path.name for path in conda_bench.project.iterdir()] == ["environment.yml"]
    assert not conda_bench.state.exists()
