"""Paths of Windows as the shells have them that come with Git for Windows and MSYS2. Pure."""


def to_posix(path: str, *, platform: str) -> str:
    r"""On Windows `C:\a b` as `/c/a b`, and `\\server\share` as `//server/share`; elsewhere the path as it is.

    These shells understand the other form too, but not where a colon separates entries, and not in their own walks.
    """
    if platform != "win32":
        return path
    forward = path.replace("\\", "/")
    if forward[1:3] == ":/" and forward[0].isalpha():
        return f"/{forward[0].lower()}{forward[2:]}"
    return forward


def to_posix_list(entries: str, *, platform: str) -> str:
    """The value of a PATH of Windows as these shells have it."""
    if platform != "win32":
        return entries
    return ":".join(to_posix(entry, platform=platform) for entry in entries.split(";"))
