import sys
from pathlib import Path
from typing import Any

import pytest

from pyve.errors import ManifestInvalidError
from pyve.lockers.locker import LockPython, LockTask
from pyve.lockers.uv.existing import keep_versions, list_pins
from pyve.lockers.uv.project_settings import find_project_settings, restricted_variables, write_restriction
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.locking.platform_markers import marker_of
from pyve.project.manifests.toml_text import parse_toml


def make_task(root: Path, lock_format: LockFormat = LockFormat.REQUIREMENTS, **changes: Any) -> LockTask:
    return LockTask(
        root=root,
        target=LockTarget(sources=(root / "in",), destination=root / "out", format=lock_format),
        platforms=("linux-64",),
        python=LockPython(specifier=">=3.11", oldest="3.11", interpreter=None, source=""),
        work_directory=root,
        log=root / "log",
        cache_directory=root,
        environment={},
        **changes,
    )


def restrict(root: Path, *platforms: str, **environment: str) -> dict[str, Any]:
    settings = find_project_settings(root, environment)
    directory = write_restriction(root / "restriction", settings, platforms)
    table: dict[str, Any] = parse_toml((directory / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]
    return table


def test_settings_are_carried_over_with_absolute_places(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[tool.uv]\nprerelease = "allow"\nmanaged = true\n[tool.uv.pip]\nfind-links = ["wheels", "https://a.example"]\n'
        '[[tool.uv.index]]\nname = "own"\nurl = "./simple"\n[tool.uv.sources]\nx = { path = "x" }\n',
        encoding="utf-8",
    )
    assert restrict(project, "linux-64") == {
        "prerelease": "allow",
        "pip": {"find-links": [str(project / "wheels"), "https://a.example"]},
        "index": [{"name": "own", "url": str(project / "simple")}],
        "environments": ["platform_machine == 'x86_64' and sys_platform == 'linux'"],
    }


def test_uv_toml_comes_before_pyproject_and_the_nearest_directory_before_those_above(project: Path) -> None:
    inner = project / "inner"
    inner.mkdir()
    (project / "uv.toml").write_text('prerelease = "allow"\n', encoding="utf-8")
    (inner / "pyproject.toml").write_text('[project]\nname = "x"\n', encoding="utf-8")
    assert restrict(inner)["prerelease"] == "allow"
    (inner / "pyproject.toml").write_text('[tool.uv]\nprerelease = "explicit"\n', encoding="utf-8")
    assert find_project_settings(inner, {}).table == {"prerelease": "explicit"}
    (inner / "uv.toml").write_text("", encoding="utf-8")
    assert find_project_settings(inner, {}).table == {}


def test_the_projects_own_environments_are_met_with_the_platforms(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        """[tool.uv]\nenvironments = ["sys_platform == 'linux' and python_version < '3.12'", "os_name == 'nt'"]\n""",
        encoding="utf-8",
    )
    assert restrict(project, "linux-64", "win-64", "osx-64")["environments"] == [
        f"(sys_platform == 'linux' and python_version < '3.12') and ({marker_of('linux-64')})",
        "(os_name == 'nt') and (platform_machine == 'AMD64' and sys_platform == 'win32')",
        "platform_machine == 'x86_64' and sys_platform == 'darwin'",
    ]


def test_settings_that_are_no_toml_are_named_with_their_line(project: Path) -> None:
    (project / "uv.toml").write_text("a = 1\nb ==\n", encoding="utf-8")
    with pytest.raises(ManifestInvalidError, match=r"uv\.toml:2"):
        find_project_settings(project, {})


def test_who_tells_uv_to_read_no_settings_gets_none(project: Path) -> None:
    (project / "uv.toml").write_text('prerelease = "allow"\n', encoding="utf-8")
    assert find_project_settings(project, {"UV_NO_CONFIG": "true"}).table == {}
    assert find_project_settings(project, {"UV_NO_CONFIG": "0"}).table == {"prerelease": "allow"}
    variables = restricted_variables({"UV_NO_CONFIG": "1", "KEPT": "1"}, project / "none")
    places = ("APPDATA",) if sys.platform == "win32" else ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS")
    assert variables == {"KEPT": "1", **dict.fromkeys(places, str(project / "none"))}
    assert restricted_variables({"KEPT": "1"}, project / "none") == {"KEPT": "1"}


def test_pins_of_a_lock_are_kept_without_what_they_stand_among(tmp_path: Path) -> None:
    existing = (
        "# Locked\n--index-url https://a.example\n"
        "One[extra]==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n    # via x==9\n"
        "two==2.0.post1\r\nthree @ https://a.example/three.whl\nfour==\nfive==not!a!version\nsix==1 ; nonsense\n"
    )
    assert keep_versions(make_task(tmp_path, existing=existing)) == (
        "One==1.0 ; sys_platform == 'win32'\ntwo==2.0.post1\n"
    )
    assert keep_versions(make_task(tmp_path, existing=existing, upgrade=True)) is None
    assert keep_versions(make_task(tmp_path, existing=existing, upgrade_packages=("one", "two"))) is None
    assert keep_versions(make_task(tmp_path)) is None


def test_versions_of_a_pylock_are_kept_without_the_parts_that_they_are_for(tmp_path: Path) -> None:
    existing = """
[[packages]]
name = "a"
version = "1.0"
marker = "'dev' in dependency_groups and sys_platform == 'linux'"
[[packages]]
name = "b"
version = "2.0"
marker = "sys_platform == 'linux'"
[[packages]]
name = "c"
version = "1"
directory = { path = "c" }
"""
    kept = keep_versions(make_task(tmp_path, LockFormat.PYLOCK, existing=existing))
    assert parse_toml(kept or "")["packages"] == [
        {"name": "a", "version": "1.0"},
        {"name": "b", "version": "2.0", "marker": "sys_platform == 'linux'"},
    ]
    for damaged in ("packages = 1", "packages = [1]", "not toml", ""):
        assert list_pins(damaged, LockFormat.PYLOCK) == []
