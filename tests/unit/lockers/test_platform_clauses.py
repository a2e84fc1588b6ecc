import itertools
import random

import pytest
from packaging.markers import Marker

from pyve.lockers.marker_clauses import parse_clauses, render_clauses
from pyve.lockers.platform_clauses import PlatformClauses
from pyve.project.locking.platform_markers import PYTHON_PLATFORMS, marker_environment, marker_of

THREE = ("linux-64", "osx-arm64", "win-64")
ALL_THREE = " or ".join(f"({marker_of(one)})" for one in THREE)
ATOMS = (
    *("sys_platform == 'linux'", "sys_platform != 'win32'", "platform_machine == 'x86_64'", "os_name == 'nt'"),
    *("platform_system == 'Darwin'", "platform_machine != 'arm64'", "python_full_version >= '3.12'"),
    *("python_version < '3.11'", "platform_python_implementation == 'PyPy'", "'linux' in sys_platform"),
    *("sys_platform not in 'linux,darwin'", "implementation_name == 'cpython'"),
)


def shorten(marker: str | None, *platforms: str) -> str | None:
    return PlatformClauses(platforms=platforms or THREE).shorten(marker)


@pytest.mark.parametrize(
    ("marker", "short"),
    [
        (None, None),
        (ALL_THREE, None),
        (marker_of("win-64"), "sys_platform == 'win32'"),
        (f"python_full_version >= '3.12' and ({ALL_THREE})", "python_full_version >= '3.12'"),
        (f"({marker_of('linux-64')}) or ({marker_of('osx-arm64')})", "sys_platform != 'win32'"),
        (
            f"(python_full_version < '3.12' and {marker_of('linux-64')}) or ({marker_of('win-64')})",
            "(python_full_version < '3.12' and sys_platform == 'linux') or sys_platform == 'win32'",
        ),
        (
            f"(python_full_version < '3.12' and ({ALL_THREE})) or ({marker_of('win-64')})",
            "python_full_version < '3.12' or sys_platform == 'win32'",
        ),
        ('platform_python_implementation == "CPython"', "platform_python_implementation == 'CPython'"),
    ],
)
def test_platforms_that_always_hold_are_left_out(marker: str | None, short: str | None) -> None:
    assert shorten(marker) == short


def test_the_oldest_python_goes_without_saying() -> None:
    clauses = PlatformClauses(platforms=THREE, oldest="3.9")
    assert clauses.shorten("python_full_version >= '3.9'") is None
    assert clauses.shorten("python_full_version < '3.11' and python_full_version >= '3.9'") == (
        "python_full_version < '3.11'"
    )
    assert clauses.shorten("python_full_version >= '3.10'") == "python_full_version >= '3.10'"


def test_machines_are_named_where_systems_do_not_tell_platforms_apart() -> None:
    platforms = ("linux-64", "linux-aarch64", "osx-64", "osx-arm64")
    assert shorten(marker_of("linux-aarch64"), *platforms) == "platform_machine == 'aarch64'"
    assert shorten(f"({marker_of('linux-64')}) or ({marker_of('osx-64')})", *platforms) == (
        "platform_machine == 'x86_64'"
    )
    mixed = " or ".join(f"({marker_of(one)})" for one in ("linux-64", "osx-arm64", "osx-64"))
    assert shorten(mixed, *platforms) == "platform_machine != 'aarch64'"
    assert shorten(marker_of("osx-64"), *platforms) == "platform_machine == 'x86_64' and sys_platform == 'darwin'"


def test_the_system_with_releases_in_its_name_is_told_apart_too() -> None:
    assert shorten(marker_of("freebsd-64"), "linux-64", "freebsd-64") == marker_of("freebsd-64").replace(
        "platform_machine == 'amd64' and 'freebsd' in sys_platform",
        "'freebsd' in sys_platform and platform_machine == 'amd64'",
    )


def test_what_holds_nowhere_and_what_is_no_marker_stay_as_they_are() -> None:
    assert shorten("sys_platform == 'aix'") == "sys_platform == 'aix'"
    assert shorten("this is none") == "this is none"


@pytest.mark.parametrize("seed", range(12))
def test_a_shortened_marker_holds_exactly_where_the_long_one_does(seed: int) -> None:
    chance = random.Random(seed)
    platforms = tuple(chance.sample(PYTHON_PLATFORMS, chance.randint(1, 6)))
    for _ in range(20):
        clauses = [" and ".join(chance.sample(ATOMS, chance.randint(1, 3))) for _ in range(chance.randint(1, 4))]
        marker = " or ".join(f"({one})" for one in clauses)
        if chance.random() < 0.5:
            marker = f"({marker}) and ({chance.choice(ATOMS)} or {chance.choice(ATOMS)})"
        short = shorten(marker, *platforms)
        for platform, version in itertools.product(platforms, ("3.9.1", "3.10.0", "3.11.4", "3.12.0", "3.13.2")):
            for implementation in ("CPython", "PyPy"):
                environment = {
                    **marker_environment(platform, version),
                    "platform_python_implementation": implementation,
                    "implementation_name": implementation.lower(),
                }
                expected = Marker(marker).evaluate(environment)
                assert (short is None or Marker(short).evaluate(environment)) is expected, (marker, short, platform)


def test_markers_come_out_in_an_order_of_their_own() -> None:
    first = parse_clauses("(b == '1' and a == '2') or c == '3'")
    second = parse_clauses("c=='3' or (a == \"2\" and b   ==   '1')")
    assert first == second
    assert render_clauses(first) == "(a == '2' and b == '1') or c == '3'"


@pytest.mark.parametrize("text", ["", "a", "a ==", "(a == '1'", "a == '1' or", "a == '1' b == '2'", "a ? '1'"])
def test_what_is_no_marker_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="marker"):
        parse_clauses(text)


def test_a_marker_that_would_grow_beyond_reading_stays_as_it_is() -> None:
    marker = " and ".join(f"(a{one} == '1' or b{one} == '1')" for one in range(14))
    assert shorten(marker) == marker
