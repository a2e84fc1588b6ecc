"""Which file of a PyPI package a platform gets."""

import pytest
from packaging.pylock import PackageWheel

from pyve.lockers.rattler.file_choice import UV_PLATFORMS, choose_wheel, list_tags


def wheel(tag: str, *, build: str = "") -> PackageWheel:
    name = f"alpha-1.0-{build}{tag}.whl"
    return PackageWheel(name=name, url=f"https://index.example/files/{name}", hashes={"sha256": "0" * 64})


def chosen(platform: str, *tags: str, python: str = "3.12.4") -> str | None:
    found = choose_wheel([wheel(tag) for tag in tags], list_tags(platform, python))
    return None if found is None else found.filename.removeprefix("alpha-1.0-").removesuffix(".whl")


@pytest.mark.parametrize(
    ("platform", "best", "others"),
    [
        ("linux-64", "cp312-cp312-manylinux_2_28_x86_64", ("cp312-cp312-manylinux2014_x86_64", "py3-none-any")),
        ("linux-64", "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64", ("cp312-abi3-manylinux_2_28_x86_64",)),
        ("linux-64", "cp39-abi3-manylinux1_x86_64", ("py3-none-any",)),
        ("linux-64", "cp312-cp312-linux_x86_64", ("py3-none-any",)),
        ("linux-aarch64", "cp312-cp312-manylinux2014_aarch64", ("cp312-cp312-manylinux_2_28_x86_64",)),
        ("osx-64", "cp312-cp312-macosx_10_13_universal2", ("cp312-cp312-macosx_11_0_arm64", "py3-none-any")),
        ("osx-arm64", "cp312-cp312-macosx_13_0_arm64", ("cp312-cp312-macosx_11_0_universal2",)),
        ("win-64", "cp312-cp312-win_amd64", ("cp312-cp312-win32", "py3-none-any")),
        ("win-arm64", "cp312-cp312-win_arm64", ("cp312-cp312-win_amd64",)),
    ],
)
def test_best_wheel_is_taken_in_whatever_order_they_stand(platform: str, best: str, others: tuple[str, ...]) -> None:
    assert chosen(platform, best, *others) == best
    assert chosen(platform, *others, best) == best


@pytest.mark.parametrize(
    ("platform", "tag"),
    [
        ("linux-64", "cp312-cp312-manylinux_2_34_x86_64"),
        ("linux-64", "cp312-cp312-musllinux_1_2_x86_64"),
        ("linux-64", "cp311-cp311-manylinux_2_17_x86_64"),
        ("linux-64", "cp313-abi3-manylinux_2_17_x86_64"),
        ("linux-aarch64", "cp312-cp312-manylinux1_aarch64"),
        ("osx-arm64", "cp312-cp312-macosx_14_0_arm64"),
        ("osx-64", "cp312-cp312-macosx_11_0_arm64"),
        ("win-64", "cp312-cp312t-win_amd64"),
    ],
)
def test_wheel_that_cannot_run_is_not_taken(platform: str, tag: str) -> None:
    assert chosen(platform, tag) is None


def test_last_build_of_a_version_is_taken() -> None:
    offered = [wheel("py3-none-any", build=build) for build in ("2-", "10-", "1-")]

    found = choose_wheel(offered, list_tags("linux-64", "3.12"))

    assert found is not None
    assert found.filename == "alpha-1.0-10-py3-none-any.whl"


@pytest.mark.parametrize("platform", UV_PLATFORMS)
def test_every_platform_of_uv_takes_what_runs_anywhere(platform: str) -> None:
    assert chosen(platform, "py3-none-any") == "py3-none-any"
    assert chosen(platform, "py2.py3-none-any", python="3.10") == "py2.py3-none-any"
