"""conda-lock's content hash of a request, bit for bit: how a lock is known to answer what is declared now.

It is the SHA-256 of the channels, the specs and the virtual packages that conda-lock assumes for a platform, as sorted
JSON. It counts what is asked for, never what was found. Held against conda-lock itself by a test.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

from pyve.project.conda.lock_channel import canonical_channel, serialise_channel
from pyve.project.conda.lock_pip_line import serialise_pip_line
from pyve.project.conda.match_spec import MatchSpecText, parse_match_spec

JsonObject: TypeAlias = dict[str, Any]

_TIMESTAMP = 1577854800000
_CUDA = "11.4"
_LINUX = {"__unix": "0", "__linux": "5.10", "__glibc": "2.28", "__cuda": _CUDA}
# What conda-lock assumes of a machine that it locks for: name -> version, or version and build string.
DEFAULT_VIRTUAL_PACKAGES: Mapping[str, Mapping[str, str]] = {
    "linux-64": {**_LINUX, "__archspec": "1 x86_64"},
    "linux-aarch64": {**_LINUX, "__archspec": "1 aarch64"},
    "linux-ppc64le": {**_LINUX, "__archspec": "1 ppc64le"},
    "osx-64": {"__unix": "0", "__archspec": "1 x86_64", "__osx": "11.0"},
    "osx-arm64": {"__unix": "0", "__archspec": "1 arm64", "__osx": "11.0"},
    "win-64": {"__win": "0", "__archspec": "1 x86_64", "__cuda": _CUDA},
}
_SECOND_OSX = ("__osx", "10.15")  # stands beside 11.0 in every hash for osx-64, as older versions wrote it


@dataclass(frozen=True, kw_only=True)
class LockRequest:
    """What one environment.yml asks for on one platform.

    `specs` and `channels` are texts as written, `nodefaults` not among them. `pip_lines` are those of the pip section;
    `pip_inclusions` are what the lines lead to that conda-lock does not understand (-r, -c, options): it writes no lock
    then, and another lock counts them too. `environment` names the variables of channels' credentials.
    """

    specs: tuple[str, ...]
    channels: tuple[str, ...]
    environment: Mapping[str, str]
    category: str = "main"
    has_pip: bool = False
    pip_lines: tuple[str, ...] = ()
    pip_repositories: tuple[str, ...] = ()
    pip_inclusions: tuple[str, ...] = ()


def content_hash(request: LockRequest, subdir: str) -> str:
    """Return the hash that conda-lock 4 writes; MatchSpecTextError where a spec is none."""
    return _digest(_serialise(request, subdir), _assume(subdir))


def accepted_hashes(request: LockRequest, subdir: str) -> frozenset[str]:
    """Return the hashes that mean the same request: of older versions of conda-lock, and without CUDA."""
    content = _serialise(request, subdir)
    with_nulls = {**content, "specs": [_add_nulls(spec) for spec in content["specs"]]}
    return frozenset(
        _digest(one, _assume(subdir, has_cuda=has_cuda, has_second_osx=has_osx, has_build_number=has_number))
        for one, has_cuda, has_osx, has_number in product((content, with_nulls), *[(True, False)] * 3)
    )


def lock_version_of(spec: MatchSpecText) -> str:
    """Return the version of a spec in the form in which conda prints it: `3.11.*` for `=3.11`, empty for any."""
    version = spec.version or ""
    text_build = None if "build" in spec.brackets else spec.build
    if "version" not in spec.brackets and version.startswith("="):
        rest = version[1:]
        if version.startswith("=="):
            version = version[2:] if text_build is None else version
        elif not set("=,|") & set(rest):
            version = rest if text_build is not None or rest.endswith("*") else f"{rest}*"
    return "".join(_print_part(part) for part in _split_version(version))


def _split_version(version: str) -> Iterator[str]:
    """The single versions and what joins them; parentheses are lost, as conda loses them."""
    part = ""
    for character in version:
        if character in ",|()":
            yield from filter(None, (part, character if character in ",|" else ""))
            part = ""
        else:
            part += character
    if part:
        yield part


def _print_part(part: str) -> str:
    if part[0] in "=<>!~^" or part == "*" or not part.endswith("*") or "*" in part.rstrip("*"):
        return part
    return part if part.endswith(".*") else f"{part[:-1]}.*"


def _serialise(request: LockRequest, subdir: str) -> JsonObject:
    specs: dict[tuple[str, str], JsonObject] = {}  # of two specs for one package the later counts, as in conda-lock
    for text in request.specs:
        spec = _serialise_spec(parse_match_spec(text), category=request.category)
        specs["conda", spec["name"]] = spec
    if request.has_pip:
        for line in request.pip_lines:
            found = serialise_pip_line(line, subdir, category=request.category)
            if found is not None:
                specs["pip", found["name"]] = found
        specs["conda", "pip"] = _serialise_spec(parse_match_spec("pip *"), category="main")
    content: JsonObject = {
        "channels": [serialise_channel(channel, request.environment) for channel in request.channels],
        "specs": [specs[key] for key in sorted(specs)],
    }
    if request.pip_repositories:
        content["pip_repositories"] = [
            json.dumps({"url": url}, separators=(",", ":"), ensure_ascii=False) for url in request.pip_repositories
        ]
    if request.pip_inclusions:
        content["pip_inclusions"] = list(request.pip_inclusions)
    return content


def _serialise_spec(spec: MatchSpecText, *, category: str) -> JsonObject:
    return {
        "name": spec.name,
        "manager": "conda",
        "category": category,
        "extras": [],
        "version": lock_version_of(spec),
        "build": spec.build,
        "conda_channel": canonical_channel(spec),
        "hash": None,
    }


def _add_nulls(spec: JsonObject) -> JsonObject:
    """The fields that version 3.0.0 to 3.0.2 counted although they were empty."""
    later = ("markers", "subdirectory") if {"vcs", "path"} & set(spec) else ("markers",)
    return {**dict.fromkeys(later), **spec}


def _assume(
    subdir: str, *, has_cuda: bool = True, has_second_osx: bool = True, has_build_number: bool = True
) -> JsonObject:
    """The virtual packages for a platform, as an index of a channel."""
    packages = [(name, *text.partition(" ")[::2]) for name, text in DEFAULT_VIRTUAL_PACKAGES.get(subdir, {}).items()]
    if subdir == "osx-64" and has_second_osx:
        packages.append((*_SECOND_OSX, ""))
    index: JsonObject = {"info": {"subdir": subdir}, "packages": {}} if subdir in DEFAULT_VIRTUAL_PACKAGES else {}
    for name, version, build_string in packages:
        if name == "__cuda" and not has_cuda:
            continue
        build = f"{build_string}_0" if build_string and has_build_number else build_string or "0"
        index["packages"][f"{name}-{version}-{build}.tar.bz2"] = {
            "name": name,
            "version": version,
            "build": build,
            "build_number": 0,
            "build_string": build_string,
            "depends": [],
            "noarch": "",
            "package_type": "virtual_system",
            "subdir": subdir,
            "timestamp": _TIMESTAMP,
        }
    return {"noarch": {"info": {"subdir": "noarch"}, "packages": {}}, subdir: index}


def _digest(content: JsonObject, virtual_packages: JsonObject) -> str:
    text = json.dumps({**content, "virtual_package_hash": virtual_packages}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
