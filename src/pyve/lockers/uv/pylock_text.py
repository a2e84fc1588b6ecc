"""What uv wrote as pylock.toml, made into the body of a lock: nothing of this machine, valid by its specification."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.errors.lock import LockInvalidError
from pyve.lockers.heading import without_secrets
from pyve.lockers.local_places import find_path, is_local, refuse_outside, show_inside
from pyve.lockers.platform_clauses import PlatformClauses
from pyve.lockers.uv.portability import Portability
from pyve.lockers.uv.pylock_parts import Row, sort_rows, with_marker
from pyve.lockers.uv.pylock_writing import write_pylock
from pyve.project.locking.lock_target import LockPart
from pyve.project.locking.platform_markers import marker_of
from pyve.project.manifests.toml_text import parse_toml


@dataclass(frozen=True, kw_only=True)
class PylockText:
    """How the text of one lock is made."""

    root: Path
    python: str
    platforms: PlatformClauses
    portability: Portability

    def read(self, text: str, directory: Path) -> list[Row]:
        """Return the rows of what uv wrote into `directory`, without the project itself.

        Markers are those of uv. Raises LockNotPortableError, naming the package and the place.
        """
        rows = []
        for package in parse_toml(text).get("packages", []):
            row = self._relocate(package, directory)
            if row is not None:
                rows.append(row)
        return rows

    def shorten(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """Return the rows with markers as they count on the platforms, sorted."""
        return sort_rows([with_marker(row, self.platforms.shorten(row.get("marker"))) for row in rows])

    def write(self, rows: list[dict[str, Any]], parts: Iterable[LockPart]) -> str:
        """Return the body, validated."""
        names = {kind: sorted(part.name for part in parts if part.kind == kind) for kind in ("extra", "group")}
        head: dict[str, Any] = {"lock-version": "1.0", "created-by": "pyve"}
        if self.python:
            head["requires-python"] = self.python
        if self.platforms.platforms:
            head["environments"] = sorted(marker_of(one) for one in self.platforms.platforms)
        head |= {"extras": names["extra"]} if names["extra"] else {}
        head |= {"dependency-groups": names["group"]} if names["group"] else {}
        _validate({**head, "packages": rows})
        return write_pylock(head, list(rows))

    def _relocate(self, package: dict[str, Any], directory: Path) -> Row | None:
        row = dict(package)
        if "directory" in row:
            inside = self._inside(row["name"], row["directory"]["path"], directory)
            if inside == ".":
                return None
            row["directory"] = {**row["directory"], "path": inside}
        if "vcs" in row:
            row["vcs"] = self._relocate_repository(row["name"], row["vcs"])
        for key in ("archive", "sdist"):
            if key in row:
                row[key] = self._relocate_file(row["name"], row[key], directory, is_declared=key == "archive")
        if "wheels" in row:
            row["wheels"] = [self._relocate_file(row["name"], one, directory) for one in row["wheels"]]
        return row

    def _relocate_file(
        self, name: str, file: dict[str, Any], directory: Path, *, is_declared: bool = False
    ) -> dict[str, Any]:
        """Return a file with its place from the root where it lies there, else with the URL that is declared."""
        place = file.get("url") or file["path"]
        if not is_local(place):
            if not is_declared:
                self.portability.check(name, place)
            return {**file, "url": without_secrets(place)}
        path = find_path(place, directory)
        inside = show_inside(path, self.root)
        rest = {key: value for key, value in file.items() if key not in ("url", "path")}
        if inside is not None:
            return {"path": inside, **rest}
        if not self.portability.is_declared(path.as_uri()):
            raise (
                refuse_outside(name, str(path), root=self.root, origin=self.portability.origin(name))
                if is_declared
                else self.portability.refuse(name, path.as_uri())
            )
        return {"url": path.as_uri(), **rest}

    def _relocate_repository(self, name: str, repository: dict[str, Any]) -> dict[str, Any]:
        url = repository.get("url") or repository["path"]
        if is_local(url):
            raise refuse_outside(name, url, root=self.root, origin=self.portability.origin(name))
        return {**repository, "url": without_secrets(url)}

    def _inside(self, name: str, place: str, directory: Path) -> str:
        path = find_path(place, directory)
        inside = show_inside(path, self.root)
        if inside is None:
            raise refuse_outside(name, str(path), root=self.root, origin=self.portability.origin(name))
        return inside


def _validate(document: dict[str, Any]) -> None:
    from packaging.pylock import Pylock, PylockValidationError

    try:
        Pylock.from_dict(document)
    except (PylockValidationError, ValueError) as error:
        raise LockInvalidError(
            f"The lock that was made is not a valid pylock.toml: {error}.", hint="pyve config set lock.locker pip-tools"
        ) from error
