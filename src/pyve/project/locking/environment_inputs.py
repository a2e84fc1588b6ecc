"""What an environment.yml declares, as inputs of a lock: the same on whichever platform it is read."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyve.project.conda.content_hash import DEFAULT_VIRTUAL_PACKAGES
from pyve.project.conda.match_spec import parse_match_spec
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.credentials import strip_credentials
from pyve.project.locking.lock_inputs import InputPart, LockInput
from pyve.project.locking.requirement_inputs import inputs_of_set
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.environment_dependencies import DeclaredSpec
from pyve.project.manifests.environment_yml import EnvironmentYml, read_environment_yml
from pyve.project.manifests.manifest_text import decode_utf8, find_line, show_path

_PLATFORMS = tuple(DEFAULT_VIRTUAL_PACKAGES)
_SELECTOR = re.compile(r"\bsel\(|#[^\n]*\[")


def read_environment_inputs(path: Path, *, root: Path, environment: Mapping[str, str]) -> InputPart:
    """Read `path` for all platforms that conda-lock knows. Raises what read_environment_yml raises."""
    text = decode_utf8(read_manifest_bytes(path), path)
    platforms = _PLATFORMS if _SELECTOR.search(text) else _PLATFORMS[:1]
    shown = show_path(path, root)
    found: dict[str, tuple[LockInput, list[str]]] = {}
    files: dict[Path, None] = {path: None}
    for platform in platforms:
        yml = read_environment_yml(path, root=root, subdir=platform, environment=environment)
        for one in _read_inputs(yml, text, shown, root):
            found.setdefault(one.text, (one, []))[1].append(platform)
        files.update(dict.fromkeys(map(Path, yml.pip.files)))
    inputs = (_place(one, there, platforms) for one, there in found.values())
    return InputPart(inputs=tuple(inputs), files=tuple(files))


def _read_inputs(yml: EnvironmentYml, text: str, shown: str, root: Path) -> Iterator[LockInput]:
    line = find_line(text, r"^channels\s*:")
    channels = ", ".join(strip_credentials(strip_url_secrets(channel)) for channel in yml.channels)
    if channels:
        yield LockInput(text=f"channels: {channels}", origin=f"{shown}:{line}" if line else shown)
    for spec in yml.specs:
        yield LockInput(text=f"conda: {_canonical(spec)}", origin=spec.origin, name=spec.name)
    yield from inputs_of_set(yml.pip, root=root, kind="pip: ", option_files=(str(yml.path),)).inputs
    for url in yml.pip_repositories:
        yield LockInput(text=f"option: pip-repositories {strip_credentials(url)}", origin=shown)


def _canonical(spec: DeclaredSpec) -> str:
    parsed = parse_match_spec(spec.text)
    if parsed.url:
        return strip_url_secrets(parsed.url)
    channel = f"{strip_url_secrets(parsed.channel)}::" if parsed.channel else ""
    others = {
        key: value for key, value in parsed.brackets.items() if key not in ("version", "build", "channel", "name")
    }
    brackets = ",".join(f"{key}={others[key]!r}" for key in sorted(others))
    words = (f"{channel}{parsed.name}{parsed.version or ''}", parsed.build or "", f"[{brackets}]" if brackets else "")
    return " ".join(filter(None, words))


def _place(one: LockInput, there: list[str], platforms: tuple[str, ...]) -> LockInput:
    """Say on which platforms it counts, where that is not all."""
    if len(set(there)) == len(platforms):
        return one
    names = ", ".join(sorted(set(there)))
    return LockInput(text=f"{one.text} ({names})", origin=one.origin, name=one.name)
