"""What nobody foresaw, told in one message: the traceback goes to a file."""

from pathlib import Path

from pyve.errors import InternalError


def tell_bug(error: Exception) -> InternalError:
    """Save the traceback to a file and say where it is."""
    import tempfile
    import traceback  # it imports tokenize and more: only a bug pays for it

    with tempfile.NamedTemporaryFile("w", prefix="pyve-bug-", suffix=".txt", delete=False, encoding="utf-8") as file:
        traceback.print_exception(error, file=file)
    return InternalError(
        f"This is a bug in pyve: {type(error).__name__}: {error}. The details are in {Path(file.name)}.",
        hint="report it with that file; `pyve check` may tell more",
    )
