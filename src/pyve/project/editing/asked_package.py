"""A package as somebody types it, and what becomes of the entry that declares it already."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pyve.errors import UsageError
from pyve.errors.conda import MatchSpecInvalidError
from pyve.project.conda.match_spec import MatchSpecTextError, parse_match_spec
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.editing.requirement_name import find_requirement_name, is_local_path, is_url
from pyve.project.invisible_text import has_invisible
from pyve.project.manifests.requirement_line import parse_requirement
from pyve.project.manifests.requirement_refusal import Place, refuse_requirement

_SECRET = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#\s@]*:(?!\$\{)[^/?#\s@]+@")


@dataclass(frozen=True, kw_only=True)
class AskedPackage:
    """One package to declare: `text` is what is written where nothing declares it yet; `name` is normalised.

    `is_path` is one on this machine, `is_url` a URL without a name before it.
    """

    text: str
    name: str | None
    is_path: bool = False
    is_url: bool = False


def parse_asked_requirement(
    typed: str, *, editable: bool, root: Path, directory: Path, environment: Mapping[str, str]
) -> AskedPackage:
    """Take apart what pip would install; a path, seen from `directory`, is written as seen from `root`.

    Raises RequirementInvalidError, and UsageError for a URL with a password in it.
    """
    text = typed.strip()
    place = Place(root=root, folder=root, origin="pyve add", environment=environment)
    if not text or has_invisible(text):
        raise refuse_requirement(text, place, "it is empty or holds characters that cannot be seen")
    refuse_secret(text)
    is_path = not is_url(text) and " @ " not in text and (editable or is_local_path(text))
    if is_path:
        text = _move_path(text, root=root, directory=directory)
    parse_requirement(text, place)
    return AskedPackage(
        text=f"-e {text}" if editable else text,
        name=find_requirement_name(text, root=root, folder=root),
        is_path=is_path,
        is_url=is_url(text),
    )


def parse_asked_spec(typed: str) -> AskedPackage:
    """Take a conda package apart; MatchSpecInvalidError where it is none."""
    refuse_secret(typed)
    text = typed.strip()
    try:
        parsed = parse_match_spec(text)
    except MatchSpecTextError as error:
        hint = strip_url_secrets(error.hint) if error.hint else "pyve add --pip NAME  # for a package of an index"
        shown = strip_url_secrets(text)
        raise MatchSpecInvalidError(f"pyve add: {shown!r} is not a conda package: {error}.", hint=hint) from error
    return AskedPackage(text=text, name=parsed.name)


def is_for_pip(typed: str) -> bool:
    """True for what only pip takes: extras, markers, URLs of anything but conda packages, paths."""
    text = typed.strip()
    if re.match(r"^[A-Za-z0-9._-]+\s*\[[A-Za-z0-9._,\s-]+\]", text) or " @ " in text or ";" in text:
        return True
    is_conda_file = text.endswith((".conda", ".tar.bz2"))
    is_path = text.startswith((".", "/", "-e ")) or "\\" in text or re.match(r"[A-Za-z]:/", text) is not None
    return not is_conda_file and (is_url(text) or is_path or text.endswith(".whl"))


def refuse_secret(typed: str) -> None:
    """Raise UsageError for a URL with a password: it would stand in a file that is shared."""
    found = _SECRET.search(typed)
    if found:
        host = urlsplit(typed[found.start() :].partition(" ")[0]).hostname or "HOST"
        raise UsageError(
            "A password stands in this URL, and would be written into a file that others get.",
            hint=f"put it into ~/.netrc (machine {host} login NAME password SECRET), or write ${{NAME}} for a variable",
        )


def merge_requirement(before: str, asked: AskedPackage) -> str:
    """What the entry `before` becomes: what was not typed (version, extras, marker) stays as it is."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        old, new = Requirement(before), Requirement(asked.text)
    except InvalidRequirement:  # a path or a bare URL: what was typed, as a whole
        return asked.text
    extras = sorted(old.extras | new.extras)
    marker = new.marker or old.marker
    says_where = bool(new.specifier) or new.url is not None
    specifier, url = (new.specifier, new.url) if says_where else (old.specifier, old.url)
    if (set(extras), str(marker), specifier, url) == (old.extras, str(old.marker), old.specifier, old.url):
        return before
    if says_where and set(extras) == new.extras and str(marker) == str(new.marker):
        return asked.text
    version = f" @ {url}" if url else _specifier_of(asked.text if says_where else before)
    joined = f"{new.name}{f'[{chr(44).join(extras)}]' if extras else ''}{version}"
    written = _marker_of(asked.text if new.marker else before)
    return joined + (f"{' ' if url else ''}; {written}" if written else "")


def merge_spec(before: str, asked: AskedPackage) -> str:
    """The same for conda packages: version and channel stay where they were not typed."""
    try:
        old, new = parse_match_spec(before), parse_match_spec(asked.text)
    except MatchSpecTextError:
        return asked.text
    if new.url or new.brackets:
        return before if before == asked.text else asked.text
    if not new.version and not new.build and new.channel in (None, old.channel):
        return before
    if "".join(before.split()) == "".join(asked.text.split()):
        return before
    if not new.version and not new.build:
        return f"{new.channel}::{before.rpartition('::')[2]}"
    keeps_channel = old.channel is not None and new.channel is None and "::" in before
    return f"{before.rpartition('::')[0]}::{asked.text}" if keeps_channel else asked.text


def _specifier_of(text: str) -> str:
    """The versions as written."""
    rest = re.sub(r"^\s*[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?", "", text.split(";", 1)[0])
    return rest.strip()


def _marker_of(text: str) -> str:
    """The marker as written, of a requirement whose URL, if it has one, ends at a space."""
    parts = re.split(r"\s;" if " @ " in text or "://" in text else ";", text, maxsplit=1)
    return parts[1].strip() if len(parts) > 1 else ""


def _move_path(text: str, *, root: Path, directory: Path) -> str:
    """`./tools[extra]` typed in `directory`, as it is seen from `root`; absolute paths stay."""
    location, bracket, extras = text.partition("[")
    location = location.strip()
    if os.path.isabs(location) or "${" in location:
        return text
    path = os.path.normpath(directory / location)
    try:
        moved = os.path.relpath(path, root).replace(os.sep, "/")
    except ValueError:  # another drive of Windows
        return f"{path}{bracket}{extras}"
    dotted = moved if moved.startswith(".") else f"./{moved}"
    return f"{dotted}{bracket}{extras}"
