"""One requirement, as written in a requirements file or in pyproject.toml, parsed into a Requirement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyve.project.credentials import strip_credentials
from pyve.project.manifests.local_requirement import (
    LocalPath,
    is_archive_name,
    is_installable,
    local_canonical,
    local_line,
    locate,
    split_file_url,
)
from pyve.project.manifests.requirement_refusal import Place, refuse_requirement
from pyve.project.manifests.requirement_variables import VARIABLE, expand_variables
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement

if TYPE_CHECKING:
    from packaging.requirements import Requirement as Parsed

_URL = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*://|file:|[a-z]+\+file:)")
_URL_SCHEMES = re.compile(r"^(?:https?|ftp|file|(?:git|hg|svn|bzr)\+[a-z]+)$", re.IGNORECASE)
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")


@dataclass(frozen=True, kw_only=True)
class LineOptions:
    """What stands beside a requirement on its line."""

    editable: bool = False
    hashes: tuple[str, ...] = ()
    pip_options: tuple[str, ...] = ()


def parse_requirement(text: str, place: Place, options: LineOptions | None = None) -> Requirement:
    """Parse a PEP 508 requirement, a URL, a VCS URL or a local path as pip does; RequirementInvalidError at `place`."""
    options = options or LineOptions()
    text = expand_variables(text.strip(), place.environment)
    try:
        if _URL.match(text):
            return _parse_url(text, place, options)
        if _is_path(text, editable=options.editable):
            return _parse_path(text, place, options)
        return _parse_named(text, place, options)
    except (ValueError, OSError, RuntimeError) as error:  # URLs that urllib refuses, paths that no system takes, loops
        raise refuse_requirement(text, place, str(error)) from error


def find_unset_variables(text: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the `${NAME}` in `text` that the environment does not hold."""
    return tuple(name for name in VARIABLE.findall(text) if name not in environment)


def _parse_named(text: str, place: Place, options: LineOptions) -> Requirement:
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    canonical_text = None
    try:
        parsed = Parsed(text)
    except InvalidRequirement as error:
        expanded = VARIABLE.sub(lambda found: place.environment.get(found[1]) or "0", text)
        if expanded == text:
            raise refuse_requirement(text, place, _first_line(error)) from error
        try:  # only to know the name: the line and what the fingerprint counts keep the variable
            parsed = Parsed(expanded)
        except InvalidRequirement as expanded_error:
            raise refuse_requirement(text, place, _first_line(expanded_error)) from expanded_error
        canonical_text = " ".join(strip_credentials(text).split())
    if parsed.url is not None and "${" not in parsed.url:  # what a variable leads to, only the installer sees
        if parsed.url.startswith("file:") or not _URL.match(parsed.url):
            return _parse_named_path(parsed, place, options)
        _check_scheme(parsed.url, text, place)
    return _build(
        line=text,
        canonical=canonical_text or _canonical(parsed),
        name=normalise_name(parsed.name),
        place=place,
        options=options,
    )


def _parse_named_path(parsed: "Parsed", place: Place, options: LineOptions) -> Requirement:
    location, fragment = split_file_url(parsed.url or "")
    wanted = LocalPath(
        path=Path(location),
        name=normalise_name(parsed.name),
        extras=_sorted_extras(parsed.extras),
        marker=str(parsed.marker or ""),
        fragment=fragment,
    )
    return _build_local(wanted, str(parsed), place, options)


def _parse_url(text: str, place: Place, options: LineOptions) -> Requirement:
    url, marker = _split_marker(text, place, r"\s+;\s*|;\s+")
    _check_scheme(url, text, place)
    egg = _EGG.search(url)
    name = normalise_name(egg[1]) if egg else None
    if url.lower().startswith("file:"):
        url, extras = _split_extras(url)
        location, fragment = split_file_url(url)
        if "${" in location:
            return _build(line=text, canonical=strip_credentials(text), name=name, place=place, options=options)
        wanted = LocalPath(path=Path(location), name=name, extras=extras, marker=marker, fragment=fragment)
        return _build_local(wanted, text, place, options)
    canonical = strip_credentials(url) + (f"; {marker}" if marker else "")
    line = url + (f" ; {marker}" if marker else "")
    return _build(line=line, canonical=canonical, name=name, place=place, options=options)


