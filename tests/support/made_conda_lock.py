"""A conda-lock.yml with pyve's stamp, made without solving: one row for each name that is declared.

make_stamped_lock(project, "tiny<2", "python", platforms=("linux-64",))    # writes environment.yml too
"""

import os
from collections.abc import Sequence
from pathlib import Path

from pyve.lockers.conda_lock_text import CondaLockText, LockedChannel, LockedRow
from pyve.project.conda.content_hash import content_hash
from pyve.project.conda.match_spec import parse_match_spec
from pyve.project.locking.lock_inputs import read_lock_inputs
from pyve.project.locking.lock_stamp import LockStamp, write_stamp
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.manifests.environment_yml import read_environment_yml
from pyve.project.manifests.lock_request import lock_request_of

CONDA_FORGE = "https://conda.anaconda.org/conda-forge"
NAME = "conda-lock.yml"


def conda_target(root: Path) -> LockTarget:
    """The lock of the project's environment.yml."""
    return LockTarget(sources=(root / "environment.yml",), destination=root / NAME, format=LockFormat.CONDA_LOCK)


def make_stamped_lock(
    root: Path, *specs: str, platforms: Sequence[str], version: str = "1.0", pip: Sequence[str] = ()
) -> Path:
    """Declare the specs, and write a lock that pins each of their names to `version`."""
    lines = ["channels: [conda-forge]", "dependencies:", *(f"  - {spec}" for spec in specs)]
    lines += ["  - pip:", *(f"    - {one}" for one in pip)] if pip else []
    (root / "environment.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    target, hashes = conda_target(root), {}
    for platform in platforms:
        yml = read_environment_yml(target.source, root=root, subdir=platform, environment=os.environ)
        hashes[platform] = content_hash(lock_request_of(yml, environment=os.environ), platform)
    rows = [
        LockedRow(
            manager="conda",
            name=name,
            version=version,
            platform=platform,
            url=f"{CONDA_FORGE}/noarch/{name}-{version}-0.conda",
            md5="0" * 32,
            sha256="0" * 64,
        )
        for platform in platforms
        for name in dict.fromkeys(parse_match_spec(spec).name for spec in specs)
    ]
    rows += [
        LockedRow(
            manager="pip",
            name=name,
            version="1.0",
            platform=platform,
            url=f"https://channel.example/{name}-1.0-py3-none-any.whl",
            sha256="0" * 64,
        )
        for platform in platforms
        for name in pip
    ]
    text = CondaLockText(
        content_hashes=hashes,
        channels=(LockedChannel(url="conda-forge"),),
        sources=("environment.yml",),
        rows=tuple(rows),
    )
    inputs = read_lock_inputs(target, root=root, environment=os.environ)
    stamp = LockStamp(
        locker="rattler", sources=("environment.yml",), inputs=inputs.texts, platforms=tuple(sorted(platforms))
    )
    target.destination.write_text(write_stamp(text.write(), stamp, LockFormat.CONDA_LOCK), encoding="utf-8")
    return target.destination
