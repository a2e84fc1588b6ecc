"""A package index that tests make up themselves: tiny real wheels and sdists, served by file or HTTP, with faults.

    index = PackageIndex(tmp_path / "index")
    index.add("alpha", "1.0", requires=["beta>=1"], scripts={"alpha": "alpha:main"})
    with index.serve() as url: ...            # http://127.0.0.1:PORT/simple
    index.file_url, index.find_links          # the same as a directory

The same call always makes the same bytes, so hashes may be compared between indexes.
"""

import base64
import hashlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.support.made_up_package import Package, make_sdist, make_wheel


@dataclass(frozen=True, kw_only=True)
class Faults:
    """How a served index misbehaves. Names are normalised package names."""

    basic_auth: tuple[str, str] | None = None  # 401 without exactly these
    refuse_with: int | None = None  # this status for everything
    unavailable_times: int = 0  # 503 for the first n requests
    delay_seconds: float = 0.0  # before every answer
    hang: bool = False  # accept and never answer
    corrupted: frozenset[str] = frozenset()  # files whose bytes are not those promised by their hash
    missing_files: frozenset[str] = frozenset()  # listed, but 404 when fetched


class PackageIndex:
    """A directory with `files/` and `simple/`, and the way to serve it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.find_links = directory / "files"
        self.requests: list[str] = []  # "GET /simple/alpha/", in order, of every serve()
        self.find_links.mkdir(parents=True)
        (directory / "simple").mkdir()

    @property
    def file_url(self) -> str:
        """The simple index as a file:// URL."""
        return (self.directory / "simple").as_uri()

    def add(
        self,
        name: str,
        version: str,
        *,
        requires: Sequence[str] = (),
        extras: Mapping[str, Sequence[str]] | None = None,
        scripts: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
        requires_python: str | None = None,
        sdist: bool = False,
    ) -> Path:
        """Add a pure Python wheel, or with `sdist` only a source distribution that builds offline; return the file."""
        package = Package(
            name=name,
            version=version,
            requires=tuple(requires),
            extras=extras or {},
            scripts=scripts or {},
            files=files or {},
            requires_python=requires_python,
        )
        if sdist:
            return self.add_file(f"{package.stem}.tar.gz", make_sdist(package))
        return self.add_file(f"{package.stem}-py3-none-any.whl", make_wheel(package))

    def add_broken_sdist(self, name: str, version: str, *, says: str = "the compiler is missing") -> Path:
        """Add a source distribution whose build prints `says` and fails."""
        package = Package(name=name, version=version)
        return self.add_file(f"{package.stem}.tar.gz", make_sdist(package, failing_with=says))

    def add_file(self, file_name: str, content: bytes) -> Path:
        """Add a distribution made elsewhere (a real wheel of pip, say); return where it lies."""
        path = self.find_links / file_name
        path.write_bytes(content)
        self._write_page(normalised(file_name.split("-", maxsplit=1)[0]))
        return path

    def hash_of(self, name: str, version: str) -> str:
        """`sha256:...` of the one file of that version, as a requirements file takes it."""
        (path,) = self.find_links.glob(f"{name.replace('-', '_').lower()}-{version}[-.][pt]*")
        return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()

    @contextmanager
    def serve(self, faults: Faults | None = None) -> Iterator[str]:
        """Serve on 127.0.0.1 while the block runs; the value is the index URL (no trailing slash)."""
        server = _Server(("127.0.0.1", 0), _Handler)
        server.index, server.faults, server.stopping = self, faults or Faults(), threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/simple"
        finally:
            server.stopping.set()
            server.shutdown()
            server.server_close()
            thread.join()

    def _write_page(self, project: str) -> None:
        files = [path for path in sorted(self.find_links.iterdir()) if normalised(path.name.split("-")[0]) == project]
        links = [
            f'<a href="../../files/{p.name}#sha256={hashlib.sha256(p.read_bytes()).hexdigest()}">{p.name}</a><br>\n'
            for p in files
        ]
        page = self.directory / "simple" / project / "index.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text("<!DOCTYPE html>\n<html><body>\n" + "".join(links) + "</body></html>\n", encoding="utf-8")


def normalised(name: str) -> str:
    """A project name as PEP 503 writes it."""
    return name.replace("_", "-").replace(".", "-").lower()


class _Server(ThreadingHTTPServer):
    index: PackageIndex
    faults: Faults
    stopping: threading.Event
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()  # uv asks whether a wheel can be read in ranges (it cannot: no Accept-Ranges)

    def _respond(self) -> None:
        index, faults = self.server.index, self.server.faults
        index.requests.append(f"{self.command} {self.path}")
        if faults.hang:
            self.server.stopping.wait()
            self.close_connection = True
            return
        time.sleep(faults.delay_seconds)
        if faults.refuse_with is not None:
            self._answer(faults.refuse_with, b"refused")
            return
        if len(index.requests) <= faults.unavailable_times:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"later")
            return
        if faults.basic_auth is not None and not self._is_authorised(faults.basic_auth):
            self._answer(HTTPStatus.UNAUTHORIZED, b"who are you?", {"WWW-Authenticate": 'Basic realm="index"'})
            return
        self._serve_file(unquote(urlsplit(self.path).path))

    def _serve_file(self, path: str) -> None:
        index, faults = self.server.index, self.server.faults
        target = index.directory / path.strip("/")
        if path.startswith("/simple/"):
            target = index.directory / "simple" / normalised(path.split("/")[2]) / "index.html"
        project = normalised(target.name.split("-")[0])
        if not target.is_file() or (path.startswith("/files/") and project in faults.missing_files):
            self._answer(HTTPStatus.NOT_FOUND, b"no such thing")
            return
        content = target.read_bytes()
        if path.startswith("/files/") and project in faults.corrupted:
            content = content.replace(b"Generator: tests", b"Generator: thief")
        kind = "text/html; charset=utf-8" if target.suffix == ".html" else "application/octet-stream"
        self._answer(HTTPStatus.OK, content, {"Content-Type": kind})

    def _is_authorised(self, expected: tuple[str, str]) -> bool:
        token = base64.b64encode(":".join(expected).encode()).decode()
        return self.headers.get("Authorization") == f"Basic {token}"

    def _answer(self, status: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name in the standard library)
        """Nothing on stderr: the request log is PackageIndex.requests."""
