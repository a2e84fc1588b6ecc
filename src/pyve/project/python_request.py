"""Which Python is asked for: parsed once from a version, a range or a name."""

from dataclasses import dataclass

from pyve.system.interpreters import Interpreter


@dataclass(frozen=True, kw_only=True)
class PythonRequest:
    """A demand on the interpreter. Make one with `parse_python_request` or `any_python`.

    `text` is as the user wrote it ("" when nothing was asked), `source` says where ("argument", ".python-version", ...).
    """

    text: str
    source: str
    specifier: str = ""  # PEP 440; "" accepts every version
    implementation: str | None = None
    free_threaded: bool = False
    prereleases: bool = False
    also: str = ""  # requires-python, where it says more than the specifier
    pin_text: str | None = None  # what a pin file would hold; None for a range
    passed_over: tuple[str, ...] = ()  # evidence: weaker answers that this one beat

    def accepts(self, interpreter: Interpreter) -> bool:
        """Whether this interpreter is what was asked for; pre-releases and free-threaded builds only when asked."""
        raise NotImplementedError

    @property
    def is_any(self) -> bool:
        """Whether nothing at all was asked."""
        raise NotImplementedError

    @property
    def is_pin(self) -> bool:
        """Whether one version or one minor is named."""
        return self.pin_text is not None

    @property
    def canonical(self) -> str:
        """The same text for every spelling of the same demand; what the fingerprint counts."""
        raise NotImplementedError


def parse_python_request(text: str, *, source: str) -> PythonRequest:
    """Understand `text` or raise PythonRequestInvalidError."""
    raise NotImplementedError


def any_python() -> PythonRequest:
    """The request of a project that asks for nothing."""
    return PythonRequest(text="", source="default")
