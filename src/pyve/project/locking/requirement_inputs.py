"""What a requirements file declares, as inputs of a lock."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyve.errors import ManifestUnreadableError
from pyve.project.canonical_demand import canonical_options
from pyve.project.credentials import strip_credentials
from pyve.project.locking.declared_content import digest_declaring_place
from pyve.project.locking.lock_inputs import InputPart, LockInput
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_as_pip_does
from pyve.project.manifests.requirement_options import split_lines
from pyve.project.manifests.requirements_txt import read_requirement_lines, read_requirements_file
from pyve.project.requirement import IndexOptions, Requirement, RequirementSet

_LOCAL = re.compile(r"^(?P<place>.*?)(?P<extras>\[[^\]]*\])?#content=(?P<digest>[0-9a-f]{64})(?P<rest>.*)$", re.DOTALL)
_INCLUSION = re.compile(r"^\s*(?:-[rc]\s*|--(?:requirement|constraint)[\s=]+)=?[\"']?(?P<file>[^\"']+?)[\"']?\s*$")
# Those of pip's options that change what is resolved; hosts that are trusted do not.
_SINGLE = {"index-url": "--index-url"}
_LISTS = {
    "extra-index-urls": "--extra-index-url",
    "find-links": "--find-links",
    "only-binary": "--only-binary",
    "no-binary": "--no-binary",
}
_SHORT = {"--index-url": "-i", "--find-links": "-f"}
_FLAGS = ("no-index", "pre", "prefer-binary", "require-hashes")


@dataclass(frozen=True, kw_only=True)
class WrittenTexts:
    """The texts of the files that declare, read where it matters how something was written."""

    root: Path
    _texts: dict[Path, str] = field(default_factory=dict)

    def read(self, path: Path) -> str:
        """The text of a file, empty where it cannot be read: whoever reads it for its content says so."""
        if path not in self._texts:
            try:
                self._texts[path] = decode_as_pip_does(read_manifest_bytes(path), path)
            except ManifestUnreadableError:
                self._texts[path] = ""
        return self._texts[path]

    def find_option(self, option: str, values: Iterable[str], files: Iterable[str]) -> str:
        """`file:line` of the line that gives `option` one of `values`, else of one that gives it, else a file."""
        names = "|".join(re.escape(name) for name in (option, _SHORT.get(option)) if name)
        gives = re.compile(rf"^\s*(?:- )?[\"']?(?:{names})(?:[\s=]|$)")
        there, wanted, found = [Path(file) for file in files], [value for value in values if value], ""
        for path in there:
            for number, line in enumerate(self.read(path).splitlines(), start=1):
                if not gives.match(line):
                    continue
                place = f"{self._show(path)}:{number}"
                if any(value in line for value in wanted):
                    return place
                found = found or place
        return found or (self._show(there[0]) if there else "")

    def place(self, place: str, files: Iterable[str]) -> str:
        """A local path as seen from the project; one that lies elsewhere is absolute only where it is written so."""
        path = Path(place)
        if not path.is_absolute():
            return place
        shown = place.replace(os.sep, "/")  # as both ways to write a path on Windows are told
        for file in files:
            text = self.read(Path(file)).replace(os.sep, "/")
            if shown in text or path.as_uri() in text:
                return shown
        try:
            return Path(os.path.relpath(path, self.root.resolve())).as_posix()
        except ValueError:  # on another drive of Windows
            return shown

    def _show(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name


def read_file_inputs(
    path: Path, *, root: Path, environment: Mapping[str, str], above: tuple[Path, ...] = (), kind: str = ""
) -> InputPart:
    """Read a requirements file with what it includes; `kind` is put before each requirement.

    Locks in `above` are not followed: they are made anew along with this one, and that both agree is judged by what
    they pin. Raises what read_requirements_file raises.
    """
    found = (
        read_beside_locks(path, root=root, environment=environment, above=above)
        if above
        else read_requirements_file(path, root=root, environment=environment)
    )
    return inputs_of_set(found, root=root, above=above, kind=kind)


def read_beside_locks(
    path: Path, *, root: Path, environment: Mapping[str, str], above: tuple[Path, ...]
) -> RequirementSet:
    """Read a requirements file without the lines that include a lock of `above`, which may not be there yet."""
    lines = [(number, line) for number, line in _read_lines(path) if not _is_inclusion(line, path, above)]
    found = read_requirement_lines(lines, path=path, root=root, environment=environment)
    return replace(found, files=(str(path), *found.files))


def includes_lock(path: Path, above: tuple[Path, ...]) -> bool:
    """Whether a requirements file includes a lock of `above`, as in `-c requirements.txt`."""
    return bool(above) and any(_is_inclusion(line, path, above) for _, line in _read_lines(path))


def _read_lines(path: Path) -> list[tuple[int, str]]:
    return list(split_lines(decode_as_pip_does(read_manifest_bytes(path), path)))


def _is_inclusion(line: str, path: Path, above: tuple[Path, ...]) -> bool:
    included = _INCLUSION.match(line)
    return included is not None and os.path.normpath(path.parent / included["file"]) in map(os.path.normpath, above)


def inputs_of_set(
    found: RequirementSet,
    *,
    root: Path,
    above: tuple[Path, ...] = (),
    kind: str = "",
    option_files: tuple[str, ...] = (),
) -> InputPart:
    """Return all that several lines say; options are looked for in `option_files` too."""
    texts = WrittenTexts(root=root)
    locks = {os.path.normpath(lock) for lock in above}
    inputs = [
        input_of(one, texts, kind=prefix)
        for prefix, requirements in ((kind, found.requirements), ("constraint: ", found.constraints))
        for one in requirements
        if _file_of(one, root) not in locks
    ]
    files = (*option_files, *found.files)
    return InputPart(inputs=(*inputs, *_read_options(found.options, texts, files)), files=tuple(map(Path, found.files)))


def input_of(requirement: Requirement, texts: WrittenTexts, *, kind: str = "") -> LockInput:
    """Return a requirement as an input."""
    words = [
        *(["-e"] if requirement.editable else []),
        _locate(requirement.canonical, texts, (_file_of(requirement, texts.root),)),
        *(f"--hash={one}" for one in sorted(set(requirement.hashes))),
        *(strip_credentials(one) for one in requirement.pip_options),
    ]
    return LockInput(text=kind + " ".join(words), origin=requirement.origin, name=requirement.name)


def _locate(canonical: str, texts: WrittenTexts, files: tuple[str, ...]) -> str:
    """Local places as seen from the project. A directory counts by the files that say what it needs alone."""
    local = _LOCAL.match(canonical)
    if local is None:
        return canonical
    digest = digest_declaring_place(texts.root.resolve() / local["place"])
    return f"{texts.place(local['place'], files)}{local['extras'] or ''}#content={digest}{local['rest']}"


def _file_of(requirement: Requirement, root: Path) -> str:
    return os.path.normpath(root / requirement.origin.rpartition(":")[0])


def _read_options(options: IndexOptions, texts: WrittenTexts, files: tuple[str, ...]) -> Iterator[LockInput]:
    if options == IndexOptions():
        return
    canonical = canonical_options(options, texts.root)
    written = (options.index_url, *options.extra_index_urls, *options.find_links)
    for name, option in {**_SINGLE, **_LISTS}.items():
        value = canonical[name]
        for one in map(str, value if isinstance(value, list) else [value] if value else []):
            # Credentials are cut out of the value, so the line is found by what they were cut out of.
            raw = [place for place in written if place and strip_credentials(place) == one]
            end = re.split(r"[/\\]", one)[-1] if option == "--find-links" else ""
            place = texts.place(one, files) if option == "--find-links" else one
            yield LockInput(text=f"option: {option} {place}", origin=texts.find_option(option, (*raw, one, end), files))
    for flag in _FLAGS:
        if canonical[flag]:
            yield LockInput(text=f"option: --{flag}", origin=texts.find_option(f"--{flag}", (), files))
