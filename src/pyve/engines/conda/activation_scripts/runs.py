"""One run of the scripts of a conda prefix in a clean shell, and what the shell held before and after."""

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyve.project.some_names import show_some
from pyve.system.bundled_files import find_bundled_file
from pyve.system.process_group import run_group

_SEEN_BY_BASH = ("functions", "aliases", "completions", "traps", "options", "umask", "jobs", "separators")
# What bash itself sets and changes without being asked.
_OWN_NAMES = frozenset(
    (
        *("REPLY", "OPTARG", "OPTIND", "OPTERR", "MAPFILE", "COPROC", "COLUMNS", "LINES", "FUNCNAME", "PIPESTATUS"),
        *("SECONDS", "RANDOM", "SRANDOM", "LINENO", "DIRSTACK", "GROUPS", "EPOCHSECONDS", "EPOCHREALTIME", "HISTCMD"),
        "OLDPWD",
    )
)


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The shell that runs scripts: bash, or where there is none a plain sh, of which only variables are seen."""

    path: Path
    is_bash: bool


@dataclass(frozen=True, kw_only=True)
class CleanRun:
    """What a run starts with. In `folder`, its own, its working directory and its notes are made."""

    shell: Shell
    environment: Mapping[str, str]
    folder: Path
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A shell before and after scripts: exported variables; what else they left in it, in words; who failed."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    remains: tuple[str, ...] = ()
    failed: tuple[Path, ...] = ()
    changed_directory: bool = False


class ScriptStoppedError(Exception):
    """A script ended the shell, or did not end; `why` is the end of a sentence about it."""

    def __init__(self, script: Path, why: str) -> None:
        super().__init__(why)
        self.script = script
        self.why = why


def find_shell_for_scripts(environment: Mapping[str, str]) -> Shell | None:
    """bash, else sh, from an absolute directory on PATH; None when there is neither."""
    path = os.pathsep.join(entry for entry in _search_path(environment) if os.path.isabs(entry))
    for name in ("bash", "sh"):
        found = shutil.which(name, path=path)
        if found:
            return Shell(path=Path(found), is_bash=name == "bash")
    return None


def observe_scripts(scripts: Sequence[Path], run: CleanRun) -> Observation:
    """Source `scripts`, in this order, in one shell. Raises ScriptStoppedError, and OSError where no shell starts."""
    notes, directory = run.folder / "notes", run.folder / "directory"
    notes.mkdir(parents=True)
    directory.mkdir()
    watcher = find_bundled_file("shell", "bash", f"watch-scripts.{'bash' if run.shell.is_bash else 'sh'}")
    options = ["--noprofile", "--norc"] if run.shell.is_bash else []
    deadline = time.monotonic() + run.seconds

    def give_up() -> None:
        if time.monotonic() > deadline:
            raise TimeoutError

    try:
        status = run_group(
            [run.shell.path, *options, watcher, notes, directory, *scripts],
            output=Path(os.devnull),
            errors=Path(os.devnull),
            environment=run.environment,
            on_wait=give_up,
        )
    except TimeoutError:
        raise ScriptStoppedError(_script_under_way(notes, scripts), f"it takes over {run.seconds:g} seconds") from None
    if not (notes / "ended").exists():
        raise ScriptStoppedError(_script_under_way(notes, scripts), f"it ends the shell (exit status {status})")
    return _read_observation(notes, run.shell)


def _search_path(environment: Mapping[str, str]) -> list[str]:
    return [*environment.get("PATH", "").split(os.pathsep), *os.defpath.split(os.pathsep)]


def _script_under_way(notes: Path, scripts: Sequence[Path]) -> Path:
    """The script that the shell was in; the last one when it had got through them."""
    try:
        name = os.fsdecode((notes / "under-way").read_bytes())
    except FileNotFoundError:
        name = ""
    return next((script for script in scripts if os.fspath(script) == name), scripts[-1])


def _read_observation(notes: Path, shell: Shell) -> Observation:
    before, after = _read_variables(notes / "before-exported"), _read_variables(notes / "after-exported")
    failed = tuple(Path(os.fsdecode(name)) for name in _read_texts(notes / "failed"))
    if not shell.is_bash:
        no_bash = ("can be told by bash alone, which is not here",)
        return Observation(before=before, after=after, remains=no_bash, failed=failed)
    was, is_now = _read_shell(notes / "before-shell"), _read_shell(notes / "after-shell")
    return Observation(
        before=before,
        after=after,
        remains=tuple(_tell_remains(was, is_now, exported={*before, *after})),
        failed=failed,
        changed_directory=was["directory"] != is_now["directory"],
    )


def _tell_remains(was: Mapping[str, str], is_now: Mapping[str, str], *, exported: set[str]) -> list[str]:
    """What scripts left in the shell beside exported variables; names with an underscore first are their own affair."""
    told = []
    functions = _new_names(was["functions"], is_now["functions"])
    if functions:
        told.append(f"define functions ({show_some(functions)})")
    names = [
        name
        for name in _new_names(was["names"], is_now["names"])
        if name not in exported and name not in _OWN_NAMES and not name.startswith("BASH_")
    ]
    if names:
        told.append(f"set variables that they do not export ({show_some(names)})")
    words = {
        "aliases": "define aliases",
        "completions": "define completions",
        "traps": "set traps",
        "options": "change options of the shell",
        "umask": "change the umask",
        "jobs": "start programs in the background",
        "separators": "change IFS",
    }
    return [*told, *(text for kind, text in words.items() if was[kind] != is_now[kind])]


def _new_names(was: str, is_now: str) -> list[str]:
    return sorted(name for name in {*is_now.split()} - {*was.split()} if not name.startswith("_"))


def _read_variables(file: Path) -> dict[str, str]:
    pairs = (os.fsdecode(text).partition("=") for text in _read_texts(file))
    return {name: value for name, _, value in pairs}


def _read_shell(file: Path) -> dict[str, str]:
    pairs = (os.fsdecode(text).partition(" ") for text in _read_texts(file))
    return {**dict.fromkeys((*_SEEN_BY_BASH, "names", "directory"), ""), **{kind: value for kind, _, value in pairs}}


def _read_texts(file: Path) -> list[bytes]:
    """The texts in a file that the watcher wrote, each ended by a NUL; none when it wrote none."""
    try:
        return file.read_bytes().split(b"\0")[:-1]
    except FileNotFoundError:
        return []
