"""Which extras and groups are asked for: those of the options that were kept, else those that are configured."""

from dataclasses import dataclass

from pyve.environments.choices import Choices
from pyve.errors import ExtraUnknownError, GroupUnknownError
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


def refuse_unknown_parts(parts: AskedParts, categories: tuple[str, ...], *, source: str) -> None:
    """Raise ExtraUnknownError or GroupUnknownError for what is no category of `source`, a lock or none at all."""
    there = ", ".join(categories) or "none"
    for names, kind, error in ((parts.groups, "group", GroupUnknownError), (parts.extras, "extra", ExtraUnknownError)):
        for name in names:
            if name not in categories:
                raise error(
                    f"{source} declares no {kind} {name!r}; its categories are: {there}.",
                    hint=f"leave --{kind} {name} out, or name the project below `pip:` (-e .)",
                )
