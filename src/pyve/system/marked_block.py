"""Lines of ours in a file of somebody else's, between two markers, so that taking them out restores every byte.

The opening marker says whether the line before it had an end; nothing else needs to be remembered about the file.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

_OPENING = b"# >>> pyve >>>"
_OPENING_AFTER_OPEN_LINE = b"# >>> pyve (the line above had no newline) >>>"
_CLOSING = b"# <<< pyve <<<"


@dataclass(frozen=True, kw_only=True)
class _Block:
    """The block's lines are `lines[start + 1 : end]`; the markers stand at `start` and `end`."""

    lines: list[bytes]
    start: int
    end: int


def insert_lines(content: bytes, lines: Sequence[bytes], *, above: bytes = b"", ending: bytes = b"") -> bytes:
    """`content` with those of `lines` that are not in its marked block yet added to it, the block made if missing.

    A new block stands at the end, or above the first line that holds `above`. `ending` ends our lines, by default as
    the file's own.
    """
    present = block_lines(content)
    new = [line for line in dict.fromkeys(lines) if line not in present]
    if not new:
        return content
    block = _find(content)
    ending = ending or (b"\r\n" if b"\r\n" in content else b"\n")
    rendered = [line + ending for line in new]
    if block is not None:
        return b"".join(block.lines[: block.end] + rendered + block.lines[block.end :])
    if above and above in content:
        start = content.rfind(b"\n", 0, content.index(above)) + 1
        return b"".join([content[:start], _OPENING + ending, *rendered, _CLOSING + ending, content[start:]])
    if content and not content.endswith(b"\n"):
        return content + ending + b"".join([_OPENING_AFTER_OPEN_LINE + ending, *rendered, _CLOSING + ending])
    return content + b"".join([_OPENING + ending, *rendered, _CLOSING + ending])


def remove_lines(content: bytes, lines: Collection[bytes]) -> bytes:
    """`content` without those of `lines` that stand in its marked block; the block goes with its last line."""
    block = _find(content)
    if block is None:
        return content
    inner = block.lines[block.start + 1 : block.end]
    left = [line for line in inner if line.rstrip(b"\r\n") not in lines]
    if left == inner:
        return content
    before, after = block.lines[: block.start], block.lines[block.end + 1 :]
    if left:
        return b"".join([*before, block.lines[block.start], *left, block.lines[block.end], *after])
    was_open = block.lines[block.start].rstrip(b"\r\n") == _OPENING_AFTER_OPEN_LINE
    if was_open and before and not after:
        ending = b"\r\n" if block.lines[block.start].endswith(b"\r\n") else b"\n"
        before[-1] = before[-1].removesuffix(ending)
    return b"".join(before + after)


def block_lines(content: bytes) -> tuple[bytes, ...]:
    """The lines of the marked block, without their ends; none when there is no block."""
    block = _find(content)
    if block is None:
        return ()
    return tuple(line.rstrip(b"\r\n") for line in block.lines[block.start + 1 : block.end])


def find_lone_mark(content: bytes) -> int | None:
    """The number of the first line that is a mark without its other one, which is gone or stands on the wrong side."""
    opened = None
    for number, line in enumerate(content.split(b"\n"), start=1):
        text = line.rstrip(b"\r")
        if text == _CLOSING:
            if opened is None:
                return number
            opened = None
        elif text in (_OPENING, _OPENING_AFTER_OPEN_LINE):
            if opened is not None:
                return opened
            opened = number
    return opened


def _find(content: bytes) -> _Block | None:
    """The last block that is whole and not empty; anything else between markers is the user's."""
    lines = [line + b"\n" for line in content.split(b"\n")]  # not splitlines: a lone CR ends no line
    lines[-1] = lines[-1].removesuffix(b"\n")
    if not lines[-1]:
        del lines[-1]
    end = None
    for number in range(len(lines) - 1, -1, -1):
        text = lines[number].rstrip(b"\r\n")
        if text == _CLOSING and lines[number].endswith(b"\n"):
            end = number
        elif text in (_OPENING, _OPENING_AFTER_OPEN_LINE) and end is not None:
            if end > number + 1:
                return _Block(lines=lines, start=number, end=end)
            end = None
    return None
