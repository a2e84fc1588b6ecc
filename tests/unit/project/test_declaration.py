"""What a virtual environment gets: which file wins, what comes on top of it, and what the fingerprint counts."""

import json
from pathlib import Path

import pytest

from pyve.errors import (
    ExtraUnknownError,
    ForeignLockError,
    GroupUnknownError,
    ManifestInvalidError,
    RequirementInvalidError,
)
from pyve.project.declaration import Declaration, read_declaration

BUILD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
POETRY = '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\nflask = "*"\n'
PROJECT = """\
[project]
name = "Own"
version = "1"
requires-python = ">=3.10"
dependencies = ["requests>=2"]
[project.optional-dependencies]
cli = ["rich", "own[web]"]
web = ["flask"]
[dependency-groups]
dev = ["pytest", "own[cli]"]
docs = ["mkdocs"]
"""
LOCK = """\
lock-version = "1.0"
created-by = "x"
requires-python = ">=3.11"
[[packages]]
name = "pytest"
version = "8.1"
wheels = [{url = "https://f.example/pytest-8.1-py3-none-any.whl", hashes = {sha256 = "aa"}}]
"""


def write(root: Path, **files: str) -> None:
    """Write files; `__` in a name stands for a dot, `_` for itself."""
    for name, text in files.items():
        (root / name.replace("__", ".").replace("requirements_dev", "requirements-dev")).write_text(
            text, encoding="utf-8"
        )


def read(root: Path, *extras: str, groups: tuple[str, ...] = (), dev: bool = True) -> Declaration:
    return read_declaration(root, extras=extras, groups=groups, include_dev=dev, environment={})


def lines(declaration: Declaration) -> list[str]:
    return [one.line for one in declaration.requirements.requirements]


def canonical(declaration: Declaration) -> str:
    return json.dumps(declaration.canonical_form(), sort_keys=True)


# --- which file wins ---------------------------------------------------------------------------


def test_an_empty_directory_declares_nothing(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.source == "none"
    assert lines(found) == []
    assert found.editable_project is None
    assert "requirements.txt" in found.evidence[0]


def test_the_first_file_of_the_order_wins_and_the_others_are_named(tmp_path: Path) -> None:
    write(tmp_path, pylock__toml=LOCK, requirements__txt="a", requirements__in="b", pyproject__toml=PROJECT)
    for winner, passed_over in (
        ("pylock.toml", "requirements.txt"),
        ("requirements.txt", "requirements.in"),
        ("requirements.in", "pyproject.toml"),
    ):
        found = read(tmp_path, dev=False)
        assert found.source == winner
        assert any(sentence.startswith(f"{passed_over} is passed over") for sentence in found.evidence)
        (tmp_path / winner).unlink()
    assert read(tmp_path, dev=False).source == "pyproject.toml"
    assert lines(read(tmp_path, dev=False)) == ["requests>=2"]


def test_a_file_that_is_passed_over_is_not_even_parsed(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="a", requirements__in="???")
    assert lines(read(tmp_path)) == ["a"]


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("uv.lock", "uv export --format pylock.toml -o pylock.toml"),
        ("poetry.lock", "poetry export -f requirements.txt -o requirements.txt"),
        ("Pipfile.lock", "pipenv requirements > requirements.txt"),
        ("Pipfile", "pipenv requirements > requirements.txt"),
        ("pdm.lock", "pdm export -o requirements.txt"),
    ],
)
def test_another_tools_lock_alone_is_refused_with_its_export_command(tmp_path: Path, name: str, command: str) -> None:
    (tmp_path / name).touch()
    write(tmp_path, requirements_dev__txt="pytest", pyproject__toml="[tool.ruff]\n")
    with pytest.raises(ForeignLockError) as caught:
        read(tmp_path)
    assert command in (caught.value.hint or "")
    write(tmp_path, requirements__txt="a")
    assert any(name in sentence for sentence in read(tmp_path).evidence) is (name != "Pipfile")


def test_a_poetry_table_alone_is_refused(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml=POETRY)
    with pytest.raises(ForeignLockError, match=r"\[tool\.poetry\]"):
        read(tmp_path)


def test_a_poetry_table_that_says_it_is_no_package_is_refused(tmp_path: Path) -> None:
    told = POETRY.replace("[tool.poetry]\n", "[tool.poetry]\npackage-mode = false\n")
    write(tmp_path, pyproject__toml=f"{BUILD}{told}")
    with pytest.raises(ForeignLockError, match=r"\[tool\.poetry\]"):
        read(tmp_path)


def test_a_poetry_table_that_a_build_system_reads_counts_by_its_content(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml=f"{BUILD}{POETRY}")
    found = read(tmp_path)
    assert found.source == "pyproject.toml"
    assert found.editable_project == tmp_path
    assert [path.name for path in found.build_inputs] == ["pyproject.toml"]
    before = canonical(found)
    write(tmp_path, pyproject__toml=f'{BUILD}{POETRY}attrs = "*"\n')
    assert canonical(read(tmp_path)) != before


