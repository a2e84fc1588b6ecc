"""With --json, stdout is one document that docs/reference/output.schema.json describes, whatever happens."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import PyveResult, RunPyve
from tests.support.package_index import PackageIndex

SCHEMA_FILE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "output.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(
    json.loads(SCHEMA_FILE.read_text("utf-8")), format_checker=jsonschema.FormatChecker()
)
Pyve = Callable[..., PyveResult]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    packages = PackageIndex(tmp_path / "index")
    packages.add("alpha", "1.0", scripts={"alpha": "alpha:main"})
    packages.add("beta", "1.0")
    with packages.serve() as url:
        yield url


@pytest.fixture
def pyve(run_pyve: RunPyve, index: str) -> Pyve:
    """Run pyve with an index of this test's own."""

    def run(*arguments: str, cwd: Path | None = None) -> PyveResult:
        environment = {"PIP_INDEX_URL": index, "PIP_CONFIG_FILE": os.devnull, "UV_DEFAULT_INDEX": None}
        return run_pyve(*arguments, cwd=cwd, env={**environment, "UV_INDEX_URL": None})

    return run


@pytest.fixture
def initialised(project: Path, pyve: Pyve) -> Path:
    """A project with an environment that holds alpha."""
    (project / "requirements.txt").write_text("alpha\n", encoding="utf-8")
    assert pyve("init").exit_status == 0
    return project


def _validated(result: PyveResult) -> Any:
    """The document, after it has passed the schema and agreed with the process's own exit status."""
    document = json.loads(result.stdout)
    VALIDATOR.validate(document)
    assert document["exit_status"] == result.exit_status
    return document


# --- what verbs find and do -------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["init", "sync"])
def test_a_build_is_described(verb: str, project: Path, pyve: Pyve) -> None:
    (project / "requirements.txt").write_text("alpha\n", encoding="utf-8")
    document = _validated(pyve(verb, "--json"))
    assert (document["command"], document["status"]) == (verb, "success")
    assert document["data"]["action"] == "build"
    assert document["data"]["added"]["alpha"] == "1.0"
    assert Path(document["data"]["environment"]).is_dir()


def test_a_dry_run_leaves_open_what_only_a_build_tells(project: Path, pyve: Pyve) -> None:
    data = _validated(pyve("init", "--dry-run", "--json"))["data"]
    assert data["dry_run"] is True
    assert data["environment"] is None


def test_a_pin_and_a_sync_without_work_are_described(initialised: Path, pyve: Pyve) -> None:
    assert _validated(pyve("sync", "--json"))["data"]["action"] == "keep"


def test_the_flag_form_is_named_as_its_verb(initialised: Path, pyve: Pyve) -> None:
    assert _validated(pyve("--json", "--init"))["command"] == "init"


def test_status_is_described_when_all_is_well(initialised: Path, pyve: Pyve) -> None:
    data = _validated(pyve("status", "--json", "--sizes"))["data"]
    assert data["stale"] is False
    assert data["damage"] is None


def test_status_is_described_when_the_files_changed(initialised: Path, pyve: Pyve) -> None:
    (initialised / "requirements.txt").write_text("beta\n", encoding="utf-8")
    document = _validated(pyve("status", "--json"))
    assert (document["status"], document["exit_status"]) == ("success", 1)
    assert document["data"]["changed_files"] == [{"name": "requirements.txt", "how": "edited"}]
    assert document["data"]["declared_since"] == ["beta"]


def test_status_is_described_when_a_file_cannot_be_read(initialised: Path, pyve: Pyve) -> None:
    (initialised / "requirements.txt").write_text("alpha ===== 1\n", encoding="utf-8")
    document = _validated(pyve("status", "--json"))
    assert document["data"]["stale"] is None
    assert [problem["code"] for problem in document["problems"]] == ["requirement-invalid"]


def test_status_is_described_when_the_environment_is_gone(initialised: Path, pyve: Pyve) -> None:
    Path(_validated(pyve("status", "--json"))["data"]["environment"]).rename(initialised / "elsewhere")
    document = _validated(pyve("status", "--json"))
    assert document["exit_status"] == 1
    assert [problem["code"] for problem in document["problems"]] == ["environment-damaged"]


@pytest.mark.parametrize("options", [(), ("--all",), ("--sizes",)])
def test_list_is_described(options: tuple[str, ...], initialised: Path, pyve: Pyve) -> None:
    (initialised / ".pyve" / "envs" / "somebody-elses").mkdir()
    data = _validated(pyve("list", "--json", *options))["data"]
    assert [environment["use"] for environment in data["environments"]] == ["current"]
    assert [Path(path).name for path in data["foreign"]] == ["somebody-elses"]


def test_detect_is_described(project: Path, pyve: Pyve) -> None:
    (project / "requirements.txt").touch()
    (project / "environment.yml").write_text("dependencies: []\n", encoding="utf-8")
    data = _validated(pyve("detect", "--json"))["data"]
    assert data["backend"] == "micromamba"
    assert {Path(file["path"]).name for file in data["files"]} == {"requirements.txt", "environment.yml"}


def test_detect_is_described_where_only_another_tool_reads_the_file(project: Path, pyve: Pyve) -> None:
    (project / "poetry.lock").touch()
    document = _validated(pyve("detect", "--json"))
    assert document["data"]["packages_from"] is None
    assert [problem["code"] for problem in document["problems"]] == ["foreign-lock"]


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_rollback_is_described(options: tuple[str, ...], initialised: Path, pyve: Pyve) -> None:
    (initialised / "requirements.txt").write_text("beta\n", encoding="utf-8")
    assert pyve("sync").exit_status == 0
    data = _validated(pyve("rollback", "--json", *options))["data"]
    assert data["dry_run"] is bool(options)
    assert data["same_declaration"] is False


