"""One concept per module: names that name nothing are banned, and 300 lines are the wall (style rules 1 and 5)."""

from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "pyve"
MODULES = sorted(SOURCE.rglob("*.py"))
LINE_WALL = 300
BANNED_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "handler",
    "base",
    "core",
    "data",
} | {"constants"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_module_stays_below_the_wall(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) < LINE_WALL


def test_module_names_name_a_concept() -> None:
    parts = {part for module in MODULES for part in module.relative_to(SOURCE).with_suffix("").parts}
    assert parts & BANNED_NAMES == set()
