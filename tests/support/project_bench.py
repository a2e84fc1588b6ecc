"""One project on its bench: the installed command line, an index of made-up packages, and looks into it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.package_index import PackageIndex

TIMEOUT_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What one run of the command line gave."""

    command: tuple[str, ...]
    exit_status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout; fails when there is anything else."""
        return json.loads(self.stdout)

    @property
    def data(self) -> Any:
        """What the document carries."""
        return self.json["data"]

    @property
    def code(self) -> str:
        """The code of the one problem in the document."""
        (problem,) = self.json["problems"]
        return str(problem["code"])


@dataclass(frozen=True, kw_only=True)
class ProjectBench:
    """A project directory, the variables pyve is started with, and the index its packages come from."""

    project: Path
    home: Path
    environment: Mapping[str, str]
    index: PackageIndex

    def at(self, project: Path) -> "ProjectBench":
        """The same bench for another project directory, made when missing."""
        project.mkdir(parents=True, exist_ok=True)
        return ProjectBench(project=project, home=self.home, environment=self.environment, index=self.index)

    def run(
        self,
        *arguments: str,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        prefix: tuple[str, ...] = (),
    ) -> Ran:
        """Run `pyve ARGUMENTS` without a terminal, behind the words of `prefix`; no traceback may come of it."""
        finished = subprocess.run(
            [*prefix, *self.command(*arguments)],
            cwd=cwd or self.project,
            env=self.variables(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        assert "Traceback" not in finished.stderr, finished.stderr
        return Ran(command=arguments, exit_status=finished.returncode, stdout=finished.stdout, stderr=finished.stderr)

    def ok(self, *arguments: str, cwd: Path | None = None, env: Mapping[str, str | None] | None = None) -> Ran:
        """Run, and it must end with 0."""
        ran = self.run(*arguments, cwd=cwd, env=env)
        assert ran.exit_status == 0, (ran.stdout, ran.stderr)
        return ran

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[str]":
        """Start `pyve ARGUMENTS` and do not wait for it."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        settings: dict[str, Any] = {"cwd": self.project, "env": self.variables(), "encoding": "utf-8", **pipes}
        return subprocess.Popen(self.command(*arguments), **{**settings, **options})

    @staticmethod
    def command(*arguments: str) -> list[str]:
        """The words that start pyve."""
        return [sys.executable, "-m", "pyve", *arguments]

    def variables(self, changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
        """The variables pyve is started with; None takes a name out."""
        joined = {**os.environ, **self.environment, **(changes or {})}
        return {name: value for name, value in joined.items() if value is not None}

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return path

    def require(self, *lines: str) -> Path:
        """Write requirements.txt."""
        return self.write("requirements.txt", "".join(f"{line}\n" for line in lines))

    def declare(self, *specs: str, channels: tuple[str, ...] = ("conda-forge",), more: str = "") -> Path:
        """Write environment.yml; `more` is put behind the dependencies as it is."""
        lines = ["channels:", *(f"  - {channel}" for channel in channels), "dependencies:"]
        lines += [f"  - {spec}" for spec in specs]
        return self.write("environment.yml", "\n".join(lines) + "\n" + more)

    def init(self, *lines: str) -> Path:
        """Write requirements.txt, run init, and return the environment that is in use."""
        self.require(*lines)
        self.ok("init")
        return self.in_use()

    def git(self, *arguments: str) -> str:
        """What git prints."""
        return subprocess.run(
            ["git", *arguments], cwd=self.project, env=self.variables(), capture_output=True, text=True, check=True
        ).stdout

    @property
    def state(self) -> Path:
        """The folder of the project's state."""
        drive = self.project.drive.rstrip(":")  # Windows: its letter is the first folder
        inside = self.project.relative_to(self.project.anchor)
        return self.home / ".local" / "state" / "pyve" / "projects" / drive / inside / "@state"

    def environments(self) -> list[str]:
        """The names of what lies in .pyve/envs."""
        folder = self.project / ".pyve" / "envs"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def records(self) -> list[str]:
        """The names of the environments that have a record."""
        return sorted(path.stem for path in (self.state / "records").glob("*.json"))

    def marks(self) -> list[str]:
        """The names of the environments that are marked as unfinished (a mark half written when killed is none)."""
        folder = self.state / "builds"
        return sorted(path.name for path in folder.glob("[!.]*"))

    def in_use(self) -> Path:
        """The environment that a command is given."""
        return Path(self.ok("run", "python", "-c", "import sys; print(sys.prefix)").stdout.strip())

    def installed(self) -> dict[str, str]:
        """Name -> version of what is in the environment in use, without pip."""
        code = "import importlib.metadata as m; [print(d.name, d.version) for d in m.distributions()]"
        lines = self.ok("run", "--", "python", "-c", code).stdout.splitlines()
        return {name: version for name, version in (line.split() for line in lines) if name != "pip"}