def test_groups_that_only_poetry_reads_are_told(tmp_path: Path) -> None:
    group = '[tool.poetry.group.dev.dependencies]\npytest = "*"\n'
    write(tmp_path, pyproject__toml=f"{BUILD}{POETRY}{group}")
    assert any("only Poetry reads them" in sentence for sentence in read(tmp_path).evidence)


def test_a_venv_beside_conda_manifests_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text("dependencies: [numpy]\n", encoding="utf-8")
    write(tmp_path, pyproject__toml="[tool.ruff]\n")
    with pytest.raises(ForeignLockError, match=r"environment\.yml declares conda packages"):
        read(tmp_path)
    write(tmp_path, requirements__txt="")
    assert read(tmp_path).source == "requirements.txt"


def test_requirements_dev_alone_counts_unless_left_out(tmp_path: Path) -> None:
    write(tmp_path, requirements_dev__txt="pytest")
    assert read(tmp_path).source == "requirements-dev.txt"
    assert lines(read(tmp_path)) == ["pytest"]
    assert read(tmp_path, dev=False).source == "none"


def test_setup_cfg_that_nothing_builds_from_is_refused_with_the_file_it_lacks(tmp_path: Path) -> None:
    write(tmp_path, setup__cfg="[metadata]\nname = a\n[options]\ninstall_requires = flask\n")
    with pytest.raises(ManifestInvalidError) as caught:
        read(tmp_path)
    assert "> pyproject.toml" in (caught.value.hint or "")


def test_setup_cfg_with_tools_settings_alone_declares_nothing(tmp_path: Path) -> None:
    write(tmp_path, setup__cfg="[flake8]\nmax-line-length = 100\n")
    assert read(tmp_path).source == "none"


# --- the project itself ------------------------------------------------------------------------


def test_a_project_with_a_build_system_brings_its_dependencies_itself(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml=BUILD + PROJECT)
    found = read(tmp_path, "CLI", groups=("docs",))
    assert found.source == "pyproject.toml"
    assert found.editable_project == tmp_path
    assert found.project_extras == found.extras == ("cli",)
    assert found.groups == ("docs", "dev")
    assert lines(found) == ["mkdocs", "pytest", "own[cli]"]
    assert found.requires_python == ">=3.10"
    assert found.build_inputs == ()
    for name in ("requests>=2", "rich", "flask"):
        assert name in canonical(found)


def test_a_project_without_build_system_is_not_installed_and_its_own_extras_are_expanded(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml=PROJECT)
    found = read(tmp_path)
    assert found.editable_project is None
    assert lines(found) == ["requests>=2", "pytest", "rich", "flask"]
    assert found.requirements.requirements[0].origin == "pyproject.toml:5"
    assert any("[build-system]" in sentence for sentence in found.evidence)


def test_requirements_and_the_project_itself_come_together(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml=BUILD + PROJECT, requirements__txt="attrs\n-e .[web]\n")
    found = read(tmp_path, dev=False)
    assert found.source == "requirements.txt"
    assert lines(found) == ["attrs"]
    assert found.editable_project == tmp_path
    assert found.project_extras == ("web",)


@pytest.mark.parametrize("told", ["[tool.uv]\npackage = false\n", "[tool.poetry]\npackage-mode = false\n"])
def test_a_project_that_says_it_is_no_package_is_not_installed(tmp_path: Path, told: str) -> None:
    write(tmp_path, pyproject__toml=f"{BUILD}{PROJECT}{told}")
    found = read(tmp_path, dev=False)
    assert found.editable_project is None
    assert lines(found) == ["requests>=2"]


def test_setup_py_counts_with_the_files_it_names(tmp_path: Path) -> None:
    write(tmp_path, setup__py="open('needs.txt'); open('README.txt')", needs__txt="a", README__txt="b")
    found = read(tmp_path)
    assert found.source == "setup.py"
    assert found.editable_project == tmp_path
    assert sorted(path.name for path in found.build_inputs) == ["needs.txt", "setup.py"]
    before = canonical(found)
    write(tmp_path, README__txt="changed")
    assert canonical(read(tmp_path)) == before
    write(tmp_path, needs__txt="changed")
    assert canonical(read(tmp_path)) != before


def test_dynamic_dependencies_count_by_the_content_of_what_they_come_from(tmp_path: Path) -> None:
    text = (
        f'{BUILD}[project]\nname = "a"\ndynamic = ["dependencies"]\n'
        '[tool.setuptools.dynamic]\ndependencies = {file = ["needs.in"]}\n'
    )
    write(tmp_path, pyproject__toml=text, needs__in="a")
    before = read(tmp_path)
    assert [path.name for path in before.build_inputs] == ["pyproject.toml", "needs.in"]
    write(tmp_path, needs__in="b")
    assert canonical(read(tmp_path)) != canonical(before)


