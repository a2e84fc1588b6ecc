"""What a failure means for a declaration that was put back: places in it are named as they are again."""

import copy
import difflib
import re
import shlex
from pathlib import Path

from pyve.errors import PyveError
from pyve.verbs.declaration_edit import DeclarationEdit
from pyve.verbs.file_changes import FileChange


def tell_put_back(error: PyveError, edit: DeclarationEdit, left: tuple[Path, ...]) -> PyveError:
    """The same error with one sentence more; a line that is not there any more is named by what was typed.

    `left` are files that somebody else has changed meanwhile, and that are therefore not put back.
    """
    names = tuple(dict.fromkeys(one.path.name for one in edit.files))
    be, were = ("is", "it was") if len(names) == 1 else ("are", "they were")
    told = tell_left(left) or f"nothing was changed: {' and '.join(names)} {be} as {were}"
    message, hint = error.message, error.hint or ""
    if not left:
        for file in edit.files:
            message, hint = _name_places(message, file, edit), _name_places(_drop_places(hint, file, edit), file, edit)
    same = copy.copy(error)
    same.message = f"{message}{chr(10) if chr(10) in message else ' '}{told[:1].upper()}{told[1:]}."
    same.args = (same.message,)
    same.hint = hint or None
    return same


def tell_left(left: tuple[Path, ...]) -> str:
    """That files were changed by somebody else meanwhile; empty where none was."""
    if not left:
        return ""
    names = " and ".join(dict.fromkeys(path.name for path in left))
    return f"meanwhile somebody else has changed {names}, which is left so; everything else is as it was"


def _drop_places(hint: str, file: FileChange, edit: DeclarationEdit) -> str:
    """A hint to correct a line that has gone again says what to type instead."""
    added = [one.name for one in edit.changes if one.action == "added"]
    if len(added) == 1:
        hint = hint.replace("declare it below `pip:`, then run it again", f"if pip has it: pyve add --pip {added[0]}")
    place = rf"{re.escape(file.path.name)}:\d+"
    hint = re.sub(rf"(correct the name) in {place}", r"\1", hint)
    return re.sub(rf"(?:correct|loosen) {place}(, then run it again)?", "ask for another version", hint)


def _name_places(text: str, file: FileChange, edit: DeclarationEdit) -> str:
    """`text` with the line numbers of the file as it is again, and new lines by what is in them."""
    old, new = (_split(content) for content in (file.before, file.after))
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    known = {block.b + step: block.a + step for block in blocks for step in range(block.size)}
    name = file.path.name
    typed = {one.line: one.after for one in edit.changes if one.file == name and one.after}

    def rename(found: re.Match[str]) -> str:
        line = int(found[1])
        if line - 1 in known:
            return f"{name}:{known[line - 1] + 1}"
        return f"pyve add {shlex.quote(typed[line])}" if line in typed else name

    return re.sub(rf"(?<![\w./-]){re.escape(name)}:(\d+)\b", rename, text)


def _split(content: bytes | None) -> list[bytes]:
    return (content or b"").splitlines()
