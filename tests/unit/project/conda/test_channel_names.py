"""Channels by name, URL and path: their canonical URLs, their mirrors, and no credentials in either."""

import copy
import dataclasses
import json
import pickle
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.errors import ConfigInvalidError
from pyve.errors.conda import ChannelInvalidError
from pyve.project.conda.channel import Channel
from pyve.project.conda.channel_names import (
    ResolvedChannels,
    add_package_channels,
    add_spec_channels,
    resolve_channels,
    resolve_spec_channel,
    rewrite_spec_channel,
)
from pyve.project.conda.settings import UserCondaSettings

ROOT = PurePosixPath("/home/me/shop")
WINDOWS_ROOT = PureWindowsPath("D:/code/shop")


def resolve(
    *declared: str,
    mirrors: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    default: Sequence[str] = ("conda-forge",),
    windows: bool = False,
) -> ResolvedChannels:
    return resolve_channels(
        declared,
        root=WINDOWS_ROOT if windows else ROOT,
        settings=UserCondaSettings(mirrors=mirrors or {}),
        environment={"HOME": "/home/me", "USERPROFILE": "C:\\Users\\me", **(environment or {})},
        default=default,
        windows=windows,
    )


def urls(resolved: ResolvedChannels) -> list[str]:
    return [channel.url for channel in resolved.channels]


def url_of(text: str, *, windows: bool = False, **variables: str) -> str:
    return urls(resolve(text, environment=variables, windows=windows))[0]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("conda-forge", "https://conda.anaconda.org/conda-forge"),
        ("conda-forge/", "https://conda.anaconda.org/conda-forge"),
        ("conda-forge/linux-64", "https://conda.anaconda.org/conda-forge"),
        ("conda-forge/label/dev", "https://conda.anaconda.org/conda-forge/label/dev"),
        ("conda-forge/label/dev/noarch", "https://conda.anaconda.org/conda-forge/label/dev"),
        ("pkgs/main", "https://repo.anaconda.com/pkgs/main"),
        ("https://conda.anaconda.org/conda-forge", "https://conda.anaconda.org/conda-forge"),
        ("HTTPS://Conda.Anaconda.ORG:443/conda-forge//", "https://conda.anaconda.org/conda-forge"),
        ("https://channel.example/a/b/osx-arm64/", "https://channel.example/a/b"),
        ("https://channel.example/a/noarch/repodata.json.zst", "https://channel.example/a"),
        ("https://channel.example/a/win-64/current_repodata.json", "https://channel.example/a"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("https://channel.example", "https://channel.example"),
        ("https://channel.example/%7Eme/é", "https://channel.example/%7Eme/%C3%A9"),
        ("./channel", "file:///home/me/shop/channel"),
        ("./channel/linux-64", "file:///home/me/shop/channel"),
        ("../channel", "file:///home/me/channel"),
        (".", "file:///home/me/shop"),
        ("~/channel", "file:///home/me/channel"),
        ("/srv/my channel", "file:///srv/my%20channel"),
        ("/srv/é#1?%20", "file:///srv/%C3%A9%231%3F%2520"),
        ("/srv/-o;touch x", "file:///srv/-o;touch%20x"),
        ("file:///srv/my channel/", "file:///srv/my%20channel"),
        ("file:///srv/my%20channel", "file:///srv/my%20channel"),
        ("file://localhost/srv/channel", "file:///srv/channel"),
    ],
)
def test_every_way_to_name_a_channel_has_one_canonical_url(text: str, url: str) -> None:
    assert url_of(text) == url
    assert url_of(url) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("C:\\my channel", "file:///C:/my%20channel"),
        ("C:/channel/win-64", "file:///C:/channel"),
        (".\\channel", "file:///D:/code/shop/channel"),
        ("./channel", "file:///D:/code/shop/channel"),
        ("..\\channel", "file:///D:/code/channel"),
        ("~\\channel", "file:///C:/Users/me/channel"),
        ("\\\\server\\share\\channel", "file://server/share/channel"),
        ("/channel", "file:///D:/channel"),
        ("%CHANNELS%\\main", "file:///E:/channels/main"),
        ("file:///C:/my channel", "file:///C:/my%20channel"),
        ("https://channel.example/%C3%A9", "https://channel.example/%C3%A9"),
        ("conda-forge", "https://conda.anaconda.org/conda-forge"),
    ],
)
def test_paths_and_variables_of_windows_are_understood_there(text: str, url: str) -> None:
    assert url_of(text, windows=True, CHANNELS="E:\\channels") == url


