"""Whether the files of a lock can be had elsewhere: from the default index, or from one that the project declares."""

from dataclasses import dataclass
from pathlib import Path

from pyve.engines.redaction import redact
from pyve.errors.lock import LockNotPortableError
from pyve.lockers.default_index import host_of, hosts_of, is_of_default_index
from pyve.lockers.local_places import find_path, is_local
from pyve.project.credentials import strip_credentials
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement


@dataclass(frozen=True, kw_only=True)
class Portability:
    """`declared` are the places that the project's files name, `configured` those that only this machine does.

    Both are URLs or absolute paths, variables filled in. `requirements` say where a package is declared.
    """

    declared: tuple[str, ...] = ()
    configured: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()

    def check(self, name: str, url: str) -> None:
        """Raise LockNotPortableError where `url`, of a file of the package, is known to this machine alone."""
        if self.configured and self.is_of_this_machine(url):
            raise self.refuse(name, url)

    def is_of_this_machine(self, url: str) -> bool:
        """Whether an index, or a file of one, is known to this machine alone."""
        if self.is_declared(url):
            return False
        if is_local(url):
            return True
        hosts = hosts_of(self.configured)
        # An index may name files that lie elsewhere: whose they are is open where the project declares indexes too.
        return host_of(url) in hosts or bool(hosts and not hosts_of(self.declared))

    def names_index(self, index: str) -> bool:
        """Whether an index is one that this machine's configuration names, and the project does not."""
        if self.is_declared(index):
            return False
        return is_local(index) or index.rstrip("/") in {strip_credentials(one).rstrip("/") for one in self.configured}

    def is_declared(self, url: str) -> bool:
        """Whether the default index or a declared place holds the file at `url`."""
        if is_local(url):
            path = find_path(url, Path())
            return any(path.is_relative_to(_folder_of(one)) for one in self.declared if is_local(one))
        return host_of(url) in hosts_of(self.declared) or is_of_default_index(url, self.configured)

    def refuse(self, name: str, url: str) -> LockNotPortableError:
        """Say that `name` comes from a place that the project does not declare."""
        place = redact(url.rpartition("/")[0])
        known = next((one for one in self.configured if _leads_to(one, url)), None)
        index = redact(known) if known else place
        origin = self.origin(name)
        option = "find-links" if is_local(url) and known and not known.endswith("/simple") else "index-url"
        return LockNotPortableError(
            f"{f'{origin}: ' if origin else ''}{name} comes from {place}, which this machine's configuration names and "
            "the project does not: the lock would lead nowhere elsewhere.",
            hint=f"declare it in the project (--{option} {index}), or leave places out of the lock: "
            "pyve config set lock.format requirements.txt",
        )

    def origin(self, name: str) -> str:
        """The `file:line` that asks for `name`, empty where something else does."""
        wanted = normalise_name(name)
        return next((one.origin for one in self.requirements if one.name == wanted), "")


def _leads_to(place: str, url: str) -> bool:
    if is_local(place) != is_local(url):
        return False
    if not is_local(url):
        return host_of(place) == host_of(url)
    return find_path(url, Path()).is_relative_to(_folder_of(place))


def _folder_of(place: str) -> Path:
    """The directory below which the files of a local index or --find-links lie."""
    path = find_path(place, Path())
    return path.parent if path.name == "simple" else path
