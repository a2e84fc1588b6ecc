"""What every conda engine promises of a prefix that it builds."""

import os
import random
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.errors.conda import MachineUnsuitableError, PrefixForeignError, PrefixTooLongError
from tests.engines.conda.conftest import EngineBench
from tests.support.channel_server import ChannelServer
from tests.support.conda_package import PLACEHOLDER

HOSTILE = "it's a prefix, ünï ☃"


def files_below(directory: Path) -> dict[str, Path]:
    """Every file and link, by its path from there."""
    return {
        (Path(folder) / name).relative_to(directory).as_posix(): Path(folder) / name
        for folder, _, names in os.walk(directory)
        for name in names
    }


def test_files_modes_and_links_are_those_of_the_package(bench: EngineBench) -> None:
    bench.build("tool-data", "libz", "odd-names")

    files = files_below(bench.prefix)
    modes = {name: stat.S_IMODE(path.lstat().st_mode) for name, path in files.items() if "tool-data" in name}
    assert modes.pop("share/tool-data/run.sh") & 0o111 == 0o111
    assert modes.pop("share/tool-data/read-only.txt") & 0o333 == 0
    assert files["share/tool-data/empty.txt"].read_bytes() == b""
    assert bench.run("share/tool-data/run.sh") == "ran\n"
    assert os.readlink(files["lib/libz.so"]) == "libz.so.1"
    assert os.readlink(files["lib/libz.so.1"]) == "libz.so.1.3.1"
    assert files["share/odd names/größe ☃.txt"].read_text(encoding="utf-8") == "schön\n"
    assert files["share/odd names/it's [a] $HOME `name`.txt"].read_bytes() == b"odd\n"


def test_records_tell_what_was_linked(bench: EngineBench) -> None:
    packages = bench.solve("app-a", "prefixed", "old-format").packages

    bench.build(*packages)

    records = bench.records()
    assert sorted(records) == ["app-a", "libfoo", "old-format", "prefixed"]
    for package in packages:
        record = records[package.name]
        assert (record["version"], record["build"], record["subdir"]) == (
            package.version,
            package.build,
            package.subdir,
        )
        assert (record["url"], record["sha256"]) == (package.url, package.sha256)
        assert all((bench.prefix / name).exists() for name in record["files"])
    assert (bench.prefix / "conda-meta" / "history").exists()


@pytest.mark.parametrize("python", [0, 1])
def test_noarch_python_goes_to_the_python_at_hand(bench: EngineBench, python: int) -> None:
    if len(bench.channel.pythons) <= python:
        pytest.skip("this machine has no interpreter of another minor version")
    minor = bench.channel.minors[python]

    bench.install(f"python={minor}", "tiny=1.1", "ext")

    assert (bench.prefix / f"lib/python{minor}/site-packages/tiny/__init__.py").exists()
    assert bench.run("bin/tiny-cmd", "a", "b c") == "tiny 1.1 a b c\n"
    assert bench.run("bin/ext-cmd") == f"{minor}\n"
    assert bench.run("bin/pip", "--version").startswith("pip ")
    program = "import sys, tiny; print(sys.prefix, sys.version_info[1], tiny.__file__)"
    prefix, running, module = bench.run("bin/python", "-c", program).rsplit(maxsplit=2)
    assert (Path(prefix), f"3.{running}") == (bench.prefix, minor)
    assert Path(module).is_relative_to(bench.prefix)


def test_prefix_is_written_into_text_and_binary_files(bench: EngineBench) -> None:
    bench.build("prefixed", "libz")

    prefix = os.fsencode(bench.prefix)
    assert bench.run("bin/where-am-i") == f"{bench.prefix}\n"
    assert (bench.prefix / "etc/prefixed.conf").read_bytes() == b"root = %b\nlibraries = %b/lib:%b/lib64\n" % (
        (prefix,) * 3
    )
    blob = (bench.prefix / "lib/blob.bin").read_bytes()
    padding = len(PLACEHOLDER) - len(prefix)
    expected = (
        b"\x00\x01" + prefix + b"/lib" + bytes(padding) + b"\x00between\x00" + prefix + bytes(padding) + b"\x00tail"
    )
    assert blob == expected
    linked = [path for name, path in files_below(bench.prefix).items() if not name.startswith("conda-meta/")]
    assert [path for path in linked if PLACEHOLDER.encode() in path.read_bytes()] == []


