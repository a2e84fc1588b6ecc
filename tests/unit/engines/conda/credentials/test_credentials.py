"""Credentials of channels: where they are found, where they are sent, and that nothing shows them."""

import base64
import copy
import json
import pickle
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import pytest

from pyve.engines.conda.credentials.credentials import Credentials, read_credentials
from pyve.engines.conda.credentials.server_place import server_of
from pyve.engines.conda.rattler.network import find_ambiguous, find_headers
from pyve.project.conda.channel import Channel
from pyve.project.conda.channel_names import resolve_channels
from pyve.project.conda.settings import UserCondaSettings

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and scripts are those of POSIX")
PASSWORD = "hunter2/hünter@2"


def channels_of(*texts: str, mirrors: Mapping[str, str] | None = None) -> Sequence[Channel]:
    return resolve_channels(
        texts,
        root=PurePosixPath("/shop"),
        settings=UserCondaSettings(mirrors=mirrors or {}),
        environment={},
        default=(),
        windows=False,
    ).channels


def read(
    *texts: str,
    home: Path,
    environment: Mapping[str, str] | None = None,
    mirrors: Mapping[str, str] | None = None,
    keyring: bool = False,
) -> Credentials:
    return read_credentials(
        channels_of(*texts, mirrors=mirrors), environment=environment or {}, home=home, keyring=keyring
    )


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def write(path: Path, content: str | Mapping[str, object], mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_public_channel_needs_nothing(home: Path) -> None:
    credentials = read("conda-forge", "/srv/channel", home=home)
    assert credentials.headers_for("https://conda.anaconda.org/conda-forge/noarch/a-1-0.conda") == {}
    assert (credentials.reveal_headers(), credentials.reveal_tokens(), credentials.notes) == ({}, {}, ())


def test_user_and_password_of_a_url_go_to_what_lies_below_it_alone(home: Path) -> None:
    credentials = read("https://me:p%40ss@channel.example:8443/lab", "https://channel.example/other", home=home)
    sent = basic("me", "p@ss")
    assert credentials.headers_for("https://channel.example:8443/lab/noarch/repodata.json") == sent
    assert credentials.reveal_headers() == {"channel.example:8443/lab": sent}
    for other in (
        *("https://channel.example/lab/noarch/repodata.json", "https://channel.example:8443/laboratory/noarch/x"),
        *("http://channel.example:8443/lab/x", "https://channel.example:8443.evil.example/lab/x"),
        *("https://evil.example/lab/x", "https://evil.example/https://channel.example:8443/lab/x"),
    ):
        assert credentials.headers_for(other) == {}


@pytest.mark.parametrize("place", ["channel.example", "channel.example:8443", "127.0.0.1:8080", "[::1]:8080"])
def test_what_rattler_is_told_goes_to_no_other_host(home: Path, place: str) -> None:
    headers = read(f"https://me:secret@{place}/lab", "https://other.example/lab", home=home).reveal_headers()
    host = place if place.endswith("example") else place.rpartition(":")[0]
    assert find_headers(headers, host, "/lab/noarch/repodata.json") == basic("me", "secret")
    for other in ("other.example", "evil.example", "example", "", f"{host}.evil.example"):
        assert find_headers(headers, other, "/lab/noarch/repodata.json") is None


@pytest.mark.parametrize(
    "other",
    [
        *("https://channel.example:8443/lab", "http://channel.example/lab", "http://CHANNEL.example/elsewhere"),
        *("http://me@channel.example/x/../lab", "https://channel.example:8443/public/%2e%2E/lab"),
    ],
)
def test_what_rattler_is_told_goes_to_no_other_port(home: Path, other: str) -> None:
    credentials = read("https://me:secret@channel.example/lab", "https://channel.example:8443/public", home=home)
    headers = credentials.reveal_headers_beside([])
    assert find_headers(headers, "channel.example", "/lab/noarch/repodata.json") == basic("me", "secret")
    assert find_headers(headers, "channel.example", "/public/noarch/repodata.json") is None
    assert find_ambiguous(headers) == ""

    headers = credentials.reveal_headers_beside([f"{other}/a-1.0-0.conda"])
    assert find_headers(headers, "channel.example", "/lab/a-1.0-0.conda") is None
    assert find_ambiguous(headers) == "channel.example:443/lab"


@pytest.mark.parametrize("spelt", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "127.0.0.1.", "%3127.0.0.1"])
def test_a_server_is_known_by_every_spelling_of_its_address(spelt: str) -> None:
    assert server_of(f"http://{spelt}:8080/noarch") == "127.0.0.1:8080"


