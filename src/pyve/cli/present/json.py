"""The one JSON document of --json (docs/reference/output.schema.json)."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from pyve.cli.present.stdout import tell_lost_result
from pyve.errors import PartlyDoneError
from pyve.verbs.outcome import Problem

OUTPUT_VERSION = 1


def print_document(verb: str | None, *, data: Any, problems: Sequence[Problem], exit_status: int) -> None:
    """Print the document to stdout: `status` is partial where some was done, error where there is no data."""
    status = "partial" if exit_status == PartlyDoneError.exit_status else "error" if data is None else "success"
    document = {
        "pyve_output_version": OUTPUT_VERSION,
        "command": verb,
        "status": status,
        "exit_status": exit_status,
        "data": as_json(data),
        "problems": [as_json(problem) for problem in problems],
    }
    with tell_lost_result():
        sys.stdout.write(json.dumps(document, indent=2) + "\n")  # ASCII: every encoding of stdout has it


def as_json(value: Any) -> Any:
    """Dataclasses as objects, paths as text, tuples as arrays."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: as_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [as_json(item) for item in value]
    return value