# --- extras, groups, development ---------------------------------------------------------------


def test_development_is_left_out_on_demand_but_not_what_was_asked_for(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml=PROJECT, requirements_dev__txt="tox")
    assert lines(read(tmp_path, dev=False)) == ["requests>=2"]
    assert "tox" in lines(read(tmp_path))
    assert "pytest" in lines(read(tmp_path, dev=False, groups=("dev",)))


def test_requirements_dev_that_includes_requirements_adds_only_its_own(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="a\nb", requirements_dev__txt="-r requirements.txt\n--pre\nc")
    found = read(tmp_path)
    assert lines(found) == ["a", "b", "c"]
    assert found.requirements.options.pre


def test_unknown_extras_and_groups_name_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml=BUILD + PROJECT)
    with pytest.raises(ExtraUnknownError) as extra:
        read(tmp_path, "wbe")
    assert extra.value.hint == "did you mean: --extra web"
    with pytest.raises(GroupUnknownError) as group:
        read(tmp_path, groups=("doc",))
    assert group.value.hint == "did you mean: --group docs"
    with pytest.raises(GroupUnknownError) as swapped:
        read(tmp_path, groups=("cli",))
    assert swapped.value.hint == "cli is an extra: --extra cli"


def test_extras_that_only_the_build_system_knows_are_accepted(tmp_path: Path) -> None:
    write(tmp_path, setup__py="")
    assert read(tmp_path, "anything").project_extras == ("anything",)


def test_a_mistake_in_pyproject_dependencies_names_its_line(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml='[project]\nname = "a"\ndependencies = [\n "ok",\n "./local",\n]\n')
    with pytest.raises(RequirementInvalidError, match=r"^pyproject\.toml:5: '\./local'"):
        read(tmp_path)


def test_unset_variables_are_noted_without_their_values(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="-i https://${WHO}@x.example\na @ git+https://${TOKEN}@g.example/a")
    evidence = read_declaration(tmp_path, environment={"WHO": "me"}).evidence
    assert "requirements.txt:2 uses ${TOKEN}, which is not set." in evidence
    assert not any("WHO" in sentence for sentence in evidence)


@pytest.mark.parametrize(
    ("line", "is_whole"),
    [("a==${V}", False), ("-e ./${V}", False), ("a @ https://${V}@x.example/a.whl", True), ("# ${V}", True)],
)
def test_files_are_not_the_whole_truth_where_variables_are_filled_in(tmp_path: Path, line: str, is_whole: bool) -> None:
    write(tmp_path, requirements__txt=f"{line}\n")
    assert read_declaration(tmp_path, environment={}).is_whole is is_whole


# --- locks -------------------------------------------------------------------------------------


def test_a_pylock_is_installed_as_it_is_with_the_project_alone(tmp_path: Path) -> None:
    write(tmp_path, pylock__toml=LOCK, pyproject__toml=BUILD + PROJECT)
    found = read(tmp_path)
    assert found.is_lock
    assert found.lock_file == tmp_path / "pylock.toml"
    assert found.editable_project == tmp_path
    assert found.project_extras == ()
    assert found.requires_python == ">=3.10,>=3.11"
    assert lines(found) == ["rich", "flask"]  # pytest is in the lock; own[cli] stands for what it holds


def test_extras_and_groups_of_a_lock_are_left_to_it(tmp_path: Path) -> None:
    head = 'lock-version = "1.0"\nextras = ["cli"]\ndependency-groups = ["dev"]\ndefault-groups = ["own"]\n'
    write(tmp_path, pylock__toml=LOCK.replace('lock-version = "1.0"\n', head), pyproject__toml=PROJECT)
    found = read(tmp_path, "cli", groups=("docs",))
    assert (found.lock_extras, found.lock_groups) == (("cli",), ("dev", "own"))
    assert lines(found) == ["mkdocs"]
    assert read(tmp_path, dev=False).lock_groups == ("own",)


def test_pinned_and_hashed_requirements_are_a_lock(tmp_path: Path) -> None:
    hashed = "a==1 ; python_version > '3' --hash=sha256:aa\nb @ https://f.example/b.whl --hash=sha256:bb\n"
    write(tmp_path, requirements__txt=hashed)
    assert read(tmp_path).is_lock
    for addition in ("c==1\n", "c>=1 --hash=sha256:cc\n", "c==1.* --hash=sha256:cc\n"):
        write(tmp_path, requirements__txt=hashed + addition)
        assert not read(tmp_path).is_lock


# --- what the fingerprint counts ---------------------------------------------------------------


