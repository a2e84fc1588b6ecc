"""One build in a process of its own, so that it can be killed, or run beside others.

`python -m tests.support.conda_build_process` takes a BuildProcess as JSON and prints one line: `built`, or the code of
the failure.
"""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pyve.engines.conda.choice import EngineChoice, open_engine
from pyve.engines.conda.engine import EngineSurroundings, PrefixRequest
from pyve.environments.progress import report_nothing
from pyve.errors import PyveError
from tests.support.conda_channel import LocalChannel, host_subdir

CHECKOUT = Path(__file__).resolve().parents[2]
MARK = "MARK_OF_A_BUILD"


@dataclass(frozen=True, kw_only=True)
class BuildProcess:
    """What is built, with which engine, and where; `source` is what the channel is fetched from."""

    engine: str
    micromamba: str | None
    channel: str
    source: str | None
    names: tuple[str, ...]
    prefix: str
    cache: str
    folder: str

    def start(self, environment: Mapping[str, str], *, mark: str = "") -> "subprocess.Popen[str]":
        """Start it, in a session of its own, with `mark` in its environment."""
        command = [sys.executable, "-m", "tests.support.conda_build_process", json.dumps(asdict(self))]
        return subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={**environment, MARK: mark, "PYTHONPATH": os.fspath(CHECKOUT)},
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def run(self) -> None:
        """Build here."""
        folder = Path(self.folder)
        (folder / "work").mkdir(parents=True, exist_ok=True)
        surroundings = EngineSurroundings(
            cache_directory=Path(self.cache),
            environment=dict(os.environ),
            log=folder / "engine.log",
            work_directory=folder / "work",
            micromamba=Path(self.micromamba) if self.micromamba else None,
        )
        channel = LocalChannel(path=Path(self.channel), subdir=host_subdir())
        engine = open_engine(EngineChoice(name=self.engine, reason="the test asks for it"), surroundings)
        request = PrefixRequest(
            packages=tuple(channel.package(name) for name in self.names),
            prefix=Path(self.prefix),
            subdir=channel.subdir,
            channels=(channel.as_channel(source=self.source),),
        )
        try:
            engine.build(request, report_nothing)
        finally:
            engine.close()


def new_mark() -> str:
    """A mark that no other process has: for an environment, and for the folder that is built in."""
    return uuid.uuid4().hex


def find_marked(mark: str) -> list[int]:
    """The processes that run with this mark, in their environment or in a path that they were called with (Linux)."""
    found = []
    for directory in Path("/proc").iterdir():
        if not directory.name.isdecimal() or int(directory.name) == os.getpid():
            continue
        try:
            told = (directory / "environ").read_bytes() + (directory / "cmdline").read_bytes()
        except OSError:
            continue
        if mark.encode() in told and not _is_dead(directory):
            found.append(int(directory.name))
    return found


def _is_dead(directory: Path) -> bool:
    try:
        state = (directory / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


def main() -> None:
    """Build what the first argument says."""
    document = json.loads(sys.argv[1])
    document["names"] = tuple(document["names"])
    try:
        BuildProcess(**document).run()
    except PyveError as error:
        sys.stderr.write(f"{error}\n")
        sys.stdout.write(f"{error.code}\n")
    else:
        sys.stdout.write("built\n")


if __name__ == "__main__":
    main()
