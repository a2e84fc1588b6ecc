"""What every conda engine promises of hashes: nothing is linked but what was declared."""

from dataclasses import replace

import pytest

from pyve.errors.conda import PackageCorruptError
from pyve.project.conda.package import CondaPackage
from tests.engines.conda.conftest import EngineBench, MakeChannel
from tests.support.channel_server import ChannelServer
from tests.support.conda_recipes import generic


def with_hashes(package: CondaPackage, sha256: str | None, md5: str | None) -> CondaPackage:
    return replace(package, sha256=sha256, md5=md5)


@pytest.mark.parametrize("scheme", ["file", "http"])
@pytest.mark.parametrize("wrong", ["sha256", "md5"])
def test_package_of_another_hash_is_refused(bench: EngineBench, scheme: str, wrong: str) -> None:
    good = bench.channel.package("prefixed")
    bad = with_hashes(good, "0" * 64, good.md5) if wrong == "sha256" else with_hashes(good, None, "0" * 32)

    with ChannelServer(bench.channel.path) as server:
        source = server.url if scheme == "http" else None
        channels = (bench.channel.as_channel(source=source),)
        with pytest.raises(PackageCorruptError) as caught:
            bench.build(bad, "libz", channels=channels)
        bench.build("prefixed", prefix=bench.folder / "second", channels=channels)

    assert "prefixed-1.0-0.conda" in f"{caught.value.message}"
    assert "prefixed" not in bench.linked()
    assert bench.linked(bench.folder / "second") == {"prefixed": "1.0"}


def test_package_without_hashes_is_linked(bench: EngineBench) -> None:
    bench.build(with_hashes(bench.channel.package("libz"), None, None))

    assert bench.linked() == {"libz": "1.3.1"}


def test_swapped_archive_is_not_linked_and_poisons_nothing(bench: EngineBench, make_own_channel: MakeChannel) -> None:
    channel = make_own_channel(generic("libfoo", "1.0"))
    own, package = replace(bench, channel=channel), channel.package("libfoo")
    good = channel.archive(package).read_bytes()
    channel.archive(package).write_bytes(bench.channel.archive(bench.channel.package("libz")).read_bytes())

    with pytest.raises(PackageCorruptError):
        own.build(package)
    channel.archive(package).write_bytes(good)
    own.build(package, prefix=bench.folder / "second")

    assert own.linked() == {}
    assert (bench.folder / "second/share/libfoo/version.txt").read_bytes() == b"1.0 0\n"
