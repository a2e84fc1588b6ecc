"""What counts of files that say what a package needs, when only a build could tell: the same in every checkout."""

import hashlib
from pathlib import Path

from pyve.errors import ManifestUnreadableError
from pyve.project.local_content import BUILD_INPUT_NAMES, digest_local_path
from pyve.project.locking.stamp_text import digest_json
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_utf8
from pyve.project.manifests.toml_text import parse_toml

# Tables of pyproject.toml that no build reads.
_NO_BUILD = frozenset(
    {"pyve", "uv", "ruff", "black", "isort", "mypy", "pyright", "pytest", "coverage", "tox", "nox", "towncrier"}
    | {"pip-tools", "pylint", "flake8", "bandit", "codespell", "cibuildwheel", "commitizen", "bumpversion"}
)


def digest_declaring_place(path: Path) -> str:
    """Return a SHA-256 in hex: of an archive its bytes, of a directory the files that say what it needs.

    An edited module changes no lock. Raises ManifestUnreadableError.
    """
    if not path.is_dir():
        return digest_local_path(path, editable=False)
    names = [name for name in BUILD_INPUT_NAMES if (path / name).is_file()]
    return digest_json([[name, digest_declaring_file(path / name)] for name in names]).partition(":")[2]


def digest_declaring_file(path: Path) -> str:
    """Return a SHA-256 in hex: of a pyproject.toml what a build may read of it, of any other file its lines."""
    content = read_manifest_bytes(path)
    if path.name == "pyproject.toml":
        try:
            document = parse_toml(decode_utf8(content, path))
        except (ValueError, ManifestUnreadableError):
            document = None  # whoever builds it says what is wrong
        if document is not None:
            document.pop("dependency-groups", None)
            tools = document.pop("tool", None)
            if isinstance(tools, dict):
                document.update({f"tool.{name}": table for name, table in tools.items() if name not in _NO_BUILD})
            return digest_json(document).partition(":")[2]
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()
