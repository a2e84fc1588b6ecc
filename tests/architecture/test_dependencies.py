"""Every dependency is explained, and nothing is explained that is gone."""

import re
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "dependencies.md"


def test_every_dependency_has_its_entry() -> None:
    explained = re.findall(r"^## (\S+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    declared = [Requirement(line).name for line in requires("pyve-env") or []]
    assert {canonicalize_name(name) for name in explained} == {canonicalize_name(name) for name in declared}
