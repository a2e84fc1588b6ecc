"""TAB in real shells: what is offered becomes what `pyve` is then given, and nothing is started for it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pyve.activation.completion.files import COMPLETION_FILES, read_completion_file
from pyve.activation.completion.loading import completion_copy, render_completion_loading
from pyve.activation.dialects import DIALECTS
from tests.shells.conftest import HOSTILE_NAME, OpenShell
from tests.support.shell_languages import ShellLanguage

COMPLETIONS = Path(__file__).resolve().parents[2] / "completions"
COMMAND = "pyve-test-command"
SUBPROCESS_CALLS = "trace=execve,clone,clone3,fork,vfork"

# What is typed, and what pyve is given.
LINES = [
    ("pyve in\t", ["init"]),
    ("pyve roll\t --dr\t", ["rollback", "--dry-run"]),
    ("pyve --json sy\t --off\t", ["--json", "sync", "--offline"]),
    ("pyve --val\t --de\t", ["--validate", "--deep"]),
    ("pyve --install --dr\t", ["--install", "--dry-run"]),
    ("pyve self unins\t", ["self", "uninstall"]),
    ("pyve --quiet self --json ins\t --dr\t", ["--quiet", "self", "--json", "install", "--dry-run"]),
    ("pyve init --back\tven\t", ["init", "--backend", "venv"]),
    ("pyve init --backend ven\t", ["init", "--backend", "venv"]),
    ("pyve init --backend=ven\t", ["init", "--backend", "venv"]),
    ("pyve init 3.12 --no-p\t", ["init", "3.12", "--no-pin"]),
    ("pyve config get gc\t", ["config", "get", "gc.days"]),
    ("pyve completion fi\t", ["completion", "fish"]),
    ("pyve --project /usr/shar\t stat\t", ["--project", "/usr/share", "status"]),
    ("pyve --project=/usr/shar\t stat\t", ["--project", "/usr/share", "status"]),
    ("pyve run --str\t", ["run", "--strict"]),
    (f"pyve run {COMMAND[:-3]}\t", ["run", COMMAND]),
    (f"pyve run --strict -- {COMMAND[:-3]}\t", ["run", "--strict", "--", COMMAND]),
    (f"pyve run {COMMAND} --sy\t", ["run", COMMAND, "--sy"]),
    ("pyve sync --extra te\t", ["sync", "--extra", "test"]),
    ("pyve --project /usr/share gc --keep te\t", ["--project", "/usr/share", "gc", "--keep", "test"]),
    ("pyve nosuch x\t", ["nosuch", "x"]),
]


class Recorder:
    """A `pyve` on PATH that notes what it is given, and answers completions with the name `test`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._file = folder / "recorded"
        self.path = f"{folder}:/usr/local/bin:/usr/bin:/bin"
        self._write(
            "pyve", f"printf '%s\\0' \"$@\" '' >>'{self._file}'\ncase \"$*\" in *__complete*) echo test ;; esac"
        )
        self._write(COMMAND, ":")

    def calls(self) -> list[list[str]]:
        """The arguments of each call."""
        if not self._file.exists():
            return []
        text = os.fsdecode(self._file.read_bytes())
        calls: list[list[str]] = [[]]
        for word in text.split("\0")[:-1]:
            if word:
                calls[-1].append(word)
            else:
                calls.append([])
        return calls[:-1]

    def _write(self, name: str, body: str) -> None:
        program = self.folder / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """The `pyve` of this test."""
    return Recorder(tmp_path / "bin")


def start_up(language: ShellLanguage, *, options: Sequence[str] = ()) -> list[str]:
    """What a startup file holds for the completion to be there."""
    prepare = ["autoload -Uz compinit", "compinit -D -u"] if language.name == "zsh" else []
    return [*options, *prepare, language.source(str(COMPLETIONS / COMPLETION_FILES[language.name]))]


def normalise(words: Sequence[str]) -> list[str]:
    """Arguments without what shells do differently: `--option=value`, and the slash at the end of a directory."""
    return [part.rstrip("/") for word in words for part in word.split("=", 1)]


@pytest.mark.parametrize(("typed", "given"), LINES)
def test_tab_completes(
    typed: str, given: list[str], shell: OpenShell, language: ShellLanguage, recorder: Recorder
) -> None:
    terminal = shell(after=start_up(language), hooked=False, variables={"PATH": recorder.path})
    terminal.type(typed)
    assert normalise(recorder.calls()[-1]) == given


def test_names_are_asked_for_in_the_project_that_is_named(
    shell: OpenShell, language: ShellLanguage, recorder: Recorder, home: Path
) -> None:
    terminal = shell(after=start_up(language), hooked=False, variables={"PATH": recorder.path})
    terminal.type("pyve --project ~/shop sync --group te\t")
    asked = normalise(next(call for call in recorder.calls() if "__complete" in call))
    assert asked == ["--project", str(home / "shop"), "__complete", "groups"]


