"""What every conda engine promises of a solve."""

import sys
from dataclasses import replace

import pytest

from pyve.errors import PyveError
from pyve.errors.conda import CondaUnsatisfiableError, EngineFailedError
from tests.engines.conda.conftest import EngineBench, MakeChannel
from tests.support.conda_package import MadePackage
from tests.support.conda_recipes import generic


def test_newest_version_is_picked(bench: EngineBench) -> None:
    found = bench.versions("tiny", "libfoo", "python")

    assert found["tiny"] == "2.0"
    assert found["libfoo"] == "2.1"
    assert found["python"] == bench.channel.pythons[0]


@pytest.mark.parametrize(
    ("spec", "version"),
    [
        *(("libfoo=1.0", "1.0"), ("libfoo==1.5", "1.5"), ("libfoo <2", "1.5"), ("libfoo>=1.1,<2.1", "2.0")),
        *(("libfoo 2.0.*", "2.0"), ("libfoo=2.0.*", "2.0"), ("libfoo 1.5|1.0", "1.5"), ("libfoo=1.0=0", "1.0")),
        *(("libfoo[version='<1.5']", "1.0"), ("LibFoo=1.0", "1.0"), ("libfoo !=2.1", "2.0"), ("libfoo>=1.*", "2.1")),
    ],
)
def test_pin_is_honoured(bench: EngineBench, spec: str, version: str) -> None:
    assert bench.versions(spec) == {"libfoo": version}


def test_dependencies_come_along(bench: EngineBench) -> None:
    assert bench.versions("app-b") == {"app-b": "1.0", "libfoo": "1.5"}


def test_constraint_of_a_package_counts(bench: EngineBench) -> None:
    assert bench.versions("libbar", "libfoo") == {"libbar": "1.0", "libfoo": "1.5"}
    with pytest.raises(CondaUnsatisfiableError):
        bench.solve("libbar", "libfoo>=2")


def test_pip_comes_with_python(bench: EngineBench) -> None:
    assert "pip" in bench.versions("python")
    assert "pip" not in bench.versions("libfoo")


def test_every_python_of_the_channel_can_be_asked_for(bench: EngineBench) -> None:
    for version in bench.channel.pythons:
        minor = version.rpartition(".")[0]
        found = {package.name: package for package in bench.solve(f"python={minor}", "ext").packages}

        assert found["python"].version == version
        assert found["ext"].build.startswith("py" + minor.replace(".", ""))


def test_nothing_asked_is_nothing_found(bench: EngineBench) -> None:
    assert bench.solve().packages == ()


def test_package_is_described_as_the_channel_has_it(bench: EngineBench) -> None:
    (found,) = (package for package in bench.solve("app-a").packages if package.name == "app-a")

    assert found == bench.channel.package("app-a")
    assert found.depends == ("libfoo >=2,<3",)
    assert found.sha256
    assert found.size


def test_packages_are_sorted_by_name(bench: EngineBench) -> None:
    names = [package.name for package in bench.solve("tiny", "app-a", "prefixed", "activator").packages]

    assert names == sorted(names)
    assert len(names) == len(set(names))


def test_both_archive_formats_are_found(bench: EngineBench) -> None:
    found = {package.name: package.url for package in bench.solve("old-format", "prefixed").packages}

    assert found["old-format"].endswith("/old-format-1.0-0.tar.bz2")
    assert found["prefixed"].endswith("/prefixed-1.0-0.conda")


def test_channel_of_a_spec_decides(bench: EngineBench, make_own_channel: MakeChannel) -> None:
    second = make_own_channel(generic("libfoo", "9.0"), name="second")
    channels = (bench.channel.as_channel(), second.as_channel())

    (found,) = bench.solve("second::libfoo", channels=channels).packages

    assert (found.version, found.url) == ("9.0", f"{second.url}/noarch/libfoo-9.0-0.conda")


def test_first_channel_that_has_a_name_is_the_only_one_for_it(
    bench: EngineBench, make_own_channel: MakeChannel
) -> None:
    second = make_own_channel(generic("libfoo", "9.0"), generic("only-here", "1.0"), name="second")
    first = bench.channel

    forwards = bench.versions("libfoo", "only-here", channels=(first.as_channel(), second.as_channel()))
    backwards = bench.versions("libfoo", "only-here", channels=(second.as_channel(), first.as_channel()))

    assert forwards == {"libfoo": "2.1", "only-here": "1.0"}
    assert backwards == {"libfoo": "9.0", "only-here": "1.0"}
    with pytest.raises(CondaUnsatisfiableError):
        bench.solve("libfoo=9", channels=(first.as_channel(), second.as_channel()))


