"""Fetching one file whose SHA-256 is known, over HTTP, from a server or a network that may fail."""

import base64
import hashlib
import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors.conda import DownloadFailedError, DownloadRefusedError
from pyve.project.credentials import strip_credentials
from pyve.system.files import tell_disk_errors

CHECK_SOURCE = "do not run it; check where it came from (conda.download-url, PYVE_MICROMAMBA_URL)"

_CHUNK = 1 << 16
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a silent server is waited for, how often it is asked, and the first pause, which doubles each time."""

    silence_seconds: float = 30.0
    attempts: int = 4
    pause_seconds: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file to fetch: `name` is for people. More than `most_bytes` is no file that is wanted."""

    url: str
    sha256: str
    name: str
    most_bytes: int = 200_000_000


class _BrokenOffError(Exception):
    """What may go better the next time."""


def fetch_file(
    download: Download,
    destination: Path,
    progress: Progress,
    *,
    patience: Patience | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Write the file to `destination`, which is absent; it stays only when it is the one that is wanted.

    Certificates are those of ssl's default context (SSL_CERT_FILE); proxies those of the environment. Raises
    DownloadFailedError, DownloadRefusedError, DiskFullError and PathNotWritableError.
    """
    patience = patience or Patience()
    try:
        for attempt in range(patience.attempts):
            if attempt:
                sleep(patience.pause_seconds * 2 ** (attempt - 1))
                progress(ProgressEvent(phase="download", message=f"{download.name}: trying again"))
            try:
                digest = _fetch_once(download, destination, progress, patience)
            except _BrokenOffError as error:
                reason = str(error)
                continue
            _require_digest(download, digest)
            return
        raise _failed(download, f"{reason} ({patience.attempts} attempts)")
    except BaseException:
        destination.unlink(missing_ok=True)
        raise


def _fetch_once(download: Download, destination: Path, progress: Progress, patience: Patience) -> str:
    """The SHA-256 of what came."""
    try:
        with _open(download, patience) as response, tell_disk_errors(destination), destination.open("wb") as file:
            return _copy(response, file, download, progress)
    except urllib.error.HTTPError as error:
        with error:
            reason = f"the server says {error.code} {error.reason}".rstrip()
        if error.code in _WORTH_ANOTHER_TRY:
            raise _BrokenOffError(reason) from error
        raise _failed(download, reason) from error
    except TimeoutError as error:
        raise _BrokenOffError("the server is silent") from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _BrokenOffError("the server is silent") from error
        raise _BrokenOffError(f"the server cannot be reached: {error.reason}") from error
    except (http.client.HTTPException, ConnectionError) as error:
        raise _BrokenOffError(f"the connection broke off: {str(error) or type(error).__name__}") from error


def _open(download: Download, patience: Patience) -> http.client.HTTPResponse:
    parts = urlsplit(download.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _failed(download, "it is not a URL that begins with https:// or http://")
    place = parts.hostname + (f":{parts.port}" if parts.port else "")
    request = urllib.request.Request(urlunsplit(parts._replace(netloc=place)))
    request.add_header("User-Agent", "pyve")
    if parts.username is not None:
        word = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(word).decode())
    opener = urllib.request.build_opener(NoWayDown(download))
    response = opener.open(request, timeout=patience.silence_seconds)
    assert isinstance(response, http.client.HTTPResponse)
    return response


class NoWayDown(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but none from https to anything else."""

    def __init__(self, download: Download) -> None:
        self._download = download

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Refuse what is less than what was asked for."""
        allowed = ("https",) if req.type == "https" else ("https", "http")
        if urlsplit(newurl).scheme not in allowed:
            fp.close()
            raise _failed(self._download, f"it redirects from {req.type} to {strip_credentials(newurl)}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _copy(response: http.client.HTTPResponse, file: IO[bytes], download: Download, progress: Progress) -> str:
    announced = response.headers.get("Content-Length", "")
    total = int(announced) if announced.isdecimal() else None
    digest, done = hashlib.sha256(), 0
    while chunk := response.read(_CHUNK):
        done += len(chunk)
        if done > download.most_bytes:
            limit = f"more than {download.most_bytes // 1_000_000} MB"
            raise DownloadRefusedError(
                f"{_shown(download)} is {limit}, which no {download.name} is.", hint=CHECK_SOURCE
            )
        digest.update(chunk)
        file.write(chunk)
        message = f"Downloading {download.name}"
        progress(ProgressEvent(phase="download", message=message, done=done, total=total, unit="bytes"))
    if total is not None and done < total:
        raise _BrokenOffError(f"it broke off after {done} of {total} bytes")
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest()


def _require_digest(download: Download, digest: str) -> None:
    if digest != download.sha256:
        raise DownloadRefusedError(
            f"{_shown(download)} is not the {download.name} that is known: its SHA-256 is {digest}, "
            f"not {download.sha256}. Nothing was installed.",
            hint=CHECK_SOURCE,
        )


def _failed(download: Download, reason: str) -> DownloadFailedError:
    return DownloadFailedError(
        f"{_shown(download)} cannot be downloaded: {reason}.",
        hint="check the connection and the proxy, or name a mirror: pyve config set --user conda.download-url URL",
    )


def _shown(download: Download) -> str:
    return strip_credentials(download.url)
