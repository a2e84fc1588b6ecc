"""A program of the tests that speaks as micromamba 2 does, for machines where no micromamba can be had.

    executable = make_micromamba(tmp_path / "bin")
    executable = make_micromamba(tmp_path / "bin", version="1.5.8")         # as if it were an older one
    executable = make_micromamba(tmp_path / "bin", script_switch=False)     # without --skip-run-link-scripts
    executable = make_micromamba(tmp_path / "bin", ending="interrupted")    # links nothing and exits 0, or "killed"

It is not micromamba: it has no code of it, and py-rattler solves and links for it. What it imitates is the outside, as
it was observed on micromamba 2.8.1: options and exit statuses, JSON and stderr, what `create` deletes, and where it
writes; and what conda-lock asks of it: another platform by CONDA_SUBDIR, virtual packages out of a channel. Whatever is
not observed is not here, and a test that passes with it says nothing about the real program; the same tests run on that
one where it is on PATH.
"""

import asyncio
import hashlib
import json
import os
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from rattler import RepoDataRecord

VERSION = "2.9.0"
_SWITCHES = (
    *("-y", "-q", "--no-rc", "--override-channels", "--dry-run", "--json", "--offline", "--no-pyc", "--always-copy"),
    *("--no-shortcuts", "--skip-run-link-scripts", "--strict-channel-priority", "--no-channel-priority", "--help"),
)
_WITH_VALUE = ("-p", "-c", "-f", "--platform")
# As conda-lock spells them.
_LONG = {"--prefix": "-p", "--channel": "-c", "--file": "-f", "--quiet": "-q", "--yes": "-y", "--copy": "--always-copy"}
_TRACKER = (
    "error    libmamba A cache may be corrupted. If the problem persists, please report the error on mamba's issue "
    "tracker"
)


def make_micromamba(
    folder: Path,
    *,
    version: str = VERSION,
    script_switch: bool = True,
    ending: Literal["", "interrupted", "killed"] = "",
) -> Path:
    """Put an executable into `folder` that behaves as the module says."""
    folder.mkdir(parents=True, exist_ok=True)
    executable = folder / "micromamba"
    executable.write_bytes(stand_in_script(version=version, script_switch=script_switch, ending=ending))
    executable.chmod(0o755)
    return executable


def stand_in_script(*, version: str = VERSION, script_switch: bool = True, ending: str = "") -> bytes:
    """The executable's content."""
    traits = {"version": version, "script_switch": script_switch, "ending": ending}
    lines = (
        f"#!{sys.executable}",
        "import sys",
        f"sys.path.insert(0, {os.fspath(Path(__file__).resolve().parents[2])!r})",
        "from tests.support import micromamba_stand_in",
        f"micromamba_stand_in.main(sys.argv[1:], {traits!r})",
        "",
    )
    return "\n".join(lines).encode()


@dataclass
class Options:
    """A command line, taken apart."""

    verb: str = ""
    switches: set[str] = field(default_factory=set)
    values: dict[str, list[str]] = field(default_factory=dict)
    specs: list[str] = field(default_factory=list)

    def last(self, name: str) -> str | None:
        """The value that counts."""
        return self.values[name][-1] if name in self.values else None


