"""`pyve check`: each examiner finds what it is there to find, made real, and nothing where all is well."""

import base64
import hashlib
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.cleanup.ledger import LedgerEntry, add_entries
from pyve.environments.choices import Choices, read_choices
from pyve.environments.record import COPY_NAME, EnvironmentRecord
from pyve.environments.store import EnvironmentStore
from pyve.errors import StateDamagedError
from pyve.project.git_repository import find_repository
from pyve.system.interpreter_index import IndexEntry, write_index
from pyve.system.interpreter_paths import candidate_paths
from pyve.verbs.checks.declaration import examine_declaration
from pyve.verbs.checks.directories import (
    examine_cache_directory,
    examine_other_projects,
    examine_room,
    examine_state_directory,
    examine_user_settings,
)
from pyve.verbs.checks.environment import examine_python
from pyve.verbs.checks.files import examine_files
from pyve.verbs.checks.findings import KINDS, Fact, Finding
from pyve.verbs.checks.links import examine_ledger, examine_leftovers, examine_links, examine_previous
from pyve.verbs.checks.location import examine_root, examine_store_folder
from pyve.verbs.checks.packages import examine_packages
from pyve.verbs.checks.repository import examine_repository, list_tracked
from pyve.verbs.checks.scripts import examine_scripts, is_executed_by_shell
from pyve.verbs.checks.state import examine_state
from pyve.verbs.checks.tools import (
    examine_interpreters,
    examine_own_command,
    examine_pip_configuration,
    examine_variables,
)
from tests.support.stored_project import (
    build_environment,
    git,
    initialise,
    leave_footprint,
    make_record,
    make_repository,
    make_situation,
    make_store,
    put_in_use,
)

CHECKOUT = Path(__file__).resolve().parents[3]
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and `#!` lines are not Windows'")


def messages(examined: Iterable[Finding | Fact]) -> list[str]:
    return [item.message for item in examined if isinstance(item, Finding)]


def codes(examined: Iterable[Finding | Fact]) -> list[str]:
    return [item.code for item in examined if isinstance(item, Finding)]


@pytest.fixture
def state_directory(tmp_path: Path) -> Path:
    directory = tmp_path / "state"
    directory.mkdir(mode=0o700)
    return directory


@pytest.fixture
def store(project: Path, state_directory: Path) -> EnvironmentStore:
    return make_store(project, state_directory)


@pytest.fixture
def record(store: EnvironmentStore) -> EnvironmentRecord:
    """An environment with a folder for packages, empty."""
    made = initialise(store)
    Path(made.site_packages).mkdir()
    return made


def add_package(record: EnvironmentRecord, name: str, version: str, *, requires: tuple[str, ...] = ()) -> Path:
    """A module and its metadata; returns the metadata folder."""
    packages = Path(record.site_packages)
    content = f"__version__ = {version!r}\n".encode()
    (packages / f"{name}.py").write_bytes(content)
    folder = packages / f"{name}-{version}.dist-info"
    folder.mkdir()
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {line}" for line in requires]
    (folder / "METADATA").write_text("\n".join(lines) + "\n")
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    (folder / "RECORD").write_text(f"{name}.py,sha256={digest},{len(content)}\n{folder.name}/RECORD,,\n")
    return folder


# --- the catalogue ------------------------------------------------------------------------------


