"""pyproject.toml is read by its specifications, and every mistake in it names file and line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.errors import ManifestInvalidError, ManifestUnreadableError, PyveError
from pyve.project.manifests.pyproject_toml import PyprojectToml, read_build_backend, read_pyproject_toml

WHOLE = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "My.Project"
requires-python = ">=3.10"
dependencies = [
  "requests>=2", # why
  'flask; python_version > "3"',
]
dynamic = ["version"]

[project.optional-dependencies]
Some_Extra = ["rich"]

[dependency-groups]
Test_Group = ["pytest>=8"]
dev = [
  {include-group = "test-group"},
  "ruff",
]
"""


def read(root: Path, text: str) -> PyprojectToml:
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    return read_pyproject_toml(root / "pyproject.toml", root=root)


def fail(root: Path, text: str) -> ManifestInvalidError:
    with pytest.raises(ManifestInvalidError) as caught:
        read(root, text)
    return caught.value


def test_everything_that_declares_packages_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    assert found.name == "my-project"
    assert found.has_project
    assert found.has_build_system
    assert found.requires_python == ">=3.10"
    assert [(one.text, one.origin) for one in found.dependencies] == [
        ("requests>=2", "pyproject.toml:9"),
        ('flask; python_version > "3"', "pyproject.toml:10"),
    ]
    assert [one.text for one in found.optional_dependencies["some-extra"]] == ["rich"]
    assert [(one.text, one.origin) for one in found.groups["dev"]] == [
        ("pytest>=8", "pyproject.toml:18"),
        ("ruff", "pyproject.toml:21"),
    ]
    assert not found.has_dynamic_dependencies


def test_a_file_with_tools_settings_alone_declares_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, "[tool.ruff]\nline-length = 100\n")
    assert not found.has_project
    assert not found.has_build_system
    assert not found.is_poetry_only


def test_a_poetry_table_without_project_is_recognised(tmp_path: Path) -> None:
    assert read(tmp_path, '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\npython = "^3.10"\n').is_poetry_only
    assert not read(tmp_path, '[tool.poetry]\nname = "a"\n[project]\nname = "a"\nversion = "1"\n').is_poetry_only


@pytest.mark.parametrize(
    ("text", "is_dynamic"),
    [
        ('[project]\nname = "a"\ndynamic = ["dependencies"]', True),
        ('[project]\nname = "a"\ndynamic = ["optional-dependencies"]', True),
        ('[project]\nname = "a"\ndynamic = ["version"]', False),
        ('[build-system]\nrequires = ["setuptools"]', True),
    ],
)
def test_dynamic_dependencies_are_recognised(tmp_path: Path, text: str, is_dynamic: bool) -> None:
    assert read(tmp_path, text).has_dynamic_dependencies is is_dynamic


def test_files_that_dynamic_values_come_from_are_named(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '[tool.setuptools.dynamic]\ndependencies = {file = ["a.in", "b.in"]}\nversion = {file = "VERSION"}\n'
        'optional-dependencies.x = {file = "x.in"}\nreadme = {file = "README.md"}\n'
        '[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["h.txt"]\n',
    )
    assert sorted(found.named_files) == ["VERSION", "a.in", "b.in", "h.txt", "x.in"]


@pytest.mark.parametrize("table", ["[tool.uv]\npackage = false", "[tool.poetry]\npackage-mode = false"])
def test_a_project_that_says_it_is_no_package_is_none(tmp_path: Path, table: str) -> None:
    assert not read(tmp_path, table).is_package


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[project\n", "pyproject.toml:1:9: this is not valid TOML"),
        ('a = 1\nb = "x', "pyproject.toml:2: this is not valid TOML"),
        ("<<<<<<< HEAD\n=======\n>>>>>>> x\n", "pyproject.toml:1: a merge conflict"),
        ("project = 1", "pyproject.toml:1: [project] must be a table"),
        ('[project]\nname = "a"\ndependencies = "b"\n', "pyproject.toml:3: [project].dependencies must be a list"),
        ("[project]\nname = 3\n", "pyproject.toml:2: [project].name must be a string"),
        ("[project]\ndependencies = [\n 3]\n", "pyproject.toml:2: [project].dependencies holds 3"),
        ('[project]\n\nrequires-python = "three"\n', "pyproject.toml:3: requires-python is 'three'"),
        ("[project]\noptional-dependencies = []", "pyproject.toml:2: [project].optional-dependencies must be a table"),
        ('[dependency-groups]\na = "x"', "pyproject.toml:2: [dependency-groups] is wrong"),
        ("[dependency-groups]\na = []\nb = [3]", "pyproject.toml:3: [dependency-groups] is wrong"),
        ('[dependency-groups]\na = ["x>>"]', "pyproject.toml:2: an entry of the group 'a' is not a requirement"),
        ("[dependency-groups]\nA = []\na = []", "pyproject.toml:1: duplicate"),
        (
            '[dependency-groups]\na = []\nb = [\n{include-group = "nope"}]',
            "pyproject.toml:4: the group 'b' includes 'nope'",
        ),
        (
            '[dependency-groups]\na = [{include-group = "b"}]\nb = [{include-group = "a"}]',
            "include each other",
        ),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert message in fail(tmp_path, text).message


def test_text_that_is_not_utf8_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"a = 1\nb = '\xff'\n")
    with pytest.raises(ManifestUnreadableError, match="line 2"):
        read_pyproject_toml(tmp_path / "pyproject.toml", root=tmp_path)


def test_the_build_backend_is_named_where_it_can_be_read(tmp_path: Path) -> None:
    assert read_build_backend(tmp_path) is None
    (tmp_path / "pyproject.toml").write_text(WHOLE, encoding="utf-8")
    assert read_build_backend(tmp_path) == "hatchling.build"
    (tmp_path / "pyproject.toml").write_text("broken", encoding="utf-8")
    assert read_build_backend(tmp_path) is None


values = st.recursive(
    st.sampled_from(["1", "true", '"a"', '"a>1"', '"a>"', "'''\n'''", "1979-05-27", "nan"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        inner.map(lambda item: f"{{include-group = {item}}}"),
        inner.map(lambda item: f"{{file = {item}, package = {item}}}"),
    ),
    max_leaves=6,
)
KEYS = (
    *("project", "project.name", "project.dependencies", "project.optional-dependencies", "project.requires-python"),
    *("project.optional-dependencies.x", "project.dynamic", "dependency-groups", "dependency-groups.a"),
    *("dependency-groups.dev", "build-system", "tool", "tool.poetry", "tool.uv", "tool.setuptools.dynamic"),
    *("tool.setuptools.dynamic.dependencies", "tool.hatch.metadata.hooks.requirements_txt"),
)
keys = st.sampled_from(KEYS)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(st.tuples(keys, values), max_size=5))
def test_any_values_are_read_or_refused_with_a_message(tmp_path: Path, lines: list[tuple[str, str]]) -> None:
    failure: PyveError | None = None
    try:
        read(tmp_path, "\n".join(f"{key} = {value}" for key, value in lines))
    except PyveError as error:
        failure = error
    assert failure is None or failure.message.startswith("pyproject.toml")


@pytest.mark.parametrize(("written", "hint"), [("3.11", ">=3.11"), ("^3.12", ">=3.12"), ("new", ">=3.10")])
def test_hint_about_requires_python_keeps_the_version_that_was_meant(tmp_path: Path, written: str, hint: str) -> None:
    with pytest.raises(ManifestInvalidError) as caught:
        read(tmp_path, f'[project]\nname = "a"\nrequires-python = "{written}"\n')
    assert f'"{hint}"' in (caught.value.hint or "")
