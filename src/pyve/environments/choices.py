"""What was chosen for a project outside its files, kept so that every later sync means the same."""

import hashlib
import json
import shlex
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pyve.errors import StateDamagedError
from pyve.system.files import write_atomically


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Options of `init` and `sync` that stay. None: not chosen, the project's files decide."""

    backend: str | None = None
    python: str | None = None
    extras: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    dev: bool | None = None
    ignore: bool | None = None  # whether .gitignore and .dockerignore may get lines

    def with_newer(self, newer: "Choices") -> "Choices":
        """These choices with every one that `newer` makes replaced."""
        made = {name: value for name, value in vars(newer).items() if value is not None}
        return replace(self, **made)

    def digest(self, *others: str) -> str:
        """SHA-256 of the choices and of `others`, which count beside them."""
        text = json.dumps([asdict(self), *others], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def read_choices(path: Path) -> Choices:
    """The choices at `path`; none made when there is no such file."""
    try:
        document = json.loads(path.read_text("utf-8"))
        for name in ("extras", "groups"):
            if document.get(name) is not None:
                document[name] = tuple(document[name])
        return Choices(**document)
    except FileNotFoundError:
        return Choices()
    except (ValueError, TypeError, AttributeError) as error:
        quoted = shlex.quote(str(path))
        hint = f"mv {quoted} {quoted}.damaged && pyve sync  # what was chosen by options is chosen anew"
        raise StateDamagedError(f"{path} is damaged: {error}.", hint=hint) from error


def write_choices(path: Path, choices: Choices) -> None:
    """Write `choices` atomically to `path`."""
    write_atomically(path, json.dumps(asdict(choices), sort_keys=True).encode())
