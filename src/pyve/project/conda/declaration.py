"""What a project declares for its conda environment on one platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyve.project.conda.channel import Channel
from pyve.project.conda.package import CondaPackage


@dataclass(frozen=True, kw_only=True)
class CondaDeclaration:
    """Either `packages`, from a lock or an explicit list and linked as they are, or `specs`, to be solved.

    `subdir` is conda's word for the platform (`linux-64`). `specs` are MatchSpec texts, the Python that was asked for
    among them; `origins` maps each to its `file:line`. `channels` are resolved, in order of priority. `variables` are
    set in the environment. `platforms` are the declared ones, for which a lock is made.
    """

    subdir: str
    specs: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[Channel, ...] = ()
    packages: tuple[CondaPackage, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()

    def canonical_form(self) -> Mapping[str, object]:
        """Return what the fingerprint counts, as JSON types."""
        packages = sorted([package.url, package.sha256 or package.md5 or ""] for package in self.packages)
        return {
            "packages": packages,
            "specs": sorted(set(self.specs)) if not packages else [],
            "channels": [channel.url for channel in self.channels] if not packages else [],
            "variables": dict(self.variables),
        }
