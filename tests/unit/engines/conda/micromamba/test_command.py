"""Every command line and environment that micromamba is given."""

import os
import sys
from pathlib import Path
from typing import Literal

import pytest

from pyve.engines.conda.engine import PrefixRequest, SolveRequest
from pyve.engines.conda.micromamba.command import (
    SealedPlaces,
    build_command,
    explicit_list,
    sealed_environment,
    solve_command,
)
from pyve.engines.conda.micromamba.places import Aliases, Places, choose_places
from pyve.errors.conda import MatchSpecInvalidError
from pyve.project.conda.channel import Channel
from pyve.project.conda.package import CondaPackage

# Absolute paths of this system.
MAMBA, WORK, ENV, CACHE = (Path(place).absolute() for place in ("/opt/micromamba", "/work", "/env", "/c"))
CHANNEL = Channel(
    name="conda-forge",
    url="https://channel.example/conda-forge",
    sources=("https://mirror.example/cf", "https://second.example/cf"),
)
ANOTHER = Channel(name="mine", url="https://channel.example/mine", sources=("https://channel.example/mine",))
SEALED = SealedPlaces(
    home=WORK / "home", root_prefix=CACHE / "root", package_cache=CACHE / "pkgs", temporary=WORK / "tmp"
)


def package(name: str, *, sha256: str | None = None, md5: str | None = None) -> CondaPackage:
    url = f"{CHANNEL.url}/noarch/{name}-1.0-0.conda"
    return CondaPackage(name=name, version="1.0", build="0", subdir="noarch", url=url, sha256=sha256, md5=md5)


def places(*channels: Channel, attempt: int = 0) -> Places:
    return choose_places(channels, (), attempt=attempt, alias=lambda base: base)


def solve_words(*specs: str, as_json: bool = True, other_platform: bool = False, **changes: object) -> list[str]:
    request = SolveRequest(specs=specs, channels=(CHANNEL, ANOTHER), subdir="linux-64", **changes)  # type: ignore[arg-type] # whatever the test says
    return solve_command(
        MAMBA,
        request,
        prefix=WORK / "unbuilt",
        places=places(CHANNEL, ANOTHER),
        other_platform=other_platform,
        as_json=as_json,
    )


def build_words(
    *, links: Literal["auto", "copy"] = "auto", offline: bool = False, run_link_scripts: bool = False
) -> list[str]:
    request = PrefixRequest(
        packages=(package("a"),),
        prefix=ENV,
        subdir="osx-64",
        channels=(CHANNEL,),
        links=links,
        offline=offline,
        run_link_scripts=run_link_scripts,
    )
    return build_command(MAMBA, request, list_file=WORK / "packages.txt", places=places(CHANNEL), other_platform=False)


def test_solve_asks_nobody_and_reads_nothing_of_the_users() -> None:
    assert solve_words("numpy>=2", "python=3.12") == [
        *(str(MAMBA), "create", "-y", "-q", "--no-rc", "--override-channels", "--dry-run", "--json"),
        *("-p", str(WORK / "unbuilt"), "--strict-channel-priority"),
        *("-c", "https://mirror.example/cf", "-c", "https://channel.example/mine"),
        *("numpy>=2", "python=3.12"),
    ]


def test_solve_says_what_was_asked_beside_the_specs() -> None:
    words = solve_words("a", priority="disabled", offline=True, as_json=False, other_platform=True)

    assert "--no-channel-priority" in words
    assert "--offline" in words
    assert words[words.index("--platform") + 1] == "linux-64"
    assert "--json" not in words


def test_build_takes_a_list_and_runs_no_script() -> None:
    assert build_words() == [
        *(str(MAMBA), "create", "-y", "-q", "--no-rc", "--override-channels", "--no-pyc", "--no-shortcuts"),
        *("-p", str(ENV), "--skip-run-link-scripts", "-c", "https://mirror.example/cf"),
        *("-f", str(WORK / "packages.txt")),
    ]


def test_build_says_what_was_asked_beside_the_list() -> None:
    assert {"--always-copy", "--offline"} <= set(build_words(links="copy", offline=True))
    assert not {"--always-copy", "--offline"} & set(build_words())


def test_build_lets_link_scripts_run_when_asked() -> None:
    assert "--skip-run-link-scripts" not in build_words(run_link_scripts=True)


def test_channel_of_a_spec_is_named_by_where_it_is_fetched_from() -> None:
    assert solve_words("conda-forge::numpy", "mine/linux-64::tiny=1")[-2:] == [
        "https://mirror.example/cf::numpy",
        "https://channel.example/mine/linux-64::tiny=1",
    ]


@pytest.mark.parametrize("spec", ["--relocate-prefix=/etc", "-f", "", "  ", "*", "numpy =>2", "other::numpy"])
def test_what_is_no_spec_never_reaches_a_command_line(spec: str) -> None:
    with pytest.raises(MatchSpecInvalidError):
        solve_words("tiny", spec)