class GaveUpError(Exception):
    """What goes to stderr, each line after `critical libmamba`; `problems` are for --json."""

    def __init__(self, text: str, problems: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.problems = tuple(problems)


def main(arguments: Sequence[str], traits: Mapping[str, Any]) -> NoReturn:
    """Do what the command line says; ends the process, since rattler's threads outlive what they were for."""
    if list(arguments) == ["--version"]:
        _end(0, traits["version"])
    options = _parse(arguments, traits)
    if options.verb == "info":
        _end(0, json.dumps(_info(traits)))
    if "--help" in options.switches:
        _end(0, "\n".join(s for s in _SWITCHES if traits["script_switch"] or s != "--skip-run-link-scripts"))
    try:
        text = _create(options, traits)
    except GaveUpError as error:
        _say("trace    libmamba ***** Backtrace Start *****", "trace    libmamba Searching index cache file for repo")
        _say("trace    libmamba ***** Backtrace End *****")
        if error.problems and "--json" in options.switches:  # the tree is lost
            _say("critical libmamba Could not solve for environment specs")
            _end(1, json.dumps({"success": False, "solver_problems": error.problems}))
        _say(*(f"{'error   ' if error.problems else 'critical'} libmamba {error}".splitlines()))
        _say(*(["critical libmamba Could not solve for environment specs"] if error.problems else [_TRACKER]))
        _end(1)
    _end(0, text)


def _parse(arguments: Sequence[str], traits: Mapping[str, Any]) -> Options:
    options, pending = Options(), list(arguments)
    options.verb = pending.pop(0) if pending else ""
    if options.verb not in ("info", "create"):
        _say("The following argument was not expected: " + options.verb, "Run with --help for more information.")
        _end(109)
    while pending:
        word = pending.pop(0)
        word = _LONG.get(word, word)
        if word in _WITH_VALUE and pending:
            options.values.setdefault(word, []).append(pending.pop(0))
        elif word in _SWITCHES and (traits["script_switch"] or word != "--skip-run-link-scripts"):
            options.switches.add(word)
        elif word.startswith("-"):
            _say("The following argument was not expected: " + word, "Run with --help for more information.")
            _end(109)
        else:
            options.specs.append(word)
    return options


def _info(traits: Mapping[str, Any]) -> dict[str, Any]:
    packages = [f"{name}={version}={build}" for name, version, build in _virtual_packages(_host())]
    return {
        "libmamba version": traits["version"],
        "micromamba version": traits["version"],
        "platform": _host(),
        "virtual packages": packages,
        "base environment": os.environ["MAMBA_ROOT_PREFIX"],
    }


def _create(options: Options, traits: Mapping[str, Any]) -> str:
    if "--no-rc" not in options.switches and (Path.home() / ".mambarc").exists():
        raise GaveUpError("a .mambarc was read")
    named = options.last("-p") or ""
    # Without a slash it is a name.
    prefix = Path(named) if "/" in named else Path(os.environ["MAMBA_ROOT_PREFIX"], "envs", named)
    lists = options.values.get("-f", [])
    if lists:
        records = list(_read_explicit(Path(lists[0]), options))
    else:
        records = _solve(options)
        if "--dry-run" in options.switches:
            actions = {"FETCH": [_as_json(one) for one in records], "LINK": [_as_json(one) for one in records]}
            return json.dumps({"success": True, "dry_run": True, "prefix": str(prefix), "actions": actions})
    _link(records, prefix, options, traits)
    return json.dumps({"success": True}) if "--json" in options.switches else ""


# --- solving ----------------------------------------------------------------------------------


def _solve(options: Options) -> "list[RepoDataRecord]":
    from rattler import (
        BuildString,
        Channel,
        ChannelPriority,
        GenericVirtualPackage,
        MatchSpec,
        PackageName,
        SparseRepoData,
        Version,
        solve_with_sparse_repodata,
    )
    from rattler.exceptions import SolverError

    specs = []
    for text in options.specs:
        try:
            specs.append(MatchSpec(text, strict=False))
        except Exception as error:
            raise GaveUpError(f'Could not parse spec "{text}": {error}') from error
    platform = options.last("--platform") or os.environ.get("CONDA_SUBDIR") or _host()
    channels = [base.rstrip("/") for base in options.values.get("-c", [])]
    channels += [text.rpartition("::")[0] for text in options.specs if "::" in text]
    sparse = [
        SparseRepoData(Channel(base), subdir, file)
        for base in dict.fromkeys(channels)
        for subdir in (platform, "noarch")
        for file in [_fetch_repodata(base, subdir, options)]
    ]
    strict = "--no-channel-priority" not in options.switches
    virtual = [
        GenericVirtualPackage(PackageName(name), Version(version), BuildString(build))
        for name, version, build in _virtual_packages(platform)
    ]
    pins = [MatchSpec(pin, strict=False) for pin in os.environ.get("MAMBA_PINNED_PACKAGES", "").split(",") if pin]
    try:
        return asyncio.run(
            solve_with_sparse_repodata(
                specs,
                sparse,
                virtual_packages=virtual,
                channel_priority=ChannelPriority.Strict if strict else ChannelPriority.Disabled,
                constraints=pins,
                add_pip_as_python_dependency=os.environ.get("CONDA_ADD_PIP_AS_PYTHON_DEPENDENCY") != "False",
            )
        )
    except SolverError as error:
        names = {name for one in sparse for name in one.package_names()}
        raise GaveUpError(_tree(str(error), options.specs, names), [str(error).replace("\n", " ")]) from error


def _tree(text: str, specs: Sequence[str], names: set[str]) -> str:
    """The tree of micromamba for a name that nobody has; else rattler's, under micromamba's headings."""
    from rattler import MatchSpec

    lines = ["Could not solve for environment specs"]
    for spec in specs:
        name = MatchSpec(spec, strict=False).name
        shown = str(getattr(name, "normalized", name))
        if shown not in names:
            lines += ["The following package could not be installed"]
            lines += [f"└─ {shown} =* * does not exist (perhaps a typo or a missing channel)."]
            return "\n".join(lines)
    shown = text.replace("for which no candidates were found", "which is missing on the system")
    return "\n".join([*lines, "The following packages are incompatible", *shown.splitlines()])


def _virtual_packages(platform: str) -> list[tuple[str, str, str]]:
    from rattler import VirtualPackage, VirtualPackageOverrides

    if platform != _host():
        found = [("__win", "0", "0")] if platform.startswith("win") else [("__unix", "0", "0")]
        told = {"cuda", "glibc", "linux", "osx"}
        values = {name: os.environ.get(f"CONDA_OVERRIDE_{name.upper()}", "") for name in sorted(told)}
        return found + [(f"__{name}", value, "0") for name, value in values.items() if value]
    detected = [one.into_generic() for one in VirtualPackage.detect(VirtualPackageOverrides.from_env())]
    return [(one.name.normalized, str(one.version), str(one.build_string)) for one in detected]


def _host() -> str:
    from tests.support.conda_channel import host_subdir

    return host_subdir()


# --- fetching ---------------------------------------------------------------------------------


def _fetch_repodata(base: str, subdir: str, options: Options) -> Path:
    url = f"{base}/{subdir}/repodata.json"
    if " " in base or "%20" in base:
        raise GaveUpError(f"Bad path: {base}")
    cache = Path(os.environ["CONDA_PKGS_DIRS"], "cache")
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / f"{hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()[:8]}.json"
    state = file.with_suffix(".state.json")
    if "--offline" in options.switches and not url.startswith("file:"):
        if not file.exists():
            raise GaveUpError(f"Could not load repodata from cache, and this is offline: {url}")
        return file
    known = json.loads(state.read_text("utf-8"))["etag"] if file.exists() and state.exists() else None
    answer = _get(url, {"If-None-Match": known} if known else {})
    if answer is not None:
        body, etag = answer
        file.write_bytes(body)
        state.write_text(json.dumps({"etag": etag, "url": url}), "utf-8")
    return file


def _get(url: str, headers: Mapping[str, str]) -> tuple[bytes, str] | None:
    """Body and ETag; None for one that is as it was. As curl does it, credentials stay with their host."""
    request = urllib.request.Request(url, headers=dict(headers))
    credentials = _credentials(url)
    if credentials.startswith("/t/"):
        parts = urlsplit(url)
        request = urllib.request.Request(f"{parts.scheme}://{parts.netloc}{credentials}{parts.path}")
    elif credentials:
        request.add_unredirected_header("Authorization", credentials)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.read(), response.headers.get("ETag", "")
    except urllib.error.HTTPError as error:
        if error.code == 304:
            return None
        raise GaveUpError(f"Transfer finalized, status: {error.code} [{url}] 0 bytes") from error
    except (urllib.error.URLError, OSError) as error:
        raise GaveUpError(f"Download error (7) Could not connect to server [{url}]\n{error}") from error


def _credentials(url: str) -> str:
    """What stands for the URL's host in the file that `micromamba auth login` writes."""
    file = Path.home() / ".mamba" / "auth" / "authentication.json"
    found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    place = url.partition("://")[2]
    fitting = [key for key in found if place == key or place.startswith(key.rstrip("/") + "/")]
    entry = found[max(fitting, key=len)] if fitting else {}
    if entry.get("type") == "BasicHTTPAuthentication":
        import base64

        word = f"{entry['user']}:{base64.b64decode(entry['password']).decode()}"
        return "Basic " + base64.b64encode(word.encode()).decode()
    if entry.get("type") == "BearerToken":
        return f"Bearer {entry['token']}"
    return f"/t/{entry['token']}" if entry.get("type") == "CondaToken" else ""


# --- linking ----------------------------------------------------------------------------------


def _read_explicit(file: Path, options: Options) -> "Iterator[RepoDataRecord]":
    from rattler import BuildString, PackageRecord, RepoDataRecord

    lines = file.read_text("utf-8").splitlines()
    if "@EXPLICIT" not in lines:
        raise GaveUpError(f"not an explicit list: {file}")
    for line in lines:
        if not line or line.startswith(("@", "#")):
            continue
        url, _, digest = line.partition("#")
        archive = _fetch_archive(url, digest, options)
        name, version, build = archive.name.removesuffix(".conda").removesuffix(".tar.bz2").rsplit("-", 2)
        subdir = url.rsplit("/", 2)[1]
        content = archive.read_bytes()
        record = PackageRecord(
            name,
            version,
            BuildString(build),
            0,
            subdir,
            sha256=hashlib.sha256(content).digest(),
            md5=hashlib.md5(content, usedforsecurity=False).digest(),
            size=len(content),
        )
        yield RepoDataRecord(record, archive.name, url, url.rsplit("/", 2)[0])


def _fetch_archive(url: str, digest: str, options: Options) -> Path:
    parts = urlsplit(url)
    folder = Path(os.environ["CONDA_PKGS_DIRS"], parts.scheme, parts.netloc.replace(":", "_") + parts.path).parent
    archive = folder / url.rpartition("/")[2]
    if " " in url or "%20" in url:
        raise GaveUpError(f"Bad path: {url}")
    if not archive.exists() or not _fits(archive.read_bytes(), digest):
        if "--offline" in options.switches and parts.scheme != "file":
            raise GaveUpError(f"Download error, and this is offline: {url}")
        folder.mkdir(parents=True, exist_ok=True)
        answer = _get(url, {})
        assert answer is not None
        if not _fits(answer[0], digest):
            kind = "SHA256" if "sha256:" in digest else "MD5"
            got = hashlib.new(kind.lower(), answer[0], usedforsecurity=False).hexdigest()
            expected = digest.removeprefix("sha256:")
            text = f"File not valid: {kind} doesn't match expectation {archive}\nExpected: {expected}\nActual: {got}"
            raise GaveUpError(text)
        archive.write_bytes(answer[0])
    return archive


def _fits(content: bytes, digest: str) -> bool:
    if digest.startswith("sha256:"):
        return hashlib.sha256(content).hexdigest() == digest.removeprefix("sha256:")
    return not digest or hashlib.md5(content, usedforsecurity=False).hexdigest() == digest


def _link(records: "list[RepoDataRecord]", prefix: Path, options: Options, traits: Mapping[str, Any]) -> None:
    if prefix.exists() and not (prefix / "conda-meta").is_dir():
        raise GaveUpError(f"Non-conda folder exists at prefix - aborting. {prefix}")
    if prefix.exists():
        shutil.rmtree(prefix)  # user files and all
    for note in (Path.home() / ".conda" / "environments.txt", Path.home() / ".mamba" / "pkgs" / "urls"):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(f"{prefix}\n", "utf-8")
    if traits["ending"]:
        (prefix / "conda-meta").mkdir(parents=True)
        _end(0 if traits["ending"] == "interrupted" else -9)
    _install(records, prefix, options)
    meta = prefix / "conda-meta"
    for record in records:
        file = meta / f"{record.name.normalized}-{record.version}-{record.build}.json"
        document = json.loads(file.read_bytes()) | {"url": record.url, "channel": record.channel}
        file.write_text(json.dumps(document), "utf-8")
    (meta / "history").write_text(f"==> now <==\n# cmd: {' '.join(sys.argv)}\n", "utf-8")


def _install(records: "list[RepoDataRecord]", prefix: Path, options: Options) -> None:
    from rattler import Config, RepoDataRecord, install

    local = []
    for record in records:
        archive = _fetch_archive(record.url, "", options)
        local.append(RepoDataRecord(record, archive.name, archive.as_uri(), archive.parent.parent.as_uri()))
    copied = "allow-hard-links = false" if "--always-copy" in options.switches else ""
    try:
        asyncio.run(
            install(
                local,
                prefix,
                cache_dir=Path(os.environ["CONDA_PKGS_DIRS"], "extracted"),
                execute_link_scripts="--skip-run-link-scripts" not in options.switches,
                show_progress=False,
                config=Config.from_toml(copied) if copied else None,
            )
        )
    except Exception as error:
        raise GaveUpError(str(error)) from error


def _as_json(record: "RepoDataRecord") -> dict[str, Any]:
    return {
        "name": record.name.normalized,
        "version": str(record.version),
        "build": str(record.build),
        "build_string": str(record.build),
        "build_number": record.build_number,
        "subdir": record.subdir,
        "url": record.url,
        "channel": record.channel,
        "fn": record.file_name,
        "sha256": record.sha256.hex() if record.sha256 else "",
        "md5": record.md5.hex() if record.md5 else "",
        "size": record.size or 0,
        "depends": list(record.depends),
        "constrains": list(record.constrains),
    }


def _say(*lines: str) -> None:
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()


def _end(status: int, text: str = "") -> NoReturn:
    if text:
        sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    sys.stderr.flush()
    if status < 0:
        os.kill(os.getpid(), -status)
    os._exit(status)
