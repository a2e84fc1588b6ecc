"""setup.py and setup.cfg: a build system without pyproject.toml, as far as it can be read without running it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyve.project.manifest import has_manifest, read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_as_pip_does, show_path
from pyve.project.manifests.toml_text import refuse_value

if TYPE_CHECKING:
    from configparser import RawConfigParser

# Files that a setup script may open but that never say what the project needs.
_PROSE = re.compile(r"^(?:readme|changes|changelog|history|news|licen[cs]e|authors|contributors)", re.IGNORECASE)
_QUOTED = re.compile(r"""["']([\w./ -]+\.(?:txt|in|toml|cfg|ini|json|py|ya?ml|lock))["']""")


@dataclass(frozen=True, kw_only=True)
class LegacySetup:
    """What stands there; `named_files` are files of the project that they mention, relative to the root."""

    has_setup_py: bool = False
    has_setup_cfg: bool = False  # one that describes a project, not only tools' settings
    requires_python: str | None = None
    named_files: tuple[str, ...] = ()

    @property
    def source(self) -> str | None:
        """The file that makes this a build system."""
        return "setup.py" if self.has_setup_py else "setup.cfg" if self.has_setup_cfg else None


def read_legacy_setup(root: Path) -> LegacySetup:
    """Read both files, running nothing; ManifestInvalidError names file and line of a setup.cfg that is wrong."""
    named: list[str] = []
    has_setup_py, requires_python, describes = has_manifest(root / "setup.py"), None, False
    if has_setup_py:
        script = decode_as_pip_does(read_manifest_bytes(root / "setup.py"), root / "setup.py")
        named += _QUOTED.findall(script)
    if has_manifest(root / "setup.cfg"):
        describes, requires_python, files = _read_setup_cfg(root / "setup.cfg", root)
        named += files
    present = [name for name in dict.fromkeys(named) if _is_named_file(root, name)]
    return LegacySetup(
        has_setup_py=has_setup_py,
        has_setup_cfg=describes,
        requires_python=requires_python,
        named_files=tuple(present),
    )


def _read_setup_cfg(path: Path, root: Path) -> tuple[bool, str | None, list[str]]:
    import configparser

    shown = show_path(path, root)
    text = decode_as_pip_does(read_manifest_bytes(path), path)
    parser = configparser.RawConfigParser()  # % means nothing here: setuptools reads it so too
    try:
        parser.read_string(text, source=shown)
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next((number for number, _ in getattr(error, "errors", ())), None)
        raise refuse_value(
            shown, line, "this is not a valid setup.cfg.", hint="correct the file at that line"
        ) from error
    describes = parser.has_option("metadata", "name") or parser.has_section("options")
    requires_python = parser.get("options", "python_requires", fallback=None)
    return describes, requires_python or None, _find_file_directives(parser)


def _find_file_directives(parser: "RawConfigParser") -> list[str]:
    found: list[str] = []
    for section in parser.sections():
        if section.split(".")[0] != "options":
            continue
        for _, value in parser.items(section):
            if value and value.strip().startswith("file:"):
                found += [name.strip() for name in value.strip().removeprefix("file:").split(",")]
    return found


def _is_named_file(root: Path, name: str) -> bool:
    path = root / name
    if _PROSE.match(path.name) or path.name in {"setup.py", "setup.cfg", "pyproject.toml"}:
        return False
    try:
        return path.is_file() and path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError):
        return False