def test_list_names_mirrors_and_the_best_digest() -> None:
    packages = [package("a", sha256="a" * 64, md5="b" * 32), package("b", md5="c" * 32), package("c")]

    assert explicit_list(packages, places(CHANNEL)) == (
        "@EXPLICIT\n"
        f"https://mirror.example/cf/noarch/a-1.0-0.conda#sha256:{'a' * 64}\n"
        f"https://mirror.example/cf/noarch/b-1.0-0.conda#{'c' * 32}\n"
        "https://mirror.example/cf/noarch/c-1.0-0.conda\n"
    )


def test_second_attempt_takes_the_next_mirror_where_there_is_one() -> None:
    second = places(CHANNEL, ANOTHER, attempt=1)

    assert second.channels((CHANNEL, ANOTHER)) == ("https://second.example/cf", "https://channel.example/mine")
    assert second.canonical("https://second.example/cf/noarch/a-1.0-0.conda") == package("a").url


def test_environment_holds_nothing_of_the_users_but_the_way_to_servers() -> None:
    environment = {
        "HOME": "/home/me",
        "PATH": "/home/me/bin",
        "CONDA_PREFIX": "/conda",
        "CONDA_CHANNELS": "evil",
        "MAMBA_RC": "x",
        "MAMBARC": "y",
        "PYTHONPATH": "z",
        "LD_PRELOAD": "/lib/evil.so",
        "TOKEN": "s3cret",
        "https_proxy": "http://proxy.example:3128",
        "SSL_CERT_FILE": "/ca.pem",
        "CONDA_OVERRIDE_CUDA": "12",
    }

    assert sealed_environment(environment, SEALED, windows=False) == {
        "https_proxy": "http://proxy.example:3128",
        "SSL_CERT_FILE": "/ca.pem",
        "REQUESTS_CA_BUNDLE": "/ca.pem",
        "CONDA_OVERRIDE_CUDA": "12",
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8",
        "HOME": os.fspath(SEALED.home),
        "MAMBA_ROOT_PREFIX": os.fspath(SEALED.root_prefix),
        "CONDA_PKGS_DIRS": os.fspath(SEALED.package_cache),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), os.fspath(SEALED.temporary)),
    }


def test_environment_of_windows_holds_what_programs_do_not_start_without() -> None:
    given = {
        "SYSTEMROOT": r"D:\Win",
        "SYSTEMDRIVE": "D:",
        "PATHEXT": ".EXE",
        "USERPROFILE": r"C:\Users\me",
        "APPDATA": r"C:\Users\me\AppData",
    }

    environment = sealed_environment(given, SEALED, windows=True)

    assert {name: environment[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE", "PATHEXT")} == {
        name: given[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE", "PATHEXT")
    }
    assert environment["PATH"] == r"D:\Win\System32;D:\Win"
    assert {environment[name] for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")} == {
        os.fspath(SEALED.home)
    }


def test_virtual_packages_that_were_told_take_the_place_of_all_others() -> None:
    told = {"__glibc": "2.28", "__archspec": "1=x86_64", "__unix": "0"}

    environment = sealed_environment({"CONDA_OVERRIDE_CUDA": "12"}, SEALED, virtual_packages=told)

    overrides = {name: value for name, value in environment.items() if name.startswith("CONDA_OVERRIDE_")}
    assert overrides == {
        "CONDA_OVERRIDE_GLIBC": "2.28",
        "CONDA_OVERRIDE_ARCHSPEC": "x86_64",
        **{f"CONDA_OVERRIDE_{name}": "" for name in ("CUDA", "LINUX", "OSX", "WIN")},
    }


@pytest.mark.posix("links and file:// paths")
@pytest.mark.parametrize("work", ["plain", "work with a space"])
def test_local_channel_with_a_space_gets_an_address_without_one(tmp_path: Path, work: str) -> None:
    channel, folder = tmp_path / "my ünï channel", tmp_path / work
    (channel / "noarch").mkdir(parents=True)
    folder.mkdir()
    aliases = Aliases()

    address = aliases.find(channel.as_uri(), folder)

    link = Path(address.removeprefix("file://"))
    assert link.resolve() == channel
    assert " " not in address
    assert aliases.find(channel.as_uri(), folder) == address
    aliases.remove()
    assert link.exists() == (work == "plain")  # the work directory is removed by its owner


def test_address_that_micromamba_can_take_is_left_as_it_is(tmp_path: Path) -> None:
    aliases = Aliases()

    assert aliases.find("https://channel.example/a b", tmp_path) == "https://channel.example/a b"
    assert aliases.find("file:///srv/conda-forge", tmp_path) == "file:///srv/conda-forge"
    assert list(tmp_path.iterdir()) == []
