"""Every source of a lock with every locker for every platform: installed for real here, and by rehearsal elsewhere.

The packages are made up: one for everybody, one with a wheel for each platform, and one that each platform alone needs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pyve.project.conda.subdir import current_subdir
from pyve.project.manifests.toml_text import parse_toml
from tests.support.conda_channel import make_channel
from tests.support.conda_recipes import generic
from tests.support.made_up_package import Package, make_wheel
from tests.support.micromamba_stand_in import make_micromamba
from tests.support.package_index import PackageIndex
from tests.support.project_bench import ProjectBench

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True, kw_only=True)
class Platform:
    """How one platform is called by conda, by wheels and by uv; `own` is the package that it alone needs, and why."""

    name: str
    tag: str
    triple: str
    own: str
    marker: str
    markers: Mapping[str, str]


PLATFORMS = (
    Platform(
        name="linux-64",
        tag="manylinux_2_17_x86_64",
        triple="x86_64-manylinux2014",
        own="only-intel",
        marker="sys_platform == 'linux' and platform_machine == 'x86_64'",
        markers={"sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"},
    ),
    Platform(
        name="linux-aarch64",
        tag="manylinux_2_17_aarch64",
        triple="aarch64-manylinux2014",
        own="only-arm",
        marker="platform_machine == 'aarch64'",
        markers={"sys_platform": "linux", "platform_machine": "aarch64", "os_name": "posix"},
    ),
    Platform(
        name="osx-arm64",
        tag="macosx_11_0_arm64",
        triple="aarch64-apple-darwin",
        own="only-mac",
        marker="sys_platform == 'darwin'",
        markers={"sys_platform": "darwin", "platform_machine": "arm64", "os_name": "posix"},
    ),
    Platform(
        name="win-64",
        tag="win_amd64",
        triple="x86_64-pc-windows-msvc",
        own="only-windows",
        marker="os_name == 'nt'",
        markers={"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"},
    ),
)
NAMES = tuple(platform.name for platform in PLATFORMS)
HERE = next((platform for platform in PLATFORMS if platform.name == current_subdir()), None)


@pytest.fixture
def index(tmp_path: Path) -> PackageIndex:
    """What all sources ask for: top, which needs native and the package of its platform; extra and group packages."""
    made = PackageIndex(tmp_path / "index")
    needs = ["native>=1", *(f"{platform.own} ; {platform.marker}" for platform in PLATFORMS)]
    made.add("top", "1.0", requires=needs)
    made.add("plotter", "1.0")
    made.add("checker", "1.0", requires=["native"])
    for platform in PLATFORMS:
        for name in ("native", platform.own):
            package = Package(name=name, version="1.0")
            made.add_file(f"{package.stem}-py3-none-{platform.tag}.whl", make_wheel(package))
    return made


@pytest.fixture
def tool_bench(bench: ProjectBench) -> ProjectBench:
    """The bench where the machine's own index serves the tools that lock; what is locked comes from declared places."""
    own = {"PIP_INDEX_URL", "PIP_CONFIG_FILE", "UV_CACHE_DIR"}
    return replace(bench, environment={name: value for name, value in bench.environment.items() if name not in own})


def write_input(bench: ProjectBench) -> None:
    bench.write("requirements.in", f"--index-url {bench.index.file_url}\ntop\n")


def write_pyproject(bench: ProjectBench) -> None:
    text = f'[project]\nname = "own"\nversion = "1"\nrequires-python = ">={PYTHON}"\ndependencies = ["top"]\n'
    text += '[project.optional-dependencies]\nplot = ["plotter"]\n[dependency-groups]\ndev = ["checker"]\n'
    text += f'[[tool.uv.index]]\nname = "made-up"\nurl = "{bench.index.file_url}"\ndefault = true\n'
    text += f'[tool.pip-tools]\nindex-url = "{bench.index.file_url}"\n'
    bench.write("pyproject.toml", text)


