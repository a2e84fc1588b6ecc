"""Which extras and groups are asked for: those of the options that were kept, else those that are configured."""

from dataclasses import dataclass

from pyve.environments.choices import Choices
from pyve.project.config import ProjectConfig


@dataclass(frozen=True, kw_only=True)
class AskedParts:
    """Names as they were given; `include_dev` asks for the group `dev` where it is declared."""

    extras: tuple[str, ...]
    groups: tuple[str, ...]
    include_dev: bool


def choose_asked_parts(choices: Choices, config: ProjectConfig) -> AskedParts:
    """Each of the three by itself: what was chosen, an empty choice too, else what the project configures."""
    return AskedParts(
        extras=config.extras if choices.extras is None else choices.extras,
        groups=config.groups if choices.groups is None else choices.groups,
        include_dev=config.dev if choices.dev is None else choices.dev,
    )
