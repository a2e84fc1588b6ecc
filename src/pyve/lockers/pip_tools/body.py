"""The text that pip-compile wrote, as it stands in a lock: nothing in it names this machine."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from pyve.lockers.heading import declared_lines
from pyve.lockers.platform_clauses import PlatformClauses
from pyve.project.manifests.requirement_options import OptionInvalidError, parse_line, split_lines
from pyve.project.requirement import IndexOptions

_ANNOTATION = re.compile(r"^(?P<before>\s+# via |\s+#   )(?P<what>-[rc] .+)$", re.MULTILINE)
_DEMAND = re.compile(r"^(?P<what>\S.*?) ; (?P<marker>.*?)(?P<more> \\)?$")
_PIN = re.compile(r"^[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*(?:===?\s*[^*\s,;]+)\s*(?:;.*)?$")


def make_portable(
    text: str, *, labels: Mapping[Path, str], declared: IndexOptions, root: Path, platforms: tuple[str, ...]
) -> str:
    """Return `text` with the labels in place of pyve's own files, relative paths, and the declared index options.

    Markers that hold on all of `platforms` go: the lock is for no other.
    """
    # On Windows a tool may print slashes, whatever it was given.
    names = {
        f"{flag} {one}": label
        for path, label in labels.items()
        for flag in ("-r", "-c")
        for one in (str(path), path.as_posix())
    }
    text = _ANNOTATION.sub(lambda found: found["before"] + names.get(found["what"], found["what"]), text)
    text = "".join(f"{line}\n" for line in _shorten_markers(_relative_files(text, root), platforms))
    head = "".join(f"{line}\n" for line in declared_lines(declared, root))
    return f"{head}\n{text}" if head and text else head + text


def read_pins(existing: str) -> str:
    """Return the pins of a lock that is there: what pip-compile keeps where it fits.

    Hashes go, because those of a pin that was edited would be wrong; comments, options and what is no pin go too. Of a
    text that is damaged, what can be read stays.
    """
    kept = []
    for _, line in split_lines(existing):
        try:
            parsed = parse_line(line)
        except OptionInvalidError:
            continue
        if not parsed.editable and _PIN.match(parsed.requirement):
            kept.append(parsed.requirement)
    return "".join(f"{line}\n" for line in kept)


def _shorten_markers(text: str, platforms: tuple[str, ...]) -> Iterator[str]:
    clauses = PlatformClauses(platforms=platforms)
    for line in text.splitlines():
        found = None if line.startswith((" ", "#")) else _DEMAND.match(line)
        if found is None:
            yield line
            continue
        marker = clauses.shorten(found["marker"])
        yield found["what"] + (f" ; {marker}" if marker else "") + (found["more"] or "")


def _relative_files(text: str, root: Path) -> str:
    """Write files in the project by their relative paths; pip has no form with a name for those."""
    place = re.escape(f"{root.resolve().as_uri()}/")
    pattern = re.compile(rf"^(?:[\w.-]+(?:\[[^\]]*\])? @ )?{place}(?P<path>[^\s#]+)", re.MULTILINE)
    return pattern.sub(lambda found: f"./{unquote(found['path'])}", text)
