"""Measure pyve against its peers and print one table of ratios (benchmarks/README.md)."""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from measured_row import HEAD, Row, measure, put_into_page
from paired import Contender

CHECKOUT = Path(__file__).resolve().parent.parent
BEGIN = "<!-- benchmark table -->"
PINS = ("requests==2.32.3", "flask==3.0.3", "rich==13.9.4", "click==8.1.7", "packaging==24.1")
OTHER_PINS = (*PINS[:-1], "packaging==24.0")


class Bench:
    """The sealed place where everything runs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.tools = home / "tools"
        self.project = home / "project"
        self.environment = {
            "HOME": str(home),
            "PATH": f"{self.scripts}{os.pathsep}{os.defpath}",
            **{name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_"))},
        }

    @property
    def scripts(self) -> Path:
        """Where the peers' commands are."""
        return self.tools / ("Scripts" if sys.platform == "win32" else "bin")

    def tool(self, name: str) -> str:
        """The absolute path of a command."""
        return str(self.scripts / name)

    def prepare(self) -> None:
        """Install pyve and its peers, compiled, and write the projects."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.project.mkdir(parents=True)
        (self.project / "requirements.txt").write_text("\n".join(PINS) + "\n", encoding="utf-8")
        venv.create(self.tools, with_pip=True)
        python = self.tool("python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        peers = [str(CHECKOUT), "virtualenv", "hatch"]
        command = [self.tool("uv"), "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *peers]
        subprocess.run(command, check=True)
        hatch_project = self.home / "hatch"
        hatch_project.mkdir()
        pyproject = '[project]\nname = "empty"\nversion = "1"\n[tool.hatch.envs.default]\nskip-install = true\n'
        (hatch_project / "pyproject.toml").write_text(pyproject, encoding="utf-8")

    def contender(
        self, name: str, *commands: list[str], directory: Path | None = None, prepare: object = None
    ) -> Contender:
        """A contender in this place."""
        return Contender(
            name=name,
            commands=commands,
            directory=directory or self.project,
            environment=self.environment,
            prepare=prepare if callable(prepare) else lambda: None,
        )

    def forget(self) -> None:
        """As if pyve had never seen the project; the caches stay warm."""
        for path in (self.project / ".pyve", self.home / ".local" / "state" / "pyve"):
            shutil.rmtree(path, ignore_errors=True)
        (self.project / ".venv").unlink(missing_ok=True)

    def clear(self, name: str) -> None:
        """Remove a peer's environment."""
        shutil.rmtree(self.home / name, ignore_errors=True)

    def switch_requirements(self) -> None:
        """The other branch's requirements, in the same file."""
        path = self.project / "requirements.txt"
        now = path.read_text(encoding="utf-8")
        pins = OTHER_PINS if now == "\n".join(PINS) + "\n" else PINS
        path.write_text("\n".join(pins) + "\n", encoding="utf-8")


def build_rows(bench: Bench) -> list[Row]:
    """All rows, in the order of the contract."""
    pyve, uv, python = bench.tool("pyve"), bench.tool("uv"), bench.tool("python")
    base = os.path.realpath(sys.executable)
    requirements = str(bench.project / "requirements.txt")
    one, two, three = (str(bench.home / name) for name in ("by-uv", "by-venv", "by-virtualenv"))
    init = bench.contender("pyve init", [pyve, "init", "-q"], prepare=bench.forget)
    known = bench.contender("pyve sync", [pyve, "sync", "-q"], prepare=bench.switch_requirements)
    start = bench.contender("python -c pass", [python, "-c", "pass"])

    def peer_python(prefix: str) -> str:
        return str(Path(prefix) / ("Scripts" if sys.platform == "win32" else "bin") / "python")

    by_uv = bench.contender(
        "uv venv --seed + uv pip install",
        [uv, "venv", "-q", "--seed", "--python", base, one],
        [uv, "pip", "install", "-q", "--python", peer_python(one), "-r", requirements],
        prepare=lambda: bench.clear("by-uv"),
    )
    by_venv = bench.contender(
        "python -m venv + pip install",
        [base, "-m", "venv", two],
        [peer_python(two), "-m", "pip", "install", "-q", "-r", requirements],
        prepare=lambda: bench.clear("by-venv"),
    )
    by_virtualenv = bench.contender(
        "virtualenv + pip install",
        [bench.tool("virtualenv"), "-q", "-p", base, three],
        [peer_python(three), "-m", "pip", "install", "-q", "-r", requirements],
        prepare=lambda: bench.clear("by-virtualenv"),
    )
    run = bench.contender("pyve run true", [pyve, "run", "true"])
    return [
        Row(what="init, 5 pins, warm caches", pyve=init, peer=by_uv, ratio=1.5),
        Row(what="init, 5 pins, warm caches", pyve=init, peer=by_venv, ratio=1 / 8, runs_factor=0.4),
        Row(what="init, 5 pins, warm caches", pyve=init, peer=by_virtualenv, runs_factor=0.4),
        Row(what="back to a known declaration", pyve=known, peer=by_uv, most=250),
        Row(what="run", pyve=run, peer=start, ratio=2),
        Row(
            what="run",
            pyve=run,
            peer=bench.contender("uv run --no-sync true", [uv, "run", "--no-sync", "--no-project", "true"]),
            ratio=1.6,
        ),
        Row(
            what="run",
            pyve=run,
            peer=bench.contender(
                "hatch run true", [bench.tool("hatch"), "run", "true"], directory=bench.home / "hatch"
            ),
            ratio=1,
        ),
        Row(what="version", pyve=bench.contender("pyve --version", [pyve, "--version"]), peer=start, ratio=2),
        Row(
            what="status",
            pyve=bench.contender("pyve status", [pyve, "status", "--json"]),
            peer=bench.contender("uv pip list", [uv, "pip", "list", "--python", str(bench.project / ".venv")]),
            most=150,
        ),
    ]


def describe_machine(bench: Bench, *, runs: int) -> str:
    """One sentence on where and with what the table was made."""
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = f"{len(names)} x {names[0]}" if names else model
    versions = subprocess.run(
        [bench.tool("uv"), "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return f"{model}, {platform.system()}, Python {platform.python_version()}, {versions}; medians of {runs} pairs."


def main() -> None:
    """Measure, print, and with --write put the table into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="pairs for each row")
    parser.add_argument("--write", action="store_true", help="put the table into docs/explanation/performance.md")
    arguments = parser.parse_args()
    bench = Bench(CHECKOUT / ".cache" / "benchmarks")
    bench.prepare()
    lines = list(HEAD)
    for row in build_rows(bench):
        lines.append(measure(row, runs=arguments.runs))
        print(lines[-1], flush=True)
    table = "\n".join([describe_machine(bench, runs=arguments.runs), "", *lines])
    print("\n" + table)
    if arguments.write:
        put_into_page(table, begin=BEGIN)


if __name__ == "__main__":
    main()