def test_a_directory_with_a_hostile_name_is_completed_to_the_letter(
    shell: OpenShell, language: ShellLanguage, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "there" / HOSTILE_NAME).mkdir(parents=True)
    options = ["set +H"] if language.name == "bash" else []
    terminal = shell(
        tmp_path / "there",
        after=start_up(language, options=options),
        hooked=False,
        variables={"PATH": recorder.path},
    )
    terminal.type("pyve --project it\t")
    assert normalise(recorder.calls()[-1]) == ["--project", HOSTILE_NAME]


def test_names_on_the_line_are_never_run(shell: OpenShell, language: ShellLanguage, recorder: Recorder) -> None:
    terminal = shell(after=start_up(language), hooked=False, variables={"PATH": recorder.path})
    for typed in ("pyve --project '$(touch pwned)' sync --extra te\t", "pyve '$(touch pwned)' te\t"):
        terminal.type(typed)
    for typed in ("pyve run '$(touch pwned)\t'", "pyve run '`touch pwned`' \t", "pyve sync --extra '$(touch pwned)\t'"):
        terminal.type(typed)
    assert len([call for call in recorder.calls() if "__complete" not in call]) == 5


OPTIONS = {
    "bash": ["set -u", "set -o pipefail", "IFS=in", "shopt -s nocasematch failglob", "alias local=false"],
    "zsh": ["setopt ksh_arrays sh_word_split no_unset warn_create_global no_match", "IFS=in"],
    "fish": ["set -g fish_greeting x"],
}


def test_the_users_options_change_nothing(shell: OpenShell, language: ShellLanguage, recorder: Recorder) -> None:
    loading = start_up(language)
    terminal = shell(after=[*loading, *OPTIONS[language.name]], hooked=False, variables={"PATH": recorder.path})
    shown = terminal.type("pyve self unins\t --dr\t")
    assert recorder.calls() == [["self", "uninstall", "--dry-run"]], shown


@pytest.mark.linux("strace")
@pytest.mark.parametrize(
    "typed", ["pyve in\t", "pyve --in\t", "pyve sync --ex\t", "pyve init --backend ven\t", "pyve s\t"]
)
def test_verbs_options_and_fixed_values_start_no_process(
    typed: str,
    shell: OpenShell,
    language: ShellLanguage,
    recorder: Recorder,
    need_program: Callable[[str], str],
    home: Path,
    tmp_path: Path,
) -> None:
    # Without it, fish reads all manual pages in the background.
    (home / ".local" / "share" / "fish" / "generated_completions").mkdir(parents=True)
    trace = tmp_path / "trace"
    terminal = shell(
        after=start_up(language),
        hooked=False,
        variables={"PATH": recorder.path},
        prefix=[need_program("strace"), "--seccomp-bpf", "-f", "-e", SUBPROCESS_CALLS, "-o", str(trace)],
    )

    def list_processes(keys: str) -> list[str]:
        before = len(trace.read_text().splitlines())
        terminal.type(f"{keys}\x15\x0btrue")  # what is left and right of the cursor goes
        calls = trace.read_text().splitlines()[before:]
        return [line for line in calls if "(" in line and "CLONE_THREAD" not in line and "resumed>" not in line]

    list_processes("")
    assert list_processes(typed) == []
    assert recorder.calls() == []


@pytest.mark.parametrize("when", ["before compinit", "after compinit"])
def test_an_installed_hook_brings_the_completion(
    when: str, shell: OpenShell, language: ShellLanguage, recorder: Recorder, tmp_path: Path
) -> None:
    dialect = DIALECTS[language.name]
    state = tmp_path / "state's $(touch pwned)"
    copy = completion_copy(str(state), dialect)
    copy.parent.mkdir(parents=True)
    copy.write_bytes(read_completion_file(dialect.name))
    loading = tmp_path / "loading"
    loading.write_bytes(render_completion_loading(dialect, state_directory=str(state)))
    lines = [language.source(str(loading))]
    if language.name == "zsh":
        prepare = ["autoload -Uz compinit", "compinit -D"]
        lines = [*lines, *prepare] if when == "before compinit" else [*prepare, *lines]
    terminal = shell(after=lines, hooked=False, variables={"PATH": recorder.path})
    for _ in range(2):
        terminal.type("pyve self unins\t")
    assert recorder.calls() == [["self", "uninstall"]] * 2


def test_a_hook_whose_completion_is_gone_says_nothing(
    shell: OpenShell, language: ShellLanguage, recorder: Recorder, tmp_path: Path
) -> None:
    loading = tmp_path / "loading"
    loading.write_bytes(render_completion_loading(DIALECTS[language.name], state_directory=str(tmp_path / "none")))
    terminal = shell(after=[language.source(str(loading))], hooked=False, variables={"PATH": recorder.path})
    assert "loading" not in terminal.greeting
    assert "rror" not in terminal.type("pyve self x\t")
    assert recorder.calls() == [["self", "x"]]