def test_an_address_in_version_6_has_one_spelling() -> None:
    assert server_of("http://[0:0::1]/noarch") == "[::1]:80"


def test_the_longest_base_on_a_server_wins(home: Path) -> None:
    credentials = read("https://a:secret-a@channel.example/x", "https://b:secret-b@channel.example/x/y", home=home)
    assert credentials.headers_for("https://channel.example/x/noarch/a") == basic("a", "secret-a")
    assert credentials.headers_for("https://channel.example/x/y/noarch/a") == basic("b", "secret-b")


def test_a_token_is_put_into_the_path_and_sent_in_no_header(home: Path) -> None:
    credentials = read("https://channel.example/pre/t/tk-sesame/lab", home=home)
    assert credentials.headers_for("https://channel.example/pre/lab/noarch/a-1-0.conda") == {}
    assert credentials.reveal_tokens() == {
        "https://channel.example/pre/lab": "https://channel.example/pre/t/tk-sesame/lab"
    }


def test_a_mirror_gets_its_own_credentials(home: Path) -> None:
    credentials = read(
        "https://channel.example/lab",
        home=home,
        mirrors={"https://channel.example": "https://me:secret@mirror.example/t/tk-sesame"},
    )
    assert credentials.headers_for("https://mirror.example/lab/noarch/x") == basic("me", "secret")
    assert credentials.reveal_tokens() == {"https://mirror.example/lab": "https://mirror.example/t/tk-sesame/lab"}
    assert set(credentials.reveal_headers()) == {"mirror.example:443/lab", "mirror.example:443/t/tk-sesame/lab"}
    assert credentials.headers_for("https://channel.example/lab/noarch/x") == {}


def test_netrc_is_asked_for_the_host(home: Path) -> None:
    write(
        home / ".netrc",
        "# mine\nmachine other.example login you password other-secret\n"
        "machine channel.example\n  login me\n  password s3cret;x\n"
        "machine channel.example:8443 login port password port-secret\n"
        "default login anyone password everywhere\n",
    )
    credentials = read(
        *("https://channel.example/a", "https://channel.example:8443/a", "https://third.example/a"), home=home
    )
    assert credentials.headers_for("https://channel.example/a/x") == basic("me", "s3cret;x")
    assert credentials.headers_for("https://channel.example:8443/a/x") == basic("port", "port-secret")
    assert credentials.headers_for("https://third.example/a/x") == {}
    assert credentials.notes == ()


def test_netrc_of_windows_and_the_one_of_the_variable_are_read(home: Path, tmp_path: Path) -> None:
    write(home / "_netrc", "machine channel.example login windows password of-windows\n")
    assert read("https://channel.example/a", home=home).headers_for("https://channel.example/a") == basic(
        "windows", "of-windows"
    )
    other = write(tmp_path / "my netrc", "machine channel.example login other password of-variable\n")
    credentials = read("https://channel.example/a", home=home, environment={"NETRC": str(other)})
    assert credentials.headers_for("https://channel.example/a") == basic("other", "of-variable")


def test_what_stands_in_the_url_wins_over_netrc(home: Path) -> None:
    write(home / ".netrc", "machine channel.example login me password of-netrc\n")
    credentials = read("https://you:of-url@channel.example/a", "https://channel.example/b", home=home)
    assert credentials.headers_for("https://channel.example/a/x") == basic("you", "of-url")
    assert credentials.headers_for("https://channel.example/b/x") == basic("me", "of-netrc")


def test_a_user_without_password_gets_that_users_from_netrc(home: Path) -> None:
    write(home / ".netrc", "machine channel.example login me password of-netrc\n")
    mine = read("https://me@channel.example/a", home=home)
    assert mine.headers_for("https://channel.example/a/x") == basic("me", "of-netrc")
    other = read("https://tk-alone@channel.example/a", home=home)
    assert other.headers_for("https://channel.example/a/x") == basic("tk-alone", "")


