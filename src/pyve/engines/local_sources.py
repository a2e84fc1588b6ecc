"""Source trees on this machine that are installed from: uv has to build these anew, whatever its cache holds of them.

uv takes a tree for unchanged while its pyproject.toml, setup.py and setup.cfg are. It is told to reinstall by name;
`--refresh-package` would do as well, but not together with `--offline`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import url2pathname

from pyve.engines.install_plan import InstallCall
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement


def reinstall_arguments(call: InstallCall, others: Iterable[Path] = ()) -> list[str]:
    """The arguments that make uv build every source tree of `call`, and `others`, as it is now.

    A name that cannot be read without running a setup script costs questions to the index about everything else.
    """
    names: set[str] = set()
    for directory, known in _list_trees(call, others):
        found = known or read_distribution_names(directory)
        if not found:
            return ["--reinstall"]
        names |= found
    return [word for name in sorted(names) for word in ("--reinstall-package", name)]


def read_distribution_names(directory: Path) -> set[str]:
    """The normalised names that the files in `directory` give to what is built there, without running any of them."""
    readers = (
        ("pyproject.toml", _read_pyproject_names),
        ("setup.cfg", _read_setup_cfg_names),
        ("setup.py", _read_setup_py_names),
    )
    found: set[str] = set()
    for file, read in readers:
        try:
            text = (directory / file).read_text(encoding="utf-8-sig", errors="replace")
            found |= {normalise_name(name) for name in read(text) if isinstance(name, str)}
        except (
            OSError,
            ValueError,
            SyntaxError,
            RecursionError,
        ):  # not ours to judge: the build says what is wrong there
            continue
    return found


def _list_trees(call: InstallCall, others: Iterable[Path]) -> Iterator[tuple[Path, set[str]]]:
    """Each source tree, with its name where that is known already."""
    if call.editable_project is not None:
        yield call.editable_project, set()
    for requirement in call.requirements:
        directory = _find_directory(requirement)
        if directory is not None:
            yield directory, {requirement.name} if requirement.name else set()
    for directory in others:
        yield directory, set()


def _find_directory(requirement: Requirement) -> Path | None:
    """Where the source tree of a requirement lies; None for everything that is not one on this machine."""
    start = requirement.line.find("file:")
    before = requirement.line[: max(start, 0)].rstrip()
    if start < 0 or (before and not before.endswith("@")):  # git+file:
        return None
    parts = urlsplit(requirement.line[start:].split(" ; ")[0])
    path = parts.path if requirement.name and not requirement.editable else parts.path.partition("[")[0]  # extras
    directory = Path(url2pathname(path)) / parse_qs(parts.fragment).get("subdirectory", [""])[0]
    return directory if directory.is_dir() else None


def _read_pyproject_names(text: str) -> list[object]:
    from pyve.project.manifests.toml_text import parse_toml

    document = parse_toml(text)
    tool = document.get("tool")
    tables = (document.get("project"), tool.get("poetry") if isinstance(tool, dict) else None)
    return [table.get("name") for table in tables if isinstance(table, dict)]


def _read_setup_cfg_names(text: str) -> list[object]:
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error)) from error
    return [parser.get("metadata", "name", fallback=None)]


def _read_setup_py_names(text: str) -> list[object]:
    import ast

    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    setups = [one for one in calls if getattr(one.func, "id", getattr(one.func, "attr", "")) == "setup"]
    values = [word.value for one in setups for word in one.keywords if word.arg == "name"]
    return [value.value for value in values if isinstance(value, ast.Constant)]
