"""Measure conda environments: a warm create, solves of large channels, what is known already (benchmarks/README.md).

python benchmarks/conda/run.py [--runs N] [--write]
"""

import argparse
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

from tests.support.conda_channel import LocalChannel, host_subdir, make_channel  # noqa: E402
from tests.support.conda_python import package_of_wheel, this_interpreter  # noqa: E402
from tests.support.conda_real_python import real_python  # noqa: E402
from tests.support.synthetic_channel import make_synthetic_channel, random_names  # noqa: E402

BEGIN = "<!-- conda table -->"
WHEELS = (
    *("pip", "setuptools", "wheel", "numpy", "requests", "urllib3", "certifi", "idna", "charset-normalizer"),
    *("rich", "markdown-it-py", "mdurl", "pygments", "six", "packaging"),
)
SOLVE = """
import os, sys
from pathlib import Path
from pyve.engines.conda.engine import EngineSurroundings, SolveRequest
from pyve.engines.conda.rattler.engine import RattlerEngine
from pyve.environments.progress import report_nothing
from pyve.project.conda.channel import Channel
url, cache, work, subdir, *specs = sys.argv[1:]
engine = RattlerEngine(EngineSurroundings(
    cache_directory=Path(cache), environment=dict(os.environ), log=Path(work) / "log", work_directory=Path(work)))
channel = Channel(name="large", url=url, sources=(url,))
solution = engine.solve(SolveRequest(specs=tuple(specs), channels=(channel,), subdir=subdir), report_nothing)
engine.close()
print(len(solution.packages))
"""


