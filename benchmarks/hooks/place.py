"""The sealed place of one run: the tools that are compared, and what the world outside is allowed to tell them."""

import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# Left in while tools are installed: what a machine needs to reach its package index. Shells do not get it.
_INDEX_PREFIXES = ("PIP_", "UV_", "SSL_", "NODE_", "NPM_", "npm_")
# A PATH of ordinary length: what a hook does to it may grow faster than the PATH.
_MORE_ENTRIES = (
    *("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/sbin", "/usr/games", "/snap/bin", "/opt/homebrew/bin"),
    *("/home/somebody/.local/bin", "/home/somebody/.cargo/bin", "/home/somebody/go/bin"),
    *("/home/somebody/.nvm/versions/node/v22.11.0/bin", "/home/somebody/.local/share/coursier/bin"),
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A directory with a bin folder of tools in it; whatever is measured has its home below."""

    directory: Path

    @property
    def bin(self) -> Path:
        """Where the tools are, and nothing else."""
        return self.directory / "bin"

    def find_tool(self, name: str) -> Path | None:
        """A tool of this place, or None when it could not be had."""
        path = self.bin / name
        return path if path.exists() else None

    def shell_environment(self, home: Path) -> dict[str, str]:
        """The whole environment of a measured shell."""
        return {
            "HOME": str(home),
            "PATH": os.pathsep.join([str(self.bin), os.defpath.strip(os.pathsep), *_MORE_ENTRIES]),
            "TERM": "xterm",
            "LANG": "C.UTF-8",
            "DIRENV_LOG_FORMAT": "",
        }

    def run(self, *command: str | Path, home: Path | None = None, directory: Path | None = None) -> None:
        """Run a command of the preparation; raises when it fails."""
        environment = self.shell_environment(home or self.directory)
        if home is None:
            environment |= {name: value for name, value in os.environ.items() if name.startswith(_INDEX_PREFIXES)}
            environment["UV_CACHE_DIR"] = str(CHECKOUT / ".cache" / "uv")
            environment["PIP_CACHE_DIR"] = str(CHECKOUT / ".cache" / "pip")
            environment["npm_config_cache"] = str(CHECKOUT / ".cache" / "npm")
        subprocess.run(
            [str(word) for word in command],
            cwd=directory or self.directory,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def can_run(self, name: str, *arguments: str, home: Path) -> bool:
        """Whether a tool of this place succeeds with these arguments."""
        command = [str(self.bin / name), *arguments]
        environment = self.shell_environment(home)
        return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0


def furnish_place(directory: Path) -> Place:
    """Install pyve, compiled, uv and mise, and link to direnv where the machine has it."""
    place = Place(directory=directory)
    place.bin.mkdir(parents=True)
    tools = directory / "tools"
    venv.create(tools, with_pip=True, symlinks=True)
    python = tools / "bin" / "python"
    place.run(python, "-m", "pip", "install", "--quiet", "uv")
    uv = tools / "bin" / "uv"
    place.run(uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, CHECKOUT)
    for name in ("uv", "pyve"):
        (place.bin / name).symlink_to(tools / "bin" / name)
    npm = shutil.which("npm")
    if npm:
        (place.bin / "node").symlink_to(shutil.which("node") or npm)
        place.run(npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", directory / "npm", "@jdxcode/mise")
        (place.bin / "mise").symlink_to(directory / "npm" / "node_modules" / "@jdxcode" / "mise" / "bin" / "mise")
    direnv = shutil.which("direnv")
    if direnv:
        (place.bin / "direnv").symlink_to(direnv)
    return place


def find_python(version: str) -> Path | None:
    """An interpreter of a version like `3.13`: this one, one on PATH, or one of pyenv's."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return Path(os.path.realpath(sys.executable))
    found = shutil.which(f"python{version}")
    if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
        return Path(found)
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return next(iter(sorted(root.glob(f"versions/{version}.*/bin/python3"), reverse=True)), None)