def write_loose(bench: ProjectBench) -> None:
    bench.write("requirements.txt", f"--index-url {bench.index.file_url}\ntop>=1\n")


SOURCES: Mapping[str, tuple[Callable[[ProjectBench], None], str, frozenset[str]]] = {
    "requirements.in": (write_input, "requirements.txt", frozenset()),
    "pyproject.toml": (write_pyproject, "pylock.toml", frozenset({"plotter", "checker"})),
    "requirements.txt": (write_loose, "pylock.toml", frozenset()),
}


@pytest.mark.parametrize("source", SOURCES)
def test_uv_locks_for_all_platforms_and_each_installs_what_it_needs(
    bench: ProjectBench, tmp_path: Path, source: str
) -> None:
    write, name, optional = SOURCES[source]
    write(bench)
    bench.ok("lock", "--python", PYTHON, *(word for one in NAMES for word in ("--platform", one)))
    lock = bench.project / name

    for platform in PLATFORMS:
        expected = {"top", "native", platform.own, *optional}
        assert rehearse_with_uv(bench, lock, platform, tmp_path, optional=optional) == expected
        rows = rows_of(lock, platform)
        assert set(rows) == expected
        rehearse_with_pip(rows, platform, bench, tmp_path)
        tell(f"{source} x uv x {platform.name}: {len(expected)} packages")
    assert str(bench.home) not in lock.read_text(encoding="utf-8")
    install_here(bench, {"top", "native", *optional}, source)


@pytest.mark.parametrize("platform", PLATFORMS, ids=NAMES)
@pytest.mark.parametrize("source", SOURCES)
def test_lock_for_one_platform_holds_nothing_of_others(bench: ProjectBench, source: str, platform: Platform) -> None:
    write, name, _ = SOURCES[source]
    write(bench)
    bench.ok("lock", "--python", PYTHON, "--platform", platform.name)

    text = (bench.project / name).read_text(encoding="utf-8")

    others = {one.own for one in PLATFORMS} - {platform.own}
    assert platform.own in text
    assert not [other for other in others if other in text]
    if HERE is not None and platform is not HERE:
        ran = bench.run("init", "--json")
        assert (ran.exit_status, ran.code) == (6, "lock-platform-missing")
        assert f"--platform {platform.name} --platform {HERE.name}" in ran.json["problems"][0]["hint"]


@pytest.mark.needs_index
@pytest.mark.parametrize("source", SOURCES)
def test_pip_tools_locks_for_this_platform_and_refuses_others(
    tool_bench: ProjectBench, tmp_path: Path, source: str
) -> None:
    bench = tool_bench
    if HERE is None:
        pytest.skip(f"no wheels are made up for {current_subdir()}")
    write, _, optional = SOURCES[source]
    write(bench)
    command = ("lock", "--locker", "pip-tools", "--python", PYTHON)
    if source == "requirements.txt":  # its lock is a pylock.toml, which pip-tools does not write
        refused = bench.run(*command, "--json")
        assert (refused.exit_status, refused.code) == (6, "locker-unfit")
        return
    if source == "pyproject.toml":
        bench.write("pyve.toml", '[lock]\nformat = "requirements.txt"\n')
    bench.ok(*command)
    expected = {"top", "native", HERE.own}

    rows = rows_of(bench.project / "requirements.txt", HERE)
    assert set(rows) == expected
    rehearse_with_pip(rows, HERE, bench, tmp_path)
    install_here(bench, {"top", "native", *(optional & {"checker"})}, source)
    for platform in PLATFORMS:
        if platform is not HERE:
            refused = bench.run(*command, "--platform", platform.name, "--upgrade", "--json")
            assert (refused.exit_status, refused.code) == (6, "locker-unfit")
    tell(f"{source} x pip-tools x {HERE.name}: {len(expected)} packages; refused for {len(PLATFORMS) - 1} others")


