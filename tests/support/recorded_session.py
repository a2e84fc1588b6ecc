"""A terminal session as a person sees it, recorded in tmux, and the page that shows it.

`python -m tests.support.recorded_session` records it anew and writes it into the page; a test records it as well and
compares. Needs tmux, git and a package index.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.docs.page_run import DOCS, put_pyve_on_path

PAGE = DOCS / "tutorial" / "enter-and-leave.md"
_RECORDING = re.compile(r"<!-- recording -->\n```text\n(.*?)```\n<!-- end -->\n", re.DOTALL)
_PATIENCE_SECONDS = 120
_LINES = (
    "env | sort > before",
    "cd shop",
    "pyve init 2>/dev/null",
    "python -c 'import sys; print(sys.prefix)'",
    "git switch --quiet next",
    "pyve sync 2>/dev/null",
    "git switch --quiet main",
    "pip list 2>/dev/null | grep iniconfig",
    "git switch --quiet next",
    "pip list 2>/dev/null | grep iniconfig",
    "echo 'humanize==4.12.3' >> requirements.txt",
    "cd ..",
    "env | sort > after",
    "grep -v ^OLDPWD before > one; grep -v ^OLDPWD after > two; cmp one two && echo identical",
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A home with a repository `shop` of two branches, and what a shell in it is started with."""

    home: Path
    environment: dict[str, str]

    def prepare(self) -> None:
        """Make the repository, install the hook, and set a plain prompt."""
        shop = self.home / "shop"
        shop.mkdir()
        script = """
            git init --quiet --initial-branch=main
            echo 'iniconfig==2.0.0' > requirements.txt && git add . && git commit --quiet --message=one
            git switch --quiet --create next
            echo 'iniconfig==2.1.0' > requirements.txt && git commit --quiet --all --message=two
            git switch --quiet main
            pyve hook --install bash --yes
        """
        (self.home / ".bashrc").write_text("PS1='\\w $ '\nunset HISTFILE\n", encoding="utf-8")
        (self.home / ".gitconfig").write_text("[user]\nname = Me\nemail = me@example.org\n", encoding="utf-8")
        subprocess.run(["bash", "-ec", script], cwd=shop, env=self.environment, check=True, capture_output=True)


def make_place(home: Path, caches: dict[str, str]) -> Place:
    """The place below `home`, not prepared yet; whatever says where packages come from is handed on."""
    programs = home / "programs"
    programs.mkdir(parents=True)
    handed = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_"))}
    environment = {"HOME": str(home), "PATH": put_pyve_on_path(programs), "LANG": "C.UTF-8", "TERM": "screen-256color"}
    return Place(home=home, environment={**handed, **caches, **environment})


def record(place: Place) -> str:
    """What the terminal shows after all lines were typed, each at a prompt."""
    tmux = ["tmux", "-S", str(place.home / "tmux"), "-f", os.devnull]
    shell = shlex.join(["env", "-i", *(f"{name}={value}" for name, value in place.environment.items()), "bash"])

    def run(*words: str) -> str:
        finished = subprocess.run(
            [*tmux, *words], env=place.environment, capture_output=True, encoding="utf-8", check=True
        )
        return finished.stdout

    def wait_for_prompt(count: int) -> str:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            shown = run("capture-pane", "-p").rstrip()
            if len(re.findall(r"(?m)^\S.*\$(?: |$)", shown)) > count and shown.endswith("$"):
                return shown
            time.sleep(0.05)
        raise AssertionError(f"no prompt came:\n{shown}")

    run("new-session", "-d", "-x", "110", "-y", "60", "-c", str(place.home), shell)
    try:
        shown = wait_for_prompt(0)
        for number, line in enumerate(_LINES, start=1):
            run("send-keys", "-l", line)
            run("send-keys", "Enter")
            shown = wait_for_prompt(number)
    finally:
        run("kill-server")
    return "".join(f"{line.rstrip()}\n" for line in shown.replace(str(place.home), "~").splitlines())


def read_recording() -> str:
    """The recording that the page shows."""
    found = _RECORDING.search(PAGE.read_text("utf-8"))
    assert found is not None, f"{PAGE} has no recording"
    return found[1]


def hide_chance(recording: str) -> str:
    """The recording without what differs from one time to the next: names of environments, versions, sizes."""
    recording = re.sub(r"[0-9a-f]{8}-[0-9a-f]{8}", "00000000-00000000", recording)
    recording = re.sub(r"Python [\d.]+", "Python 3", recording)
    recording = re.sub(r"(pip|uv) \d+(?:\.\d+)*", r"\1 0", recording)
    return re.sub(r"\d+\.\d MB", "0.0 MB", recording)


def main() -> None:
    """Record, and write the page."""
    folder = Path(tempfile.mkdtemp(dir=Path.home()))
    try:
        place = make_place(folder / "me", {})
        place.prepare()
        recording = record(place)
    finally:
        shutil.rmtree(folder)
    text = PAGE.read_text("utf-8")
    PAGE.write_text(
        _RECORDING.sub(lambda _: f"<!-- recording -->\n```text\n{recording}```\n<!-- end -->\n", text), "utf-8"
    )
    sys.stdout.write(recording)


if __name__ == "__main__":
    main()