def test_the_reference_page_lists_every_finding_with_its_severity() -> None:
    documented = {}
    part = ""
    for line in (CHECKOUT / "docs" / "reference" / "check.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            part = line.removeprefix("## ")
        elif row := re.match(r"\| `([a-z-]+)` \| (\w+) \| \S.* \| \S.* \|$", line):
            assert row[1] not in documented, f"{row[1]} is documented twice"
            documented[row[1]] = (part, row[2])
    assert documented == {code: (part.value, severity.value) for code, (part, severity) in KINDS.items()}


def test_every_finding_is_made_real_by_a_test() -> None:
    tests = [*Path(__file__).parent.glob("test_check*.py"), CHECKOUT / "tests" / "e2e" / "test_check.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in tests)
    assert {code for code in KINDS if f'"{code}"' not in text} == set()


# --- machine ------------------------------------------------------------------------------------


def test_a_private_state_directory_is_fine(project: Path, state_directory: Path) -> None:
    assert codes(examine_state_directory(make_situation(project, state_directory))) == []


def test_a_state_directory_that_can_be_made_is_fine(project: Path, tmp_path: Path) -> None:
    assert codes(examine_state_directory(make_situation(project, tmp_path / "deep" / "er"))) == []


@needs_posix
@pytest.mark.parametrize(("mode", "code"), [(0o777, "state-directory-unsafe"), (0o740, "state-directory-open")])
def test_others_in_the_state_directory_are_found(project: Path, state_directory: Path, mode: int, code: str) -> None:
    state_directory.chmod(mode)
    (finding,) = examine_state_directory(make_situation(project, state_directory))
    assert finding.code == code
    assert finding.hint == f"chmod 700 {state_directory}"
    subprocess.run(finding.hint, shell=True, check=True)
    assert codes(examine_state_directory(make_situation(project, state_directory))) == []


def test_a_file_instead_of_the_state_or_cache_directory_is_found(project: Path, tmp_path: Path) -> None:
    situation = make_situation(project, tmp_path / "state")
    (tmp_path / "state").write_text("")
    (tmp_path / "cache").write_text("")
    assert codes(examine_state_directory(situation)) == ["state-directory-not-writable"]
    assert codes(examine_cache_directory(situation)) == ["cache-directory-not-writable"]


def test_a_state_directory_below_a_file_cannot_be_made(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    situation = make_situation(project, tmp_path / "file" / "state")
    assert codes(examine_state_directory(situation)) == ["state-directory-not-writable"]


def test_broken_user_settings_give_the_defaults_and_a_finding_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[gc]\ndays = 3\ndayz = 4\n")
    settings, (finding,) = examine_user_settings(file)
    assert settings.gc_days == 30
    assert finding.code == "user-settings-invalid"
    assert finding.cause == "config-unknown-key"
    assert f"{file}:3" in finding.message


def test_a_disk_with_too_little_room_is_found_once(tmp_path: Path) -> None:
    assert codes(examine_room([tmp_path, tmp_path / "absent"], least_bytes=10**18)) == ["disk-nearly-full"]
    assert codes(examine_room([tmp_path], least_bytes=0)) == []


def test_a_registered_project_that_is_gone_is_found(store: EnvironmentStore, state_directory: Path) -> None:
    other = store.state.root.with_name("other")
    other.mkdir()
    make_store(other, state_directory)
    situation = make_situation(store.state.root, state_directory)
    assert codes(examine_other_projects(situation, store)) == []
    other.rmdir()
    (finding,) = examine_other_projects(situation, store)
    assert finding.code == "project-gone"
    assert str(other) in finding.message


@needs_posix
def test_the_command_is_found_on_path_and_a_second_one_is_told(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for folder in folders:
        folder.mkdir()
    assert codes(examine_own_command({"PATH": str(folders[0])})) == ["command-not-on-path"]
    for folder in folders[:2]:
        (folder / "pyve").write_text("#!/bin/sh\n")
        (folder / "pyve").chmod(0o755)
    (folders[2] / "pyve").symlink_to(folders[0] / "pyve")
    assert codes(examine_own_command({"PATH": f"{folders[0]}:{folders[2]}"})) == []
    assert codes(examine_own_command({"PATH": f"{folders[0]}:{folders[1]}"})) == ["commands-differ"]


def test_no_interpreter_at_all_is_found(project: Path, tmp_path: Path) -> None:
    situation = make_situation(project, tmp_path / "state")
    assert codes(examine_interpreters(replace(situation, environment={"PATH": ""}))) == ["no-interpreter"]


@needs_posix
def test_an_interpreter_that_gave_no_answer_is_found_without_starting_it(project: Path, tmp_path: Path) -> None:
    mark = tmp_path / "started"
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python3").write_text(f"#!/bin/sh\ntouch '{mark}'\nexit 3\n")
    (folder / "python3").chmod(0o755)
    situation = replace(make_situation(project, tmp_path / "state"), environment={"PATH": str(folder)})
    assert codes(examine_interpreters(situation)) == []
    (candidate,) = candidate_paths(environment=situation.environment, home=situation.home, platform=sys.platform)
    entry = IndexEntry(identity=candidate.identity, asked_at=0.0, facts=None)
    write_index(situation.cache_directory, {candidate.real: entry})
    assert codes(examine_interpreters(situation)) == ["interpreter-silent"]
    assert not mark.exists()


def test_what_pip_is_told_is_named_without_its_values(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nextra-index-url = https://someone:secret@index.example/simple\n")
    (finding,) = examine_pip_configuration({"PIP_CONFIG_FILE": str(file)})
    assert finding.code == "pip-configuration-translated"
    assert "extra-index-urls" in finding.message
    assert "secret" not in finding.message
    file.write_text("no section\n")
    assert codes(examine_pip_configuration({"PIP_CONFIG_FILE": str(file)})) == ["pip-configuration-invalid"]
    assert codes(examine_pip_configuration({"PIP_CONFIG_FILE": os.devnull})) == []


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("PYTHONHOME", "python-home-set", "unset PYTHONHOME"),
        ("PYTHONPATH", "python-path-set", "unset PYTHONPATH"),
        ("PYVE_BACKENDS", "variable-misspelt", "export PYVE_BACKEND="),
        ("PYVE_ZZZ", "variable-unknown", "unset PYVE_ZZZ"),
    ],
)
def test_variables_that_mislead_are_found(name: str, code: str, said: str) -> None:
    (finding,) = examine_variables({name: "x", "PYVE_BACKEND": "venv"})
    assert finding.code == code
    assert said in finding.hint


# --- project: where it lies ---------------------------------------------------------------------


def test_an_ordinary_project_path_is_fine(project: Path, home: Path) -> None:
    assert codes(examine_root(project, in_ci=False)) == []


@needs_posix
def test_paths_that_no_environment_can_live_under_are_found(tmp_path: Path) -> None:
    (tmp_path / "a:b").mkdir()
    assert codes(examine_root(tmp_path / "a:b", in_ci=False)) == ["path-unsupported"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names must be text")
def test_a_path_that_is_no_text_is_found(tmp_path: Path) -> None:
    root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    root.mkdir()
    assert codes(examine_root(root, in_ci=False)) == ["path-unsupported"]


@needs_posix
def test_root_on_the_project_of_another_is_found(tmp_path: Path) -> None:
    if os.geteuid() != 0 or any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv")):
        pytest.skip("needs root outside of a container")
    root = tmp_path / "theirs"
    root.mkdir()
    os.chown(root, 12345, 12345)
    assert codes(examine_root(root, in_ci=False)) == ["project-owner-differs"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a directory that nobody, root included, can write to")
def test_a_project_that_cannot_be_written_is_found() -> None:
    root = Path("/proc/1" if os.geteuid() == 0 and not os.access("/proc/1", os.W_OK) else "/proc/self/task")
    if os.access(root, os.W_OK):
        pytest.skip("everything can be written here")
    assert "project-not-writable" in codes(examine_root(root, in_ci=True))


@needs_posix
def test_a_disk_on_which_no_program_runs_is_found(home: Path, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("21 1 0:1 / / rw,nosuid,noexec - ext4 /dev/root rw\n")
    assert codes(examine_store_folder(home / "p" / "envs", home=home, mounts=mounts)) == ["store-not-executable"]


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Example", "Library/Mobile Documents/com~apple~CloudDocs"])
def test_a_cloud_folder_is_found(home: Path, name: str) -> None:
    folder = home / name / "project" / ".pyve" / "envs"
    assert codes(examine_store_folder(folder, home=home)) == ["store-in-cloud-folder"]
    assert codes(examine_store_folder(home / "project" / ".pyve" / "envs", home=home)) == []


def test_a_long_path_is_found_on_windows_alone(home: Path) -> None:
    folder = home / ("d" * 100) / ("e" * 100)
    assert codes(examine_store_folder(folder, home=home, platform="win32")) == ["path-too-long"]
    assert codes(examine_store_folder(folder, home=home, platform="linux")) == []


@needs_posix
def test_a_network_file_system_is_found_by_the_innermost_mount(home: Path, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    escaped = str(home).replace(" ", "\\040")
    lines = [
        "21 1 0:1 / / rw - ext4 /dev/root rw",
        f"22 21 0:2 / {escaped} rw,relatime shared:1 - nfs4 server:/home rw",
    ]
    mounts.write_text("\n".join(lines) + "\n")
    assert codes(examine_store_folder(home / "p", home=home, mounts=mounts)) == ["store-on-network"]
    assert codes(examine_store_folder(tmp_path, home=home, mounts=mounts)) == []


# --- project: what it declares ------------------------------------------------------------------


def declared_codes(project: Path, tmp_path: Path) -> list[str]:
    return codes(examine_declaration(make_situation(project, tmp_path / "state"), project, Choices()).findings)


def test_every_part_that_cannot_be_understood_is_named_with_its_line(project: Path, tmp_path: Path) -> None:
    (project / "pyve.toml").write_text("\nbackendd = 'venv'\n")
    (project / "requirements.txt").write_text("fine\n\nnot a requirement\n")
    findings = examine_declaration(make_situation(project, tmp_path / "state"), project, Choices()).findings
    assert [(one.code, one.cause) for one in findings] == [
        ("declaration-invalid", "config-unknown-key"),
        ("declaration-invalid", "requirement-invalid"),
    ]
    assert "pyve.toml:2" in findings[0].message
    assert "requirements.txt:3" in findings[1].message


def test_a_manifest_that_cannot_be_read_is_found_once(project: Path, tmp_path: Path) -> None:
    (project / "requirements.txt").mkdir()
    assert declared_codes(project, tmp_path) == ["manifest-unreadable"]


def test_a_pin_that_requires_python_excludes_is_found(project: Path, tmp_path: Path) -> None:
    (project / ".python-version").write_text("3.8\n")
    (project / "pyproject.toml").write_text("[project]\nname = 'a'\nversion = '1'\nrequires-python = '>=3.10'\n")
    assert declared_codes(project, tmp_path) == ["python-conflict"]


def test_both_kinds_of_manifests_are_found(project: Path, tmp_path: Path) -> None:
    (project / "environment.yml").write_text("dependencies: [python]\n")
    (project / "requirements.txt").write_text("")
    assert declared_codes(project, tmp_path) == ["manifests-of-both-kinds"]


# --- project: its state, its repository ---------------------------------------------------------


def test_a_state_as_init_leaves_it_is_fine(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    assert codes(examine_state(store.state)) == []


@pytest.mark.parametrize("name", ["current", "previous", "approved", "choices.json"])
def test_a_damaged_state_file_is_named(store: EnvironmentStore, record: EnvironmentRecord, name: str) -> None:
    (store.state.directory / name).write_bytes(b"\xff\xfenonsense")
    (finding,) = examine_state(store.state)
    assert finding.code == "state-damaged"
    assert name in finding.message


def test_a_ledger_that_is_damaged_or_lost_is_named(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    store.state.ledger_file.write_bytes(b"\xff\xfenonsense\n")
    (damaged,) = examine_state(store.state)
    store.state.ledger_file.unlink()
    (lost,) = examine_state(store.state)
    assert (damaged.code, lost.code) == ("state-damaged", "state-damaged")
    assert "is gone" in lost.message


def test_damaged_choices_are_told_with_one_advice(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    store.state.choices_file.write_bytes(b"[nonsense")
    (finding,) = examine_state(store.state)
    with pytest.raises(StateDamagedError) as caught:
        read_choices(store.state.choices_file)
    assert str(caught.value.hint).startswith(finding.hint)


def test_a_damaged_record_is_named(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    store.record_file(record.key).write_text("{")
    assert codes(examine_state(store.state)) == ["record-damaged"]


def test_the_state_of_a_newer_pyve_is_found(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    store.state.current_file.write_bytes(b"format=99\0")
    store.state.ledger_file.write_text('{"format": 99}\n')
    assert codes(examine_state(store.state)) == ["state-too-new", "state-too-new"]


@pytest.mark.parametrize("version", ["2", "4"])
def test_what_git_sees_of_pyve_is_found(project: Path, state_directory: Path, version: str) -> None:
    (project / "notes.txt").write_text("mine\n")
    make_repository(project)
    store = make_store(project, state_directory)
    initialise(store)
    assert codes(examine_repository(store)) == []
    (project / ".git" / "info" / "exclude").write_text("")
    assert codes(examine_repository(store)) == ["git-not-ignoring"]
    git(project, "config", "index.version", version)
    git(project, "add", "--force", ".pyve/CACHEDIR.TAG", ".pyve/.gitignore")
    assert codes(examine_repository(store)) == ["git-not-ignoring", "workshop-tracked"]


@pytest.mark.parametrize("version", [2, 3, 4])
def test_the_index_is_read_as_git_reads_it(project: Path, version: int) -> None:
    names = ["a", "a b/c", "ab", "d/e/f/" + "long" * 40, "d/e/g", "zürich"]
    for name in names:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    git(project, "init", "-q")
    git(project, "add", ".")
    if version == 3:
        (project / "later").write_text("")
        git(project, "add", "--intent-to-add", "later")  # the extended flags make it version 3
    git(project, "update-index", "--index-version", str(max(version, 2)))
    repository = find_repository(project)
    assert repository is not None
    content = (project / ".git" / "index").read_bytes()
    assert struct.unpack(">I", content[4:8]) == (version,)
    assert [os.fsdecode(name) for name in list_tracked(repository)] == [
        name for name in git(project, "ls-files", "-z").split("\0") if name
    ]


def test_a_torn_index_is_no_failure(project: Path) -> None:
    make_repository(project)
    (project / ".git" / "index").write_bytes(b"DIRC\0\0\0\2\0\0\0\5short")
    repository = find_repository(project)
    assert repository is not None
    assert list_tracked(repository) == []


def test_a_thing_in_the_ledger_that_is_gone_is_found(project: Path, state_directory: Path) -> None:
    make_repository(project)
    store = make_store(project, state_directory)
    initialise(store)
    assert codes(examine_ledger(store)) == []
    (store.workshop / "CACHEDIR.TAG").unlink()
    (project / ".git" / "info" / "exclude").write_text("")
    add_entries(store.state, [LedgerEntry(kind="moved-aside", path=project / ".venv", text=".venv.before-pyve")])
    assert codes(examine_ledger(store)) == ["ledger-entry-lost"] * 3


# --- environment --------------------------------------------------------------------------------


def test_links_that_lead_elsewhere_are_found(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    assert codes(examine_links(store, record)) == []
    other = build_environment(store, "other")
    assert codes(examine_links(store, other)) == ["link-astray", "link-astray"]
    (store.state.root / ".venv").unlink()
    (store.state.root / ".venv").mkdir()
    assert codes(examine_links(store, record)) == ["venv-foreign"]


def test_interrupted_builds_and_strangers_are_found(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    assert codes(examine_leftovers(store)) == []
    (store.state.builds / "12345678-12345678").write_text(record.fingerprint)
    (store.folder / "12345678-12345678").mkdir()
    (store.folder / "somebody").mkdir()
    assert codes(examine_leftovers(store)) == ["build-unfinished", "directory-foreign"]


def test_an_environment_that_was_moved_is_not_offered_for_adoption(
    store: EnvironmentStore, record: EnvironmentRecord
) -> None:
    moved = store.folder / "12345678-87654321"
    moved.mkdir()
    shutil.copy(store.record_file(record.key), moved / COPY_NAME)
    (finding,) = examine_leftovers(store)
    assert "moved or copied" in finding.message
    assert "adopt" not in (finding.hint or "")


def test_a_damaged_previous_environment_is_found(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    second = build_environment(store, "second")
    put_in_use(store, second)
    assert codes(examine_previous(store, second)) == []
    shutil.rmtree(record.directory)
    assert codes(examine_previous(store, second)) == ["previous-damaged"]


def with_python(record: EnvironmentRecord, text: str) -> EnvironmentRecord:
    """The record of an environment whose python is a script; the base interpreter is the one that runs this test."""
    python = Path(record.directory) / "bin" / "python"
    python.unlink()
    python.write_text(f"#!/bin/sh\n{text}\n")
    python.chmod(0o755)
    return replace(record, python_executable=sys.executable, python_version="3.12.1")


@needs_posix
def test_a_python_that_runs_as_it_did_is_fine(record: EnvironmentRecord) -> None:
    assert codes(examine_python(with_python(record, "echo 3.12"), {})) == []


@needs_posix
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("echo 3.13", "python-changed"),
        ("echo 3.1", "python-changed"),
        ("exit 3", "python-broken"),
        ("exec sleep 60", "python-broken"),
    ],
)
def test_a_python_that_does_not_run_as_it_did_is_found(record: EnvironmentRecord, text: str, code: str) -> None:
    assert codes(examine_python(with_python(record, text), {"PATH": "/usr/bin:/bin"}, timeout_seconds=1)) == [code]


@needs_posix
def test_a_base_interpreter_that_is_gone_is_found(record: EnvironmentRecord, tmp_path: Path) -> None:
    gone = tmp_path / "python3.12"
    python = Path(record.directory) / "bin" / "python"
    python.unlink()
    python.symlink_to(gone)
    found = list(examine_python(replace(record, python_executable=str(gone)), {}))
    assert codes(found) == ["interpreter-gone", "python-gone"]
    assert str(gone) in found[0].message


def test_sound_packages_are_fine(record: EnvironmentRecord) -> None:
    add_package(record, "alpha", "1.0", requires=("beta>=1", "gamma; python_version < '3'", "delta; extra == 'x'"))
    add_package(record, "beta", "2.0")
    assert codes(examine_packages(record)) == []
    assert codes(examine_files(record)) == []


def test_unmet_requirements_are_found_by_the_version_of_the_environment(record: EnvironmentRecord) -> None:
    add_package(record, "alpha", "1.0", requires=("beta>=2", "gamma", "delta; python_version >= '3.12'"))
    add_package(record, "beta", "1.0")
    not_here = ("delta; python_version >= '3.13'", "delta; python_full_version < '3.12.1'", "delta; os_name == 'x'")
    add_package(record, "other", "1.0", requires=not_here)
    found = list(examine_packages(record))
    assert codes(found) == ["requirement-unmet"] * 3
    assert "alpha 1.0 needs beta>=2, and 1.0 is installed." in found[0].message
    assert "alpha 1.0 needs gamma, which is not installed." in found[1].message


def test_damaged_and_doubled_metadata_is_found(record: EnvironmentRecord) -> None:
    (add_package(record, "Alpha_x", "1.0") / "RECORD").unlink()
    add_package(record, "alpha-x", "2.0")
    assert codes(examine_packages(record)) == ["distribution-damaged", "distribution-duplicate"]


def test_conflict_copies_are_found_and_are_no_duplicates(record: EnvironmentRecord) -> None:
    folder = add_package(record, "alpha", "1.0")
    shutil.copytree(folder, folder.with_name("alpha-1.0 2.dist-info"))
    packages = Path(record.site_packages)
    shutil.copy(packages / "alpha.py", packages / "alpha 3.py")
    (packages / "lonely 2.txt").write_text("the package's own name, with nothing beside it\n")
    (finding,) = examine_packages(record)
    assert finding.code == "conflict-copy"
    assert "alpha 3.py" in finding.message
    assert "lonely" not in finding.message


def test_altered_and_missing_files_are_counted(record: EnvironmentRecord) -> None:
    add_package(record, "alpha", "1.0")
    add_package(record, "beta", "1.0")
    packages = Path(record.site_packages)
    (packages / "alpha.py").write_text("changed = True\n")
    (packages / "beta.py").unlink()
    found = list(examine_files(record))
    assert codes(found) == ["files-altered", "files-altered"]
    assert "1 file of alpha 1.0 not as installed: alpha.py" in messages(found)[0]
    assert "1 file of beta 1.0 gone: beta.py" in messages(found)[1]


def write_script(record: EnvironmentRecord, name: str, text: str) -> None:
    (Path(record.directory) / "bin" / name).write_text(text)


@needs_posix
def test_live_and_safely_quoted_scripts_are_fine(record: EnvironmentRecord) -> None:
    python = f"{record.directory}/bin/python"
    quoted = python.replace("'", "'\"'\"'")
    write_script(record, "plain", f"#!{sys.executable}\nprint()\n")
    write_script(record, "flagged", f"#!{sys.executable} -s\nprint()\n")
    write_script(record, "found", "#!/usr/bin/env python\nprint()\n")
    write_script(record, "called", f"#!/bin/sh\n'''exec' '{quoted}' \"$0\" \"$@\"\n' '''\nprint()\n")
    write_script(record, "data", "no header at all, $(touch x)\n")
    assert codes(examine_scripts(record)) == []


@needs_posix
def test_scripts_without_an_interpreter_are_found(record: EnvironmentRecord) -> None:
    write_script(record, "plain", "#!/nowhere/bin/python\nprint()\n")
    write_script(record, "called", "#!/bin/sh\n'''exec' '/no where/bin/python' \"$0\" \"$@\"\n' '''\nprint()\n")
    (finding,) = examine_scripts(record)
    assert finding.code == "script-dead"
    assert "plain (/nowhere/bin/python)" in finding.message
    assert "called (/no where/bin/python)" in finding.message


@needs_posix
def test_a_script_whose_header_executes_its_path_is_found(record: EnvironmentRecord, tmp_path: Path) -> None:
    hostile = tmp_path / "$(touch pwned)" / "python"
    hostile.parent.mkdir()
    hostile.write_text("")
    write_script(record, "alpha", f"#!/bin/sh\n'''exec' \"{hostile}\" \"$0\" \"$@\"\n' '''\nprint()\n")
    assert codes(examine_scripts(record)) == ["script-unsafe"]


@needs_posix
def test_the_hash_of_a_script_does_not_count_since_its_first_line_was_made_here(record: EnvironmentRecord) -> None:
    folder = add_package(record, "alpha", "1.0")
    write_script(record, "alpha", "#!/some/python\n")
    with (folder / "RECORD").open("a") as file:
        file.write("../bin/alpha,sha256=AAAA,1\n../bin/absent,sha256=AAAA,1\n")
    assert messages(examine_files(record)) == ["1 file of alpha 1.0 gone: ../bin/absent."]


@needs_posix
@pytest.mark.parametrize("path", ["/a $(touch {0})", "/a `touch {0}`", "/a ${{x:-$(touch {0})}}", "/it's $(touch {0})"])
@pytest.mark.parametrize("quotes", ["single", "double", "none"])
def test_the_judgement_on_quotes_is_that_of_sh(path: str, quotes: str, tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    text = path.format(mark)
    if quotes == "none":
        quoted = text.replace("'", "")
    elif quotes == "double":
        quoted = f'"{text}"'
    else:
        quoted = "'" + text.replace("'", "'\"'\"'") + "'"
    subprocess.run(["/bin/sh", "-c", f': {quoted} "$0" "$@"'], check=False)
    assert is_executed_by_shell(["#!/bin/sh", f"'''exec' {quoted} \"$0\" \"$@\""]) == mark.exists()


def test_the_footprint_of_an_initialised_project_is_whole(store: EnvironmentStore) -> None:
    leave_footprint(store)
    assert codes(examine_ledger(store)) == []


def test_a_stranger_with_a_record_of_its_own_says_where_it_comes_from(store: EnvironmentStore) -> None:
    from pyve.environments.record import COPY_NAME, write_record

    leave_footprint(store)
    moved = store.folder / "abcdefab-abcdefab"
    moved.mkdir()
    elsewhere = make_record(store, Path("/elsewhere/.pyve/envs") / moved.name, "f" * 64)
    write_record(moved / COPY_NAME, replace(elsewhere, project_root="/elsewhere"))
    (finding,) = examine_leftovers(store)
    assert "made for /elsewhere, which was moved or copied" in finding.message
