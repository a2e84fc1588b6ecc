"""Whatever a file looks like: what is put in and taken out again leaves the same bytes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.project.editing.asked_package import AskedPackage, merge_requirement, merge_spec
from pyve.project.editing.editable_list import EditableList
from pyve.project.editing.environment_list import CondaList
from pyve.project.editing.list_change import ChangeKind, put_package, take_package
from pyve.project.editing.pip_section import PipSection
from pyve.project.editing.pyproject_list import PyprojectList
from pyve.project.editing.requirements_file import RequirementsFile
from pyve.project.manifests.toml_text import parse_toml

NOWHERE = Path("/nowhere")
REQUIREMENTS = RequirementsFile(shown="requirements.in", root=NOWHERE, folder=NOWHERE)
DEPENDENCIES = PyprojectList(shown="pyproject.toml", keys=("project", "dependencies"), root=NOWHERE)
CONDA = CondaList(shown="environment.yml")
PIP = PipSection(shown="environment.yml", root=NOWHERE)
NEW = AskedPackage(text="new[fast]>=2,<3; python_version >= '3.9'", name="new")
NEW_SPEC = AskedPackage(text="new>=2,<3", name="new")

names = st.sampled_from(["alpha", "Beta", "gamma_ray", "zope.interface", "omega"])
versions = st.sampled_from(["", "==1.0", ">=2, <3", "~=1.4", "[extra]>=1", " >= 3 "])
comments = st.sampled_from(["", " # why", "   # new==9, not yet", "  #"])
newlines = st.sampled_from(["\n", "\r\n"])


@st.composite
def requirements_texts(draw: st.DrawFn) -> str:
    newline = draw(newlines)
    line = st.one_of(
        st.builds("{}{}{}".format, names, versions, comments),
        st.builds("  {}{}; python_version < '3.14'{}".format, names, versions, comments),
        st.sampled_from(
            [
                "",
                "   ",
                "# new: a comment",
                "-r other.in",
                "--index-url https://index.example/simple",
                "-e ./nowhere",
                f"alpha==1.0 \\{newline}    --hash=sha256:ab \\{newline}    --hash=sha256:cd",
                "--no-binary :all:",
            ]
        ),
    )
    lines = draw(st.lists(line, max_size=8))
    if draw(st.booleans()):
        lines.sort()
    end = draw(st.sampled_from(["", newline])) if lines else ""
    return newline.join(lines) + end


@st.composite
def pyproject_texts(draw: st.DrawFn) -> str:
    newline = draw(newlines)
    quote = draw(st.sampled_from(['"', "'"]))
    entries = draw(st.lists(st.builds("{}{}".format, names, versions), max_size=5))
    if draw(st.booleans()):
        entries.sort()
    literals = [f"{quote}{entry}{quote}" for entry in entries]
    comma = draw(st.sampled_from(["", ","]))
    layout = draw(st.sampled_from(["one line", "spaced", "lines", "mixed", "comma first"]))
    if layout == "one line" or not literals:
        array = f"[{', '.join(literals)}{comma if literals else ''}]"
    elif layout == "spaced":
        array = f"[ {' , '.join(literals)}{comma} ]"
    elif layout == "lines":
        rows = [f"    {one}," for one in literals[:-1]] + [f"    {literals[-1]}{comma}"]
        rows = [row + draw(comments) for row in rows]
        for _ in range(draw(st.integers(0, 2))):
            rows.insert(draw(st.integers(0, len(rows))), "  # between, new, ]")
        array = newline.join(["[", *rows, "]"])
    elif layout == "mixed":
        array = f"[{newline}  {', '.join(literals)}{comma}{newline}]"
    else:
        array = f"[{newline}  " + f"{newline}, ".join(literals) + f"{newline}]"
    before = draw(st.sampled_from(["", "# top [project]", '[build-system]\nrequires = ["new"]']))
    after = draw(st.sampled_from(["", "[tool.x]\ny = [1, 2]", 'urls = { a = "new" }', '[[tool.y]]\nz = "]"']))
    rows = [*before.split("\n"), "[project]", 'name = "p"  # own', f"dependencies = {array}  # what it needs"]
    return newline.join([*rows, *after.split("\n")]) + draw(st.sampled_from(["", newline]))


@st.composite
def environment_texts(draw: st.DrawFn) -> str:
    newline = draw(newlines)
    indent = draw(st.sampled_from(["", "  ", "    "]))
    dash = draw(st.sampled_from(["- ", "-   "]))
    quote = draw(st.sampled_from(["", '"', "'"]))
    spec = st.builds("{}{}".format, names, st.sampled_from(["", "=1.0", " >=2,<3", "==1.0=py_0"]))
    specs = [f"{quote}{one}{quote}" for one in draw(st.lists(spec, min_size=1, max_size=5))]
    if draw(st.booleans()):
        specs.sort()
    before = draw(st.sampled_from(["name: new", "channels:\n- conda-forge", "# new"])).split("\n")
    if draw(st.booleans()):
        rows = [f"dependencies: [{', '.join(specs)}, pip, {{pip: [alpha, omega]}}]"] if not quote else []
        rows = rows or [f"dependencies: [{', '.join(specs)}]  # all"]
        return newline.join([*before, *rows]) + draw(st.sampled_from(["", newline]))
    rows = [f"{indent}{dash}{one}{draw(comments)}" for one in specs]
    for _ in range(draw(st.integers(0, 2))):
        rows.insert(draw(st.integers(0, len(rows))), f"{indent}# - new")
    if draw(st.booleans()):
        rows += [f"{indent}- pip", f"{indent}- pip:"]
        rows += [f"{indent}    - {one}{draw(comments)}" for one in draw(st.lists(names, min_size=1, max_size=3))]
    after = draw(st.sampled_from(["", "variables:\n  NEW: new", "# end"])).split("\n")
    return newline.join([*before, "dependencies:", *rows, *after]) + draw(st.sampled_from(["", newline]))


def put_and_take(places: EditableList, text: str, asked: AskedPackage) -> None:
    merge = merge_spec if places is CONDA else merge_requirement
    changed, change = put_package(places, text, asked, merge)
    assert change.kind is ChangeKind.ADDED
    assert [one for one in places.list_entries(changed) if one.name == "new"]
    assert changed.splitlines()[change.line - 1].find("new") >= 0
    again, second = put_package(places, changed, asked, merge)
    assert (again, second.kind) == (changed, ChangeKind.KEPT)

    left, gone = take_package(places, changed, "new")

    assert left == text
    assert [one.before for one in gone] == [asked.text]


@given(requirements_texts())
def test_requirements_file_is_the_same_again(text: str) -> None:
    put_and_take(REQUIREMENTS, text, NEW)


@given(pyproject_texts())
def test_pyproject_is_the_same_again(text: str) -> None:
    parse_toml(text)  # else the test shows nothing

    put_and_take(DEPENDENCIES, text, NEW)


@given(environment_texts())
def test_environment_is_the_same_again(text: str) -> None:
    put_and_take(CONDA, text, NEW_SPEC)


@given(environment_texts())
def test_pip_section_is_the_same_again(text: str) -> None:
    if "pip:" not in text:  # what is made with the section stays
        return
    put_and_take(PIP, text, NEW)


@pytest.mark.parametrize("text", ["", "\n", "# only this", "alpha", "alpha\r\n", "\n\nalpha\n\n\n"])
def test_small_requirements_files_are_the_same_again(text: str) -> None:
    put_and_take(REQUIREMENTS, text, NEW)
