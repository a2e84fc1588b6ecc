"""The text that pip-compile wrote, as it stands in a lock: nothing in it names this machine."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from pyve.engines.requirements_writing import index_lines
from pyve.project.manifests.requirement_options import OptionInvalidError, parse_line, split_lines
from pyve.project.requirement import IndexOptions

_ANNOTATION = re.compile(r"^(?P<before>\s+# via |\s+#   )(?P<what>-[rc] .+)$", re.MULTILINE)
_PIN = re.compile(r"^[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*(?:===?\s*[^*\s,;]+)\s*(?:;.*)?$")


def make_portable(text: str, *, labels: Mapping[Path, str], declared: IndexOptions, root: Path) -> str:
    """Return `text` with the labels in place of pyve's own files, relative paths, and the declared index options."""
    names = {f"{flag} {path}": label for path, label in labels.items() for flag in ("-r", "-c")}
    text = _ANNOTATION.sub(lambda found: found["before"] + names.get(found["what"], found["what"]), text)
    text = _relative_files(text, root)
    lines = [*index_lines(_relative_options(declared, root)), *(f"--trusted-host {h}" for h in declared.trusted_hosts)]
    head = "".join(f"{line}\n" for line in lines)
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


def _relative_files(text: str, root: Path) -> str:
    """Write files in the project by their relative paths; pip has no form with a name for those."""
    place = re.escape(f"{root.resolve().as_uri()}/")
    pattern = re.compile(rf"^(?:[\w.-]+(?:\[[^\]]*\])? @ )?{place}(?P<path>[^\s#]+)", re.MULTILINE)
    return pattern.sub(lambda found: f"./{unquote(found['path'])}", text)


def _relative_options(options: IndexOptions, root: Path) -> IndexOptions:
    return replace(
        options,
        index_url=_relative(options.index_url, root) if options.index_url else None,
        extra_index_urls=tuple(_relative(url, root) for url in options.extra_index_urls),
        find_links=tuple(_relative(place, root) for place in options.find_links),
    )


def _relative(place: str, root: Path) -> str:
    """A directory in the project by its relative path; everything else as it is declared."""
    path = Path(place)
    for base in (root, root.resolve()):
        if path.is_absolute() and path.is_relative_to(base):
            return f"./{path.relative_to(base).as_posix()}"
    return place
