"""The indexes and directories that a project names: in its requirements files, and in its settings of uv."""

from collections.abc import Mapping
from pathlib import Path

from pyve.errors import RequirementInvalidError
from pyve.lockers.heading import show_place
from pyve.lockers.local_places import find_path, is_local
from pyve.lockers.uv.project_settings import UvProjectSettings
from pyve.project.manifests.requirement_variables import VARIABLE
from pyve.project.requirement import IndexOptions


def refuse_absent_places(options: IndexOptions, root: Path) -> None:
    """Raise RequirementInvalidError for a declared directory that is not there: of which uv says little."""
    for place in options.find_links:
        if is_local(place) and "${" not in place and not find_path(place, root).exists():
            shown = show_place(place, root)
            raise RequirementInvalidError(
                f"--find-links {shown}: there is no such file or directory.",
                hint="correct the path where it is declared, or take the option out",
            )


def list_declared_places(
    options: IndexOptions, settings: UvProjectSettings, environment: Mapping[str, str]
) -> tuple[str, ...]:
    """Return every index and directory that the project names, `${VARIABLE}` filled in."""
    of_uv = settings.places if settings.is_declared else ()
    places = (options.index_url or "", *options.extra_index_urls, *options.find_links, *of_uv)
    filled = (VARIABLE.sub(lambda found: environment.get(found[1], found[0]), one) for one in places)
    return tuple(dict.fromkeys(one for one in filled if one))
