"""Locks and lists of conda packages that cannot be followed: told by line and package, and what is in use stays so."""

import json

import pytest

from tests.support.conda_channel import LocalChannel
from tests.support.conda_lock import lock_document
from tests.support.standing_environment import StandingEnvironment

CONDA_FORGE = "https://conda.anaconda.org/conda-forge"


def list_explicitly(standing: StandingEnvironment, *lines: str) -> None:
    (standing.bench.project / "environment.yml").unlink()
    standing.bench.write("explicit.txt", "\n".join(("@EXPLICIT", *lines)) + "\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 7\n", "conda-lock.yml:1: this lock has version 7"),
        ("version: 1\nmetadata: [\n", "conda-lock.yml:"),
        ("version: 1\npackage: nothing\n", "conda-lock.yml:1: `metadata`"),
    ],
)
def test_a_lock_that_cannot_be_read_is_told_with_its_line(standing: StandingEnvironment, text: str, said: str) -> None:
    standing.bench.write("conda-lock.yml", text)

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (3, "manifest-invalid")
    assert refused.message.startswith(said)


def test_a_listed_package_for_other_machines_is_told(
    standing: StandingEnvironment, conda_channel: LocalChannel
) -> None:
    package = conda_channel.package("app-glibc", url=CONDA_FORGE)
    list_explicitly(standing, f"{package.url}#{package.sha256}")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "machine-unsuitable")
    assert "__glibc >=2.99" in refused.message
    assert "CONDA_OVERRIDE_GLIBC" in refused.hint


def test_a_listed_package_with_another_hash_is_refused(
    standing: StandingEnvironment, conda_channel: LocalChannel
) -> None:
    package = conda_channel.package("libz", url=CONDA_FORGE)
    list_explicitly(standing, f"{package.url}#{'0' * 64}")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "package-corrupt")
    assert "libz-1.3.1-0.conda" in refused.message
    assert "0" * 64 in refused.message


def test_a_listed_package_that_nobody_has_is_named(standing: StandingEnvironment) -> None:
    list_explicitly(standing, f"{CONDA_FORGE}/noarch/gone-1.0-0.conda#{'0' * 64}")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "channel-missing")
    assert "gone-1.0-0.conda" in refused.message


def test_a_line_that_is_no_package_is_told_with_its_line(standing: StandingEnvironment) -> None:
    list_explicitly(standing, "https://channel.example/no-package.zip")

    refused = standing.refuse()

    assert refused.exit_status == 3
    assert "explicit.txt:2" in refused.message


def write_lock(standing: StandingEnvironment, channel: LocalChannel, platform: str) -> None:
    """A lock of tiny 1.0 for one platform."""
    package = channel.package("tiny", "1.0", url=CONDA_FORGE)
    row = {
        "name": "tiny",
        "version": "1.0",
        "manager": "conda",
        "platform": platform,
        "dependencies": {},
        "url": package.url,
        "hash": {"md5": package.md5, "sha256": package.sha256},
        "category": "main",
        "optional": False,
    }
    standing.bench.write("conda-lock.yml", json.dumps(lock_document([platform], [row]), indent=1))


def test_a_lock_without_this_platform_comes_with_the_command_that_adds_it(
    standing: StandingEnvironment, conda_channel: LocalChannel
) -> None:
    other = "osx-arm64" if conda_channel.subdir != "osx-arm64" else "linux-64"
    write_lock(standing, conda_channel, other)

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "lock-platform-missing")
    assert f"conda-lock.yml has no packages for {conda_channel.subdir}" in refused.message
    assert refused.hint == f"pyve lock --platform {other} --platform {conda_channel.subdir}"


def test_a_stale_lock_is_no_answer_to_strict(standing: StandingEnvironment, conda_channel: LocalChannel) -> None:
    standing.bench.declare("python", "tiny>=2")
    write_lock(standing, conda_channel, conda_channel.subdir)

    refused = standing.refuse("sync", "--strict")

    assert (refused.exit_status, refused.code) == (1, "lock-stale")
    assert "tiny>=2 (environment.yml:5)" in refused.message
