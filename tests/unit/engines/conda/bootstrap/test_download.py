"""Redirects that a test's server cannot make, since it has no certificate."""

import http.client
import io
import urllib.request

import pytest

from pyve.engines.conda.bootstrap.download import Download, NoWayDown
from pyve.errors.conda import DownloadFailedError

WANTED = Download(url="https://mirror.example/micromamba", sha256="0" * 64, name="micromamba")


def redirect(url: str, target: str) -> "urllib.request.Request | None":
    handler = NoWayDown(WANTED)
    request = urllib.request.Request(url)
    return handler.redirect_request(request, io.BytesIO(), 302, "Found", http.client.HTTPMessage(), target)


def test_redirect_from_https_to_http_is_not_followed() -> None:
    with pytest.raises(DownloadFailedError, match=r"it redirects from https to http://other\.example/x"):
        redirect("https://mirror.example/micromamba", "http://me:secret@other.example/x")


@pytest.mark.parametrize("url", ["https://mirror.example/x", "http://mirror.example/x"])
def test_redirect_to_https_is_followed(url: str) -> None:
    followed = redirect(url, "https://other.example/x")

    assert followed is not None
    assert followed.full_url == "https://other.example/x"
