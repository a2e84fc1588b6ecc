"""A pylock.toml and what is installed beside it: the lock's versions hold for everything."""

import pytest

from pyve.project.locking.lock_stamp import LockStamp, write_stamp
from pyve.project.locking.lock_target import LockFormat
from tests.engines.test_installer_contract import pylock
from tests.support.project_bench import ProjectBench


def lock(bench: ProjectBench, *packages: tuple[str, str]) -> None:
    """Write a pylock.toml of these names and versions, which offers no group."""
    text = pylock(bench.index, *((name, version, "") for name, version in packages))
    bench.write("pylock.toml", text.replace('dependency-groups = ["dev"]\n', ""))


def declare_group(bench: ProjectBench, requirement: str) -> None:
    bench.write("pyproject.toml", f'[dependency-groups]\ndev = ["{requirement}"]\n')


def test_group_takes_the_versions_of_the_lock(bench: ProjectBench) -> None:
    lock(bench, ("beta", "1.0"))
    declare_group(bench, "alpha")

    bench.ok("init")

    assert bench.installed() == {"alpha": "2.0", "beta": "1.0"}


def test_group_that_needs_another_version_than_the_lock_is_told(bench: ProjectBench) -> None:
    bench.index.add("modern", "1.0", requires=["beta>=2"])
    lock(bench, ("beta", "1.0"))
    declare_group(bench, "modern")

    ran = bench.run("init", "--json")

    assert (ran.exit_status, ran.code) == (6, "resolution-failed")
    assert "pylock.toml" in ran.json["problems"][0]["message"]


def test_package_that_is_kept_does_not_replace_what_is_locked(bench: ProjectBench) -> None:
    bench.index.add("modern", "1.0", requires=["beta>=2"])
    lock(bench, ("beta", "2.0"))
    bench.ok("init")
    bench.ok("run", "pip", "install", "--quiet", "modern")
    lock(bench, ("beta", "1.0"))

    ran = bench.run("sync", "--keep-extras", "--json")

    assert (ran.exit_status, ran.code) == (6, "resolution-failed")


def pins(bench: ProjectBench, *packages: tuple[str, str, str]) -> str:
    """The lines of a hashed requirements.txt: name, version, marker."""
    rows = ((name, version, f" ; {marker}" if marker else "") for name, version, marker in packages)
    return "".join(
        f"{name}=={version}{marker} --hash={bench.index.hash_of(name, version)}\n" for name, version, marker in rows
    )


def test_dry_run_tells_which_versions_a_lock_brings_and_takes(bench: ProjectBench) -> None:
    never = "python_version < '3'"
    bench.write("requirements.txt", pins(bench, ("alpha", "1.0", ""), ("beta", "1.0", ""), ("gamma", "1.0", "")))
    bench.ok("init")
    bench.write("requirements.txt", pins(bench, ("alpha", "2.0", ""), ("beta", "1.0", ""), ("gamma", "1.0", never)))
    bench.write("requirements-dev.txt", pins(bench, ("delta", "1.0", "")))

    planned = bench.ok("sync", "--dry-run", "--json").data
    shown = bench.ok("sync", "--dry-run").stdout
    done = bench.ok("sync", "--json").data

    told = {key: planned[key] for key in ("added", "removed", "changed")}
    assert told == {"added": {"delta": "1.0"}, "removed": {"gamma": "1.0"}, "changed": {"alpha": "1.0 -> 2.0"}}
    assert told == {key: done[key] for key in told}
    assert "alpha 1.0 -> 2.0" in shown
    assert "alpha==2.0" not in shown


def test_dry_run_tells_what_a_pylock_changes_for_the_groups_that_are_in(bench: ProjectBench) -> None:
    packages = (("alpha", "1.0", ""), ("beta", "1.0", ""), ("gamma", "1.0", "'dev' in dependency_groups"))
    bench.write("pylock.toml", pylock(bench.index, *packages))
    bench.ok("init")
    told = bench.ok("sync", "--dry-run", "--no-dev", "--json").data

    assert (told["added"], told["removed"], told["changed"]) == ({}, {"gamma": "1.0"}, {})
    bench.ok("sync", "--no-dev")
    back = bench.ok("sync", "--dry-run", "--dev", "--json").data
    assert (back["action"], back["added"], back["removed"]) == ("switch", {"gamma": "1.0"}, {})


def test_locks_of_two_files_and_a_group_are_installed_together(bench: ProjectBench) -> None:
    bench.write("requirements.txt", pins(bench, ("alpha", "1.0", ""), ("beta", "1.0", "")))
    bench.write("requirements-dev.txt", pins(bench, ("gamma", "1.0", "")))
    bench.write("requirements-docs.txt", pins(bench, ("delta", "1.0", "")))

    assert bench.ok("init", "--json").data["locked"] is True
    assert bench.installed() == {"alpha": "1.0", "beta": "1.0", "gamma": "1.0"}
    bench.ok("sync", "--group", "docs", "--no-dev")
    assert bench.installed() == {"alpha": "1.0", "beta": "1.0", "delta": "1.0"}
    bench.write("requirements-docs.txt", "")  # the group's file is watched like any other
    assert bench.ok("sync", "--json").data["action"] == "build"
    assert bench.installed() == {"alpha": "1.0", "beta": "1.0"}
    assert bench.run("sync", "--group", "doc", "--json").json["problems"][0]["hint"] == "did you mean: --group docs"


