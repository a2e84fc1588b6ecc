"""The backend is chosen by a fixed order of rules, and every choice can be explained."""

from pathlib import Path

import pytest

from pyve.errors import ConfigInvalidError, UsageError
from pyve.project.backend_rules import list_conda_names
from pyve.project.conda.subdir import current_subdir
from pyve.project.declaration import read_declaration
from pyve.project.detection import choose_backend, explain
from pyve.project.root import find_root


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).touch()


def test_each_rule_gives_way_to_the_one_before_it(tmp_path: Path) -> None:
    choice = choose_backend(tmp_path, environment={})
    assert (choice.name, choice.chosen_by) == ("venv", "default")
    touch(tmp_path, "requirements.txt")
    choice = choose_backend(tmp_path, environment={})
    assert (choice.name, choice.chosen_by) == ("venv", "python-manifest")
    touch(tmp_path, "environment.yml")
    choice = choose_backend(tmp_path, environment={})
    assert (choice.name, choice.chosen_by) == ("micromamba", "conda-manifest")
    choice = choose_backend(tmp_path, environment={}, configured="venv", configured_in="pyve.toml")
    assert (choice.name, choice.chosen_by) == ("venv", "configuration")
    assert "pyve.toml" in choice.evidence[0]
    variable = {"PYVE_BACKEND": "micromamba"}
    choice = choose_backend(tmp_path, environment=variable, configured="venv", configured_in="pyve.toml")
    assert (choice.name, choice.chosen_by) == ("micromamba", "PYVE_BACKEND")
    choice = choose_backend(tmp_path, environment=variable, configured="venv", option="venv")
    assert (choice.name, choice.chosen_by) == ("venv", "option")


@pytest.mark.parametrize("name", ["environment.yml", "environment.yaml", "conda-lock.yml"])
def test_conda_manifests_choose_micromamba(tmp_path: Path, name: str) -> None:
    touch(tmp_path, name)
    assert choose_backend(tmp_path, environment={}).name == "micromamba"


THIS_LOCK = f"conda-{current_subdir()}.lock"
EXPLICIT = "# platform: linux-64\n@EXPLICIT\n"


