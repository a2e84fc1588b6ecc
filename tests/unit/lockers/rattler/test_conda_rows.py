"""Rows of a lock for conda's packages."""

from dataclasses import replace

import pytest

from pyve.errors.lock import RequirementUnhashableError
from pyve.lockers.locker import CondaSubdirRequest
from pyve.lockers.rattler.conda_rows import list_dependencies, make_conda_rows
from pyve.lockers.rattler.platform_solve import SolvedPlatform, assume_virtual_packages
from pyve.project.conda.content_hash import DEFAULT_VIRTUAL_PACKAGES
from pyve.project.conda.package import CondaPackage
from pyve.project.requirement import RequirementSet


def package(name: str, *depends: str) -> CondaPackage:
    return CondaPackage(
        name=name,
        version="1.0",
        build="0",
        subdir="noarch",
        url=f"https://channel.example/mine/noarch/{name}-1.0-0.conda",
        md5="0" * 32,
        depends=depends,
    )


def solved(*packages: CondaPackage, has_pip: bool = False) -> SolvedPlatform:
    asked = CondaSubdirRequest(
        specs=(), origins={}, channels=(), content_hash="", pip=RequirementSet(), has_pip=has_pip
    )
    return SolvedPlatform(platform="linux-64", request=asked, packages=packages)


@pytest.mark.parametrize(
    ("depends", "expected"),
    [
        (("libfoo",), {"libfoo": ""}),
        (("libfoo >=1,<2",), {"libfoo": ">=1,<2"}),
        (("python_abi 3.11.* *_cp311",), {"python_abi": "3.11.*"}),
        (("libfoo 1.0 h1_0",), {"libfoo": "1.0"}),
        (("libfoo 1.2*",), {"libfoo": "1.2.*"}),
        (("__glibc >=2.17", "__unix"), {"__glibc": ">=2.17", "__unix": ""}),
        (("libfoo >=1", "libfoo <2"), {"libfoo": "<2,>=1"}),
        (("libfoo", "libfoo >=1"), {"libfoo": ">=1"}),
    ],
)
def test_what_a_package_needs_has_no_builds(depends: tuple[str, ...], expected: dict[str, str]) -> None:
    assert list_dependencies(depends) == expected


def test_what_pip_needs_is_in_main_beside_a_pip_section() -> None:
    packages = (package("pip", "python"), package("python", "libfoo", "pip"), package("libfoo"), package("tool"))

    rows = make_conda_rows(solved(*packages, has_pip=True), category="dev")

    assert {row.name: row.category for row in rows} == {
        "pip": "main",
        "python": "main",
        "libfoo": "main",
        "tool": "dev",
    }
    assert {row.category for row in make_conda_rows(solved(*packages), category="dev")} == {"dev"}


def test_package_without_md5_is_told_with_its_channel() -> None:
    without = replace(package("tool"), md5=None, sha256="1" * 64)

    with pytest.raises(RequirementUnhashableError, match=r"https://channel\.example/mine gives no md5 for tool-1\.0-0"):
        make_conda_rows(solved(without), category="main")


@pytest.mark.parametrize("platform", DEFAULT_VIRTUAL_PACKAGES)
def test_machines_are_those_of_conda_lock(platform: str) -> None:
    assumed = assume_virtual_packages(platform)

    assert {name: text.replace("=", " ") for name, text in assumed.items()} == DEFAULT_VIRTUAL_PACKAGES[platform]


@pytest.mark.parametrize(("platform", "name"), [("win-arm64", "__win"), ("linux-s390x", "__glibc")])
def test_platforms_that_conda_lock_does_not_know_have_what_their_system_has(platform: str, name: str) -> None:
    assert name in assume_virtual_packages(platform)
