"""Where the project's own files say packages come from: the head of a requirements.txt, without credentials."""

from dataclasses import replace
from pathlib import Path

from pyve.engines.requirements_writing import index_lines
from pyve.lockers.local_places import find_path, is_local, show_inside
from pyve.project.credentials import show_channel_text, strip_credentials
from pyve.project.manifests.requirement_variables import VARIABLE
from pyve.project.requirement import IndexOptions


def declared_lines(options: IndexOptions, folder: Path) -> tuple[str, ...]:
    """Return the options as lines of a requirements file in `folder`; places inside of it are relative again."""
    shown = replace(
        options,
        index_url=None if options.index_url is None else show_place(options.index_url, folder),
        extra_index_urls=tuple(show_place(one, folder) for one in options.extra_index_urls),
        find_links=tuple(show_place(one, folder) for one in options.find_links),
    )
    return (*index_lines(shown), *(f"--trusted-host {host}" for host in options.trusted_hosts))


def tell_stripped(options: IndexOptions) -> tuple[str, ...]:
    """Return a sentence for each declared place whose credentials are left out of the lock."""
    places = (options.index_url or "", *options.extra_index_urls, *options.find_links)
    return tuple(
        f"the credentials of {show_channel_text(place)} are left out of the lock; where it is installed they come from "
        "~/.netrc, or from variables: https://${USER}:${PASSWORD}@..."
        for place in places
        if without_secrets(place) != place
    )


def show_place(place: str, folder: Path) -> str:
    """Return `place` as it stands in a file in `folder`: without credentials, and relative where it lies inside."""
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
