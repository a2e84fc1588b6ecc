"""The bytes of a file that people write, as text and back: what is not changed in the text is not changed in them."""

import codecs
import locale
import re
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.errors import ManifestUnreadableError
from pyve.project.editing.editable_list import refuse_edit
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_as_pip_does, decode_utf8

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODING_LINE = re.compile(rb"^#.*?coding[:=]\s*([-\w.]+)")


@dataclass(frozen=True, kw_only=True)
class FileText:
    """A file's text; `raw` are the bytes it was read from, None for a file that is to be made."""

    path: Path
    shown: str
    text: str
    raw: bytes | None = None
    mark: bytes = b""
    encoding: str = "utf-8"

    def with_text(self, text: str) -> "FileText":
        """The same file with another text."""
        return replace(self, text=text)

    def encode(self) -> bytes:
        """The bytes; DeclarationNotEditableError for what the file's encoding does not have."""
        try:
            return self.mark + self.text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise refuse_edit(
                self.shown, f"is in {self.encoding}, which cannot hold that", hint="save the file as UTF-8"
            ) from error


def read_file_text(path: Path, *, shown: str, as_pip: bool) -> FileText:
    """Read `path`: a requirements file as pip does, else UTF-8. ManifestUnreadableError where that fails.

    Raises DeclarationNotEditableError for bytes that the text would not give back.
    """
    raw = read_manifest_bytes(path)
    if as_pip:
        text = decode_as_pip_does(raw, path)
        mark, encoding = _find_encoding(raw)
    else:
        text, encoding = decode_utf8(raw, path), "utf-8"
        mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    found = FileText(path=path, shown=shown, text=text, raw=raw, mark=mark, encoding=encoding)
    if found.encode() != raw:
        raise refuse_edit(shown, f"is in {encoding} in a way that cannot be kept", hint="save the file as UTF-8")
    return found


def begin_file(path: Path, *, shown: str) -> FileText:
    """The text of a file that is not there yet; ManifestUnreadableError for a link that leads to nothing."""
    if path.is_symlink():
        raise ManifestUnreadableError(f"{path} is a link to a file that is not there.", hint=f"ls -l {shown}")
    return FileText(path=path, shown=shown, text="")


def _find_encoding(raw: bytes) -> tuple[bytes, str]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return mark, encoding
    for line in raw.split(b"\n")[:2]:
        coding = _CODING_LINE.search(line)
        if coding:
            return b"", coding[1].decode("ascii", "replace")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return b"", locale.getpreferredencoding(do_setlocale=False)
    return b"", "utf-8"
