"""Which micromamba can be bootstrapped, from where, and the SHA-256 that it must have."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from pyve.errors import UsageError

URL_VARIABLE = "PYVE_MICROMAMBA_URL"
HOME_OF_RELEASES = "https://github.com/mamba-org/micromamba-releases/releases/download"

_VERSION = re.compile(r"\d+(?:\.\d+){1,3}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ARCHIVE = ".tar.bz2"


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """What is downloaded: an archive that holds the program, or the program itself.

    `program_sha256` is that of the program in the archive, empty where nobody said it.
    """

    version: str
    url: str
    sha256: str
    program_sha256: str = ""

    @property
    def is_archive(self) -> bool:
        """Whether the program lies in it."""
        return self.url.endswith(_ARCHIVE)


@dataclass(frozen=True, kw_only=True)
class KnownReleases:
    """The table of digests. `digests` maps (version, platform) to those of `archive` and `program`."""

    default: str
    builds: Mapping[str, int]
    digests: Mapping[tuple[str, str], Mapping[str, str]]


def read_known_releases() -> KnownReleases:
    """The table that is shipped with pyve."""
    document = json.loads(
        (files("pyve.engines.conda.bootstrap") / "micromamba_releases.json").read_text(encoding="utf-8")
    )
    releases = document["releases"]
    return KnownReleases(
        default=document["default"],
        builds={version: release["build"] for version, release in releases.items()},
        digests={
            (version, platform): digests
            for version, release in releases.items()
            for platform, digests in release.items()
            if platform != "build"
        },
    )


def choose_artifact(
    known: KnownReleases, *, version: str | None, platform: str, base: str | None, sha256: str | None
) -> Artifact:
    """Decide what to download for `platform`; `base` is a mirror, `sha256` the user's word for what it must be.

    A mirror has the layout of the releases' own home, or names its own with {version}, {build} and {platform}. Raises
    UsageError where the version is none, or no digest is known and none was given.
    """
    version = version or known.default
    if not _VERSION.fullmatch(version):
        raise UsageError(f"{version!r} is not a version of micromamba.", hint=f"--version {known.default}")
    if sha256 is not None and not _DIGEST.fullmatch(sha256.lower()):
        raise UsageError("--sha256 wants 64 hexadecimal digits.", hint="sha256sum FILE prints them")
    digests = known.digests.get((version, platform), {})
    has_archive = "archive" in digests or "program" not in digests
    url = _make_url(base or HOME_OF_RELEASES, version, known.builds.get(version, 0), platform, archive=has_archive)
    wanted = (sha256 or digests.get("archive" if url.endswith(_ARCHIVE) else "program", "")).lower()
    if not wanted:
        versions = ", ".join(sorted(one for one, system in known.digests if system == platform)) or "none"
        raise UsageError(
            f"pyve does not know the SHA-256 of {url}, and runs nothing that it cannot verify "
            f"(known for {platform}: {versions}).",
            hint=f"pyve self bootstrap micromamba --version {version} --sha256 HEX  # as its publisher says it",
        )
    # The user's word is about the download; what lies in it is known only of the releases in the table.
    program = digests.get("program", "") if sha256 is None else ""
    return Artifact(version=version, url=url, sha256=wanted, program_sha256=program)


def _make_url(base: str, version: str, build: int, platform: str, *, archive: bool) -> str:
    if "{" in base:
        values = {"version": version, "build": str(build), "platform": platform}
        return re.sub(r"\{(version|build|platform)\}", lambda match: values[match[1]], base)
    ending = _ARCHIVE if archive else ".exe" if platform.startswith("win") else ""
    return f"{base.rstrip('/')}/{version}-{build}/micromamba-{platform}{ending}"