def complete_in_bash(bash: str, words: Sequence[str], *, before: str = "", path: str = "/usr/bin:/bin") -> list[str]:
    """What the completion function gives where readline has split the line into `words`, the last at the cursor."""
    script = (
        f'{before}\n. "$0"\nCOMP_WORDS=("$@") COMP_CWORD=$(($# - 1))\n'
        'complete -p pyve >/dev/null && _pyve pyve && printf "%s\\n" ${COMPREPLY[@]+"${COMPREPLY[@]}"}'
    )
    finished = subprocess.run(
        [bash, "--norc", "-c", script, COMPLETIONS / "pyve.bash", *words],
        env={"PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout.split()


@pytest.mark.parametrize(
    ("words", "before", "offered"),
    [
        (["pyve", "init", "--backend", "=", "ven"], "", ["venv"]),
        (["pyve", "init", "--backend", "="], "", ["venv", "micromamba"]),
        # One word before bash 4, and where = breaks no words.
        (["pyve", "init", "--backend=ven"], "", ["venv"]),
        (["pyve", "init", "--backend=ven"], "COMP_WORDBREAKS=' '", ["--backend=venv"]),
        (["pyve", "--project=/tmp", "init", "--backend=ven"], "COMP_WORDBREAKS=' '", ["--backend=venv"]),
        (["pyve", "init", "--backend", "'ven"], "", ["venv"]),
        (["pyve", "self", ""], "set -euo pipefail", ["install", "uninstall", "bootstrap"]),
        (["pyve", "init", "--", "--of"], "", []),
        (["pyve", "nosuch", ""], "", []),
        (["pyve", "--config", "ge"], "", ["get"]),
        (["pyve", "*", ""], "shopt -s nullglob", []),
    ],
)
@pytest.mark.posix("bash")
def test_bash_offers(words: list[str], before: str, offered: list[str], need_program: Callable[[str], str]) -> None:
    assert complete_in_bash(need_program("bash"), words, before=before) == offered


@pytest.mark.posix("bash")
def test_bash_offers_commands_of_path_for_run_quoted(need_program: Callable[[str], str], recorder: Recorder) -> None:
    shutil.copy(recorder.folder / COMMAND, recorder.folder / "odd$(touch pwned)")
    bash = need_program("bash")
    assert complete_in_bash(bash, ["pyve", "run", COMMAND[:-3]], path=recorder.path) == [COMMAND]
    assert complete_in_bash(bash, ["pyve", "run", "odd"], path=recorder.path) == ["odd\\$\\(touch\\", "pwned\\)"]


@pytest.mark.posix("bash")
def test_bash_leaves_the_command_of_run_to_bash_completion_where_it_is(need_program: Callable[[str], str]) -> None:
    before = '_command_offset() { COMPREPLY=("word-$1" "${COMP_WORDS[$1]}"); }'
    words = ["pyve", "--quiet", "run", "--strict", "git", "comm"]
    assert complete_in_bash(need_program("bash"), words, before=before) == ["word-4", "git"]


def test_powershell_offers(need_program: Callable[[str], str]) -> None:
    if shutil.which("pwsh") is None:
        pytest.skip("pwsh is not installed")
    script = (
        f". '{COMPLETIONS / 'pyve.ps1'}'; Set-StrictMode -Version Latest; foreach ($line in $args) "
        "{ $found = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText; "
        "'#' + ($found -join ' ') }"
    )
    lines = ["pyve in", "pyve init --backend ", "pyve init --backend=v", "pyve self ", "pyve --install --dr", "pyve -V"]
    finished = subprocess.run(
        [
            need_program("pwsh"),
            "-NoProfile",
            "-Command",
            f"& {{ {script} }} " + " ".join(f"'{line}'" for line in lines),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert finished.stdout.splitlines() == [
        *("#init", "#venv micromamba", "#--backend=venv", "#install uninstall", "#--dry-run", "#-V"),
    ], finished.stderr


@pytest.mark.posix("shells")
@pytest.mark.parametrize("place", [COMPLETIONS, COMPLETIONS / "templates"])
def test_files_and_templates_are_read_by_their_shell(
    place: Path, language: ShellLanguage, need_program: Callable[[str], str]
) -> None:
    file = place / COMPLETION_FILES[language.name]
    finished = subprocess.run(
        [need_program(language.name), "-n", file], capture_output=True, encoding="utf-8", check=False
    )
    assert (finished.returncode, finished.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("file", [COMPLETIONS / "pyve.bash", COMPLETIONS / "templates" / "pyve.bash"])
def test_shellcheck_finds_nothing(file: Path) -> None:
    finished = subprocess.run(["shellcheck", "-s", "bash", file], capture_output=True, encoding="utf-8", check=False)
    assert finished.stdout == ""
