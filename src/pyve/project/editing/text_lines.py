"""Lines put into a text and taken out of it; its line ends, and whether its last line has one, stay."""

LINE_ENDS = ("\r\n", "\n", "\r")


def insert_lines(text: str, after: int, lines: list[str]) -> str:
    """Put `lines` behind the first `after` lines of `text`."""
    there = text.splitlines(keepends=True)
    newline = find_line_end(there, after)
    if after and not split_line_end(there[after - 1])[1]:  # the last line of a text that does not end with a line end
        there[after - 1] += newline
        return "".join(there) + newline.join(lines)
    return "".join([*there[:after], *(line + newline for line in lines), *there[after:]])


def remove_lines(text: str, first: int, last: int) -> str:
    """Take the lines `first` to `last`, counted from 0, out of `text`."""
    there = text.splitlines(keepends=True)
    is_open = last == len(there) - 1 and not split_line_end(there[last])[1]
    left = [*there[:first], *there[last + 1 :]]
    if is_open and left:
        left[-1] = split_line_end(left[-1])[0]
    return "".join(left)


def find_line_end(lines: list[str], near: int = 0) -> str:
    """Return the line end that a new line behind the first `near` of `lines` gets: that of its neighbour."""
    for line in (*reversed(lines[:near]), *lines[near:]):
        found = split_line_end(line)[1]
        if found in LINE_ENDS:
            return found
    return "\n"


def split_line_end(line: str) -> tuple[str, str]:
    """Return a line without its end, and the end."""
    bare = "".join(line.splitlines())
    return bare, line[len(bare) :]


def line_of_offset(text: str, offset: int) -> int:
    """Return the number, from 1, of the line in which `offset` lies."""
    return len(text[: offset + 1].splitlines()) if offset < len(text) else len(f"{text}x".splitlines())


def start_of_line(text: str, offset: int) -> int:
    """Return the offset at which the line of `offset` begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
