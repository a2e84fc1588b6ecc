"""Scripts of conda packages that shells have to source: copies in the state, on entering last, on leaving first."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.snippet import Snippet
from pyve.activation.statements import render_activation
from tests.shells.conftest import OpenShell
from tests.shells.user_settings import SETTINGS
from tests.support.activation_stage import Stage
from tests.support.conda_stage import BASE, ENDINGS, conda_of, describe_prefix, keep_scripts, make_conda_project, note
from tests.support.shell_languages import LANGUAGES, ShellLanguage, quote

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True)
class Bench:
    """A project whose scripts are written in the language of the test."""

    stage: Stage
    root: Path
    language: ShellLanguage
    log: Path

    def make(self, entering: Sequence[str], leaving: Sequence[str] = ()) -> Snippet:
        """Register the project with these scripts."""
        return make_conda_project(
            self.stage,
            self.root,
            scripts=keep_scripts(self.stage, self.root, "activate", entering, language=self.language),
            scripts_on_leaving=keep_scripts(self.stage, self.root, "deactivate", leaving, language=self.language),
        )

    def describe(self) -> Snippet:
        """The project's snippet without scripts."""
        return describe_prefix(self.stage, self.root)

    def note(self, word: str, *names: str) -> str:
        """What writes a word and the values of variables into the log."""
        return note(self.language, self.log, word, *names)

    def set(self, name: str, value: str) -> str:
        """What exports a variable."""
        return self.language.export(name, value)

    def logged(self) -> list[str]:
        """The lines of the log."""
        return self.log.read_text("utf-8").splitlines() if self.log.exists() else []

    def forget_log(self) -> None:
        """Begin the log anew."""
        self.log.unlink(missing_ok=True)


@pytest.fixture
def bench(stage: Stage, root: Path, tmp_path: Path, language: ShellLanguage) -> Bench:
    return Bench(stage, root, language, tmp_path / "log")


def test_scripts_run_in_order_with_all_of_the_environment_there(shell: OpenShell, bench: Bench, base: Path) -> None:
    snippet = bench.make(
        [
            bench.set("FIRST", "1"),
            bench.note("two", "FIRST", "CONDA_PREFIX", "CONDA_SHLVL", "OF_ENV_VARS_D"),
            bench.note("path", "PATH") if bench.language.name != "fish" else "true",
        ],
        [
            bench.note("last", "FIRST", "CONDA_PREFIX", "CONDA_SHLVL", "OF_ENV_VARS_D"),
            bench.language.unset("FIRST"),
        ],
    )
    terminal = shell(variables=BASE)
    before = terminal.snapshot()

    assert terminal.cd(bench.root) == ""

    values = f"1,{snippet.conda},2,{snippet.set['OF_ENV_VARS_D']},"
    path = [] if bench.language.name == "fish" else [f"path,{snippet.bin[0]}:{OUTER_PATH},"]
    assert bench.logged() == [f"two,{values}", *path]
    assert terminal.environment()["FIRST"] == "1"
    bench.forget_log()
    assert terminal.prompt() == ""
    assert bench.logged() == []
    assert terminal.cd(base) == ""
    assert bench.logged() == [f"last,{values}"]
    assert terminal.snapshot().comparable == before.comparable


def test_a_cd_within_the_project_sources_nothing(shell: OpenShell, bench: Bench) -> None:
    bench.make([bench.note("in")], [bench.note("out")])
    below = bench.root / "below"
    below.mkdir()
    terminal = shell(bench.root)
    terminal.cd(below)
    terminal.cd(bench.root)
    bench.stage.change(bench.root / "requirements.txt")
    terminal.prompt()
    assert bench.logged() == ["in,"]


def test_what_scripts_define_is_in_the_shell(shell: OpenShell, bench: Bench, base: Path) -> None:
    bench.make([bench.language.define_function("of_a_package", "echo it works")])
    terminal = shell(bench.root)
    assert terminal.do("of_a_package") == "it works\n"
    terminal.cd(base)
    assert terminal.do("of_a_package") == "it works\n"  # what no script takes away stays, as with conda


