"""`pyve check` in a conda environment: each examiner finds what it is there to find, made real."""

import hashlib
import json
import os
import shlex
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.environments.conda_facts import CondaFacts
from pyve.environments.current import Current
from pyve.environments.record import EnvironmentRecord
from pyve.environments.store import EnvironmentStore
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.settings import UserCondaSettings
from pyve.project.conda.virtual_packages import detect_virtual_packages
from pyve.verbs.checks.conda import examine_engines, examine_prefix, examine_prefix_files
from pyve.verbs.checks.environment import examine_configuration, examine_packages_list, examine_python
from pyve.verbs.checks.files import examine_files
from pyve.verbs.checks.findings import Fact, Finding
from pyve.verbs.checks.packages import examine_packages
from pyve.verbs.checks.scripts import examine_scripts
from tests.support.stored_project import initialise, make_store

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="`#!` lines are not Windows'")


def codes(examined: Iterable[Finding | Fact]) -> list[str]:
    return [item.code for item in examined if isinstance(item, Finding)]


def messages(examined: Iterable[Finding | Fact]) -> str:
    return "\n".join(item.message for item in examined if isinstance(item, Finding))


def facts(examined: Iterable[Finding | Fact]) -> dict[str, str]:
    return {item.name: item.value for item in examined if isinstance(item, Fact)}


def with_facts(record: EnvironmentRecord, **changes: object) -> EnvironmentRecord:
    known = CondaFacts(subdir="linux-64", virtual_packages=detect_virtual_packages({}))
    return replace(record, conda=replace(known, **changes).as_json())  # type: ignore[arg-type]  # a test's brevity


@pytest.fixture
def store(project: Path, tmp_path: Path) -> EnvironmentStore:
    state_directory = tmp_path / "state"
    state_directory.mkdir(mode=0o700)
    return make_store(project, state_directory)


@pytest.fixture
def record(store: EnvironmentStore) -> EnvironmentRecord:
    """A conda environment with Python and one package, `tiny 1.0`."""
    made = initialise(store)
    prefix = Path(made.directory)
    (prefix / "pyvenv.cfg").unlink()
    site_packages = prefix / "lib" / "python3.12" / "site-packages"
    site_packages.mkdir(parents=True)
    link(prefix, "tiny", "1.0", {"share/tiny.txt": b"tiny\n"})
    conda = replace(
        made, backend="micromamba", engine="rattler", site_packages=os.fspath(site_packages), distributions={}
    )
    return with_facts(replace(conda, distributions={"tiny": "1.0"}))


def link(prefix: Path, name: str, version: str, contents: Mapping[str, bytes]) -> Path:
    """What linking a package leaves: its files and its record, which is returned."""
    rows = []
    for path, content in contents.items():
        (prefix / path).parent.mkdir(parents=True, exist_ok=True)
        (prefix / path).write_bytes(content)
        rows.append({"_path": path, "path_type": "hardlink", "sha256": hashlib.sha256(content).hexdigest()})
    document = {"name": name, "version": version, "build": "0", "subdir": "noarch", "paths_data": {"paths": rows}}
    (prefix / "conda-meta").mkdir(exist_ok=True)
    record = prefix / "conda-meta" / f"{name}-{version}-0.json"
    record.write_text(json.dumps(document))
    return record


def bring_by_pip(record: EnvironmentRecord, name: str, version: str, *, requires: str = "") -> Path:
    """The metadata of a distribution that pip installed."""
    folder = Path(record.site_packages) / f"{name}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}")
    (folder / "INSTALLER").write_text("pip\n")
    (folder / "RECORD").write_text("")
    return folder


def package(*depends: str) -> CondaPackage:
    url = "https://channel.example/main/noarch/tiny-1.0-0.conda"
    return CondaPackage(name="tiny", version="1.0", build="0", subdir="noarch", url=url, depends=depends)


# --- engines ------------------------------------------------------------------------------------


def test_an_engine_that_is_installed_is_a_fact() -> None:
    assert codes(examine_engines(UserCondaSettings(), rattler="json")) == []
    assert "rattler" in facts(examine_engines(UserCondaSettings(), rattler="json"))


def test_no_engine_at_all_is_told_without_a_verdict() -> None:
    examined = list(examine_engines(UserCondaSettings(), rattler="no_such_module"))
    assert codes(examined) == ["conda-engine-missing"]
    assert facts(examined) == {"rattler": "not installed"}