@pytest.mark.parametrize("options", [(), ("--all",), ("--dry-run",), ("--yes",), ("--days", "0", "--yes")])
def test_gc_is_described(options: tuple[str, ...], initialised: Path, pyve: Pyve) -> None:
    (initialised / "requirements.txt").write_text("beta\n", encoding="utf-8")
    assert pyve("sync").exit_status == 0
    data = _validated(pyve("gc", "--json", *options))["data"]
    assert {kept["reason"] for kept in data["plan"]["keep"]} >= {"in use by its project"}


@pytest.mark.parametrize("options", [("--dry-run",), ("--yes", "--keep-env"), ("--yes",)])
def test_purge_is_described(options: tuple[str, ...], initialised: Path, pyve: Pyve) -> None:
    data = _validated(pyve("purge", "--json", *options))["data"]
    assert "link" in {removal["kind"] for removal in data["plan"]["remove"]}
    assert bool(data["removed"]) is ("--yes" in options)


@pytest.mark.parametrize("options", [(), ("--deep",)])
def test_check_is_described(options: tuple[str, ...], initialised: Path, pyve: Pyve) -> None:
    data = _validated(pyve("check", "--json", *options))["data"]
    assert data["project"] == str(initialised)


def test_check_is_described_when_it_finds_something(initialised: Path, pyve: Pyve) -> None:
    (environment,) = (initialised / ".pyve" / "envs").iterdir()
    environment.rename(initialised / "elsewhere")
    document = _validated(pyve("check", "--json"))
    assert document["exit_status"] == 1
    assert document["data"]["errors"] >= 1


@pytest.mark.parametrize(
    "words",
    [
        ("config",),
        ("config", "get", "gc.days"),
        ("config", "set", "groups", "docs,test"),
        ("config", "unset", "groups"),
        ("--config",),
    ],
)
def test_config_is_described(words: tuple[str, ...], project: Path, pyve: Pyve) -> None:
    (project / "requirements.txt").touch()
    document = _validated(pyve(*words, "--json"))
    assert document["command"] == "config"
    assert document["data"]["entries"]


def test_the_version_is_described(pyve: Pyve) -> None:
    assert _validated(pyve("--version", "--json"))["data"]["version"]


# --- failures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["sync", "status", "list", "rollback", "gc", "purge"])
def test_no_project_is_an_error_of_the_verb(verb: str, project: Path, pyve: Pyve) -> None:
    document = _validated(pyve(verb, "--json"))
    assert (document["command"], document["exit_status"]) == (verb, 4)
    assert document["problems"][0]["code"] == "no-project"


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (("status", "--nosuch"), "status"),
        (("nosuch",), "nosuch"),
        (("--nosuch",), None),
        (("init", "three"), "init"),
        (("init", "--purge"), "init"),
        (("sync", "--exact", "--keep-extras"), "sync"),
        (("gc", "--days", "many"), "gc"),
        (("config", "get", "nosuch"), "config"),
        (("self", "nosuch"), "self nosuch"),
        (("--project",), None),
    ],
)
def test_a_usage_error_is_described(words: tuple[str, ...], command: str | None, project: Path, pyve: Pyve) -> None:
    document = _validated(pyve("--json", *words))
    assert (document["command"], document["exit_status"]) == (command, 2)


@pytest.mark.parametrize("verb", ["install", "uninstall"])
def test_a_pyve_of_another_installer_does_not_install_itself(verb: str, pyve: Pyve) -> None:
    document = _validated(pyve("self", verb, "--json"))
    assert (document["command"], document["exit_status"]) == (f"self {verb}", 7)


def test_a_broken_manifest_is_described(project: Path, pyve: Pyve) -> None:
    (project / "pyproject.toml").write_text("[project\n", encoding="utf-8")
    document = _validated(pyve("init", "--json"))
    assert (document["exit_status"], document["data"]) == (3, None)
    assert "pyproject.toml" in document["problems"][0]["message"]


def test_a_failed_build_is_described(project: Path, pyve: Pyve) -> None:
    (project / "requirements.txt").write_text("nosuch\n", encoding="utf-8")
    document = _validated(pyve("init", "--json"))
    assert document["exit_status"] == 6
    assert document["problems"][0]["code"] == "resolution-failed"


def test_a_missing_python_is_described(project: Path, pyve: Pyve) -> None:
    assert _validated(pyve("init", "3.19", "--json"))["problems"][0]["code"] == "python-missing"


def test_the_absent_engine_is_described(project: Path, pyve: Pyve) -> None:
    (project / "environment.yml").write_text("dependencies: [python]\n", encoding="utf-8")
    document = _validated(pyve("init", "--engine", "micromamba", "--json"))
    assert document["problems"][0]["code"] == "engine-missing"


def test_run_describes_what_kept_it_from_running(initialised: Path, project: Path, pyve: Pyve) -> None:
    assert _validated(pyve("--json", "run", "nosuch"))["exit_status"] == 127
    assert _validated(pyve("--json", "run", "python", cwd=project.parent))["problems"][0]["code"] == "run-failed"


def test_the_output_of_a_command_is_its_own(initialised: Path, pyve: Pyve) -> None:
    assert pyve("run", "alpha", "--json").stdout == "alpha 1.0 --json\n"
