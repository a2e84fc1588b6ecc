"""A conda environment that stands and is in use, and whatever fails beside it: told well, and nothing is touched."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.conda_build_process import MARK, find_marked, new_mark
from tests.support.project_bench import ProjectBench

Variables = Mapping[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """How a command was refused: what JSON says of it, and what a person read."""

    exit_status: int
    code: str
    message: str
    hint: str
    told: str


@dataclass(frozen=True, kw_only=True)
class StandingEnvironment:
    """The environment in use (tiny 1.1), as it was before something failed."""

    bench: ProjectBench
    directory: Path
    before: Mapping[str, object]

    @classmethod
    def of(cls, bench: ProjectBench) -> "StandingEnvironment":
        """The one that is in use in a project, in which tiny 1.1 is."""
        directory = bench.in_use()
        assert bench.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"
        return cls(bench=bench, directory=directory, before=look_at(bench, directory))

    def refuse(self, *arguments: str, env: Variables | None = None) -> Refusal:
        """Run what must fail, as JSON and for a person, and see to it that nothing has changed. `sync` by default."""
        words = arguments or ("sync",)
        mark = new_mark()
        variables = {**(env or {}), MARK: mark}
        ran = self.bench.run(*words, "--json", env=variables)
        shown = self.bench.run(*words, env=variables)
        (problem,) = ran.json["problems"]
        refusal = Refusal(
            exit_status=ran.exit_status,
            code=problem["code"],
            message=problem["message"],
            hint=problem["hint"] or "",
            told=shown.stderr,
        )
        print(f"exit {refusal.exit_status}, {refusal.code}: {refusal.message}\nhint: {refusal.hint}\n{shown.stderr}")  # noqa: T201
        assert ran.exit_status == shown.exit_status != 0
        assert ran.json["data"] is None
        assert refusal.hint, "something can be typed"
        assert _unwrapped(refusal.hint) in _unwrapped(shown.stderr)
        assert find_marked(mark) == [], "something runs on"
        self.assert_untouched()
        return refusal

    def assert_untouched(self) -> None:
        """All of it is there as before, in use, and runs."""
        assert look_at(self.bench, self.directory) == self.before
        assert self.bench.marks() == []
        assert self.bench.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"
        assert self.bench.in_use() == self.directory


def stand(bench: ProjectBench) -> StandingEnvironment:
    """Build the environment of tiny 1.1."""
    bench.declare("python", "tiny=1.1")
    bench.ok("init")
    return StandingEnvironment.of(bench)


def look_at(bench: ProjectBench, directory: Path) -> dict[str, object]:
    """What may not change when something fails: the environment's files, and what else pyve has of the project."""
    files = {
        os.fspath(path.relative_to(directory)): (path.lstat().st_mtime_ns, path.lstat().st_size)
        for path in directory.rglob("*")
        if path.suffix != ".pyc" and path.name not in {"__pycache__", "tiny", "site-packages"}  # python adds to these
    }
    pyve = sorted(path.name for path in (bench.project / ".pyve").iterdir())
    work = bench.state / "work"
    return {
        "files": files,
        ".pyve": pyve,
        "environments": bench.environments(),
        "records": bench.records(),
        "work": sorted(path.name for path in work.iterdir()) if work.is_dir() else [],
    }


def _unwrapped(text: str) -> str:
    return " ".join(text.split())
