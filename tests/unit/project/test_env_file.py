"""Env files: python-dotenv's syntax, the same meaning everywhere, and nothing that a repository must not set."""

import hashlib
import os
import sys
from pathlib import Path

import pytest

from pyve.errors import EnvFileInvalidError, RefusedError
from pyve.project.env_file import MOST_BYTES, EnvFile, digest_env_file, parse_env_file, read_env_file

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")


def parse(text: str) -> EnvFile:
    return parse_env_file(text.encode(), name=".env")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=plain", "plain"),
        ("export A=plain", "plain"),
        ("A = spaced ", "spaced"),
        ("A=x # a comment", "x"),
        ("A='# no comment'", "# no comment"),
        ('A="two\\nlines"', "two\nlines"),
        ("A='two\nlines'", "two\nlines"),
        ("A='\\n'", "\\n"),
        ("A=", ""),
        ('A=""', ""),
        ("\ufeffA=marked", "marked"),
        ("A=x\r\n", "x"),
        ("A=première\n", "première"),
        ("A=first\nA=last", "last"),
    ],
)
def test_the_syntax_is_that_of_python_dotenv(text: str, value: str) -> None:
    assert parse(text).values == {"A": value}


@pytest.mark.parametrize(
    "text", ["$(touch /tmp/x)", "`touch x`", "$HOME", "a;b", "\\", "%PATH%", "!!", "$$", "${", "~"]
)
def test_what_a_shell_would_obey_is_text(text: str) -> None:
    assert parse(f"A={text}\nB='{text}_'\n").values == {"A": text, "B": f"{text}_"}


def test_names_are_filled_in_from_the_lines_above() -> None:
    values = parse('HOST=db\nPORT=1\nURL="pg://${HOST}:${PORT}/${NAME:-shop}"\n').values
    assert values["URL"] == "pg://db:1/shop"


@pytest.mark.parametrize("text", ["A=${HOME}", "A=${B}\nB=1", "A=x${PYVE_TEST_ONLY}"])
def test_nothing_is_filled_in_from_outside_the_file(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYVE_TEST_ONLY", "from the process")
    with pytest.raises(EnvFileInvalidError, match=r"^\.env:1: .* is not set above"):
        parse(text)


def test_a_default_counts_even_where_the_process_has_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOUR", "from the process")
    assert parse("A=${COLOUR:-red}").values == {"A": "red"}


def test_variables_come_in_order_with_their_lines() -> None:
    file = parse("# ours\n\nB=1\n\n\nA='x\ny'\nC=3\n")
    assert list(file.values) == ["B", "A", "C"]
    assert file.lines == {"B": 3, "A": 6, "C": 8}


def test_a_name_that_stands_alone_is_left_as_the_shell_has_it() -> None:
    file = parse("A\nexport B\nC=1\nC\nD\nD=2\n")
    assert file.values == {"C": "1", "D": "2"}
    assert file.without_value == ("A", "B")


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "path", "Path", "IFS", "PS1", "PS4", "PROMPT_COMMAND", "PROMPT", "BASH_ENV", "ENV", "LD_PRELOAD"),
        *("LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "SHELLOPTS", "BASHOPTS", "fish_function_path", "ZDOTDIR"),
        *("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX", "PYVE_STATE_DIR", "_PYVE_OLD_PATH", "__pyve_pwd"),
        *("PYTHONHOME", "HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "SHELL", "UID", "USERNAME", "status", "version"),
        *("MAILPATH", "HISTFILE", "PSModulePath", "NULLCMD", "DIRENV_DIFF", "_"),
    ],
)
def test_no_repository_sets_what_changes_the_shell_or_what_is_run(name: str) -> None:
    with pytest.raises(RefusedError, match=rf"^\.env:2: {name} is not for a project to set: "):
        parse(f"FINE=1\n{name}=x\n")


def test_a_dangerous_name_that_stands_alone_is_refused_as_well() -> None:
    with pytest.raises(RefusedError, match="LD_PRELOAD"):
        parse("export LD_PRELOAD\n")


@pytest.mark.parametrize("name", ["MY-NAME", "1ST", "é", "a.b", "BASH_FUNC_x%%", "A[0]", "A+", "-f"])
def test_what_is_no_name_is_an_error_with_its_line(name: str) -> None:
    with pytest.raises(EnvFileInvalidError, match=r"^\.env:2: "):
        parse(f"FINE=1\n{name}=x\n")