@needs_posix
def test_a_netrc_that_others_can_read_is_used_and_said(home: Path) -> None:
    file = write(home / ".netrc", "machine channel.example login me password of-netrc\n", mode=0o644)
    credentials = read("https://channel.example/a", home=home)
    assert credentials.headers_for("https://channel.example/a") == basic("me", "of-netrc")
    assert credentials.notes == (f"Other users can read {file}, which holds credentials: chmod 600 {file}",)
    assert read("https://elsewhere.example/a", home=home).notes == ()


@pytest.mark.parametrize(
    "content", ["machine channel.example login me password hunter2 hunter2\n", "hunter2", "machine", "\x00\udcff"]
)
def test_a_netrc_that_cannot_be_understood_is_said_without_quoting_it(home: Path, content: str) -> None:
    (home / ".netrc").write_bytes(content.encode("utf-8", "surrogateescape"))
    credentials = read("https://channel.example/a", "https://channel.example/b", home=home)
    assert len(credentials.notes) == 1
    assert ".netrc" in credentials.notes[0]
    assert "hunter2" not in credentials.notes[0]


def test_a_netrc_that_is_a_directory_or_not_there_is_said_only_where_it_was_named(home: Path) -> None:
    (home / ".netrc").mkdir()
    assert ".netrc" in read("https://channel.example/a", home=home).notes[0]
    named = read("https://channel.example/a", home=home, environment={"NETRC": str(home / "nowhere")})
    assert "NETRC" in named.notes[0]
    (home / ".netrc").rmdir()
    assert read("https://channel.example/a", home=home).notes == ()


RATTLER_FILE = {
    "channel.example": {"BearerToken": "tk-bearer"},
    "*.wild.example": {"CondaToken": "tk-wild"},
    "basic.example": {"BasicHTTP": {"username": "me", "password": PASSWORD}},
    "hostile.example": {"BearerToken": "tk\r\nX-Evil:1"},
    "broken.example": "hunter2",
}


@pytest.mark.parametrize("named", [True, False])
def test_the_file_of_rattler_and_pixi_is_read(home: Path, tmp_path: Path, named: bool) -> None:
    file = write(tmp_path / "auth.json" if named else home / ".rattler" / "credentials.json", RATTLER_FILE)
    credentials = read(
        *("https://channel.example:8443/a", "https://deep.down.wild.example/b/c", "https://basic.example"),
        *("https://hostile.example/a", "https://broken.example/a", "https://wild.example.evil.example/a"),
        home=home,
        environment={"RATTLER_AUTH_FILE": str(file)} if named else {},
    )
    assert credentials.headers_for("https://channel.example:8443/a/x") == {"Authorization": "Bearer tk-bearer"}
    assert credentials.headers_for("https://basic.example/noarch/x") == basic("me", PASSWORD)
    assert credentials.reveal_tokens() == {
        "https://deep.down.wild.example/b/c": "https://deep.down.wild.example/t/tk-wild/b/c"
    }
    assert set(credentials.reveal_headers()) == {"channel.example:8443/a", "basic.example:443"}


def test_the_file_of_mamba_is_read_with_ports_and_paths(home: Path) -> None:
    encoded = base64.b64encode(PASSWORD.encode()).decode()
    write(
        home / ".mamba" / "auth" / "authentication.json",
        {
            "127.0.0.1:8080": {"type": "BasicHTTPAuthentication", "user": "me", "password": encoded},
            "channel.example": {"type": "CondaToken", "token": "tk-host"},
            "channel.example/lab": {"type": "BearerToken", "token": "tk-lab"},
            "broken.example": {"type": "BasicHTTPAuthentication", "user": "me", "password": "not base64!"},
        },
    )
    credentials = read(
        *("http://127.0.0.1:8080/a", "https://channel.example/lab/b", "https://channel.example/x"),
        *("https://broken.example/a", "http://127.0.0.1:8081/a"),
        home=home,
    )
    assert credentials.headers_for("http://127.0.0.1:8080/a/x") == basic("me", PASSWORD)
    assert credentials.headers_for("https://channel.example/lab/b/x") == {"Authorization": "Bearer tk-lab"}
    assert credentials.reveal_tokens() == {"https://channel.example/x": "https://channel.example/t/tk-host/x"}
    assert credentials.headers_for("http://127.0.0.1:8081/a/x") == {}