def test_canonical_form_ignores_comments_order_and_white_space(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="A_b>=1,<2\nc\n-i https://u:p@x.example/s\n", pyproject__toml=PROJECT)
    before = canonical(read(tmp_path))
    write(tmp_path, requirements__txt="# new\n-i https://x.example/s\nc   # why\na-b <2, >=1\nc\n")
    write(tmp_path, pyproject__toml="# new\n" + PROJECT.replace(" = ", "="))
    assert canonical(read(tmp_path)) == before


@pytest.mark.parametrize(
    "text",
    [
        *("a==1\n", "a\n--pre\n", "a\n-i https://x.example\n", "a\n-c limits.txt\n", "a --hash=sha256:aa\n"),
        *("-e ./lib\na\n", "a --config-settings=x=y\n", "a[b]\n", "a; python_version > '3'\n", "a\n--no-binary a\n"),
    ],
)
def test_canonical_form_counts_what_changes_packages(tmp_path: Path, text: str) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "setup.py").touch()
    write(tmp_path, requirements__txt="a\n", limits__txt="a<2")
    before = canonical(read(tmp_path))
    write(tmp_path, requirements__txt=text)
    assert canonical(read(tmp_path)) != before


def test_canonical_form_is_the_same_in_another_directory(tmp_path: Path) -> None:
    forms = set()
    for name in ("here", "there"):
        root = tmp_path / name
        (root / "wheels").mkdir(parents=True)
        (root / "lib").mkdir()
        write(root / "lib", setup__py="x")
        write(root, requirements__txt="-f wheels\n-e ./lib\n", pyproject__toml=BUILD + PROJECT)
        forms.add(canonical(read(root)))
    assert len(forms) == 1


def test_a_local_directory_makes_digests_of_files_insufficient(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="a\n")
    assert read(tmp_path).is_whole
    (tmp_path / "lib").mkdir()
    write(tmp_path / "lib", setup__py="x")
    write(tmp_path, requirements__txt="./lib\n")
    assert not read(tmp_path).is_whole


def test_every_file_that_was_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep", more__txt="c")
    write(tmp_path, requirements__txt="-r deep/more.txt", pyproject__toml=PROJECT, requirements_dev__txt="tox")
    names = [path.relative_to(tmp_path).as_posix() for path in read(tmp_path).files]
    assert names == ["pyproject.toml", "requirements.txt", "deep/more.txt", "requirements-dev.txt"]


def test_settings_of_uv_count_where_they_change_packages(tmp_path: Path) -> None:
    settings = '[tool.uv]\npackage = true\n[tool.uv.sources]\nlib = {git = "https://u:p@g.example/lib"}\n'
    write(tmp_path, pyproject__toml=BUILD + PROJECT)
    without = canonical(read(tmp_path))
    write(tmp_path, pyproject__toml=f"{BUILD}{PROJECT}[tool.uv]\npackage = true\n")
    assert canonical(read(tmp_path)) == without
    write(tmp_path, pyproject__toml=BUILD + PROJECT + settings)
    assert canonical(read(tmp_path)) != without
    assert "u:p" not in canonical(read(tmp_path))


def test_uv_toml_counts_where_it_changes_packages(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="a")
    without = canonical(read(tmp_path))
    write(tmp_path, uv__toml='cache-dir = "elsewhere"\n')
    assert canonical(read(tmp_path)) == without
    write(tmp_path, uv__toml='[[index]]\nurl = "https://u:p@x.example/s?token=t0k3n"\n')
    declaration = read(tmp_path)
    assert canonical(declaration) != without
    assert "u:p" not in canonical(declaration)
    assert "t0k3n" not in canonical(declaration)
    assert tmp_path / "uv.toml" in declaration.files


def test_uv_toml_that_is_wrong_is_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="a", uv__toml="index = [\n")
    with pytest.raises(ManifestInvalidError, match=r"uv\.toml:\d"):
        read(tmp_path)


def test_tokens_in_urls_do_not_count(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="a @ https://x.example/a-1.whl?token=one&b=2\n")
    before = canonical(read(tmp_path))
    write(tmp_path, requirements__txt="a @ https://x.example/a-1.whl?token=two&b=2\n")
    assert canonical(read(tmp_path)) == before
    assert lines(read(tmp_path)) == ["a @ https://x.example/a-1.whl?token=two&b=2"]


def test_local_sources_of_uv_count_by_content(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    write(tmp_path / "lib", setup__py="1")
    write(tmp_path, pyproject__toml=f'{BUILD}{PROJECT}[tool.uv.sources]\nlib = {{path = "lib", editable = true}}\n')
    before = read(tmp_path)
    assert not before.is_whole
    write(tmp_path / "lib", setup__py="2")
    assert canonical(read(tmp_path)) != canonical(before)