def test_what_scripts_print_is_shown(shell: OpenShell, bench: Bench, base: Path) -> None:
    bench.make(["echo welcome"], ["echo farewell"])
    terminal = shell()
    assert terminal.cd(bench.root) == "welcome\n"
    assert terminal.cd(base) == "farewell\n"


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param("return 3", id="returns"),
        pytest.param("no-such-program-at-all 2>/dev/null", id="a missing program"),
        pytest.param("sh -c 'exit 4'", id="a failing program"),
    ],
)
def test_a_failing_script_is_told_once_and_keeps_nothing_from_being_entered(
    shell: OpenShell, bench: Bench, base: Path, failure: str
) -> None:
    snippet = bench.make([failure, bench.note("second")], [failure, bench.note("last")])
    terminal = shell()
    before = terminal.snapshot()

    said = terminal.cd(bench.root)

    own = [line for line in said.splitlines() if line.startswith("pyve:")]
    assert len(own) == 1
    assert own[0].startswith("pyve: 000-a.")
    assert "of a package failed (status " in own[0]
    assert bench.logged() == ["second,"]
    assert terminal.environment()["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    assert "pyve:" not in terminal.cd(base)
    assert bench.logged() == ["second,", "last,"]
    assert terminal.snapshot().comparable == before.comparable
    assert "pyve:" not in terminal.cd(bench.root)


@pytest.mark.parametrize("language", ["bash", "zsh"], indirect=True)
@pytest.mark.parametrize(
    "error",
    ["echo ${none:?is not set}", "echo $((1 +))", "if true; then", "readonly OF_OURS=1; OF_OURS=2", "echo ${", "((("],
)
def test_an_error_of_the_shell_in_a_script_keeps_nothing_from_being_entered(
    shell: OpenShell, bench: Bench, base: Path, error: str
) -> None:
    snippet = bench.make([error, bench.note("second")], [error])
    terminal = shell()
    terminal.cd(bench.root)
    if bench.language.name == "zsh":  # bash goes back to the prompt
        assert bench.logged() == ["second,"]
    terminal.prompt()
    inside = terminal.environment()
    assert inside["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    assert inside["_PYVE_ROOT"] == snippet.root
    terminal.cd(base)
    terminal.prompt()
    after = terminal.environment()
    assert after["PATH"] == OUTER_PATH
    assert conda_of(after) == {}
    assert "_PYVE_ROOT" not in after


@pytest.mark.parametrize("language", ["bash", "zsh"], indirect=True)
@pytest.mark.parametrize("users", ["set -u", "set -eu", "set -o pipefail; set -C", "set -f", "set -a", "true"])
def test_scripts_meet_no_option_of_the_user(shell: OpenShell, bench: Bench, base: Path, users: str) -> None:
    log = quote(bench.language, str(bench.log))
    careless = [
        'test -z "$NOT_SET_AT_ALL"',
        "false; true",
        f"echo x >{log}; echo y >{log}",
        "false | true",
        "PLAIN_OF_A_SCRIPT=1",
        f"for one in /usr/*; do echo $one >>{log}; break; done",
    ]
    terminal = shell(variables={"VIRTUAL_ENV_DISABLE_PROMPT": "1"})  # `set -a` exports what is assigned: a prompt too
    terminal.do(users)
    terminal.environment()  # after which bash has LINES and COLUMNS
    before = terminal.snapshot()
    bench.make(careless, [*careless, "unset PLAIN_OF_A_SCRIPT one"])
    assert terminal.cd(bench.root) == ""
    assert bench.logged()[0] == "y"
    assert "*" not in bench.logged()[1]
    assert "PLAIN_OF_A_SCRIPT" not in terminal.environment()
    assert terminal.cd(base) == ""
    assert terminal.snapshot().comparable == before.comparable


@pytest.mark.parametrize("language", ["bash", "zsh"], indirect=True)
@pytest.mark.parametrize("users", ["set -eu", "set -o pipefail; set -C", "true"])
@pytest.mark.parametrize("on", ["-", "+"])
def test_options_are_as_they_were_whatever_scripts_make_of_them(
    shell: OpenShell, bench: Bench, base: Path, users: str, on: str
) -> None:
    of_script = f"set {on}eu; set {on}C; set {on}o pipefail; set {on}f; set {on}a; set {on}x; true"
    terminal = shell()
    terminal.do(users)
    before = terminal.snapshot()
    bench.make([of_script, "true"], [of_script, "true"])
    terminal.cd(bench.root)
    inside = terminal.snapshot().state
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable
    plain = shell()
    plain.do(users)
    bench.stage.write(bench.describe())
    plain.cd(bench.root)
    assert inside.replace("\n_PYVE_SCRIPTS\n", "\n") == plain.snapshot().state


@pytest.mark.parametrize("language", list(SETTINGS), indirect=True)
def test_no_setting_of_a_user_keeps_scripts_from_being_sourced(
    shell: OpenShell, bench: Bench, base: Path, language: ShellLanguage
) -> None:
    entering = [bench.note("in", "CONDA_SHLVL"), bench.set("OF_A_SCRIPT", "1")]
    bench.make(entering, [bench.note("out", "CONDA_SHLVL"), language.unset("OF_A_SCRIPT")])
    failed: dict[str, object] = {}
    for setting in SETTINGS[language.name]:
        if "() { echo a function; }" in setting:
            continue  # a script cannot be kept from calling those
        bench.forget_log()
        try:
            terminal = shell(before=[setting], variables=BASE)
            first = terminal.snapshot()
            said = [terminal.cd(bench.root), terminal.prompt()]
            conda = conda_of(terminal.environment())
            said += [terminal.cd(base), terminal.prompt()]
            last = terminal.snapshot()
            terminal.close()
        except AssertionError as error:  # the shell ended
            failed[setting] = str(error)
            continue
        found = {
            "says": [text for text in said if text],
            "level": conda["CONDA_SHLVL"] if conda["CONDA_SHLVL"] != "2" else "",
            "log": bench.logged() if bench.logged() != ["in,2,", "out,2,"] else [],
            "environment": first.comparable[0].items() ^ last.comparable[0].items(),
            "state": set(first.state.splitlines()) ^ set(last.state.splitlines()),
        }
        if any(found.values()):
            failed[setting] = {what: value for what, value in found.items() if value}
    assert failed == {}


def test_ctrl_c_in_a_slow_script_gives_the_prompt_back_and_the_environment_is_active(
    shell: OpenShell, bench: Bench, base: Path
) -> None:
    slow = f"{bench.note('slow')}\nsh -c 'echo slowly; exec sleep 600'"
    snippet = bench.make([slow, bench.note("never")], [bench.note("out")])
    strict = [] if bench.language.name == "fish" else ["set -eu"]
    terminal = shell(before=strict)
    before = terminal.snapshot()
    terminal.press(f"cd {_typed(bench.language, bench.root)}\r")
    terminal.expect("slowly\r\n")
    terminal.type("\x03")

    inside = terminal.environment()

    assert inside["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    assert inside["CONDA_SHLVL"] == "1"
    assert bench.logged() == ["slow,"]  # nor is it begun anew
    terminal.cd(base)
    assert bench.logged() == ["slow,", "out,"]
    assert terminal.snapshot().comparable == before.comparable


def test_ctrl_c_in_a_slow_script_on_leaving_leaves_all_the_same(shell: OpenShell, bench: Bench, base: Path) -> None:
    slow = f"{bench.note('slow')}\nsh -c 'echo slowly; exec sleep 600'"
    bench.make([bench.note("in")], [slow])
    strict = [] if bench.language.name == "fish" else ["set -eu"]
    terminal = shell(before=strict)
    before = terminal.snapshot()
    terminal.cd(bench.root)
    terminal.press(f"cd {_typed(bench.language, base)}\r")
    terminal.expect("slowly\r\n")
    terminal.type("\x03")
    terminal.prompt()
    assert terminal.snapshot().comparable == before.comparable
    assert bench.logged() == ["in,", "slow,"]


@pytest.mark.parametrize("language", ["bash"], indirect=True)
def test_an_interruption_at_any_command_is_repaired_at_the_next_prompt(
    shell: OpenShell, bench: Bench, base: Path
) -> None:
    snippet = bench.make(["set -eC -o pipefail"], ["set -eC -o pipefail"])
    terminal = shell(variables=BASE)
    terminal.do("count=0 at=0 interrupted=0")
    before = terminal.snapshot()
    places = {bench.root: (f"{snippet.bin[0]}:{OUTER_PATH}", "2"), base: (OUTER_PATH, "1")}
    for origin, goal in ((base, bench.root), (bench.root, base)):
        reached = at = 1
        while reached >= at:
            terminal.cd(origin)
            terminal.do(
                f"count=0 at={at}",
                "interrupt() { case ${FUNCNAME[1]-} in __pyve_*) [ $((count += 1)) != $at ] || kill -INT $$ ;; esac; }",
            )
            terminal.do(f"cd {quote(bench.language, str(goal))}", "set -T; trap interrupt DEBUG")
            reached = int(
                terminal.do("interrupted=$count; trap - DEBUG; set +T; unset -f interrupt", "echo $interrupted")
            )
            found = terminal.environment()
            assert (found["PATH"], found["CONDA_SHLVL"]) == places[goal], f"interrupted at command {at}"
            terminal.cd(base)
            terminal.do("count=0 at=0 interrupted=0")
            assert terminal.snapshot().comparable == before.comparable, f"interrupted at command {at}"
            at += 1
        assert at > 20


@pytest.mark.parametrize("language", ["zsh", "fish"], indirect=True)
def test_a_cd_in_a_script_is_none_of_the_users(shell: OpenShell, bench: Bench, base: Path) -> None:
    there_and_back = f"cd {quote(bench.language, str(base))}; cd {quote(bench.language, str(bench.root))}"
    snippet = bench.make([there_and_back, bench.note("in")], [bench.note("out")])
    terminal = shell()
    terminal.cd(bench.root)
    assert bench.logged() == ["in,"]
    assert terminal.environment()["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    terminal.cd(base)
    assert bench.logged() == ["in,", "out,"]
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_after_conda_deactivate_or_activate_no_script_is_sourced_a_second_time(
    shell: OpenShell, bench: Bench, base: Path
) -> None:
    bench.make([bench.note("in")], [bench.note("out")])
    terminal = shell(bench.root, variables=BASE)
    terminal.do(*(bench.set(name, value) for name, value in BASE.items()))  # conda has sourced what is to be sourced
    terminal.cd(base)
    assert bench.logged() == ["in,"]
    after = terminal.environment()
    assert after["PATH"] == OUTER_PATH
    assert not [name for name in after if name.startswith("_PYVE_") and name != "_PYVE_HOOK"]


def test_scripts_that_are_gone_are_passed_over_in_silence(shell: OpenShell, bench: Bench, base: Path) -> None:
    snippet = bench.make([bench.note("in")], [bench.note("out"), bench.note("too")])
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(bench.root)
    Path(snippet.scripts_on_leaving[ENDINGS[bench.language.name]][0]).unlink()
    assert terminal.cd(base) == ""
    assert bench.logged() == ["in,", "too,"]
    assert terminal.snapshot().comparable == before.comparable
    shutil.rmtree(Path(snippet.reference).parent / "scripts")
    assert terminal.cd(bench.root) == ""
    assert terminal.cd(base) == ""
    assert terminal.snapshot().comparable == before.comparable


def test_only_what_lies_in_the_state_and_is_the_users_own_is_sourced_on_leaving(
    shell: OpenShell, bench: Bench, tmp_path: Path, base: Path
) -> None:
    ending = ENDINGS[bench.language.name]
    snippet = bench.make([], [bench.note("own")])
    own = Path(snippet.scripts_on_leaving[ending][0])
    outside = tmp_path / f"outside.{ending}"
    outside.write_text("touch pwned\n", encoding="utf-8")
    by_dots = own.parent.joinpath(*[".."] * len(own.parent.relative_to(tmp_path).parts), outside.name)
    assert by_dots.exists()
    other_ending = own.with_suffix(".other")
    other_ending.write_text("touch pwned\n", encoding="utf-8")
    folder = own.with_name(f"folder.{ending}")
    folder.mkdir()
    forged = [outside, by_dots, other_ending, folder, own.parent, "", "relative", "$(touch pwned)", own]
    record = {
        "_PYVE_ROOT": str(bench.root),
        "_PYVE_SERIAL": "1",
        "_PYVE_BIN": snippet.bin[0],
        "_PYVE_SCRIPTS": ":".join(map(str, forged)),
    }
    terminal = shell(variables={**record, "PATH": f"{snippet.bin[0]}:{OUTER_PATH}"})
    assert terminal.greeting == shell(hooked=False).greeting
    assert bench.logged() == ["own,"]
    assert terminal.environment()["PATH"] == OUTER_PATH


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="root alone gives files to others")
def test_a_script_of_somebody_else_is_not_sourced(shell: OpenShell, bench: Bench, base: Path) -> None:
    snippet = bench.make(["touch pwned", bench.note("in")], ["touch pwned", bench.note("out")])
    ending = ENDINGS[bench.language.name]
    for scripts in (snippet.scripts, snippet.scripts_on_leaving):
        os.chown(scripts[ending][0], 65534, 65534)
    terminal = shell()
    assert terminal.cd(bench.root) == ""
    assert terminal.cd(base) == ""
    assert bench.logged() == ["in,", "out,"]


@pytest.mark.parametrize("child", list(LANGUAGES))
def test_a_child_shell_leaves_by_the_scripts_that_it_can_read(
    shell: OpenShell,
    stage: Stage,
    root: Path,
    tmp_path: Path,
    base: Path,
    language: ShellLanguage,
    child: str,
    need_shell: Callable[[str], ShellLanguage],
) -> None:
    other, log = need_shell(child), tmp_path / "log"
    entering: dict[str, tuple[str, ...]] = {}
    leaving: dict[str, tuple[str, ...]] = {}
    for one in {ENDINGS[each.name]: each for each in (language, other)}.values():
        texts = [one.export("OF_A_SCRIPT", one.name), note(one, log, "in")]
        entering |= keep_scripts(stage, root, "activate", texts, language=one)
        texts = [one.unset("OF_A_SCRIPT"), note(one, log, f"out-{ENDINGS[one.name]}")]
        leaving |= keep_scripts(stage, root, "deactivate", texts, language=one)
    make_conda_project(stage, root, scripts=entering, scripts_on_leaving=leaving)
    parent = shell()
    before = parent.environment()
    parent.cd(root)
    inherited = {
        name: value for name, value in parent.environment().items() if name not in ("ZDOTDIR", "XDG_CONFIG_HOME")
    }

    terminal = shell(root, variables=inherited, other=other)

    out = f"out-{ENDINGS[child]},"
    assert log.read_text().splitlines() == ["in,", out, "in,"]  # what the child has not sourced, it has not
    terminal.cd(base)
    assert log.read_text().splitlines() == ["in,", out, "in,", out]
    counters = {"SHLVL", "PWD", "OLDPWD", "_", "_PYVE_HOOK", "ZDOTDIR", "XDG_CONFIG_HOME", "LOGNAME", "USER"}
    after = terminal.environment()
    assert {name: value for name, value in after.items() if name not in counters} == {
        name: value for name, value in before.items() if name not in counters
    }


def test_entered_by_hand_scripts_are_sourced_and_deactivate_sources_theirs(
    shell: OpenShell, bench: Bench, tmp_path: Path
) -> None:
    snippet = bench.make(
        [bench.note("in", "CONDA_PREFIX"), bench.set("OF_A_SCRIPT", "1")],
        [bench.note("out", "CONDA_PREFIX"), bench.language.unset("OF_A_SCRIPT")],
    )
    file = tmp_path / "statements"
    file.write_bytes(render_activation(DIALECTS[bench.language.name], snippet).encode())
    terminal = shell(hooked=False)
    before = terminal.environment()
    terminal.do(bench.language.source(str(file)))
    assert terminal.environment()["OF_A_SCRIPT"] == "1"
    terminal.do("deactivate")
    assert bench.logged() == [f"in,{snippet.conda},", f"out,{snippet.conda},"]
    assert {**terminal.environment(), "_": ""} == {**before, "_": ""}


def test_another_environment_of_the_project_comes_with_its_own_scripts(
    shell: OpenShell, bench: Bench, base: Path
) -> None:
    snippet = bench.make([bench.note("in", "CONDA_PREFIX")], [bench.note("out", "CONDA_PREFIX")])
    terminal = shell(bench.root)
    new = f"{snippet.conda}-new"
    bench.stage.register(replace(snippet, set={"CONDA_PREFIX": new}, conda=new))
    terminal.prompt()
    terminal.cd(base)
    assert bench.logged() == [f"in,{snippet.conda},", f"out,{snippet.conda},", f"in,{new},", f"out,{new},"]


def _typed(language: ShellLanguage, place: Path) -> str:
    """A directory in words that can be typed: `!` would be taken from the history."""
    quoted = quote(language, str(place))
    return quoted if language.name == "fish" else quoted.replace("!", "'\\!'")
