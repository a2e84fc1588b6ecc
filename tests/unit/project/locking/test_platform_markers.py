import pytest
from packaging.markers import Marker, default_environment

from pyve.errors.lock import PlatformUnknownError
from pyve.project.conda.subdir import SUBDIRS, current_subdir
from pyve.project.locking.platform_markers import PYTHON_PLATFORMS, marker_environment, marker_of


@pytest.mark.parametrize("platform", PYTHON_PLATFORMS)
def test_marker_of_a_platform_holds_there_and_nowhere_else(platform: str) -> None:
    marker = Marker(marker_of(platform))
    holds = [other for other in PYTHON_PLATFORMS if marker.evaluate(dict(marker_environment(other)))]
    assert holds == [platform]


def test_marker_is_written_with_the_machine_first() -> None:
    assert marker_of("linux-64") == "platform_machine == 'x86_64' and sys_platform == 'linux'"
    assert marker_of("win-64") == "platform_machine == 'AMD64' and sys_platform == 'win32'"
    assert marker_of("osx-arm64") == "platform_machine == 'arm64' and sys_platform == 'darwin'"


def test_every_platform_is_one_of_condas() -> None:
    assert set(PYTHON_PLATFORMS) <= set(SUBDIRS)


def test_environment_of_this_platform_is_that_of_this_python() -> None:
    here = default_environment()
    told = marker_environment(current_subdir(), here["python_full_version"])
    keys = ("os_name", "platform_machine", "platform_system", "python_full_version", "python_version", "sys_platform")
    assert {key: told[key] for key in keys} == {key: dict(here)[key] for key in keys}


def test_version_of_two_parts_is_filled_up() -> None:
    told = marker_environment("linux-64", "3.11")
    assert (told["python_version"], told["python_full_version"]) == ("3.11", "3.11.0")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("linux-x86_64", "linux-64"),
        ("linux_64", "linux-64"),
        ("Linux-64", "linux-64"),
        ("linux-arm64", "linux-aarch64"),
        ("macos-arm64", "osx-arm64"),
        ("windows", "win-64"),
        ("lnux-64", "linux-64"),
    ],
)
def test_unknown_platform_is_refused_with_the_one_that_was_meant(written: str, meant: str) -> None:
    with pytest.raises(PlatformUnknownError) as raised:
        marker_of(written)
    assert repr(written) in raised.value.message
    assert raised.value.hint == f"did you mean {meant}?"


def test_unknown_platform_without_a_near_name_lists_the_known_ones() -> None:
    with pytest.raises(PlatformUnknownError) as raised:
        marker_environment("amiga")
    assert "linux-64" in str(raised.value.hint)
    assert "win-arm64" in str(raised.value.hint)
