"""What activation scripts are found to do: variables alone stand for them, or shells have to source them."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from pyve.engines.conda.activation_scripts.trial import run_scripts_once
from pyve.environments.conda_facts import ScriptFacts
from pyve.environments.prefix_scripts import digest_scripts
from tests.support.conda_prefix import make_prefix

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shell that could run these scripts")


class Scripts:
    """A prefix with scripts, and a person's surroundings to run them in."""

    def __init__(self, tmp_path: Path, name: str = "prefix") -> None:
        self.prefix = tmp_path / name
        self.home = tmp_path / "home of a person"
        self.work = tmp_path / "work"
        self.work.mkdir()
        self.notes: tuple[str, ...] = ()

    def run(
        self, *texts: str, leaving: str = "", variables: Mapping[str, str] | None = None, seconds: float = 60.0
    ) -> ScriptFacts:
        """Run scripts of these texts, in this order, with `leaving` as the one that is sourced on leaving."""
        files = {f"activate.d/{number}.sh": text for number, text in enumerate(texts)}
        make_prefix(self.prefix, {**files, **({"deactivate.d/0.sh": leaving} if leaving else {})})
        facts, self.notes = run_scripts_once(
            self.prefix,
            variables or {},
            environment={"HOME": os.fspath(self.home), "PATH": os.defpath, "USER": "somebody"},
            work_directory=self.work,
            seconds=seconds,
        )
        return facts


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    return Scripts(tmp_path)


def test_variables_are_all_that_a_well_behaved_script_does(scripts: Scripts) -> None:
    facts = scripts.run('export PROJ_DATA="$CONDA_PREFIX/share/proj"\n', "export OTHER=1\n")
    assert facts == ScriptFacts(
        digest=digest_scripts(scripts.prefix),
        set={"PROJ_DATA": f"{scripts.prefix}/share/proj", "OTHER": "1"},
    )
    assert scripts.notes == ()


def test_prefix_without_scripts_starts_no_shell(scripts: Scripts) -> None:
    make_prefix(scripts.prefix)
    assert scripts.run() == ScriptFacts()


def test_scripts_run_in_the_order_of_their_names_and_see_the_variables_of_the_prefix(scripts: Scripts) -> None:
    make_prefix(scripts.prefix, {"activate.d/10.sh": 'export ORDER="$ORDER 10"\n', "activate.d/9.sh": ""})
    facts = scripts.run("", "", 'export ORDER="$GIVEN 2"\n', variables={"GIVEN": "variable"})
    assert facts.set == {"ORDER": "variable 2"}  # 10.sh had run before


def test_values_are_taken_byte_by_byte(scripts: Scripts) -> None:
    value = "é \udcff 'x' \"y\" $HOME `id` \\\nsecond line=1 "
    quoted = value.replace("'", "'\\''")
    facts = scripts.run(f"export VALUE='{quoted}'\n")
    assert facts.set == {"VALUE": value}
    assert facts.reason == ""


def test_prefix_may_have_any_name(tmp_path: Path) -> None:
    scripts = Scripts(tmp_path, name="a b'$(touch pwned)é")
    facts = scripts.run('export HERE="$CONDA_PREFIX"; export PATH="$CONDA_PREFIX/extra:$PATH"\n')
    assert (facts.set, facts.prepend_path, facts.reason) == (
        {"HERE": os.fspath(scripts.prefix)},
        (f"{scripts.prefix}/extra",),
        "",
    )


def test_function_makes_shells_source(scripts: Scripts) -> None:
    facts = scripts.run("hello() { echo hi; }\nexport A=1\n")
    assert facts.reason == "they define functions (hello)"
    assert facts.set == {"A": "1"}
    assert scripts.notes == (
        "Shells source the activation scripts of packages themselves, since they define functions (hello).",
    )


def test_function_of_the_script_s_own_does_not_matter(scripts: Scripts) -> None:
    assert scripts.run("_helper() { export A=1; }\n_helper\n").reason == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("shopt -s expand_aliases; alias ll='ls -l'\n", "aliases"),
        ("complete -W 'a b' tool\n", "completions"),
        ("trap 'echo bye' EXIT\n", "traps"),
        ("set -o noglob\n", "options"),
        ("umask 077\n", "umask"),
        ("sleep 30 &\n", "background"),
        ("IFS=:\n", "IFS"),
        ("counter=1\n", "do not export (counter)"),
        ("PROMPT_COMMAND=tool\n", "do not export (PROMPT_COMMAND)"),
    ],
)
def test_what_stays_in_the_shell_makes_shells_source(scripts: Scripts, text: str, reason: str) -> None:
    assert reason in scripts.run(text).reason


