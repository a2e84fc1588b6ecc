"""The conda channel that the pages install from, and a lock of what a page declares.

`python -m tests.docs.documented_conda CHANNEL` writes conda-lock.yml for the environment.yml of the working directory,
as conda-lock would with the packages of CHANNEL; `--explicit` writes conda-SUBDIR.lock instead, `--platform NAME` says
that the packages are for another platform.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

from pyve.engines.conda.engine import EngineSurroundings, SolveRequest
from pyve.engines.conda.rattler.engine import RattlerEngine
from pyve.environments.progress import report_nothing
from pyve.project.conda.content_hash import content_hash
from pyve.project.conda.package import CondaPackage
from pyve.project.manifests.environment_yml import EnvironmentYml, read_environment_yml
from pyve.project.manifests.lock_request import lock_request_of
from tests.docs.documented_packages import HUMANIZE
from tests.support.conda_channel import LocalChannel, build_channel, host_subdir
from tests.support.conda_package import MadePackage, text_file

CONDA_FORGE = "https://conda.anaconda.org/conda-forge"


def make_documented_channel(directory: Path) -> LocalChannel:
    """What the pages take from conda-forge: real names and versions, as much of the packages as the pages use."""
    humanize = MadePackage(
        name="humanize",
        version="4.12.3",
        noarch="python",
        depends=("python >=3.9",),
        files=(
            text_file("site-packages/humanize.py", HUMANIZE),
            text_file(
                "site-packages/humanize-4.12.3.dist-info/METADATA",
                "Metadata-Version: 2.1\nName: humanize\nVersion: 4.12.3\n",
            ),
        ),
    )
    return build_channel(directory, packages=[humanize])


def solve(yml: EnvironmentYml, channel: LocalChannel) -> tuple[CondaPackage, ...]:
    """The packages that environment.yml asks for, by the URLs of conda-forge."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        surroundings = EngineSurroundings(
            cache_directory=work / "cache", environment=os.environ, log=work / "log", work_directory=work
        )
        engine = RattlerEngine(surroundings)
        try:
            request = SolveRequest(
                specs=tuple(spec.text for spec in yml.specs),
                channels=(channel.as_channel(name="conda-forge", url=CONDA_FORGE),),
                subdir=channel.subdir,
            )
            return engine.solve(request, report_nothing).packages
        finally:
            engine.close()


def lock_text(yml: EnvironmentYml, packages: tuple[CondaPackage, ...], platform: str) -> str:
    """A conda-lock.yml of version 1 for one platform."""
    digest = content_hash(lock_request_of(yml, environment={}), platform)
    metadata = {
        "content_hash": {platform: digest},
        "channels": [{"url": channel, "used_env_vars": []} for channel in yml.channels],
        "platforms": [platform],
        "sources": [yml.path.name],
    }
    rows = [
        {
            "name": package.name,
            "version": package.version,
            "manager": "conda",
            "platform": platform,
            "dependencies": {},
            "url": package.url.replace(f"/{host_subdir()}/", f"/{platform}/"),
            "hash": {"md5": package.md5, "sha256": package.sha256},
            "category": "main",
            "optional": False,
        }
        for package in packages
    ]
    return json.dumps({"version": 1, "metadata": metadata, "package": rows}, indent=1) + "\n"


def main() -> None:
    """Write the lock or the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("channel", type=Path)
    parser.add_argument("--platform", default=host_subdir())
    parser.add_argument("--explicit", action="store_true")
    arguments = parser.parse_args()
    root, subdir = Path.cwd(), host_subdir()
    yml = read_environment_yml(root / "environment.yml", root=root, subdir=subdir, environment={})
    packages = solve(yml, LocalChannel(path=arguments.channel, subdir=subdir))
    if arguments.explicit:
        lines = ["@EXPLICIT", *(f"{package.url}#{package.sha256}" for package in packages)]
        (root / f"conda-{subdir}.lock").write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        (root / "conda-lock.yml").write_text(lock_text(yml, packages, arguments.platform), encoding="utf-8")


if __name__ == "__main__":
    main()