def test_every_path_may_hold_spaces_and_other_letters(bench: EngineBench, tmp_path: Path) -> None:
    channel = replace(bench.channel, path=tmp_path / f"channel, {HOSTILE}" / "conda-forge")
    channel.path.parent.mkdir()
    channel.path.symlink_to(bench.channel.path)
    hostile = replace(bench.within(HOSTILE), channel=channel)

    hostile.install("python", "tiny", "r-tiny")
    hostile.build("prefixed", prefix=hostile.folder / "other")
    hostile.close()

    assert hostile.run("bin/tiny-cmd") == "tiny 2.0\n"
    assert hostile.run("bin/pip", "--version").startswith("pip ")
    assert f"root = {hostile.folder / 'other'}\n" in (hostile.folder / "other/etc/prefixed.conf").read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["$(touch witness)", "`touch witness` b", "a'b c", 'a"b c', "$HOME c", "a\\b", "a\\b c", "a;b & c"]
)
def test_no_script_executes_the_path_of_its_prefix(bench: EngineBench, tmp_path: Path, name: str) -> None:
    prefix = bench.folder / name / "env"
    prefix.parent.mkdir()

    bench.install("python", "tiny", "ext", prefix=prefix)

    for script, says in (("tiny-cmd", "tiny 2.0\n"), ("ext-cmd", f"{bench.channel.minors[0]}\n")):
        ran = subprocess.run(
            [prefix / "bin" / script], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False
        )
        assert (ran.stdout, ran.stderr) == (says, "")
    assert not (tmp_path / "witness").exists()


def test_other_languages_work_as_they_are(bench: EngineBench) -> None:
    bench.install("r-tiny", "openjdk", "nodejs")

    assert bench.run("bin/Rscript", "-e", "1+1") == f"Rscript in {bench.prefix}/lib/R: 1+1\n"
    assert bench.run("bin/R") == "R version 4.4.1\n"
    assert (bench.prefix / "bin/java").resolve() == bench.prefix / "lib/jvm/bin/java"
    assert bench.run("bin/node") == "v22.0.0\n"


def test_order_of_the_packages_does_not_matter(bench: EngineBench) -> None:
    packages = list(bench.solve("python", "tiny", "pip", "ext", "app-a").packages)
    random.Random(4).shuffle(packages)

    bench.build(*packages)

    assert bench.linked() == {package.name: package.version for package in packages}
    assert bench.run("bin/tiny-cmd") == "tiny 2.0\n"


def test_no_packages_make_an_empty_prefix(bench: EngineBench) -> None:
    bench.build()

    assert (bench.prefix / "conda-meta").is_dir()
    assert bench.linked() == {}


def test_nothing_is_compiled(bench: EngineBench) -> None:
    bench.install("python", "tiny", "ext")

    assert [name for name in files_below(bench.prefix) if name.endswith(".pyc")] == []


def test_nothing_is_written_outside(bench: EngineBench, home: Path) -> None:
    bench.install("python", "tiny", "menu", "postlink")
    bench.close()

    assert files_below(home) == {}
    assert {path.name for path in bench.folder.iterdir()} <= {"bin", "cache", "work", "env", "engine.log"}