def test_program_in_the_background_ends_with_the_run(scripts: Scripts, tmp_path: Path) -> None:
    mark = tmp_path / "number"
    scripts.run(f"sleep 60 & echo $! > '{mark}'\n")
    number = int(mark.read_text())
    until = time.monotonic() + 60
    while time.monotonic() < until and os.path.exists(f"/proc/{number}/cmdline"):
        time.sleep(0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@pytest.mark.parametrize(
    "text",
    [
        'export FLAGS="${FLAGS:+$FLAGS }mine"\n',
        'export FLAGS="${FLAGS:-mine}"\n',
        'export FLAGS="mine $TERM"\n',
        'export FLAGS="mine $PWD"\n',
        'export FLAGS="mine $PATH"\n',
        'if [ -n "$SOMETHING_ELSE" ]; then export FLAGS=mine; fi\n',
        'export FLAGS="mine $CONDA_DEFAULT_ENV"\n',
        'export FLAGS="mine $CONDA_SHLVL"\n',
    ],
)
def test_value_that_depends_on_the_shell_makes_shells_source(scripts: Scripts, text: str) -> None:
    assert scripts.run(text).reason == "they depend on what a shell has already (FLAGS)"


def test_home_of_the_run_is_in_no_value(scripts: Scripts) -> None:
    facts = scripts.run('export DATA="$HOME/data"\n')
    assert facts.set == {"DATA": f"{scripts.home}/data"}
    assert facts.reason == "they depend on what a shell has already (DATA)"


@pytest.mark.parametrize("source", ["PWD", "PATH", "TMPDIR", "CONDA_DEFAULT_ENV"])
def test_nothing_else_of_the_run_is_in_a_value(scripts: Scripts, source: str) -> None:
    facts = scripts.run(f'export A="x ${source}" B=1\n')
    assert facts.set == {"B": "1"}


def test_copy_of_an_earlier_value_is_none_of_the_effect(scripts: Scripts) -> None:
    facts = scripts.run('if [ -n "${DATA:-}" ]; then export _CONDA_SET_DATA="$DATA"; fi\nexport DATA=new\n')
    assert (facts.set, facts.reason) == ({"DATA": "new"}, "")


def test_unset_variable_is_seen(scripts: Scripts) -> None:
    facts = scripts.run("unset PYTHONPATH GIVEN\n", variables={"GIVEN": "1"})
    assert sorted(facts.unset) == ["GIVEN", "PYTHONPATH"]
    assert facts.reason == ""


def test_directory_before_path_is_prepended(scripts: Scripts) -> None:
    facts = scripts.run('export PATH="$CONDA_PREFIX/one:$PATH"\n', 'PATH="$CONDA_PREFIX/two:$PATH"\n')
    assert facts.prepend_path == (f"{scripts.prefix}/two", f"{scripts.prefix}/one")
    assert (facts.reason, facts.set) == ("", {})


@pytest.mark.parametrize(
    "text",
    [
        'PATH="$PATH:$CONDA_PREFIX/last"\n',
        'PATH="relative:$PATH"\n',
        'PATH=":$PATH"\n',
        'PATH="$HOME/bin:$PATH"\n',
        "PATH=/usr/bin\n",
        "unset PATH\n",
    ],
)
def test_path_changed_otherwise_makes_shells_source(scripts: Scripts, text: str) -> None:
    facts = scripts.run(text)
    assert facts.reason == "they change PATH otherwise than by putting the same directories first"
    assert facts.prepend_path == ()


@pytest.mark.parametrize("text", ["export A=1\nreturn 3\n", "export A=1\nfalse\n"])
def test_failure_is_told_and_passed_over(scripts: Scripts, text: str) -> None:
    facts = scripts.run(text, "export B=1\n")
    assert (facts.set, facts.reason, facts.left_out) == ({"A": "1", "B": "1"}, "", ())
    assert scripts.notes == ("The script activate.d/0.sh fails, which conda passes over.",)


def test_script_that_cannot_be_parsed_does_not_keep_others_from_running(scripts: Scripts) -> None:
    facts = scripts.run('export BROKEN="unfinished\n', "export B=1\n")
    assert facts.set == {"B": "1"}
    assert scripts.notes == ("The script activate.d/0.sh fails, which conda passes over.",)


@pytest.mark.parametrize("text", ["export A=1\nexit 3\n", "export A=1\nset -e\nfalse\n", "export A=1; exec true\n"])
def test_script_that_ends_the_shell_is_left_out(scripts: Scripts, text: str) -> None:
    facts = scripts.run("export B=1\n", text, "export C=1\n")
    assert (facts.set, facts.reason, facts.left_out) == ({"B": "1", "C": "1"}, "", ("activate.d/1.sh",))
    assert [note for note in scripts.notes if "activate.d/1.sh is left out: it ends the shell" in note]


def test_script_that_hangs_is_left_out(scripts: Scripts) -> None:
    facts = scripts.run("export A=1\nsleep 600\n", "hello() { :; }\nexport B=1\n", seconds=3.0)
    assert (facts.set, facts.left_out) == ({"B": "1"}, ("activate.d/0.sh",))
    assert facts.reason == "they define functions (hello)"
    assert scripts.notes[0] == "The script activate.d/0.sh is left out: it takes over 3 seconds."


def test_script_that_ends_the_shell_on_leaving_is_left_out_where_shells_source(scripts: Scripts) -> None:
    facts = scripts.run("hello() { :; }\n", leaving="exit 1\n")
    assert facts.left_out == ("deactivate.d/0.sh",)
    assert facts.reason == "they define functions (hello)"


def test_scripts_of_which_most_stop_the_shell_are_used_by_nobody(scripts: Scripts) -> None:
    facts = scripts.run("exit 1\n", "exit 2\n", "exit 3\n", "export A=1\n")
    assert (facts.set, facts.reason, len(facts.left_out)) == ({}, "", 3)
    assert "No activation script of packages is used: too many fail." in scripts.notes


def test_unset_variable_in_a_script_breaks_nothing(scripts: Scripts) -> None:
    assert scripts.run('export A="x$NOT_THERE"\n').set == {"A": "x"}


def test_output_and_another_working_directory_are_no_reason(
    scripts: Scripts, capfd: pytest.CaptureFixture[str]
) -> None:
    facts = scripts.run("echo hello; echo no >&2; cd /\nexport A=1\n")
    assert (facts.set, facts.reason) == ({"A": "1"}, "")
    assert capfd.readouterr() == ("", "")
    assert scripts.notes == ("The activation scripts of packages change the working directory, which pyve does not.",)


def test_variables_that_entering_sets_itself_are_left_alone(scripts: Scripts) -> None:
    facts = scripts.run("export CONDA_PREFIX=/x PS1=x HOME=/y LD_LIBRARY_PATH=/z CONDA_BUILD_SYSROOT=/s\n")
    assert facts.set == {"LD_LIBRARY_PATH": "/z", "CONDA_BUILD_SYSROOT": "/s"}
    assert sorted(note.split()[6].rstrip(",") for note in scripts.notes) == ["CONDA_PREFIX", "HOME", "PS1"]


def test_terminal_and_input_are_out_of_reach(scripts: Scripts) -> None:
    facts = scripts.run('if [ -t 0 ] || [ -t 1 ]; then export TTY_THERE=1; fi\nread -r _line\nexport LINE="x$_line"\n')
    assert facts.set == {"LINE": "x"}


def test_script_for_another_shell_alone_makes_shells_source(scripts: Scripts) -> None:
    make_prefix(scripts.prefix, {"activate.d/a.fish": "set -gx A 1\n"})
    facts = scripts.run()
    assert facts.reason == "they are made for one shell alone (.fish)"
    assert facts.digest == digest_scripts(scripts.prefix) != ""


WINDOWS_SCRIPTS = {
    "activate.d/a.bat": "",
    "activate.d/a.ps1": "",
    "activate.d/b.bat": "",
    "activate.d/c.sh": "exit 1\n",
}


def test_windows_runs_nothing_and_tells_of_scripts_that_no_hook_runs(scripts: Scripts) -> None:
    make_prefix(scripts.prefix, WINDOWS_SCRIPTS)

    facts, notes = run_scripts_once(scripts.prefix, {}, environment={}, work_directory=scripts.work, windows=True)

    assert (facts.left_out, facts.set) == ((), {})
    assert "only be run by a shell of POSIX" in facts.reason
    assert notes[1:] == (
        "Nothing runs the activation scripts of packages that are for cmd.exe alone (activate.d/b.bat).",
    )


def test_scripts_for_cmd_exe_are_nothing_to_tell_of_elsewhere(scripts: Scripts) -> None:
    make_prefix(scripts.prefix, {"activate.d/b.bat": ""})
    assert (scripts.run(), scripts.notes) == (ScriptFacts(digest=digest_scripts(scripts.prefix)), ())


def test_script_that_acts_on_leaving_alone_makes_shells_source(scripts: Scripts) -> None:
    assert scripts.run(leaving="rm -f /tmp/x\n").reason == "they act on leaving"


def test_plain_sh_finds_variables_and_lets_shells_source(scripts: Scripts, tmp_path: Path) -> None:
    folder = tmp_path / "only sh"
    folder.mkdir()
    (folder / "sh").symlink_to("/bin/sh")
    from pyve.engines.conda.activation_scripts.runs import CleanRun, Shell, observe_scripts

    make_prefix(scripts.prefix, {"activate.d/0.sh": "export A='1\n2'\n"})
    seen = observe_scripts(
        [scripts.prefix / "etc/conda/activate.d/0.sh"],
        CleanRun(
            shell=Shell(path=folder / "sh", is_bash=False),
            environment={"PATH": os.defpath},
            folder=tmp_path / "run",
            seconds=60,
        ),
    )
    assert seen.after["A"] == "1\n2"
    assert seen.remains


def test_nothing_is_left_in_the_work_directory(scripts: Scripts) -> None:
    scripts.run("export A=1\n")
    assert list(scripts.work.iterdir()) == []
