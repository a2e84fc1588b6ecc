"""Where the project's own files say packages come from: the head of a requirements.txt, without credentials."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pyve.engines.requirements_writing import index_lines
from pyve.errors import RequirementInvalidError
from pyve.lockers.uv.local_places import find_path, is_local, show_inside
from pyve.lockers.uv.project_settings import UvProjectSettings
from pyve.project.credentials import show_channel_text, strip_credentials
from pyve.project.manifests.requirement_variables import VARIABLE
from pyve.project.requirement import IndexOptions


def declared_lines(options: IndexOptions, folder: Path) -> tuple[str, ...]:
    """Return the options as lines of a requirements file in `folder`; places inside of it are relative again."""
    shown = replace(
        options,
        index_url=None if options.index_url is None else _show(options.index_url, folder),
        extra_index_urls=tuple(_show(one, folder) for one in options.extra_index_urls),
        find_links=tuple(_show(one, folder) for one in options.find_links),
    )
    return (*index_lines(shown), *(f"--trusted-host {host}" for host in options.trusted_hosts))


def refuse_absent_places(options: IndexOptions, root: Path) -> None:
    """Raise RequirementInvalidError for a declared directory that is not there: of which uv says little."""
    for place in options.find_links:
        if is_local(place) and "${" not in place and not find_path(place, root).exists():
            shown = _show(place, root)
            raise RequirementInvalidError(
                f"--find-links {shown}: there is no such file or directory.",
                hint="correct the path where it is declared, or take the option out",
            )


def tell_stripped(options: IndexOptions) -> tuple[str, ...]:
    """Return a sentence for each declared place whose credentials are left out of the lock."""
    places = (options.index_url or "", *options.extra_index_urls, *options.find_links)
    return tuple(
        f"the credentials of {show_channel_text(place)} are left out of the lock; where it is installed they come from "
        "~/.netrc, or from variables: https://${USER}:${PASSWORD}@..."
        for place in places
        if without_secrets(place) != place
    )


def list_declared_places(
    options: IndexOptions, settings: UvProjectSettings, environment: Mapping[str, str]
) -> tuple[str, ...]:
    """Return every index and directory that the project names, `${VARIABLE}` filled in."""
    of_uv = settings.places if settings.is_declared else ()
    places = (options.index_url or "", *options.extra_index_urls, *options.find_links, *of_uv)
    filled = (VARIABLE.sub(lambda found: environment.get(found[1], found[0]), one) for one in places)
    return tuple(dict.fromkeys(one for one in filled if one))


def _show(place: str, folder: Path) -> str:
    if not is_local(place) or "${" in place:
        return without_secrets(place)
    if place.startswith("file:"):
        return place  # written so, and meant so
    inside = show_inside(find_path(place, folder), folder)
    return place if inside is None else f"./{inside}"


def without_secrets(place: str) -> str:
    """Return `place` without credentials in it. Variables stay: they are no secrets."""
    user = place.partition("://")[2].partition("/")[0].rpartition("@")[0]
    return place if user and not VARIABLE.sub("", user).strip(":") else strip_credentials(place)
