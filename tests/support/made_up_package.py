"""Made-up distributions: real wheels, sdists and source trees, pure Python, the same bytes every time."""

import base64
import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BACKEND = Path(__file__).with_name("in_tree_backend.py")


@dataclass(frozen=True, kw_only=True)
class Package:
    """What one made-up distribution consists of."""

    name: str
    version: str
    requires: tuple[str, ...] = ()
    extras: Mapping[str, Sequence[str]] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)  # command -> "module:function"
    files: Mapping[str, str] = field(default_factory=dict)  # path inside the wheel -> text
    requires_python: str | None = None

    @property
    def module(self) -> str:
        """The one top-level module every made-up package has."""
        return self.name.replace("-", "_").lower()

    @property
    def stem(self) -> str:
        """How the file names of this version begin."""
        return f"{self.module}-{self.version}"

    def contents(self) -> dict[str, str]:
        """Every file of the wheel but its metadata: a module that knows its version and prints it in main()."""
        body = (
            f"import sys\n__version__ = {self.version!r}\n\n\n"
            f"def main():\n    print({self.name!r}, __version__, *sys.argv[1:])\n"
        )
        return {f"{self.module}.py": body, **self.files}

    def metadata(self) -> str:
        """METADATA, version 2.1."""
        lines = ["Metadata-Version: 2.1", f"Name: {self.name}", f"Version: {self.version}"]
        if self.requires_python:
            lines.append(f"Requires-Python: {self.requires_python}")
        lines += [f"Requires-Dist: {requirement}" for requirement in self.requires]
        for extra, requirements in self.extras.items():
            lines.append(f"Provides-Extra: {extra}")
            lines += [_with_extra(requirement, extra) for requirement in requirements]
        return "\n".join(lines) + "\n"

    def entry_points(self) -> str:
        """entry_points.txt, empty when there are no scripts."""
        return "[console_scripts]\n" + "".join(f"{k} = {v}\n" for k, v in self.scripts.items()) if self.scripts else ""


def make_wheel(package: Package) -> bytes:
    """The bytes of a py3-none-any wheel: valid, with RECORD, the same every time."""
    info = f"{package.stem}.dist-info"
    files = {path: text.encode() for path, text in package.contents().items()}
    files[f"{info}/METADATA"] = package.metadata().encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    if package.scripts:
        files[f"{info}/entry_points.txt"] = package.entry_points().encode()
    record = "".join(f"{path},{_record_digest(content)},{len(content)}\n" for path, content in files.items())
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, date_time=(2020, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def make_sdist(package: Package, *, failing_with: str | None = None) -> bytes:
    """The bytes of a source distribution that carries its own build backend, so that building needs no index."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, text in project_files(package, failing_with=failing_with).items():
            entry = tarfile.TarInfo(f"{package.stem}/{path}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    compressed = io.BytesIO()
    with gzip.GzipFile(fileobj=compressed, mode="wb", mtime=0, filename="") as stream:
        stream.write(buffer.getvalue())
    return compressed.getvalue()


def project_files(package: Package, *, failing_with: str | None = None) -> dict[str, str]:
    """A source tree with a self-contained build backend (wheel, sdist and editable)."""
    pyproject = '[build-system]\nrequires = []\nbuild-backend = "in_tree_backend"\nbackend-path = ["."]\n\n[project]\n'
    pyproject += f"name = {json.dumps(package.name)}\nversion = {json.dumps(package.version)}\n"
    if package.requires_python:
        pyproject += f"requires-python = {json.dumps(package.requires_python)}\n"
    pyproject += f"dependencies = {json.dumps(list(package.requires))}\n"
    if package.scripts:
        pyproject += "\n[project.scripts]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in package.scripts.items())
    if package.extras:
        pyproject += "\n[project.optional-dependencies]\n"
        pyproject += "".join(f"{k} = {json.dumps(list(v))}\n" for k, v in package.extras.items())
    plan = {
        "stem": package.stem,
        "metadata": package.metadata(),
        "entry_points": package.entry_points(),
        "files": sorted(package.contents()),
        "failing_with": failing_with,
    }
    return {
        "PKG-INFO": package.metadata(),
        "pyproject.toml": pyproject,
        "plan.json": json.dumps(plan, indent=1),
        "in_tree_backend.py": BACKEND.read_text(encoding="utf-8"),
        **package.contents(),
    }


def write_project(directory: Path, package: Package) -> Path:
    """Write that source tree to `directory`, ready for an editable install without any index."""
    for path, text in project_files(package).items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return directory


def _with_extra(requirement: str, extra: str) -> str:
    text, _, marker = requirement.partition(";")
    condition = f'extra == "{extra}"' if not marker.strip() else f'({marker.strip()}) and extra == "{extra}"'
    return f"Requires-Dist: {text.strip()} ; {condition}"


def _record_digest(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
