"""conda-lock.yml, the lock file of conda-lock."""

from dataclasses import dataclass
from pathlib import Path

from pyve.project.manifests.manifest_text import find_line, show_path
from pyve.project.manifests.toml_text import refuse_value
from pyve.project.manifests.yaml_text import read_yaml_mapping


@dataclass(frozen=True, kw_only=True)
class CondaLockYml:
    """A conda-lock.yml: the platforms it covers and how many packages it lists for all of them."""

    path: Path
    platforms: tuple[str, ...]
    package_count: int


def read_conda_lock_yml(path: Path, *, root: Path) -> CondaLockYml:
    """Read `path`, or raise ManifestInvalidError naming file and line."""
    shown = show_path(path, root)
    mapping, text = read_yaml_mapping(path, shown)
    version = mapping.get("version")
    if version != 1:
        line = find_line(text, r"^version\s*:")
        raise refuse_value(
            shown, line, f"this lock has version {version!r}; pyve reads version 1.", hint="lock again: conda-lock lock"
        )
    packages = mapping.get("package")
    if not isinstance(packages, list) or not all(isinstance(package, dict) for package in packages):
        line = find_line(text, r"^package\s*:")
        raise refuse_value(shown, line, "`package` must be a list of packages.", hint="lock again: conda-lock lock")
    platforms = sorted({str(package["platform"]) for package in packages if "platform" in package})
    return CondaLockYml(path=path, platforms=tuple(platforms), package_count=len(packages))
