"""The scripts that packages bring for entering and leaving a conda prefix: where they lie, and in which order."""

import contextlib
import hashlib
from pathlib import Path
from typing import Literal

Moment = Literal["activate", "deactivate"]
ENDINGS = ("sh", "fish", "ps1")  # of the dialects that pyve has hooks for; cmd and others have scripts of their own


def script_folder(prefix: Path, moment: Moment) -> Path:
    """Where the scripts of one moment lie, if there are any."""
    return prefix / "etc" / "conda" / f"{moment}.d"


def find_scripts(prefix: Path, moment: Moment, ending: str) -> tuple[Path, ...]:
    """The scripts of `ending` in the order in which they are sourced: by name, on leaving in reverse."""
    found = sorted(path for path in _files(prefix, moment) if path.suffix == f".{ending}")
    return tuple(reversed(found) if moment == "deactivate" else found)


def find_all_scripts(prefix: Path) -> tuple[Path, ...]:
    """Every file among the scripts, of whatever ending, sorted."""
    return tuple(sorted((*_files(prefix, "activate"), *_files(prefix, "deactivate"))))


def digest_scripts(prefix: Path) -> str:
    """A digest of the names and contents of all scripts; empty when there are none."""
    scripts = find_all_scripts(prefix)
    digest = hashlib.sha256()
    for script in scripts:
        content = b""
        with contextlib.suppress(OSError):  # what cannot be read cannot be sourced either
            content = script.read_bytes()
        name = f"{script.parent.name}/{script.name}".encode("utf-8", "surrogateescape")
        digest.update(b"%d %d\n%b%b" % (len(name), len(content), name, content))
    return digest.hexdigest() if scripts else ""


def name_script(script: Path) -> str:
    """What a script is called in a record: `activate.d/NAME`."""
    return f"{script.parent.name}/{script.name}"


def _files(prefix: Path, moment: Moment) -> list[Path]:
    try:
        entries = list(script_folder(prefix, moment).iterdir())
    except OSError:
        return []
    return [path for path in entries if not path.name.startswith(".") and path.is_file()]
