"""Sentences that say why a virtual environment gets what it gets."""

from collections.abc import Iterator, Mapping

from pyve.project.declared_files import DeclaredFiles
from pyve.project.manifests.requirement_line import find_unset_variables
from pyve.project.named_parts import DEFAULT_GROUP, NamedParts
from pyve.project.requirement import RequirementSet


def explain_project(files: DeclaredFiles, *, is_editable: bool, is_lock: bool) -> Iterator[str]:
    """Say whether the project itself is installed, and what would change that."""
    pyproject = files.pyproject
    if is_editable:
        how = "without its dependencies, which the lock brings" if is_lock else "together with its dependencies"
        named = "[build-system] in pyproject.toml" if pyproject and pyproject.has_build_system else files.legacy.source
        yield f"The project itself is installed editable, {how}: {named or '`-e .`'} says how it is built."
    elif pyproject and not pyproject.is_package:
        yield "The project itself is not installed: pyproject.toml says that it is no package."
    elif pyproject and pyproject.has_project:
        yield "The project itself is not installed: a [build-system] in pyproject.toml would change that."
    elif files.legacy.has_setup_cfg:
        yield "The project itself is not installed: a setup.py or a [build-system] beside setup.cfg would change that."
    if is_editable and pyproject and pyproject.has_poetry_groups:
        yield "The groups of [tool.poetry] are not installed: only Poetry reads them; [dependency-groups] count."
    if is_lock and files.main:
        yield f"{files.source.name} is a lock: everything in it is pinned and has hashes."


def explain_parts(files: DeclaredFiles, parts: NamedParts) -> Iterator[str]:
    """Say which extras and groups are in."""
    if DEFAULT_GROUP in parts.groups:
        yield f"The dependency group {DEFAULT_GROUP} is in; --no-dev leaves it out."
    others = [group for group in parts.groups if group != DEFAULT_GROUP]
    if others:
        yield f"Dependency groups asked for: {', '.join(others)}."
    if parts.extras:
        yield f"Extras asked for: {', '.join(parts.extras)}."
    if files.development and files.source.name != "requirements-dev.txt":
        yield "requirements-dev.txt is in; --no-dev leaves it out."


def explain_variables(requirements: RequirementSet, environment: Mapping[str, str]) -> Iterator[str]:
    """Name variables that requirements files use and that are not set; the installer decides what that means."""
    for one in (*requirements.requirements, *requirements.constraints):
        for name in find_unset_variables(one.line, environment):
            yield f"{one.origin} uses ${{{name}}}, which is not set."
    options = requirements.options
    for place in (options.index_url or "", *options.extra_index_urls, *options.find_links):
        for name in find_unset_variables(place, environment):
            yield f"An index option uses ${{{name}}}, which is not set."
