"""What this machine is in conda's words, and whether what packages ask of it still holds."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from pyve.environments.conda_facts import CondaFacts
from pyve.environments.machine_fitness import find_unmet_virtual, judge_machine
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.virtual_constraints import judge_constraints, names_asked_for
from pyve.project.conda.virtual_packages import (
    apply_overrides,
    choose_windows_version,
    compare,
    cuda_version,
    detect_virtual_packages,
    look_again,
    read_kernel_version,
)

MACHINE = {"__unix": "0", "__linux": "6.1.4", "__glibc": "2.36", "__archspec": "1=x86_64_v3"}
ASK_RATTLER = """
import json, os, rattler
found = rattler.VirtualPackage.detect(rattler.VirtualPackageOverrides.from_env())
print(json.dumps({g.name.normalized: str(g.version) for g in (v.into_generic() for v in found)}), flush=True)
os._exit(0)  # not by way of the interpreter's end, where its threads may crash
"""


def package(*depends: str, constrains: tuple[str, ...] = ()) -> CondaPackage:
    url = "https://channel.example/main/linux-64/app-1.0-0.conda"
    return CondaPackage(
        name="app", version="1.0", build="0", subdir="linux-64", url=url, depends=depends, constrains=constrains
    )


def holds(constraint: str, machine: dict[str, str] | None = None) -> bool:
    judgement = judge_constraints([package(constraint)], MACHINE if machine is None else machine)
    assert judgement.not_understood == ()
    return judgement.unmet == ()


# --- detection ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "override", ["", "CONDA_OVERRIDE_GLIBC=2.17", "CONDA_OVERRIDE_LINUX=", "CONDA_OVERRIDE_OSX=13"]
)
def test_the_machine_is_the_one_that_the_engine_finds(override: str) -> None:
    if importlib.util.find_spec("rattler") is None:
        pytest.skip("py-rattler is not installed for this Python")
    environment = dict(os.environ)
    if override:
        name, _, value = override.partition("=")
        environment[name] = value
    asked = [sys.executable, "-I", "-c", ASK_RATTLER]
    finished = subprocess.run(asked, env=environment, capture_output=True, encoding="utf-8", check=True)
    expected = json.loads(finished.stdout)
    expected.pop("__archspec", None)
    assert detect_virtual_packages(environment, with_cuda=True) == expected


def test_a_value_that_is_set_takes_the_place_of_what_is_found() -> None:
    changed = apply_overrides(MACHINE, {"CONDA_OVERRIDE_GLIBC": "2.17", "CONDA_OVERRIDE_ARCHSPEC": "zen4"})
    assert changed == {**MACHINE, "__glibc": "2.17", "__archspec": "1=zen4"}


def test_a_value_that_is_set_and_empty_takes_the_package_out() -> None:
    assert "__glibc" not in apply_overrides(MACHINE, {"CONDA_OVERRIDE_GLIBC": ""})


def test_a_package_that_the_machine_lacks_can_be_claimed() -> None:
    assert apply_overrides(MACHINE, {"CONDA_OVERRIDE_CUDA": "12.4"})["__cuda"] == "12.4"


@pytest.mark.parametrize(
    ("release", "version"), [("6.1.4-17-amd64", "6.1.4"), ("5.15.0", "5.15.0"), ("6.5-rc1", "6.5"), ("strange", "0")]
)
def test_a_kernel_has_the_version_that_its_release_begins_with(release: str, version: str) -> None:
    assert read_kernel_version(release) == version


@pytest.mark.parametrize(
    ("told", "of_library", "version"),
    [((10, 0, 22631), (10, 0, 22621), "10.0.22631"), ((6, 2, 9200), (10, 0, 26100), "10.0.26100")],
)
def test_windows_has_the_newer_of_the_versions_that_it_tells(
    told: tuple[int, ...], of_library: tuple[int, ...], version: str
) -> None:
    assert choose_windows_version(told, of_library) == version


def test_a_graphics_driver_tells_the_newest_cuda_that_it_runs() -> None:
    class Driver:
        @staticmethod
        def cuDriverGetVersion(version: object) -> int:  # noqa: N802  (the driver's own name)
            version._obj.value = 12040  # type: ignore[attr-defined]  # what ctypes.byref() refers to
            return 0

    expected = "12.4" if sys.platform in ("linux", "win32") else ""
    assert cuda_version(lambda _name: Driver()) == expected


def test_without_a_graphics_driver_there_is_no_cuda() -> None:
    def fail(_name: str) -> object:
        raise OSError("no such library")

    assert cuda_version(fail) == ""


def test_what_only_an_engine_finds_is_carried_along() -> None:
    now = look_again({"__archspec": "1=x86_64_v3", "__linux": "0.0.1=0"}, {})
    assert now["__archspec"] == "1=x86_64_v3"
    assert now.get("__linux") != "0.0.1=0"


def test_changes_are_named_and_builds_count_only_where_both_say_one() -> None:
    recorded = {"__unix": "0=0", "__linux": "6.1.4=0", "__glibc": "2.36=0", "__archspec": "1=zen3"}
    now = {"__unix": "0", "__linux": "6.1.5", "__cuda": "12.4", "__archspec": "1=zen4"}
    assert compare(recorded, now) == ("__archspec", "__cuda", "__glibc", "__linux")
    assert compare(MACHINE, {name: f"{value.partition('=')[0]}" for name, value in MACHINE.items()}) == ()


# --- constraints --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "constraint",
    [
        "__unix",
        "__glibc",
        "__glibc *",
        "__glibc >=2.17",
        "__glibc >=2.17,<3.0.a0",
        "__glibc >=2.17, <3.0a0",
        "__glibc>=2.36",
        "__glibc >= 2.9",  # numbers, not text
        "__glibc 2.36",
        "__glibc ==2.36.0",
        "__glibc 2.*",
        "__glibc =2",
        "__glibc 2.36.*",
        "__glibc !=2.17",
        "__glibc !=2.17.*",
        "__glibc ~=2.17",
        "__glibc <2.17|>=2.30",
        "__glibc[version='>=2.17,<3']",
        '__glibc[version=">=2.17"]',
        "__archspec 1 x86_64_v3",
        "__linux >=3.10",
    ],
)
def test_a_constraint_that_the_machine_meets_holds(constraint: str) -> None:
    assert holds(constraint)


@pytest.mark.parametrize(
    "constraint",
    [
        "__win",
        "__cuda",
        "__cuda >=11.8",
        "__glibc >=2.99",
        "__glibc >=2.17,<2.36",
        "__glibc >2.36",
        "__glibc <2.36.a0",
        "__glibc <=2.36.a0",  # what comes before a version is not that version
        "__glibc 2.3",  # an exact version is not the beginning of one
        "__glibc 2.3.*",
        "__glibc !=2.36",
        "__glibc !=2.36.*",
        "__glibc ~=3.0",
        "__glibc ~=2.40",
        "__glibc <2.17|>=2.40",
        "__glibc[version='>=2.99']",
        "__linux >=6.2",
    ],
)
def test_a_constraint_that_the_machine_does_not_meet_does_not_hold(constraint: str) -> None:
    assert not holds(constraint)


@pytest.mark.parametrize(
    "constraint", ["__glibc >=2.17,(<3|>4)", "__glibc >=two", "__glibc 2.*6", "__archspec 1 zen4", "__glibc ^2.*$"]
)
def test_what_is_not_understood_counts_as_holding_and_is_named(constraint: str) -> None:
    judgement = judge_constraints([package(constraint)], MACHINE)
    assert judgement.unmet == ()
    assert judgement.not_understood == (f"app 1.0: {constraint}",)


def test_a_version_of_the_machine_that_is_none_makes_nothing_stale() -> None:
    assert judge_constraints([package("__glibc >=2.17")], {"__glibc": "abc"}).unmet == ()


def test_what_a_package_constrains_may_be_absent_and_not_different() -> None:
    lenient = package(constrains=("__osx >=11", "__glibc >=2.17"))
    assert judge_constraints([lenient], MACHINE).unmet == ()
    strict = package(constrains=("__glibc >=2.99",))
    assert [unmet.name for unmet in judge_constraints([strict], MACHINE).unmet] == ["__glibc"]


def test_only_virtual_packages_are_asked_for() -> None:
    packages = [package("python >=3.8", "__glibc >=2.17", constrains=("__cuda >=12", "numpy <2"))]
    assert names_asked_for(packages) == {"__glibc", "__cuda"}


# --- environments -------------------------------------------------------------------------------


def test_an_environment_asks_for_nothing_that_its_machine_has() -> None:
    here = detect_virtual_packages({})
    packages = (package(*here),)
    assert find_unmet_virtual(CondaFacts(subdir="linux-64", packages=packages, virtual_packages=MACHINE), {}) == ()


def test_a_constraint_that_no_longer_holds_is_told_in_a_sentence() -> None:
    facts = CondaFacts(subdir="linux-64", packages=(package("__glibc >=2.17"),), virtual_packages=MACHINE)
    old, gone = {"CONDA_OVERRIDE_GLIBC": "2.12"}, {"CONDA_OVERRIDE_GLIBC": ""}
    assert find_unmet_virtual(facts, old) == ("app 1.0 needs __glibc >=2.17, and this machine has 2.12",)
    assert find_unmet_virtual(facts, gone) == ("app 1.0 needs __glibc >=2.17, and this machine has none",)


def test_a_graphics_driver_that_is_gone_is_noticed_where_a_package_asks_for_it() -> None:
    if cuda_version():
        pytest.skip("this machine has a graphics driver")
    facts = CondaFacts(subdir="linux-64", packages=(package("__cuda >=12"),), virtual_packages={"__cuda": "12.4=0"})
    assert find_unmet_virtual(facts, {}) == ("app 1.0 needs __cuda >=12, and this machine has none",)
    assert find_unmet_virtual(facts, {"CONDA_OVERRIDE_CUDA": "12.1"}) == ()


def test_another_kernel_alone_makes_nothing_unmet() -> None:
    packages = (package(*detect_virtual_packages({})),)
    facts = CondaFacts(subdir="linux-64", packages=packages, virtual_packages={**MACHINE, "__linux": "4.4=0"})
    assert judge_machine(facts, {}).unmet == ()
