"""micromamba's command lines, each made in one place; nothing here starts anything."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyve.engines.conda.engine import PrefixRequest, SolveRequest
from pyve.engines.conda.failures.engine_failure import EngineFailure, name_foreign_channel
from pyve.engines.conda.failures.explanation import to_error
from pyve.engines.conda.micromamba.places import Places
from pyve.project.conda.match_spec import MatchSpecTextError, parse_match_spec
from pyve.project.conda.package import CondaPackage

SKIP_SCRIPTS = "--skip-run-link-scripts"
_PRIORITY = {"strict": "--strict-channel-priority", "disabled": "--no-channel-priority"}
# Nobody is asked, no file of the user's is read, nothing but the given channels counts.
_ALWAYS = ("-y", "-q", "--no-rc", "--override-channels")

# What of this process's environment reaches micromamba: how to speak with servers, and what Windows cannot do without.
_PASSED = (
    *("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("SYSTEMROOT", "SystemRoot", "WINDIR", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS"),
    *("SYSTEMDRIVE", "PROGRAMDATA", "ALLUSERSPROFILE", "PROCESSOR_ARCHITECTURE"),
)
_UTF_8 = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"  # of macOS not every release has C.UTF-8
_OVERRIDE = "CONDA_OVERRIDE_"
_OVERRIDABLE = ("archspec", "cuda", "glibc", "linux", "osx", "win")


@dataclass(frozen=True, kw_only=True)
class SealedPlaces:
    """Where micromamba keeps what it keeps: nothing of it is the user's own, and `home` goes with the work."""

    home: Path
    root_prefix: Path
    package_cache: Path
    temporary: Path


def info_command(executable: Path) -> list[str]:
    """Ask for its version and for the machine's virtual packages."""
    return [os.fspath(executable), "info", "--json", "--no-rc"]


def help_command(executable: Path) -> list[str]:
    """Ask what it understands."""
    return [os.fspath(executable), "create", "--help"]


def solve_command(
    executable: Path, request: SolveRequest, *, prefix: Path, places: Places, other_platform: bool, as_json: bool
) -> list[str]:
    """Solve without doing anything; plain output holds the tree of a failure, JSON the packages of a success.

    Raises MatchSpecInvalidError for what is no spec, and for one of a channel that was not given.
    """
    specs = [_check_spec(spec, request, places) for spec in request.specs]
    return [
        *(os.fspath(executable), "create", *_ALWAYS, "--dry-run"),
        *(["--json"] if as_json else []),
        *("-p", _absolute(prefix), _PRIORITY[request.priority]),
        *(["--platform", request.subdir] if other_platform else []),
        *(["--offline"] if request.offline else []),
        *_channel_arguments(places.channels(request.channels)),
        *specs,
    ]


def build_command(
    executable: Path, request: PrefixRequest, *, list_file: Path, places: Places, other_platform: bool
) -> list[str]:
    """Link the packages of the @EXPLICIT `list_file` into the prefix."""
    return [
        *(os.fspath(executable), "create", *_ALWAYS, "--no-pyc", "--no-shortcuts"),
        *("-p", _absolute(request.prefix)),
        *([] if request.run_link_scripts else [SKIP_SCRIPTS]),
        *(["--always-copy"] if request.links == "copy" else []),
        *(["--platform", request.subdir] if other_platform else []),
        *(["--offline"] if request.offline else []),
        *_channel_arguments(places.channels(request.channels)),
        *("-f", os.fspath(list_file)),
    ]


def explicit_list(packages: Sequence[CondaPackage], places: Places) -> str:
    """The @EXPLICIT list (CEP 23) of the packages: the SHA-256 of each, else the MD5, behind the URL."""
    lines = ["@EXPLICIT"]
    for package in packages:
        digest = f"#sha256:{package.sha256}" if package.sha256 else f"#{package.md5}" if package.md5 else ""
        lines.append(places.fetched(package.url) + digest)
    return "\n".join(lines) + "\n"


def sealed_environment(
    environment: Mapping[str, str],
    places: SealedPlaces,
    *,
    virtual_packages: Mapping[str, str] | None = None,
    windows: bool = os.name == "nt",
) -> dict[str, str]:
    """The whole environment of a run of micromamba, of this process's `environment` only what it must have.

    With `virtual_packages` the machine passes for one that has exactly these.
    """
    home = os.fspath(places.home)
    temporary = os.fspath(places.temporary)
    passed = {name: environment[name] for name in _PASSED if environment.get(name)}
    overrides = {name: value for name, value in environment.items() if name.startswith(_OVERRIDE)}
    if virtual_packages is not None:
        overrides = _override_all(virtual_packages)
    if "SSL_CERT_FILE" in passed:  # the variable that micromamba asks for certificates
        passed.setdefault("REQUESTS_CA_BUNDLE", passed["SSL_CERT_FILE"])
    return {
        **passed,
        **overrides,
        "PATH": _system_path(environment, windows=windows),
        "LC_ALL": _UTF_8,
        "HOME": home,
        **({"USERPROFILE": home, "APPDATA": home, "LOCALAPPDATA": home} if windows else {}),
        "MAMBA_ROOT_PREFIX": os.fspath(places.root_prefix),
        "CONDA_PKGS_DIRS": os.fspath(places.package_cache),
        "TMPDIR": temporary,
        "TEMP": temporary,
        "TMP": temporary,
    }


def _check_spec(text: str, request: SolveRequest, places: Places) -> str:
    """The spec as micromamba is given it: its channel, where it names one, by the address to fetch from."""
    try:
        channel = parse_match_spec(text).channel
        if text.lstrip().startswith("-"):  # it would be taken for an option
            raise MatchSpecTextError("it begins with a dash", hint="remove the dash")
    except MatchSpecTextError as error:
        failure = EngineFailure(kind="bad-spec", text=str(error), subject=text)
        raise to_error(failure, origins=request.origins) from error
    if channel is None or "::" not in text:
        return text
    named, _, rest = text.rpartition("::")
    base = places.find_base(named, request.channels)
    if base is None:
        raise to_error(name_foreign_channel(text, request.channels), origins=request.origins)
    return f"{base}::{rest}"


def _override_all(virtual_packages: Mapping[str, str]) -> dict[str, str]:
    """Set the variables of those that are to be there, and empty, which takes them out, those of the others."""
    values = {}
    for name in _OVERRIDABLE:
        version, _, build = virtual_packages.get(f"__{name}", "").partition("=")
        values[_OVERRIDE + name.upper()] = build if name == "archspec" and build else version
    return values


def _system_path(environment: Mapping[str, str], *, windows: bool) -> str:
    if windows:
        root = environment.get("SYSTEMROOT") or environment.get("SystemRoot") or r"C:\Windows"
        return rf"{root}\System32;{root}"
    return "/usr/bin:/bin:/usr/sbin:/sbin"


def _absolute(prefix: Path) -> str:
    # `-p name` without a slash is the name of an environment below the root prefix.
    assert prefix.is_absolute()
    return os.fspath(prefix)


def _channel_arguments(bases: Sequence[str]) -> list[str]:
    return [word for base in dict.fromkeys(bases) for word in ("-c", base)]