class Bench:
    """The sealed place where everything runs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.tools = home / "tools"
        self.project = home / "project"
        self.channel_directory = home / "channel"
        self.environment = {
            "HOME": str(home),
            "PATH": f"{self.tools / 'bin'}{os.pathsep}{os.defpath}",
            **{name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_"))},
        }
        self.micromamba = shutil.which("micromamba")

    def prepare(self) -> None:
        """Install pyve, compiled, and make the channels and the project."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.project.mkdir(parents=True)
        venv.create(self.tools, with_pip=True)
        python = str(self.tools / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        install = [str(self.tools / "bin" / "uv"), "pip", "install", "--quiet", "--compile-bytecode"]
        subprocess.run([*install, "--python", python, str(CHECKOUT)], check=True)
        wheels = self.home / "wheels"
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "-d", str(wheels)]
        subprocess.run([*download, *WHEELS], check=True)
        packages = [real_python(this_interpreter(), subdir=host_subdir())]
        packages += [package_of_wheel(wheel, interpreter=this_interpreter()) for wheel in sorted(wheels.glob("*.whl"))]
        channel = make_channel(self.channel_directory, packages)
        settings = self.home / ".config" / "pyve" / "config.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(f'[conda.mirrors]\nconda-forge = "{channel.url}"\n', encoding="utf-8")
        self.write_manifest(WHEELS)

    def write_manifest(self, names: tuple[str, ...]) -> None:
        """Declare these packages, and python."""
        lines = ["channels: [conda-forge]", "dependencies:", "  - python", *(f"  - {name}" for name in names)]
        (self.project / "environment.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def switch_manifest(self) -> None:
        """The other branch's environment.yml, in the same file."""
        text = (self.project / "environment.yml").read_text(encoding="utf-8")
        self.write_manifest(WHEELS[:-1] if "packaging" in text else WHEELS)

    def forget(self) -> None:
        """As if pyve had never seen the project; the caches stay warm."""
        for path in (self.project / ".pyve", self.home / ".local" / "state" / "pyve"):
            shutil.rmtree(path, ignore_errors=True)

    def clear(self, name: str) -> None:
        """Remove what a peer has made."""
        shutil.rmtree(self.home / name, ignore_errors=True)

    def contender(self, name: str, *commands: list[str], prepare: object = None) -> Contender:
        """A contender in this place."""
        return Contender(
            name=name,
            commands=commands,
            directory=self.project,
            environment=self.environment,
            prepare=prepare if callable(prepare) else lambda: None,
        )

    def solver(self, channel: LocalChannel, *specs: str) -> Contender:
        """A whole process that solves with pyve's engine."""
        work = self.home / "work"
        work.mkdir(exist_ok=True)
        python, cache = str(self.tools / "bin" / "python"), str(self.home / "solve-cache")
        command = [python, "-c", SOLVE, channel.url, cache, str(work), host_subdir(), *specs]
        return self.contender("pyve's engine", command)

    def by_micromamba(self, channel: LocalChannel, *specs: str, solve_only: bool = False) -> Contender | None:
        """Micromamba doing the same, where there is one."""
        if self.micromamba is None:
            return None
        prefix = str(self.home / "by-micromamba")
        command = [self.micromamba, "create", "-y", "-q", "-p", prefix, "--no-rc", "--no-pyc", "--override-channels"]
        command += ["-r", str(self.home / "mamba"), "-c", channel.url, *(["--dry-run"] if solve_only else []), *specs]
        return self.contender("micromamba create", command, prepare=lambda: self.clear("by-micromamba"))


def build_rows(bench: Bench) -> Iterator[Row]:
    """All rows; where there is no micromamba, its rows are measured against another peer or against python itself."""
    pyve, python, uv = (str(bench.tools / "bin" / name) for name in ("pyve", "python", "uv"))
    channel = LocalChannel(path=bench.channel_directory, subdir=host_subdir())
    target = str(bench.home / "by-uv")
    wheels = str(bench.home / "wheels")
    by_uv = bench.contender(
        "uv venv + uv pip install",
        [uv, "venv", "-q", target],
        [uv, "pip", "install", "-q", "--offline", "--no-index", "-f", wheels, "--python", target, *WHEELS],
        prepare=lambda: bench.clear("by-uv"),
    )
    start = bench.contender("python -c pass", [python, "-c", "pass"])
    init = bench.contender("pyve init", [pyve, "init", "-q"], prepare=bench.forget)
    what = f"create, warm, {len(WHEELS) + 1} packages"
    mamba = bench.by_micromamba(channel, "python", *WHEELS)
    if mamba is not None:
        yield Row(what=what, pyve=init, peer=mamba, most=600, ratio=1)
    yield Row(what=what, pyve=init, peer=by_uv, most=600)
    known = bench.contender("pyve sync", [pyve, "sync", "-q"], prepare=bench.switch_manifest)
    known.run(), known.run()  # both declarations are known from here on
    yield Row(what="back to a known declaration", pyve=known, peer=start, most=250)
    yield Row(what="nothing to do", pyve=bench.contender("pyve init", [pyve, "init", "-q"]), peer=start, most=250)
    yield Row(what="run", pyve=bench.contender("pyve run true", [pyve, "run", "true"]), peer=start, ratio=2)
    for names, records, most in ((2_000, "20k", 1000.0), (20_000, "200k", None)):
        large = make_synthetic_channel(bench.home / f"synthetic-{names}", names=names)
        specs = (*random_names(large, random.Random(7), 5), "python")
        solver = bench.solver(large, *specs)
        peer = bench.by_micromamba(large, *specs, solve_only=True)
        yield Row(what=f"solve, {records} records", pyve=solver, peer=peer or start, most=most)


def main() -> None:
    """Measure, print, and with --write put the table into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9, help="pairs for each row")
    parser.add_argument("--write", action="store_true", help="put the table into docs/explanation/performance.md")
    arguments = parser.parse_args()
    bench = Bench(CHECKOUT / ".cache" / "benchmarks-conda")
    bench.prepare()
    lines = list(HEAD)
    for row in build_rows(bench):
        lines.append(measure(row, runs=arguments.runs))
        print(lines[-1], flush=True)
    size = sum(path.stat().st_size for path in bench.home.glob("project/.pyve/env/**/*") if path.is_file())
    head = f"The created environment holds {size / 1e6:.0f} MB; medians of {arguments.runs} pairs"
    head += "." if bench.micromamba else "; no micromamba was there to compare with."
    table = "\n".join([head, "", *lines])
    print("\n" + table)
    if arguments.write:
        put_into_page(table, begin=BEGIN)


if __name__ == "__main__":
    main()
