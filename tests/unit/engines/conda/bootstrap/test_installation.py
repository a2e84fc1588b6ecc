"""Fetching micromamba from servers that do what servers do, and from archives that nobody would publish."""

import hashlib
import os
import tarfile
import threading
from pathlib import Path

import pytest

from pyve.engines.conda.bootstrap.archive import ArchiveUnusableError, extract_program
from pyve.engines.conda.bootstrap.download import Patience
from pyve.engines.conda.bootstrap.installation import install_artifact
from pyve.engines.conda.bootstrap.shelves import (
    Shelf,
    read_shelf,
)
from pyve.engines.conda.bootstrap.versions import Artifact
from pyve.environments.progress import ProgressEvent, report_nothing
from pyve.errors import PathNotWritableError
from pyve.errors.conda import DownloadFailedError, DownloadRefusedError
from tests.support.channel_server import ChannelServer, Fault, corrupt, hang, redirect, refuse, truncate
from tests.support.micromamba_archive import make_archive, member, program_member, publish
from tests.support.micromamba_stand_in import VERSION, stand_in_script

pytestmark = pytest.mark.posix("the stand-in is a script")

IMPATIENT = Patience(silence_seconds=0.5, attempts=3, pause_seconds=0.01)
ARCHIVE = "micromamba.tar.bz2"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A place that is not there yet."""
    return Shelf(folder=tmp_path / "data" / "micromamba", record=tmp_path / "data" / "record.json")


def artifact(url: str, sha256: str, *, version: str = VERSION, program_sha256: str = "") -> Artifact:
    return Artifact(version=version, url=url, sha256=sha256, program_sha256=program_sha256)


def install(shelf: Shelf, wanted: Artifact, events: list[ProgressEvent] | None = None) -> bool:
    progress = report_nothing if events is None else events.append
    lock = shelf.folder.parent.parent / "locks" / "micromamba"
    return install_artifact(wanted, shelf, progress, lock=lock, patience=IMPATIENT)[1]


def install_from(shelf: Shelf, served: Path, *faults: Fault, sha256: str | None = None) -> bool:
    """Install from a server that misbehaves so; the digest is the right one unless told."""
    digest = publish(served, make_archive([member("info/index.json", b"{}"), program_member()]))
    with ChannelServer(served, *faults) as server:
        return install(shelf, artifact(f"{server.url}/{ARCHIVE}", sha256 or digest))


def nothing_was_installed(shelf: Shelf) -> bool:
    return read_shelf(shelf) is None and not shelf.folder.exists()


def test_archive_is_fetched_verified_and_unpacked(shelf: Shelf, tmp_path: Path) -> None:
    events: list[ProgressEvent] = []
    content = make_archive([member("info/index.json", b"{}"), program_member(), member("bin/other", b"x")])
    digest = publish(tmp_path / "served", content)
    with ChannelServer(tmp_path / "served") as server:
        assert install(shelf, artifact(f"{server.url}/{ARCHIVE}", digest), events)

    program = shelf.program(VERSION)
    assert program.read_bytes() == stand_in_script()
    assert program.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in program.parent.iterdir()] == ["micromamba"]
    found = read_shelf(shelf)
    assert found is not None
    assert (found.version, found.program, found.is_whole()) == (VERSION, program, True)
    counted = [event for event in events if event.unit == "bytes"]
    assert (counted[-1].done, counted[-1].total) == (len(content), len(content))


def test_plain_program_is_taken_as_it_is(shelf: Shelf, tmp_path: Path) -> None:
    digest = publish(tmp_path / "served", stand_in_script(), "micromamba-linux-64")
    with ChannelServer(tmp_path / "served") as server:
        assert install(shelf, artifact(f"{server.url}/micromamba-linux-64", digest))

    assert os.access(shelf.program(VERSION), os.X_OK)


def test_second_run_asks_nobody(shelf: Shelf, tmp_path: Path) -> None:
    digest = publish(tmp_path / "served", make_archive([program_member()]))
    with ChannelServer(tmp_path / "served") as server:
        wanted = artifact(f"{server.url}/{ARCHIVE}", digest)
        assert install(shelf, wanted)
        asked = len(server.requests)
        assert not install(shelf, wanted)
        assert len(server.requests) == asked


@pytest.mark.parametrize("how", ["changed", "gone", "not executable"])
def test_damaged_program_is_fetched_anew(shelf: Shelf, tmp_path: Path, how: str) -> None:
    install_from(shelf, tmp_path / "served")
    program = shelf.program(VERSION)
    if how == "changed":
        program.write_bytes(b"#!/bin/sh\n")
    elif how == "gone":
        program.unlink()
    else:
        program.chmod(0o644)

    assert install_from(shelf, tmp_path / "served")
    assert program.read_bytes() == stand_in_script()
    assert os.access(program, os.X_OK)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(refuse(503, times=2), id="503 twice"),
        pytest.param(refuse(429, times=1), id="too many requests"),
        pytest.param(truncate(ARCHIVE, times=1), id="broken off"),
        pytest.param(hang(times=1), id="silent"),
    ],
)
def test_what_passes_is_waited_for(shelf: Shelf, tmp_path: Path, fault: Fault) -> None:
    assert install_from(shelf, tmp_path / "served", fault)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(refuse(404), "404", id="404"),
        pytest.param(refuse(403), "403", id="403"),
        pytest.param(refuse(503), r"503 .*\(3 attempts\)", id="503 for ever"),
        pytest.param(truncate(ARCHIVE), r"broke off .*\(3 attempts\)", id="broken off each time"),
        pytest.param(hang(), r"silent \(3 attempts\)", id="silent for ever"),
    ],
)
def test_what_does_not_pass_is_told(shelf: Shelf, tmp_path: Path, fault: Fault, said: str) -> None:
    with pytest.raises(DownloadFailedError, match=said) as caught:
        install_from(shelf, tmp_path / "served", fault)

    assert ARCHIVE in caught.value.message
    assert nothing_was_installed(shelf)


def test_server_that_nobody_runs_is_told(shelf: Shelf) -> None:
    with pytest.raises(DownloadFailedError, match="cannot be reached"):
        install(shelf, artifact("http://127.0.0.1:9/micromamba", "0" * 64))
    assert nothing_was_installed(shelf)


def test_redirects_are_followed_and_a_circle_of_them_is_left(shelf: Shelf, tmp_path: Path) -> None:
    digest = publish(tmp_path / "served", make_archive([program_member()]))
    with (
        ChannelServer(tmp_path / "served") as elsewhere,
        ChannelServer(tmp_path / "served", redirect(elsewhere.url)) as server,
    ):
        assert install(shelf, artifact(f"{server.url}/{ARCHIVE}", digest))
    circle = redirect(".")
    with ChannelServer(tmp_path / "served", circle) as server:
        other = Shelf(folder=tmp_path / "other" / "micromamba", record=tmp_path / "other" / "record.json")
        with pytest.raises(DownloadFailedError, match=r"loop|302"):
            install(other, artifact(f"{server.url}/{ARCHIVE}", digest))


@pytest.mark.parametrize("target", ["file:///etc", "ftp://127.0.0.1"])
def test_redirect_to_less_than_http_is_not_followed(shelf: Shelf, tmp_path: Path, target: str) -> None:
    with pytest.raises(DownloadFailedError, match=r"it redirects|302|not allowed"):
        install_from(shelf, tmp_path / "served", redirect(target))
    assert nothing_was_installed(shelf)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "file:///etc/passwd", "micromamba", "http:///x"])
def test_only_http_is_spoken(shelf: Shelf, url: str) -> None:
    with pytest.raises(DownloadFailedError, match="https:// or http://"):
        install(shelf, artifact(url, "0" * 64))


def test_credentials_of_the_mirror_are_sent_and_not_shown(shelf: Shelf, tmp_path: Path) -> None:
    digest = publish(tmp_path / "served", make_archive([program_member()]))
    with ChannelServer(tmp_path / "served", basic=("me", "s3cret")) as server:
        place = server.url.removeprefix("http://")
        assert install(shelf, artifact(f"http://me:s3cret@{place}/{ARCHIVE}", digest))
        with pytest.raises(DownloadFailedError) as caught:
            install(shelf, artifact(f"http://me:wrong-word@{place}/{ARCHIVE}", "1" * 64))

    assert "s3cret" not in shelf.record.read_text(encoding="utf-8")
    assert "wrong-word" not in caught.value.message


@pytest.mark.parametrize("fault", [None, corrupt(ARCHIVE)])
def test_other_bytes_are_refused_before_anything_is_unpacked(shelf: Shelf, tmp_path: Path, fault: Fault | None) -> None:
    faults, sha256 = ((), "0" * 64) if fault is None else ((fault,), None)

    with pytest.raises(DownloadRefusedError, match=r"SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}"):
        install_from(shelf, tmp_path / "served", *faults, sha256=sha256)

    assert nothing_was_installed(shelf)


def test_refused_download_leaves_the_earlier_program_in_use(shelf: Shelf, tmp_path: Path) -> None:
    install_from(shelf, tmp_path / "served")

    with pytest.raises(DownloadRefusedError):
        install_from(shelf, tmp_path / "served", sha256="0" * 64)

    found = read_shelf(shelf)
    assert found is not None
    assert found.is_whole()


HOSTILE = {
    "absolute": member("/bin/micromamba", stand_in_script()),
    "above": member("../bin/micromamba", stand_in_script()),
    "above from within": member("bin/../../micromamba", stand_in_script()),
    "a link": member("bin/micromamba", kind=tarfile.SYMTYPE, link="/bin/sh"),
    "a hard link": member("bin/micromamba", kind=tarfile.LNKTYPE, link="/bin/sh"),
    "a directory": member("bin/micromamba", kind=tarfile.DIRTYPE),
    "a pipe": member("bin/micromamba", kind=tarfile.FIFOTYPE),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_member_that_is_no_plain_program_is_not_unpacked(shelf: Shelf, tmp_path: Path, kind: str) -> None:
    digest = publish(tmp_path / "served", make_archive([HOSTILE[kind]]))
    with ChannelServer(tmp_path / "served") as server, pytest.raises(DownloadRefusedError, match="no file bin/micro"):
        install(shelf, artifact(f"{server.url}/{ARCHIVE}", digest))

    assert nothing_was_installed(shelf)
    assert {path.name for path in tmp_path.iterdir()} <= {"served", "locks", "data"}


def test_only_the_program_is_written_whatever_else_is_in_the_archive(shelf: Shelf, tmp_path: Path) -> None:
    others = [
        member("bin", kind=tarfile.SYMTYPE, link=str(tmp_path / "elsewhere")),
        member("../../escaped", b"x"),
        member("/tmp/escaped-by-a-test-of-pyve", b"x"),
    ]
    (tmp_path / "elsewhere").mkdir()
    digest = publish(tmp_path / "served", make_archive([*others, program_member()]))
    with ChannelServer(tmp_path / "served") as server:
        assert install(shelf, artifact(f"{server.url}/{ARCHIVE}", digest))

    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert not (tmp_path / "escaped").exists()
    assert not Path("/tmp/escaped-by-a-test-of-pyve").exists()
    assert shelf.program(VERSION).read_bytes() == stand_in_script()


@pytest.mark.parametrize("content", [b"", b"not an archive", make_archive([program_member()])[:-40]])
def test_what_is_no_archive_is_refused(shelf: Shelf, tmp_path: Path, content: bytes) -> None:
    digest = publish(tmp_path / "served", content)
    with ChannelServer(tmp_path / "served") as server, pytest.raises(DownloadRefusedError, match="Nothing was install"):
        install(shelf, artifact(f"{server.url}/{ARCHIVE}", digest))

    assert nothing_was_installed(shelf)


def test_archive_that_swells_is_not_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "bomb.tar.bz2"
    archive.write_bytes(make_archive([member("filler", bytes(3_000_000)), program_member()]))
    assert archive.stat().st_size < 20_000

    with pytest.raises(ArchiveUnusableError, match="more than 1 MB are in it"):
        extract_program(archive, tmp_path / "micromamba", most_bytes=1_000_000)

    assert [path.name for path in tmp_path.iterdir()] == ["bomb.tar.bz2"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (stand_in_script(version="2.8.1"), "it is 2.8.1"),
        (b"#!/bin/sh\nexit 7\n", "does not run here"),
        (b"#!/nowhere/python\n", "does not run here"),
        (b"#!/bin/sh\necho something\n", "it is something else"),
    ],
)
def test_program_that_is_not_what_it_should_be_is_refused(
    shelf: Shelf, tmp_path: Path, script: bytes, said: str
) -> None:
    digest = publish(tmp_path / "served", make_archive([member("bin/micromamba", script)]))
    with ChannelServer(tmp_path / "served") as server, pytest.raises(DownloadRefusedError, match=said):
        install(shelf, artifact(f"{server.url}/{ARCHIVE}", digest))

    assert nothing_was_installed(shelf)


def test_program_in_the_archive_must_have_its_own_digest_where_that_is_known(shelf: Shelf, tmp_path: Path) -> None:
    digest = publish(tmp_path / "served", make_archive([program_member()]))
    right = hashlib.sha256(stand_in_script()).hexdigest()
    with ChannelServer(tmp_path / "served") as server:
        url = f"{server.url}/{ARCHIVE}"
        with pytest.raises(DownloadRefusedError, match="the SHA-256 of the program in it"):
            install(shelf, artifact(url, digest, program_sha256="0" * 64))
        assert install(shelf, artifact(url, digest, program_sha256=right))


def test_two_at_once_fetch_it_once(shelf: Shelf, tmp_path: Path) -> None:
    digest = publish(tmp_path / "served", make_archive([program_member()]))
    changed: list[bool] = []
    with ChannelServer(tmp_path / "served") as server:
        wanted = artifact(f"{server.url}/{ARCHIVE}", digest)
        threads = [threading.Thread(target=lambda: changed.append(install(shelf, wanted))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.requests) == 1

    assert sorted(changed) == [False, False, False, True]


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_place_is_told(tmp_path: Path) -> None:
    place = tmp_path / "read-only"
    place.mkdir(mode=0o500)
    shelf = Shelf(folder=place / "micromamba", record=place / "record.json")
    with pytest.raises(PathNotWritableError, match="read-only"):
        install(shelf, artifact("http://127.0.0.1:9/x", "0" * 64))