def test_priority_of_channels_can_be_disabled(bench: EngineBench, make_own_channel: MakeChannel) -> None:
    second = make_own_channel(generic("libfoo", "9.0"), name="second")
    channels = (bench.channel.as_channel(), second.as_channel())

    assert bench.versions("libfoo", channels=channels, priority="disabled") == {"libfoo": "9.0"}


def test_virtual_packages_are_those_of_the_machine_unless_told(bench: EngineBench) -> None:
    assert bench.versions("unix-only") == {"unix-only": "1.0"}
    with pytest.raises(PyveError):
        bench.solve("app-glibc")

    told = {"__unix": "0", "__linux": "6.1", "__glibc": "3.0", "__cuda": "12.4"}
    # micromamba lets only platforms of Linux have a __glibc, whatever it is told.
    asked = {"app-cuda"} if bench.kind == "micromamba" and sys.platform != "linux" else {"app-glibc", "app-cuda"}
    assert set(bench.versions(*asked, virtual_packages=told)) == asked
    with pytest.raises(PyveError):
        bench.solve("unix-only", virtual_packages={"__win": "0"})


def test_virtual_packages_that_were_counted_on_are_told(bench: EngineBench) -> None:
    detected = bench.solve("libfoo").virtual_packages
    told = bench.solve("libfoo", virtual_packages={"__unix": "0", "__cuda": "12.4"}).virtual_packages

    assert "__unix" in detected
    assert told == {"__unix": "0", "__cuda": "12.4"}


@pytest.mark.linux("elsewhere there is no __glibc to be overridden")
def test_environment_overrides_virtual_packages(bench: EngineBench) -> None:
    overridden = bench.within("overridden", CONDA_OVERRIDE_CUDA="12.4", CONDA_OVERRIDE_GLIBC="2.99")

    solution = overridden.solve("app-cuda", "app-glibc")
    overridden.close()

    assert {package.name for package in solution.packages} == {"app-cuda", "app-glibc"}
    assert solution.virtual_packages["__cuda"].partition("=")[0] == "12.4"


def test_earlier_resolution_is_kept_where_it_fits(bench: EngineBench) -> None:
    earlier = (bench.channel.package("libfoo", "1.5"), bench.channel.package("tiny", "1.0"))

    assert bench.versions("libfoo", "app-ok", prefer=earlier) == {"libfoo": "1.5", "app-ok": "1.1"}
    assert bench.versions("libfoo>=2", prefer=earlier) == {"libfoo": "2.1"}
    assert bench.versions("tiny", prefer=earlier)["tiny"] == "1.0"


@pytest.mark.parametrize("subdir", ["linux-aarch64", "osx-arm64", "win-64"])
def test_other_platforms_are_solved_for(bench: EngineBench, subdir: str) -> None:
    system = {"__win": "0"} if subdir == "win-64" else {"__unix": "0"}

    found = {each.name: each for each in bench.solve("native", subdir=subdir, virtual_packages=system).packages}

    assert found["native"] == bench.channel.package("native", subdir=subdir)


def test_packages_newer_than_a_moment_do_not_exist(bench: EngineBench, make_own_channel: MakeChannel) -> None:
    new = MadePackage(name="thing", version="2.0", newer_by_days=30)
    own = make_own_channel(generic("thing", "1.0"), new)
    wish = {"channels": (own.as_channel(),), "exclude_newer": "2023-12-01T00:00:00+00:00"}

    if bench.kind == "rattler":
        assert bench.versions("thing", **wish) == {"thing": "1.0"}
    else:
        with pytest.raises(EngineFailedError, match="by their date"):
            bench.solve("thing", **wish)


def test_packages_known_by_their_url_are_kept_as_the_channel_has_them(bench: EngineBench) -> None:
    known = replace(bench.channel.package("libfoo", "1.5"), depends=("nobody-has-this",), md5="0" * 32)

    kept = bench.solve("libfoo", prefer=(known,), prefer_from_channels=True).packages

    if bench.kind == "rattler":
        assert kept == (bench.channel.package("libfoo", "1.5"),)
    else:
        assert [package.version for package in kept] == ["1.5"]


def test_one_engine_answers_again_and_again(bench: EngineBench) -> None:
    with pytest.raises(PyveError):
        bench.solve("app-a", "app-b")

    assert bench.versions("app-a") == {"app-a": "1.0", "libfoo": "2.1"}
    assert bench.versions("app-b") == {"app-b": "1.0", "libfoo": "1.5"}


def test_solve_is_reported(bench: EngineBench) -> None:
    bench.solve("libfoo")

    assert "solve" in {event.phase for event in bench.events}


def test_version_is_that_of_the_program(bench: EngineBench) -> None:
    assert bench.engine.name == bench.name
    assert all(part.isdecimal() for part in bench.engine.version().split(".")[:2])
