"""What the activate.d scripts of a conda prefix do, found by running them in two clean shells that differ.

They come from the packages that the user asked for. They are run at a build and by a command that was typed, never
because a prompt is shown.
"""

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.engines.conda.activation_scripts.effects import KEPT_BY_SHELLS, ScriptEffects
from pyve.engines.conda.activation_scripts.runs import (
    CleanRun,
    Observation,
    ScriptStoppedError,
    Shell,
    find_shell_for_scripts,
    observe_scripts,
)
from pyve.environments.changes import EnvironmentChanges
from pyve.environments.conda_entry import make_entry
from pyve.environments.conda_facts import ScriptFacts
from pyve.environments.prefix_scripts import ENDINGS, digest_scripts, find_scripts, name_script
from pyve.project.variable_risks import is_variable_name

SECONDS = 10.0  # a script that takes as long at every cd is none that a shell can wait for
_MOST_STOPPED = 3
_NAME, _OTHER_NAME = "pyve-environment-one", "pyve-environment-other"  # told from any text that scripts bring
_UNSET = re.compile(r"\bunset[ \t]+(?:-v[ \t]+)?([A-Z_][A-Z0-9_]*(?:[ \t]+[A-Z_][A-Z0-9_]*)*)")


def run_scripts_once(
    prefix: Path,
    variables: Mapping[str, str],
    *,
    environment: Mapping[str, str],
    work_directory: Path,
    seconds: float = SECONDS,
    windows: bool = sys.platform == "win32",
) -> tuple[ScriptFacts, tuple[str, ...]]:
    """What the scripts of `prefix` do, and sentences about what a person should know of them.

    `variables` are those that entering sets beside. `work_directory` is private; what is made in it, is removed. Each
    run may take `seconds`. On Windows nothing is run: those scripts are for three shells that share no paths.
    """
    digest = digest_scripts(prefix)
    entering = find_scripts(prefix, "activate", "sh")
    shell = find_shell_for_scripts(environment) if entering and not windows else None
    if shell is None:
        unseen = "they can only be run by a shell of POSIX, which is not here to find out what they do"
        reason = unseen if entering else _tell_why_sourced_unseen(prefix)
        told = _tell_without_hook(prefix) if windows else ()
        return ScriptFacts(digest=digest, reason=reason), (*_tell_sourced(reason), *told)
    trial = _Trial(
        prefix=prefix,
        changes=make_entry(prefix, variables, ScriptFacts(), name=_NAME),
        shell=shell,
        environment=environment,
        folder=work_directory / "scripts",
        seconds=seconds,
    )
    try:
        return trial.find_facts(entering, digest=digest)
    finally:
        shutil.rmtree(trial.folder, ignore_errors=True)


def _tell_why_sourced_unseen(prefix: Path) -> str:
    """Why shells have to source, where there is no script that could be run to see what it does; empty when not."""
    for ending in ENDINGS:
        if ending != "sh" and find_scripts(prefix, "activate", ending):
            return f"they are made for one shell alone (.{ending})"
    leaving = any(find_scripts(prefix, "deactivate", ending) for ending in ENDINGS)
    return "they act on leaving" if leaving else ""


def _tell_without_hook(prefix: Path) -> tuple[str, ...]:
    """A sentence about the scripts for cmd.exe, where PowerShell, which has a hook, has no twin of them."""
    twins = {script.stem for script in find_scripts(prefix, "activate", "ps1")}
    names = [name_script(script) for script in find_scripts(prefix, "activate", "bat") if script.stem not in twins]
    if not names:
        return ()
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return (f"Nothing runs the activation scripts of packages that are for cmd.exe alone ({shown}).",)


