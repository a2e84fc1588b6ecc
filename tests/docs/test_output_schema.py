"""docs/reference/output.schema.json says what the verbs return: the same fields, of the same types."""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import jsonschema
import pytest

from pyve.cleanup.removal_plan import Kept, Refused, Removal, RemovalKind, RemovalPlan
from pyve.cli.commands.version import Version
from pyve.project.detection import LostRule, SeenFile
from pyve.project.editing.list_change import ChangeKind
from pyve.verbs.activate import ActivateResult
from pyve.verbs.allow import AllowResult, ApprovedVariable
from pyve.verbs.allowed_projects import AllowedProject, AllowedProjects
from pyve.verbs.check import CheckResult
from pyve.verbs.cleanup_result import CleanupResult
from pyve.verbs.completion import CompletionResult
from pyve.verbs.config import ConfigResult
from pyve.verbs.config_entry import ConfigEntry
from pyve.verbs.declaration_change import DeclarationChangeResult
from pyve.verbs.declaration_edit import DeclaredChange
from pyve.verbs.deny import DenyResult
from pyve.verbs.detect import DetectResult
from pyve.verbs.direnv import DirenvResult
from pyve.verbs.environment_plan import Action
from pyve.verbs.hook import HookChange, HookResult
from pyve.verbs.list import ListedEnvironment, ListResult
from pyve.verbs.lock import LockReport, LockResult
from pyve.verbs.outcome import Problem
from pyve.verbs.rollback import RollbackResult
from pyve.verbs.self_install import SelfInstallResult
from pyve.verbs.self_uninstall import SelfUninstallResult
from pyve.verbs.staleness import ChangedFile
from pyve.verbs.status import StatusResult
from pyve.verbs.sync_result import SyncResult
from pyve.verbs.upgrade import UpgradeResult
from tests.docs.page_run import DOCS

SCHEMA = json.loads((DOCS / "reference" / "output.schema.json").read_text("utf-8"))
_FINDING, _FACT = (get_args(typing.get_type_hints(CheckResult)[field])[0] for field in ("findings", "facts"))
DEFINITIONS: Mapping[str, type] = {
    "problem": Problem,
    "sync": SyncResult,
    "lock": LockResult,
    "lock_report": LockReport,
    "upgrade": UpgradeResult,
    "declaration_change": DeclarationChangeResult,
    "declared_change": DeclaredChange,
    "status": StatusResult,
    "changed_file": ChangedFile,
    "list": ListResult,
    "listed_environment": ListedEnvironment,
    "detect": DetectResult,
    "lost_rule": LostRule,
    "seen_file": SeenFile,
    "allow": AllowResult,
    "approved_variable": ApprovedVariable,
    "deny": DenyResult,
    "allowed_projects": AllowedProjects,
    "allowed_project": AllowedProject,
    "rollback": RollbackResult,
    "cleanup": CleanupResult,
    "removal_plan": RemovalPlan,
    "removal": Removal,
    "kept": Kept,
    "refused": Refused,
    "check": CheckResult,
    "finding": _FINDING,
    "fact": _FACT,
    "config": ConfigResult,
    "config_entry": ConfigEntry,
    "activate": ActivateResult,
    "direnv": DirenvResult,
    "hook": HookResult,
    "hook_change": HookChange,
    "completion": CompletionResult,
    "self_install": SelfInstallResult,
    "self_uninstall": SelfUninstallResult,
    "version": Version,
}
_SIMPLE = {str: "string", Path: "string", int: "integer", bool: "boolean", types.NoneType: "null"}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["$defs"]) == set(DEFINITIONS)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_has_the_fields_of_its_dataclass(name: str) -> None:
    kind, definition = DEFINITIONS[name], SCHEMA["$defs"][name]
    assert is_dataclass(kind)
    hints = typing.get_type_hints(kind)
    described = {field: _shape(schema) for field, schema in definition["properties"].items()}
    assert described == {item.name: _expected(hints[item.name]) for item in fields(kind)}
    assert definition["required"] == list(definition["properties"])
    assert definition["additionalProperties"] is False


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_field_says_what_it_is(name: str) -> None:
    definition = SCHEMA["$defs"][name]
    assert definition["description"]
    assert all(schema.get("description") for schema in definition["properties"].values())


def _shape(schema: Mapping[str, Any]) -> str:
    """A property without its words: type names, the definition it leads to, the values it may have."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix("#/$defs/")
    if "oneOf" in schema:
        return _joined({_shape(one) for one in schema["oneOf"]})
    listed = {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
    if "array" in listed:
        listed = (listed - {"array"}) | {f"array of {_shape(schema['items'])}"}
    if "object" in listed:
        listed = (listed - {"object"}) | {f"map to {_shape(schema['additionalProperties'])}"}
    return _joined(listed)


def _expected(hint: Any) -> str:
    """The shape that a Python type has in JSON (cli/present/json.py)."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _joined({_expected(argument) for argument in arguments})
    if origin is Literal or (isinstance(hint, type) and issubclass(hint, Enum)):
        return "string"
    if origin in (tuple, list):
        return f"array of {_expected(arguments[0])}"
    if origin is Mapping:
        return f"map to {_expected(arguments[1])}"
    if is_dataclass(hint):
        return next(name for name, kind in DEFINITIONS.items() if kind is hint)
    return _SIMPLE[hint]


def _joined(shapes: set[str]) -> str:
    return " or ".join(sorted(shapes))


def test_listed_values_are_those_of_the_enumerations() -> None:
    for field in ("severity", "part"):
        enumeration = typing.get_type_hints(_FINDING)[field]
        assert _listed("finding", field) == [member.value for member in enumeration]
    assert _listed("sync", "action") == [action.value for action in Action]
    assert _listed("declared_change", "action") == [kind.value for kind in ChangeKind]


def _listed(definition: str, field: str) -> list[str]:
    values: list[str] = SCHEMA["$defs"][definition]["properties"][field]["enum"]
    return values


def test_kinds_of_removals_are_listed() -> None:
    assert _listed("removal", "kind") == list(get_args(RemovalKind))
