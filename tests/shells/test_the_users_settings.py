"""Whatever options, variables, aliases, functions and traps a user has: the hook works, says nothing, changes none."""

import re
import subprocess
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.snippet import Snippet
from tests.shells.conftest import OpenShell, plain_variables
from tests.shells.user_settings import SETTINGS
from tests.support.activation_stage import Stage
from tests.support.shell_languages import ShellLanguage, quote

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.mark.parametrize("when", ["before the hook", "after the hook"])
@pytest.mark.parametrize("language", list(SETTINGS), indirect=True)
def test_every_setting_leaves_the_hook_working_and_is_left_as_it_was(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage, when: str
) -> None:
    snippet = stage.make_project(root)
    failed: dict[str, object] = {}
    for setting in SETTINGS[language.name]:
        try:
            found = _differences(shell, snippet, base, setting, before=when.startswith("before"))
        except AssertionError as error:  # the shell ended
            failed[setting] = str(error)
            continue
        if found:
            failed[setting] = found
    assert failed == {}


def _differences(shell: OpenShell, snippet: Snippet, base: Path, setting: str, *, before: bool) -> dict[str, object]:
    """What a setting breaks."""
    terminal = shell(before=[setting] if before else [])
    if not before:
        terminal.do(setting)
    first = terminal.snapshot()
    said = [terminal.cd(snippet.root), terminal.prompt()]
    path = terminal.environment()["PATH"]
    said += [terminal.cd(base), terminal.prompt()]
    last = terminal.snapshot()
    terminal.close()
    found = {
        "says": [text for text in said if text],
        "PATH inside": path if path != f"{snippet.bin[0]}:{first.path}" else "",
        "environment": first.comparable[0].items() ^ last.comparable[0].items(),
        "state": set(first.state.splitlines()) ^ set(last.state.splitlines()),
    }
    return {what: value for what, value in found.items() if value}


