"""What goes wrong on the way and in the cache: mended where it can be, told where it cannot, never linked."""

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.errors import DiskFullError, PyveError
from pyve.errors.conda import ChannelUnreachableError, PackageCorruptError
from tests.engines.conda.conftest import EngineBench, MakeChannel
from tests.support.channel_server import ChannelServer, Fault, corrupt, hang, redirect, refuse, slow, truncate
from tests.support.conda_package import MadePackage, text_file
from tests.support.conda_recipes import generic, heavy
from tests.support.small_disk import mount_small_disk

DISK_MEGABYTES = 10
VERSION = "share/libfoo/version.txt"


@pytest.mark.parametrize(
    "fault",
    [
        *(refuse(503, times=1), refuse(503, ".conda", times=2), refuse(429, times=1), refuse(500, ".conda", times=1)),
        *(truncate(".conda", times=1), hang(".conda", times=1), corrupt(".conda", times=1)),
        *(truncate("repodata.json.zst", times=1), slow(".conda", bytes_per_second=20_000)),
    ],
    ids=lambda fault: f"{fault.kind}{fault.status or ''}-{fault.suffix or 'any'}",
)
def test_what_passes_is_waited_for(program_bench: EngineBench, fault: Fault) -> None:
    patient = program_bench.within("patient", PYVE_HTTP_TIMEOUT="2")
    with ChannelServer(program_bench.channel.path, fault) as server:
        patient.install("libfoo=1.0", channels=(program_bench.channel.as_channel(source=server.url),))
    patient.close()

    assert patient.linked() == {"libfoo": "1.0"}
    assert (patient.prefix / VERSION).read_bytes() == b"1.0 0\n"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refuse(503), ChannelUnreachableError),
        (refuse(503, ".conda"), ChannelUnreachableError),
        (refuse(404, ".conda"), ChannelUnreachableError),
        (truncate(".conda"), (ChannelUnreachableError, PackageCorruptError)),
        (corrupt(".conda"), PackageCorruptError),
        (hang(), ChannelUnreachableError),
        (hang(".conda"), ChannelUnreachableError),
    ],
    ids=lambda value: f"{value.kind}{value.status or ''}-{value.suffix or 'any'}" if isinstance(value, Fault) else "",
)
def test_what_does_not_pass_is_told_and_mended_later(
    program_bench: EngineBench, fault: Fault, error: type[PyveError] | tuple[type[PyveError], ...]
) -> None:
    patient = program_bench.within("patient", PYVE_HTTP_TIMEOUT="1" if fault.kind == "hang" else "10")
    with ChannelServer(program_bench.channel.path, fault) as server:
        with pytest.raises(error) as caught:
            patient.install("libfoo=1.0", channels=(program_bench.channel.as_channel(source=server.url),))
        named = "libfoo-1.0-0.conda" if fault.suffix else "127.0.0.1"
        assert named in f"{caught.value.message} {caught.value.hint}"
    assert patient.linked() == {}

    patient.close()
    with ChannelServer(program_bench.channel.path) as server:
        channels = (program_bench.channel.as_channel(source=server.url),)
        patient.install("libfoo=1.0", channels=channels, prefix=patient.folder / "second")
    patient.close()
    assert patient.linked(patient.folder / "second") == {"libfoo": "1.0"}


def test_repodata_that_is_a_page_is_no_channel(program_bench: EngineBench, make_own_channel: MakeChannel) -> None:
    channel = make_own_channel(generic("libfoo", "1.0"))
    for repodata in channel.path.glob("*/repodata.json"):
        repodata.write_text("<html>log in to this network</html>")
        repodata.with_suffix(".json.zst").unlink()

    with ChannelServer(channel.path) as server, pytest.raises(ChannelUnreachableError):
        program_bench.solve("libfoo", channels=(channel.as_channel(source=server.url),))


def test_redirected_channel_works(bench: EngineBench) -> None:
    with (
        ChannelServer(bench.channel.path) as elsewhere,
        ChannelServer(bench.channel.path, redirect(elsewhere.url)) as server,
    ):
        bench.install("libfoo=1.0", channels=(bench.channel.as_channel(source=server.url),))

    assert bench.records()["libfoo"]["url"] == bench.channel.package("libfoo", "1.0").url


def cached(bench: EngineBench, name: str) -> Path:
    """The one file of that name in the cache of extracted packages."""
    (found,) = (path for path in bench.surroundings.cache_directory.rglob(name) if "info" not in path.parts)
    return found


