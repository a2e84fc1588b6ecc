"""What every locker of conda packages makes of an environment.yml."""

import pytest

from pyve.project.conda.content_hash import content_hash
from pyve.project.manifests.environment_yml import read_environment_yml
from pyve.project.manifests.lock_request import lock_request_of
from tests.engines.lockers.conda.conftest import PLATFORMS, CondaLockBench, MakeChannel
from tests.support.channel_server import ChannelServer
from tests.support.conda_lock import CondaLock, conda_lock_python
from tests.support.conda_package import MadePackage
from tests.support.conda_recipes import generic

__all__ = ["conda_lock_python"]  # a fixture


def test_each_platform_gets_its_own_packages(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("native", "libfoo >=1,<2")

    lock = lock_bench.read(lock_bench.lock(*PLATFORMS))

    assert lock.platforms == PLATFORMS
    for platform in PLATFORMS:
        packages = {package.name: package for package in lock.packages_for(platform)}
        assert set(packages) == {"native", "libfoo"}
        assert packages["native"].subdir == platform
        assert packages["libfoo"].version == "1.5"
        expected = lock_bench.channel.package("native", subdir=platform)
        assert (packages["native"].md5, packages["native"].sha256) == (expected.md5, expected.sha256)
        assert packages["native"].url == expected.url


def test_order_of_platforms_changes_no_byte(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("native", "app-ok", "python")

    assert lock_bench.lock(*PLATFORMS).body == lock_bench.lock(*reversed(PLATFORMS)).body


def test_a_lock_that_is_there_changes_nothing_where_it_answers(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("app-a", "python", "tiny")
    first = lock_bench.lock()

    assert lock_bench.lock(existing=first.body).body == first.body


def test_content_hashes_are_those_of_what_is_declared(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo", "unix-only  # [unix]")

    hashes = lock_bench.read(lock_bench.lock("linux-64", "win-64")).content_hashes

    for platform in ("linux-64", "win-64"):
        yml = read_environment_yml(lock_bench.yml, root=lock_bench.root, subdir=platform, environment={})
        assert hashes[platform] == content_hash(lock_request_of(yml, environment={}), platform)
    assert hashes["linux-64"] != hashes["win-64"]


def test_selectors_decide_for_each_platform(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo", "unix-only  # [unix]", "sel(win): clash-one")

    locked = lock_bench.lock("linux-64", "osx-arm64", "win-64")

    assert set(lock_bench.versions(locked, "osx-arm64")) == {"libfoo", "unix-only"}
    assert set(lock_bench.versions(locked, "win-64")) == {"libfoo", "clash-one"}


def test_rows_name_what_they_need(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("app-a", "old-glibc" if lock_bench.channel.subdir.startswith("linux") else "unix-only")

    rows = {row.name: row for row in lock_bench.read(lock_bench.lock()).rows}

    assert dict(rows["app-a"].dependencies) == {"libfoo": ">=2,<3"}
    assert "old-glibc" not in rows or dict(rows["old-glibc"].dependencies) == {"__glibc": ">=2.17"}


def test_category_is_the_one_declared(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("app-a", head="category: dev\n")

    locked = lock_bench.lock()

    assert {(row.name, row.category) for row in lock_bench.read(locked).rows} == {("app-a", "dev"), ("libfoo", "dev")}
    assert "optional: true" in locked.body
    assert "optional: false" not in locked.body


def test_machines_are_those_that_conda_lock_imagines(lock_bench: CondaLockBench, make_own_channel: MakeChannel) -> None:
    on_linux = [generic("driver", "1.0", "__cuda >=11.4,<11.5", "__glibc >=2.28,<2.29", subdir="linux-64")]
    own = make_own_channel(*on_linux, generic("driver", "1.0", "__osx >=11,<12", subdir="osx-arm64"))
    lock_bench.declare("driver", channels=(own.url,))

    with lock_bench.within(CONDA_OVERRIDE_CUDA="", CONDA_OVERRIDE_GLIBC="2.99", CONDA_OVERRIDE_OSX="26"):
        locked = lock_bench.lock("linux-64", "osx-arm64")

    assert lock_bench.versions(locked, "linux-64") == lock_bench.versions(locked, "osx-arm64") == {"driver": "1.0"}


def test_versions_of_the_lock_that_is_there_stay(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo=1.5", "tiny=1.1", "python")
    earlier = lock_bench.lock()
    lock_bench.declare("libfoo", "tiny", "python")

    kept = lock_bench.versions(lock_bench.lock(existing=earlier.body))
    one = lock_bench.versions(lock_bench.lock(existing=earlier.body, upgrade_packages=("libfoo",)))
    every = lock_bench.versions(lock_bench.lock(existing=earlier.body, upgrade=True))

    assert (kept["libfoo"], kept["tiny"]) == ("1.5", "1.1")
    assert (one["libfoo"], one["tiny"]) == ("2.1", "1.1")
    assert (every["libfoo"], every["tiny"]) == ("2.1", "2.0")


def test_kept_versions_give_way_to_what_is_declared_now(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo=1.5")
    earlier = lock_bench.lock()
    lock_bench.declare("libfoo >=2,<2.1")

    assert lock_bench.versions(lock_bench.lock(existing=earlier.body)) == {"libfoo": "2.0"}


def test_package_that_the_channel_took_back_is_not_kept(
    lock_bench: CondaLockBench, make_own_channel: MakeChannel
) -> None:
    own = make_own_channel(generic("thing", "1.0"), generic("thing", "2.0"))
    lock_bench.declare("thing", channels=(own.url,))
    earlier = lock_bench.lock()
    own.remove(own.package("thing", "2.0"))

    assert lock_bench.versions(earlier) == {"thing": "2.0"}
    assert lock_bench.versions(lock_bench.lock(existing=earlier.body)) == {"thing": "1.0"}


def test_a_pip_section_without_packages_asks_for_pip(rattler_bench: CondaLockBench) -> None:
    rattler_bench.declare("pip: []")

    assert "pip" in rattler_bench.versions(rattler_bench.lock())


def test_what_is_newer_than_a_date_does_not_exist(rattler_bench: CondaLockBench, make_own_channel: MakeChannel) -> None:
    old, new = MadePackage(name="thing", version="1.0"), MadePackage(name="thing", version="2.0", newer_by_days=30)
    own = make_own_channel(old, new)
    rattler_bench.declare("thing", channels=(own.url,))

    assert rattler_bench.versions(rattler_bench.lock(exclude_newer="2023-11-20")) == {"thing": "1.0"}
    assert rattler_bench.versions(rattler_bench.lock(exclude_newer="2023-12-14")) == {"thing": "2.0"}


@pytest.mark.parametrize(("priority", "expected"), [("strict", "1.0"), ("disabled", "3.0")])
def test_channels_count_in_their_order(
    lock_bench: CondaLockBench, make_own_channel: MakeChannel, priority: str, expected: str
) -> None:
    first = make_own_channel(generic("thing", "1.0"), name="first")
    second = make_own_channel(generic("thing", "3.0"), name="second")
    lock_bench.declare("thing", channels=(first.url, second.url))
    (lock_bench.root / "pyve.toml").write_text(f'[conda]\nchannel-priority = "{priority}"\n', encoding="utf-8")

    assert lock_bench.versions(lock_bench.lock()) == {"thing": expected}


def test_mirrors_and_credentials_stay_out(lock_bench: CondaLockBench) -> None:
    with ChannelServer(lock_bench.channel.path, basic=("me", "s3cr3t-pass")) as server:
        lock_bench.mirrors = {"https://channel.example/mine": f"http://me:s3cr3t-pass@127.0.0.1:{server.port}"}
        lock_bench.declare("libfoo", channels=("https://channel.example/mine",))

        locked = lock_bench.lock()

    assert lock_bench.read(locked).channels == ("https://channel.example/mine",)
    assert {
        package.url.rpartition("/noarch/")[0]
        for package in lock_bench.read(locked).packages_for(lock_bench.channel.subdir)
    } == {"https://channel.example/mine"}
    assert "127.0.0.1" not in locked.body
    assert "s3cr3t-pass" not in locked.body + lock_bench.logged


def test_variables_of_a_channel_stay_in_the_lock_and_its_credentials_do_not(lock_bench: CondaLockBench) -> None:
    with (
        ChannelServer(lock_bench.channel.path, basic=("me", "s3cr3t-pass")) as server,
        lock_bench.within(MY_USER="me", MY_PASSWORD="s3cr3t-pass"),
    ):
        lock_bench.declare("libfoo", channels=(f"http://$MY_USER:$MY_PASSWORD@127.0.0.1:{server.port}",))

        locked = lock_bench.lock()

    assert f"- url: http://${{MY_USER}}:${{MY_PASSWORD}}@127.0.0.1:{server.port}\n" in locked.body
    assert "    used_env_vars:\n    - MY_PASSWORD\n    - MY_USER\n" in locked.body
    assert "s3cr3t-pass" not in locked.body
    assert f"  url: http://127.0.0.1:{server.port}/noarch/libfoo-2.1-0.conda\n" in locked.body


def test_python_asked_for_beside_the_file_is_locked(lock_bench: CondaLockBench, make_own_channel: MakeChannel) -> None:
    own = make_own_channel(*(generic("python", version) for version in ("3.10.1", "3.12.1")))
    lock_bench.declare("python", channels=(own.url,))
    (lock_bench.root / ".python-version").write_text("3.10\n", encoding="utf-8")

    assert lock_bench.versions(lock_bench.lock()) == {"python": "3.10.1"}


def test_source_is_seen_from_the_lock(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo")

    assert lock_bench.read(lock_bench.lock()).sources == ("environment.yml",)


@pytest.mark.needs_index
def test_conda_lock_would_write_the_same_bytes(lock_bench: CondaLockBench, conda_lock_python: CondaLock) -> None:
    lock_bench.declare("app-a", "tiny", "python", "unix-only  # [unix]")
    locked = lock_bench.lock(*PLATFORMS)
    file, again = lock_bench.destination, lock_bench.root / "again.yml"
    file.write_text(locked.body, encoding="utf-8")
    read = conda_lock_python("read", file=file)

    rows = [
        {
            **{key: value for key, value in row.items() if key != "categories" and value is not None},
            "hash": {key: value for key, value in row["hash"].items() if value is not None},
            "category": row["categories"][0],
            "optional": False,
        }
        for row in read["package"]
    ]
    metadata = {key: value for key, value in read["metadata"].items() if value is not None}
    conda_lock_python("write", document={"version": 1, "metadata": metadata, "package": rows}, file=again)
    written = again.read_text(encoding="utf-8")

    assert written[written.index("version: 1") :] == locked.body


def test_offline_locks_from_the_caches(rattler_bench: CondaLockBench) -> None:
    with ChannelServer(rattler_bench.channel.path) as server:
        rattler_bench.declare("libfoo", channels=(server.url,))
        first = rattler_bench.lock()

    assert rattler_bench.lock(offline=True).body == first.body
