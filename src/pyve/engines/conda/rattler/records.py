"""Packages and virtual packages in rattler's terms; imported in the worker alone."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyve.engines.conda.rattler.orders import MatchOrder, OrderFailedError
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.virtual_packages import apply_overrides

if TYPE_CHECKING:
    from rattler import GenericVirtualPackage, MatchSpec, PackageRecord, RepoDataRecord

_OVERRIDE = "CONDA_OVERRIDE_"


def to_record(package: CondaPackage, url: str, *, index: Path | None = None) -> "RepoDataRecord":
    """The record of a package that is fetched from `url`.

    `index` is its info/index.json, where it is extracted already: that tells what a CondaPackage leaves out.
    """
    from rattler import BuildString, PackageRecord, RepoDataRecord

    if index is not None:
        record = PackageRecord.from_index_json(index, package.size, package.sha256, package.md5)
        if package.depends or package.constrains:  # as the channel has them now, which may have corrected them
            record.depends, record.constrains = list(package.depends), list(package.constrains)
    else:
        record = PackageRecord(
            package.name,
            package.version,
            BuildString.new_unchecked(package.build),
            package.build_number,
            package.subdir,
            depends=list(package.depends),
            constrains=list(package.constrains),
            sha256=bytes.fromhex(package.sha256) if package.sha256 else None,
            md5=bytes.fromhex(package.md5) if package.md5 else None,
            size=package.size,
            python_site_packages_path=_site_packages(package),
        )
    return RepoDataRecord(record, url.rpartition("/")[2], url, url.rsplit("/", 2)[0] + "/")


def _site_packages(package: CondaPackage) -> str | None:
    """Where a free-threaded python has its packages; the records of locks do not say so, its build does."""
    minor = ".".join(package.version.split(".")[:2])
    threaded = re.search(r"_cp3\d+t$", package.build)
    return f"lib/python{minor}t/site-packages" if package.name == "python" and threaded else None


def from_record(record: "RepoDataRecord") -> CondaPackage:
    """The package of a record, with the URL that rattler has."""
    return CondaPackage(
        name=record.name.normalized,
        version=str(record.version),
        build=str(record.build),
        subdir=record.subdir,
        url=record.url,
        build_number=record.build_number,
        sha256=record.sha256.hex() if record.sha256 else None,
        md5=record.md5.hex() if record.md5 else None,
        size=record.size,
        depends=tuple(record.depends),
        constrains=tuple(record.constrains),
    )


def read_specs(texts: Iterable[str]) -> list["MatchSpec"]:
    """MatchSpecs, read as conda reads them; the failure names the first that is none."""
    from rattler import MatchSpec
    from rattler.exceptions import InvalidMatchSpecError

    specs = []
    for text in texts:
        try:
            spec = MatchSpec(text, strict=False)
        except (InvalidMatchSpecError, ValueError) as error:
            raise OrderFailedError("bad-spec", f"{text!r} is not a MatchSpec: {error}", subject=text) from error
        if spec.namespace:
            raise OrderFailedError("bad-spec", f"{text!r} names a package of {spec.namespace}, not conda", subject=text)
        specs.append(spec)
    return specs


def detect_virtual_packages() -> dict[str, str]:
    """Those of this machine, CONDA_OVERRIDE_* counted: name -> `version` or `version=build`."""
    from rattler import VirtualPackage, VirtualPackageOverrides
    from rattler.exceptions import DetectVirtualPackageError, InvalidVersionError

    try:
        overrides = VirtualPackageOverrides.from_env()
        found = [package.into_generic() for package in VirtualPackage.detect(overrides)]
    except (DetectVirtualPackageError, InvalidVersionError) as error:
        blamed = [name for name, value in os.environ.items() if name.startswith(_OVERRIDE) and value in str(error)]
        text = f"What this machine has cannot be told ({', '.join(blamed)}): {error}"
        subject = " ".join(f"__{name.removeprefix(_OVERRIDE).lower()}" for name in blamed)
        raise OrderFailedError("machine", text, subject=subject) from error
    detected = {package.name.normalized: _shown(str(package.version), str(package.build_string)) for package in found}
    # CEP 30 has more of those variables than rattler, and a set but empty one takes the package out.
    return dict(sorted(apply_overrides(detected, os.environ).items()))


def to_virtual(packages: Mapping[str, str]) -> list["GenericVirtualPackage"]:
    """Rattler's virtual packages of a mapping as detect_virtual_packages gives it."""
    from rattler import BuildString, GenericVirtualPackage, PackageName, Version
    from rattler.exceptions import InvalidVersionError

    made = []
    for name, text in packages.items():
        version, _, build = text.partition("=")
        try:
            number = Version(version or "0")
        except InvalidVersionError as error:
            variable = f"CONDA_OVERRIDE_{name.removeprefix('__').upper()}"
            raise OrderFailedError(
                "machine", f"{variable} is {version!r}, which is no version", subject=name
            ) from error
        made.append(GenericVirtualPackage(PackageName(name), number, BuildString.new_unchecked(build or "0")))
    return made


def match_order(order: MatchOrder) -> dict[str, Any]:
    """Answer a MatchOrder: `unmet`, the specs in the order they were given."""
    records: list[PackageRecord] = [*(to_record(package, package.url) for package in order.packages)]
    records += _virtual_records(detect_virtual_packages())
    return {"unmet": find_unmet(order.specs, records)}


def find_unmet_virtual(depends: Iterable[str], virtual: Mapping[str, str]) -> list[str]:
    """The specs of virtual packages among `depends` that `virtual` does not satisfy."""
    wanted = sorted({spec for spec in depends if spec.startswith("__")})
    return find_unmet(wanted, _virtual_records(virtual)) if wanted else []


def find_unmet(specs: Iterable[str], records: "list[PackageRecord]") -> list[str]:
    """The specs that no record satisfies."""
    by_name: dict[str, list[PackageRecord]] = {}
    for record in records:
        by_name.setdefault(record.name.normalized, []).append(record)
    unmet = []
    for text in specs:
        spec = read_specs([text])[0]
        name = spec_name(spec)
        if not any(spec.matches(record) for record in by_name.get(name, ())):
            unmet.append(text)
    return unmet


def spec_name(spec: "MatchSpec") -> str:
    """The package that a spec is about, in lower case."""
    return spec.name.normalized.lower()


def _virtual_records(virtual: Mapping[str, str]) -> "list[PackageRecord]":
    from rattler import BuildString, PackageRecord

    split = ((name, *text.partition("=")[::2]) for name, text in virtual.items())
    return [
        PackageRecord(name, version or "0", BuildString.new_unchecked(build or "0"), 0, "noarch")
        for name, version, build in split
    ]


def _shown(version: str, build: str) -> str:
    return version if build in {"", "0"} else f"{version}={build}"