def test_the_name_is_what_people_know_a_channel_by() -> None:
    names = [
        channel.name
        for text in ("https://conda.anaconda.org/bioconda", "defaults", "https://me:pw@channel.example/a", "./channel")
        for channel in resolve(text).channels
    ]
    assert names == ["bioconda", "pkgs/main", "pkgs/r", "https://channel.example/a", "./channel"]


def test_defaults_are_the_channels_of_anaconda_and_its_terms_are_named() -> None:
    resolved = resolve("defaults")
    assert urls(resolved) == ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"]
    assert "licence" in resolved.notes[0]
    assert urls(resolve("defaults", windows=True))[2:] == ["https://repo.anaconda.com/pkgs/msys2"]
    assert resolve("conda-forge").notes == ()


def test_a_channel_counts_once_where_it_stands_first() -> None:
    resolved = resolve("bioconda", "https://conda.anaconda.org/conda-forge/", "bioconda/noarch", "conda-forge")
    assert [channel.name for channel in resolved.channels] == ["bioconda", "conda-forge"]


def test_no_channel_means_the_default_and_nodefaults_is_none() -> None:
    assert urls(resolve(default=("bioconda",))) == ["https://conda.anaconda.org/bioconda"]
    assert urls(resolve("nodefaults", default=("bioconda",))) == ["https://conda.anaconda.org/bioconda"]
    assert urls(resolve("nodefaults", "main")) == ["https://conda.anaconda.org/main"]


def test_nothing_declared_and_no_default_are_no_channels() -> None:
    assert resolve(default=()) == ResolvedChannels(channels=())


def test_a_default_that_names_no_channel_is_an_error() -> None:
    with pytest.raises(ChannelInvalidError) as raised:
        resolve(default=("nodefaults",))
    assert raised.value.hint == "pyve config set conda.channels conda-forge"


def test_variables_count_with_their_values() -> None:
    assert url_of("https://$HOST_NAME/a", HOST_NAME="channel.example") == "https://channel.example/a"
    assert url_of("${PLACE}/main", PLACE="/srv/my channels") == "file:///srv/my%20channels/main"
    assert url_of("https://channel.example/%HOME%/a$") == "https://channel.example/%HOME%/a$"


@pytest.mark.parametrize(
    ("environment", "reason"), [({}, "is not set"), ({"TOKEN": ""}, "is empty"), ({"TOKEN": "a\nb"}, "cannot be used")]
)
def test_a_variable_without_a_usable_value_is_named_with_the_line_to_type(
    environment: dict[str, str], reason: str
) -> None:
    with pytest.raises(ChannelInvalidError) as raised:
        resolve("https://channel.example/t/$TOKEN/a", environment=environment)
    assert "variable TOKEN" in raised.value.message
    assert reason in raised.value.message
    assert raised.value.hint == "export TOKEN=..."


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  ",
            "conda forge",
            "--override-channels",
            "-c",
            "a;b",
            "a\nb",
            "a\tb",
            "$(touch x)",
            "`id`",
            "a b\x1b[31m",
        ),
        *("conda-forge::python", "a//b", "/".join("a" * 3000), "C:\\channel", "\u202eabc", "a..b/../c", "*"),
        *("https://", "https:///a", "https://channel.example:port/a", "https://channel.example:99999/a"),
        *("https://channel.example/a b", "https://channel.example/../a", "https://channel.example/%2e%2e/a"),
        *("https://channel.example/a?token=sesame", "https://channel.example/a#b", "https://exa mple/a"),
        *("ftp://channel.example/a", "javascript://x", "file://", "file://./channel", "local", "~other/channel"),
    ],
)
def test_what_is_no_channel_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(ChannelInvalidError) as raised:
        resolve(text)
    assert raised.value.message.startswith("The channel `")
    assert raised.value.message.isprintable()
    assert len(raised.value.message) < 400
    assert raised.value.hint
    assert "sesame" not in raised.value.message