def write_anew(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def edit_in_place(path: Path) -> None:
    """As a program does that writes to a file of an environment, which is the cache's too."""
    with path.open("r+b") as file:
        file.write(b"x")


def replace_by_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def add_another(path: Path) -> None:
    path.with_name("more.txt").write_bytes(b"more\n")


POISONS: dict[str, Callable[[Path], None]] = {
    "edited": lambda path: write_anew(path, b"edited by somebody\n"),
    "edited, as long": lambda path: write_anew(path, b"6.6 6\n"),
    "edited in place": edit_in_place,
    "emptied": lambda path: write_anew(path, b""),
    "missing": lambda path: path.unlink(),
    "a directory": replace_by_directory,
    "a link": replace_by_link,
    "one too many": add_another,
    "no list of paths": lambda path: (path.parents[2] / "info/paths.json").unlink(),
    "a damaged list of paths": lambda path: write_anew(path.parents[2] / "info/paths.json", b"{"),
}


@pytest.mark.parametrize("scheme", ["file", "http"])
@pytest.mark.parametrize("poison", POISONS)
def test_poisoned_cache_is_noticed_and_mended(program_bench: EngineBench, poison: str, scheme: str) -> None:
    with ChannelServer(program_bench.channel.path) as server:
        channels = (program_bench.channel.as_channel(source=server.url if scheme == "http" else None),)
        package = program_bench.channel.package("libfoo", "1.0")
        program_bench.build(package, channels=channels)
        program_bench.close()
        POISONS[poison](cached(program_bench, "version.txt"))

        program_bench.build(package, channels=channels, prefix=program_bench.folder / "second")

    assert (program_bench.folder / "second" / VERSION).read_bytes() == b"1.0 0\n"
    assert sorted(path.name for path in (program_bench.folder / "second/share/libfoo").iterdir()) == ["version.txt"]


def test_packages_of_one_file_name_are_told_apart(bench: EngineBench, make_own_channel: MakeChannel) -> None:
    other = make_own_channel(
        MadePackage(name="libfoo", version="1.0", files=(text_file(VERSION, "of another channel\n"),)), name="other"
    )
    ours, theirs = bench.channel.package("libfoo", "1.0"), other.package("libfoo")
    assert ours.file_name == theirs.file_name

    bench.build(ours)
    bench.build(theirs, prefix=bench.folder / "second", channels=(other.as_channel(),))
    bench.build(ours, prefix=bench.folder / "third")

    read = [
        (folder / VERSION).read_bytes() for folder in (bench.prefix, bench.folder / "second", bench.folder / "third")
    ]
    assert read == [b"1.0 0\n", b"of another channel\n", b"1.0 0\n"]


def test_home_that_cannot_be_written_is_not_needed(bench: EngineBench) -> None:
    sealed = bench.within("sealed", HOME="/dev/null/home", USERPROFILE="/dev/null/home")

    sealed.install("python", "tiny", "menu")
    sealed.close()

    assert sealed.run("bin/tiny-cmd") == "tiny 2.0\n"


def test_cache_that_cannot_be_made_is_told(bench: EngineBench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    surroundings = replace(bench.surroundings, cache_directory=tmp_path / "file" / "cache")
    other = replace(bench, surroundings=surroundings, engines=[])

    try:
        with pytest.raises(PyveError) as caught:
            other.install("libfoo")
    finally:
        other.close()

    assert str(tmp_path / "file") in f"{caught.value.message} {caught.value.hint}"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, too small for one heavy package."""
    with mount_small_disk(tmp_path / "small disk", megabytes=DISK_MEGABYTES) as directory:
        yield directory


@pytest.mark.parametrize("full", ["cache", "prefix"])
def test_full_disk_is_told_and_room_mends_it(
    program_bench: EngineBench, small_disk: Path, make_own_channel: MakeChannel, full: str
) -> None:
    channel = make_own_channel(*(heavy(number) for number in range(2)))
    cache = small_disk / "cache" if full == "cache" else program_bench.folder / "cache"
    folder = small_disk if full == "prefix" else program_bench.folder
    surroundings = replace(program_bench.surroundings, cache_directory=cache)
    own = replace(program_bench, channel=channel, surroundings=surroundings, engines=[])

    try:
        with pytest.raises(DiskFullError):
            own.build("heavy-0", "heavy-1", prefix=folder / "env")
        own.close()
        subprocess.run(["rm", "-rf", folder / "env"], check=True)
        own.build("heavy-1", prefix=folder / "second")
    finally:
        own.close()

    assert own.linked(folder / "second") == {"heavy-1": "1.0"}


def test_cache_on_another_disk_is_copied_from(bench: EngineBench, small_disk: Path) -> None:
    bench.build("libz", "prefixed", prefix=small_disk / "env")

    assert bench.run("bin/where-am-i", prefix=small_disk / "env") == f"{small_disk / 'env'}\n"
    assert os.readlink(small_disk / "env/lib/libz.so") == "libz.so.1"
