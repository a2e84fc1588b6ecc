"""Measure locks: `pyve lock` beside the resolvers that it calls, and `pyve lock --check` (benchmarks/README.md).

python benchmarks/locks/run.py [--runs N] [--write] [--only WORD]
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "benchmarks")]

from measured_row import HEAD, Row, measure, put_into_page  # noqa: E402 - the two folders come first on the path
from paired import Contender  # noqa: E402

from tests.support.conda_channel import LocalChannel, host_subdir  # noqa: E402
from tests.support.synthetic_channel import make_synthetic_channel, random_names  # noqa: E402

BEGIN = "<!-- locks table -->"
SUBDIRS = ("linux-64", "linux-aarch64", "osx-arm64")
DIRECT = (
    *("requests", "flask", "rich", "httpx", "pydantic", "sqlalchemy", "jinja2", "click", "pyyaml", "attrs"),
    *("cryptography", "pillow", "numpy", "pandas", "pytest", "tqdm", "tenacity", "python-dateutil", "packaging"),
    *("beautifulsoup4", "lxml", "redis", "celery", "alembic", "uvicorn", "fastapi", "boto3", "typer", "tomlkit"),
    "mypy",
)
FEWER = DIRECT[:8]
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
PIP_TOOLS = ("pip-tools==7.6.2", "pip<26.4")  # what pyve lock runs
SOLVES = """
import os, sys
from pathlib import Path
from pyve.engines.conda.engine import EngineSurroundings, SolveRequest
from pyve.engines.conda.rattler.engine import RattlerEngine
from pyve.environments.progress import report_nothing
from pyve.lockers.rattler.platform_solve import assume_virtual_packages
from pyve.project.conda.channel import Channel
url, cache, work, subdirs, *specs = sys.argv[1:]
engine = RattlerEngine(EngineSurroundings(
    cache_directory=Path(cache), environment=dict(os.environ), log=Path(work) / "log", work_directory=Path(work)))
channel = Channel(name="large", url=url, sources=(url,))
for subdir in subdirs.split(","):
    engine.solve(SolveRequest(
        specs=tuple(specs), channels=(channel,), subdir=subdir, virtual_packages=assume_virtual_packages(subdir)
    ), report_nothing)