def test_a_micromamba_that_is_configured_and_absent_is_found(tmp_path: Path) -> None:
    settings = UserCondaSettings(micromamba=tmp_path / "micromamba")
    assert codes(examine_engines(settings)) == ["micromamba-missing"]
    (tmp_path / "micromamba").mkdir()
    assert codes(examine_engines(settings)) == ["micromamba-missing"]


def test_a_micromamba_that_can_be_run_is_a_fact() -> None:
    examined = list(examine_engines(UserCondaSettings(micromamba=Path(sys.executable)), rattler="no_such_module"))
    assert codes(examined) == []
    assert facts(examined)["micromamba"] == sys.executable


def test_a_micromamba_that_was_bootstrapped_is_a_fact_and_enough() -> None:
    program = Path(sys.executable)
    examined = list(examine_engines(UserCondaSettings(), find_bootstrapped=lambda: program, rattler="no_such_module"))
    assert codes(examined) == []
    assert facts(examined) == {"rattler": "not installed", "micromamba": sys.executable}


# --- the prefix ---------------------------------------------------------------------------------


def test_a_prefix_as_it_was_built_has_no_findings(record: EnvironmentRecord) -> None:
    examined = list(examine_prefix(record, {}))
    assert codes(examined) == []
    assert facts(examined)["platform"] == "linux-64"


def test_a_truncated_record_is_found(record: EnvironmentRecord) -> None:
    link(Path(record.directory), "other", "2.0", {}).write_text('{"name": "oth')
    examined = list(examine_prefix(record, {}))
    assert codes(examined) == ["conda-record-damaged"]
    assert "other 2.0" in messages(examined)


def test_a_package_that_is_gone_is_found(record: EnvironmentRecord) -> None:
    assert codes(examine_packages_list(record)) == []
    (Path(record.directory) / "conda-meta" / "tiny-1.0-0.json").unlink()
    examined = list(examine_packages_list(record))
    assert codes(examined) == ["distributions-changed"]
    assert "tiny 1.0" in messages(examined)


def test_what_pip_installed_by_hand_is_told(record: EnvironmentRecord) -> None:
    bring_by_pip(record, "extra", "3.0")
    assert codes(examine_packages_list(record)) == ["packages-by-hand"]


def test_a_package_of_both_conda_and_pip_is_found(record: EnvironmentRecord) -> None:
    bring_by_pip(record, "tiny", "1.1")
    examined = list(examine_prefix(record, {}))
    assert codes(examined) == ["distribution-of-both"]
    assert "tiny (1.0 of conda, 1.1 of pip)" in messages(examined)


def test_torch_of_pip_beside_numpy_of_conda_is_told_where_openmp_is_missing(record: EnvironmentRecord) -> None:
    prefix = Path(record.directory)
    link(prefix, "numpy", "2.0", {})
    assert codes(examine_prefix(record, {})) == []
    bring_by_pip(record, "torch", "2.4")
    assert codes(examine_prefix(record, {})) == ["openmp-missing"]
    link(prefix, "llvm-openmp", "18.1", {})
    assert codes(examine_prefix(record, {})) == []


def test_link_scripts_that_did_not_run_are_told(record: EnvironmentRecord) -> None:
    examined = list(examine_prefix(with_facts(record, link_scripts=("postlink",)), {}))
    assert codes(examined) == ["link-scripts-not-run"]


# --- the machine --------------------------------------------------------------------------------


def test_a_machine_that_no_longer_has_what_a_package_asks_for_is_found(record: EnvironmentRecord) -> None:
    asking = with_facts(record, packages=(package("__glibc >=2.17"),))
    assert codes(examine_prefix(asking, {"CONDA_OVERRIDE_GLIBC": "2.36"})) == []
    examined = list(examine_prefix(asking, {"CONDA_OVERRIDE_GLIBC": "2.12"}))
    assert codes(examined) == ["machine-unsuitable"]
    assert "tiny 1.0 needs __glibc >=2.17, and this machine has 2.12." in messages(examined)


def test_a_machine_that_changed_without_harm_is_a_fact(record: EnvironmentRecord) -> None:
    examined = list(examine_prefix(record, {"CONDA_OVERRIDE_LINUX": "99.1"}))
    assert codes(examined) == []
    assert facts(examined)["virtual packages"].endswith("; not as at its build: __linux")


def test_a_constraint_that_is_not_understood_is_told(record: EnvironmentRecord) -> None:
    here = next(iter(detect_virtual_packages({})))
    examined = list(examine_prefix(with_facts(record, packages=(package(f"{here} >=one"),)), {}))
    assert codes(examined) == ["constraint-unclear"]


