"""`pyve lock` on a project: what is written, what is left alone, and what is said."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.project_bench import ProjectBench, Ran

OTHER_PLATFORMS = ("--platform", "osx-arm64", "--platform", "win-64")


def read(bench: ProjectBench, name: str = "requirements.txt") -> str:
    return (bench.project / name).read_text(encoding="utf-8")


def pins(bench: ProjectBench, name: str = "requirements.txt") -> list[str]:
    return [line.split(" ")[0] for line in read(bench, name).splitlines() if "==" in line and line[0] not in "# "]


def report(ran: Ran, name: str = "requirements.txt") -> dict[str, Any]:
    return next(one for one in ran.data["locks"] if one["destination"] == name)


def test_lock_pins_everything_with_hashes_and_sync_installs_just_that(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock")
    bench.index.add("alpha", "3.0", requires=["beta"])
    bench.ok("init")

    assert pins(bench) == ["alpha==2.0", "beta==2.0"]
    assert bench.index.hash_of("beta", "2.0").partition(":")[2] in read(bench)
    assert bench.installed() == {"alpha": "2.0", "beta": "2.0"}


def test_lock_says_what_comes_goes_and_changes(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha<2\ngamma\n")
    created = report(bench.ok("lock", "--json"))
    bench.write("requirements.in", "alpha>=2\ndelta\n")
    updated = report(bench.ok("lock", "--json"))

    assert (created["action"], created["state"]) == ("create", "missing")
    assert created["added"] == {"alpha": "1.0", "beta": "2.0", "gamma": "1.0"}
    assert (updated["action"], updated["state"]) == ("update", "stale")
    assert updated["added"] == {"delta": "1.0"}
    assert updated["removed"] == {"gamma": "1.0"}
    assert updated["changed"] == {"alpha": "1.0 -> 2.0"}


def test_lock_that_is_fresh_is_left_alone_to_the_byte(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock")
    before = (bench.project / "requirements.txt").stat()
    bench.index.add("alpha", "3.0")
    ran = bench.ok("lock", "--json")

    assert report(ran)["action"] == "keep"
    assert (bench.project / "requirements.txt").stat().st_mtime_ns == before.st_mtime_ns


def test_lock_keeps_versions_that_still_fit_and_upgrade_does_not(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock")
    bench.index.add("alpha", "3.0", requires=["beta"])
    bench.index.add("beta", "3.0")
    bench.write("requirements.in", "alpha\ngamma\n")
    bench.ok("lock")
    kept = pins(bench)
    bench.ok("lock", "--upgrade-package", "beta")
    one = pins(bench)
    bench.ok("lock", "--upgrade")

    assert kept == ["alpha==2.0", "beta==2.0", "gamma==1.0"]
    assert one == ["alpha==2.0", "beta==3.0", "gamma==1.0"]
    assert pins(bench) == ["alpha==3.0", "beta==3.0", "gamma==1.0"]


def test_dry_run_shows_the_difference_and_writes_nothing(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    ran = bench.ok("lock", "--dry-run")

    assert "+ alpha 2.0" in ran.stdout
    assert sorted(os.listdir(bench.project)) == ["requirements.in"]


def test_lock_makes_no_project_and_leaves_nothing_but_the_lock(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock")

    assert sorted(os.listdir(bench.project)) == ["requirements.in", "requirements.txt"]
    assert not bench.state.exists()


def test_layers_agree_with_what_is_above_them(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha<2\n")
    bench.write("requirements-dev.in", "alpha\ngamma\n")
    bench.ok("lock")
    bench.ok("init")

    assert "alpha==1.0" in pins(bench, "requirements-dev.txt")
    assert bench.installed() == {"alpha": "1.0", "beta": "2.0", "gamma": "1.0"}


@pytest.mark.parametrize("inclusion", ["-c requirements.txt", "-r requirements.txt", "-r requirements.in"])
def test_layer_that_includes_what_is_above_it_goes_by_the_new_lock(bench: ProjectBench, inclusion: str) -> None:
    bench.write("requirements.in", "alpha<2\n")
    bench.write("requirements-dev.in", f"{inclusion}\nalpha\ngamma\n")
    bench.ok("lock")
    first = pins(bench, "requirements-dev.txt")
    bench.ok("lock", "--check")
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock", "--upgrade")

    assert "alpha==1.0" in first
    assert "alpha==2.0" in pins(bench, "requirements-dev.txt")
    assert "/tmp" not in read(bench, "requirements-dev.txt")
    assert "# via" in read(bench, "requirements-dev.txt")
    bench.ok("lock", "--check")


def test_layers_are_resolved_as_one_where_one_after_the_other_fails(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.write("requirements-dev.in", "beta<2\n")
    bench.ok("lock")

    assert pins(bench) == ["alpha==2.0", "beta==1.0"]
    assert pins(bench, "requirements-dev.txt") == ["beta==1.0"]


def test_nothing_is_written_where_one_of_the_locks_cannot_be_made(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.write("requirements-dev.in", "no-such-name-anywhere\n")
    ran = bench.run("lock", "--json")

    assert (ran.exit_status, ran.code) == (6, "resolution-failed")
    assert "requirements-dev.in:1" in ran.json["problems"][0]["message"]
    assert sorted(os.listdir(bench.project)) == ["requirements-dev.in", "requirements.in"]


def test_requirements_txt_written_by_hand_is_not_written_over(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.write("requirements.txt", "gamma>=1\n")
    ran = bench.run("lock", "--json")

    assert (ran.exit_status, ran.code) == (3, "lock-target-unknown")
    assert read(bench) == "gamma>=1\n"


def test_output_names_another_file_and_leaves_the_lock_alone(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock", "--output", "other.txt")

    assert pins(bench, "other.txt") == ["alpha==2.0", "beta==2.0"]
    assert not (bench.project / "requirements.txt").exists()


LINK = pytest.param("pylock.link.toml", marks=pytest.mark.posix("symbolic links need a privilege on Windows"))


@pytest.mark.parametrize("name", ["pyproject.toml", "other.toml", LINK, "environment.yml", "meta.yaml"])
def test_output_writes_over_nothing_that_is_no_lock(bench: ProjectBench, name: str) -> None:
    declared = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["alpha"]\n'
    source = "pyproject.toml" if name.endswith(".toml") else "environment.yml"
    bench.write(source, declared if name.endswith(".toml") else "dependencies:\n  - alpha\n")
    if name == "pylock.link.toml":
        (bench.project / name).symlink_to(source)
    elif name != source:
        bench.write(name, "package: {name: mine}\n" if name.endswith(".yaml") else "mine = 1\n")
    before = read(bench, name)
    ran = bench.run("lock", "--output", name, "--json")

    assert (ran.exit_status, ran.code) == (3, "lock-target-unknown")
    assert name in ran.json["problems"][0]["message"]
    assert read(bench, name) == before


@pytest.mark.parametrize("text", ["", 'lock-version = "1.0"\n[[packa', '<<<<<<< HEAD\nlock-version = "1.0"\n'])
def test_output_may_be_a_lock_that_is_damaged(bench: ProjectBench, text: str) -> None:
    bench.write("requirements.in", f"--index-url {bench.index.file_url}\nalpha\n")
    bench.write("pylock.other.toml", text)
    bench.ok("lock", "--output", "pylock.other.toml")

    assert "[tool.pyve]" in read(bench, "pylock.other.toml")


@pytest.mark.posix("pipes are made with os.mkfifo")
@pytest.mark.parametrize("make", ["mkdir", "mkfifo"])
@pytest.mark.parametrize("option", ["--check", "--upgrade"])
def test_what_is_no_file_in_the_place_of_a_lock_is_named(bench: ProjectBench, make: str, option: str) -> None:
    bench.write("requirements.in", "alpha\n")
    getattr(os, make)(bench.project / "requirements.txt")
    ran = bench.run("lock", option, "--json")

    assert (ran.exit_status, ran.code) == (3, "manifest-unreadable")


@pytest.mark.posix("symbolic links need a privilege on Windows")
def test_lock_that_is_a_link_out_of_the_project_is_refused(bench: ProjectBench, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("alpha==1.0\n", encoding="utf-8")
    (bench.project / "requirements.txt").symlink_to(outside)
    bench.write("requirements.in", "gamma\n")
    ran = bench.run("lock", "--json")

    assert (ran.exit_status, ran.code) == (7, "refused")
    assert outside.read_text(encoding="utf-8") == "alpha==1.0\n"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("alpha>=2\nbeta\n", "alpha"),
        ("alpha\nbeta\ngamma\n", "gamma"),
        ("alpha\n", "beta"),
        ("--pre\nalpha\nbeta\n", "--pre"),
    ],
)
def test_check_names_the_line_that_changed(bench: ProjectBench, change: str, reason: str) -> None:
    bench.write("requirements.in", "alpha\nbeta\n")
    bench.ok("lock")
    fresh = bench.run("lock", "--check")
    bench.write("requirements.in", change)
    stale = bench.run("lock", "--check", "--json")

    assert (fresh.exit_status, fresh.stdout.strip()) == (0, "requirements.txt: fresh")
    assert (stale.exit_status, stale.code) == (1, "lock-stale")
    (told,) = report(stale)["reasons"]
    assert reason in told


def test_check_is_fresh_after_a_change_that_means_nothing(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\nbeta<3,>=1\n")
    bench.ok("lock")
    bench.write("requirements.in", "# words\r\n\r\nBeta >= 1, <3   # why\r\nALPHA\r\n")

    assert bench.ok("lock", "--check").stdout.strip() == "requirements.txt: fresh"


def test_lock_remembers_the_parts_that_it_was_restricted_to(bench: ProjectBench) -> None:
    index = f'[[tool.uv.index]]\nurl = "{bench.index.file_url}"\ndefault = true\n'
    groups = '[dependency-groups]\ndev = ["gamma"]\ndocs = ["delta"]\n'
    bench.write("pyproject.toml", f'[project]\nname = "it"\nversion = "1"\ndependencies = ["beta"]\n{groups}{index}')
    bench.ok("lock", "--group", "dev")
    locked = read(bench, "pylock.toml")
    bench.ok("lock", "--check")
    bench.ok("lock")

    assert 'name = "gamma"' in locked
    assert 'name = "delta"' not in locked
    assert read(bench, "pylock.toml") == locked


def test_lock_says_for_which_pythons_it_is_where_nothing_asks_for_one(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    first = bench.ok("lock")
    bench.ok("lock", "--python", "3.9")
    bench.write("requirements.in", "alpha\nbeta\n")
    later = bench.ok("lock", "--json")

    assert "pyve lock --python VERSION" in first.stderr
    assert report(later)["python"] == ">=3.9"
    assert "--python VERSION" not in later.stderr


def test_extras_that_one_machine_has_chosen_do_not_get_into_the_lock_of_all(bench: ProjectBench) -> None:
    settings = '[tool.pyve]\nlock.format = "requirements.txt"\n'
    extras = '[project.optional-dependencies]\nplot = ["gamma"]\n'
    bench.write("pyproject.toml", f'[project]\nname = "it"\nversion = "1"\ndependencies = ["beta"]\n{extras}{settings}')
    bench.ok("init", "--extra", "plot")
    bench.ok("lock")

    assert pins(bench) == ["beta==2.0"]
    bench.ok("sync")
    bench.ok("lock", "--check")
    assert bench.ok("status", "--json").data["stale_lock"] == ""


def test_check_without_a_lock_says_that_it_is_missing(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    ran = bench.run("lock", "--check", "--json")

    assert (ran.exit_status, report(ran)["state"]) == (1, "missing")
    assert ran.json["problems"][0]["message"] == "There is no requirements.txt yet."


def test_sync_installs_a_stale_lock_as_it_is_and_says_so(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock")
    bench.ok("init")
    bench.write("requirements.in", "alpha\ngamma\n")
    strict = bench.run("sync", "--strict", "--json")
    synced = bench.ok("sync")
    status = bench.run("status", "--json")

    assert (strict.exit_status, strict.code) == (1, "lock-stale")
    assert strict.json["problems"][0]["hint"] == "pyve lock"
    assert "gamma (requirements.in:2)" in synced.stderr
    assert "pyve lock" in synced.stderr
    assert bench.installed() == {"alpha": "2.0", "beta": "2.0"}
    assert "gamma" in status.data["stale_lock"]
    assert status.exit_status == 1


def test_lock_for_other_platforms_is_not_installed_here(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    there = [name for name in ("osx-arm64", "win-64", "linux-64") if name != _here()]
    bench.ok("lock", "--platform", there[0])
    ran = bench.run("init", "--json")

    assert (ran.exit_status, ran.code) == (6, "lock-platform-missing")
    assert f"--platform {there[0]}" in ran.json["problems"][0]["hint"]


def test_unknown_platform_gets_the_nearest_name(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    ran = bench.run("lock", "--platform", "linux-46", "--json")

    assert (ran.exit_status, ran.code) == (3, "platform-unknown")
    assert "linux-64" in ran.json["problems"][0]["hint"]


def test_nothing_to_lock_is_said(bench: ProjectBench) -> None:
    bench.write("pyve.toml", 'backend = "venv"\n')
    ran = bench.run("lock", "--json")

    assert (ran.exit_status, ran.code) == (4, "nothing-to-lock")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--check", "--upgrade"), "--upgrade"),
        (("--locker", "pip"), "pip-tools"),
        (("--exclude-newer", "yesterday"), "2026-11-01"),
        (("--output", "lock"), "requirements.txt"),
        (("--output", "nowhere/pylock.toml"), "mkdir"),
    ],
)
def test_options_that_mean_nothing_are_usage_errors(bench: ProjectBench, arguments: tuple[str, ...], hint: str) -> None:
    bench.write("requirements.in", "alpha\n")
    ran = bench.run("lock", *arguments, "--json")

    assert (ran.exit_status, ran.code) == (2, "usage")
    assert hint in ran.json["problems"][0]["hint"]


def _here() -> str:
    from pyve.project.conda.subdir import current_subdir

    return current_subdir()


def test_lock_is_stale_where_the_project_asks_for_a_python_that_it_does_not_serve(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock", "--python", ">=3.12")
    bench.write(".python-version", "3.10\n")
    stale = bench.run("lock", "--check", "--json")
    made = report(bench.ok("lock", "--json"))

    assert (stale.exit_status, report(stale)["state"]) == (1, "stale")
    assert ".python-version asks for 3.10" in str(report(stale)["reasons"])
    assert made["python"] == ">=3.10"


def test_python_below_what_the_project_requires_is_refused(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.write("pyproject.toml", '[project]\nname = "it"\nversion = "1"\nrequires-python = ">=3.11"\n')
    ran = bench.run("lock", "--python", "2.7", "--json")

    assert (ran.exit_status, ran.code) == (3, "python-conflict")


def test_layer_whose_lock_is_missing_is_told_and_is_an_error_with_strict(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.write("requirements-dev.in", "gamma\n")
    bench.ok("lock")
    (bench.project / "requirements-dev.txt").unlink()
    strict = bench.run("init", "--strict", "--json")
    told = bench.ok("init")

    assert (strict.exit_status, strict.code) == (1, "lock-stale")
    assert "requirements-dev.txt is missing" in told.stderr


@pytest.mark.parametrize("text", ["", "beta==2.0 \\\n    --hash=sha2"])
def test_lock_that_is_empty_or_cut_off_is_not_installed(bench: ProjectBench, text: str) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock")
    bench.ok("init")
    environment = bench.in_use()
    stamp = "".join(line for line in read(bench).splitlines(keepends=True) if line.startswith("# "))
    bench.write("requirements.txt", stamp + text)
    ran = bench.run("sync", "--json")

    assert ran.exit_status == 3
    assert "pyve lock" in ran.json["problems"][0]["hint"]
    assert bench.in_use() == environment
    bench.ok("lock")
    assert pins(bench) == ["alpha==2.0", "beta==2.0"]


def test_merge_conflict_in_a_lock_is_left_to_the_next_lock(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock")
    locked = read(bench)
    bench.write(
        "requirements.txt", locked.replace("alpha==2.0", "<<<<<<< HEAD\nalpha==2.0\n=======\nalpha==1.0\n>>>>>>> b\n")
    )
    synced = bench.run("init", "--json")
    bench.ok("lock")

    assert (synced.code, synced.json["problems"][0]["hint"]) == ("lock-invalid", "pyve lock")
    assert pins(bench) == ["alpha==2.0", "beta==2.0"]


def test_platforms_asked_for_are_not_taken_for_those_of_a_lock_that_names_none(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.write("requirements.txt", "#\n# This file is autogenerated by pip-compile\n#\nalpha==1.0\nbeta==1.0\n")
    ran = bench.ok("lock", "--locker", "uv", "--platform", "win-64", "--json")

    assert report(ran)["platforms"] == ["win-64"]
