"""Requirements files in pip's format (pip's documentation, "Requirements File Format"), includes followed."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.errors import ManifestUnreadableError, RequirementInvalidError, RequirementsCycleError
from pyve.project.credentials import strip_credentials
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.index_options import add_options
from pyve.project.manifests.manifest_text import (
    decode_as_pip_does,
    find_conflict_marker,
    hint_for_conflict,
    show_path,
)
from pyve.project.manifests.requirement_line import LineOptions, parse_requirement
from pyve.project.manifests.requirement_options import LogicalLine, OptionInvalidError, parse_line, split_lines
from pyve.project.manifests.requirement_refusal import Place, refuse_requirement
from pyve.project.requirement import IndexOptions, Requirement, RequirementSet

_MOST_NESTED = 64  # files that include the next one


def read_requirements_file(path: Path, *, root: Path, environment: Mapping[str, str]) -> RequirementSet:
    """Read `path` and everything it includes with -r and -c; requirements keep the order in which they stand.

    Raises RequirementInvalidError (file:line and the text), RequirementsCycleError (the chain of includes) and
    ManifestUnreadableError (an included file that is missing names who includes it).
    """
    reading = _Reading(root=root, environment=environment)
    reading.read(path, chain=(), constrains=False)
    return reading.result()


def read_requirement_lines(
    lines: Iterable[tuple[int, str]], *, path: Path, root: Path, environment: Mapping[str, str]
) -> RequirementSet:
    """Read lines of a requirements file that stand in another file, at `path`, each with its line number there.

    Relative paths start from that file's folder. `files` are the included ones. Raises as read_requirements_file does.
    """
    reading = _Reading(root=root, environment=environment)
    path = Path(os.path.normpath(root / path))
    shown = show_path(path, root)
    for number, text in lines:
        reading.refuse_foreign_text(text, shown, first_line=number)
        place = Place(root=root, folder=path.parent, origin=f"{shown}:{number}", environment=environment)
        for _, line in split_lines(text):
            reading.take(line, place, chain=((path.resolve(), place.origin),), constrains=False)
    return reading.result()


@dataclass(kw_only=True)
class _Reading:
    """What has been read so far."""

    root: Path
    environment: Mapping[str, str]
    requirements: list[Requirement] = field(default_factory=list)
    constraints: list[Requirement] = field(default_factory=list)
    options: IndexOptions = field(default_factory=IndexOptions)
    files: list[str] = field(default_factory=list)
    done: set[tuple[Path, bool]] = field(default_factory=set)

    def result(self) -> RequirementSet:
        """What all lines say together."""
        return RequirementSet(
            requirements=tuple(self.requirements),
            constraints=tuple(self.constraints),
            options=self.options,
            files=tuple(dict.fromkeys(self.files)),
        )

    def read(self, path: Path, *, chain: tuple[tuple[Path, str], ...], constrains: bool) -> None:
        """Read one file; `chain` are the files that are being read and, for each, the `file:line` that led on."""
        path = Path(os.path.normpath(self.root / path))
        same = path.resolve()
        self._refuse_cycle(same, chain)
        if len(chain) > _MOST_NESTED:
            raise RequirementInvalidError(
                f"{chain[-1][1]}: requirements files include each other more than {_MOST_NESTED} deep.",
                hint=f"include fewer files from {chain[0][1]}",
            )
        if (same, constrains) in self.done:  # included by two files: once is enough
            return
        self.done.add((same, constrains))
        shown = show_path(path, self.root)
        text = decode_as_pip_does(self._read_bytes(path, chain), path)
        self.files.append(str(path))
        self.refuse_foreign_text(text, shown)
        for number, line in split_lines(text):
            place = Place(root=self.root, folder=path.parent, origin=f"{shown}:{number}", environment=self.environment)
            self.take(line, place, chain=(*chain, (same, place.origin)), constrains=constrains)

    def take(self, line: str, place: Place, *, chain: tuple[tuple[Path, str], ...], constrains: bool) -> None:
        """Take one logical line, and read what it includes."""
        try:
            parsed = parse_line(line)
        except OptionInvalidError as error:
            raise refuse_requirement(line, place, str(error), hint=error.hint) from error
        if parsed.requirement:
            (self.constraints if constrains else self.requirements).append(_to_requirement(parsed, place))
            return
        for name, is_constraint in (("requirements", False), ("constraints", True)):
            for included in parsed.values.get(name, ()):
                self._include(included, place, chain=chain, constrains=is_constraint)
        self.options = add_options(self.options, parsed.values, root=place.root, folder=place.folder)

    def _include(self, written: str, place: Place, *, chain: tuple[tuple[Path, str], ...], constrains: bool) -> None:
        if re.match(r"^(?:https?|ftp):", written, re.IGNORECASE):
            import shlex  # only failures pay for it

            url = strip_credentials(written)
            raise RequirementInvalidError(
                f"{place.origin}: {url} is included over the network, where it can change unseen; pyve reads files.",
                hint=f"keep a copy in the project and include that: curl -fLO {shlex.quote(url)}",
            )
        from pyve.project.manifests.local_requirement import split_file_url

        location = split_file_url(written)[0] if written.lower().startswith("file:") else written
        self.read(place.folder / location, chain=chain, constrains=constrains)

    def _read_bytes(self, path: Path, chain: tuple[tuple[Path, str], ...]) -> bytes:
        try:
            return read_manifest_bytes(path)
        except ManifestUnreadableError as error:
            if not chain:
                raise
            origin = chain[-1][1]
            message = f"{origin}: the file it includes is not usable: {error.message}"
            raise ManifestUnreadableError(message, hint=f"correct the path in {origin}") from error

    def _refuse_cycle(self, path: Path, chain: tuple[tuple[Path, str], ...]) -> None:
        open_files = [one for one, _ in chain]
        if path in open_files:
            steps = [origin for _, origin in chain[open_files.index(path) :]]
            shown = " -> ".join([*steps, show_path(path, self.root.resolve())])
            raise RequirementsCycleError(
                f"Requirements files include each other in a circle: {shown}.", hint=f"remove the -r in {steps[-1]}"
            )

    def refuse_foreign_text(self, text: str, shown: str, *, first_line: int = 1) -> None:
        """Raise where the text is none that a requirements file holds."""
        conflict = find_conflict_marker(text)
        if conflict:
            raise RequirementInvalidError(
                f"{shown}:{conflict + first_line - 1}: a merge conflict is still in this file.",
                hint=hint_for_conflict(text),
            )
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + first_line
            raise RequirementInvalidError(
                f"{shown}:{line}: there are NUL bytes in this file: it is not text, or UTF-16 without its mark.",
                hint="save it as UTF-8 in your editor",
            )


def _to_requirement(parsed: LogicalLine, place: Place) -> Requirement:
    options = LineOptions(editable=parsed.editable, hashes=parsed.hashes, pip_options=parsed.pip_options)
    return parse_requirement(parsed.requirement, place, options)
