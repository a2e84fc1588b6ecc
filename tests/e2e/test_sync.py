"""`pyve sync`: from what the files declare to what the environment holds."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.support.made_up_package import Package, write_project
from tests.support.project_bench import ProjectBench


def by_hand(bench: ProjectBench, *words: str) -> None:
    """What a user does inside the environment: pip install."""
    bench.ok("run", "pip", "install", "--quiet", *words)


def test_new_declaration_gets_a_new_directory(bench: ProjectBench) -> None:
    first = bench.init("alpha==1.0")
    bench.require("alpha==2.0", "gamma")

    data = bench.ok("sync", "--json").data

    assert data["changed"] == {"alpha": "1.0 -> 2.0"}
    assert data["added"] == {"gamma": "1.0"}
    assert bench.in_use() != first
    assert first.is_dir()


def test_project_with_a_manifest_is_registered_by_sync(bench: ProjectBench) -> None:
    bench.require("gamma")

    bench.ok("sync")

    assert bench.installed() == {"gamma": "1.0"}


def test_without_a_project_and_a_manifest_it_says_so(bench: ProjectBench) -> None:
    ran = bench.run("sync", "--json")

    assert (ran.exit_status, ran.code) == (4, "no-project")
    assert not (bench.project / ".pyve").exists()


def test_unpinned_names_keep_their_versions_until_upgrade(bench: ProjectBench) -> None:
    bench.index.add("eta", "1.0")
    bench.init("eta")
    bench.index.add("eta", "2.0")

    bench.ok("sync", "--force")
    assert bench.installed() == {"eta": "1.0"}

    bench.ok("sync", "--upgrade")
    assert bench.installed() == {"eta": "2.0"}


def test_upgrade_that_was_rolled_back_is_not_done_again_by_sync(bench: ProjectBench) -> None:
    bench.index.add("eta", "1.0")
    bench.init("eta")
    bench.index.add("eta", "2.0")
    bench.ok("sync", "--upgrade")

    bench.ok("rollback")
    assert bench.installed() == {"eta": "1.0"}
    bench.ok("sync")
    assert bench.installed() == {"eta": "1.0"}
    bench.write("requirements.txt", "eta  # the same\n")
    bench.ok("sync")
    assert bench.installed() == {"eta": "1.0"}


def test_failed_sync_leaves_the_environment_in_use(bench: ProjectBench) -> None:
    before = bench.init("alpha==1.0")
    bench.require("nosuchthing")

    ran = bench.run("sync", "--json")

    assert (ran.exit_status, ran.code) == (6, "resolution-failed")
    assert bench.in_use() == before
    assert bench.environments() == [before.name]
    assert bench.marks() == []
    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_build_that_fails_shows_the_end_of_the_log_and_where_it_is(bench: ProjectBench) -> None:
    bench.index.add_broken_sdist("broken", "1.0", says="the compiler is missing")
    bench.require("broken")

    ran = bench.run("sync")

    assert ran.exit_status == 6
    assert "the compiler is missing" in ran.stderr
    assert ".log" in ran.stderr


def test_package_installed_by_hand_stays_while_the_directory_does(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    by_hand(bench, "gamma")

    data = bench.ok("sync", "--json").data

    assert data["action"] == "keep"
    assert data["by_hand"] == {"gamma": "1.0"}
    assert bench.installed()["gamma"] == "1.0"


def test_package_installed_by_hand_is_named_when_a_new_directory_takes_over(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    by_hand(bench, "gamma")
    bench.require("alpha==2.0")

    ran = bench.ok("sync")

    assert "gamma 1.0" in ran.stdout
    assert "pyve add gamma==1.0" in ran.stdout
    assert "--keep-extras" in ran.stdout
    assert "gamma" not in bench.installed()


def test_keep_extras_carries_it_over(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    by_hand(bench, "gamma")
    bench.require("alpha==2.0")

    bench.ok("sync", "--keep-extras")

    assert bench.installed()["gamma"] == "1.0"
    assert bench.installed()["alpha"] == "2.0"
    assert bench.ok("status", "--json").data["by_hand"] == {"gamma": "1.0"}


def test_keep_extras_carries_it_over_when_the_new_one_is_there_already(bench: ProjectBench) -> None:
    bench.init("alpha==2.0")
    bench.init("alpha==1.0")
    by_hand(bench, "gamma")
    bench.require("alpha==2.0")

    bench.ok("sync", "--keep-extras")

    assert bench.installed() == {"alpha": "2.0", "beta": "2.0", "gamma": "1.0"}


def test_exact_leaves_it_out_and_loses_nothing(bench: ProjectBench) -> None:
    before = bench.init("alpha==1.0")
    by_hand(bench, "gamma")

    bench.ok("sync", "--exact")

    assert "gamma" not in bench.installed()
    assert bench.in_use() != before
    bench.ok("rollback")
    assert bench.installed()["gamma"] == "1.0"


def test_exact_on_an_exact_environment_keeps_it(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")

    assert bench.ok("sync", "--exact", "--json").data["action"] == "keep"


def test_exact_and_keep_extras_contradict_each_other(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")

    assert bench.run("sync", "--exact", "--keep-extras").exit_status == 2


def test_declared_now_it_is_by_hand_no_more(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    by_hand(bench, "gamma")
    bench.require("alpha==1.0", "gamma")

    bench.ok("sync", "--keep-extras")

    assert bench.ok("status", "--json").data["by_hand"] == {}


def test_dry_run_tells_what_sync_does_then(bench: ProjectBench) -> None:
    before = bench.init("alpha==1.0")
    bench.require("alpha==2.0")

    planned = bench.ok("sync", "--dry-run", "--json").data

    assert planned["action"] == "build"
    assert bench.in_use() == before
    done = bench.ok("sync", "--json").data
    assert (done["action"], done["fingerprint"]) == ("build", planned["fingerprint"])


@pytest.mark.posix("interpreters are links")
def test_python_of_the_environment_that_is_gone_is_healed(bench: ProjectBench) -> None:
    before = bench.init("alpha==1.0")
    for python in (before / "bin").glob("python*"):
        python.unlink()
        python.symlink_to("/no/such/python")

    assert bench.run("run", "alpha").exit_status in (125, 126)
    assert bench.ok("sync", "--json").data["action"] == "build"
    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_state_that_is_lost_is_found_again_by_building(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    shutil.rmtree(bench.state)

    bench.ok("sync")

    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"
    assert (bench.project / ".venv").resolve() == bench.in_use()


@pytest.mark.parametrize("name", ["current", "approved", "choices.json", "previous"])
def test_damaged_state_file_never_ends_in_a_traceback(bench: ProjectBench, name: str) -> None:
    bench.init("gamma")
    for content in (b"", b"garbage", b"format=1\0", b"format=1\0file=\xff\0", b'{"extras": 3}'):
        for words in (["run", "true"], ["status"], ["rollback"], ["sync"]):
            (bench.state / name).write_bytes(content)
            ran = bench.run(*words)
            assert ran.exit_status in (0, 1, 4, 7, 125), (content, words, ran.stderr)


def test_sync_heals_a_damaged_pointer(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    for name in ("current", "approved"):
        (bench.state / name).write_bytes(b"garbage")

    bench.ok("sync")

    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_damaged_record_is_no_record(bench: ProjectBench) -> None:
    before = bench.init("alpha==1.0")
    (bench.state / "records" / f"{before.name}.json").write_bytes(b"{")

    bench.ok("sync")

    assert bench.in_use() != before
    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"


@pytest.mark.parametrize("name", ["current", "approved"])
def test_state_of_a_newer_pyve_is_left_alone(bench: ProjectBench, name: str) -> None:
    bench.init("alpha==1.0")
    path = bench.state / name
    content = path.read_bytes().replace(b"format=1\0", b"format=2\0")
    path.write_bytes(content)

    ran = bench.run("sync", "--json")

    assert (ran.exit_status, ran.code) == (7, "state-too-new")
    assert path.read_bytes() == content


def test_quiet_shows_no_progress_and_verbose_the_installers_words(bench: ProjectBench) -> None:
    bench.require("alpha==1.0")

    assert bench.ok("init", "--quiet").stderr == ""
    assert "alpha" in bench.ok("sync", "--force", "--verbose").stderr


def test_offline_takes_what_the_caches_hold(bench: ProjectBench) -> None:
    with bench.index.serve() as url:
        env = {"PIP_INDEX_URL": url}
        bench.require("alpha==1.0")
        bench.ok("init", env=env)
        asked = len(bench.index.requests)

        bench.ok("sync", "--force", "--offline", env=env)

        assert len(bench.index.requests) == asked
    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"


def write_shop(bench: ProjectBench, version: str = "1.0", *, name: str = "shop", **scripts: str) -> None:
    """A project of the name that is installed itself."""
    write_project(bench.project, Package(name=name, version=version, requires=("gamma",), scripts=scripts))


def test_changed_scripts_of_the_project_are_refreshed_in_place(bench: ProjectBench) -> None:
    write_shop(bench)
    bench.ok("init")
    before = bench.in_use()
    write_shop(bench, "2.0", sell="shop:main")

    told = bench.run("status", "--json")
    assert (told.exit_status, told.data["stale"], told.data["refresh_due"]) == (1, False, True)
    said = "how the project itself is installed is out of date (pyproject.toml changed): pyve sync"
    assert said in bench.ok("run", "true").stderr
    assert bench.run("run", "--strict", "true").exit_status == 125
    assert bench.ok("sync", "--dry-run", "--json").data["action"] == "refresh"
    data = bench.ok("sync", "--json").data

    assert (data["action"], data["changed"]) == ("refresh", {"shop": "1.0 -> 2.0"})
    assert bench.in_use() == before
    assert bench.ok("run", "--strict", "sell").stderr == ""
    assert bench.installed() == {"shop": "2.0", "gamma": "1.0"}
    assert bench.ok("sync", "--json").data["action"] == "keep"
    assert bench.ok("status", "--json").data["refresh_due"] is False


def test_refresh_keeps_what_was_installed_by_hand(bench: ProjectBench) -> None:
    write_shop(bench)
    bench.ok("init")
    by_hand(bench, "delta")
    write_shop(bench, "2.0")

    assert "refreshed" in bench.ok("sync").stdout
    assert bench.ok("sync", "--json").data["by_hand"] == {"delta": "1.0"}
    assert bench.installed() == {"shop": "2.0", "gamma": "1.0", "delta": "1.0"}


def test_going_back_to_files_known_from_before_a_refresh_refreshes_again(bench: ProjectBench) -> None:
    write_shop(bench, sell="shop:main")
    bench.ok("init")
    write_shop(bench, buy="shop:main")
    bench.ok("sync")
    write_shop(bench, sell="shop:main")

    assert bench.ok("sync", "--json").data["action"] == "refresh"
    assert bench.ok("run", "--strict", "sell").stderr == ""


def test_refresh_that_fails_is_told_and_due_still(bench: ProjectBench) -> None:
    write_shop(bench)
    bench.ok("init")
    write_project(bench.project, Package(name="shop", version="2.0", requires=("gamma",)))
    plan = bench.project / "plan.json"
    plan.write_text(plan.read_text().replace('"failing_with": null', '"failing_with": "no compiler"'))

    ran = bench.run("sync")

    assert ran.exit_status == 6
    assert "no compiler" in ran.stderr
    assert bench.installed() == {"shop": "1.0", "gamma": "1.0"}
    assert bench.run("status", "--json").data["refresh_due"] is True


def test_project_with_another_name_gets_a_new_environment(bench: ProjectBench) -> None:
    write_shop(bench)
    bench.ok("init")
    write_shop(bench, name="store")

    assert bench.ok("sync", "--json").data["action"] == "build"
    assert bench.installed() == {"store": "1.0", "gamma": "1.0"}


def test_another_version_of_the_pip_that_nobody_declared_is_no_damage(bench: ProjectBench) -> None:
    before = bench.init("gamma")
    bench.index.add("pip", "1.0")
    by_hand(bench, "pip==1.0")

    assert bench.ok("status", "--json").data["damage"] is None
    assert bench.ok("run", "--strict", "gamma").stderr == ""
    assert bench.ok("sync", "--json").data["action"] == "keep"
    assert bench.in_use() == before


def test_another_version_of_a_declared_pip_is_damage(bench: ProjectBench) -> None:
    bench.index.add("pip", "1.0")
    bench.index.add("pip", "2.0")
    bench.init("pip==2.0")
    folder = next(bench.in_use().rglob("pip-2.0.dist-info"))
    folder.rename(folder.with_name("pip-1.0.dist-info"))

    assert bench.run("status", "--json").data["damage"] is not None


def test_choices_that_are_given_up_leave_the_word_to_the_files(bench: ProjectBench) -> None:
    bench.require("gamma")
    bench.ok("init", ">=3.9", "--no-pin", "--no-dev")
    version = ".".join(map(str, sys.version_info[:2]))
    bench.write(".python-version", f"{version}\n")
    bench.write("requirements-dev.txt", "delta\n")
    assert bench.ok("sync", "--json").data["action"] == "keep"

    assert bench.ok("sync", "--reset-choices", "--json").data["action"] == "build"

    told = bench.ok("status", "--json").data
    assert (told["python_requested"], told["python_source"]) == (version, ".python-version")
    assert bench.installed() == {"gamma": "1.0", "delta": "1.0"}


def test_exact_switches_to_no_environment_that_holds_what_was_installed_by_hand(bench: ProjectBench) -> None:
    bench.init("gamma")
    by_hand(bench, "delta")
    bench.init("gamma", "alpha==1.0")
    bench.require("gamma")

    data = bench.ok("sync", "--exact", "--json").data

    assert (data["action"], data["reason"]) == ("build", "--exact leaves out what was installed by hand (delta)")
    assert bench.installed() == {"gamma": "1.0"}


def test_files_that_ask_for_another_backend_are_told(conda_bench: ProjectBench) -> None:
    conda_bench.declare("tiny")
    conda_bench.ok("init")
    (conda_bench.project / "environment.yml").unlink()

    told = conda_bench.ok("sync").stderr

    assert "The backend was micromamba, and is venv now: No file here says which backend to use" in told


def test_the_links_follow_when_the_place_of_environments_is_changed_and_changed_back(
    bench: ProjectBench, tmp_path: Path
) -> None:
    bench.init("gamma")
    elsewhere = ("set", "--user", "store.location", str(tmp_path / "elsewhere"))
    for words in (elsewhere, ("unset", "--user", "store.location")):
        bench.ok("config", *words)
        bench.ok("sync", "--force")
        in_use = bench.ok("status", "--json").data["environment"]
        assert os.path.realpath(bench.project / ".pyve" / "env") == in_use
        assert os.path.realpath(bench.project / ".venv") == in_use


def test_choice_on_the_same_line_stays(bench: ProjectBench) -> None:
    bench.require("gamma")
    bench.write("requirements-dev.txt", "delta\n")
    bench.ok("init", ">=3.9", "--no-pin", "--no-dev")

    bench.ok("init", "--reset-choices", "--no-dev")

    assert bench.ok("status", "--json").data["python_requested"] == "any"
    assert bench.installed() == {"gamma": "1.0"}