def _parse_path(text: str, place: Place, options: LineOptions) -> Requirement:
    written, marker = _split_marker(text, place, r"\s*;\s*")
    location, extras = _split_extras(written)
    if "${" in location:
        return _build(line=text, canonical=text, name=None, place=place, options=options)
    return _build_local(LocalPath(path=Path(location), extras=extras, marker=marker), text, place, options)


def _build_local(wanted: LocalPath, text: str, place: Place, options: LineOptions) -> Requirement:
    local = locate(wanted, place.root, place.folder)
    if local is None:
        hint = "correct the path: it is looked for in the project, then beside the file that names it"
        raise refuse_requirement(text, place, "there is no such file or directory", hint=hint)
    if not is_installable(local):
        reason = "the directory holds neither pyproject.toml nor setup.py"
        raise refuse_requirement(text, place, reason, hint="name the directory that holds one of them")
    return _build(
        line=local_line(local, editable=options.editable),
        canonical=local_canonical(local, place.root, editable=options.editable),
        name=local.name,
        place=place,
        options=options,
    )


def _build(*, line: str, canonical: str, name: str | None, place: Place, options: LineOptions) -> Requirement:
    return Requirement(
        line=line,
        canonical=canonical,
        origin=place.origin,
        name=name,
        hashes=options.hashes,
        editable=options.editable,
        pip_options=options.pip_options,
    )


def _canonical(parsed: "Parsed") -> str:
    extras = _sorted_extras(parsed.extras)
    name = normalise_name(parsed.name) + (f"[{','.join(extras)}]" if extras else "")
    specifier = ",".join(sorted(str(one) for one in parsed.specifier))
    demand = f"{name} @ {strip_credentials(parsed.url)}" if parsed.url else name + specifier
    return demand + (f"; {parsed.marker}" if parsed.marker else "")


def _check_scheme(url: str, text: str, place: Place) -> None:
    scheme = url.split(":", 1)[0]
    if not _URL_SCHEMES.match(scheme):
        hint = f"write it as: git+{url}" if scheme.lower() in {"git", "ssh"} else None
        raise refuse_requirement(text, place, f"no installer understands {scheme}: URLs", hint=hint)


def _is_path(text: str, *, editable: bool) -> bool:
    location = text.split(";", 1)[0].strip()
    before_at = location.split("@", 1)[0].strip()
    if "@" in location and not re.search(r"[/\\]|^\.", before_at):
        return False  # name @ url
    if editable or location.startswith(".") or re.search(r"[/\\]", location):
        return True
    return is_archive_name(location)


def _split_marker(text: str, place: Place, separator: str) -> tuple[str, str]:
    from packaging.markers import InvalidMarker, Marker

    parts = re.split(separator, text, maxsplit=1)
    if len(parts) == 1:
        return text, ""
    try:
        return parts[0].strip(), str(Marker(parts[1]))
    except InvalidMarker as error:
        raise refuse_requirement(text, place, f"its marker is invalid: {_first_line(error)}") from error


def _split_extras(written: str) -> tuple[str, tuple[str, ...]]:
    found = re.match(r"^(.+?)\s*\[([A-Za-z0-9._,\s-]*)\]$", written)
    if not found:
        return written, ()
    return found[1], _sorted_extras(set(filter(None, re.split(r"[\s,]+", found[2]))))


def _sorted_extras(extras: set[str]) -> tuple[str, ...]:
    return tuple(sorted({normalise_name(extra) for extra in extras}))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