@pytest.mark.parametrize("content", ["{hunter2", "[]", "[" * 200_000])
def test_a_store_that_cannot_be_understood_is_said_without_quoting_it(home: Path, content: str) -> None:
    file = write(home / "auth.json", content)
    credentials = read("https://channel.example/a", home=home, environment={"RATTLER_AUTH_FILE": str(file)})
    assert len(credentials.notes) == 1
    assert "RATTLER_AUTH_FILE" in credentials.notes[0]
    assert "hunter2" not in credentials.notes[0]


KEYRING = """#!/bin/sh
echo "$@" >> "$KEYRING_LOG"
case "$*" in
"get https://channel.example/lab me") echo "hunter2;x y" ;;
"--mode creds get user.example") printf 'you\\nof-keyring\\n' ;;
*) exit 1 ;;
esac
"""


def keyring_environment(tmp_path: Path) -> dict[str, str]:
    write(tmp_path / "bin" / "keyring", KEYRING, mode=0o755)
    return {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "KEYRING_LOG": str(tmp_path / "log")}


@needs_posix
def test_the_command_keyring_is_asked_when_the_user_wants_it(home: Path, tmp_path: Path) -> None:
    environment = keyring_environment(tmp_path)
    texts = ("https://me@channel.example/lab", "https://user.example/a", "https://--help@user.example/b")
    credentials = read(*texts, home=home, environment=environment, keyring=True)
    assert credentials.headers_for("https://channel.example/lab/x") == basic("me", "hunter2;x y")
    assert credentials.headers_for("https://user.example/a/x") == basic("you", "of-keyring")
    assert "--help" not in (tmp_path / "log").read_text()


@needs_posix
def test_the_command_keyring_is_left_alone_unless_it_is_wanted_and_needed(home: Path, tmp_path: Path) -> None:
    environment = keyring_environment(tmp_path)
    read("https://me@channel.example/lab", home=home, environment=environment)
    read("https://me:pw@channel.example/lab", "/srv/x", home=home, environment=environment, keyring=True)
    assert not (tmp_path / "log").exists()


def test_a_keyring_that_is_not_there_is_said(home: Path, tmp_path: Path) -> None:
    write(tmp_path / "keyring", KEYRING, mode=0o755)
    credentials = read("https://channel.example/a", home=home, environment={"PATH": "."}, keyring=True)
    assert credentials.notes == ("No credentials come from the keyring: there is no command `keyring` on PATH.",)


def test_credentials_that_go_unencrypted_are_said(home: Path) -> None:
    assert "unencrypted" in read("http://me:secret@channel.example/a", home=home).notes[0]
    assert read("http://me:secret@127.0.0.1:8080/a", "https://me:secret@channel.example", home=home).notes == ()


def everything(home: Path) -> Credentials:
    write(home / ".netrc", "machine netrc.example login me password of-netrc-secret\n")
    return read(
        "https://me:hunter2%2Fh%C3%BCnter%402@channel.example/a",
        "https://channel.example/t/tk-sesame/b",
        "https://tk-alone@user.example/c",
        "https://netrc.example/d",
        home=home,
    )


SPELLINGS = (
    *("hunter2/hünter@2", "hunter2%2Fh%C3%BCnter%402", "hunter2%2fh%c3%bcnter%402", "hunter2/h%C3%BCnter%402"),
    *("hunter2/h\\u00fcnter@2", base64.b64encode(f"me:{PASSWORD}".encode()).decode()),
    *("tk-sesame", "tk-alone", "of-netrc-secret"),
)


def test_nothing_shows_credentials(home: Path) -> None:
    credentials = everything(home)
    shown = (
        repr(credentials) + str(credentials) + repr(credentials.channels) + repr(copy.deepcopy(credentials.channels))
    )
    assert not [secret for secret in SPELLINGS if secret in shown]
    for thing in (credentials, credentials.channels[0], credentials.channels[0].secrets[0]):
        with pytest.raises(TypeError):
            pickle.dumps(thing)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_taken_out_of_a_text(home: Path, spelling: str) -> None:
    credentials = everything(home)
    told = credentials.redact(f"GET {spelling}: 401, see https://channel.example/a/noarch for me")
    assert told == "GET ****: 401, see https://channel.example/a/noarch for me"


def test_urls_with_credentials_of_others_are_redacted_too(home: Path) -> None:
    told = read("conda-forge", home=home).redact("https://a:b@x.example/t/tk-other/y?token=z")
    assert told == "https://****@x.example/t/****/y?token=****"
