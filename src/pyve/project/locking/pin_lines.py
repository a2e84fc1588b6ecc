"""The lines of a locked requirements.txt, read without a parser of requirements: thousands in milliseconds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_COMMENT = re.compile(r"(?:^|\s)#.*$")
_HASH = re.compile(r"\s--hash[= ](\S+)")
_NAMED = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>.*)$", re.DOTALL)
_EXACT = re.compile(r"^={2,3}\s*(?P<version>[^\s,;*]+)\s*(?:(?:;|--).*)?$")
_PLACE = re.compile(r"^@\s*(?P<place>\S+)")


@dataclass(frozen=True, kw_only=True)
class PinLine:
    """One logical line without comments and hashes, white space made single; `line` is that on which it begins.

    `via` are the notes that pip-compile and uv write behind or below it: what needs the package.
    `is_open` is True where it ends with a backslash and nothing follows.
    """

    text: str
    line: int
    hashes: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    is_open: bool = False

    @property
    def is_option(self) -> bool:
        """True for what is about all packages, as `--index-url`; an editable requirement is none."""
        return self.text.startswith("-") and not re.match(r"^(?:-e|--editable)[\s=]", self.text)

    @property
    def name(self) -> str | None:
        """The name as written, None for a path, a bare URL or an option."""
        found = _NAMED.match(self.text)
        return found["name"] if found and re.match(r"^(?:[=<>!~;@]|$)", found["rest"]) else None

    @property
    def version(self) -> str | None:
        """The one version that is pinned, None where none is."""
        found = _NAMED.match(self.text)
        exact = _EXACT.match(found["rest"]) if found else None
        return exact["version"] if exact else None

    @property
    def place(self) -> str | None:
        """The URL or path of `name @ place`."""
        found = _NAMED.match(self.text)
        place = _PLACE.match(found["rest"]) if found else None
        return place["place"] if place else None


@dataclass(kw_only=True)
class _Reading:
    """One logical line while it is joined."""

    line: int
    parts: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_open: bool = False

    def take(self, text: str) -> None:
        """Take one physical line, nearly all of which are a hash."""
        self.is_open = text.endswith("\\")
        if self.is_open:
            text = text[:-1].rstrip()
        if text.startswith("--hash=") and " " not in text:
            self.hashes.append(text[7:])
        else:
            self.parts.append(text)

    def finish(self) -> PinLine:
        joined = " ".join(self.parts)
        inline = _HASH.findall(joined) if "--hash" in joined else []
        text = " ".join((_HASH.sub("", joined) if inline else joined).split())
        return PinLine(
            text=text,
            line=self.line,
            hashes=(*inline, *self.hashes),
            via=tuple(_read_via(self.notes)) if self.notes else (),
            is_open=self.is_open,
        )


def read_pin_lines(text: str) -> list[PinLine]:
    """Return the logical lines that are not comments."""
    found: list[_Reading] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        stripped, note = line.strip(), ""
        if "#" in stripped:
            stripped, note = _split_comment(stripped)
        current = found[-1] if found else None
        if stripped and (current is None or not current.is_open):
            current = _Reading(line=number)
            found.append(current)
        if current is None:
            continue
        if stripped:
            current.take(stripped)
        elif not note:
            current.is_open = False  # an empty line ends a continuation, a comment does not
        if note:
            current.notes.append(note)
    return [one.finish() for one in found]


def _split_comment(stripped: str) -> tuple[str, str]:
    comment = _COMMENT.search(stripped)
    if comment is None:
        return stripped, ""
    return stripped[: comment.start()].rstrip(), comment[0].strip().lstrip("#").strip() or "#"


def _read_via(notes: list[str]) -> Iterator[str]:
    """What stands behind `# via`, on that line and on those below."""
    is_via = False
    for note in notes:
        named = note
        if note == "via" or note.startswith("via "):
            is_via, named = True, note[3:].strip()
        if is_via:
            yield from (one.strip() for one in named.split(",") if one.strip())
