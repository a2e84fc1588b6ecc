"""What a user, a repository or a machine can get wrong: one clear message, and nothing is lost."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench, Ran

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file system")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux namespaces")


def assert_told(ran: Ran, exit_status: int, code: str, *words: str) -> None:
    """One document, one problem of that code, with these words in its message."""
    assert (ran.exit_status, ran.code) == (exit_status, code), (ran.stdout, ran.stderr)
    message = ran.json["problems"][0]["message"]
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("name", "text", "code", "where"),
    [
        ("requirements.txt", "alpha\n=nonsense=\n", "requirement-invalid", "requirements.txt:2"),
        ("requirements.txt", "alpha\n-r missing.txt\n", "manifest-unreadable", "requirements.txt:2"),
        ("requirements.txt", "-r requirements.txt\n", "requirements-cycle", "requirements.txt:1"),
        ("pyproject.toml", "[project\n", "manifest-invalid", "pyproject.toml"),
        ("pyproject.toml", '[project]\nname = "it"\nversion = "1"\ndependencies = 3\n', "manifest-invalid", "depend"),
        ("pyve.toml", "backend = \n", "config-invalid", "pyve.toml"),
        ("pyve.toml", 'bakend = "venv"\n', "config-unknown-key", "bakend"),
        ("uv.lock", "version = 1\n", "foreign-lock", "uv.lock"),
    ],
)
def test_broken_file_is_named(bench: ProjectBench, name: str, text: str, code: str, where: str) -> None:
    bench.write(name, text)

    ran = bench.run("init", "--json")

    assert ran.code == code, ran.stdout
    assert ran.exit_status in (2, 3)
    assert where in ran.json["problems"][0]["message"]
    assert not (bench.project / ".pyve").exists()
    assert not bench.state.exists()


def test_pin_that_is_no_version_is_told_and_ignored(bench: ProjectBench) -> None:
    bench.write(".python-version", "three\n")

    assert ".python-version:1" in bench.ok("init").stderr


def test_broken_file_leaves_the_environment_in_use(bench: ProjectBench) -> None:
    before = bench.init("alpha==1.0")
    bench.write("pyproject.toml", "[project\n")

    assert bench.run("sync").exit_status == 3
    assert bench.in_use() == before
    told = bench.run("status", "--json")
    assert (told.exit_status, told.data["stale"], told.code) == (1, None, "manifest-invalid")


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml", "pyve.toml", ".python-version"])
@pytest.mark.parametrize("kind", ["directory", "bytes", "dangling link"])
@posix
def test_manifest_that_is_no_text_file(bench: ProjectBench, name: str, kind: str) -> None:
    path = bench.project / name
    if kind == "directory":
        path.mkdir()
    elif kind == "bytes":
        path.write_bytes(b"\xff\xfe\xfa\x00\x80")
    else:
        path.symlink_to("nowhere")

    ran = bench.run("init", "--json")

    assert ran.exit_status in (0, 2, 3), ran.stdout
    assert ran.exit_status == 0 or name in ran.json["problems"][0]["message"]


def test_unknown_package_names_its_line(bench: ProjectBench) -> None:
    before = bench.init("gamma")
    bench.require("gamma", "nosuchthing==1.0")

    assert_told(bench.run("sync", "--json"), 6, "resolution-failed", "requirements.txt:2", "nosuchthing")
    assert bench.in_use() == before


def test_conflict_is_explained(bench: ProjectBench) -> None:
    bench.require("alpha==1.0", "beta==3.0")

    assert_told(bench.run("init", "--json"), 6, "resolution-failed", "beta")


def test_wrong_hash_is_refused(bench: ProjectBench) -> None:
    bench.require("gamma==1.0 --hash=sha256:" + "0" * 64)

    assert bench.run("init", "--json").code == "hash-mismatch"


class TestPaths:
    """Project paths that break careless quoting; no script of the environment may execute what is in one."""

    HOSTILE = (
        "two  words",
        'it\'s "quoted"',
        "$(touch pwned)",
        "`touch pwned`",
        "${HOME}",
        "back\\slash",
        "emoji 🐍 ünïcödé",
        "-leading-dash",
        "semi;touch pwned",
        "amp&touch pwned",
        "percent%s{0}",
        "!bang",
        "x" * 200,
    )

    @posix
    @pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
    def test_works_and_executes_nothing(self, bench: ProjectBench, tmp_path: Path, name: str) -> None:
        bench = bench.at(tmp_path / name)
        directory = bench.init("alpha==1.0")

        assert bench.ok("run", "alpha", "hello").stdout == "alpha 1.0 hello\n"
        assert bench.ok("run", "pip", "--version").stdout.startswith("pip ")
        script = directory / "bin" / "alpha"
        direct = subprocess.run([script], cwd=bench.project, capture_output=True, text=True, check=True)
        assert direct.stdout == "alpha 1.0\n"
        activate = '. "$1" && command -v python && cd / && python -c "import alpha"'
        shell = subprocess.run(
            ["bash", "-c", activate, "bash", directory / "bin" / "activate"],
            cwd=bench.project, env=bench.variables(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert shell.stdout.strip() == str(directory / "bin" / "python")
        assert bench.ok("status", "--json").data["stale"] is False
        assert not list(tmp_path.rglob("pwned"))
        assert not (Path.cwd() / "pwned").exists()

    @posix
    @pytest.mark.parametrize("name", ["$(touch pwned)", "`touch pwned`", 'it\'s "quoted" \\ twice'])
    def test_scripts_that_pip_writes_execute_nothing_either(
        self, bench: ProjectBench, tmp_path: Path, name: str
    ) -> None:
        bench = bench.at(tmp_path / name)
        directory = bench.init("--prefer-binary", "alpha==1.0")
        assert bench.ok("status", "--json").data["engine"].startswith("pip ")

        direct = subprocess.run([directory / "bin" / "alpha"], cwd=bench.project, capture_output=True, text=True)

        assert (direct.returncode, direct.stdout, direct.stderr) == (0, "alpha 1.0\n", "")
        assert not list(tmp_path.rglob("pwned"))

    @posix
    @pytest.mark.parametrize("name", ["new\nline", "co:lon"])
    def test_is_refused_with_the_reason(self, bench: ProjectBench, tmp_path: Path, name: str) -> None:
        bench = bench.at(tmp_path / name)

        assert_told(bench.run("init", "--json"), 3, "path-unsupported")
        assert list(bench.project.iterdir()) == []
        assert bench.run("init").stderr.count("error:") == 1

    @pytest.mark.linux("elsewhere names must be text")
    def test_name_that_is_no_text(self, bench: ProjectBench, tmp_path: Path) -> None:
        bench = bench.at(Path(os.fsdecode(os.fsencode(tmp_path) + b"/not \xff utf-8")))

        ran = bench.run("init", "--json")

        assert_told(ran, 3, "path-unsupported", "UTF-8")


@posix
def test_base_python_that_is_gone_is_told_and_healed(bench: ProjectBench, tmp_path: Path) -> None:
    directory = bench.init("alpha==1.0")
    for python in (directory / "bin").glob("python*"):
        if not python.readlink().is_absolute():
            continue
        python.unlink()
        python.symlink_to(tmp_path / "gone")

    ran = bench.run("run", "alpha")

    assert ran.exit_status == 125
    assert "its python is gone" in ran.stderr
    assert bench.run("status", "--json").data["damage"] == "its python is gone"
    bench.ok("sync")
    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_project_directory_that_does_not_exist(bench: ProjectBench, tmp_path: Path) -> None:
    for verb in ("init", "sync", "status", "list", "detect", "rollback"):
        assert_told(bench.run(verb, "--json", "--project", str(tmp_path / "nowhere")), 4, "no-project", "nowhere")
    assert bench.run("run", "--project", str(tmp_path / "nowhere"), "true").exit_status == 125


@posix
def test_working_directory_that_was_deleted(bench: ProjectBench, tmp_path: Path) -> None:
    for words in (("status", "--json"), ("init", "--json")):
        line = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
        ran = bench.run(*words, cwd=tmp_path, prefix=("sh", "-c", line, "sh"))
        assert ran.exit_status == 4, ran.stdout


@posix
def test_home_unset(bench: ProjectBench) -> None:
    bench.require("gamma")

    assert bench.ok("init", "--json", env={"HOME": None}).data["action"] == "build"


@posix
def test_state_directory_that_others_may_write_to(bench: ProjectBench) -> None:
    bench.init("gamma")
    Path(bench.environment["PYVE_STATE_DIR"]).chmod(0o777)

    assert_told(bench.run("sync", "--json"), 7, "owner-mismatch")
    assert bench.run("run", "true").exit_status == 125


@posix
def test_file_in_the_place_of_the_state_directory(bench: ProjectBench) -> None:
    Path(bench.environment["PYVE_STATE_DIR"]).parent.mkdir(parents=True)
    Path(bench.environment["PYVE_STATE_DIR"]).write_text("")

    assert_told(bench.run("init", "--json"), 3, "not-a-directory")
    assert not (bench.project / ".pyve").exists()


@linux
class TestMounts:
    """What needs a mount of its own: a namespace of its own gives it to root."""

    @pytest.fixture
    def unshare(self, need_program: Callable[[str], str]) -> str:
        program = need_program("unshare")
        if subprocess.run([program, "-m", "true"], capture_output=True, check=False).returncode != 0:
            pytest.skip("mount namespaces are not to be had here")
        return program

    def test_read_only_project(self, bench: ProjectBench, unshare: str) -> None:
        bench.init("alpha==1.0")
        bench.require("alpha==2.0")
        line = 'mount --bind "$PWD" "$PWD" && mount -o remount,bind,ro "$PWD" && cd "$PWD" && exec "$@"'
        prefix = (unshare, "-m", "sh", "-c", line, "sh")

        assert_told(bench.run("sync", "--json", prefix=prefix), 3, "path-not-writable")
        assert bench.run("run", "alpha", prefix=prefix).stdout == "alpha 1.0\n"
        assert bench.run("status", prefix=prefix).exit_status == 1

    def test_read_only_project_that_is_new(self, bench: ProjectBench, unshare: str) -> None:
        line = 'mount --bind "$PWD" "$PWD" && mount -o remount,bind,ro "$PWD" && cd "$PWD" && exec "$@"'

        assert_told(bench.run("init", "--json", prefix=(unshare, "-m", "sh", "-c", line, "sh")), 3, "path-not-writable")
        assert not bench.state.exists()

    def test_read_only_state(self, bench: ProjectBench, unshare: str) -> None:
        bench.init("alpha==1.0")
        state = bench.environment["PYVE_STATE_DIR"]
        line = f"mount --bind '{state}' '{state}' && mount -o remount,bind,ro '{state}' && exec \"$@\""
        prefix = (unshare, "-m", "sh", "-c", line, "sh")

        assert bench.run("run", "alpha", prefix=prefix).stdout == "alpha 1.0\n"
        assert bench.run("status", prefix=prefix).exit_status == 0
        assert_told(bench.run("sync", "--force", "--json", prefix=prefix), 3, "path-not-writable")

    @pytest.mark.parametrize("kilobytes", [400, 5000])
    def test_full_disk(self, bench: ProjectBench, unshare: str, kilobytes: int) -> None:
        bench.require("gamma")
        full = bench.project / "full"
        full.mkdir()
        (full / "requirements.txt").write_text("gamma\n")
        line = (
            f"mount -t tmpfs -o size={kilobytes}k none full && cp requirements.txt full && cd full && "
            'if "$@"; then exit 99; fi; ls -A .pyve 2>/dev/null; exec "$@"'
        )

        ran = bench.run("init", "--quiet", prefix=(unshare, "-m", "sh", "-c", line, "sh"))

        assert ran.exit_status == 6
        assert ran.stdout == ""
        assert ran.stderr.count("[disk-full]") == 2

    def test_full_disk_of_the_state(self, bench: ProjectBench, unshare: str) -> None:
        before = bench.init("gamma")
        bench.require("delta")
        state = bench.environment["PYVE_STATE_DIR"]
        line = (
            f"cp -a '{state}' \"$PWD\"/copy && mount -t tmpfs -o size=100k,mode=700 none '{state}' && "
            f"cp -a copy/. '{state}' && chmod 700 '{state}' && (cat /dev/zero > '{state}/filler' || true) 2>/dev/null; "
            f'"$@" sync --json; echo; "$@" run gamma'
        )
        words = bench.command()
        finished = subprocess.run(
            [unshare, "-m", "sh", "-c", line, "sh", *words],
            cwd=bench.project, env=bench.variables(), capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert '"code": "disk-full"' in finished.stdout, finished
        assert finished.stdout.endswith("gamma 1.0\n")
        assert finished.returncode == 0
        assert bench.environments() == [before.name] or bench.marks()


@linux
class TestWithoutNetwork:
    """No interface but an unconfigured one."""

    @pytest.fixture
    def offline(self, need_program: Callable[[str], str]) -> tuple[str, ...]:
        program = need_program("unshare")
        if subprocess.run([program, "-n", "true"], capture_output=True, check=False).returncode != 0:
            pytest.skip("network namespaces are not to be had here")
        return (program, "-n")

    def test_is_told_in_one_line(self, bench: ProjectBench, offline: tuple[str, ...], tmp_path: Path) -> None:
        bench.require("alpha")
        env = {"PIP_INDEX_URL": "https://index.example/simple", "UV_CACHE_DIR": str(tmp_path / "empty")}

        ran = bench.run("init", "--quiet", env=env, prefix=offline)

        assert ran.exit_status == 6
        assert [line for line in ran.stderr.splitlines() if not line.startswith("hint: ")][1:] == []
        assert "index.example" in ran.stderr
        assert "[index-unreachable]" in ran.stderr

    def test_works_when_the_caches_suffice(self, bench: ProjectBench, offline: tuple[str, ...]) -> None:
        bench.require("alpha==1.0")
        with bench.index.serve() as url:
            env = {"PIP_INDEX_URL": url}
            bench.ok("init", env=env)

            ran = bench.run("sync", "--force", env=env, prefix=offline)

        assert ran.exit_status == 0, ran.stderr
        assert bench.ok("run", "alpha", env=env).stdout == "alpha 1.0\n"


@posix
def test_environments_that_cannot_be_looked_into(bench: ProjectBench, need_program: Callable[[str], str]) -> None:
    bench.require("gamma")
    bench.ok("init")
    powerless: tuple[str, ...] = ()
    if os.geteuid() == 0:  # root may look everywhere
        capabilities = "cap_dac_override,cap_dac_read_search,cap_fowner"
        powerless = (need_program("capsh"), f"--drop={capabilities}", "--", "-c", 'exec "$@"', "sh")
    workshop = bench.project / ".pyve"
    workshop.chmod(0o000)
    try:
        for verb in ("status", "sync", "list", "purge"):
            assert_told(bench.run(verb, "--json", prefix=powerless), 3, "path-not-writable", ".pyve")
        checked = bench.run("check", "--json", prefix=powerless)
        codes = [finding["code"] for finding in checked.data["findings"]]
        assert "examination-incomplete" in codes
    finally:
        workshop.chmod(0o755)


@posix
def test_an_environment_that_cannot_be_looked_into(bench: ProjectBench, need_program: Callable[[str], str]) -> None:
    directory = bench.init("gamma")
    powerless: tuple[str, ...] = ()
    if os.geteuid() == 0:  # root may look everywhere
        capabilities = "cap_dac_override,cap_dac_read_search,cap_fowner"
        powerless = (need_program("capsh"), f"--drop={capabilities}", "--", "-c", 'exec "$@"', "sh")
    directory.chmod(0o000)
    try:
        for verb in ("status", "sync"):
            assert bench.run(verb, prefix=powerless).exit_status not in (70, 120), verb
        ran = bench.run("run", "true", prefix=powerless)
        assert (ran.exit_status, "bug" in ran.stderr) == (125, False), ran.stderr
    finally:
        directory.chmod(0o755)


@posix
def test_state_that_cannot_be_believed_ends_run_with_its_own_status(bench: ProjectBench) -> None:
    bench.init("gamma")
    (bench.state / "current").write_bytes(b"nonsense")

    assert bench.run("run", "true").exit_status == 125


@pytest.mark.posix("/dev/full")
@pytest.mark.parametrize(
    "words", [("status",), ("status", "--json"), ("--version",), ("--help",), ("status", "--help")]
)
def test_a_result_that_cannot_be_written_is_told(bench: ProjectBench, words: tuple[str, ...]) -> None:
    bench.init("gamma")

    with open("/dev/full", "w", encoding="utf-8") as full:
        process = bench.start(*words, stdout=full)
        _, stderr = process.communicate()

    assert process.returncode == 8
    assert "result-lost" in stderr.replace("[", " ").replace("]", " ").split()
    assert "Traceback" not in stderr
    assert "Exception ignored" not in stderr


@posix
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-"])
def test_closed_streams_harm_nothing(bench: ProjectBench, closed: str) -> None:
    bench.init("gamma")

    for words, expected in ((("status",), 0), (("status", "--json"), 0), (("--version",), 0), (("run", "true"), 0)):
        script = f'"$@" {closed}'
        assert bench.run(*words, prefix=("sh", "-c", script, "sh")).exit_status == expected, words
    assert bench.run("nosuch", prefix=("sh", "-c", f'"$@" {closed}', "sh")).exit_status == 2
    assert bench.run("run", "nosuchcommand", prefix=("sh", "-c", f'"$@" {closed}', "sh")).exit_status == 127
