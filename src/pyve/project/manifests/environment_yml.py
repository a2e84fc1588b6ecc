"""environment.yml, conda's description of an environment (CEP 24)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.project.conda.match_spec import parse_match_spec
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.comment_selectors import apply_comment_selectors
from pyve.project.manifests.environment_dependencies import DeclaredSpec, read_dependencies
from pyve.project.manifests.environment_keys import note_unused_keys, read_channels, read_platforms, read_text
from pyve.project.manifests.environment_variables import read_variables
from pyve.project.manifests.manifest_text import decode_utf8, show_path
from pyve.project.manifests.requirements_txt import read_requirement_lines
from pyve.project.manifests.yaml_text import read_yaml_mapping
from pyve.project.manifests.yaml_value import YamlList, YamlMapping, YamlScalar
from pyve.project.requirement import RequirementSet

_EXAMPLE = "dependencies:\n  - python=3.12"


@dataclass(frozen=True, kw_only=True)
class EnvironmentYml:
    """What an environment.yml declares for one subdir.

    `channels` are as written, in order, variables not filled in, without `nodefaults`, which is none. `specs` are what
    counts on the subdir. `pip` is the pip section, its includes read; `pip_lines` are its lines as written, and
    `has_pip` is True for a section with an empty list too. `python` is the first demand for Python, as pyve writes
    versions and ranges. `pip_repositories` is conda-lock's key: pyve does not use it, but a lock's content hash counts
    it. `notes` are sentences for people.
    """

    path: Path
    name: str | None
    prefix: str | None
    channels: tuple[str, ...]
    specs: tuple[DeclaredSpec, ...]
    pip: RequirementSet
    pip_lines: tuple[str, ...]
    has_pip: bool
    variables: Mapping[str, str]
    platforms: tuple[str, ...]
    category: str | None
    pip_repositories: tuple[str, ...]
    python: str | None
    notes: tuple[str, ...]


def read_environment_yml(path: Path, *, root: Path, subdir: str, environment: Mapping[str, str]) -> EnvironmentYml:
    """Read `path` as it counts on `subdir`; `environment` fills in variables of the pip section.

    Raises ManifestInvalidError and MatchSpecInvalidError naming file and line, and what a requirements file raises for
    the pip section.
    """
    shown = show_path(path, root)
    text = decode_utf8(read_manifest_bytes(path), path)
    text, selector_notes = apply_comment_selectors(text, subdir, shown)
    mapping = read_yaml_mapping(text, shown, hint=_EXAMPLE)
    channels = read_channels(mapping, shown)
    dependencies = read_dependencies(mapping, shown, subdir)
    variables = read_variables(mapping, shown)
    platforms = read_platforms(mapping, shown)
    name, prefix = read_text(mapping, "name", shown), read_text(mapping, "prefix", shown)
    return EnvironmentYml(
        path=path,
        name=name,
        prefix=prefix,
        channels=tuple(channel for channel in channels if channel != "nodefaults"),
        specs=dependencies.specs,
        pip=read_requirement_lines(dependencies.pip_lines, path=path, root=root, environment=environment),
        pip_lines=tuple(text for _, text in dependencies.pip_lines),
        has_pip=dependencies.has_pip,
        variables=variables.values,
        platforms=platforms,
        category=read_text(mapping, "category", shown),
        pip_repositories=_list_pip_repositories(mapping),
        python=find_python(dependencies.specs),
        notes=(
            *selector_notes,
            *note_unused_keys(mapping, shown),
            *variables.notes,
            *dependencies.notes,
            *_note_platform(platforms, subdir, shown, mapping.line_of("platforms")),
        ),
    )


def find_python(specs: Iterable[DeclaredSpec]) -> str | None:
    """Return the first demand for python: `3.12` of `python=3.12.*`, `3.12.1` of `python ==3.12.1`, or the range."""
    for spec in specs:
        version = parse_match_spec(spec.text).version if spec.name == "python" else None
        if version:
            return _as_version(version)
    return None


def _as_version(text: str) -> str | None:
    exact = re.match(r"^={0,2}v?(\d+(?:\.\d+)*)(?:\.?\*)?$", text)
    if exact:
        return exact[1]
    return text if re.match(r"^(?:(?:[<>]=?|!=|~=|==)\d[\d.]*(?:\.\*)?,?)+$", text) else None


def _list_pip_repositories(mapping: YamlMapping) -> tuple[str, ...]:
    section = mapping.get("pip-repositories")
    items = section.items if isinstance(section, YamlList) else ()
    return tuple(item.text for item in items if isinstance(item, YamlScalar))


def _note_platform(platforms: tuple[str, ...], subdir: str, shown: str, line: int | None) -> Iterator[str]:
    if platforms and subdir not in platforms:
        yield f"{shown}:{line}: `platforms` does not name {subdir}; what is declared counts for it all the same."
