"""Requirements files made for an installer: one flat file a call, readable by the user alone.

Index URLs stand in these files and not in an installer's arguments, which every user of the machine can read.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from pyve.engines.install_plan import InstallCall
from pyve.project.requirement import IndexOptions, Requirement
from pyve.system.files import tell_disk_errors

_PLAIN = re.compile(r"^[A-Za-z0-9._/-]+(?:\[[^\]]*\])?(?: ; .*)?$")


def write_private(path: Path, lines: Iterable[str]) -> Path:
    """Write `lines` to the new file `path`, mode 0600."""
    with tell_disk_errors(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(f"{line}\n" for line in lines)
    return path


def requirement_line(requirement: Requirement, project_root: Path, *, with_pip_options: bool = False) -> str:
    """The requirement as one line of a requirements file, hashes included, for an installer in `project_root`."""
    words = [f"-e {_shorten(requirement.line, project_root)}" if requirement.editable else requirement.line]
    words += [f"--hash={one}" for one in requirement.hashes]
    if with_pip_options:
        words += requirement.pip_options
    return " ".join(words)


def index_lines(options: IndexOptions) -> list[str]:
    """The lines that say where packages come from, as uv and pip both read them."""
    lines = ["--no-index"] if options.no_index else []
    if not options.no_index:
        lines += [f"--index-url {options.index_url}"] if options.index_url else []
        lines += [f"--extra-index-url {url}" for url in options.extra_index_urls]
    lines += [f"--find-links {place}" for place in options.find_links]
    lines += [f"--only-binary {names}" for names in options.only_binary]
    lines += [f"--no-binary {names}" for names in options.no_binary]
    return lines


def call_lines(call: InstallCall, project_root: Path, *, with_pip_options: bool = False) -> list[str]:
    """The lines that say what is installed, for an installer that runs in `project_root`."""
    lines = [requirement_line(one, project_root, with_pip_options=with_pip_options) for one in call.requirements]
    if call.editable_project is not None:
        extras = f"[{','.join(call.project_extras)}]" if call.project_extras else ""
        # A dot, where it will do, holds no character that could mean anything; uv takes even %23 in a URL for a #.
        place = "." if call.editable_project == project_root else call.editable_project.as_uri()
        lines.append(f"-e {place}{extras}")
    return [*lines, *call.seeds]


def _shorten(line: str, project_root: Path) -> str:
    """An editable in the project by its relative path, as in `./lib`: uv takes %23 in a URL for a # and finds nothing.

    Only plain names are shortened; in others an installer may read more than a path.
    """
    whole = f"{project_root.resolve().as_uri()}/"
    inside = line.removeprefix(whole)
    return f"./{inside}" if inside != line and _PLAIN.match(inside) and "%23" in whole else line
