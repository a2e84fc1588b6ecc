"""conda-lock takes pyve's locks for its own, and pyve conda-lock's: the real conda-lock 4, both ways."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.conda_channel import LocalChannel, host_subdir
from tests.support.conda_lock import VERSION, run_conda_lock
from tests.support.made_conda_lock import make_stamped_lock
from tests.support.micromamba_stand_in import make_micromamba
from tests.support.project_bench import ProjectBench

pytestmark = [
    pytest.mark.needs_index,
    pytest.mark.posix("packages of the tests' channel are symbolic links and shell scripts"),
]

PLATFORMS = ("linux-64", "linux-aarch64", "osx-arm64", "win-64")
ON_ALL = [word for platform in PLATFORMS for word in ("--platform", platform)]
PROGRAMS = ("stand-in", *(["micromamba"] if shutil.which("micromamba") else []))


@dataclass(frozen=True)
class Interchange:
    """A project of which both tools lock the packages, from the same channel by its own address."""

    bench: ProjectBench
    channel: LocalChannel
    micromamba: Path

    @property
    def lock(self) -> Path:
        """The lock, whoever writes it."""
        return self.bench.project / "conda-lock.yml"

    def declare(self, *specs: str, more: str = "") -> None:
        """Write environment.yml."""
        self.bench.declare(*specs, channels=(self.channel.url,), more=more)

    def pyve(self, *arguments: str) -> Any:
        """Run pyve; what it carries as JSON."""
        return self.bench.ok(*arguments, "--json", env=self.with_index).data

    @property
    def with_index(self) -> dict[str, str | None]:
        """Variables under which pyve can fetch conda-lock: those of the session, not the bench's index."""
        return {name: os.environ.get(name) for name in self.bench.environment if name.startswith(("PIP_", "UV_"))}

    def conda_lock(self, *arguments: "str | os.PathLike[str]") -> "subprocess.CompletedProcess[str]":
        """Run conda-lock; it must succeed."""
        has_conda = arguments[0] in ("lock", "install")
        ran = run_conda_lock(
            *arguments,
            directory=self.bench.project,
            micromamba=self.micromamba if has_conda else None,
            home=self.bench.home,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        return ran

    def lock_with_conda_lock(self, *arguments: str, platforms: Sequence[str] = PLATFORMS) -> str:
        """Let conda-lock make the lock, or make it anew; what it said."""
        words = [word for platform in platforms for word in ("--platform", platform)]
        return self.conda_lock(
            "lock", "--file", "environment.yml", "--lockfile", "conda-lock.yml", *words, *arguments
        ).stderr


@pytest.fixture(params=PROGRAMS)
def interchange(
    request: pytest.FixtureRequest, bench: ProjectBench, conda_channel: LocalChannel, tmp_path: Path
) -> Interchange:
    """The bench with each micromamba in turn; pyve's conda-lock uses it as well."""
    found = shutil.which("micromamba") if request.param == "micromamba" else None
    executable = Path(found) if found else make_micromamba(tmp_path / "bin")
    bench.ok("config", "set", "--user", "conda.micromamba", os.fspath(executable))
    return Interchange(bench=bench, channel=conda_channel, micromamba=executable)


def test_the_real_micromamba_takes_part() -> None:
    if shutil.which("micromamba") is None:
        pytest.skip("no micromamba on PATH: conda-lock worked with the stand-in alone")
    assert "micromamba" in PROGRAMS


@pytest.mark.parametrize("locker", ["rattler", "conda-lock"])
def test_conda_lock_finds_nothing_to_do_in_a_lock_of_pyve(interchange: Interchange, locker: str) -> None:
    interchange.declare("python", "tiny<2  # [linux]", "app-ok", "libfoo  # [win]")
    interchange.pyve("lock", "--locker", locker, *ON_ALL)
    before = interchange.lock.read_bytes()

    said = interchange.lock_with_conda_lock("--check-input-hash")

    assert "Spec hash already locked for ['linux-64', 'linux-aarch64', 'osx-arm64', 'win-64']" in said
    assert interchange.lock.read_bytes() == before


def test_conda_lock_sees_what_changed_since_pyve_locked(interchange: Interchange) -> None:
    interchange.declare("libfoo<2", "app-ok  # [linux]")
    interchange.pyve("lock", *ON_ALL)
    interchange.declare("libfoo<2", "app-ok>1  # [linux]")

    said = interchange.lock_with_conda_lock("--check-input-hash")

    assert "Locking dependencies for ['linux-64', 'linux-aarch64']" in said
    assert "already locked for ['osx-arm64', 'win-64']" in said


def test_both_lockers_write_the_same_lock(interchange: Interchange) -> None:
    interchange.declare("libfoo", "app-ok  # [linux]")
    interchange.pyve("lock", "--locker", "rattler", *ON_ALL)
    of_rattler = interchange.lock.read_text("utf-8")
    interchange.lock.unlink()
    interchange.pyve("lock", "--locker", "conda-lock", *ON_ALL)
    of_conda_lock = interchange.lock.read_text("utf-8")

    assert of_conda_lock.replace("pyve-locker: 'conda-lock'", "pyve-locker: 'rattler'") == of_rattler


def test_pyve_and_conda_lock_write_the_same_rows(interchange: Interchange) -> None:
    interchange.declare("libfoo", "app-ok  # [linux]", "libbar  # [osx]")
    interchange.pyve("lock", *ON_ALL)
    ours = interchange.lock.read_text("utf-8")
    interchange.lock.unlink()
    interchange.lock_with_conda_lock()
    theirs = interchange.lock.read_text("utf-8")

    assert ours[ours.index("package:") :] == theirs[theirs.index("package:") :]
    assert ours[ours.index("version: 1") : ours.index("  custom_metadata:")] in theirs


def test_conda_lock_installs_a_lock_of_pyve(interchange: Interchange, tmp_path: Path) -> None:
    interchange.declare("python", "tiny<2")
    interchange.pyve("lock", *ON_ALL)
    prefix = tmp_path / "prefix"

    interchange.conda_lock("install", "--prefix", prefix, "conda-lock.yml")

    names = {json.loads(file.read_bytes())["name"] for file in (prefix / "conda-meta").glob("*.json")}
    assert names >= {"python", "tiny"}
    assert subprocess.run([prefix / "bin" / "tiny-cmd"], capture_output=True, text=True).stdout == "tiny 1.1\n"


def test_conda_lock_renders_categories_and_pip_of_a_lock_of_pyve(interchange: Interchange) -> None:
    project = interchange.bench.project
    make_stamped_lock(project, "python", "pip", "tiny", platforms=PLATFORMS, pip=("alpha",))
    text = interchange.lock.read_text("utf-8")
    dev = text.index("- name: tiny")
    text = text[:dev] + text[dev:].replace("category: main\n  optional: false", "category: dev\n  optional: true")
    interchange.lock.write_text(text, encoding="utf-8")

    for has_dev in (True, False):
        words = () if has_dev else ("--no-dev-dependencies",)
        interchange.conda_lock("render", "--platform", "osx-arm64", *words, "conda-lock.yml")
        rendered = (project / "conda-osx-arm64.lock").read_text("utf-8")
        assert "@EXPLICIT" in rendered
        assert "/python-1.0-0.conda#" in rendered
        assert ("/tiny-1.0-0.conda#" in rendered) is has_dev
        assert ("# pip alpha @ https://channel.example/alpha-1.0-py3-none-any.whl" in rendered) is has_dev


def test_pyve_installs_a_lock_of_conda_lock(interchange: Interchange) -> None:
    interchange.declare("python", "tiny<2")
    interchange.lock_with_conda_lock()
    before = interchange.lock.read_bytes()

    (checked,) = interchange.pyve("lock", "--check")["locks"]
    assert (checked["state"], checked["judged_by"]) == ("fresh", "digest")

    built = interchange.pyve("init", "--strict")
    assert (built["source"], built["locked"]) == ("conda-lock.yml", True)
    assert interchange.bench.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"
    assert interchange.bench.ok("sync", "--strict").exit_status == 0
    assert interchange.lock.read_bytes() == before


def test_a_lock_that_both_tools_made_in_turn_stays_true(interchange: Interchange) -> None:
    interchange.declare("libfoo<2")
    interchange.pyve("lock", *ON_ALL)
    interchange.declare("libfoo")
    assert interchange.bench.run("lock", "--check").exit_status == 1
    interchange.lock_with_conda_lock()
    assert "pyve-lock" in interchange.lock.read_text("utf-8"), "conda-lock keeps what it does not know"

    assert interchange.bench.run("lock", "--check").exit_status == 0, "what pyve wrote once is not held against it"

    interchange.declare("libfoo", "app-ok")
    assert interchange.bench.run("lock", "--check").exit_status == 1
    interchange.pyve("lock")
    text = interchange.lock.read_text("utf-8")
    assert "generated by conda-lock" not in text
    assert text.count("pyve-lock:") == 1
    assert interchange.bench.run("lock", "--check").exit_status == 0


def test_pyve_keeps_the_versions_and_platforms_of_a_lock_of_conda_lock(interchange: Interchange) -> None:
    interchange.declare("libfoo<2")
    interchange.lock_with_conda_lock(platforms=(host_subdir(), "win-64"))
    interchange.declare("libfoo", "app-ok")

    (locked,) = interchange.pyve("lock")["locks"]

    assert locked["changed"] == {}
    assert set(locked["added"]) == {"app-ok"}
    assert set(locked["platforms"]) == {host_subdir(), "win-64"}


def test_the_version_of_conda_lock_is_that_which_pyve_was_tried_with() -> None:
    from pyve.lockers.conda_lock.locker import TRIED_VERSION

    assert TRIED_VERSION == VERSION