# --- what venv environments have otherwise ------------------------------------------------------


def test_a_prefix_needs_no_pyvenv_cfg(record: EnvironmentRecord, store: EnvironmentStore) -> None:
    current = store.current()
    assert isinstance(current, Current)
    assert codes(examine_configuration(record, current)) == []
    assert codes(examine_configuration(replace(record, conda={}), current)) == ["pyvenv-cfg-changed"]


def test_an_environment_without_python_lacks_none(record: EnvironmentRecord) -> None:
    without = replace(record, python_version="", site_packages=record.directory)
    for name in ("python", "python.exe"):
        (Path(record.directory) / "bin" / name).unlink(missing_ok=True)
    assert codes(examine_python(without, {})) == []
    assert codes(examine_packages(without)) == []
    assert codes(examine_prefix(without, {})) == []


def test_a_python_that_is_gone_is_not_called_the_one_below(record: EnvironmentRecord) -> None:
    python = Path(record.directory) / "bin" / "python"
    python.unlink(missing_ok=True)
    assert codes(examine_python(replace(record, python_executable=str(python)), {})) == ["python-gone"]


def test_metadata_of_conda_packages_is_conda_s_business(record: EnvironmentRecord) -> None:
    folder = bring_by_pip(record, "thing", "1.0", requires="Requires-Dist: renamed-by-conda\n")
    (folder / "RECORD").unlink()
    assert codes(examine_packages(record)) == ["distribution-damaged", "requirement-unmet"]
    (folder / "INSTALLER").write_text("conda\n")
    assert codes(examine_packages(record)) == []


def test_requirements_of_pips_packages_are_met_by_condas(record: EnvironmentRecord) -> None:
    bring_by_pip(record, "user", "1.0", requires="Requires-Dist: provider>=2\n")
    provider = bring_by_pip(record, "provider", "2.1")
    (provider / "INSTALLER").write_text("conda\n")
    assert codes(examine_packages(record)) == []


@needs_posix
def test_scripts_for_programs_of_the_system_are_not_called_dead(record: EnvironmentRecord) -> None:
    scripts = Path(record.directory) / "bin"
    (scripts / "for-perl").write_text("#!/no/such/place/perl\n")
    assert codes(examine_scripts(record)) == []
    gone = shlex.quote(f"{record.directory}/bin/gone")
    (scripts / "own").write_text(f"#!/bin/sh\n'''exec' {gone} \"$0\" \"$@\"\n' '''\n")
    (scripts / "forgotten").write_text("#!/opt/placehold_placehold_placehold/bin/python\n")
    examined = list(examine_scripts(record))
    assert codes(examined) == ["script-dead"]
    assert "2 scripts" in messages(examined)


# --- --deep -------------------------------------------------------------------------------------


def test_files_as_they_were_linked_are_counted(record: EnvironmentRecord) -> None:
    examined = list(examine_prefix_files(record))
    assert codes(examined) == []
    assert facts(examined) == {"files of conda compared": "1"}


def test_changed_and_missing_files_are_found(record: EnvironmentRecord) -> None:
    prefix = Path(record.directory)
    link(prefix, "other", "2.0", {"share/other.txt": b"other\n"})
    (prefix / "share" / "tiny.txt").write_bytes(b"tinY\n")
    (prefix / "share" / "other.txt").unlink()
    examined = list(examine_prefix_files(record))
    assert codes(examined) == ["files-altered", "files-altered"]
    assert "1 file of tiny 1.0 not as installed: share/tiny.txt." in messages(examined)
    assert "1 file of other 2.0 gone: share/other.txt." in messages(examined)


def test_a_changed_file_that_the_cache_shares_is_told_with_the_cache(record: EnvironmentRecord, tmp_path: Path) -> None:
    changed = Path(record.directory) / "share" / "tiny.txt"
    changed.write_bytes(b"tinY\n")
    os.link(changed, tmp_path / "cached.txt")
    (finding,) = [item for item in examine_prefix_files(record) if isinstance(item, Finding)]
    assert "cache" in finding.hint


def test_the_list_that_a_conda_package_brought_for_pip_is_not_compared(record: EnvironmentRecord) -> None:
    folder = bring_by_pip(record, "thing", "1.0")
    (folder / "RECORD").write_text("thing.py,sha256=AAAA,1\n")
    assert codes(examine_files(record)) == ["files-altered"]
    (folder / "INSTALLER").write_text("conda\n")
    assert codes(examine_files(record)) == []
