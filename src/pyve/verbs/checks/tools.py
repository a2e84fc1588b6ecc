"""What pyve works with, examined: uv, virtualenv, its own command, interpreters, pip's configuration, variables."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyve import __version__
from pyve.engines.installer_choice import find_uv
from pyve.engines.pip_configuration import PipConfiguration, find_configuration_places, read_pip_configuration
from pyve.errors import ConfigInvalidError
from pyve.project.nearest_name import find_nearest_name
from pyve.project.some_names import show_some
from pyve.system.interpreter_index import read_index
from pyve.system.interpreter_paths import candidate_paths
from pyve.verbs.checks.findings import Fact, Finding, Part, found
from pyve.verbs.situation import Situation

_OWN_VARIABLES = (
    *("PYVE_BACKEND", "PYVE_PYTHON_VERSION", "PYVE_STATE_DIR", "PYVE_CACHE_DIR"),
    *("PYVE_CONDA_ENGINE", "PYVE_CONDA_MIRRORS", "PYVE_HTTP_TIMEOUT"),
)
# install.sh and tests/run.sh read the last two.
KNOWN_VARIABLES = (*_OWN_VARIABLES, "PYVE_INSTALL_PYTHON", "PYVE_TEST_PYTHON")


def examine_installers(environment: Mapping[str, str]) -> Iterator[Finding | Fact]:
    """uv, which is started for its version, and virtualenv, which is imported."""
    from pyve.engines.uv import read_uv_version

    yield Fact(part=Part.MACHINE, name="pyve", value=__version__)
    executable, problem = find_uv(environment)
    if executable is None:
        message = f"uv cannot run here ({problem}); packages are installed with pip, which takes longer."
        yield found("uv-missing", message, hint="pipx install uv")
    else:
        yield Fact(part=Part.MACHINE, name="uv", value=read_uv_version(executable))
    try:
        import virtualenv
    except ImportError as error:
        message = f"virtualenv cannot be imported ({error}); this installation of pyve is not whole."
        yield found("virtualenv-missing", message, hint=f"{shlex.quote(sys.executable)} -m pip install virtualenv")
    else:
        yield Fact(part=Part.MACHINE, name="virtualenv", value=virtualenv.__version__)


def examine_own_command(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether `pyve` is on PATH, and once only."""
    commands: dict[str, str] = {}
    for entry in environment.get("PATH", "").split(os.pathsep):
        path = shutil.which("pyve", path=entry) if entry else None
        if path is not None:
            commands.setdefault(os.path.realpath(path), path)
    if not commands:
        folder = shlex.quote(str(Path(sys.executable).parent))
        yield found("command-not-on-path", "There is no pyve on PATH.", hint=f'export PATH={folder}:"$PATH"')
    elif len(commands) > 1:
        first, *others = commands.values()
        message = f"Several pyve are on PATH: {first} is used, not {show_some(others)}."
        yield found("commands-differ", message, hint="type -a pyve")


def examine_interpreters(situation: Situation) -> Iterator[Finding | Fact]:
    """Which interpreters are there, and which gave no answer when they were asked; none is asked now."""
    candidates = list(candidate_paths(environment=situation.environment, home=situation.home, platform=sys.platform))
    if not candidates:
        message = "No Python interpreter was found on PATH or among those of pyenv, asdf, mise and uv."
        yield found("no-interpreter", message, hint="uv python install")
        return
    index = read_index(situation.cache_directory)
    answers = [(candidate, index.get(candidate.real)) for candidate in candidates]
    known = [entry for candidate, entry in answers if entry is not None and entry.identity == candidate.identity]
    answered = sum(entry.facts is not None for entry in known)
    not_asked = f", {len(candidates) - len(known)} not asked yet" if len(known) < len(candidates) else ""
    yield Fact(part=Part.MACHINE, name="interpreters", value=f"{answered}{not_asked}")
    for candidate, entry in answers:
        if entry is not None and entry.facts is None and entry.identity == candidate.identity:
            message = f"{candidate.path} looks like a Python interpreter and gave no answer that pyve can use."
            yield found("interpreter-silent", message, hint=f"{shlex.quote(str(candidate.path))} --version")


def examine_pip_configuration(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether pip is told something that uv has to be told too."""
    try:
        configuration = read_pip_configuration(environment, find_configuration_places(environment, Path(sys.prefix)))
    except ConfigInvalidError as error:
        yield found("pip-configuration-invalid", error.message, hint="pip config debug", cause=error.code)
        return
    names = _configured_names(configuration)
    if names:
        message = f"pip's configuration sets {', '.join(names)}; uv does not read it, so pyve hands it on."
        yield found("pip-configuration-translated", message, hint="pip config list")


def examine_variables(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Variables that change every Python, and those that look like pyve's and are not."""
    if environment.get("PYTHONHOME"):
        message = f"PYTHONHOME is set ({environment['PYTHONHOME']}): interpreters look for their library there."
        yield found("python-home-set", message, hint="unset PYTHONHOME")
    if environment.get("PYTHONPATH"):
        message = f"PYTHONPATH is set ({environment['PYTHONPATH']}): what lies there shadows installed packages."
        yield found("python-path-set", message, hint="unset PYTHONPATH  # if that is not meant")
    for name in sorted(environment):
        if not name.startswith("PYVE_") or name in KNOWN_VARIABLES:
            continue
        nearest = find_nearest_name(name, KNOWN_VARIABLES)
        if nearest:
            message = f"{name} is not a variable of pyve's and has no effect; {nearest} is."
            yield found("variable-misspelt", message, hint=f'export {nearest}="${name}"; unset {name}')
        else:
            message = f"{name} means nothing to pyve, which knows {', '.join(_OWN_VARIABLES)}."
            yield found("variable-unknown", message, hint=f"unset {name}  # if it was meant for pyve")


def _configured_names(configuration: PipConfiguration) -> list[str]:
    """The settings that are there, by name alone: their values may hold credentials."""
    default = PipConfiguration()
    names = [name for name, value in vars(configuration.options).items() if value != getattr(default.options, name)]
    names += [
        name for name, value in vars(configuration).items() if name != "options" and value != getattr(default, name)
    ]
    return [name.replace("_", "-") for name in names]
