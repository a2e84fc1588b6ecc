"""environment.yml is recognised, its Python pin is read, and mistakes in it name file and line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.errors import ManifestInvalidError, PyveError
from pyve.project.manifests.environment_yml import EnvironmentYml, find_python, read_environment_yml


def read(root: Path, text: str) -> EnvironmentYml:
    (root / "environment.yml").write_text(text, encoding="utf-8")
    return read_environment_yml(root / "environment.yml", root=root)


def test_name_channels_and_dependencies_are_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "name: science # mine\nchannels: [conda-forge, nodefaults]\n"
        "dependencies:\n  - python=3.12\n  - numpy >=2\n  - pip\n  - pip:\n    - rich\n    - -e .\n",
    )
    assert found.name == "science"
    assert found.channels == ("conda-forge", "nodefaults")
    assert found.dependencies == ("python=3.12", "numpy >=2", "pip")
    assert found.pip == ("rich", "-e .")
    assert found.python == "3.12"


@pytest.mark.parametrize(
    ("dependency", "python"),
    [
        ("python=3.12", "3.12"),
        ("python==3.12.1", "3.12.1"),
        ("python = 3.12.*", "3.12"),
        ("python 3.12.*", "3.12"),
        ("python=3.12.1=h123_cpython", "3.12.1"),
        ("conda-forge::python=3.11", "3.11"),
        ("python >=3.10, <3.13", ">=3.10,<3.13"),
        ("python", None),
        ("python-dateutil=2.9", None),
        ("python_abi=3.12", None),
        ("python 3.10|3.11", None),
    ],
)
def test_the_python_pin_is_given_as_pyve_writes_versions(dependency: str, python: str | None) -> None:
    assert find_python(["numpy=1", dependency]) == python


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: x\ndependencies: [a\n", "environment.yml:3:1: this is not valid YAML"),
        ("a: 1\n\tb: 2\n", "environment.yml:2:1: this is not valid YAML"),
        ("a: 1\na: 2\n", "environment.yml:2:1: this is not valid YAML"),
        ("- a\n", "environment.yml:1: this file is a list"),
        ("", "environment.yml:1: this file is empty"),
        ("name: x\ndependencies: python\n", "environment.yml:2: `dependencies` must be a list"),
        ("dependencies:\n- [a]\n", "environment.yml:1: `dependencies` holds ['a']"),
        ("dependencies:\n- pip: rich\n", "environment.yml:1: `dependencies` holds"),
        ("channels:\n- 3\n", "environment.yml:1: `channels` holds 3"),
        ("name: 3\n", "environment.yml:1: `name` must be a text"),
        ("a: 1\n<<<<<<< HEAD\n=======\n>>>>>>> x\n", "environment.yml:2: a merge conflict"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ManifestInvalidError) as caught:
        read(tmp_path, text)
    assert message in caught.value.message
    assert caught.value.hint


words = st.sampled_from(
    [
        "name",
        ":",
        " ",
        "- ",
        "\n",
        "[",
        "]",
        "{",
        "}",
        "&a",
        "*a",
        "!!int",
        "!x",
        "|",
        ">",
        "'",
        '"',
        "%",
        "@",
        "\t",
        "---",
    ]
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.one_of(st.lists(words, max_size=14).map("".join), st.text(max_size=30)))
def test_any_text_is_read_or_refused_with_a_message(tmp_path: Path, text: str) -> None:
    failure: PyveError | None = None
    (tmp_path / "environment.yml").write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read_environment_yml(tmp_path / "environment.yml", root=tmp_path)
    except PyveError as error:
        failure = error
    assert failure is None or "environment.yml" in failure.message


def test_an_anchor_that_is_used_twice_is_no_matter(tmp_path: Path) -> None:
    found = read(tmp_path, "name: &a one\nchannels: [&a two]\n")
    assert (found.name, found.channels) == ("one", ("two",))
