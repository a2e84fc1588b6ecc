"""Drives a real PowerShell: a script goes in, what it noted comes out. For Windows, Linux and macOS alike."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.activation.dialects.pwsh import Pwsh
from pyve.activation.hook import render_hook
from pyve.activation.snippet import Snippet, render_snippet
from pyve.environments.current import mirror
from pyve.environments.generation import begin_generation

SECONDS_APART = 10
TIMEOUT_SECONDS = 120
PATH_SEPARATOR = os.pathsep

# `note NAME VALUE` puts something into the result; `show` is what a host does between two commands.
_PRELUDE = """
Set-StrictMode -Version Latest
$global:noted = @{}
function global:note($name, $value) { $global:noted[$name] = $value }
function global:read_environment {
    $all = [Collections.Hashtable]::new() # which tells HTTP_PROXY from http_proxy, as @{} does not
    foreach ($entry in [Environment]::GetEnvironmentVariables().GetEnumerator()) {
        if ($entry.Key -ne '_PYVE_HOOK') { $all[[string]$entry.Key] = [string]$entry.Value }
    }
    $all
}
function global:show { $null = prompt }
function global:go($path) { Set-Location -LiteralPath $path; $null = prompt }
function global:load_hook { Invoke-Expression ([IO.File]::ReadAllText(@FILE@, [Text.Encoding]::UTF8) | Out-String) }
"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a script noted, and what it wrote."""

    noted: Mapping[str, Any]
    stdout: str
    stderr: str


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A PowerShell, and a state directory with what pyve would write into it."""

    program: str
    folder: Path

    @property
    def state(self) -> Path:
        """The state directory."""
        return self.folder / "my state"

    @property
    def calls(self) -> Path:
        """Where the stand-in for pyve notes each call, as one line of JSON."""
        return self.folder / "calls"

    @property
    def hook(self) -> Path:
        """The hook as a file."""
        return self.state / "hook.ps1"

    def prepare(self) -> None:
        """Make the state directory and the hook, whose pyve is a script that notes its arguments."""
        self.state.mkdir(parents=True, mode=0o700)
        self.answer("exit 1")
        begin_generation(os.fspath(self.state))
        command = [sys.executable, "-I", os.fspath(self.folder / "pyve.py")]
        self.hook.write_bytes(render_hook(Pwsh(), state_directory=os.fspath(self.state), command=command))

    def answer(self, script: str) -> None:
        """What the stand-in for pyve does besides."""
        note = f"with open({str(self.calls)!r}, 'a') as file: print(json.dumps(sys.argv[1:]), file=file)"
        text = f"import json, sys\n{note}\nprint('this is for nobody')\n{script}\n"
        (self.folder / "pyve.py").write_text(text, encoding="utf-8")

    def asked(self) -> list[list[str]]:
        """The arguments of every call so far."""
        return [json.loads(line) for line in self.calls.read_text().splitlines()] if self.calls.exists() else []

    def make_project(self, root: Path, *, name: str = "shop", **fields: Any) -> Snippet:
        """A registered project with an environment and a manifest that is watched."""
        environment = root / ".pyve" / "envs" / "1f2e3d4c-00000001"
        binaries = environment / ("Scripts" if sys.platform == "win32" else "bin")
        binaries.mkdir(parents=True)
        probe = binaries / "python"
        probe.touch()
        manifest = root / "requirements.txt"
        manifest.write_text("alpha\n", encoding="utf-8")
        snippet = Snippet(
            root=os.fspath(root),
            reference=os.path.join(mirror(os.fspath(self.state), os.fspath(root)), "@state", "reference-"),
            probe=os.fspath(probe),
            watch=(os.fspath(manifest),),
            bin=(os.fspath(binaries),),
            unset=("PYTHONHOME",),
            **{
                "set": {"VIRTUAL_ENV": os.fspath(environment), "VIRTUAL_ENV_PROMPT": name},
                "prompt": f"({name}) ",
                **fields,
            },
        )
        self.write(snippet)
        begin_generation(os.fspath(self.state))
        return snippet

    def write(self, snippet: Snippet) -> None:
        """Write a snippet, and its reference, later than what is watched."""
        reference = Path(snippet.reference + snippet.serial)
        reference.parent.mkdir(parents=True, exist_ok=True)
        now = time.time()
        for path in snippet.watch:
            os.utime(path, (now - 2 * SECONDS_APART, now - 2 * SECONDS_APART))
        reference.touch()
        os.utime(reference, (now - SECONDS_APART, now - SECONDS_APART))
        (reference.parent.parent / "@act.ps1").write_bytes(render_snippet(snippet, Pwsh()))

    def run(
        self,
        script: str,
        *,
        cwd: Path,
        variables: Mapping[str, str | None] | None = None,
        arguments: Sequence[str] = (),
    ) -> Outcome:
        """Run `script` with the functions of the prelude at hand, under StrictMode Latest."""
        result = self.folder / "result.json"
        prelude = _PRELUDE.replace("@FILE@", quote(self.hook))
        write = f"[IO.File]::WriteAllText({quote(result)}, (ConvertTo-Json $global:noted -Depth 6))"
        file = self.folder / "script.ps1"
        file.write_text(f"{prelude}\n{script}\n{write}\n", encoding="utf-8", newline="\n")
        finished = self.start(["-Command", load(file)], cwd=cwd, variables=variables, arguments=arguments)
        assert result.exists(), finished.stdout + finished.stderr
        noted = json.loads(result.read_text(encoding="utf-8"))
        result.unlink()
        return Outcome(noted=noted, stdout=finished.stdout, stderr=finished.stderr)

    def start(
        self,
        words: Sequence[str],
        *,
        cwd: Path,
        variables: Mapping[str, str | None] | None = None,
        arguments: Sequence[str] = (),
        typed: str = "",
    ) -> "subprocess.CompletedProcess[str]":
        """Run PowerShell without a profile."""
        environment = {**os.environ, "POWERSHELL_TELEMETRY_OPTOUT": "1", "POWERSHELL_UPDATECHECK": "Off"}
        environment |= {"NO_COLOR": "1", "TERM": "dumb"}
        for given, value in (variables or {}).items():
            name = given.upper() if sys.platform == "win32" else given  # as os.environ has them there
            environment.pop(name, None)
            if value is not None:
                environment[name] = value
        return subprocess.run(
            [self.program, "-NoLogo", "-NoProfile", *arguments, *words],
            cwd=cwd,
            env=environment,
            input=typed,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )


def load(file: Path) -> str:
    """Words that run the text of a file, whatever the policy and the code page."""
    return f". ([scriptblock]::Create([IO.File]::ReadAllText({quote(file)}, [Text.Encoding]::UTF8)))"


def quote(path: Path | str) -> str:
    """A literal."""
    return Pwsh().quote(os.fspath(path))
