"""What uv wrote as requirements.txt, made into the body of a lock: nothing of this machine, no repeated platforms."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.engines.redaction import redact
from pyve.errors.lock import LockerUnfitError
from pyve.lockers.heading import without_secrets
from pyve.lockers.local_places import find_path, is_local, refuse_outside, show_inside
from pyve.lockers.platform_clauses import PlatformClauses
from pyve.lockers.unhashable import NoFile, tell_unhashable
from pyve.lockers.uv.portability import Portability
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement

_PIN = re.compile(r"^(?P<demand>\S.*?)(?: ; (?P<marker>.*?))?(?P<more> \\)?$")
_INDEX = re.compile(r"^    # from (\S+)$")
_NAMED = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?P<extras>\[[^\]]*\])? @ (?P<place>\S+)")


@dataclass(frozen=True, kw_only=True)
class RequirementsText:
    """How the text of one lock is made. `own_files` are files that pyve wrote: what uv prints of them -> their name.

    `heading` are the index options as declared.
    """

    root: Path
    platforms: PlatformClauses
    requirements: tuple[Requirement, ...] = ()
    own_files: Mapping[str, str] = field(default_factory=dict)
    heading: tuple[str, ...] = ()
    portability: Portability = field(default_factory=Portability)

    def make(self, text: str) -> str:
        """Return the body.

        Raises RequirementUnhashableError and LockNotPortableError, each naming the package and where it is declared.
        """
        lines = [line for block in _split_blocks(text) for line in self._rewrite(block)]
        heading = [*self.heading, *([""] if self.heading and lines else [])]
        return "".join(f"{line}\n" for line in (*heading, *lines))

    def _rewrite(self, block: list[str]) -> Iterator[str]:
        found = _PIN.match(block[0])
        assert found is not None  # a block begins with what is no white space
        demand = self._rewrite_demand(found["demand"], hashed=any("--hash=" in line for line in block[1:]))
        if demand is None:
            return
        marker = self.platforms.shorten(found["marker"])
        yield demand + (f" ; {marker}" if marker else "") + (found["more"] or "")
        for line in block[1:]:
            if not _INDEX.match(line):
                yield self._name_own_files(line) if line.lstrip().startswith("#") else line

    def tell_places(self, text: str) -> Iterator[str]:
        """Give a sentence for each place, of this machine's configuration alone, that packages were found in."""
        found: dict[str, list[str]] = {}
        for block in _split_blocks(text):
            index = next((match[1] for line in block if (match := _INDEX.match(line))), None)
            if index is not None and self.portability.names_index(index):
                found.setdefault(redact(index), []).append(re.split(r"[\s=\[]", block[0], maxsplit=1)[0])
        for place, names in found.items():
            shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
            yield (
                f"{shown} found in {place}, which this machine's configuration names and the project does not: "
                "other machines look elsewhere, and may find files with other hashes"
            )

    def _rewrite_demand(self, demand: str, *, hashed: bool) -> str | None:
        """Return it without absolute paths; None for the project itself, which is installed beside its lock."""
        place, name, extras = _read_place(demand)
        if place is None:
            return demand
        if not is_local(place):
            if not hashed:
                self._refuse_unhashed(name, place)
            return demand.replace(place, without_secrets(place))
        path = find_path(place, self.root)
        inside = show_inside(path, self.root)
        if inside == ".":
            return None
        if inside is None:
            raise refuse_outside(name, place, root=self.root, origin=self._origin(name, path))
        if not hashed:
            self._refuse_unhashed(name, f"./{inside}", path)
        return f"./{inside}{extras}"

    def _refuse_unhashed(self, name: str, place: str, path: Path | None = None) -> None:
        kind = NoFile.DIRECTORY if is_local(place) else NoFile.REPOSITORY
        raise tell_unhashable(f"{name} ({redact(place)})", kind, origin=self._origin(name, path))

    def _origin(self, name: str, path: Path | None = None) -> str:
        wanted = normalise_name(name)
        uris = {path.as_uri(), path.resolve().as_uri()} if path else set()
        return next(
            (one.origin for one in self.requirements if one.name == wanted or any(uri in one.line for uri in uris)), ""
        )

    def _name_own_files(self, line: str) -> str:
        for printed, name in self.own_files.items():
            line = line.replace(printed, name)
        return line


def refuse_unfit_lines(requirements: Iterable[Requirement]) -> None:
    """Raise LockerUnfitError for the first thing asked for that only pip understands."""
    for one in requirements:
        for option in one.pip_options:
            raise LockerUnfitError(
                f"{one.origin}: {option.partition('=')[0]} is only understood by pip, and uv locks here.",
                hint="pyve config set lock.locker pip-tools",
            )


def _split_blocks(text: str) -> Iterable[list[str]]:
    """Each requirement with the lines below it that belong to it; what uv repeats of options is left out."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        if line[:1].isspace():
            if blocks:
                blocks[-1].append(line)
        elif not line.startswith(("--", "#")):
            blocks.append([line])
    return blocks


def _read_place(demand: str) -> tuple[str | None, str, str]:
    """Return where it comes from (None: an index), what it is called, and its extras in brackets."""
    named = _NAMED.match(demand)
    if named:
        return named["place"], named["name"], named["extras"] or ""
    text = demand.removeprefix("-e ").strip()
    if text == demand and re.match(r"^[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*(?:[=<>!~]|$)", text):
        return None, text, ""
    path, extras = text, ""
    found = re.match(r"^(.+?)(\[[^\]]*\])$", text)
    if found:
        path, extras = found[1], found[2]
    return path, path.rstrip("/").rpartition("/")[2], extras
