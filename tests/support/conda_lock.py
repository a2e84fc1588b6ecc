"""The real conda-lock, as a library and as a command, in an environment of its own: its pins cannot be met here."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

VERSION = "4.0.3"

_PROGRAM = r"""
import json, pathlib, sys, tempfile, warnings
warnings.simplefilter("ignore")
order = json.load(sys.stdin)
from conda_lock.lockfile import parse_conda_lock_file, write_conda_lock_file
if order["do"] == "content-hashes":
    from conda_lock.content_hash import backwards_compatible_content_hashes, compute_content_hashes
    from conda_lock.src_parser import make_lock_spec
    from conda_lock.virtual_package import default_virtual_package_repodata
    mapping = pathlib.Path(tempfile.mkdtemp()) / "mapping.yml"
    mapping.write_text("{}\n")
    assumed = default_virtual_package_repodata()
    without_cuda = default_virtual_package_repodata(cuda_version="")
    answer = []
    for file in order["files"]:
        spec = make_lock_spec(
            src_files=[pathlib.Path(file)], platform_overrides=order["platforms"], mapping_url=mapping.as_uri()
        )
        accepted = {
            platform: sorted(
                backwards_compatible_content_hashes(spec, assumed, platform)
                | backwards_compatible_content_hashes(spec, without_cuda, platform)
            )
            for platform in order["platforms"]
        }
        answer.append({"hashes": compute_content_hashes(spec, assumed), "accepted": accepted})
elif order["do"] == "match-specs":
    from conda_lock.src_parser.conda_common import conda_spec_to_versioned_dep
    answer = []
    for text in order["texts"]:
        try:
            found = conda_spec_to_versioned_dep(text, "main")
            answer.append([found.name, found.version, found.build, found.conda_channel])
        except Exception:
            answer.append(None)
elif order["do"] == "write":
    from conda_lock.lockfile.v1.models import Lockfile
    from conda_lock.lockfile.v2prelim.models import lockfile_v1_to_v2
    content = lockfile_v1_to_v2(Lockfile.model_validate(order["document"]))
    write_conda_lock_file(content, pathlib.Path(order["file"]), metadata_choices=None)
    answer = None
elif order["do"] == "read":
    answer = json.loads(parse_conda_lock_file(pathlib.Path(order["file"])).model_dump_json())
json.dump(answer, sys.stdout)
"""


class CondaLock(Protocol):
    """Answers one order; what it prints is JSON."""

    def __call__(self, do: str, **order: Any) -> Any: ...


@pytest.fixture
def conda_lock_python() -> CondaLock:
    """Ask conda-lock: `content-hashes` of files, `match-specs` of texts, `write` and `read` of a lock.

    Nothing is fetched before it is asked; tests that do carry the marker needs_index.
    """

    def ask(do: str, **order: Any) -> Any:
        from uv import find_uv_bin

        finished = subprocess.run(
            [
                *(find_uv_bin(), "tool", "run", "--quiet", "--python", sys.executable),
                *("--from", f"conda-lock=={VERSION}", "python", "-c", _PROGRAM),
            ],
            env=_with_index(os.environ),
            input=json.dumps({"do": do, **order}, default=_as_text),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert finished.returncode == 0, finished.stderr[-2000:]
        return json.loads(finished.stdout)

    return ask


def run_conda_lock(
    *arguments: "str | os.PathLike[str]", directory: Path, micromamba: Path | None = None, home: Path
) -> "subprocess.CompletedProcess[str]":
    """Run `conda-lock ARGUMENTS` in `directory`, with this micromamba; what it says is in `stderr`."""
    from uv import find_uv_bin

    words: list[str | os.PathLike[str]] = [*(find_uv_bin(), "tool", "run", "--quiet", "--python", sys.executable)]
    verb, *rest = arguments
    conda: list[str | os.PathLike[str]] = [] if micromamba is None else ["--conda", micromamba, "--no-mamba"]
    places = {"MAMBA_ROOT_PREFIX": os.fspath(home / "mamba"), "CONDA_PKGS_DIRS": os.fspath(home / "mamba" / "pkgs")}
    return subprocess.run(
        [*words, "--from", f"conda-lock=={VERSION}", "conda-lock", verb, *conda, *rest],
        env={**_with_index(os.environ), **places},
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def lock_document(platforms: Sequence[str], rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """A lock of version 1 with these rows, as conda-lock's models take it."""
    return {
        "version": 1,
        "metadata": {
            "content_hash": dict.fromkeys(platforms, "0" * 64),
            "channels": [{"url": "conda-forge", "used_env_vars": []}],
            "platforms": list(platforms),
            "sources": ["environment.yml"],
        },
        "package": list(rows),
    }


def _with_index(environment: Mapping[str, str]) -> dict[str, str]:
    found = dict(environment)
    if "PIP_INDEX_URL" in found:
        found.setdefault("UV_DEFAULT_INDEX", found["PIP_INDEX_URL"])
    return found


def _as_text(value: object) -> str:
    if isinstance(value, Path):
        return os.fspath(value)
    raise TypeError(f"{value!r} is no JSON")
