"""What else decides which programs a shell finds, examined: other tools that activate, and PATH."""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyve.project.some_names import show_some
from pyve.verbs.checks.findings import Finding, found
from pyve.verbs.situation import Situation

_STARTUP_FILES = (
    *(".bashrc", ".bash_profile", ".profile", ".zshrc", ".zprofile", ".zshenv"),
    *(".config/fish/config.fish", ".config/powershell/profile.ps1"),
)
_STARTED_BY: Mapping[str, re.Pattern[str]] = {
    "direnv": re.compile(r"^[^#\n]*\bdirenv hook\b", re.MULTILINE),
    "mise": re.compile(r"^[^#\n]*\bmise activate\b", re.MULTILINE),
    "conda": re.compile(r"^[^#\n]*\b(conda|mamba)\b.*\bshell\.?\w*\b.*\bhook\b", re.MULTILINE),
    "pyenv-virtualenv": re.compile(r"^[^#\n]*\bpyenv virtualenv-init\b", re.MULTILINE),
}
_BASE_IS_OFF = re.compile(r"^\s*auto_activate(_base)?\s*:\s*(false|no|off)\b", re.MULTILINE | re.IGNORECASE)


def examine_other_activators(situation: Situation) -> Iterator[Finding]:
    """Tools that change PATH at the prompt too: those of this shell, and those that startup files name."""
    environment = situation.environment
    named = {
        tool: file
        for tool, pattern in _STARTED_BY.items()
        for file in reversed(_STARTUP_FILES)
        if pattern.search(_read(situation.home / file))
    }
    if "direnv" in named or environment.get("DIRENV_DIR"):
        message = f"direnv is active{_where('direnv', named)}; where a project has an .envrc, both change PATH there."
        yield found("other-activator", message, hint="keep one of the two in each project")
    if "mise" in named or environment.get("__MISE_DIFF") or environment.get("MISE_SHELL"):
        message = f"mise is active{_where('mise', named)}; a Python of its own may come before the environment's."
        yield found("other-activator", message, hint="load the hook of pyve after mise")
    if _has_base_active(environment) or ("conda" in named and not _is_base_off(situation.home)):
        message = f"conda activates its base environment in each shell{_where('conda', named)}."
        yield found("other-activator", message, hint="conda config --set auto_activate_base false")
    if "pyenv-virtualenv" in named or environment.get("PYENV_VIRTUALENV_INIT"):
        told = _where("pyenv-virtualenv", named)
        message = f"pyenv-virtualenv activates environments at each prompt{told}, and starts processes for it."
        yield found("other-activator", message, hint="take `pyenv virtualenv-init` out of the startup file")


def examine_path(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether a directory is on PATH more than once."""
    counted = Counter(entry for entry in environment.get("PATH", "").split(os.pathsep) if entry)
    again = [entry for entry, count in counted.items() if count > 1]
    if again:
        message = f"On PATH more than once: {show_some(again)}; only the first counts."
        yield found("path-entry-duplicate", message, hint="look for what adds it in the startup files")


def _has_base_active(environment: Mapping[str, str]) -> bool:
    return environment.get("CONDA_SHLVL") == "1" and environment.get("CONDA_DEFAULT_ENV") == "base"


def _is_base_off(home: Path) -> bool:
    return any(_BASE_IS_OFF.search(_read(home / name)) for name in (".condarc", ".config/conda/.condarc"))


def _where(tool: str, named: Mapping[str, str]) -> str:
    return f" (~/{named[tool]})" if tool in named else ""


def _read(file: Path) -> str:
    return file.read_text("utf-8", "replace") if file.is_file() else ""
