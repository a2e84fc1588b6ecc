"""The Python of a conda environment: who asks for it, what environment.yml pins, and the spec that makes it so."""

from pathlib import Path

from pyve.environments.choices import Choices
from pyve.errors import PythonConflictError
from pyve.project.backend_rules import list_conda_names
from pyve.project.conda.python_spec import spec_of_python
from pyve.project.conda.subdir import current_subdir
from pyve.project.config import ProjectConfig
from pyve.project.manifest import MANIFEST_KINDS
from pyve.project.manifests.environment_yml import EnvironmentYml, read_environment_yml
from pyve.project.python_pin import PYTHON_VARIABLE, PythonAnswer, request_python
from pyve.project.python_request import PythonRequest, is_disjoint, parse_python_request
from pyve.verbs.situation import Situation

# The strongest answers: they ask for a python where environment.yml names none.
_SAID_BY_USER = ("argument", PYTHON_VARIABLE, "pyve.toml", "[tool.pyve]")


def read_yml(situation: Situation, root: Path) -> EnvironmentYml | None:
    """The environment.yml of the project as it counts on this machine; a ProjectError names file and line."""
    name = next((name for name in list_conda_names(root) if MANIFEST_KINDS.get(name) == "environment"), None)
    if name is None:
        return None
    return read_environment_yml(root / name, root=root, subdir=current_subdir(), environment=situation.environment)


def read_conda_pin(situation: Situation, root: Path) -> PythonRequest | None:
    """The Python that environment.yml pins, if any; a ProjectError names file and line."""
    yml = read_yml(situation, root)
    return _pin_of(yml) if yml else None


def request_conda_python(
    situation: Situation,
    root: Path,
    choices: Choices,
    config: ProjectConfig,
    *,
    yml: EnvironmentYml | None,
    requires_python: str | None = None,
) -> PythonAnswer:
    """The Python of a conda environment: kept choice, variable, configuration, environment.yml, pin files.

    Raises PythonConflictError where a stronger answer excludes what environment.yml pins: no solve could meet both.
    """
    answer = request_python(
        argument=choices.python,
        environment=situation.environment,
        configured=config.python,
        configured_source=config.source,
        environment_yml_pin=yml.python if yml else None,
        root=root,
        requires_python=requires_python,
    )
    pinned = _pin_of(yml) if yml else None
    if yml is None or pinned is None or answer.request.source == "environment.yml":
        return answer
    if pinned.specifier and is_disjoint(answer.request, pinned.specifier):
        who = "You ask" if answer.request.source == "argument" else f"{answer.request.source} asks"
        raise PythonConflictError(
            f"{who} for Python {answer.request.text}, but {yml.path.name} pins it: {pinned.text}.",
            hint=f"change one of the two: $EDITOR {yml.path.name}",
        )
    return answer


def spec_beside_yml(request: PythonRequest) -> str | None:
    """The MatchSpec of a Python that is asked for beside environment.yml, None where only that file asks, or nobody."""
    return None if request.is_any or request.source == "environment.yml" else spec_of_python(request)


def list_python_specs(request: PythonRequest, yml: EnvironmentYml) -> dict[str, str]:
    """What a request for Python adds to the specs of environment.yml, nothing or one; and where it comes from."""
    spec = spec_beside_yml(request)
    is_named = any(declared.name == "python" for declared in yml.specs)
    source = "the version given to pyve init" if request.source == "argument" else request.source
    return {spec: source} if spec and (is_named or request.source in _SAID_BY_USER) else {}


def _pin_of(yml: EnvironmentYml) -> PythonRequest | None:
    return parse_python_request(yml.python.removeprefix("="), source=yml.path.name) if yml.python else None
