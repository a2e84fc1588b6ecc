"""YAML files as plain values, with failures that name file, line and column."""

from pathlib import Path
from typing import Any

from pyve.errors import ManifestInvalidError
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_utf8, find_conflict_marker
from pyve.project.manifests.toml_text import refuse_conflict

# What ruamel.yaml lets through for values that do not fit their tag, as in `!!int` alone.
_VALUE_FAILURES = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, AssertionError)


def read_yaml_mapping(path: Path, shown: str) -> tuple[dict[str, Any], str]:
    """Return the mapping that the YAML file holds, and its text; ManifestInvalidError where it is something else."""
    text = decode_utf8(read_manifest_bytes(path), path)
    conflict = find_conflict_marker(text)
    if conflict:
        raise refuse_conflict(shown, conflict)
    value = _parse(text, shown)
    if not isinstance(value, dict):
        kind = {list: "a list", str: "a text", type(None): "empty"}.get(type(value), "one value")
        raise ManifestInvalidError(
            f"{shown}:1: this file is {kind}; it must hold keys and values.", hint="dependencies:\n  - python=3.12"
        )
    return value, text


def _parse(text: str, shown: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.composer.warn_double_anchors = False  # YAML 1.2 allows them, and a warning would go to stderr as it is
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{shown}:{mark.line + 1}:{mark.column + 1}" if mark else shown
        problem = " ".join(str(error.problem or error.context or "it cannot be parsed").split())
        raise ManifestInvalidError(
            f"{place}: this is not valid YAML: {problem}.", hint="correct the file at that place"
        ) from error
    except (YAMLError, *_VALUE_FAILURES) as error:
        known = isinstance(error, YAMLError) and str(error)
        reason = str(error).splitlines()[0] if known else "a value in it cannot be read"
        raise ManifestInvalidError(f"{shown}: this is not valid YAML: {reason}.", hint="correct the file") from error
