"""A channel over HTTP on 127.0.0.1, with whatever goes wrong on the way.

    with ChannelServer(channel.path) as server: server.url
    with ChannelServer(channel.path, basic=("me", "secret")) as server: ...
    with ChannelServer(channel.path, refuse(503, "tiny-1.0-pyh0_0.conda", times=1), hang(".zst")) as server: ...

Requests that a fault's `suffix` fits (by the end of the path; "" fits all) misbehave, `times` times or always.
"""

import base64
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Literal
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One way to misbehave; made by the functions below."""

    kind: Literal["refuse", "corrupt", "truncate", "slow", "hang", "redirect"]
    suffix: str
    times: int | None = None  # None: always
    status: int = 0
    bytes_per_second: int = 0
    target: str = ""


def refuse(status: int, suffix: str = "", *, times: int | None = None) -> Fault:
    """Answer with this status."""
    return Fault(kind="refuse", suffix=suffix, times=times, status=status)


def corrupt(suffix: str, *, times: int | None = None) -> Fault:
    """Send a body of the right length with a byte in the middle turned over."""
    return Fault(kind="corrupt", suffix=suffix, times=times)


def truncate(suffix: str, *, times: int | None = None) -> Fault:
    """Promise the whole body, send half of it and hang up."""
    return Fault(kind="truncate", suffix=suffix, times=times)


def slow(suffix: str, *, bytes_per_second: int, times: int | None = None) -> Fault:
    """Send the body in small pieces, at this speed."""
    return Fault(kind="slow", suffix=suffix, times=times, bytes_per_second=bytes_per_second)


def hang(suffix: str = "", *, times: int | None = None) -> Fault:
    """Never answer while the server runs."""
    return Fault(kind="hang", suffix=suffix, times=times)


def redirect(target: str, suffix: str = "", *, times: int | None = None) -> Fault:
    """Send to the same path below another base URL."""
    return Fault(kind="redirect", suffix=suffix, times=times, target=target)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as it came, and what it was answered with (0: nothing)."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case


class ChannelServer:
    """Serves a directory while the block runs. With `basic`, `bearer` or `token` (/t/TOKEN/...) the rest is 401."""

    def __init__(
        self,
        directory: Path,
        *faults: Fault,
        basic: tuple[str, str] | None = None,
        bearer: str | None = None,
        token: str | None = None,
    ) -> None:
        self.directory = directory.resolve()
        self.basic, self.bearer, self.token = basic, bearer, token
        self.requests: list[Request] = []  # in the order of the answers
        self.stopping = threading.Event()
        self._faults = faults
        self._left = [fault.times for fault in faults]
        self._lock = threading.Lock()
        self._http: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._http is not None, "the server is not started"
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """The base URL, without credentials and trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def requested(self, suffix: str = "") -> list[str]:
        """The paths that were asked for (not by HEAD) and that end so."""
        return [each.path for each in self.requests if each.method == "GET" and each.path.endswith(suffix)]

    def take_fault(self, path: str) -> Fault | None:
        """The first fault for this path that is not used up, counted down."""
        with self._lock:
            for number, fault in enumerate(self._faults):
                left = self._left[number]
                if not path.endswith(fault.suffix) or left == 0:
                    continue
                self._left[number] = None if left is None else left - 1
                return fault
        return None

    def __enter__(self) -> "ChannelServer":  # noqa: PYI034  (typing.Self comes with Python 3.11)
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.channel = self
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._http is not None
        assert self._thread is not None
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    channel: ChannelServer
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64  # engines open many connections at once

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing on stderr: clients are killed in the middle of things."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def _respond(self) -> None:
        path = self._authorised_path(unquote(urlsplit(self.path).path))
        if path is None:
            challenge = 'Basic realm="channel"' if self.server.channel.basic else "Bearer"
            self._answer(HTTPStatus.UNAUTHORIZED, b"who are you?", {"WWW-Authenticate": challenge})
            return
        fault = self.server.channel.take_fault(path)
        if fault is not None and fault.kind == "hang":
            self._note(0)
            self.server.channel.stopping.wait()
            self.close_connection = True
        elif fault is not None and fault.kind == "refuse":
            self._answer(fault.status, b"refused")
        elif fault is not None and fault.kind == "redirect":
            self._answer(HTTPStatus.FOUND, headers={"Location": fault.target.rstrip("/") + self.path})
        else:
            self._send_file(path, fault)

    def _authorised_path(self, path: str) -> str | None:
        """The path below the channel; None where the credentials are missing or others."""
        channel, given = self.server.channel, self.headers.get("Authorization", "")
        if channel.basic is not None:
            wanted = "Basic " + base64.b64encode(":".join(channel.basic).encode()).decode()
            return path if given == wanted else None
        if channel.bearer is not None:
            return path if given == f"Bearer {channel.bearer}" else None
        if channel.token is not None:
            start = f"/t/{channel.token}/"
            return path.removeprefix(start[:-1]) if path.startswith(start) else None
        return path

    def _send_file(self, path: str, fault: Fault | None) -> None:
        file = (self.server.channel.directory / path.lstrip("/")).resolve()
        if not file.is_file() or not file.is_relative_to(self.server.channel.directory):
            self._answer(HTTPStatus.NOT_FOUND, b"no such file")
            return
        status = file.stat()
        headers = {"ETag": f'"{status.st_mtime_ns:x}-{status.st_size:x}"', "Accept-Ranges": "bytes"}
        if self.headers.get("If-None-Match") == headers["ETag"]:
            self._answer(HTTPStatus.NOT_MODIFIED, headers=headers)
            return
        body = file.read_bytes()
        if fault is not None and fault.kind == "corrupt":
            middle = len(body) // 2
            body = body[:middle] + bytes([body[middle] ^ 0xFF]) + body[middle + 1 :]
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if wanted and any(wanted.groups()):
            first, last = _range_of(wanted[1], wanted[2], len(body))
            headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
            self._answer(HTTPStatus.PARTIAL_CONTENT, body[first : last + 1], headers, fault)
        else:
            self._answer(HTTPStatus.OK, body, headers, fault)

    def _answer(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, fault: Fault | None = None
    ) -> None:
        self._note(status)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is not None and fault.kind == "truncate":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif fault is not None and fault.kind == "slow":
            self._trickle(body, fault.bytes_per_second)
        else:
            self.wfile.write(body)

    def _trickle(self, body: bytes, bytes_per_second: int) -> None:
        pieces_per_second = 20
        step = max(1, bytes_per_second // pieces_per_second)
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            if self.server.channel.stopping.wait(step / bytes_per_second):
                self.close_connection = True
                return

    def _note(self, status: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.channel.requests.append(
            Request(method=self.command, path=self.path, status=status, headers=headers)
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name in the standard library)
        """Nothing on stderr: the log is ChannelServer.requests."""


def _range_of(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and last byte that `bytes=FIRST-LAST` asks for (RFC 9110, 14.1.2)."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
