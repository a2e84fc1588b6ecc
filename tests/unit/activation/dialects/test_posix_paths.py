"""Paths of Windows for the shells of MSYS."""

import pytest

from pyve.activation.dialects.bash import Bash
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.dialects.fish import Fish
from pyve.activation.dialects.posix_paths import to_posix
from pyve.activation.dialects.pwsh import Pwsh
from pyve.activation.dialects.zsh import Zsh
from pyve.activation.hook import render_hook
from pyve.activation.snippet import Snippet, render_snippet
from pyve.activation.startup.file import render_loading_words
from pyve.activation.statements import render_exports

ON_WINDOWS = (Bash(platform="win32"), Zsh(platform="win32"), Fish(platform="win32"))
in_each = pytest.mark.parametrize("dialect", ON_WINDOWS, ids=lambda dialect: dialect.name)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("C:\\a b\\c", "/c/a b/c"),
        ("d:/mixed\\slashes", "/d/mixed/slashes"),
        ("C:\\", "/c/"),
        ("\\\\server\\share\\x", "//server/share/x"),
        ("\\rooted", "/rooted"),
        ("", ""),
    ],
)
def test_a_path_of_windows_is_written_as_msys_has_it(path: str, expected: str) -> None:
    assert to_posix(path, platform="win32") == expected


@pytest.mark.parametrize("path", ["/a\\b", "C:\\a", "/c/a"])
def test_elsewhere_every_path_stays(path: str) -> None:
    assert to_posix(path, platform="linux") == path


@in_each
def test_a_snippet_has_paths_of_the_shell_and_values_of_the_machine(dialect: Dialect) -> None:
    root, environment = "C:\\it's", "C:\\it's\\.pyve\\envs\\1"
    snippet = Snippet(
        root=root,
        reference="C:\\state\\reference-",
        probe=f"{environment}\\Scripts\\python.exe",
        watch=(root, f"{root}\\requirements.txt"),
        bin=(f"{environment}\\Scripts",),
        set={"VIRTUAL_ENV": environment},
    )

    text = render_snippet(snippet, dialect).decode()

    lines = {line.split("__pyve_s_")[-1].removesuffix(" \\") for line in text.splitlines()}
    separator = " " if dialect.name == "fish" else "="
    quote = dialect.quote
    assert f"root{separator}{quote(root)}" in lines
    assert "probe" + separator + quote("/c/it's/.pyve/envs/1/Scripts/python.exe") in lines
    assert "reference" + separator + quote("/c/state/reference-" + snippet.serial) in lines
    assert quote("/c/it's") + " " + quote("/c/it's/requirements.txt") in text
    assert quote("/c/it's/.pyve/envs/1/Scripts") in text
    assert f"{quote('VIRTUAL_ENV')} {quote(environment)}" in text


@in_each
def test_a_hook_finds_its_state_and_its_program(dialect: Dialect) -> None:
    command = ["C:\\Program Files\\pyve.exe", "-c", "a\\b"]

    text = render_hook(dialect, state_directory="C:\\Users\\é\\pyve", command=command).decode()

    assert "'/c/Users/é/pyve'" in text
    assert dialect.join(["'/c/Program Files/pyve.exe'", "'-c'", dialect.quote("a\\b")]) in text


@in_each
def test_the_exported_path_is_one_of_the_shell(dialect: Dialect) -> None:
    text = render_exports(dialect, {}, {"PATH": "C:\\a;D:\\b c", "VIRTUAL_ENV": "C:\\a"})

    assert "'/c/a:/d/b c'" in text
    assert dialect.quote("C:\\a") in text


def test_powershell_has_the_paths_of_the_machine() -> None:
    text = render_snippet(Snippet(root="C:\\p", reference="C:\\s\\r-", bin=("C:\\p\\Scripts",)), Pwsh()).decode()

    assert "'C:\\p\\Scripts'" in text
    assert "/c/" not in text


def test_the_words_to_type_name_the_file_as_the_shell_does() -> None:
    from pathlib import PureWindowsPath

    hook = PureWindowsPath("C:/Users/me/hook.bash")

    assert render_loading_words(Bash(platform="win32"), hook) == ". '/c/Users/me/hook.bash'"  # type: ignore[arg-type] # a path of another system