@pytest.mark.needs_index
def test_real_packages_are_locked_for_all_platforms(tool_bench: ProjectBench, tmp_path: Path) -> None:
    tool_bench.write("requirements.in", "click==8.1.7\nmarkupsafe\npyyaml\n")
    tool_bench.ok("lock", "--python", PYTHON, *(word for one in NAMES for word in ("--platform", one)))
    lock = tool_bench.project / "requirements.txt"

    for platform in PLATFORMS:
        expected = {"click", "markupsafe", "pyyaml", *(["colorama"] if platform.name == "win-64" else [])}
        assert rehearse_with_uv(tool_bench, lock, platform, tmp_path, made_up=False) == expected
        rows = rows_of(lock, platform)
        assert set(rows) == expected
        rehearse_with_pip(rows, platform, tool_bench, tmp_path, made_up=False)
        tell(f"real requirements.in x uv x {platform.name}: {len(expected)} packages")
    tool_bench.ok("init", PYTHON, "--no-pin", "--only-binary")
    assert tool_bench.ok("run", "--", "python", "-c", "import click, markupsafe, yaml; print('in')").stdout == "in\n"


@pytest.fixture
def declared_conda(tool_bench: ProjectBench, tmp_path: Path) -> ProjectBench:
    """An environment.yml of two packages, one of which differs from platform to platform."""
    packages = [generic("plain", "1.0", "native"), *(generic("native", "1.0", subdir=name) for name in NAMES)]
    channel = make_channel(tmp_path / "channels" / "conda-forge", packages)
    tool_bench.ok("config", "set", "--user", "conda.mirrors.conda-forge", channel.url)
    tool_bench.declare("plain")
    return tool_bench


@pytest.mark.posix("packages of the tests' channel are symbolic links and shell scripts")
@pytest.mark.parametrize("locker", ["rattler", pytest.param("conda-lock", marks=pytest.mark.needs_index)])
def test_conda_lock_holds_each_platforms_packages(declared_conda: ProjectBench, tmp_path: Path, locker: str) -> None:
    bench = declared_conda
    if locker == "conda-lock":
        micromamba = make_micromamba(tmp_path / "stand-in")
        bench.ok("config", "set", "--user", "conda.micromamba", os.fspath(micromamba))
    bench.ok("lock", "--locker", locker, *(word for one in NAMES for word in ("--platform", one)))

    rows = read_conda_rows(bench.project / "conda-lock.yml")

    for name in NAMES:
        assert rows[name] == {"plain": "noarch", "native": name}
        tell(f"environment.yml x {locker} x {name}: {len(rows[name])} packages")
    assert bench.ok("lock", "--check", "--json").exit_status == 0
    if HERE is not None:
        done = bench.ok("init", "--json").data
        assert (done["locked"], done["packages"]) == (True, 2)


def rehearse_with_uv(
    bench: ProjectBench,
    lock: Path,
    platform: Platform,
    folder: Path,
    *,
    optional: frozenset[str] = frozenset(),
    made_up: bool = True,
) -> set[str]:
    """The names that uv would install on that platform; it checks markers, tags and hashes."""
    from uv import find_uv_bin

    arguments = ["--preview-features", "pylock"] if lock.name == "pylock.toml" else ["--require-hashes"]
    arguments += ["--extra", "plot", "--group", "dev"] if optional else []
    arguments += ["--no-config", "--index-url", bench.index.file_url] if made_up else []
    arguments += ["--python-platform", platform.triple, "--python-version", PYTHON, "--python", sys.executable]
    arguments += ["--target", os.fspath(folder / f"for {platform.name}"), "-r", os.fspath(lock)]
    shown = rehearse(bench, find_uv_bin(), "pip", "install", "--no-deps", "--only-binary", ":all:", *arguments).stderr
    return {line.split()[1].partition("==")[0] for line in shown.splitlines() if line.startswith(" + ")}