@pytest.mark.parametrize("name", ["explicit.txt", THIS_LOCK])
def test_a_list_of_packages_chooses_micromamba(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(EXPLICIT, encoding="utf-8")
    choice = choose_backend(tmp_path, environment={})
    assert (choice.name, choice.chosen_by) == ("micromamba", "conda-manifest")
    assert name in choice.evidence[0]


@pytest.mark.parametrize("text", ["", "numpy\n", "see @EXPLICIT\n", "@explicit\n"])
def test_a_text_called_explicit_is_no_manifest_without_its_mark(tmp_path: Path, text: str) -> None:
    (tmp_path / "explicit.txt").write_text(text, encoding="utf-8")
    assert choose_backend(tmp_path, environment={}).chosen_by == "default"
    assert find_root(tmp_path, home=tmp_path.parent).has_manifest is False
    (tmp_path / "explicit.txt").write_bytes(b"\xef\xbb\xbf @EXPLICIT \r\n")
    assert choose_backend(tmp_path, environment={}).chosen_by == "conda-manifest"
    assert find_root(tmp_path, home=tmp_path.parent).has_manifest is True


def test_the_lock_of_another_platform_changes_nothing(tmp_path: Path) -> None:
    other = "osx-64" if current_subdir() != "osx-64" else "linux-64"
    (tmp_path / f"conda-{other}.lock").write_text(EXPLICIT, encoding="utf-8")
    assert choose_backend(tmp_path, environment={}).chosen_by == "default"


@pytest.mark.parametrize(
    ("names", "counting"),
    [
        (("environment.yml", "environment.yaml", "conda-lock.yml", THIS_LOCK), ("environment.yml", "conda-lock.yml")),
        (("environment.yaml", "conda-lock.yml"), ("environment.yaml", "conda-lock.yml")),
        (("conda-lock.yml", THIS_LOCK), ("conda-lock.yml",)),
        (("environment.yaml", THIS_LOCK), ("environment.yaml",)),
        ((THIS_LOCK, "explicit.txt"), (THIS_LOCK,)),
        (("explicit.txt",), ("explicit.txt",)),
        (("requirements.txt",), ()),
    ],
)
def test_conda_files_have_an_order(tmp_path: Path, names: tuple[str, ...], counting: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).write_text(EXPLICIT, encoding="utf-8")
    assert list_conda_names(tmp_path) == counting
    uses = {file.path.name: file.used_for for file in explain(tmp_path, environment={}).files}
    passed_over = set(names) - set(counting)
    if counting:
        assert {name for name, use in uses.items() if use.startswith("not used: ")} == passed_over


@pytest.mark.parametrize("name", [".python-version", ".tool-versions", "pyve.toml"])
def test_a_pin_or_settings_alone_are_no_manifest(tmp_path: Path, name: str) -> None:
    touch(tmp_path, name)
    assert choose_backend(tmp_path, environment={}).chosen_by == "default"


def test_both_kinds_of_file_are_said(tmp_path: Path) -> None:
    touch(tmp_path, "environment.yml", "pyproject.toml", "requirements.txt")
    evidence = " ".join(choose_backend(tmp_path, environment={}).evidence)
    assert "environment.yml is here" in evidence
    assert "pyproject.toml and requirements.txt are here too" in evidence


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    assert choose_backend(tmp_path, environment={"PYVE_BACKEND": ""}).chosen_by == "default"


def test_unknown_names_are_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--backend: 'conda' is not a backend") as option:
        choose_backend(tmp_path, environment={}, option="conda")
    assert option.value.hint == "did you mean micromamba?"
    with pytest.raises(UsageError, match="PYVE_BACKEND: 'vnev'") as variable:
        choose_backend(tmp_path, environment={"PYVE_BACKEND": "vnev"})
    assert variable.value.hint == "did you mean venv?"
    with pytest.raises(ConfigInvalidError, match=r"pyproject\.toml: 'qqq'") as configured:
        choose_backend(tmp_path, environment={}, configured="qqq", configured_in="pyproject.toml")
    assert configured.value.hint == "known are: venv, micromamba"


def test_an_unknown_name_in_a_rule_that_lost_harms_nothing(tmp_path: Path) -> None:
    choice = choose_backend(tmp_path, environment={"PYVE_BACKEND": "qqq"}, option="venv")
    assert choice.chosen_by == "option"


def test_explanation_names_every_other_rule_and_why_it_lost(tmp_path: Path) -> None:
    touch(tmp_path, "environment.yml", "requirements.txt")
    found = explain(tmp_path, environment={"PYVE_BACKEND": "venv"})
    reasons = {rule.rule: rule.reason for rule in found.lost_rules}
    assert list(reasons) == ["option", "configuration", "conda-manifest", "python-manifest", "default"]
    assert reasons["option"] == "--backend was not given"
    assert reasons["conda-manifest"] == "it would choose micromamba, but PYVE_BACKEND comes first"
    assert any("unset PYVE_BACKEND" in sentence for sentence in found.what_would_change_it)


def test_explanation_says_what_each_file_is_used_for(tmp_path: Path) -> None:
    touch(tmp_path, "requirements.in", ".python-version", "requirements-dev.txt", "uv.lock", "pyve.toml")
    (tmp_path / "requirements.txt").write_text("a", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[build-system]\nrequires = ["x"]\n', encoding="utf-8")
    declaration = read_declaration(tmp_path, environment={})
    found = explain(tmp_path, environment={}, declaration=declaration)
    assert {file.path.name: file.used_for for file in found.files} == {
        "pyve.toml": "settings",
        "pyproject.toml": "the project itself, its groups and extras",
        "requirements.txt": "packages",
        "requirements.in": "not used: requirements.txt declares the packages",
        "requirements-dev.txt": "development packages",
        ".python-version": "the Python version",
        "uv.lock": "not used: requirements.txt declares the packages",
    }


def test_explanation_needs_no_file_to_be_valid(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("???", encoding="utf-8")
    (tmp_path / "environment.yml").mkdir()
    found = explain(tmp_path, environment={})
    assert [file.path.name for file in found.files] == ["requirements.txt", "environment.yml"]
    assert found.choice.name == "micromamba"