SECRETS = ("hunter2hunter2", "tk-sesame", "p%40ss/word", "p@ss")
WITH_SECRETS = [
    "https://me:hunter2hunter2@channel.example/lab",
    "https://hunter2hunter2@channel.example/lab",
    "https://me:hunter2@hunter2hunter2@channel.example/lab",
    "https://channel.example/t/tk-sesame/lab",
    "https://me:p%40ss@channel.example/t/tk-sesame/lab/linux-64",
    "https://channel.example:443/t/tk-sesame/lab/",
]


@pytest.mark.parametrize("text", WITH_SECRETS)
def test_credentials_are_cut_out_and_shown_nowhere(text: str) -> None:
    resolved = resolve(text)
    assert urls(resolved) == ["https://channel.example/lab"]
    assert resolved.channels == (Channel(name=urls(resolved)[0], url=urls(resolved)[0], sources=(urls(resolved)[0],)),)
    fields = [json.dumps(dataclasses.asdict(channel), default=str) for channel in resolved.channels]
    shown = "".join([repr(resolved), str(resolved), *fields, repr(copy.deepcopy(resolved))])
    assert not [secret for secret in SECRETS if secret in shown]
    with pytest.raises(TypeError):
        json.dumps([dataclasses.asdict(channel) for channel in resolved.channels])
    with pytest.raises(TypeError):
        pickle.dumps(resolved)


def test_credentials_of_a_channel_are_kept_for_its_requests() -> None:
    (channel,) = resolve("https://me:p%40ss@channel.example/pre/t/tk-sesame/lab").channels
    (secret,) = channel.secrets
    assert (secret.base, secret.token_base) == ("https://channel.example/pre/lab", "https://channel.example/pre")
    assert (secret.user, secret.password, secret.token) == ("me", "p@ss", "tk-sesame")


# `$` begins the name of a variable, which is shown; `/` ends a token.
ANY_SECRET = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="$/"), max_size=12).map(
    "tk{}9q".format
)
IN_ANY_PLACE = st.sampled_from(
    [
        *("https://me:%s@channel.example/lab", "https://%s@channel.example/lab", "https://channel.example/t/%s/lab"),
        *("https://me:%s@/lab", "xyz://me:%s@channel.example/lab", "https://channel.example/lab?token=%s"),
        *(
            "https://channel.example/t/%s/lab?a#b",
            "https://me:%s@channel.example:port/lab",
            "https://u:8/%s@h.example/l",
        ),
        *("https://me:a/%s@channel.example/lab", "https://me:%s/b@channel.example/lab", "https://a:%s@b@h.example/l"),
    ]
)


@given(secret=ANY_SECRET, pattern=IN_ANY_PLACE)
def test_no_secret_of_whatever_letters_is_shown(secret: str, pattern: str) -> None:
    try:
        shown = repr(resolve(pattern % secret))
    except ChannelInvalidError as error:
        shown = error.message + (error.hint or "")
    assert "tk" not in shown
    assert "9q" not in shown


@pytest.mark.parametrize(
    "text", ["https://me:hunter2hunter2@/lab", "ftp://me:hunter2hunter2@channel.example/t/tk-sesame/x"]
)
def test_a_refused_channel_is_shown_without_its_credentials(text: str) -> None:
    with pytest.raises(ChannelInvalidError) as raised:
        resolve(text)
    cause = raised.value.__cause__ or (None if raised.value.__suppress_context__ else raised.value.__context__)
    shown = raised.value.message + (raised.value.hint or "") + repr(cause)
    assert not [secret for secret in SECRETS if secret in shown]


