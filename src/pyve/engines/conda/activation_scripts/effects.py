"""What activation scripts do, from two runs in surroundings that differ: what variables can stand for, and what not."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pyve.engines.conda.activation_scripts.runs import Observation
from pyve.environments.prefix_scripts import name_script
from pyve.project.variable_risks import is_variable_name, tell_why_never

KEPT_BY_SHELLS = frozenset(("PATH", "PWD", "OLDPWD", "SHLVL", "_"))
# What packages may set, though no file of a repository may: they could bring the same in any of their programs.
_ALLOWED = ("CONDA_*", "_CONDA_*", "_CE_*", "LD_*", "DYLD_*", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS", "GCONV_PATH")
_ENTRY = ("CONDA_PREFIX*", "CONDA_SHLVL", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER", "CONDA_STACKED_*")


@dataclass(frozen=True, kw_only=True)
class ScriptEffects:
    """The two runs, compared. `home` is the person's own, to stand in values where that of a run stood."""

    one: Observation
    other: Observation
    presets: Mapping[str, str]
    home: str

    def variables(self) -> dict[str, str]:
        """The variables that a process gets which sources nothing: without what only the first run had."""
        one, other = self._set(self.one), self._set(self.other)
        found = {
            name: value if other.get(name) == value else self._adapt(value, other.get(name))
            for name, value in one.items()
            if _tell_why_left(name) is None
        }
        return {name: value for name, value in found.items() if value is not None}

    def unset(self) -> tuple[str, ...]:
        """The variables that are gone after the scripts."""
        return tuple(name for name in self._unset(self.other) if _tell_why_left(name) is None)

    def prepended(self) -> tuple[str, ...]:
        """The directories that both runs put first on PATH, and nothing else."""
        one, other = _find_prepended(self.one), _find_prepended(self.other)
        return one if one is not None and one == other else ()

    def tell_reasons(self) -> list[str]:
        """What scripts do that variables cannot stand for, each as the end of a sentence that begins with `they`."""
        reasons = list(dict.fromkeys([*self.one.remains, *self.other.remains]))
        if _find_prepended(self.one) is None or _find_prepended(self.one) != _find_prepended(self.other):
            reasons.append("change PATH otherwise than by putting the same directories first")
        depending = self._depending()
        if depending:
            reasons.append(f"depend on what a shell has already ({', '.join(depending)})")
        return reasons

    def tell_notes(self) -> list[str]:
        """What a person should know, reasons aside."""
        notes = [f"The script {name_script(script)} fails, which conda passes over." for script in self.one.failed]
        for name in dict.fromkeys([*self._set(self.one), *self._unset(self.other)]):
            why = _tell_why_left(name)
            if why is not None:
                notes.append(f"The activation scripts of packages change {name}, which is left out: {why}.")
        if self.one.changed_directory:
            notes.append("The activation scripts of packages change the working directory, which pyve does not.")
        return notes

    def _depending(self) -> list[str]:
        one, other = self._set(self.one), self._set(self.other)
        names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
        gone = {*self._unset(self.one)} ^ ({*self._unset(self.other)} - {*self.presets})
        return sorted(name for name in {*names, *gone} if _tell_why_left(name) is None)

    def _set(self, run: Observation) -> dict[str, str]:
        """What a run set, without copies of earlier values: pyve puts those back by its own record."""
        backups = {
            name
            for name, value in self.other.after.items()
            if name not in self.other.before and value in self.presets.values() and not self.one.after.get(name)
        }
        return {
            name: value
            for name, value in run.after.items()
            if run.before.get(name) != value and name not in KEPT_BY_SHELLS and name not in backups
        }

    @staticmethod
    def _unset(run: Observation) -> list[str]:
        return [name for name in run.before if name not in run.after and name not in KEPT_BY_SHELLS]

    def _adapt(self, value: str, other: str | None) -> str | None:
        """The first run's value as it is in the person's own home, None where what only that run had is in it."""
        own_home = self.one.before["HOME"]
        if own_home in value and self.home:
            value = value.replace(own_home, self.home)
            if other is not None and other.replace(self.other.before["HOME"], self.home) == value:
                return value
        own = (os.path.dirname(own_home), self.one.before["PATH"], self.one.before["CONDA_DEFAULT_ENV"])
        return None if any(text in value for text in own) else value


def _find_prepended(run: Observation) -> tuple[str, ...] | None:
    """The absolute directories that scripts put before what was on PATH; None when they changed it otherwise."""
    before, after = run.before["PATH"], run.after.get("PATH", "")
    if after == before:
        return ()
    if not after.endswith(os.pathsep + before):
        return None
    entries = after[: -len(before) - 1].split(os.pathsep)
    return tuple(entries) if all(map(os.path.isabs, entries)) else None


def _tell_why_left(name: str) -> str | None:
    """Why a variable of scripts is not handed on; None when it is."""
    if not is_variable_name(name):
        return "that is no name of a variable"
    if any(fnmatchcase(name, pattern) for pattern in _ENTRY):
        return "entering the environment sets it"
    if any(fnmatchcase(name, pattern) for pattern in _ALLOWED):
        return None
    return tell_why_never(name)
