"""Which micromamba is taken, from where, and which digest it is held to."""

import re

import pytest

from pyve.engines.conda.bootstrap.versions import Artifact, KnownReleases, choose_artifact, read_known_releases
from pyve.errors import UsageError

KNOWN = KnownReleases(
    default="2.9.0",
    builds={"2.9.0": 0, "2.8.1": 1},
    digests={
        ("2.9.0", "linux-64"): {"archive": "a" * 64, "program": "b" * 64},
        ("2.8.1", "linux-64"): {"program": "c" * 64},
        ("2.8.1", "win-64"): {"program": "d" * 64},
    },
)


def choose(
    *, version: str | None = None, platform: str = "linux-64", base: str | None = None, sha256: str | None = None
) -> Artifact:
    return choose_artifact(KNOWN, version=version, platform=platform, base=base, sha256=sha256)


def test_default_release_is_an_archive_with_both_digests() -> None:
    chosen = choose()

    assert chosen.url.endswith("/releases/download/2.9.0-0/micromamba-linux-64.tar.bz2")
    assert (chosen.sha256, chosen.program_sha256) == ("a" * 64, "b" * 64)


@pytest.mark.parametrize(
    ("platform", "name", "digest"),
    [("linux-64", "micromamba-linux-64", "c" * 64), ("win-64", "micromamba-win-64.exe", "d" * 64)],
)
def test_program_itself_is_taken_where_only_its_digest_is_known(platform: str, name: str, digest: str) -> None:
    chosen = choose(version="2.8.1", platform=platform)

    assert chosen.url.endswith(f"/2.8.1-1/{name}")
    assert chosen.sha256 == digest


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://mirror.example/mm/", "https://mirror.example/mm/2.9.0-0/micromamba-linux-64.tar.bz2"),
        (
            "https://mirror.example/conda-forge/{platform}/micromamba-{version}-{build}.tar.bz2",
            "https://mirror.example/conda-forge/linux-64/micromamba-2.9.0-0.tar.bz2",
        ),
    ],
)
def test_mirror_has_the_same_layout_or_names_its_own(base: str, url: str) -> None:
    assert (choose(base=base).url, choose(base=base).sha256) == (url, "a" * 64)


def test_mirror_of_programs_is_held_to_the_digest_of_the_program() -> None:
    assert choose(base="https://mirror.example/{version}/mm-{platform}").sha256 == "b" * 64


@pytest.mark.parametrize(("version", "platform"), [("2.7.0", "linux-64"), ("2.9.0", "linux-s390x")])
def test_release_without_a_known_digest_wants_the_users_word(version: str, platform: str) -> None:
    with pytest.raises(UsageError, match="does not know the SHA-256") as caught:
        choose(version=version, platform=platform)

    assert caught.value.hint is not None
    assert "--sha256 HEX" in caught.value.hint
    given = choose(version=version, platform=platform, sha256="E" * 64)
    assert (given.sha256, given.program_sha256) == ("e" * 64, "")


@pytest.mark.parametrize("version", ["latest", "2", "../../x", "2.9.0/../../y", ""])
def test_version_that_is_none_is_refused(version: str) -> None:
    if version:
        with pytest.raises(UsageError, match="is not a version"):
            choose(version=version, sha256="a" * 64)
    else:
        assert choose(version=version).version == "2.9.0"


@pytest.mark.parametrize("sha256", ["a" * 63, "z" * 64, "sha256:" + "a" * 64])
def test_digest_that_is_none_is_refused(sha256: str) -> None:
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        choose(sha256=sha256)


def test_shipped_table_holds_digests_for_the_platforms_people_have() -> None:
    known = read_known_releases()

    for platform in ("linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"):
        chosen = choose_artifact(known, version=None, platform=platform, base=None, sha256=None)
        assert chosen.version == known.default
        assert chosen.program_sha256
    every = [digest for digests in known.digests.values() for digest in digests.values()]
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in every)
    assert len(set(every)) == len(every)
