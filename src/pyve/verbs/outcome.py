"""What a verb returns: data for the result, sentences for people, problems for both, and the exit status."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pyve.errors import PyveError

Data_co = TypeVar("Data_co", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something wrong that did not stop the verb: a stable kebab-case code, a sentence, what to type next."""

    code: str
    message: str
    hint: str | None = None

    @classmethod
    def of(cls, error: PyveError) -> "Problem":
        """The problem that `error` would have ended the verb with."""
        return cls(code=error.code, message=error.message, hint=error.hint)


@dataclass(frozen=True, kw_only=True)
class Outcome(Generic[Data_co]):
    """The end of a verb that ran. `notes` are shown on stderr, `data` on stdout; 0, 1 and 8 are its exit statuses."""

    data: Data_co
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    exit_status: int = 0
