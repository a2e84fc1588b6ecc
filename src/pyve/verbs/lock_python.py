"""The Python that a lock serves: what the project asks for, never the one that pyve runs in."""

import re
from pathlib import Path

from pyve.environments.interpreter_choice import choose_interpreter
from pyve.environments.store import EnvironmentStore
from pyve.errors import PythonConflictError, PythonMissingError
from pyve.lockers.locker import LockPython
from pyve.project.locking.lock_stamp import LockStamp
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.locking.python_range import admits
from pyve.project.manifest import has_manifest
from pyve.project.python_request import PythonRequest, is_disjoint, parse_python_request
from pyve.system.interpreters import Interpreter, list_interpreters
from pyve.verbs.demand import request_project_python
from pyve.verbs.lock_project import LockProject
from pyve.verbs.situation import store_of

_LOWER_END = re.compile(r"(?:>=|==|~=)\s*(\d+(?:\.\d+)*)")
NEWEST_HERE = "the newest Python here"  # the source of a lock's Python where nothing asks for any


def choose_lock_python(
    project: LockProject, target: LockTarget, stamp: LockStamp | None, *, is_exact: bool = False
) -> LockPython:
    """--python > requires-python > what else the project asks for > the lock that is there > the newest Python here.

    Where nothing asks, the lock goes on serving what it served, or two machines would write different ones. With
    `is_exact` the locker evaluates markers for its own Python, and the lock serves that minor version alone.
    """
    if target.format is LockFormat.CONDA_LOCK:
        return LockPython(specifier="", oldest="", interpreter=None, source=target.source.name)
    request, requires = _request(project)
    if request.is_any and requires is None and stamp is not None and stamp.python and project.wishes.python is None:
        requires, source = stamp.python, target.destination.name
        request = parse_python_request(stamp.python, source=source)
    else:
        source = request.source if not request.is_any else NEWEST_HERE
    interpreter = _find_interpreter(project, request)
    minor = _minor_of(interpreter)
    if is_exact and minor:
        return LockPython(specifier=f"=={minor}.*", oldest=minor, interpreter=_path(interpreter), source=source)
    specifier = requires if requires and project.wishes.python is None else _specifier_of(request)
    oldest = _oldest(specifier) or minor
    if not oldest:
        raise PythonMissingError(
            "No Python is on this machine, and the project does not say which one it is for.",
            hint="pyve lock --python 3.13",
        )
    return LockPython(
        specifier=specifier or f">={oldest}", oldest=oldest, interpreter=_path(interpreter), source=source
    )


def find_unserved_python(project: LockProject, stamp: LockStamp) -> PythonRequest | None:
    """What the project asks for, where no Python that the lock serves can be that; None: all is well."""
    request, _ = _request(project)
    return request if stamp.python and not request.is_any and is_disjoint(request, stamp.python) else None


def _request(project: LockProject) -> tuple[PythonRequest, str | None]:
    """What the project asks for, and its requires-python, by which users of a lock choose their Pythons."""
    requires = _read_requires_python(project)
    if project.wishes.python is not None:
        request = parse_python_request(project.wishes.python, source="--python")
        if requires and not _begins_within(request, requires):
            raise PythonConflictError(
                f"--python asks for {request.text}, and the project for {requires} (requires-python): what it needs was"
                " never made for older ones.",
                hint="leave --python out, or change requires-python",
            )
        return request, requires
    answer = request_project_python(
        project.situation, project.root, project.choices, project.config, requires_python=requires
    )
    return answer.request, requires


def _read_requires_python(project: LockProject) -> str | None:
    from pyve.project.manifests.legacy_setup import read_legacy_setup
    from pyve.project.manifests.pyproject_toml import read_pyproject_toml

    path = project.root / "pyproject.toml"
    declared = read_pyproject_toml(path, root=project.root).requires_python if has_manifest(path) else None
    return declared or read_legacy_setup(project.root).requires_python


def _begins_within(request: PythonRequest, requires: str) -> bool:
    """Whether the oldest Python of a request is one that `requires` allows."""
    oldest = _oldest(_specifier_of(request))
    return not oldest or any(admits(requires, f"{oldest}{patch}") for patch in ("", ".99"))


def _find_interpreter(project: LockProject, request: PythonRequest) -> Interpreter | Path | None:
    """The best on this machine that fits, else that of the environment in use; None: there is none."""
    situation = project.situation
    found = list_interpreters(
        environment=situation.environment, home=situation.home, cache_directory=situation.cache_directory
    )
    try:
        return choose_interpreter(request, interpreters=found).interpreter
    except PythonMissingError:
        return _python_in_use(store_of(situation, project.state))


def _python_in_use(store: EnvironmentStore) -> Path | None:
    record = store.current_record()
    return Path(record.python_executable) if record is not None and record.python_executable else None


def _path(interpreter: Interpreter | Path | None) -> Path | None:
    return interpreter.executable if isinstance(interpreter, Interpreter) else interpreter


def _minor_of(interpreter: Interpreter | Path | None) -> str:
    return ".".join(map(str, interpreter.version[:2])) if isinstance(interpreter, Interpreter) else ""


def _specifier_of(request: PythonRequest) -> str:
    """`>=3.12` for a project that pins 3.12: a lock serves later Pythons as well; ranges as they are."""
    if request.release:
        return f">={'.'.join(map(str, request.release))}" + (f",{request.also}" if request.also else "")
    return ",".join(filter(None, (request.specifier, request.also)))


def _oldest(specifier: str) -> str:
    """The highest of the lower ends, which is where the range begins."""
    ends = _LOWER_END.findall(specifier)
    return max(ends, key=lambda text: tuple(map(int, text.split("."))), default="")