def _tell_sourced(reason: str) -> tuple[str, ...]:
    if not reason:
        return ()
    return (f"Shells source the activation scripts of packages themselves, since {reason}.",)


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """The means to run the scripts of one prefix."""

    prefix: Path
    changes: EnvironmentChanges
    shell: Shell
    environment: Mapping[str, str]
    folder: Path
    seconds: float

    def find_facts(self, entering: tuple[Path, ...], *, digest: str) -> tuple[ScriptFacts, tuple[str, ...]]:
        """Run what can be run; scripts that stop the shell are left out, and the others run again."""
        stopped: list[ScriptStoppedError] = []
        leaving = find_scripts(self.prefix, "deactivate", "sh")
        facts = ScriptFacts(digest=digest)
        notes: tuple[str, ...] = ()
        while len(stopped) < _MOST_STOPPED:
            try:
                left_out = [one.script for one in stopped]
                facts, notes = self._try([script for script in entering if script not in left_out], digest=digest)
                if facts.reason:  # then they are sourced on leaving too
                    self._observe([script for script in (*entering, *leaving) if script not in left_out])
                break
            except ScriptStoppedError as error:
                stopped.append(error)
        names = tuple(name_script(one.script) for one in stopped)
        if len(stopped) == _MOST_STOPPED:
            facts, notes = ScriptFacts(digest=digest), ("No activation script of packages is used: too many fail.",)
        told = [f"The script {name} is left out: {one.why}." for name, one in zip(names, stopped, strict=True)]
        return replace(facts, left_out=names), (*told, *notes)

    def _try(self, scripts: Sequence[Path], *, digest: str) -> tuple[ScriptFacts, tuple[str, ...]]:
        if not scripts:
            return ScriptFacts(digest=digest), ()
        one = self._observe(scripts)
        presets = self._choose_presets(one, scripts)
        other = self._observe(scripts, presets=presets)
        effects = ScriptEffects(one=one, other=other, presets=presets, home=self.environment.get("HOME", ""))
        reason = "; ".join(effects.tell_reasons())
        facts = ScriptFacts(
            digest=digest,
            set=effects.variables(),
            unset=effects.unset(),
            prepend_path=effects.prepended(),
            reason=f"they {reason}" if reason else "",
        )
        return facts, (*effects.tell_notes(), *_tell_sourced(facts.reason))

    def _observe(self, scripts: Sequence[Path], *, presets: Mapping[str, str] | None = None) -> Observation:
        """A run in the first of two surroundings, or with `presets` in the second, which has all else otherwise."""
        shutil.rmtree(self.folder, ignore_errors=True)
        run, is_other = self.folder / ("one" if presets is None else "other"), presets is not None
        for name in ("home", "temporary"):
            (run / name).mkdir(parents=True)
        tail = ["/usr/local/bin", "/usr/bin", "/bin"] if is_other else ["/usr/bin", "/bin", os.fspath(run / "tail")]
        return observe_scripts(
            scripts,
            CleanRun(
                shell=self.shell,
                environment={
                    **{name: self.environment[name] for name in ("USER", "LOGNAME") if name in self.environment},
                    "HOME": os.fspath(run / "home"),
                    "TMPDIR": os.fspath(run / "temporary"),
                    "TERM": "xterm-256color" if is_other else "dumb",
                    "SHLVL": "4" if is_other else "1",
                    **({"LANG": "C", "SOMETHING_ELSE": "1"} if is_other else {}),
                    **(presets or {}),
                    **self.changes.set,
                    "CONDA_DEFAULT_ENV": _OTHER_NAME if is_other else _NAME,
                    "CONDA_PROMPT_MODIFIER": f"({_OTHER_NAME if is_other else _NAME}) ",
                    **({"CONDA_SHLVL": "2", "CONDA_PREFIX_1": "/other"} if is_other else {"CONDA_SHLVL": "1"}),
                    "PATH": os.pathsep.join([*self.changes.prepend_path, *tail]),
                },
                folder=run,
                seconds=self.seconds,
            ),
        )

    def _choose_presets(self, one: Observation, scripts: Sequence[Path]) -> dict[str, str]:
        """Earlier values, for the second run, of what the first one set and of what the scripts unset."""
        names = [name for name, value in one.after.items() if one.before.get(name) != value]
        for script in scripts:
            for match in _UNSET.finditer(script.read_bytes().decode("utf-8", "replace")):
                names += match[1].split()
        return {
            name: f"earlier value of {name}"
            for name in names
            if name not in one.before and name not in KEPT_BY_SHELLS and is_variable_name(name)
        }
