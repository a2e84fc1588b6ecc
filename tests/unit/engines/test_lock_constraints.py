"""What a pylock.toml holds, as constraints for what is installed beside it."""

from collections.abc import Mapping

from pyve.engines.lock_constraints import constrain_to_lock


def lines(*packages: Mapping[str, object]) -> list[str]:
    return [one.line for one in constrain_to_lock(packages, origin="pylock.toml")]


def package(name: str, version: str | None, marker: str | None = None) -> Mapping[str, object]:
    return {"name": name, "version": version, "marker": marker}


def test_every_version_is_a_constraint() -> None:
    assert lines(package("alpha", "1.0"), package("beta", "2.0")) == ["alpha==1.0", "beta==2.0"]


def test_marker_of_a_platform_stays() -> None:
    windows, others = "sys_platform == 'win32'", "sys_platform != 'win32'"
    assert lines(package("alpha", "1.0", windows), package("alpha", "2.0", others)) == [
        f"alpha==1.0 ; {windows}",
        f"alpha==2.0 ; {others}",
    ]


def test_package_of_an_extra_is_held_without_the_marker() -> None:
    assert lines(package("alpha", "1.0", "'more' in extras")) == ["alpha==1.0"]


def test_versions_that_only_extras_tell_apart_constrain_nothing() -> None:
    assert lines(package("alpha", "1.0", "'a' in extras"), package("alpha", "2.0", "'b' in extras")) == []


def test_package_without_a_version_constrains_nothing() -> None:
    assert lines(package("alpha", None)) == []
