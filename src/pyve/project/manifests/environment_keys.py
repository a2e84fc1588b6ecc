"""The plain keys of an environment.yml: texts and lists of texts, and what is said of those that are not used."""

from collections.abc import Iterator

from pyve.errors import ManifestInvalidError
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.conda.subdir import NOARCH, SUBDIRS
from pyve.project.invisible_text import has_invisible
from pyve.project.manifests.yaml_value import YamlList, YamlMapping, YamlScalar, describe, is_null, is_text
from pyve.project.nearest_name import find_nearest_name

_KNOWN = ("name", "prefix", "channels", "dependencies", "variables", "platforms", "category")
# What pyve does instead of what a key says; the last two are conda-lock's.
_UNUSED = {
    "name": "an environment belongs to its project, and is called as that is",
    "prefix": "pyve chooses where environments lie",
    "pip-repositories": "write --index-url or --extra-index-url as a line of the pip section",
    "allow-pypi-requests": "write --index-url as a line of the pip section",
}


def read_text(mapping: YamlMapping, key: str, shown: str) -> str | None:
    """Return the text behind `key`, None where there is none; ManifestInvalidError for anything else."""
    value = mapping.get(key)
    if is_null(value):
        return None
    if not isinstance(value, YamlScalar) or not is_text(value):
        raise ManifestInvalidError(
            f"{shown}:{mapping.line_of(key)}: `{key}` must be a text, and is {describe(value) if value else 'empty'}.",
            hint=f'{key}: "my-environment"',
        )
    return value.text


def read_channels(mapping: YamlMapping, shown: str) -> tuple[str, ...]:
    """Return the channels as written, each once, `nodefaults` among them."""
    channels = [text for text, _ in _read_texts(mapping, "channels", shown, hint="channels:\n  - conda-forge")]
    return tuple(dict.fromkeys(channels))


def read_platforms(mapping: YamlMapping, shown: str) -> tuple[str, ...]:
    """Return the declared subdirs, each once; ManifestInvalidError for what is none, `noarch` included."""
    platforms = []
    for text, line in _read_texts(mapping, "platforms", shown, hint="platforms:\n  - linux-64"):
        if text == NOARCH:
            raise ManifestInvalidError(
                f"{shown}:{line}: noarch is no platform: packages are noarch, machines are not.",
                hint="platforms:\n  - linux-64",
            )
        if text not in SUBDIRS:
            nearest = find_nearest_name(text.lower(), SUBDIRS)
            known = "known are linux-64, linux-aarch64, osx-64, osx-arm64, win-64 and others"
            raise ManifestInvalidError(
                f"{shown}:{line}: {text!r} is no platform.", hint=f"did you mean {nearest}?" if nearest else known
            )
        platforms.append(text)
    return tuple(dict.fromkeys(platforms))


def note_unused_keys(mapping: YamlMapping, shown: str) -> Iterator[str]:
    """Say which keys of the file have no effect."""
    for key, value in mapping.entries:
        if key.text in _UNUSED:
            if not is_null(value):
                yield f"{shown}:{key.line}: `{key.text}` is not used: {_UNUSED[key.text]}."
        elif key.text not in _KNOWN:
            nearest = find_nearest_name(key.text.lower(), _KNOWN)
            meant = f"; {nearest} was probably meant" if nearest else ""
            yield f"{shown}:{key.line}: the key {key.text!r} is not known, and has no effect{meant}."


def _read_texts(mapping: YamlMapping, key: str, shown: str, *, hint: str) -> Iterator[tuple[str, int]]:
    """Each text of a list with its line."""
    section = mapping.get(key)
    if is_null(section):
        return
    if not isinstance(section, YamlList):
        told = describe(section) if section else "empty"
        raise ManifestInvalidError(
            f"{shown}:{mapping.line_of(key)}: `{key}` must be a list, and is {strip_url_secrets(told)}.", hint=hint
        )
    for item in section.items:
        place = f"{shown}:{item.line}"
        if not isinstance(item, YamlScalar) or not is_text(item) or not item.text.strip():
            told = "empty" if is_text(item) else describe(item)
            raise ManifestInvalidError(f"{place}: an entry of `{key}` is {told}, and must be a text.", hint=hint)
        if has_invisible(item.text) or item.last_line > item.line:
            shown_text = strip_url_secrets(item.text)
            raise ManifestInvalidError(
                f"{place}: {shown_text!r} holds characters that cannot be seen, or goes on without a dash.",
                hint=f"type the line anew: {hint.splitlines()[-1].strip()}",
            )
        yield item.text.strip(), item.line
