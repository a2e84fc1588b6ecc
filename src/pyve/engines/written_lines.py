"""Where the lines of the files that are written for an installer came from: those files are gone when a user reads."""

import re
from collections.abc import Iterable
from pathlib import Path

from pyve.project.requirement import Requirement


def tell_origins(output: str, work_directory: Path, requirements: Iterable[Requirement]) -> str:
    """An installer's output with `file:line` of the user's in place of the lines of pyve's own files."""
    known = tuple(requirements)
    place = re.escape(str(work_directory)) + r"[/\\]([\w-]+\.txt)"
    pattern = re.compile(rf"`?{place}`?(?:,? at line (\d+)|:(\d+)(?::\d+)?| \(line (\d+)\))?")

    def tell(found: "re.Match[str]") -> str:
        number = next(filter(None, found.groups()[1:]), None)
        line = _read_line(work_directory / found[1], int(number)) if number else ""
        return next((one.origin for one in known if line and one.line in line), "what is declared")

    return pattern.sub(tell, output)


def _read_line(path: Path, number: int) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return lines[number - 1] if 0 < number <= len(lines) else ""
