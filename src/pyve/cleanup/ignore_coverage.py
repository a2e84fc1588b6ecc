"""Whether builds and images would take in what is pyve's, and which lines of which ignore file keep it out."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pyve.project.ignore_patterns import decide_ignored, read_ignore_patterns
from pyve.system.files import is_link, tell_disk_errors

WORKSHOP_LINE = "/.pyve/"
VENV_LINE = "/.venv"
_NAMES = {".pyve": WORKSHOP_LINE, ".venv": VENV_LINE}
_IMAGE_RECIPES = re.compile(r"(?:Dockerfile|Containerfile)(?:\..+)?|.+\.(?:Dockerfile|Containerfile)")


@dataclass(frozen=True, kw_only=True)
class MissingLines:
    """Lines that `file`, at the project's root, lacks; `note` is set instead where pyve must not add them."""

    file: Path
    lines: tuple[str, ...]
    reason: str
    note: str = ""


def find_missing_lines(root: Path, *, build_backend: str | None) -> tuple[MissingLines, ...]:
    """What has to be added so that hatchling's builds and container images leave .pyve and .venv out."""
    found = []
    if build_backend is not None and build_backend.split(".")[0] == "hatchling":
        found.append(_missing_for_hatchling(root))
    with tell_disk_errors(root):
        names = [path.name for path in root.iterdir()]
    if any(_is_image_recipe(name) for name in names):
        found.append(_missing_for_images(root))
    return tuple(missing for missing in found if missing is not None)


def _is_image_recipe(name: str) -> bool:
    return _IMAGE_RECIPES.fullmatch(name) is not None and not name.endswith((".dockerignore", ".md", ".rst"))


def _missing_for_hatchling(root: Path) -> MissingLines | None:
    # hatchling reads the nearest .gitignore at or above the project, up to the repository, its patterns taken as
    # relative to the project; a new .gitignore at the root would hide one above, so that one is not hidden.
    file = root / ".gitignore"
    for directory in (root, *root.parents):
        if (directory / ".gitignore").is_file():
            file = directory / ".gitignore"
            break
        if (directory / ".git").exists():
            break
    patterns = read_ignore_patterns(file)
    lines = tuple(
        line for name, line in _NAMES.items() if not decide_ignored(patterns, PurePosixPath(name), is_directory=True)
    )
    if not lines:
        return None
    reason = "hatchling does not read the ignore file inside .pyve"
    note = ""
    if file.parent != root or is_link(file):
        wanted = " and ".join(line.removeprefix("/") for line in lines)
        note = f"{reason}; {file} is left alone: add {wanted} to it, or builds may take the environments in."
    return MissingLines(file=file, lines=lines, reason=reason, note=note)


def _missing_for_images(root: Path) -> MissingLines | None:
    file = root / ".dockerignore"
    try:
        text = file.read_text("utf-8", "replace")
    except OSError:
        text = ""
    lines = tuple(line for name, line in _NAMES.items() if not _is_left_out_of_images(text, name))
    if not lines:
        return None
    reason = "container images copy the whole project"
    note = f"{reason}; {file} is left alone: add {' and '.join(lines)} to it." if is_link(file) else ""
    return MissingLines(file=file, lines=lines, reason=reason, note=note)


def _is_left_out_of_images(text: str, name: str) -> bool:
    """As the container engine reads it: every pattern starts at the root, the last that matches decides."""
    left_out = False
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        negated = line.startswith("!")
        pattern = line.removeprefix("!").strip().strip("/").removeprefix("./")
        if re.fullmatch(_translate_image_pattern(pattern), name):
            left_out = not negated
    return left_out


def _translate_image_pattern(pattern: str) -> str:
    while pattern.startswith("**/"):
        pattern = pattern.removeprefix("**/")
    for ending in ("/**", "/*"):
        pattern = pattern.removesuffix(ending)
    return re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
