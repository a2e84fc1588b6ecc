"""Pin files: .python-version and .tool-versions, which pyenv, uv, asdf and mise read too."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.errors import PythonRequestInvalidError
from pyve.project.manifest import has_manifest, read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_utf8
from pyve.project.python_request import PythonRequest, parse_python_request
from pyve.system.files import write_atomically

PIN_NAMES = (".python-version", ".tool-versions")


@dataclass(frozen=True, kw_only=True)
class PinFiles:
    """What the pin files say: the pin that counts (None: there is none), and notes on what in them was ignored."""

    request: PythonRequest | None
    notes: tuple[str, ...] = ()


def read_pin(root: Path) -> PinFiles:
    """Read .python-version, else .tool-versions (`python` lines). The first text in them that is a version counts."""
    found: list[PythonRequest] = []
    notes: list[str] = []
    for name, words_of in ((PIN_NAMES[0], _pyenv_words), (PIN_NAMES[1], _asdf_words)):
        for number, words in words_of(_read_lines(root / name)):
            request, ignored = _first_version(words, source=name)
            notes += [
                f"{name}:{number}: `{word}` is not a version that pyve can look for; ignored." for word in ignored
            ]
            if request is not None:
                found.append(request)
                break
    if not found:
        return PinFiles(request=None, notes=tuple(notes))
    weaker = tuple(f"{other.source} says {other.text}" for other in found[1:])
    return PinFiles(request=replace(found[0], passed_over=weaker), notes=tuple(notes))


def write_pin(root: Path, text: str) -> Path:
    """Make .python-version say `text`, its comments and further versions kept, in one atomic step.

    A link of that name is replaced, not followed: a repository decides where it points.
    """
    path = root / PIN_NAMES[0]
    lines = [] if path.is_symlink() else _read_lines(path)
    for number, words in _pyenv_words(lines):
        request, _ = _first_version(words, source=path.name)
        if request is not None:
            old = next(word for word in words if _version_part(word) == request.text)
            lines[number - 1] = lines[number - 1].replace(old, text, 1)
            break
    else:
        lines.insert(0, text)
    write_atomically(path, ("\n".join(lines) + "\n").encode(), mode=0o644)
    return path


def _read_lines(path: Path) -> list[str]:
    return decode_utf8(read_manifest_bytes(path), path).splitlines() if has_manifest(path) else []


def _pyenv_words(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Line number, then the whole line (a range may hold spaces) and each word of it."""
    for number, line in enumerate(lines, 1):
        text = line.split("#", 1)[0].strip()
        if text:
            words = text.split()
            yield number, [text, *words] if len(words) > 1 else words


def _asdf_words(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, 1):
        words = line.split("#", 1)[0].split()
        if words[1:] and words[0] == "python":
            yield number, words[1:]


def _first_version(words: list[str], *, source: str) -> tuple[PythonRequest | None, list[str]]:
    ignored: list[str] = []
    for word in words:
        try:
            return parse_python_request(_version_part(word), source=source), ignored
        except PythonRequestInvalidError:
            if " " not in word:
                ignored.append(word)
    return None, ignored


def _version_part(word: str) -> str:
    return word.split("/envs/", 1)[0]  # pyenv-virtualenv: 3.12.1/envs/name
