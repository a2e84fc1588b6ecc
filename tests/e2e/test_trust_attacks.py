"""What a branch of an allowed project tries at the prompt that follows `git pull`: nothing hangs, leaks or grows."""

import os
import shlex
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.package_index import PackageIndex
from tests.support.project_bench import ProjectBench

pytestmark = pytest.mark.posix("pipes, devices, and snippets in POSIX form")

PATIENCE_SECONDS = 60  # far more than any prompt may take on a busy machine: what hangs, hangs for ever


def ask(bench: ProjectBench, **variables: str) -> str:
    """Start what the hook starts; the notice that shells read afterwards."""
    finished = subprocess.run(
        bench.command("shell-env", "--project", str(bench.project)),
        cwd=bench.project,
        env=bench.variables(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return field(bench, "notice")


def field(bench: ProjectBench, name: str) -> str:
    """One field of the snippet, read by a real shell."""
    script = f'. {shlex.quote(str(bench.state.parent / "@act.bash"))}; printf %s "${{__pyve_s_{name}[*]}}"'
    return subprocess.run(["bash", "-c", script], capture_output=True, encoding="utf-8", check=True).stdout


# --- the prompt waits for nothing ---------------------------------------------------------------


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


@pytest.mark.parametrize("make", [_pipe, _endless, _terminal])
@pytest.mark.parametrize(
    "name", ["requirements.txt", "pyproject.toml", "pyve.toml", "setup.py", ".python-version", "uv.toml"]
)
def test_what_is_no_plain_file_in_the_place_of_a_manifest_is_not_waited_for(
    bench: ProjectBench, name: str, make: Callable[[Path], None]
) -> None:
    bench.init("alpha==1.0")
    (bench.project / name).unlink(missing_ok=True)
    make(bench.project / name)
    notice = ask(bench)
    assert f"{name} changed" in notice
    assert "cannot be read" in notice


def _spaces(bench: ProjectBench) -> None:
    bench.require("alpha==1.0", "alpha @" + " " * 200_000 + "x")  # the time a pattern takes goes by the square of them


def _huge(bench: ProjectBench) -> None:
    with (bench.project / "requirements.txt").open("wb") as file:
        file.truncate(1 << 34)


@pytest.mark.parametrize("make", [_spaces, _huge])
def test_files_made_to_be_slow_are_given_up_and_said_to_be(
    bench: ProjectBench, make: Callable[[ProjectBench], None]
) -> None:
    bench.init("alpha==1.0")
    entered = field(bench, "bin")
    make(bench)
    assert "pyve s" in ask(bench)
    assert field(bench, "bin") == entered


def test_aliases_that_unfold_without_end_are_an_error_of_the_file(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    lines = [f" - &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)]
    bench.write("environment.yml", f"x:\n - &a0 python\n{''.join(lines)}name: y\ndependencies: [pip: *a11]\n")
    notice = ask(bench)
    assert "environment.yml changed" in notice
    assert "environment.yml:12: an entry of `pip` is a list" in notice


def test_includes_without_end_are_an_error_of_the_file(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    for number in range(2000):
        bench.write(f"r/{number}.txt", f"-r {number + 1}.txt\n")
    bench.write("r/2000.txt", "")
    bench.require("alpha==1.0", "-r r/0.txt")
    assert "deep" in ask(bench)
    assert bench.run("sync", "--json").code == "requirement-invalid"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".python-version", "3." + "9" * 9000),
        ("pyproject.toml", f"[project]\nname='x'\nversion='1'\nrequires-python='>=3.{'9' * 9000}'\n"),
    ],
)
def test_numbers_of_thousands_of_digits_are_no_bug(bench: ProjectBench, name: str, text: str) -> None:
    bench.init("alpha==1.0")
    bench.write(name, text)
    ask(bench)
    assert bench.run("sync").exit_status in (0, 3)


def test_a_notice_is_a_line_whatever_it_quotes(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    bench.require("alpha==1.0", "beta==" + "x/" * 50_000)
    notice = ask(bench)
    assert len(notice) <= 600
    assert notice


def test_with_thousands_of_files_to_watch_a_prompt_looks_at_none(bench: ProjectBench) -> None:
    for number in range(300):
        bench.write(f"r/{number}.txt", "")
    bench.init("alpha==1.0", *[f"-r r/{number}.txt" for number in range(300)])
    assert field(bench, "watch_on_cd") == "1"


# --- what shells show -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["$(touch pwned)", "`touch pwned`", "${IFS}", "a\\$b", "A" * 200_000])
def test_a_name_that_a_prompt_could_run_or_that_fills_the_environment_is_no_name(
    bench: ProjectBench, name: str
) -> None:
    bench.init("alpha==1.0")
    before = field(bench, "set")
    bench.write("pyve.toml", f"name = '{name}'\n")
    assert "`name` must be" in ask(bench)
    assert field(bench, "set") == before


# --- auto-sync: wheels, from where they came from before -------------------------------------------


@pytest.fixture
def synced_at_prompts(bench: ProjectBench) -> ProjectBench:
    """A project with alpha 1.0 that the user lets the hook bring up to date."""
    bench.init("alpha==1.0")
    bench.ok("config", "set", "--user", "auto-sync", str(bench.project))
    return bench


def test_auto_sync_hands_no_secret_to_an_index_that_a_branch_names(
    synced_at_prompts: ProjectBench, tmp_path: Path
) -> None:
    bench = synced_at_prompts
    with PackageIndex(tmp_path / "theirs").serve() as url:
        index = url.removesuffix("/simple")
        bench.require("alpha==2.0", f"--extra-index-url {index}/${{TOKEN}}/simple")
        notice = ask(bench, TOKEN="hidden")
    assert "pyve sync" in notice
    assert len(bench.environments()) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "alpha==2.0\n--index-url http://127.0.0.1:9/simple\n"),
        ("requirements.txt", "alpha==2.0\n--find-links ./wheels\n"),
        ("requirements.txt", "alpha==2.0\n--trusted-host 127.0.0.1\n"),
        ("requirements.txt", "alpha==2.0\n--prefer-binary\n"),
        ("uv.toml", "no-binary-package = ['alpha']\n"),
        ("uv.toml", "cache-dir = '.'\n"),
        ("pyproject.toml", "[tool.uv]\nindex-url = 'http://127.0.0.1:9/simple'\n"),
    ],
)
def test_auto_sync_leaves_a_change_of_where_packages_come_from_to_a_person(
    synced_at_prompts: ProjectBench, name: str, text: str
) -> None:
    bench = synced_at_prompts
    bench.require("alpha==2.0")
    bench.write(name, text)
    assert "pyve sync" in ask(bench)
    assert len(bench.environments()) == 1