@pytest.mark.parametrize(
    "name",
    [
        *("NODE_OPTIONS", "PYTHONSTARTUP", "PYTHONPATH", "PERL5OPT", "RUBYOPT", "JAVA_TOOL_OPTIONS", "https_proxy"),
        *("HTTP_PROXY", "PIP_INDEX_URL", "UV_INDEX_URL", "GIT_SSH_COMMAND", "EDITOR", "GIT_PAGER", "SSL_CERT_FILE"),
    ],
)
def test_what_reaches_beyond_the_project_is_marked(name: str) -> None:
    assert set(parse(f"{name}=x\nDATABASE_URL=y\n").risks) == {name}


@pytest.mark.parametrize(
    "name",
    ["DATABASE_URL", "DEBUG", "PORT", "DJANGO_SETTINGS_MODULE", "PYTHONUNBUFFERED", "VERSION", "PROMPT_TEMPLATE"],
)
def test_the_projects_own_variables_are_not_marked(name: str) -> None:
    assert not parse(f"{name}=x\n").risks


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"A=1\nB='open\nC=2\n", 2),
        (b'A=1\n\n\nB="open\n', 4),
        (b"A=1\n=x\n", 2),
        (b"A=1\nB='x' y\n", 2),
        (b"A=1\nB=a\0b\n", 2),
        (b"A=1\nB=\xff\n", 2),
    ],
)
def test_what_cannot_be_understood_is_an_error_with_its_line(content: bytes, line: int) -> None:
    with pytest.raises(EnvFileInvalidError) as raised:
        parse_env_file(content, name="config/.env")
    assert raised.value.message.startswith(f"config/.env:{line}: ")


def test_a_file_that_is_too_large_is_refused(project: Path) -> None:
    (project / ".env").write_bytes(b"A=" + b"x" * MOST_BYTES)
    with pytest.raises(RefusedError, match="64 KiB"):
        read_env_file(project, ".env")


def test_values_that_grow_beyond_measure_when_filled_in_are_refused() -> None:
    lines = ["A0=" + "x" * 100] + [f"A{number + 1}=" + f"${{A{number}}}" * 10 for number in range(8)]
    with pytest.raises(RefusedError, match="64 KiB"):
        parse("\n".join(lines))


def test_a_file_is_read_with_the_digest_of_its_bytes(project: Path) -> None:
    (project / "config").mkdir()
    (project / "config" / ".env").write_bytes(b"A=1\r\n")
    file = read_env_file(project, "config/.env")
    assert file is not None
    assert file.digest == hashlib.sha256(b"A=1\r\n").hexdigest() == digest_env_file(project, "config/.env")


def test_a_file_that_is_not_there_is_none(project: Path) -> None:
    assert read_env_file(project, ".env") is None
    assert digest_env_file(project, ".env") == "-"


@needs_links
def test_a_link_inside_the_project_is_followed(project: Path) -> None:
    (project / ".env.shared").write_text("A=1\n")
    (project / ".env").symlink_to(".env.shared")
    file = read_env_file(project, ".env")
    assert file is not None
    assert file.values == {"A": "1"}


@needs_links
@pytest.mark.parametrize("through", ["file", "directory", "nowhere"])
def test_a_link_out_of_the_project_is_refused(project: Path, tmp_path: Path, through: str) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    if through != "nowhere":
        (secret / "key").write_text("TOKEN=1\n")
    name = "linked/key" if through == "directory" else ".env"
    (project / name.partition("/")[0]).symlink_to(secret if through == "directory" else secret / "key")
    with pytest.raises(RefusedError, match="leads out of the project"):
        read_env_file(project, name)
    assert digest_env_file(project, name) == "unreadable"


@needs_links
def test_a_project_reached_through_a_link_is_read(project: Path, tmp_path: Path) -> None:
    (project / ".env").write_text("A=1\n")
    (tmp_path / "alias").symlink_to(project)
    assert read_env_file(tmp_path / "alias", ".env") == read_env_file(project, ".env")


def test_a_directory_in_its_place_is_an_error(project: Path) -> None:
    (project / ".env").mkdir()
    with pytest.raises(EnvFileInvalidError, match=r"^\.env cannot be read"):
        read_env_file(project, ".env")


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes")
def test_a_pipe_that_nobody_writes_to_keeps_nobody_waiting(project: Path) -> None:
    os.mkfifo(project / ".env")
    with pytest.raises(EnvFileInvalidError, match="not a regular file"):
        read_env_file(project, ".env")