@pytest.mark.parametrize("language", ["bash", "zsh"], indirect=True)
def test_a_trace_shows_a_few_lines_at_a_prompt(
    shell: OpenShell, stage: Stage, root: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell()
    terminal.prompt()
    terminal.do("set -x")
    own = [line for line in terminal.prompt().splitlines() if "pyve" in line]
    assert 0 < len(own) <= 12, own


def test_the_statuses_of_a_command_are_as_they_were(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell(before=[language.prompt_with_status()])
    command = "sh -c 'exit 3' | sh -c 'exit 4'"
    no_history = {"bash": "set +H", "zsh": "setopt no_bang_hist"}.get(language.name, "true")  # the name has `!!` in it
    for line in (
        command,
        f"cd {quote(language, str(root))}; {command}",
        command,
        f"cd {quote(language, str(base))}; {command}",
    ):
        terminal.do(no_history)
        terminal.type(line)
        assert terminal.prompt_prefix.endswith("s=4 ")
        assert terminal.type(language.show_statuses()) == "s=4 p=3 4\n"
        assert terminal.prompt_prefix.endswith("s=0 ")


def test_the_status_is_kept_at_the_prompt_that_asks_pyve(
    shell: OpenShell, stage: Stage, root: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell(root, before=[language.prompt_with_status()])
    stage.answer("exit 9")
    stage.change(root / "requirements.txt")
    terminal.type("sh -c 'exit 3' | sh -c 'exit 4'")
    assert terminal.prompt_prefix.endswith("s=4 ")
    assert terminal.type(language.show_statuses()) == "s=4 p=3 4\n"
    assert len(stage.asked()) == 1


@pytest.mark.parametrize("language", ["bash"], indirect=True)
@pytest.mark.parametrize(
    "setting",
    [
        "unset -v PROMPT_COMMAND",
        "PROMPT_COMMAND=",
        "PROMPT_COMMAND='echo mine'",
        "PROMPT_COMMAND='echo mine;'",
        "PROMPT_COMMAND='echo mine ; '",
        "PROMPT_COMMAND=$'echo mine\\n'",
        "PROMPT_COMMAND=$'\\necho mine'",
        "export PROMPT_COMMAND='echo mine'",
        "PROMPT_COMMAND=('echo mine' 'echo mine too')",
        "PROMPT_COMMAND=('' 'echo mine;')",
        "PROMPT_COMMAND=([3]='echo mine')",
    ],
)
def test_any_prompt_command_goes_on_working(
    shell: OpenShell, stage: Stage, root: Path, base: Path, setting: str
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(before=[setting], after=[f". '{stage.state}/hook.bash'"])
    mine = terminal.prompt()
    assert ("mine" in mine) == ("mine" in setting)
    assert terminal.cd(root) == mine
    assert terminal.path()[0] == snippet.bin[0]
    assert terminal.cd(base) == mine
    assert terminal.environment()["PATH"] == OUTER_PATH


@pytest.mark.parametrize("language", ["bash"], indirect=True)
def test_a_command_that_is_put_before_the_hook_later_goes_on_working(
    shell: OpenShell, stage: Stage, root: Path
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(after=['PROMPT_COMMAND="echo mine;$PROMPT_COMMAND"'])
    assert terminal.cd(root) == "mine\n"
    assert terminal.path()[0] == snippet.bin[0]


@pytest.mark.parametrize("language", ["bash", "zsh"], indirect=True)
def test_the_hook_takes_no_trap_and_no_cd(shell: OpenShell, language: ShellLanguage, tmp_path: Path) -> None:
    asked = "trap; whence -w cd" if language.name == "zsh" else "trap -p; type -t cd"
    assert shell().do(asked) == shell(hooked=False).do(asked)


def test_the_hook_is_silent_at_start(shell: OpenShell, stage: Stage, root: Path) -> None:
    stage.make_project(root)
    assert shell(root).greeting == shell(root, hooked=False).greeting


def test_the_hook_does_nothing_in_a_shell_that_is_not_interactive(
    stage: Stage, root: Path, base: Path, home: Path, language: ShellLanguage, tmp_path: Path
) -> None:
    stage.make_project(root)
    program = language.find_program()
    assert program is not None
    files = [tmp_path / name for name in ("environment", "state", "plain environment", "plain state")]
    hook = language.source(str(stage.hook(DIALECTS[language.name])))
    for first, (environment, state) in ((hook, files[:2]), ("true", files[2:])):
        # A function that is called is where a hook could hide; `cd` is what zsh and fish could react to.
        text = [first, f"cd {quote(language, str(root))}", f"cd {quote(language, str(base))}"]
        text += [language.print_state(str(state)), language.print_environment(str(environment))]
        script = tmp_path / "script"
        script.write_bytes("".join(f"{line}\n" for line in text).encode("utf-8", "surrogateescape"))
        ran = subprocess.run(
            [program, str(script)], cwd=base, env=plain_variables(home), capture_output=True, text=True, check=True
        )
        assert (ran.stdout, ran.stderr) == ("", "")
    contents = [re.sub(rb"(?m)^(_|.*LINENO.*|.*RANDOM.*)$", b"", file.read_bytes()) for file in files]
    assert sorted(contents[0].split(b"\0")) == sorted(contents[2].split(b"\0"))
    assert contents[1] == contents[3]


@pytest.mark.parametrize("language", ["bash", "zsh"], indirect=True)
def test_a_readonly_path_is_said_once_and_nothing_else_changes(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell()
    terminal.do("readonly PATH")
    before = terminal.snapshot()
    assert terminal.cd(root) == "pyve: PATH is readonly in this shell; nothing was activated.\n"
    assert terminal.prompt() == ""
    assert "VIRTUAL_ENV" not in terminal.environment()
    assert terminal.cd(base) == ""
    assert terminal.snapshot().comparable == before.comparable


@pytest.mark.parametrize("language", ["bash", "zsh"], indirect=True)
@pytest.mark.parametrize("name", ["PS1", "PYTHONHOME", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PROMPT_COMMAND"])
@pytest.mark.parametrize("value", ["set", "unset"])
def test_another_readonly_variable_keeps_nothing_else_from_being_entered_and_left(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage, name: str, value: str
) -> None:
    snippet = stage.make_project(root)
    terminal = shell()
    if value == "set" and name.startswith(("PY", "V")):
        terminal.do(f"export {name}=mine")
    terminal.do(f"readonly {name}")
    before = terminal.snapshot()
    assert terminal.cd(root) == ""
    inside = terminal.environment()
    assert inside["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    assert inside.get(name) == before.environment.get(name) or name in ("PS1", "PROMPT_COMMAND")
    assert terminal.prompt() == ""
    assert terminal.cd(base) == ""
    assert terminal.snapshot().comparable == before.comparable


@pytest.mark.parametrize("language", ["bash"], indirect=True)
def test_an_interruption_at_any_command_is_repaired_at_the_next_prompt(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(variables={"PYTHONHOME": "/opt/python"})
    terminal.do("count=0 at=0 interrupted=0")
    before = terminal.snapshot()
    places = {root: f"{snippet.bin[0]}:{OUTER_PATH}", base: OUTER_PATH}
    for origin, goal in ((base, root), (root, base)):
        reached = at = 1
        while reached >= at:
            terminal.cd(origin)
            terminal.do(
                f"count=0 at={at}",
                "interrupt() { case ${FUNCNAME[1]-} in __pyve_*) [ $((count += 1)) != $at ] || kill -INT $$ ;; esac; }",
            )
            terminal.do(f"cd {quote(language, str(goal))}", "set -T; trap interrupt DEBUG")
            reached = int(
                terminal.do("interrupted=$count; trap - DEBUG; set +T; unset -f interrupt", "echo $interrupted")
            )
            assert terminal.environment()["PATH"] == places[goal], f"interrupted at command {at}"
            terminal.cd(base)
            terminal.do("count=0 at=0 interrupted=0")
            assert terminal.snapshot().comparable == before.comparable, f"interrupted at command {at}"
            at += 1
        assert at > 20


def test_an_interrupted_question_to_pyve_leaves_a_working_shell(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(root)
    stage.answer("echo 'pyve is here' >&2; exec sleep 600")
    stage.change(root / "requirements.txt")
    terminal.press("true\r")
    terminal.expect("pyve is here")
    stage.answer("")
    terminal.type("\x03")
    terminal.prompt()
    assert terminal.environment()["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_several_cds_on_one_line_end_where_the_last_one_ends(
    shell: OpenShell, stage: Stage, root: Path, base: Path, tmp_path: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    second = stage.make_project(tmp_path / "second")
    terminal = shell()
    places = [quote(language, str(place)) for place in (root, base, second.root)]
    terminal.do("; ".join(f"cd {place}" for place in places))
    assert terminal.environment()["PATH"] == f"{second.bin[0]}:{OUTER_PATH}"
    terminal.do(f"cd {places[0]}; cd {places[1]}")
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_a_command_on_the_line_of_the_cd_has_the_environment_where_the_shell_can(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell()
    said = terminal.do(f"cd {quote(language, str(root))}; sh -c 'echo in=$VIRTUAL_ENV_PROMPT'")
    assert said == ("in=shop\n" if language.follows_cd_at_once else "in=\n")
    said = terminal.do(f"cd {quote(language, str(base))}; sh -c 'echo in=$VIRTUAL_ENV_PROMPT'")
    assert said == ("in=\n" if language.follows_cd_at_once else "in=shop\n")


def test_a_cd_inside_a_substitution_or_a_subshell_changes_nothing_here(
    shell: OpenShell, stage: Stage, root: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell()
    before = terminal.snapshot()
    place = quote(language, str(root))
    terminal.do(
        f"echo $(cd {place}; pwd) >/dev/null" if language.name != "fish" else f"echo (cd {place}; pwd) >/dev/null"
    )
    if language.name == "fish":  # where the directory does change
        assert "VIRTUAL_ENV" in terminal.environment()
        terminal.cd(before.environment["PWD"])
    else:
        terminal.do(f"(cd {place}; true)")
    assert terminal.snapshot().comparable == before.comparable


@pytest.mark.parametrize("language", ["zsh", "fish"], indirect=True)
def test_a_key_that_changes_the_directory_takes_the_environment_along(
    shell: OpenShell, stage: Stage, root: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell()
    terminal.do(language.bind_key_to_cd(str(root)))
    terminal.press("\x07")
    assert "in=shop" in terminal.type("sh -c 'echo in=$VIRTUAL_ENV_PROMPT'")


@pytest.mark.parametrize("language", ["zsh"], indirect=True)
def test_a_quiet_cd_is_noticed_at_the_prompt(shell: OpenShell, stage: Stage, root: Path) -> None:
    snippet = stage.make_project(root)
    terminal = shell()
    terminal.do(f"cd -q {quote(terminal.language, str(root))}")
    assert terminal.path()[0] == snippet.bin[0]