def test_auto_sync_goes_on_with_an_index_that_a_person_has_synced_from(synced_at_prompts: ProjectBench) -> None:
    bench = synced_at_prompts
    option = f"--index-url {bench.index.file_url}"
    bench.require("alpha==1.0", option)
    bench.ok("sync")
    bench.require("alpha==2.0", option)
    assert ask(bench) == ""
    assert bench.installed()["alpha"] == "2.0"


@pytest.mark.parametrize("key", ["target", "prefix"])
@pytest.mark.parametrize("name", ["pyproject.toml", "uv.toml"])
def test_settings_of_uv_that_lead_an_install_elsewhere_are_refused(bench: ProjectBench, name: str, key: str) -> None:
    elsewhere = bench.home / "elsewhere"
    table = "[tool.uv.pip]" if name == "pyproject.toml" else "[pip]"
    bench.require("alpha==1.0")
    bench.write(name, f"{table}\n{key} = '{elsewhere}'\n")
    ran = bench.run("init", "--json")
    assert (ran.exit_status, ran.code) == (3, "manifest-invalid")
    assert key in ran.json["problems"][0]["message"]
    assert not elsewhere.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file to another user")
@pytest.mark.parametrize("name", ["uv.toml", "pyproject.toml"])
def test_settings_of_uv_that_another_user_has_put_above_a_project_are_not_obeyed(
    bench: ProjectBench, name: str
) -> None:
    elsewhere = bench.home / "elsewhere"
    theirs = bench.project.parent / name
    theirs.write_text(f"[{'tool.uv.' if name == 'pyproject.toml' else ''}pip]\ntarget = '{elsewhere}'\n")
    os.chown(theirs, 65534, 65534)
    bench.require("alpha==1.0")
    ran = bench.run("init", "--json")
    assert (ran.exit_status, ran.code) == (7, "owner-mismatch")
    assert str(theirs) in ran.json["problems"][0]["message"]
    assert not elsewhere.exists()


# --- pyve is not asked at every prompt ---------------------------------------------------------------


@pytest.mark.parametrize("name", [".env", "requirements", "requirements.txt", "."])
def test_a_time_to_come_asks_pyve_once(bench: ProjectBench, name: str) -> None:
    bench.write("pyve.toml", "env-file = '.env'\n")
    bench.write(".env", "A=1\n")
    bench.write("requirements/base.txt", "")
    bench.init("alpha==1.0", "-r requirements/base.txt")
    bench.ok("allow", "--yes")
    tomorrow = time.time() + 86_400
    os.utime(bench.project / name, (tomorrow, tomorrow))
    ask(bench)
    script = f'. {shlex.quote(str(bench.state.parent / "@act.bash"))}; printf "%s\\0" "${{__pyve_s_watch[@]}}"'
    watched = subprocess.run(["bash", "-c", script], capture_output=True, encoding="utf-8", check=True).stdout
    reference = os.stat(field(bench, "reference")).st_mtime_ns
    assert [path for path in watched.split("\0") if path and os.stat(path).st_mtime_ns > reference] == []


# --- the place of the state ---------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("hook", "bash"), ("hook", "--install", "bash", "--yes")])
def test_no_hook_reads_a_state_that_everybody_can_put_another_in_the_place_of(
    bench: ProjectBench, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    state = {"PYVE_STATE_DIR": str(shared / "mine" / "state")}
    ran = bench.run(*arguments, env=state)
    assert ran.exit_status == 7
    assert str(shared) in ran.stderr
    shared.chmod(0o1777)
    bench.ok(*arguments, env=state)