def test_package_in_no_lock_is_refused_beside_hashes(bench: ProjectBench) -> None:
    bench.write("requirements.txt", pins(bench, ("alpha", "1.0", "")))  # and beta, which alpha needs, is not there

    ran = bench.run("init", "--json")

    assert ran.exit_status == 6
    assert "beta" in ran.json["problems"][0]["message"]


def test_changed_hash_is_refused_though_the_right_file_is_cached(bench: ProjectBench) -> None:
    good = pins(bench, ("beta", "1.0", ""))
    bench.write("requirements.txt", good)
    bench.ok("init")
    before = bench.in_use()
    digest = bench.index.hash_of("beta", "1.0")
    for name, text in (
        ("requirements.txt", good.replace(digest, "sha256:" + "0" * 64)),
        ("pylock.toml", pylock(bench.index, ("beta", "1.0", "")).replace(digest[7:], "0" * 64)),
    ):
        bench.write(name, text)
        ran = bench.run("sync", "--json")
        assert (ran.exit_status, ran.code) == (6, "hash-mismatch")
        assert "beta" in ran.json["problems"][0]["message"]
        assert bench.in_use() == before


def test_extras_are_carried_over_or_left_out_with_a_lock(bench: ProjectBench) -> None:
    bench.write("requirements.txt", pins(bench, ("beta", "1.0", "")))
    bench.ok("init")
    bench.ok("run", "pip", "install", "--quiet", "gamma")
    bench.write("requirements.txt", pins(bench, ("beta", "2.0", "")))

    planned = bench.ok("sync", "--keep-extras", "--dry-run", "--json").data
    assert (planned["changed"], planned["removed"]) == ({"beta": "1.0 -> 2.0"}, {})
    bench.ok("sync", "--keep-extras")
    assert bench.installed() == {"beta": "2.0", "gamma": "1.0"}
    bench.ok("sync", "--exact")
    assert bench.installed() == {"beta": "2.0"}


def test_locked_project_is_installed_offline_from_caches(bench: ProjectBench) -> None:
    with bench.index.serve() as url:
        bench.write("requirements.txt", pins(bench, ("alpha", "1.0", ""), ("beta", "1.0", "")))
        online = {"PIP_INDEX_URL": url}
        bench.ok("init", env=online)
    asked = len(bench.index.requests)

    bench.ok("sync", "--force", "--offline", env=online)

    assert bench.installed() == {"alpha": "1.0", "beta": "1.0"}
    assert len(bench.index.requests) == asked


def test_only_binary_refuses_what_has_no_wheel_and_names_it(bench: ProjectBench) -> None:
    bench.index.add("epsilon", "1.0", sdist=True)
    bench.write("requirements.txt", pins(bench, ("beta", "1.0", ""), ("epsilon", "1.0", "")))

    ran = bench.run("init", "--only-binary", "--json")

    assert (ran.exit_status, ran.code) == (6, "wheel-missing")
    assert "requirements.txt:2: epsilon" in ran.json["problems"][0]["message"]
    bench.ok("init")
    assert bench.installed() == {"beta": "1.0", "epsilon": "1.0"}


def serve_python(body: str, python: str) -> str:
    """The text of a requirements.txt that is stamped as a lock for these Pythons."""
    stamp = LockStamp(
        locker="uv", sources=("requirements.in",), inputs=("beta",), platforms=("linux-64",), python=python
    )
    return write_stamp(body, stamp, LockFormat.REQUIREMENTS)


@pytest.mark.parametrize("name", ["requirements.txt", "pylock.toml"])
def test_python_that_a_lock_does_not_serve_is_refused(bench: ProjectBench, name: str) -> None:
    if name == "pylock.toml":
        text = pylock(bench.index, ("beta", "1.0", ""))
        text = text.replace('created-by = "tests"\n', 'created-by = "tests"\nrequires-python = ">=3.11"\n')
    else:
        text = serve_python(pins(bench, ("beta", "1.0", "")), ">=3.11")
    bench.write(name, text)
    bench.write(".python-version", "3.10\n")

    ran = bench.run("init", "--json")

    assert (ran.exit_status, ran.code) == (3, "python-conflict")
    (problem,) = ran.json["problems"]
    assert problem["message"] == f".python-version asks for Python 3.10, but {name} was locked for `>=3.11`."
    assert "pyve lock" in problem["hint"]


def test_environment_gets_a_python_that_its_lock_serves(bench: ProjectBench) -> None:
    bench.write("requirements.txt", serve_python(pins(bench, ("beta", "1.0", "")), "<3"))

    ran = bench.run("init", "--json")

    assert (ran.exit_status, ran.code) == (5, "python-missing")
