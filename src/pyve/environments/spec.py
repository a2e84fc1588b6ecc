"""What an environment shall be: everything declared that decides which packages it holds, and its fingerprint."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pyve.project.declaration import Declaration

FINGERPRINT_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class EnvironmentSpec:
    """One environment as declared.

    `python` is the canonical text of the request, not of what was found; `options` are declared settings of the
    backend that change what is built. The name is for people and does not count.
    """

    name: str
    backend: str
    python: str
    python_source: str
    declaration: Declaration
    options: Mapping[str, object]

    def fingerprint(self, platform: str) -> str:
        """SHA-256 (hexadecimal) of the canonical JSON of everything declared, for this platform."""
        demand = {
            "format": FINGERPRINT_FORMAT,
            "backend": self.backend,
            "platform": platform,
            "python": self.python,
            "declared": self.declaration.canonical_form(),
            "options": dict(self.options),
        }
        text = json.dumps(demand, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()
