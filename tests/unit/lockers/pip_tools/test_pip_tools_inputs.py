"""What pip-compile is given to read."""

from pathlib import Path

from pyve.lockers.pip_tools.inputs import CompileInputs, read_compile_inputs
from pyve.project.locking.lock_target import LockFormat, LockPart, LockTarget

PROJECT = """[project]
name = "Demo"
version = "1"
dependencies = ["alpha", "demo[plot]"]
optional-dependencies.plot = ["gamma"]
[dependency-groups]
lint = ["ruffle"]
dev = ["beta", {include-group = "lint"}]
"""


def read(root: Path, *sources: str, parts: tuple[LockPart, ...] = ()) -> CompileInputs:
    target = LockTarget(
        sources=tuple(root / source for source in sources),
        destination=root / "requirements.txt",
        format=LockFormat.REQUIREMENTS,
        parts=parts,
    )
    return read_compile_inputs(target, root=root, environment={})


def shown(inputs: CompileInputs) -> dict[str, list[str]]:
    return {file.label: [one.line for one in file.requirements] for file in inputs.files}


def write(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, encoding="utf-8")


def test_each_included_file_keeps_its_own_label(tmp_path: Path) -> None:
    write(tmp_path, "requirements.in", "-r more.in\n-c limits.txt\n--index-url https://index.example/simple\nalpha\n")
    write(tmp_path, "more.in", "beta\n")
    write(tmp_path, "limits.txt", "gamma<2\n")
    inputs = read(tmp_path, "requirements.in")
    assert shown(inputs) == {"-r more.in": ["beta"], "-r requirements.in": ["alpha"]}
    assert [(file.label, len(file.requirements)) for file in inputs.constraints] == [("-c limits.txt", 1)]
    assert inputs.options.index_url == "https://index.example/simple"


def test_project_is_read_without_being_built(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", PROJECT)
    group = LockPart(kind="group", name="dev", source=tmp_path / "pyproject.toml")
    inputs = read(tmp_path, "pyproject.toml", parts=(group,))
    assert shown(inputs) == {
        "demo (pyproject.toml)": ["alpha", "gamma"],
        "demo (pyproject.toml:dev)": ["beta", "ruffle"],
    }
    assert inputs.built == ()


def test_what_only_the_build_system_knows_is_left_to_it(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[project]\nname = "demo"\nversion = "1"\ndynamic = ["dependencies"]\n')
    extra = LockPart(kind="extra", name="plot", source=tmp_path / "pyproject.toml")
    inputs = read(tmp_path, "pyproject.toml", parts=(extra,))
    assert inputs.built == (tmp_path / "pyproject.toml",)
    assert inputs.built_extras == ("plot",)
    assert inputs.files == ()


def test_project_itself_stands_for_what_it_needs(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", PROJECT.replace(', "demo[plot]"', ""))
    write(tmp_path, "requirements.in", "-e .[plot]\nbeta\n")
    assert shown(read(tmp_path, "requirements.in")) == {
        "-r requirements.in": ["beta"],
        "demo (pyproject.toml)": ["alpha", "gamma"],
    }


def test_source_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", PROJECT)
    write(tmp_path, "requirements.in", "-e .\n")
    inputs = read(tmp_path, "requirements.in", "pyproject.toml")
    assert shown(inputs) == {"demo (pyproject.toml)": ["alpha", "gamma"]}


def test_file_that_is_a_group_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path, "requirements.in", "alpha\n")
    write(tmp_path, "requirements-dev.in", "beta\n")
    group = LockPart(kind="group", name="dev", source=tmp_path / "requirements-dev.in")
    inputs = read(tmp_path, "requirements.in", parts=(group,))
    assert shown(inputs) == {"-r requirements.in": ["alpha"], "-r requirements-dev.in": ["beta"]}
