"""Which locks a project has: the table of docs/reference/lock.md, row by row."""

from pathlib import Path

import pytest

from pyve.errors.lock import LockTargetUnknownError
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.locking.lock_targets import find_lock_targets, is_made_by_tools
from pyve.project.locking.part_selection import name_restriction, select_parts
from pyve.project.locking.settings import ProjectLockSettings

PYPROJECT = """
[project]
name = "shop"
version = "1"
dependencies = ["alpha"]
[project.optional-dependencies]
plot = ["gamma"]
[dependency-groups]
dev = ["delta"]
"""
BUILD_SYSTEM = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
LOCKED = "alpha==1.0 \\\n    --hash=sha256:00\n    # via -r requirements.in\n"


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / name.replace("__", "-").replace("_", ".")).write_text(text, encoding="utf-8")


def find(root: Path, *, backend: str = "venv", lock_format: str | None = None) -> tuple[LockTarget, ...]:
    return find_lock_targets(root, backend=backend, settings=ProjectLockSettings(format=lock_format))


def names(targets: tuple[LockTarget, ...]) -> list[tuple[list[str], str]]:
    return [([path.name for path in one.sources], one.destination.name) for one in targets]


def parts(target: LockTarget) -> list[tuple[str, str, str]]:
    return [(part.kind, part.name, part.source.name) for part in target.parts]


def test_requirements_in_is_locked_into_requirements_txt(tmp_path: Path) -> None:
    write(tmp_path, requirements_in="alpha\n")
    (target,) = find(tmp_path)
    assert names((target,)) == [(["requirements.in"], "requirements.txt")]
    assert target.format is LockFormat.REQUIREMENTS


def test_layers_come_after_what_they_must_agree_with_dev_first(tmp_path: Path) -> None:
    write(tmp_path, requirements_in="alpha\n", requirements__dev_in="beta\n", requirements__apps_in="gamma\n")
    targets = find(tmp_path)
    assert [one.destination.name for one in targets] == [
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-apps.txt",
    ]
    assert [[path.name for path in one.above] for one in targets] == [
        [],
        ["requirements.txt"],
        ["requirements.txt", "requirements-dev.txt"],
    ]


def test_layers_are_those_of_small_letters_in_the_order_of_their_bytes_on_every_machine(tmp_path: Path) -> None:
    for name in (
        "requirements-b.in",
        "requirements-C.in",
        "requirements-a.in",
        "Requirements-d.in",
        "requirements-e.IN",
    ):
        (tmp_path / name).touch()
    assert [one.destination.name for one in find(tmp_path)] == [
        "requirements-C.txt",
        "requirements-a.txt",
        "requirements-b.txt",
    ]


def test_what_the_project_itself_needs_is_locked_where_it_is_installed_too(tmp_path: Path) -> None:
    write(tmp_path, requirements_in="alpha\n", pyproject_toml=PYPROJECT + BUILD_SYSTEM)
    assert names(find(tmp_path)) == [(["requirements.in", "pyproject.toml"], "requirements.txt")]


def test_pyproject_that_is_not_installed_is_passed_over_for_requirements_in(tmp_path: Path) -> None:
    write(tmp_path, requirements_in="alpha\n", pyproject_toml=PYPROJECT)
    assert names(find(tmp_path)) == [(["requirements.in"], "requirements.txt")]


def test_pyproject_is_locked_into_a_pylock_with_all_its_parts(tmp_path: Path) -> None:
    write(tmp_path, pyproject_toml=PYPROJECT)
    (target,) = find(tmp_path)
    assert names((target,)) == [(["pyproject.toml"], "pylock.toml")]
    assert target.format is LockFormat.PYLOCK
    assert parts(target) == [("extra", "plot", "pyproject.toml"), ("group", "dev", "pyproject.toml")]


def test_pyproject_is_locked_into_requirements_txt_where_that_is_configured(tmp_path: Path) -> None:
    write(tmp_path, pyproject_toml=PYPROJECT)
    main, dev = find(tmp_path, lock_format="requirements.txt")
    assert (main.destination.name, parts(main)) == ("requirements.txt", [])
    assert (dev.destination.name, parts(dev)) == ("requirements-dev.txt", [("group", "dev", "pyproject.toml")])
    assert dev.above == (main.destination,)


def test_a_lock_keeps_the_format_it_has(tmp_path: Path) -> None:
    write(tmp_path, pyproject_toml=PYPROJECT, requirements_txt=LOCKED)
    assert find(tmp_path)[0].format is LockFormat.REQUIREMENTS
    write(tmp_path, requirements_in="alpha\n", pylock_toml="")
    (tmp_path / "requirements.txt").unlink()
    assert [one.format for one in find(tmp_path)] == [LockFormat.PYLOCK]


def test_layers_are_groups_of_a_pylock(tmp_path: Path) -> None:
    write(tmp_path, requirements_in="alpha\n", requirements__dev_in="beta\n", pylock_toml="")
    (target,) = find(tmp_path)
    assert parts(target) == [("group", "dev", "requirements-dev.in")]


def test_a_loose_requirements_txt_is_locked_into_a_pylock_its_dev_file_as_a_group(tmp_path: Path) -> None:
    write(tmp_path, requirements_txt="alpha>=1\n", requirements__dev_txt="beta\n")
    (target,) = find(tmp_path)
    assert names((target,)) == [(["requirements.txt"], "pylock.toml")]
    assert parts(target) == [("group", "dev", "requirements-dev.txt")]


def test_a_loose_requirements_txt_cannot_be_its_own_lock(tmp_path: Path) -> None:
    write(tmp_path, requirements_txt="alpha>=1\n")
    with pytest.raises(LockTargetUnknownError) as caught:
        find(tmp_path, lock_format="requirements.txt")
    assert "git mv requirements.txt requirements.in" in (caught.value.hint or "")


def test_a_lock_without_a_source_has_nothing_to_be_made_from(tmp_path: Path) -> None:
    write(tmp_path, requirements_txt=LOCKED)
    assert find(tmp_path) == ()
    assert find(tmp_path, backend="micromamba") == ()


@pytest.mark.parametrize("name", ["environment.yml", "environment.yaml"])
def test_conda_environments_are_locked_by_conda_lock_yml(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("dependencies:\n  - python\n", encoding="utf-8")
    (target,) = find(tmp_path, backend="micromamba")
    assert names((target,)) == [([name], "conda-lock.yml")]
    assert target.format is LockFormat.CONDA_LOCK


def test_asking_for_groups_leaves_other_groups_out_and_no_extra(tmp_path: Path) -> None:
    write(tmp_path, pyproject_toml=PYPROJECT)
    pyproject = PYPROJECT.replace('dev = ["delta"]', 'dev = ["delta"]\ndocs = ["beta"]')
    write(tmp_path, pyproject_toml=pyproject)
    (target,) = select_parts(find(tmp_path), extras=(), groups=("dev",))
    assert parts(target) == [("extra", "plot", "pyproject.toml"), ("group", "dev", "pyproject.toml")]
    assert name_restriction(target) == ("group:dev",)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (LOCKED, True),
        ("# This file was autogenerated by uv via the following command:\nalpha>=1\n", True),
        ("# Locked by pyve from requirements.in\n", True),
        ("alpha==1.0\nbeta @ https://host.example/beta.whl\n", True),
        ("alpha==1.*\n", False),
        ("alpha>=1\nbeta==2.0\n", False),
        ("# only words\n", False),
        ("", False),
    ],
)
def test_files_that_tools_made_are_told_from_those_of_people(text: str, made: bool) -> None:
    assert is_made_by_tools(text) is made