@pytest.mark.parametrize("what", ["directory", "file", "link", "environment"])
def test_what_is_there_is_never_touched(bench: EngineBench, tmp_path: Path, what: str) -> None:
    if what == "directory":
        bench.prefix.mkdir()
        (bench.prefix / "mine.txt").write_text("mine")
    elif what == "file":
        bench.prefix.write_text("mine")
    elif what == "link":
        bench.prefix.symlink_to(tmp_path / "nowhere")
    else:
        bench.build("libz")
    before = {name: path.lstat() for name, path in files_below(bench.folder).items() if name.startswith("env")}

    with pytest.raises(PrefixForeignError):
        bench.build("tool-data")

    after = {name: path.lstat() for name, path in files_below(bench.folder).items() if name.startswith("env")}
    assert {name: status.st_ino for name, status in after.items()} == {n: s.st_ino for n, s in before.items()}
    assert not (tmp_path / "nowhere").exists()


def test_prefix_that_does_not_fit_is_refused(bench: EngineBench) -> None:
    prefix = bench.folder / ("long" * 30) / ("long" * 30) / "env"
    prefix.parent.mkdir(parents=True)
    assert len(os.fsencode(prefix)) > len(PLACEHOLDER)

    with pytest.raises(PrefixTooLongError):
        bench.build("prefixed", prefix=prefix)


def test_machine_that_lacks_something_is_told_before_anything_is_linked(bench: EngineBench) -> None:
    with pytest.raises(MachineUnsuitableError, match="__glibc"):
        bench.build("app-glibc", "libz")

    assert bench.linked() == {}


def test_link_scripts_do_not_run_unless_asked(bench: EngineBench) -> None:
    built = bench.build("postlink", "libz")
    asked = bench.build("postlink", prefix=bench.folder / "second", run_link_scripts=True)

    assert built.link_scripts == ("postlink",)
    assert not (bench.prefix / "postlink.txt").exists()
    assert asked.link_scripts == ()
    assert (bench.folder / "second/postlink.txt").read_text() == "linked postlink\n"


def test_menu_items_are_named_and_not_made(bench: EngineBench, home: Path) -> None:
    assert bench.build("menu", "libz").menus == ("menu",)
    assert (bench.prefix / "Menu/menu.json").exists()
    assert files_below(home) == {}


def test_paths_that_two_packages_own_are_named(bench: EngineBench) -> None:
    built = bench.build("clash-one", "clash-two")

    assert built.clobbered == ("share/clash.txt",)
    assert (bench.prefix / "share/clash.txt").read_text() in ("one\n", "two\n")


def test_copies_share_nothing_with_the_cache(bench: EngineBench) -> None:
    bench.build("libz", "tool-data", "r-base", links="copy")
    (bench.prefix / "include/zlib.h").write_text("edited\n")
    bench.build("libz", prefix=bench.folder / "second")

    files = [path for path in files_below(bench.prefix).values() if not path.is_symlink()]
    assert {path.stat().st_nlink for path in files} == {1}
    assert (bench.folder / "second/include/zlib.h").read_text() != "edited\n"
    assert os.readlink(bench.prefix / "lib/libz.so") == "libz.so.1"


def test_progress_goes_forward_only(bench: EngineBench) -> None:
    bench.install("python", "tiny", "ext", "r-tiny", "openjdk")

    counted = [event for event in bench.events if event.done is not None]
    phases = {event.phase for event in counted}
    assert "link" in phases
    for phase in phases:
        done = [event.done or 0 for event in counted if event.phase == phase]
        assert done == sorted(done)
        assert all((event.done or 0) <= event.total for event in counted if event.phase == phase and event.total)
    last = [event for event in counted if event.phase == "link"][-1]
    assert (last.done, last.unit) == (last.total, "packages")


def test_download_is_counted_in_bytes(bench: EngineBench) -> None:
    with ChannelServer(bench.channel.path) as server:
        bench.build("libz", "openjdk", channels=(bench.channel.as_channel(source=server.url),))

    downloads = [event for event in bench.events if event.phase == "download" and event.unit == "bytes"]
    sizes = [bench.channel.package(name).size or 0 for name in ("libz", "openjdk")]
    assert downloads
    assert (downloads[-1].done, downloads[-1].total) == (sum(sizes), sum(sizes))


def test_virtual_packages_of_the_machine_are_told(bench: EngineBench) -> None:
    assert "__unix" in bench.build("libz").virtual_packages
