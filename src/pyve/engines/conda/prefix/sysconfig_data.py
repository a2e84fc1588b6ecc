"""What a python tells of its own build, in a prefix whose path a string literal misreads.

`_sysconfigdata_*.py`, and from Python 3.14 on a JSON file beside it, hold the prefix inside of literals, and whoever
links them puts any path there as it is: with a quote in it neither sysconfig nor pip can be imported.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyve.system.files import write_atomically

# A backslash before these is right in Python's literals of either quote, and in those of JSON.
_MISREAD = {
    "lib/python*/_sysconfigdata_*.py": re.compile(rb"['\"\\]"),
    "lib/python*/_sysconfig_vars_*.json": re.compile(rb"[\"\\]"),
}


def make_sysconfig_readable(prefix: Path) -> None:
    """Escape the prefix in those files, and let conda-meta know what they are now."""
    path, digests = os.fsencode(prefix), {}
    for pattern, misread in _MISREAD.items():
        for file in prefix.glob(pattern) if misread.search(path) else ():
            content = file.read_bytes()
            if path in content:
                mended = content.replace(path, misread.sub(rb"\\\g<0>", path))
                digests[file.relative_to(prefix).as_posix()] = hashlib.sha256(mended).hexdigest()
                # Anew, lest a hard link into the cache be written through.
                write_atomically(file, mended, mode=stat.S_IMODE(file.stat().st_mode))
    if digests:
        _write_digests(prefix, digests)


def _write_digests(prefix: Path, digests: Mapping[str, str]) -> None:
    for record in (prefix / "conda-meta").glob("python-*.json"):
        document: dict[str, Any] = json.loads(record.read_bytes())
        for row in document.get("paths_data", {}).get("paths", ()):
            if row["_path"] in digests:
                row["sha256_in_prefix"] = digests[row["_path"]]
        record.write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")
