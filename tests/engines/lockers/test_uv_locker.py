"""What only uv can: platforms other than this one, pylock.toml with parts, a project's own settings of uv."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.pylock import Pylock

from pyve.errors import IndexUnreachableError, RequirementInvalidError, ResolutionFailedError
from pyve.errors.lock import LockerUnfitError, LockNotPortableError
from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.platform_markers import marker_environment
from pyve.project.manifests.toml_text import parse_toml
from tests.engines.lockers.conftest import EVERYWHERE, LockBench, here_python, pins_of
from tests.support.made_up_package import Package, write_project
from tests.support.package_index import PackageIndex

PYLOCK = LockFormat.PYLOCK
PROJECT = "pyproject.toml"
PARTS = (("extra", "plot", PROJECT), ("group", "dev", PROJECT), ("group", "docs", PROJECT))


@pytest.fixture
def parted(uv_locker: LockBench, index: PackageIndex) -> LockBench:
    """A project with an extra and two groups, one of which shares what it needs with the other."""
    index.add("delta", "2.0", requires=["beta<2"])
    uv_locker.write(
        PROJECT,
        "[project]",
        'name = "own"',
        'version = "1.0"',
        """dependencies = ["beta", "gamma; sys_platform == 'win32'"]""",
        "[project.optional-dependencies]",
        'plot = ["delta"]',
        "[dependency-groups]",
        """dev = ["alpha", "own[plot]", "gamma; python_version >= '3.13'"]""",
        'docs = [{include-group = "dev"}]',
        "[[tool.uv.index]]",
        f'url = "{index.file_url}"',
        "default = true",
    )
    return uv_locker


@contextmanager
def count_processes(trace: Path) -> Iterator[None]:
    """Write the command line of each process that this one starts while the block runs, one a line."""
    counting = True
    with trace.open("w", encoding="utf-8") as stream:

        def note(event: str, arguments: tuple[object, ...]) -> None:
            if counting and event == "subprocess.Popen":
                words = arguments[1]
                stream.write(" ".join(map(str, words if isinstance(words, list) else [words])) + "\n")

        sys.addaudithook(note)  # it stays, and says nothing more afterwards
        try:
            yield
        finally:
            counting = False


def read_lock(body: str) -> Pylock:
    return Pylock.from_dict(parse_toml(body))


def selected(
    lock: Pylock, platform: str, *, extras: Iterable[str] = (), groups: Iterable[str] = (), python: str = "3.12"
) -> dict[str, str]:
    """What packaging, asked as an installer on `platform` would ask, takes out of the lock."""
    environment = dict(marker_environment(platform, python))
    found = lock.select(environment=environment, extras=list(extras), dependency_groups=list(groups), tags=None)  # type: ignore[arg-type]  # its own type of the same keys
    return {package.name: str(package.version) for package, _ in found}


def markers(body: str) -> dict[str, str | None]:
    return {package["name"]: package.get("marker") for package in parse_toml(body)["packages"]}


def test_parts_are_told_apart_and_agree_with_each_other(parted: LockBench) -> None:
    lock = read_lock(parted.body(PROJECT, lock_format=PYLOCK, parts=PARTS, platforms=EVERYWHERE))
    assert selected(lock, "linux-64") == {"beta": "1.0"}
    assert selected(lock, "win-64") == {"beta": "1.0", "gamma": "1.0"}
    assert selected(lock, "linux-64", extras=["plot"]) == {"beta": "1.0", "delta": "2.0"}
    everything = {"alpha": "1.0", "beta": "1.0", "delta": "2.0"}
    assert selected(lock, "osx-arm64", groups=["dev"]) == everything
    assert selected(lock, "osx-arm64", groups=["docs"], extras=["plot"]) == everything
    assert selected(lock, "osx-arm64", groups=["dev"], python="3.13") == {**everything, "gamma": "1.0"}


def test_a_lock_with_parts_says_for_what_it_is(parted: LockBench) -> None:
    document = parse_toml(parted.body(PROJECT, lock_format=PYLOCK, parts=PARTS, platforms=("linux-64", "win-64")))
    assert document["created-by"] == "pyve"
    assert document["requires-python"] == f">={sys.version_info[0]}.{sys.version_info[1]}"
    assert document["extras"] == ["plot"]
    assert document["dependency-groups"] == ["dev", "docs"]
    assert "default-groups" not in document
    assert "tool" not in document
    assert document["environments"] == [
        "platform_machine == 'AMD64' and sys_platform == 'win32'",
        "platform_machine == 'x86_64' and sys_platform == 'linux'",
    ]


def test_markers_of_a_lock_say_no_more_than_they_must(parted: LockBench) -> None:
    body = parted.body(PROJECT, lock_format=PYLOCK, parts=PARTS[:2], platforms=EVERYWHERE)
    later = "'dev' in dependency_groups and python_full_version >= '3.13'"
    if sys.version_info >= (3, 13):
        later = "'dev' in dependency_groups"
    assert markers(body) == {
        "alpha": "'dev' in dependency_groups",
        "beta": None,
        "delta": "'dev' in dependency_groups or 'plot' in extras",
        "gamma": f"({later}) or sys_platform == 'win32'" if " and " in later else f"{later} or sys_platform == 'win32'",
    }


def test_uv_installs_the_parts_of_the_lock(parted: LockBench, tmp_path: Path) -> None:
    from uv import find_uv_bin

    path = parted.write("pylock.toml", parted.body(PROJECT, lock_format=PYLOCK, parts=PARTS))

    def plan(*parts: str) -> list[str]:
        command = [find_uv_bin(), "pip", "install", "--preview-features", "pylock", "--dry-run", "--no-progress"]
        command += ["--target", str(tmp_path / "target"), "--python", sys.executable, "-r", str(path), *parts]
        finished = subprocess.run(
            command, cwd=parted.root, env=dict(parted.environment), capture_output=True, text=True
        )
        assert finished.returncode == 0, finished.stderr
        return sorted(line[3:] for line in finished.stderr.splitlines() if line.startswith(" + "))

    gamma = ["gamma==1.0"] if sys.version_info >= (3, 13) else []
    assert plan() == ["beta==1.0"]
    assert plan("--extra", "plot") == ["beta==1.0", "delta==2.0"]
    assert plan("--group", "dev") == ["alpha==1.0", "beta==1.0", "delta==2.0", *gamma]


def test_parts_are_told_apart_without_asking_the_index_again(parted: LockBench, index: PackageIndex) -> None:
    with index.serve() as url:
        path = parted.root / PROJECT
        path.write_text(path.read_text(encoding="utf-8").replace(index.file_url, url), encoding="utf-8")
        parted.lock(PROJECT, lock_format=PYLOCK, parts=PARTS)
    assert index.requests.count("GET /simple/beta/") == 1


def test_parts_are_the_same_bytes_elsewhere(
    parted: LockBench, make_lock_bench: Callable[..., LockBench], tmp_path: Path
) -> None:
    other = make_lock_bench(parted.locker, tmp_path / "elsewhere", UV_CACHE_DIR=str(tmp_path / "fresh cache"))
    other.write(PROJECT, (parted.root / PROJECT).read_text(encoding="utf-8"))
    first = parted.body(PROJECT, lock_format=PYLOCK, parts=PARTS, platforms=EVERYWHERE)
    backwards = EVERYWHERE[::-1]
    assert other.body(PROJECT, lock_format=PYLOCK, parts=PARTS[::-1], platforms=backwards) == first
    assert parted.body(PROJECT, lock_format=PYLOCK, parts=PARTS, platforms=EVERYWHERE, existing=first) == first


def test_parts_that_exclude_each_other_are_both_named(uv_locker: LockBench, served: str) -> None:
    uv_locker.write(
        PROJECT,
        '[project]\nname = "own"\nversion = "1.0"',
        "[project.optional-dependencies]",
        'cpu = ["beta<2"]',
        'extra = ["gamma"]',
        'gpu = ["beta>=2"]',
    )
    uv_locker.write("requirements.in", served, "alpha")
    parts = tuple(("extra", name, PROJECT) for name in ("cpu", "extra", "gpu"))
    with pytest.raises(ResolutionFailedError) as caught:
        uv_locker.lock("requirements.in", PROJECT, lock_format=PYLOCK, parts=parts)
    assert "extra 'cpu' and the extra 'gpu' exclude each other" in caught.value.message
    assert "pyproject.toml:5" in caught.value.message
    assert "pyproject.toml:7" in caught.value.message
    assert (caught.value.hint or "").startswith("pyve lock --extra cpu")


def test_a_requirements_file_may_be_a_group(uv_locker: LockBench, served: str) -> None:
    uv_locker.write("requirements.txt", served, "beta")
    uv_locker.write("requirements-dev.txt", "-r requirements.txt", "alpha")
    body = uv_locker.body("requirements.txt", lock_format=PYLOCK, parts=(("group", "dev", "requirements-dev.txt"),))
    assert markers(body) == {"alpha": "'dev' in dependency_groups", "beta": None}


def test_an_extra_of_a_project_that_is_not_installed_brings_nothing_else_of_it(
    uv_locker: LockBench, served: str
) -> None:
    uv_locker.write(
        PROJECT,
        '[project]\nname = "own"\nversion = "1.0"\ndependencies = ["no-such-package"]',
        '[project.optional-dependencies]\nplot = ["gamma"]',
    )
    uv_locker.write("requirements.txt", served, "beta")
    body = uv_locker.body("requirements.txt", lock_format=PYLOCK, parts=(("extra", "plot", PROJECT),))
    assert markers(body) == {"beta": None, "gamma": "'plot' in extras"}


@pytest.mark.parametrize("lock_format", [LockFormat.REQUIREMENTS, PYLOCK])
def test_groups_need_no_project_beside_them(uv_locker: LockBench, index: PackageIndex, lock_format: LockFormat) -> None:
    declared = f'[dependency-groups]\ndev = ["beta"]\n[[tool.uv.index]]\nurl = "{index.file_url}"\ndefault = true'
    uv_locker.write(PROJECT, declared)
    body = uv_locker.body(PROJECT, lock_format=lock_format, parts=(("group", "dev", PROJECT),))
    if lock_format is PYLOCK:
        assert markers(body) == {"beta": "'dev' in dependency_groups"}
    else:
        assert body.startswith("beta==2.0 \\\n")


def test_nothing_declared_is_a_lock_of_nothing(uv_locker: LockBench) -> None:
    uv_locker.write("requirements.in")
    assert uv_locker.body("requirements.in") == ""
    assert parse_toml(uv_locker.body("requirements.in", lock_format=PYLOCK))["packages"] == []


def test_a_declared_directory_that_is_not_there_is_named(uv_locker: LockBench) -> None:
    uv_locker.write("requirements.in", "--find-links ./wheels", "beta")
    with pytest.raises(RequirementInvalidError, match=r"--find-links \./wheels"):
        uv_locker.lock("requirements.in")


def test_parts_of_a_requirements_txt_are_all_in_it(parted: LockBench) -> None:
    lock = parted.lock(PROJECT, parts=PARTS[:2])
    assert "alpha==1.0" in lock.body
    assert "    # via own (pyproject.toml:dev)\n" in lock.body
    assert str(parted.scratch) not in lock.body


@pytest.mark.parametrize("lock_format", [LockFormat.REQUIREMENTS, PYLOCK])
def test_a_lock_without_parts_takes_one_run_of_uv(
    uv_locker: LockBench, tmp_path: Path, served: str, lock_format: LockFormat
) -> None:
    uv_locker.write("requirements.in", served, "alpha")
    uv_locker.lock("requirements.in", lock_format=lock_format)
    trace = tmp_path / "started"
    with count_processes(trace):
        uv_locker.lock("requirements.in", lock_format=lock_format)
    (command,) = trace.read_text(encoding="utf-8").splitlines()
    assert "pip compile" in command


def test_what_platforms_need_is_told_apart(uv_locker: LockBench, served: str) -> None:
    uv_locker.write(
        "requirements.in",
        served,
        "alpha ; sys_platform != 'win32'",
        "beta<2 ; platform_machine == 'arm64'",
        "gamma ; sys_platform == 'linux' and platform_machine == 'aarch64'",
    )
    pins = uv_locker.pins("requirements.in", platforms=EVERYWHERE)
    assert "alpha==1.0 ; sys_platform != 'win32'" in pins
    assert "beta==1.0 ; sys_platform == 'darwin'" in pins
    assert "beta==2.0 ; sys_platform == 'linux'" in pins
    assert "gamma==1.0 ; platform_machine == 'aarch64'" in pins
    lock = read_lock(uv_locker.body("requirements.in", lock_format=PYLOCK, platforms=EVERYWHERE))
    assert selected(lock, "win-64") == {}
    assert selected(lock, "linux-aarch64") == {"alpha": "1.0", "beta": "2.0", "gamma": "1.0"}
    assert selected(lock, "osx-arm64") == {"alpha": "1.0", "beta": "1.0"}


def test_what_no_platform_of_the_lock_needs_is_not_in_it(uv_locker: LockBench, served: str) -> None:
    uv_locker.write("requirements.in", served, "beta", "gamma ; sys_platform == 'win32'")
    locked = uv_locker.lock("requirements.in", platforms=("linux-64", "osx-64"))
    assert "gamma" not in locked.body
    (note,) = locked.notes
    assert "requirements.in:3" in note
    assert "linux-64, osx-64" in note


def test_the_projects_own_settings_of_uv_count(uv_locker: LockBench, index: PackageIndex) -> None:
    uv_locker.write(
        PROJECT,
        '[project]\nname = "own"\nversion = "1.0"\ndependencies = ["alpha", "library"]',
        "[tool.uv]",
        'constraint-dependencies = ["beta<2"]',
        """environments = ["sys_platform == 'linux'", "sys_platform == 'win32'"]""",
        '[tool.uv.sources]\nlibrary = { path = "library", editable = true }',
        f'[[tool.uv.index]]\nurl = "{index.file_url}"\ndefault = true',
    )
    write_project(uv_locker.root / "library", Package(name="library", version="1.0", requires=("gamma",)))
    body = uv_locker.body(PROJECT, lock_format=PYLOCK, platforms=("linux-64", "win-64"))
    rows = {row["name"]: row for row in parse_toml(body)["packages"]}
    assert rows["beta"]["version"] == "1.0"
    assert rows["library"]["directory"] == {"path": "library", "editable": True}
    assert set(rows) == {"alpha", "beta", "gamma", "library"}


def test_the_projects_own_sources_count_for_groups(uv_locker: LockBench, index: PackageIndex) -> None:
    uv_locker.write(
        PROJECT,
        '[project]\nname = "own"\nversion = "1.0"\n[dependency-groups]\ndev = ["library"]',
        "[tool.uv.sources]\nlibrary = { path = 'library' }",
        f'[[tool.uv.index]]\nurl = "{index.file_url}"\ndefault = true',
    )
    write_project(uv_locker.root / "library", Package(name="library", version="1.0"))
    (row,) = parse_toml(uv_locker.body(PROJECT, lock_format=PYLOCK, parts=(("group", "dev", PROJECT),)))["packages"]
    assert row["directory"]["path"] == "library"
    assert row["marker"] == "'dev' in dependency_groups"


def test_a_uv_toml_counts_with_its_paths_seen_from_it(uv_locker: LockBench, index: PackageIndex) -> None:
    wheels = uv_locker.root / "wheels"
    wheels.mkdir()
    for file in index.find_links.glob("beta*"):
        (wheels / file.name).write_bytes(file.read_bytes())
    uv_locker.write("uv.toml", 'find-links = ["wheels"]', "no-index = true")
    uv_locker.write("requirements.in", "beta<2")
    (row,) = parse_toml(uv_locker.body("requirements.in", lock_format=PYLOCK))["packages"]
    assert row["wheels"][0]["path"] == "wheels/beta-1.0-py3-none-any.whl"


@pytest.mark.parametrize("told", ["UV_NO_CONFIG", "UV_CONFIG_FILE"])
def test_platforms_count_whatever_settings_uv_is_told_to_read(
    uv_locker: LockBench, tmp_path: Path, served: str, told: str
) -> None:
    uv_locker.write("requirements.in", served, "alpha", "gamma ; sys_platform == 'win32'")
    uv_locker.write("uv.toml", 'constraint-dependencies = ["beta<2"]')
    chosen = tmp_path / "chosen.toml"
    chosen.write_text('constraint-dependencies = ["beta!=3"]\n', encoding="utf-8")
    bench = uv_locker.with_environment(**{told: "1" if told == "UV_NO_CONFIG" else str(chosen)})
    assert bench.pins("requirements.in", platforms=("linux-64",)) == ["alpha==1.0", "beta==2.0"]


def test_a_pylock_refuses_files_that_only_this_machine_knows(uv_locker: LockBench, index: PackageIndex) -> None:
    uv_locker.write("requirements.in", "beta")
    with index.serve() as url:
        bench = uv_locker.with_environment(PIP_INDEX_URL=url.replace("://", "://me:pass-word-17@"))
        with pytest.raises(LockNotPortableError) as caught:
            bench.lock("requirements.in", lock_format=PYLOCK)
    assert "requirements.in:1: beta comes from" in caught.value.message
    assert url.split("/")[2] in caught.value.message
    assert "pass-word-17" not in caught.value.message + (caught.value.hint or "")
    assert "lock.format requirements.txt" in (caught.value.hint or "")


@pytest.mark.parametrize("by", ["PIP_FIND_LINKS", "UV_FIND_LINKS", "uv.toml"])
def test_a_pylock_refuses_a_directory_that_only_this_machine_names(
    uv_locker: LockBench, index: PackageIndex, home: Path, by: str
) -> None:
    uv_locker.write("requirements.in", "--no-index", "beta")
    bench = uv_locker
    if by == "uv.toml":
        settings = home / ("AppData/Roaming" if sys.platform == "win32" else ".config") / "uv" / "uv.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(f'find-links = ["{index.find_links.as_posix()}"]\n', encoding="utf-8")
    else:
        bench = uv_locker.with_environment(**{by: str(index.find_links)})
    with pytest.raises(LockNotPortableError, match="beta comes from"):
        bench.lock("requirements.in", lock_format=PYLOCK)


def test_a_requirements_txt_says_what_was_found_where_only_this_machine_looks(
    uv_locker: LockBench, index: PackageIndex
) -> None:
    uv_locker.write("requirements.in", "beta")
    (note,) = uv_locker.with_environment(PIP_INDEX_URL=index.file_url).lock("requirements.in").notes
    assert note.startswith(f"beta found in {index.file_url}")


def test_a_declared_index_may_stand_in_a_pylock(uv_locker: LockBench, index: PackageIndex) -> None:
    with index.serve() as url:
        uv_locker.write("requirements.in", f"--index-url {url}", "beta")
        bench = uv_locker.with_environment(PIP_EXTRA_INDEX_URL=f"{url}/other")
        (row,) = parse_toml(bench.body("requirements.in", lock_format=PYLOCK))["packages"]
    assert row["wheels"][0]["url"].startswith(url.removesuffix("/simple"))


def test_what_lies_outside_of_the_project_is_refused(uv_locker: LockBench, served: str) -> None:
    write_project(uv_locker.root.parent / "library", Package(name="library", version="1.0"))
    uv_locker.write("requirements.in", served, "beta", "../library")
    with pytest.raises(LockNotPortableError) as caught:
        uv_locker.lock("requirements.in", lock_format=PYLOCK)
    assert "requirements.in:3: library comes from" in caught.value.message


def test_what_lies_in_the_project_is_named_from_its_root(uv_locker: LockBench, served: str) -> None:
    write_project(uv_locker.root / "libs" / "library", Package(name="library", version="1.0", requires=("beta",)))
    uv_locker.write("requirements.in", served, "-e ./libs/library", "-e .")
    write_project(uv_locker.root, Package(name="own", version="1.0", requires=("alpha",)))
    rows = parse_toml(uv_locker.body("requirements.in", lock_format=PYLOCK))["packages"]
    assert [row["name"] for row in rows] == ["alpha", "beta", "library"]
    assert rows[2]["directory"] == {"path": "libs/library", "editable": True}


def test_what_only_pip_understands_is_named(uv_locker: LockBench, served: str) -> None:
    uv_locker.write("requirements.in", served, "beta --global-option=--quick")
    with pytest.raises(LockerUnfitError, match=r"requirements\.in:2: --global-option"):
        uv_locker.lock("requirements.in")


def test_a_pre_release_that_nobody_asked_for_is_said(uv_locker: LockBench, index: PackageIndex, served: str) -> None:
    index.add("early", "2.0b1")
    uv_locker.write("requirements.in", served, "early")
    for lock_format in (LockFormat.REQUIREMENTS, PYLOCK):
        assert uv_locker.lock("requirements.in", lock_format=lock_format).notes == (
            "early 2.0b1 is a pre-release; no other version of it fits",
        )
    uv_locker.write("requirements.in", served, "early>=2.0b1")
    assert uv_locker.lock("requirements.in").notes == ()


def test_where_the_project_forbids_pre_releases_the_way_to_one_is_said(
    uv_locker: LockBench, index: PackageIndex, served: str
) -> None:
    index.add("early", "1.0")
    index.add("early", "2.0b1")
    index.add("needy", "1.0", requires=["early>1.5"])
    uv_locker.write("uv.toml", 'prerelease = "explicit"')
    uv_locker.write("requirements.in", served, "needy")
    with pytest.raises(ResolutionFailedError) as caught:
        uv_locker.lock("requirements.in")
    assert "Pre-releases are only taken where one is asked for" in caught.value.message
    assert "early>=2.0b1" in (caught.value.hint or "")


def test_first_index_takes_what_the_first_one_has(uv_locker: LockBench, index: PackageIndex, tmp_path: Path) -> None:
    older = PackageIndex(tmp_path / "older")
    older.add("beta", "0.5")
    # uv asks the extra ones first
    uv_locker.write("requirements.in", f"--index-url {older.file_url}", f"--extra-index-url {index.file_url}", "beta<1")
    assert uv_locker.pins("requirements.in") == ["beta==0.5"]
    with pytest.raises(ResolutionFailedError):
        uv_locker.lock("requirements.in", index_strategy="first-index")


def test_a_pylock_keeps_versions_too(uv_locker: LockBench, served: str) -> None:
    uv_locker.write("requirements.in", served, "beta<2")
    first = uv_locker.body("requirements.in", lock_format=PYLOCK)
    uv_locker.write("requirements.in", served, "beta", "alpha")
    kept = uv_locker.body("requirements.in", lock_format=PYLOCK, existing=f"{first}\n[tool.pyve]\nversion = 1\n")
    assert {row["name"]: row["version"] for row in parse_toml(kept)["packages"]} == {"alpha": "1.0", "beta": "1.0"}
    anew = uv_locker.body("requirements.in", lock_format=PYLOCK, existing=first, upgrade_packages=("beta",))
    assert {row["name"]: row["version"] for row in parse_toml(anew)["packages"]} == {"alpha": "1.0", "beta": "2.0"}


def test_the_python_of_the_project_decides_and_not_the_one_that_runs(
    uv_locker: LockBench, index: PackageIndex, served: str
) -> None:
    index.add("modern", "1.0")
    index.add("modern", "2.0", requires_python=">=3.40")
    uv_locker.write("requirements.in", served, "modern", "gamma ; python_version < '3.9'")
    later = replace(here_python(), oldest="3.41", specifier=">=3.41")
    locked = uv_locker.lock("requirements.in", python=later)
    assert pins_of(locked.body) == ["modern==2.0"]
    assert "Python >=3.41" in locked.notes[0]
    assert "modern==1.0" in uv_locker.body("requirements.in")


def test_how_the_user_likes_uv_to_write_does_not_change_a_lock(
    uv_locker: LockBench, home: Path, tmp_path: Path, served: str
) -> None:
    uv_locker.write("requirements.in", served, "alpha")
    plain = uv_locker.body("requirements.in")
    settings = home / ".config" / "uv" / "uv.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        'resolution = "lowest"\nprerelease = "allow"\n'
        '[pip]\nno-annotate = true\nannotation-style = "line"\nemit-index-url = true\nno-header = false\n'
        "generate-hashes = false\nno-strip-extras = true\nemit-find-links = true\n",
        encoding="utf-8",
    )
    undeclared = tmp_path / "undeclared.txt"
    undeclared.write_text("beta<2\n", encoding="utf-8")
    own = {"UV_CONSTRAINT": str(undeclared), "UV_RESOLUTION": "lowest", "UV_EXCLUDE_NEWER": "2001-01-01"}
    assert uv_locker.with_environment(**own).body("requirements.in") == plain


def test_a_lock_from_the_cache_alone_says_so(uv_locker: LockBench, index: PackageIndex) -> None:
    with index.serve() as url:
        uv_locker.write("requirements.in", f"--index-url {url}", "alpha")
        first = uv_locker.lock("requirements.in")
    again = uv_locker.lock("requirements.in")
    assert again.body == first.body
    assert first.notes == ()
    assert again.notes == ("the package index could not be reached: the lock is made from uv's cache",)
    with pytest.raises(IndexUnreachableError):
        uv_locker.lock("requirements.in", existing=first.body, upgrade=True)


@pytest.mark.needs_index
def test_a_setup_script_that_has_to_run_leaves_nothing_behind(uv_locker: LockBench) -> None:
    script = "from setuptools import setup\nsetup(name='own', version='1', install_requires=['iniconfig==2.0.0'])"
    uv_locker.write("setup.py", script)
    assert [pin.split(" ")[0] for pin in uv_locker.pins("setup.py")] == ["iniconfig==2.0.0"]
    assert [path.name for path in uv_locker.root.iterdir()] == ["setup.py"]


@pytest.mark.needs_index
def test_files_of_other_platforms_stand_in_the_lock_of_real_packages(uv_locker: LockBench) -> None:
    uv_locker.write("requirements.in", "markupsafe==3.0.2", "colorama==0.4.6 ; sys_platform == 'win32'")
    body = uv_locker.body("requirements.in", lock_format=PYLOCK, platforms=("linux-64", "win-64"))
    rows = {row["name"]: row for row in parse_toml(body)["packages"]}
    assert rows["colorama"]["marker"] == "sys_platform == 'win32'"
    files = [wheel["url"].rpartition("/")[2] for wheel in rows["markupsafe"]["wheels"]]
    assert any("win_amd64" in file for file in files)
    assert any("manylinux" in file and "x86_64" in file for file in files)
