"""The PowerShell hook in a real PowerShell, each that is here: pwsh (7) and, on Windows, powershell (5.1).

A prompt is shown by calling `prompt`, as a host does; one test lets the console itself do it. Everything runs under
StrictMode Latest. Names are short: a state directory repeats the path of a project, and 5.1 ends at 260 letters.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pyve.activation.dialects.pwsh import Pwsh
from pyve.activation.templates import read_template
from tests.shells.pwsh.session import PATH_SEPARATOR, Bench, load, quote

# A pipeline has it installed; elsewhere there may be no way to.
IN_WORKFLOW = bool(os.environ.get("GITHUB_ACTIONS"))
PROGRAMS = ("pwsh", "powershell") if sys.platform == "win32" else ("pwsh",)

# On Windows no name holds " * ? < > | or a colon.
HOSTILE_NAME = "@it's $(x) `x` [1] & {a} ;# \u2018\u2019\u201b % é🐍"
ALPHABET = "'\u2018\u2019\u201a\u201b\"\u201c\u201d\u201e$`@#(){}[]<>;,|&%\\/ \t\r\n\x85\u2028ab é🐍"


@pytest.fixture(params=PROGRAMS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """A PowerShell and an empty state directory."""
    program = shutil.which(request.param)
    if program is None:
        assert not IN_WORKFLOW, f"{request.param} is not installed, and this is a workflow"
        pytest.skip(f"{request.param} is not installed; its hook is tested in the workflows")
    made = Bench(program=program, folder=tmp_path / "u")
    made.prepare()
    return made


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A directory outside of all projects."""
    directory = tmp_path / "else where"
    directory.mkdir()
    return directory


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the project lies."""
    directory = tmp_path / "p" / HOSTILE_NAME
    directory.mkdir(parents=True)
    return directory


def path_of(environment: dict[str, str]) -> list[str]:
    """PATH, which Windows calls Path."""
    return next(value for name, value in environment.items() if name.upper() == "PATH").split(PATH_SEPARATOR)


def is_record(name: str) -> bool:
    return name.startswith("_PYVE_")


def test_quoted_values_come_back_as_they_were(bench: Bench, base: Path) -> None:
    random = Random(1)
    values = ["", "'", "\u2018", "@'\nx\n'@", *("".join(random.choices(ALPHABET, k=12)) for _ in range(300))]
    words = Pwsh().join(map(Pwsh().quote, values))
    one_by_one = "\n".join(f"$values += {Pwsh().quote(value)}" for value in values)
    none = f"(@({Pwsh().join([])}).Count)"
    noted = bench.run(
        f"note list @({words})\n$values = @()\n{one_by_one}\nnote alone $values\nnote none {none}", cwd=base
    ).noted
    assert noted == {"list": values, "alone": values, "none": 0}


def test_files_are_parsed_without_complaint(bench: Bench, base: Path, root: Path) -> None:
    snippet = bench.make_project(root)
    activation = bench.folder / "activation.ps1"
    activation.write_text(read_template(Pwsh(), "activation"), encoding="utf-8")
    files = [bench.hook, activation, Path(snippet.reference).parent.parent / "@act.ps1"]
    noted = bench.run(
        f"""
        $complaints = @()
        foreach ($file in {Pwsh().join(map(quote, files))}) {{
            $tokens = $null; $errors = $null
            $text = [IO.File]::ReadAllText($file, [Text.Encoding]::UTF8)
            $null = [Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$errors)
            foreach ($one in $errors) {{ $complaints += [string]$one }}
        }}
        note complaints $complaints
        """,
        cwd=base,
    ).noted
    assert noted == {"complaints": []}


def test_entering_puts_the_environment_first_and_leaving_restores_all(bench: Bench, base: Path, root: Path) -> None:
    snippet = bench.make_project(root)
    path = PATH_SEPARATOR.join(["", os.environ["PATH"], "twice", "twice", ""])
    noted = bench.run(
        f"""
        function global:prompt {{ 'mine> ' }}
        load_hook
        show
        note before (read_environment)
        note functions_before @(Get-ChildItem Function: | ForEach-Object Name)
        go {quote(root)}
        note inside (read_environment)
        note deactivate (Test-Path Function:deactivate)
        note errors $Error.Count
        go {quote(base)}
        note after (read_environment)
        note functions_after @(Get-ChildItem Function: | ForEach-Object Name)
        """,
        cwd=base,
        variables={"PATH": path, "PYTHONHOME": "/opt/python", "VIRTUAL_ENV_PROMPT": "of old"},
    ).noted
    inside = noted["inside"]
    assert path_of(inside) == [*snippet.bin, *path_of(noted["before"])]
    assert {name: inside[name] for name in snippet.set} == dict(snippet.set)
    assert "PYTHONHOME" not in inside
    assert inside["_PYVE_ROOT"] == str(root)
    assert noted["deactivate"] is True
    assert noted["errors"] == 0
    assert noted["after"] == noted["before"]
    assert noted["functions_after"] == noted["functions_before"]
    assert noted["after"]["PYTHONHOME"] == "/opt/python"
    assert noted["after"]["VIRTUAL_ENV_PROMPT"] == "of old"


def test_what_the_user_changed_inside_stays_on_leaving(bench: Bench, base: Path, root: Path) -> None:
    bench.make_project(root, set={"MINE": "theirs", "OTHER": "theirs"})
    noted = bench.run(
        f"""
        load_hook
        note before $env:PATH
        go {quote(root)}
        $env:PATH = 'added' + [IO.Path]::PathSeparator + $env:PATH
        $env:MINE = 'changed by hand'
        go {quote(base)}
        note after (read_environment)
        """,
        cwd=base,
    ).noted
    assert path_of(noted["after"])[0] == "added"
    assert path_of(noted["after"])[1:] == noted["before"].split(PATH_SEPARATOR)
    assert noted["after"]["MINE"] == "changed by hand"
    assert "OTHER" not in noted["after"]


def test_inner_project_wins_and_the_outer_one_comes_back(bench: Bench, base: Path, root: Path) -> None:
    inner = root / "packages" / "@inner"
    inner.mkdir(parents=True)
    outer_snippet, inner_snippet = bench.make_project(root), bench.make_project(inner, name="inner")
    noted = bench.run(
        f"""
        load_hook
        show
        note before (read_environment)
        go {quote(root)}; note outer (read_environment)
        go {quote(inner)}; note inner (read_environment)
        go {quote(root / "packages")}; note again (read_environment)
        go {quote(base)}; note after (read_environment)
        """,
        cwd=base,
    ).noted
    rest = path_of(noted["before"])
    assert path_of(noted["outer"]) == [*outer_snippet.bin, *rest]
    assert path_of(noted["inner"]) == [*inner_snippet.bin, *rest]
    assert noted["inner"]["VIRTUAL_ENV_PROMPT"] == "inner"
    assert noted["again"] == noted["outer"]
    assert noted["after"] == noted["before"]


def test_hop_from_one_project_to_its_sibling(bench: Bench, base: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    bench.make_project(first, set={"ONLY_FIRST": "1"})
    snippet = bench.make_project(second)
    noted = bench.run(
        f"load_hook\nshow\nnote before (read_environment)\ngo {quote(first)}\ngo {quote(second)}\n"
        f"note inside (read_environment)\ngo {quote(base)}\nnote after (read_environment)",
        cwd=base,
    ).noted
    assert path_of(noted["inside"]) == [*snippet.bin, *path_of(noted["before"])]
    assert "ONLY_FIRST" not in noted["inside"]
    assert noted["after"] == noted["before"]


def test_first_prompt_of_a_shell_that_starts_inside_a_project_enters_it(bench: Bench, root: Path) -> None:
    snippet = bench.make_project(root)
    noted = bench.run(f"load_hook\nSet-Location -LiteralPath {quote(root)}\nshow\nnote path $env:PATH", cwd=root).noted
    assert noted["path"].split(PATH_SEPARATOR)[0] == snippet.bin[0]


def test_deactivate_holds_until_the_project_is_left(bench: Bench, base: Path, root: Path) -> None:
    below = root / "below"
    below.mkdir()
    snippet = bench.make_project(root)
    noted = bench.run(
        f"""
        load_hook
        show
        note before (read_environment)
        go {quote(root)}
        deactivate -nondestructive
        show; note off (read_environment)
        go {quote(below)}; note below (read_environment)
        go {quote(base)}
        go {quote(root)}; note again $env:PATH
        """,
        cwd=base,
    ).noted
    assert noted["off"] == noted["before"]
    assert noted["below"] == noted["before"]
    assert noted["again"].split(PATH_SEPARATOR)[0] == snippet.bin[0]


def test_users_own_deactivate_is_left_alone(bench: Bench, base: Path, root: Path) -> None:
    bench.make_project(root)
    noted = bench.run(
        f"function global:deactivate {{ 'of the user' }}\nload_hook\ngo {quote(root)}\nnote inside (deactivate)\n"
        f"go {quote(base)}\nnote after (deactivate)",
        cwd=base,
    ).noted
    assert noted == {"inside": "of the user", "after": "of the user"}


@pytest.mark.parametrize("maker", ["venv --without-pip", "virtualenv --no-seed --activators powershell"])
def test_environment_activated_by_hand_is_left_alone(bench: Bench, base: Path, root: Path, maker: str) -> None:
    snippet = bench.make_project(root)
    by_hand = base / "by hand"
    subprocess.run([sys.executable, "-m", *maker.split(), str(by_hand)], check=True, capture_output=True)
    script = next(file for file in by_hand.glob("*/*.ps1") if file.name.lower() == "activate.ps1")
    noted = bench.run(
        f"""
        load_hook
        show
        note before (read_environment)
        go {quote(root)}
        Set-StrictMode -Off # theirs is not written for it
        . {quote(script)}
        show
        note inside (read_environment)
        go {quote(base)}
        note left (read_environment)
        deactivate
        show
        note after (read_environment)
        """,
        cwd=base,
        arguments=["-ExecutionPolicy", "Bypass"] if sys.platform == "win32" else [],
    ).noted
    assert "by hand" in path_of(noted["inside"])[0]
    assert snippet.bin[0] in path_of(noted["inside"])
    assert Path(noted["left"]["VIRTUAL_ENV"]) == by_hand
    assert "by hand" in path_of(noted["left"])[0]
    assert path_of(noted["left"])[1:] == path_of(noted["before"]) == path_of(noted["after"])
    assert "VIRTUAL_ENV" not in noted["after"]


def test_leaving_needs_neither_state_nor_environment(bench: Bench, base: Path, root: Path, tmp_path: Path) -> None:
    bench.make_project(root)
    noted = bench.run(
        f"""
        load_hook
        show
        note before (read_environment)
        go {quote(root)}
        note inside (read_environment)
        [IO.Directory]::Delete({quote(bench.state)}, $true)
        go {quote(base)}
        note after (read_environment)
        note errors $Error.Count
        """,
        cwd=base,
    ).noted
    assert noted["inside"] != noted["before"]
    assert noted["after"] == noted["before"]
    assert noted["errors"] == 0


def test_child_shell_elsewhere_undoes_what_it_inherited(bench: Bench, base: Path, root: Path) -> None:
    snippet = bench.make_project(root)
    start = f"load_hook\nshow\nnote before (read_environment)\ngo {quote(root)}\nnote inside (read_environment)"
    parent = bench.run(start, cwd=base).noted
    child = bench.run("load_hook\nshow\nnote after (read_environment)", cwd=base, variables=parent["inside"]).noted
    assert [name for name in child["after"] if is_record(name)] == []
    before = path_of(parent["before"])
    assert path_of(child["after"])[-len(before) :] == before  # pwsh puts its own directory in front once more
    assert snippet.bin[0] not in path_of(child["after"])
    assert "VIRTUAL_ENV" not in child["after"]


def test_child_shell_inside_adopts_and_is_first_on_path_once(bench: Bench, base: Path, root: Path) -> None:
    snippet = bench.make_project(root)
    parent = bench.run(f"load_hook\ngo {quote(root)}\nnote inside (read_environment)", cwd=base).noted["inside"]
    moved = [*path_of(parent)[1:], snippet.bin[0]]
    name = next(name for name in parent if name.upper() == "PATH")
    child = bench.run(
        f"load_hook\ngo {quote(root)}\nshow\nload_hook\nshow\nnote path $env:PATH\n"
        f"go {quote(base)}\nnote after $env:PATH",
        cwd=base,
        variables={**parent, name: PATH_SEPARATOR.join(moved)},
    ).noted
    assert child["path"].split(PATH_SEPARATOR) == path_of(parent)
    assert child["after"].split(PATH_SEPARATOR) == path_of(parent)[1:]


def test_prompt_finds_status_as_the_command_left_it(bench: Bench, base: Path, root: Path) -> None:
    bench.make_project(root)
    exit_3 = f"& {quote(sys.executable)} -I -c 'raise SystemExit(3)'"
    noted = bench.run(
        f"""
        $global:seen = @()
        function global:prompt {{ $global:seen += $?; $global:seen += $global:LASTEXITCODE; 'mine> ' }}
        $global:LASTEXITCODE = 7
        load_hook
        $null = 0; prompt
        Get-Item -LiteralPath nothing-here -ErrorAction SilentlyContinue; prompt
        {exit_3}; prompt
        Set-Location -LiteralPath {quote(root)}; {exit_3}; prompt
        [IO.File]::SetLastWriteTimeUtc({quote(root / "requirements.txt")}, [DateTime]::UtcNow)
        {exit_3}; prompt
        note seen $global:seen
        note errors $Error.Count
        """,
        cwd=base,
    ).noted
    assert noted["seen"] == [True, 7, False, 7, False, 3, False, 3, False, 3]
    assert noted["errors"] == 1  # that of Get-Item
    assert len(bench.asked()) == 1


def test_elsewhere_than_in_a_file_system_all_stays(bench: Bench, base: Path, root: Path) -> None:
    bench.make_project(root)
    noted = bench.run(
        f"load_hook\nshow\nnote before (read_environment)\ngo {quote(root)}\nnote inside (read_environment)\n"
        f"go Env:\nnote env (read_environment)\ngo Function:\ngo {quote(base)}\nnote after (read_environment)",
        cwd=base,
    ).noted
    assert noted["env"] == noted["inside"] != noted["before"]
    assert noted["after"] == noted["before"]


def test_prompt_of_the_user_is_kept_and_prefixed_once(bench: Bench, base: Path, root: Path) -> None:
    bench.make_project(root, name="sh$(op)")
    noted = bench.run(
        f"""
        function global:prompt {{ 'mine> ' }}
        load_hook
        load_hook
        note outside ((prompt 6>&1) -join '|')
        Set-Location -LiteralPath {quote(root)}
        show
        note inside ((prompt 6>&1) -join '|')
        $global:theirs = $function:prompt
        function global:prompt {{ 'theme ' + (& $global:theirs) }}
        load_hook
        note wrapped ((prompt 6>&1) -join '|')
        Set-Location -LiteralPath {quote(base)}
        show
        note left ((prompt 6>&1) -join '|')
        """,
        cwd=base,
    ).noted
    assert noted == {
        "outside": "mine> ",
        "inside": "(sh$(op)) |mine> ",
        "wrapped": "(sh$(op)) |theme mine> ",
        "left": "theme mine> ",
    }


@pytest.mark.parametrize("name", ["VIRTUAL_ENV_DISABLE_PROMPT", "STARSHIP_SHELL", "POSH_THEME"])
def test_prompt_has_no_prefix_where_it_is_not_wanted(bench: Bench, base: Path, root: Path, name: str) -> None:
    bench.make_project(root)
    noted = bench.run(
        f"function global:prompt {{ 'mine> ' }}\nload_hook\ngo {quote(root)}\nnote shown ((prompt 6>&1) -join '|')\n"
        "note root $env:_PYVE_ROOT",
        cwd=base,
        variables={name: "1"},
    ).noted
    assert noted == {"shown": "mine> ", "root": str(root)}


def test_changed_manifest_is_asked_about_once_and_in_silence(bench: Bench, base: Path, root: Path) -> None:
    bench.make_project(root, prompt="")
    manifest = root / "requirements.txt"
    outcome = bench.run(
        f"""
        load_hook
        go {quote(root)}
        show
        [IO.File]::SetLastWriteTimeUtc({quote(manifest)}, [DateTime]::UtcNow)
        show
        show
        """,
        cwd=base,
    )
    assert bench.asked() == [["shell-env", "--project", str(root)]]
    assert outcome.stdout == outcome.stderr == ""


def test_what_pyve_answers_is_entered_at_the_same_prompt(bench: Bench, base: Path, root: Path) -> None:
    snippet = bench.make_project(root)
    newer = replace(snippet, set={"VIRTUAL_ENV": "the new one"}, notice="brought up to date")
    new_text, old_text = bench.folder / "new.ps1", bench.state.parent / "old.ps1"
    place = Path(snippet.reference).parent.parent / "@act.ps1"
    shutil.copy(place, old_text)
    bench.write(newer)
    shutil.copy(place, new_text)
    shutil.copy(old_text, place)
    later = Path(newer.reference + newer.serial)
    bench.answer(
        f"import os, shutil, time\nshutil.copy({str(new_text)!r}, {str(place)!r})\n"
        f"os.unlink({snippet.reference + snippet.serial!r})\n"
        f"os.utime({str(later)!r}, (time.time() + 60, time.time() + 60))"
    )
    outcome = bench.run(
        f"load_hook\ngo {quote(root)}\n"
        f"[IO.File]::SetLastWriteTimeUtc({quote(root / 'requirements.txt')}, [DateTime]::UtcNow)\n"
        "show\nnote new $env:VIRTUAL_ENV\nshow\nshow",
        cwd=base,
    )
    assert outcome.noted == {"new": "the new one"}
    assert outcome.stderr.splitlines() == ["pyve: brought up to date"]
    assert len(bench.asked()) == 1


def test_missing_environment_is_told_once_and_changes_nothing(bench: Bench, base: Path, root: Path) -> None:
    snippet = bench.make_project(root, missing="the environment is not there")
    Path(snippet.probe).unlink()
    outcome = bench.run(
        f"load_hook\nshow\nnote before (read_environment)\ngo {quote(root)}\nshow\nnote inside (read_environment)",
        cwd=base,
    )
    assert outcome.noted["inside"] == outcome.noted["before"]
    assert outcome.stderr.splitlines() == ["pyve: the environment is not there"]


@pytest.mark.posix("Windows has no links there")
def test_link_to_a_python_that_is_gone_is_no_environment(bench: Bench, base: Path, root: Path) -> None:
    snippet = bench.make_project(root, missing="the environment is not there")
    Path(snippet.probe).unlink()
    Path(snippet.probe).symlink_to(base / "nowhere")
    outcome = bench.run(f"load_hook\ngo {quote(root)}\nnote root ([string]$env:_PYVE_ROOT)", cwd=base)
    assert outcome.noted == {"root": ""}
    assert outcome.stderr.splitlines() == ["pyve: the environment is not there"]


@pytest.mark.parametrize("text", ["$global:__pyve_s_root = 'no end", "$global:__pyve_s_format = 2", "", "throw 'no'"])
def test_damaged_snippet_spoils_neither_prompt_nor_error_list(bench: Bench, base: Path, root: Path, text: str) -> None:
    snippet = bench.make_project(root)
    (Path(snippet.reference).parent.parent / "@act.ps1").write_text(text, encoding="utf-8")
    outcome = bench.run(
        f"function global:prompt {{ 'mine> ' }}\nload_hook\nshow\nnote before (read_environment)\ngo {quote(root)}\n"
        "note shown (prompt)\nnote inside (read_environment)\nnote errors $Error.Count",
        cwd=base,
    )
    assert outcome.noted["shown"] == "mine> "
    assert outcome.noted["errors"] == 0
    assert outcome.noted["inside"] == outcome.noted["before"]
    assert [line for line in outcome.stderr.splitlines() if "another version of pyve" not in line] == []


def test_project_that_appears_elsewhere_is_noticed_at_the_next_prompt(bench: Bench, base: Path, root: Path) -> None:
    snippet = bench.make_project(root)
    place = Path(snippet.reference).parent.parent / "@act.ps1"
    aside = bench.folder / "aside.ps1"
    place.rename(aside)
    numbers = bench.state / "generations"
    noted = bench.run(
        f"""
        load_hook
        go {quote(root)}
        note before ([string]$env:_PYVE_ROOT)
        [IO.File]::Move({quote(aside)}, {quote(place)})
        foreach ($file in [IO.Directory]::GetFiles({quote(numbers)})) {{ [IO.File]::Delete($file) }}
        show
        note after $env:_PYVE_ROOT
        """,
        cwd=base,
    ).noted
    assert noted == {"before": "", "after": str(root)}


@pytest.mark.posix("on Windows the access list of the profile protects the state directory")
def test_snippet_of_another_user_is_not_read(bench: Bench, base: Path, root: Path) -> None:
    if os.geteuid() != 0:  # type: ignore[attr-defined,unused-ignore] # there on POSIX alone
        pytest.skip("only root can give a file away")
    snippet = bench.make_project(root)
    os.chown(Path(snippet.reference).parent.parent / "@act.ps1", 65534, -1)  # type: ignore[attr-defined,unused-ignore]
    noted = bench.run(f"load_hook\ngo {quote(root)}\nnote root ([string]$env:_PYVE_ROOT)", cwd=base).noted
    assert noted == {"root": ""}


def test_non_interactive_shell_gets_nothing_defined(bench: Bench, base: Path) -> None:
    noted = bench.run(
        "$before = [string]$function:prompt\nload_hook\nnote same ($before -ceq [string]$function:prompt)\n"
        "note functions (@(Get-ChildItem Function:__pyve_*).Count)",
        cwd=base,
        arguments=["-NonInteractive"],
    ).noted
    assert noted == {"same": True, "functions": 0}


@pytest.mark.skipif(sys.platform != "win32", reason="execution policies are a thing of Windows")
def test_policy_that_forbids_script_files_does_not_forbid_entering(bench: Bench, base: Path, root: Path) -> None:
    bench.make_project(root)
    noted = bench.run(
        f"load_hook\ngo {quote(root)}\nnote root $env:_PYVE_ROOT",
        cwd=base,
        arguments=["-ExecutionPolicy", "Restricted"],
    ).noted
    assert noted == {"root": str(root)}


def test_activation_alone_enters_and_leaves(bench: Bench, base: Path, root: Path) -> None:
    snippet = bench.make_project(root)
    activation = bench.folder / "activation.ps1"
    activation.write_text(read_template(Pwsh(), "activation"), encoding="utf-8")
    noted = bench.run(
        f"""
        function global:prompt {{ 'mine> ' }}
        note before (read_environment)
        Invoke-Expression ([IO.File]::ReadAllText({quote(activation)}))
        {load(Path(snippet.reference).parent.parent / "@act.ps1")}
        __pyve_enter
        $env:_PYVE_PINNED = '1'
        note inside $env:PATH
        note shown ((prompt 6>&1) -join '|')
        deactivate
        note after (read_environment)
        note prompt (([string]$function:prompt).Trim())
        """,
        cwd=base,
    ).noted
    assert noted["inside"].split(PATH_SEPARATOR)[0] == snippet.bin[0]
    assert noted["shown"] == "(shop) |mine> "
    assert noted["after"] == noted["before"]
    assert noted["prompt"] == "'mine> '"


def test_console_shows_the_prompt_that_enters(bench: Bench, base: Path, root: Path) -> None:
    bench.make_project(root, name="in here")
    result = bench.folder / "typed"
    lines = [
        f"Invoke-Expression ([IO.File]::ReadAllText({quote(bench.hook)}))",
        f"Set-Location -LiteralPath {as_ascii(root)}",
        f"[IO.File]::WriteAllText({quote(result)}, $env:VIRTUAL_ENV_PROMPT)",
        "exit",
        "",
    ]
    finished = bench.start(["-File", "-"], cwd=base, typed="\n".join(lines))
    assert result.exists(), finished.stdout + finished.stderr
    assert result.read_text(encoding="utf-8") == "in here"
    assert finished.stderr == ""


def as_ascii(path: Path) -> str:
    """An expression for a path: what is typed passes through the code page of the machine."""
    codes: Any = ", ".join(str(code) for code in memoryview(str(path).encode("utf-16-le")).cast("H"))
    return f"([string]::new([char[]]({codes})))"