def rehearse_with_pip(
    rows: Mapping[str, str], platform: Platform, bench: ProjectBench, folder: Path, *, made_up: bool = True
) -> None:
    """Let pip find the wheels of that platform by their hashes; it would take markers from this machine."""
    from virtualenv.seed.wheels.embed import get_embed_wheel

    wheel = get_embed_wheel("pip", PYTHON)
    assert wheel is not None
    flat = folder / f"{platform.name}.txt"
    flat.write_text("".join(f"{row}\n" for row in rows.values()), encoding="utf-8")
    arguments = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--python-version", PYTHON]
    for tag in (platform.tag, platform.tag.replace("_2_17_", "_2_28_")):
        arguments += ["--platform", tag]
    arguments += ["--index-url", bench.index.file_url] if made_up else []
    arguments += ["--target", os.fspath(folder / "pip target"), "-r", os.fspath(flat)]
    pip = os.fspath(Path(wheel.path) / "pip")
    shown = rehearse(bench, sys.executable, "-I", pip, "install", *arguments).stdout
    (would,) = (line for line in shown.splitlines() if line.startswith("Would install"))
    assert {word.rpartition("-")[0].lower() for word in would.split()[2:]} == set(rows)


def rehearse(bench: ProjectBench, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run an installer that shall only say what it would do."""
    finished = subprocess.run(
        [*command, "--dry-run"], cwd=bench.project, env=bench.variables(), capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return finished


def rows_of(lock: Path, platform: Platform) -> dict[str, str]:
    """Name -> a hashed line of requirements.txt, of all that the lock has for that platform, extras and groups too."""
    from packaging.markers import Marker

    values: dict[str, str | frozenset[str]] = {
        **platform.markers,
        "python_version": PYTHON,
        "python_full_version": f"{PYTHON}.0",
        "extras": frozenset({"plot"}),
        "dependency_groups": frozenset({"dev"}),
    }
    return {
        name: f"{name}=={version} {' '.join(f'--hash=sha256:{digest}' for digest in digests)}"
        for name, version, marker, digests in read_pins(lock)
        if not marker or Marker(marker).evaluate(values, context="lock_file")
    }


def read_pins(lock: Path) -> Iterator[tuple[str, str, str, list[str]]]:
    """Name, version, marker and digests of each row of a lock, read by what its format says."""
    text = lock.read_text(encoding="utf-8")
    if lock.name == "pylock.toml":
        for package in parse_toml(text)["packages"]:
            digests = [wheel["hashes"]["sha256"] for wheel in package["wheels"]]
            yield package["name"], package["version"], package.get("marker", ""), digests
        return
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and line[0] not in "#- ":
            words = line.split(" --hash=")
            pin, _, marker = words[0].partition(";")
            name, _, version = pin.strip().partition("==")
            yield name, version, marker.strip(), [word.split()[0].removeprefix("sha256:") for word in words[1:]]


def read_conda_rows(lock: Path) -> dict[str, dict[str, str]]:
    """Platform -> name -> the subdir of the archive, as the lock says."""
    from ruamel.yaml import YAML

    found: dict[str, dict[str, str]] = {}
    for row in YAML(typ="safe").load(lock.read_text(encoding="utf-8"))["package"]:
        assert row["hash"]["sha256"]
        found.setdefault(row["platform"], {})[row["name"]] = row["url"].rsplit("/", 2)[1]
    return found


def install_here(bench: ProjectBench, names: set[str], source: str) -> None:
    """Install for this platform, where it is one of the matrix, and import everything in its locked version."""
    if HERE is None:
        return
    extras = ("--extra", "plot") if "plotter" in names else ()
    bench.ok("init", PYTHON, "--no-pin", "--only-binary", *extras)
    modules = sorted(name.replace("-", "_") for name in {*names, HERE.own})
    code = f"import json, {', '.join(modules)}; print(json.dumps([m.__version__ for m in ({', '.join(modules)},)]))"
    assert json.loads(bench.ok("run", "--", "python", "-c", code).stdout) == ["1.0"] * len(modules)
    assert set(bench.installed()) == {*names, HERE.own}, source


def tell(line: str) -> None:
    """Show a count to who runs pytest with -s."""
    print(line)  # noqa: T201 - the matrix is shown, beside being tested
