"""The content hash is conda-lock's own, so that a lock of either answers the other."""

import dataclasses
from pathlib import Path

import pytest

from pyve.project.conda.content_hash import LockRequest, accepted_hashes, content_hash
from pyve.project.manifests.environment_yml import read_environment_yml
from pyve.project.manifests.lock_request import lock_request_of
from tests.support.conda_lock import CondaLock, conda_lock_python

__all__ = ["conda_lock_python"]

PLATFORMS = ("linux-64", "linux-aarch64", "linux-ppc64le", "osx-64", "osx-arm64", "win-64")
REQUEST = LockRequest(specs=("python=3.12", "numpy >=2"), channels=("conda-forge",), environment={})

FILES = {
    "plain": "channels: [conda-forge]\ndependencies: [python=3.12, numpy >=2]\n",
    "no channels": "dependencies:\n- a\n- b 1.2.*\n",
    "nodefaults, category, variables": (
        "name: x\nchannels: [conda-forge, bioconda, nodefaults]\ncategory: dev\n"
        "variables: {A: '1'}\nplatforms: [linux-64]\ndependencies: [python, b==1.2, c=1.2=h*]\n"
    ),
    "channels of specs": (
        "channels: [defaults]\ndependencies:\n- conda-forge::a=1\n- defaults::b\n"
        "- https://channel.example/noarch/c-1-0.conda\n"
    ),
    "selectors": (
        "dependencies:\n- a  # [linux]\n- b  # [osx]\n- c  # [win]\n- d  # [unix]\n- e  # [linux64]\n"
        "- f  # [arm64]\n- g  # [aarch64]\n- h  # only on [win64]\n- i  # [osx64]\n- j  # [ppc64le]\n"
    ),
    "a package named twice": "dependencies: [a=1, a=2, pip=23, {pip: [a]}]\n",
    "pip": (
        "dependencies:\n- python\n- pip:\n  - rich>=13,<14\n  - foo~=1.2\n  - bar[x,b]==1.2.*\n  - qux===1.2\n"
        "  - quux!=1.5\n  - Z_a.b\n  - a1 @ https://channel.example/x-1.whl#sha256=00\n"
        "  - git+https://channel.example/a/b.git@v1\n  - c @ git+https://channel.example/a/c@v1#subdirectory=x\n"
        "  - -e .\n  - h==1 --hash=sha256:00\n  - d @ PROJECT\n"
    ),
    "markers": (
        "dependencies:\n- pip:\n  - a ; sys_platform == 'win32'\n  - b; platform_system != \"Windows\"\n"
        "  - c ; python_version < '3'\n  - d ; os_name == 'nt' or python_version < '3'\n"
        "  - e ; (sys_platform == 'linux' or os_name == 'nt') and python_version >= '3'\n"
    ),
    "empty pip": "dependencies:\n- a\n- pip: []\n",
    "pip without a list": "dependencies:\n- a\n- pip:\n",
    "pip repositories": "dependencies: [a]\npip-repositories: ['https://channel.example/simple']\n",
    "credentials in variables": (
        "channels:\n- https://$USER_ONE:${WORD_ONE}@Channel.Example:8080/a\n- https://channel.example/t/$TOKEN_ONE/b\n"
        "dependencies: [a]\n"
    ),
    "umlauts": "channels: ['https://channel.example/ä']\ndependencies: [a]\n",
}


def hash_all(file: Path) -> dict[str, str]:
    """Ours, for each platform."""
    found = {}
    for subdir in PLATFORMS:
        yml = read_environment_yml(file, root=file.parent, subdir=subdir, environment={})
        found[subdir] = content_hash(lock_request_of(yml, environment={}), subdir)
    return found


@pytest.mark.posix("conda-lock answers the same everywhere; it is asked where it is at home")
@pytest.mark.needs_index
def test_conda_lock_has_the_same_hashes(project: Path, conda_lock_python: CondaLock) -> None:
    files = []
    for number, text in enumerate(FILES.values()):
        files.append(project / str(number) / "environment.yml")
        files[-1].parent.mkdir()
        (files[-1].parent / "pyproject.toml").touch()
        files[-1].write_text(text.replace("PROJECT", files[-1].parent.as_uri()), encoding="utf-8")
    answers = conda_lock_python("content-hashes", files=files, platforms=PLATFORMS)
    for what, file, answer in zip(FILES, files, answers, strict=True):
        assert (what, hash_all(file)) == (what, answer["hashes"])
        for subdir, hashes in answer["accepted"].items():
            yml = read_environment_yml(file, root=file.parent, subdir=subdir, environment={})
            accepted = accepted_hashes(lock_request_of(yml, environment={}), subdir)
            assert (what, accepted) == (what, frozenset(hashes))


@pytest.mark.parametrize(
    ("subdir", "known"),
    [
        ("linux-64", "1795a444a80a67aca3173b90b137ff2c767f41949b9d8930f1d85fa0e8c42d76"),
        ("osx-64", "4161185d641958fd47706cbf5898a612f28e7289ab3c8c3b1e306856258a436d"),
        ("win-64", "94650907acdaf6e256198c4ab943da294d29e833cd297dfde34bb7c0ffb93b9b"),
    ],
)
def test_a_hash_that_conda_lock_once_wrote_stays_the_same(subdir: str, known: str) -> None:
    request = dataclasses.replace(REQUEST, has_pip=True, pip_lines=("rich>=13",))
    assert content_hash(request, subdir) == known


def test_the_hash_is_the_same_for_any_order_of_specs() -> None:
    turned = dataclasses.replace(REQUEST, specs=tuple(reversed(REQUEST.specs)))
    assert content_hash(turned, "linux-64") == content_hash(REQUEST, "linux-64")


@pytest.mark.parametrize(
    "changes",
    [
        {"specs": ("python=3.13", "numpy >=2")},
        {"channels": ("bioconda",)},
        {"category": "dev"},
        {"has_pip": True},
        {"pip_repositories": ("https://channel.example/simple",)},
        {"pip_inclusions": ("click",)},
    ],
)
def test_every_change_of_the_request_changes_the_hash(changes: dict[str, object]) -> None:
    changed = dataclasses.replace(REQUEST, **changes)  # type: ignore[arg-type]  # names and types stand together above
    assert content_hash(changed, "linux-64") not in accepted_hashes(REQUEST, "linux-64")


def test_each_platform_has_a_hash_of_its_own() -> None:
    subdirs = (*PLATFORMS, "linux-s390x", "win-arm64")
    assert len({content_hash(REQUEST, subdir) for subdir in subdirs}) == len(subdirs)


def test_a_credential_counts_as_the_variable_that_holds_it() -> None:
    named = dataclasses.replace(REQUEST, channels=("https://${A_USER}:${A_PASSWORD}@channel.example/c",))
    written = dataclasses.replace(
        REQUEST,
        channels=("https://me:secret@channel.example/c",),
        environment={"A_USER": "me", "A_PASSWORD": "secret"},
    )
    assert content_hash(written, "linux-64") == content_hash(named, "linux-64")


def test_files_that_the_pip_section_includes_count(project: Path) -> None:
    file = project / "environment.yml"
    file.write_text("dependencies:\n- pip:\n  - -r more.txt\n", encoding="utf-8")
    hashes = []
    for text in ("click", "rich", "click  # once more"):
        (project / "more.txt").write_text(text, encoding="utf-8")
        hashes.append(hash_all(file)["linux-64"])
    assert hashes[0] != hashes[1]
    assert hashes[0] == hashes[2]
