"""install.sh in a home of its own, whose path holds spaces: what it makes, what it refuses, what is left of it."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pyve import __version__

CHECKOUT = Path(__file__).resolve().parents[2]
BASE_PYTHON: str = getattr(sys, "_base_executable", sys.executable)
TOOLS = ("sh", "dirname", "uname", "find", "cksum", "sort", "readlink", "mktemp", "tail", "rm", "mkdir", "rmdir")

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="install.sh is for POSIX; Windows installs by pipx or uv"
)


def install(
    *args: str, env: Mapping[str, str | None] | None = None, checkout: Path = CHECKOUT
) -> "subprocess.CompletedProcess[str]":
    """Run install.sh without a terminal; only the system's own programs are on PATH."""
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "PYVE_INSTALL_PYTHON": BASE_PYTHON, **(env or {})}
    return subprocess.run(
        ["sh", checkout / "install.sh", *args],
        cwd="/",
        env={name: value for name, value in environment.items() if value is not None},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def tree(directory: Path) -> list[str]:
    """Everything below `directory`."""
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*"))


def environments(home: Path) -> list[Path]:
    """The private environments in `home`."""
    data = "Library/Application Support" if sys.platform == "darwin" else ".local/share"
    return [path for path in (home / data / "pyve" / "app").glob("*") if path.is_dir()]


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A directory for PATH with what install.sh needs and no Python at all."""
    directory = tmp_path / "tools"
    directory.mkdir()
    for name in TOOLS:
        path = shutil.which(name)
        assert path is not None
        (directory / name).symlink_to(path)
    return directory


def put_python(directory: Path, name: str, *, patched_by: str) -> None:
    """A real interpreter under `name` that executes `patched_by` when it starts."""
    site = directory / f"site of {name}"
    site.mkdir()
    (site / "sitecustomize.py").write_text(patched_by, encoding="utf-8")
    program = directory / name
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(site))} exec {BASE_PYTHON} "$@"\n', encoding="utf-8")
    program.chmod(0o755)


TOO_OLD = "import sys; sys.version_info = (3, 8, 10)"
WITHOUT_VENV = "import sys; sys.modules['ensurepip'] = None"


@pytest.mark.needs_index
@pytest.mark.slow
def test_install_twice_and_uninstall_leaves_nothing(home: Path, checkout: Path) -> None:
    before = tree(home)
    first = install("--version", checkout=checkout)
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"pyve {__version__}\n", "what install.sh says must not be on stdout"
    assert "is not on PATH; add this line" in first.stderr
    assert "fish_add_path" in first.stderr
    pyve = home / ".local" / "bin" / "pyve"
    (environment,) = environments(home)
    assert pyve.resolve() == (environment / "bin" / "pyve").resolve()

    second = install("no-such-verb", checkout=checkout)
    assert "already installed" in second.stderr
    assert second.returncode == 2, "the exit status is the one of the pyve command"
    assert environments(home) == [environment]

    planned = subprocess.run([pyve, "self", "uninstall", "--dry-run"], capture_output=True, text=True, check=True)
    assert pyve.exists()
    done = subprocess.run([pyve, "--uninstall"], capture_output=True, text=True, check=True)
    assert done.stdout == planned.stdout.replace("would remove", "removed")
    assert tree(home) == before


@pytest.mark.needs_index
@pytest.mark.slow
def test_a_changed_checkout_replaces_the_environment(home: Path, checkout: Path, tmp_path: Path) -> None:
    checkout = Path(shutil.copytree(checkout, tmp_path / "another checkout"))
    # Settings for the user's own installs must not lead this one astray.
    env = {"PIP_USER": "1", "PIP_REQUIRE_VIRTUALENV": "1", "PYTHONPATH": os.fspath(tmp_path)}
    assert install(env=env, checkout=checkout).returncode == 0
    (old,) = environments(home)
    constant = checkout / "src" / "pyve" / "__init__.py"
    constant.write_text(constant.read_text(encoding="utf-8").replace(__version__, "99.1"), encoding="utf-8")
    updated = install("--version", env=env, checkout=checkout)
    assert updated.stdout == "pyve 99.1\n", updated.stderr
    assert environments(home) != [old]
    assert len(environments(home)) == 1


def test_a_failing_installation_shows_why_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    env = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "0",
        "PIP_CACHE_DIR": os.fspath(tmp_path / "cache"),
    }
    failed = install("--version", env=env)
    assert failed.returncode == 6
    assert "hatchling" in failed.stderr
    assert tree(home) == []


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_command_of_another_origin_is_left_alone(home: Path, kind: str) -> None:
    command = home / ".local" / "bin" / "pyve"
    command.parent.mkdir(parents=True)
    if kind == "file":
        command.write_text("#!/bin/sh\necho mine\n")
    else:
        command.symlink_to("/opt/elsewhere/pyve")
    before = tree(home)
    refused = install("--version")
    assert refused.returncode == 7
    assert f"hint: mv '{command}'" in refused.stderr
    assert tree(home) == before
    assert os.path.lexists(command)


@pytest.mark.parametrize("value", [None, "", "/no/such/directory"])
def test_without_a_home_it_says_so(value: str | None) -> None:
    refused = install("--version", env={"HOME": value})
    assert refused.returncode == 3
    assert "HOME is" in refused.stderr
    assert "hint: export HOME=" in refused.stderr


def test_no_python_at_all(tools: Path, home: Path) -> None:
    refused = install("--version", env={"PATH": os.fspath(tools), "PYVE_INSTALL_PYTHON": None})
    assert refused.returncode == 5
    assert "hint: apt install python3 python3-venv" in refused.stderr
    assert tree(home) == []


def test_a_python_that_is_too_old(tools: Path) -> None:
    put_python(tools, "python3", patched_by=TOO_OLD)
    refused = install("--version", env={"PATH": os.fspath(tools), "PYVE_INSTALL_PYTHON": None})
    assert refused.returncode == 5
    assert "Python 3.10 or newer is needed; found only 3.8" in refused.stderr


def test_a_python_without_venv_names_the_package(tools: Path) -> None:
    put_python(tools, "python3", patched_by=WITHOUT_VENV)
    put_python(tools, "python3.10", patched_by=TOO_OLD)
    refused = install("--version", env={"PATH": os.fspath(tools), "PYVE_INSTALL_PYTHON": None})
    assert refused.returncode == 5
    assert "lacks its venv module" in refused.stderr
    assert "hint: apt install python3-venv" in refused.stderr


def test_shims_and_old_ones_are_passed_over(tools: Path, home: Path, tmp_path: Path) -> None:
    shim = tools / "python3"
    shim.write_text("#!/bin/sh\necho 'no version is set' >&2\nexit 126\n")
    shim.chmod(0o755)
    put_python(tools, "python3.14", patched_by=TOO_OLD)
    put_python(tools, "python3.12", patched_by="")
    # With no index it gets as far as naming its choice.
    env = {
        "PATH": os.fspath(tools),
        "PYVE_INSTALL_PYTHON": None,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_CACHE_DIR": os.fspath(tmp_path / "cache"),
    }
    failed = install("--version", env=env)
    assert failed.returncode == 6
    assert f"Installing pyve with {BASE_PYTHON} ..." in failed.stderr


def test_the_named_python_is_taken_or_nothing(home: Path) -> None:
    refused = install("--version", env={"PYVE_INSTALL_PYTHON": "/no/such/python"})
    assert refused.returncode == 5
    assert "PYVE_INSTALL_PYTHON=/no/such/python" in refused.stderr
    assert tree(home) == []
