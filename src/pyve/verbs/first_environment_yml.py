"""The small environment.yml that `init --backend micromamba` writes where nothing declares conda packages yet."""

from pathlib import Path

from pyve.project.conda.python_spec import spec_of_python
from pyve.project.config import ProjectConfig
from pyve.project.manifest import has_manifest
from pyve.project.python_request import PythonRequest

FIRST_NAME = "environment.yml"


def draft_environment_yml(root: Path, config: ProjectConfig, python: PythonRequest | None) -> str:
    """The text: the configured channels, the Python asked for, and what the project's other files declare by pip."""
    spec = "python"
    if python is not None and python.release and not (python.implementation or python.free_threaded):
        spec = "python=" + ".".join(map(str, python.release))
    elif python is not None and not python.is_any:
        spec = f"'{spec_of_python(python)}'"
    lines = ["channels:", *(f"  - {channel}" for channel in config.conda.channels), "dependencies:", f"  - {spec}"]
    by_pip = _list_pip_lines(root)
    if by_pip:
        lines += ["  - pip", "  - pip:", *(f"      - {line}" for line in by_pip)]
    return "\n".join(lines) + "\n"


def write_environment_yml(root: Path, text: str) -> None:
    """Write it where there is none; raises FileExistsError where somebody was faster."""
    with open(root / FIRST_NAME, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _list_pip_lines(root: Path) -> list[str]:
    from pyve.project.manifests.pyproject_toml import read_build_backend

    lines = ["-r requirements.txt"] if has_manifest(root / "requirements.txt") else []
    return [*lines, *(["-e ."] if read_build_backend(root) else [])]