engine.close()
"""


class Bench:
    """The sealed place where everything runs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.tools = home / "tools"
        self.python_project = home / "python project"
        self.small_project = home / "small project"
        self.conda_project = home / "conda project"
        self.environment = {
            "HOME": str(home),
            "PATH": f"{self.tools / 'bin'}{os.pathsep}{os.defpath}",
            **{name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_"))},
        }

    def tool(self, name: str) -> str:
        """The absolute path of a command."""
        return str(self.tools / "bin" / name)

    def prepare(self) -> None:
        """Install pyve, compiled, and its peers; write the projects."""
        shutil.rmtree(self.home, ignore_errors=True)
        for folder in (self.python_project, self.small_project, self.conda_project):
            folder.mkdir(parents=True)
        venv.create(self.tools, with_pip=True)
        python = self.tool("python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        install = [self.tool("uv"), "pip", "install", "--quiet", "--compile-bytecode", "--python", python]
        subprocess.run([*install, str(CHECKOUT), *PIP_TOOLS], check=True)
        for folder, names in ((self.python_project, DIRECT), (self.small_project, FEWER)):
            (folder / "requirements.in").write_text("\n".join(names) + "\n", encoding="utf-8")
        (self.home / "work").mkdir()

    def contender(self, name: str, command: list[str], *, directory: Path, forget: str = "") -> Contender:
        """A contender in this place; `forget` is the lock that each run makes anew."""
        return Contender(
            name=name,
            commands=[command],
            directory=directory,
            environment=self.environment,
            prepare=lambda: (directory / forget).unlink(missing_ok=True) if forget else None,
        )


def rows_of_uv(bench: Bench) -> Iterator[Row]:
    """A requirements.in of 30 names, locked from nothing, with hashes."""
    peer = _by_uv(bench)
    what = f"lock, {len(DIRECT)} direct requirements, warm"
    yield Row(what=what, pyve=_lock(bench, bench.python_project), peer=peer, ratio=1.3)


def rows_of_pip_tools(bench: Bench) -> Iterator[Row]:
    """Fewer names, since pip takes its time, beside pip-compile: by uv, and by pip-compile itself."""
    what = f"lock, {len(FEWER)} direct requirements, warm"
    by_pip = ["pip-compile", "--quiet", "--generate-hashes", "--strip-extras", "--allow-unsafe"]
    peer = bench.contender(
        "pip-compile",
        [bench.tool(by_pip[0]), *by_pip[1:], "--output-file", "by-pip-compile.txt", "requirements.in"],
        directory=bench.small_project,
        forget="by-pip-compile.txt",
    )
    small = bench.small_project
    yield Row(what=what, pyve=_lock(bench, small), peer=peer, runs_factor=0.2)
    yield Row(what=what, pyve=_lock(bench, small, locker="pip-tools"), peer=peer, runs_factor=0.2)


def _lock(bench: Bench, project: Path, *, locker: str = "uv") -> Contender:
    name = "pyve lock" if locker == "uv" else f"pyve lock --locker {locker}"
    command = [bench.tool("pyve"), "lock", "--quiet", "--python", MINOR, "--locker", locker]
    return bench.contender(name, command, directory=project, forget="requirements.txt")


def _by_uv(bench: Bench) -> Contender:
    """What pyve asks of uv, asked by hand: this platform alone, this Python and later ones."""
    folder = bench.home / "restricted"
    folder.mkdir()
    marker = f"sys_platform == '{sys.platform}' and platform_machine == '{os.uname().machine}'"
    text = f'[project]\nname = "x"\nversion = "0"\n[tool.uv]\nenvironments = ["{marker}"]\n'
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    options = ["--universal", "--no-header", "--generate-hashes", "--emit-index-annotation", "--quiet"]
    options += ["--python-version", MINOR, "--python", sys.executable, "--index-strategy", "unsafe-best-match"]
    command = [bench.tool("uv"), "--project", str(folder), "pip", "compile", *options]
    command += ["--output-file", "by-uv.txt", "requirements.in"]
    return bench.contender("uv pip compile", command, directory=bench.python_project, forget="by-uv.txt")


def rows_of_check(bench: Bench) -> Iterator[Row]:
    """The lock that is there, asked whether it still answers what is declared."""
    project, pyve = bench.python_project, bench.tool("pyve")
    quick = {"cwd": project, "env": bench.environment, "check": True, "capture_output": True}
    subprocess.run([pyve, "lock", "--quiet"], **quick)
    subprocess.run([pyve, "init", "--quiet"], **quick)
    packages = (project / "requirements.txt").read_text(encoding="utf-8").count("==")
    yield Row(
        what=f"lock --check, {packages} pins",
        pyve=bench.contender("pyve lock --check", [pyve, "lock", "--check", "--quiet"], directory=project),
        peer=bench.contender("pyve status", [pyve, "status", "--quiet"], directory=project),
        most=150,
    )


def rows_of_conda(bench: Bench) -> Iterator[Row]:
    """An environment.yml locked for three platforms, beside the same solves by the engine alone."""
    channel = make_synthetic_channel(bench.home / "channel", names=2_000)
    _copy_to_platforms(channel)
    specs = (*random_names(channel, random.Random(7), 5), "python")
    settings = bench.home / ".config" / "pyve" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[conda.mirrors]\nconda-forge = "{channel.url}"\n', encoding="utf-8")
    project = bench.conda_project
    lines = ["channels: [conda-forge]", "dependencies:", *(f"  - {spec}" for spec in specs)]
    (project / "environment.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    platforms = [word for subdir in SUBDIRS for word in ("--platform", subdir)]
    make = bench.contender(
        "pyve lock", [bench.tool("pyve"), "lock", "--quiet", *platforms], directory=project, forget="conda-lock.yml"
    )
    work, cache = str(bench.home / "work"), str(bench.home / "solve-cache")
    command = [bench.tool("python"), "-c", SOLVES, channel.url, cache, work, ",".join(SUBDIRS), *specs]
    what = f"lock of {len(SUBDIRS)} platforms, 20k records each"
    yield Row(what=what, pyve=make, peer=bench.contender("the engine's solves", command, directory=project), ratio=1.5)
    micromamba, conda_lock = shutil.which("micromamba"), shutil.which("conda-lock")
    if micromamba is None or conda_lock is None:
        return
    by_conda_lock = [conda_lock, "lock", "--micromamba", "--conda", micromamba, "-f", "environment.yml"]
    by_conda_lock += ["--lockfile", "by-conda-lock.yml", *(word for one in SUBDIRS for word in ("-p", one))]
    peer = bench.contender("conda-lock", by_conda_lock, directory=project, forget="by-conda-lock.yml")
    yield Row(what=what, pyve=make, peer=peer, runs_factor=0.3)


def _copy_to_platforms(channel: LocalChannel) -> None:
    """Give every platform of the table the records of this one."""
    text = (channel.path / host_subdir() / "repodata.json").read_text(encoding="utf-8")
    for subdir in SUBDIRS:
        document = json.loads(text.replace(f'"{host_subdir()}"', f'"{subdir}"'))
        folder = channel.path / subdir
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "repodata.json").write_text(json.dumps(document), encoding="utf-8")


ROWS = {"uv": rows_of_uv, "pip-tools": rows_of_pip_tools, "check": rows_of_check, "conda": rows_of_conda}


def main() -> None:
    """Measure, print, and with --write put the table into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9, help="pairs for each row")
    parser.add_argument("--write", action="store_true", help="put the table into docs/explanation/performance.md")
    parser.add_argument("--only", choices=ROWS, help="these rows alone")
    arguments = parser.parse_args()
    bench = Bench(CHECKOUT / ".cache" / "benchmarks-locks")
    bench.prepare()
    lines = list(HEAD)
    for name, rows in ROWS.items():
        for row in rows(bench) if arguments.only in (None, name) else ():
            lines.append(measure(row, runs=arguments.runs))
            print(lines[-1], flush=True)
    tools = bool(shutil.which("micromamba") and shutil.which("conda-lock"))
    head = f"Medians of {arguments.runs} pairs, fewer where pip resolves"
    head += "." if tools else "; no micromamba and conda-lock were there to compare with."
    table = "\n".join([head, "", *lines])
    print("\n" + table)
    if arguments.write:
        put_into_page(table, begin=BEGIN)


if __name__ == "__main__":
    main()
