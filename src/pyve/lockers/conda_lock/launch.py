"""Runs conda-lock in this process, which is of the environment that conda-lock lies in; nothing of pyve is there.

`python launch.py ORDER`: a JSON file with `arguments` for conda-lock, `environment`, which is all that it sees, and
`failure`, the file that says why it failed (JSON: `kind`, `text`, and of a program that failed `stdout`, `stderr`).
"""

import json
import os
import runpy
import sys
from pathlib import Path


def main(order_file: str) -> int:
    """Return conda-lock's exit status."""
    order = json.loads(Path(order_file).read_text("utf-8"))
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["conda-lock", *order["arguments"]]
    try:
        runpy.run_module("conda_lock", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as error:  # noqa: BLE001 - whatever conda-lock raises is told in one sentence
        failure = {"kind": type(error).__name__, "text": str(error)}
        for name in ("stdout", "stderr"):  # of a program that failed
            failure[name] = str(getattr(error, name, None) or "")
        Path(order["failure"]).write_text(json.dumps(failure), "utf-8")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
