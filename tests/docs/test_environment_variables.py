"""Every environment variable that pyve reads is documented, and every documented one of pyve's own is read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.page_run import CHECKOUT, DOCS

PAGE = DOCS / "reference" / "files-and-state.md"
SOURCE = CHECKOUT / "src" / "pyve"
_NAME = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Z0-9_]*")
_READERS = {"get", "pop", "getenv", "given"}

# Not on the page, each for a reason.
NOT_FOR_USERS = {
    "SYSTEMROOT": "Windows starts no program without it",
    "PROCESSOR_ARCHITECTURE": "how Windows names its processor",
    "LD_LIBRARY_PATH": "some Pythons do not start without it",
    "CS_GNU_LIBC_VERSION": "not a variable, but a name of os.confstr",
    "PYVE_TEST_PYTHON": "the tests' own",
}
# Variables of the installers: the page says where they are told of.
INSTALLERS = re.compile(r"(?:PIP|UV)_(?!PYTHON_INSTALL_DIR)\w+")


def _read_names(file: Path) -> Iterator[str]:
    """Names of variables in `x.get("NAME")`, `x["NAME"]` and `"NAME" in x`; whatever begins with PYVE_ counts too."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        candidates: list[ast.expr] = []
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            candidates = [node.args[0]] if name in _READERS else []
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            candidates = [node.slice]
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            candidates = [node.left]
        elif isinstance(node, ast.Constant) and re.match("PYVE_[A-Z]", str(node.value)):
            candidates = [node]
        for candidate in candidates:
            value = candidate.value if isinstance(candidate, ast.Constant) else None
            if isinstance(value, str) and _NAME.fullmatch(value):
                yield value


def test_every_variable_that_is_read_stands_on_the_page() -> None:
    read = {name for file in SOURCE.rglob("*.py") for name in _read_names(file)}
    assert "PYVE_STATE_DIR" in read
    documented = set(re.findall(r"`([A-Za-z_0-9]+)`", PAGE.read_text("utf-8")))
    unexplained = {name for name in read - set(NOT_FOR_USERS) - documented if not INSTALLERS.fullmatch(name)}
    assert unexplained == set()


def test_every_variable_of_pyve_on_the_page_is_read() -> None:
    text = "".join(path.read_text("utf-8") for path in (*SOURCE.rglob("*.py"), CHECKOUT / "install.sh"))
    documented = set(re.findall(r"PYVE_[A-Z_]+", "".join(page.read_text("utf-8") for page in DOCS.rglob("*.md"))))
    assert {name for name in documented if name not in text} == set()
