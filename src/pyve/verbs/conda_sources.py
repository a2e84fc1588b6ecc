"""Where conda packages come from: declared channels, those that specs name, those of a lock's packages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyve.project.conda.channel import Channel
from pyve.project.conda.channel_names import (
    add_package_channels,
    add_spec_channels,
    resolve_channels,
    resolve_spec_channel,
    rewrite_spec_channel,
)
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.settings import UserCondaSettings
from pyve.project.manifests.environment_dependencies import DeclaredSpec
from pyve.project.manifests.environment_yml import EnvironmentYml


@dataclass(frozen=True, kw_only=True)
class CondaSources:
    """The user's mirrors and variables, by which the names in a project become channels."""

    root: Path
    settings: UserCondaSettings
    environment: Mapping[str, str]

    def of_specs(
        self, yml: EnvironmentYml | None, *, default: Sequence[str]
    ) -> tuple[tuple[Channel, ...], tuple[str, ...]]:
        """The channels to solve from, and sentences about them; `default` are those where none is declared."""
        declared = yml.channels if yml else ()
        resolved = resolve_channels(
            declared, root=self.root, settings=self.settings, environment=self.environment, default=default
        )
        named = (spec.channel for spec in yml.specs if spec.channel) if yml else ()
        channels = add_spec_channels(
            resolved.channels, named, root=self.root, settings=self.settings, environment=self.environment
        )
        defaulted = () if declared else (f"No channels are declared: {', '.join(default)} is used.",)
        return channels, (*defaulted, *resolved.notes)

    def of_packages(self, yml: EnvironmentYml | None, packages: tuple[CondaPackage, ...]) -> tuple[Channel, ...]:
        """The channels of packages whose URLs are known; the declared ones may hold credentials for them."""
        declared = yml.channels if yml else ()
        resolved = resolve_channels(
            declared, root=self.root, settings=self.settings, environment=self.environment, default=()
        )
        urls = (package.url for package in packages)
        return add_package_channels(resolved.channels, urls, settings=self.settings, environment=self.environment)

    def rewrite(self, spec: DeclaredSpec) -> str:
        """The text of a spec, the channel that it names without variables and credentials."""
        if spec.channel is None:
            return spec.text
        named = resolve_spec_channel(spec.channel, root=self.root, settings=self.settings, environment=self.environment)
        return rewrite_spec_channel(spec.text, named[0]) if len(named) == 1 else spec.text