def test_a_channel_for_some_platforms_is_taken_and_said() -> None:
    resolved = resolve("conda-forge[linux-64, noarch]")
    assert urls(resolved) == ["https://conda.anaconda.org/conda-forge"]
    assert "conda-forge" in resolved.notes[0]


def source_of(text: str, **mirrors: str) -> str:
    return resolve(text, mirrors=mirrors).channels[0].sources[0]


def test_without_mirrors_a_channel_is_fetched_from_itself() -> None:
    assert source_of("conda-forge") == "https://conda.anaconda.org/conda-forge"


def test_a_mirror_by_name_stands_for_the_whole_channel_and_its_labels() -> None:
    mirrors = {"conda-forge": "https://mirror.example/cf/"}
    (channel,) = resolve("conda-forge", mirrors=mirrors).channels
    assert channel.url == "https://conda.anaconda.org/conda-forge"
    assert channel.sources == ("https://mirror.example/cf",)
    assert source_of("https://conda.anaconda.org/conda-forge", **mirrors) == "https://mirror.example/cf"
    assert source_of("conda-forge/label/dev", **mirrors) == "https://mirror.example/cf/label/dev"
    assert source_of("conda-forge2", **mirrors) == "https://conda.anaconda.org/conda-forge2"


def test_the_longest_beginning_of_a_url_wins() -> None:
    mirrors = {
        "https://conda.anaconda.org": "https://mirror.example/all",
        "bioconda": "/srv/bio conda",
        "https://conda.anaconda.org/bioconda/label/": "file:///srv/labels",
        "https://channel.example/a": "http://127.0.0.1:8080/x",
    }
    assert source_of("conda-forge", **mirrors) == "https://mirror.example/all/conda-forge"
    assert source_of("bioconda", **mirrors) == "file:///srv/bio%20conda"
    assert source_of("bioconda/label/dev", **mirrors) == "file:///srv/labels/dev"
    assert source_of("https://channel.example/a/b", **mirrors) == "http://127.0.0.1:8080/x/b"
    assert source_of("https://channel.example/ab", **mirrors) == "https://channel.example/ab"


def test_a_mirror_of_defaults_stands_for_all_of_them() -> None:
    resolved = resolve("defaults", mirrors={"defaults": "https://mirror.example/pkgs"})
    assert [channel.sources for channel in resolved.channels] == [
        ("https://mirror.example/pkgs/main",),
        ("https://mirror.example/pkgs/r",),
    ]
    assert urls(resolved) == ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"]
    assert resolved.notes == ()


def test_credentials_of_a_mirror_are_kept_for_it_and_those_of_the_channel_are_not() -> None:
    mirrors = {"https://channel.example": "https://me:${PASSWORD}@mirror.example/t/tk-mirror"}
    resolved = resolve(
        "https://other:hunter2hunter2@channel.example/lab", mirrors=mirrors, environment={"PASSWORD": "p%40ss"}
    )
    (channel,) = resolved.channels
    assert channel.sources == ("https://mirror.example/lab",)
    assert [(secret.base, secret.user, secret.password) for secret in channel.secrets] == [
        ("https://mirror.example", "me", "p@ss")
    ]
    assert "p@ss" not in repr(resolved)


def test_mirrors_of_the_variable_count_instead_of_those_in_the_file() -> None:
    resolved = resolve(
        "conda-forge",
        "bioconda",
        mirrors={"conda-forge": "https://mirror.example/cf"},
        environment={"PYVE_CONDA_MIRRORS": "bioconda=/srv/bio  https://x.example=https://y.example"},
    )
    assert [channel.sources[0] for channel in resolved.channels] == [
        "https://conda.anaconda.org/conda-forge",
        "file:///srv/bio",
    ]


