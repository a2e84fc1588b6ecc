import sys
from pathlib import Path
from typing import Any

import pytest

from pyve.errors import ManifestInvalidError
from pyve.lockers.left_out import tell_left_out
from pyve.lockers.locker import LockPython, LockTask
from pyve.lockers.uv.configured_places import list_configured_places
from pyve.lockers.uv.existing import keep_versions, list_pins
from pyve.lockers.uv.heading import declared_lines, tell_stripped
from pyve.lockers.uv.project_settings import find_project_settings, restricted_variables, write_restriction
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.locking.platform_markers import marker_of
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.requirement import IndexOptions, Requirement


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


def test_places_of_the_configuration_are_all_found(home: Path) -> None:
    pip = IndexOptions(index_url="https://a.example", extra_index_urls=("https://b.example",), find_links=("/c",))
    environment = {
        "HOME": str(home),
        "UV_INDEX": "named=https://d.example https://e.example/?a=b",
        "UV_FIND_LINKS": "/f,/g",
        "UV_DEFAULT_INDEX": "https://h.example",
    }
    found = list_configured_places(pip, environment)
    names = ("https://a.example", "https://b.example", "/c", "https://d.example", "https://e.example/?a=b")
    assert set(found) == {*names, "/f", "/g", "https://h.example"}


def test_the_users_own_uv_toml_is_configuration(home: Path) -> None:
    settings = home / ".config" / "uv" / "uv.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[pip]\nextra-index-url = ["https://a.example"]\n[[index]]\nurl = "/b"\n', encoding="utf-8")
    environment = {"HOME": str(home), "APPDATA": str(home / ".config")}  # the latter is where Windows looks
    assert set(list_configured_places(IndexOptions(), environment)) == {"https://a.example", "/b"}
    assert list_configured_places(IndexOptions(), {**environment, "UV_NO_CONFIG": "1"}) == ()
    settings.write_text("not toml", encoding="utf-8")
    assert list_configured_places(IndexOptions(), environment) == ()


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


def test_options_are_written_as_declared_without_secrets(project: Path) -> None:
    options = IndexOptions(
        index_url="https://me:secret@a.example/simple",
        extra_index_urls=("https://${USER}:${TOKEN}@b.example", "https://${TOKEN}@c.example"),
        find_links=(str(project / "wheels"), "https://d.example/?token=secret"),
        trusted_hosts=("a.example",),
        only_binary=("x",),
    )
    assert declared_lines(options, project) == (
        "--index-url https://a.example/simple",
        "--extra-index-url https://${USER}:${TOKEN}@b.example",
        "--extra-index-url https://${TOKEN}@c.example",
        "--find-links ./wheels",
        "--find-links https://d.example/?token=",
        "--only-binary x",
        "--trusted-host a.example",
    )
    told = tell_stripped(options)
    assert len(told) == 2
    assert not any("secret" in one for one in told)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("a ; sys_platform == 'win32'", "linux-64, osx-64"),
        ("a ; python_version < '3.9'", "Python >=3.11"),
        ("a @ https://a.example/a.whl ; os_name == 'nt'", "linux-64, osx-64"),
        ("a ; platform_python_implementation == 'PyPy'", None),
        ("a ; python_version >= '3.14'", None),
        ("a ; extra == 'x'", "linux-64, osx-64"),
        ("a", None),
    ],
)
def test_requirements_that_hold_nowhere_are_named(line: str, where: str | None) -> None:
    python = LockPython(specifier=">=3.11", oldest="3.11", interpreter=None, source="")
    requirement = Requirement(line=line, canonical=line, origin="requirements.in:7", name="a")
    told = list(tell_left_out([requirement], ("linux-64", "osx-64"), python))
    assert len(told) == (where is not None)
    for sentence in told:
        assert sentence.startswith("requirements.in:7: a ")
        assert (where or "") in sentence
