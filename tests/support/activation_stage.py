"""State made by hand: what pyve writes for hooks, so that a scenario can say exactly what is there."""

import os
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.activation.dialects import DIALECTS
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.hook import render_hook
from pyve.activation.snippet import Snippet, render_snippet
from pyve.environments.generation import begin_generation
from pyve.errors import InstallationDamagedError

SECONDS_APART = 10


def mirror(state: Path, root: Path | str) -> Path:
    """Where the state directory keeps what is known of a directory."""
    parts = ["@" + part if part.startswith("@") else part for part in os.fspath(root).split("/") if part]
    return state.joinpath("projects", *parts)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A user's state directory, and a stand-in for pyve that notes how it was called."""

    state: Path
    command: Path
    calls: Path

    @classmethod
    def build(cls, folder: Path) -> "Stage":
        """A state directory below `folder`, with a hook for every dialect that has one."""
        stage = cls(state=folder / "state of mine", command=folder / "bin of mine" / "pyve", calls=folder / "calls")
        stage.state.mkdir(parents=True, mode=0o700)
        stage.command.parent.mkdir(parents=True)
        stage.answer("exit 1")
        stage.bump_generation()
        for dialect in DIALECTS.values():
            try:
                hook = render_hook(dialect, state_directory=str(stage.state), command=[str(stage.command), "a b"])
            except InstallationDamagedError:
                continue
            stage.hook(dialect).write_bytes(hook)
        return stage

    def hook(self, dialect: Dialect) -> Path:
        """The installed hook of a shell."""
        return self.state / f"hook.{dialect.extension}"

    def answer(self, script: str) -> None:
        """What the stand-in for pyve does when it is called, in sh, besides noting its arguments."""
        note = f"for word; do printf '%s\\n' \"$word\"; done >>'{self.calls}'\necho ==== >>'{self.calls}'\n"
        self.command.write_text(f"#!/bin/sh\n{note}{script}\n", encoding="utf-8")
        self.command.chmod(0o755)

    def asked(self) -> list[list[str]]:
        """The arguments of every call so far."""
        if not self.calls.exists():
            return []
        text = self.calls.read_bytes().decode("utf-8", "surrogateescape")
        return [call.splitlines() for call in text.split("====\n") if call]

    def bump_generation(self) -> None:
        """Tell every shell that a snippet has appeared or gone."""
        begin_generation(str(self.state))

    def write(self, snippet: Snippet, *, at: Path | str | None = None) -> Snippet:
        """Write a snippet for every dialect, and its reference files; at another name of the project, if given."""
        folder = mirror(self.state, at or snippet.root)
        folder.mkdir(parents=True, exist_ok=True)
        for dialect in DIALECTS.values():
            try:
                text = render_snippet(snippet, dialect)
            except InstallationDamagedError:
                continue
            file = folder / f"@act.{dialect.extension}"
            file.with_suffix(".new").write_bytes(text)
            file.with_suffix(".new").replace(file)
        self.write_references(snippet)
        return snippet

    def write_references(self, snippet: Snippet) -> None:
        """The reference files, later than every watched file is now."""
        now = time.time()
        Path(snippet.reference).parent.mkdir(parents=True, exist_ok=True)
        for old in Path(snippet.reference).parent.glob("reference-*"):
            old.unlink()
        for path in snippet.watch:
            if os.path.exists(path):
                os.utime(path, (now - 2 * SECONDS_APART, now - 2 * SECONDS_APART))
        for suffix in ("", ".coarse"):
            file = Path(snippet.reference + snippet.serial + suffix)
            file.touch()
            os.utime(file, (now - SECONDS_APART, now - SECONDS_APART))

    def register(self, snippet: Snippet, *, at: Path | str | None = None) -> Snippet:
        """Write a snippet that was not there before."""
        self.write(snippet, at=at)
        self.bump_generation()
        return snippet

    def forget(self, root: Path) -> None:
        """What `pyve deny` or `purge` leaves of a project: nothing for hooks to find."""
        for file in mirror(self.state, root).glob("@act.*"):
            file.unlink()
        self.bump_generation()

    def describe(self, root: Path, *, name: str = "shop", watch: Sequence[str] = ("requirements.txt",)) -> Snippet:
        """The snippet of a project with a virtual environment."""
        environment = root / ".pyve" / "envs" / "1f2e3d4c-00000001"
        return Snippet(
            root=str(root),
            reference=str(mirror(self.state, root) / "@state" / "reference-"),
            probe=str(environment / "bin" / "python"),
            watch=(str(root), *(str(root / file) for file in watch)),
            bin=(str(environment / "bin"),),
            set={"VIRTUAL_ENV": str(environment), "VIRTUAL_ENV_PROMPT": name},
            unset=("PYTHONHOME",),
            prompt=f"({name}) ",
            missing="the environment of this project is not there; to make it: pyve sync",
        )

    def make_project(self, root: Path, *, name: str = "shop") -> Snippet:
        """A registered project with an environment."""
        make_environment(root)
        return self.register(self.describe(root, name=name))

    def change(self, path: Path) -> None:
        """Write to a watched file, so that it is later than the reference."""
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        assert path.stat().st_mtime > time.time() - SECONDS_APART / 2

    def say(self, snippet: Snippet, notice: str) -> Snippet:
        """The snippet with a notice."""
        return self.write(replace(snippet, notice=notice))


def make_environment(root: Path) -> Path:
    """A project's directory with a requirements file and an environment whose python is a script."""
    binaries = root / ".pyve" / "envs" / "1f2e3d4c-00000001" / "bin"
    binaries.mkdir(parents=True)
    for name in ("python", "tool"):
        script = binaries / name
        script.write_text(f"#!/bin/sh\necho the {name} of this environment\n", encoding="utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    (root / "requirements.txt").write_text("alpha\n", encoding="utf-8")
    return binaries.parent