@pytest.mark.parametrize("value", ["conda-forge", "conda-forge=", "=https://x.example", "a=b", "a=--x"])
def test_a_variable_with_mirrors_that_cannot_be_is_refused(value: str) -> None:
    with pytest.raises(ConfigInvalidError) as raised:
        resolve("conda-forge", environment={"PYVE_CONDA_MIRRORS": value})
    assert "PYVE_CONDA_MIRRORS" in raised.value.message


def test_a_mirror_that_cannot_be_is_named_without_its_credentials() -> None:
    with pytest.raises(ConfigInvalidError) as raised:
        resolve("conda-forge", mirrors={"conda-forge": "https://me:hunter2hunter2@mirror.example/a?b"})
    assert "`conda-forge`" in raised.value.message
    assert "hunter2" not in raised.value.message


def test_an_alias_of_conda_is_not_read_but_said() -> None:
    resolved = resolve("conda-forge", environment={"CONDA_CHANNEL_ALIAS": "https://channel.example"})
    assert urls(resolved) == ["https://conda.anaconda.org/conda-forge"]
    assert "conda.mirrors.https://conda.anaconda.org" in resolved.notes[0]
    assert resolve("./channel", environment={"CONDA_CHANNEL_ALIAS": "https://channel.example"}).notes == ()


def test_the_channel_of_a_spec_has_its_mirror_and_comes_last() -> None:
    settings = UserCondaSettings(mirrors={"bioconda": "/srv/bio"})
    before = resolve("conda-forge").channels
    after = add_spec_channels(
        before, ["conda-forge", "bioconda/noarch"], root=ROOT, settings=settings, environment={}, windows=False
    )
    assert [channel.name for channel in after] == ["conda-forge", "bioconda"]
    assert after[1].sources == ("file:///srv/bio",)
    assert after[1:] == resolve_spec_channel("bioconda", root=ROOT, settings=settings, environment={}, windows=False)


@pytest.mark.parametrize(
    ("spec", "named", "rewritten"),
    [
        (
            "https://me:hunter2@channel.example/t/tk/a::b >=1",
            "https://me:hunter2@channel.example/t/tk/a",
            "https://channel.example/a::b >=1",
        ),
        (
            "b[version='>=1', channel=https://me:x@channel.example/a]",
            "https://me:x@channel.example/a",
            "b[version='>=1', channel='https://channel.example/a']",
        ),
        (
            'b[channel="https://tk@channel.example/a",build=0]',
            "https://tk@channel.example/a",
            "b[channel='https://channel.example/a',build=0]",
        ),
    ],
)
def test_a_spec_is_rewritten_without_the_credentials_of_its_channel(spec: str, named: str, rewritten: str) -> None:
    (channel,) = resolve(named).channels
    assert rewrite_spec_channel(spec, channel) == rewritten


def test_a_spec_without_a_channel_stays() -> None:
    (channel,) = resolve("conda-forge").channels
    assert rewrite_spec_channel("python=3.12[build='*_cpython']", channel) == "python=3.12[build='*_cpython']"
    assert rewrite_spec_channel("conda-forge/linux-64::a", channel) == "conda-forge::a"


def test_packages_of_a_lock_are_fetched_from_the_mirrors_of_their_channels() -> None:
    settings = UserCondaSettings(mirrors={"https://conda.anaconda.org": "https://mirror.example"})
    package = "https://conda.anaconda.org/bioconda/linux-64/tiny-1.0-0.conda"
    channels = add_package_channels(
        resolve("./channel").channels,
        [package, package, "file:///home/me/shop/channel/noarch/a-1-0.conda"],
        settings=settings,
        environment={},
        windows=False,
    )
    assert [channel.name for channel in channels] == ["./channel", "bioconda"]
    assert channels[1].sources == ("https://mirror.example/bioconda",)
