"""The settings [conda] of projects and of users, as rows of the table of all settings."""

from collections.abc import Sequence
from dataclasses import replace

from pyve.project.setting import Kind, Setting

# Projects have these two, and users as well.
_ENGINE = Setting(
    name="conda.engine",
    field="conda.engine",
    kind=Kind.CHOICE,
    default=None,
    choices=("rattler", "micromamba"),
    variable="PYVE_CONDA_ENGINE",
    description="What solves and links conda packages. Not set: rattler, which comes with pyve.",
    example='"rattler"',
)
_LINKS = Setting(
    name="conda.links",
    field="conda.links",
    kind=Kind.CHOICE,
    default=None,
    choices=("auto", "copy"),
    description="Whether an environment shares the files of packages with pyve's cache, or has copies of its "
    "own. Not set: what the user's settings say, else `auto`.",
    example='"copy"',
)

PROJECT_CONDA_SETTINGS: Sequence[Setting] = (
    _ENGINE,
    Setting(
        name="conda.channels",
        field="conda.channels",
        kind=Kind.CHANNELS,
        default=["conda-forge"],
        description="The channels of an `environment.yml` that names none, the first one foremost.",
        example='["conda-forge", "./channel"]',
    ),
    Setting(
        name="conda.channel-priority",
        field="conda.channel_priority",
        kind=Kind.CHOICE,
        default="strict",
        choices=("strict", "disabled"),
        description="With several channels: a package only from the first channel that has its name, "
        "or the best version on any of them.",
        example='"disabled"',
    ),
    _LINKS,
    Setting(
        name="conda.link-scripts",
        field="conda.link_scripts",
        kind=Kind.FLAG,
        default=False,
        description="Run the post-link scripts that conda packages bring along. "
        "Without it they are named, and do not run.",
        example="true",
    ),
    Setting(
        name="conda.compile",
        field="conda.compile",
        kind=Kind.FLAG,
        default=False,
        description="Compile the Python files of conda packages when the environment is built, "
        "not at their first import.",
        example="true",
    ),
)

USER_CONDA_SETTINGS: Sequence[Setting] = (
    replace(
        _ENGINE,
        description="What solves and links conda packages, in projects that do not say it themselves. "
        "Not set: rattler, which comes with pyve.",
        example='"micromamba"',
    ),
    Setting(
        name="conda.micromamba",
        field="conda.micromamba",
        kind=Kind.PATH,
        default=None,
        description="The micromamba executable. One that is merely on PATH is never used.",
        example='"~/.local/bin/micromamba"',
    ),
    Setting(
        name="conda.mirrors",
        field="conda.mirrors",
        kind=Kind.MIRRORS,
        default={},
        variable="PYVE_CONDA_MIRRORS",
        description="Where channels are fetched from instead. The longest beginning that fits counts; "
        "environments and locks keep the channel's own URL.",
        example='{ conda-forge = "https://mirror.example/conda-forge" }',
    ),
    replace(
        _LINKS,
        description="Whether environments share the files of packages with pyve's cache, or have copies of their "
        "own, in projects that do not say it themselves. Not set: `auto`.",
    ),
    Setting(
        name="conda.keyring",
        field="conda.keyring",
        kind=Kind.FLAG,
        default=False,
        description="Ask the command `keyring` for the password of a channel's host, where nothing else has one.",
        example="true",
    ),
    Setting(
        name="conda.download-url",
        field="conda.download_url",
        kind=Kind.URL,
        default=None,
        description="Where `pyve self bootstrap` fetches programs from. Not set: from their own home.",
        example='"https://mirror.example/micromamba"',
    ),
)
