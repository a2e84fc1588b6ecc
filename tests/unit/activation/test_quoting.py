"""What a dialect quotes, its shell reads as the same bytes, whatever they are and whatever options are set."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.activation.dialects import DIALECTS
from tests.support.shell_languages import LANGUAGES, UTF_8_LOCALE

# Lines of zsh and bash that change how quotes, lists or names are read.
ZSH_SETTINGS = (
    *("rc_quotes", "ksh_arrays", "sh_word_split", "glob_subst", "csh_junkie_quotes", "posix_strings", "bang_hist"),
    *("extended_glob", "sh_glob", "ksh_glob", "ignore_braces", "interactive_comments", "magic_equal_subst"),
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A way of having a shell read quoted words: what comes first, and how they are printed."""

    shell: str
    before: str = ""
    locale: str = UTF_8_LOCALE


def decode(value: bytes) -> str:
    """As os.fsdecode where names are bytes; everywhere, so that this file can be imported everywhere."""
    return value.decode("utf-8", "surrogateescape")


def text_of(reading: Reading, values: Sequence[str]) -> bytes:
    """Commands that print each value once as a list's element, followed by NUL."""
    dialect = DIALECTS[reading.shell]
    words = dialect.join(map(dialect.quote, values))
    text = (
        f"{reading.before}\nset -g values {words}\nprintf '%s\\0' $values\n"
        if reading.shell == "fish"
        else f"{reading.before}\nvalues=({words})\nprintf '%s\\0' \"${{values[@]}}\"\n"
    )
    return text.encode("utf-8", "surrogateescape")


READINGS = [
    Reading(shell="bash"),
    Reading(shell="bash", locale="C"),
    Reading(shell="bash", before='set -H -o posix -u; shopt -s extglob nullglob nocasematch; IFS="\'"'),
    Reading(shell="zsh"),
    Reading(shell="zsh", locale="C"),
    *(Reading(shell="zsh", before=f"setopt {name}") for name in ZSH_SETTINGS),
    Reading(shell="zsh", before="setopt " + " ".join(ZSH_SETTINGS)),
    Reading(shell="zsh", before="emulate ksh"),
    Reading(shell="zsh", before="emulate sh"),
    Reading(shell="fish"),
    Reading(shell="fish", locale="C"),
    Reading(shell="fish", before="set -g IFS ''"),
]
START = {"bash": ("--noprofile", "--norc"), "zsh": ("-f",), "fish": ("--no-config",)}

# Every single byte; pairs of what quoting is about; what fish keeps for itself (U+F600..., U+FDD0...).
CORNERS = [
    "",
    *(decode(bytes([number])) for number in range(1, 256)),
    *(first + second for first in "'\"\\\n$`!#~*?[{(<&;| \t" for second in "'\"\\\n$`!#~ax"),
    *(
        "\\" * 3,
        "'" * 4,
        "\n" * 3,
        "'\n'",
        "\\'",
        "\\\n",
        "$(touch x)",
        "`touch x`",
        "${x}",
        "$'x'",
        "%",
        "=ls",
        "~root",
    ),
    *(
        "-n",
        "--",
        "a\r\nb",
        "é",
        "e\u0301",
        "\U0001f40d",
        "\uf600\uf6ff\ue000\uf8ff",
        "\ufdd0\ufdef",
        "\ufeffx",
        "\u2028",
    ),
    decode(b"caf\xe9 \xff\xfe\x83\x84\xa2"),
]
byte_strings = st.lists(
    st.one_of(
        st.binary(max_size=40).map(lambda value: value.replace(b"\0", b"")),
        st.text(alphabet="'\"\\\n$`!a ", max_size=12).map(str.encode),
        st.text(max_size=12).map(lambda value: value.replace("\0", "").encode("utf-8", "ignore")),
    ).map(decode),
    min_size=1,
    max_size=150,
)


def read_back(program: str, reading: Reading, values: Sequence[str], folder: Path) -> list[str]:
    """The values as the shell has read them, from a file and, at the same time, from a text that it evaluates."""
    file = folder / "words"
    file.write_bytes(text_of(reading, values))
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": reading.locale, "LANG": reading.locale}
    words = [program, *START[reading.shell], str(file)]
    done = subprocess.run(words, capture_output=True, env=environment, cwd=folder, timeout=60, check=False)
    assert done.stderr == b""
    return [decode(value) for value in done.stdout.split(b"\0")[:-1]]


def describe(reading: Reading) -> str:
    """The name of a case."""
    return f"{reading.shell} {reading.before} {reading.locale}"


def find_shell(name: str, need_program: Callable[[str], str]) -> str:
    """The shell that the scenarios run; skips where there is none."""
    return LANGUAGES[name].find_program() or need_program(name)


def keeps_marks(program: str) -> bool:
    """Whether the shell takes the bytes that old versions of bash mark words with (1, 127) into a list as they are."""
    words = [program, "-c", "case ${BASH_VERSION-} in [1-3].*) echo old ;; esac"]
    return "fish" in program or not subprocess.run(words, capture_output=True, check=True).stdout


def without_marks(values: Sequence[str]) -> list[str]:
    """The values, without those bytes in them."""
    return [value.replace("\x01", "").replace("\x7f", "") for value in values]


@pytest.mark.posix("shells")
@pytest.mark.parametrize("reading", READINGS, ids=describe)
def test_every_byte_comes_back(reading: Reading, need_program: Callable[[str], str], tmp_path: Path) -> None:
    program = find_shell(reading.shell, need_program)
    values = CORNERS if keeps_marks(program) else without_marks(CORNERS)
    assert read_back(program, reading, values, tmp_path) == values


@pytest.mark.posix("shells")
@pytest.mark.parametrize(
    "reading",
    [reading for reading in READINGS if reading.shell != "zsh" or " " not in reading.before.removeprefix("setopt ")],
    ids=describe,
)
def test_any_text_comes_back(reading: Reading, need_program: Callable[[str], str], tmp_path: Path) -> None:
    program = find_shell(reading.shell, need_program)
    all_bytes = keeps_marks(program)

    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(byte_strings)
    def check(given_values: list[str]) -> None:
        values = given_values if all_bytes else without_marks(given_values)
        assert read_back(program, reading, values, tmp_path) == values

    check()


@pytest.mark.posix("shells")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_nothing_in_a_quoted_word_is_run(shell: str, need_program: Callable[[str], str], tmp_path: Path) -> None:
    values = [
        f"{quote}{code}{quote}"
        for quote in ("", "'", '"', "\\'", "''", "\n")
        for code in ("$(touch ran)", "`touch ran`", ";touch ran;")
    ]
    values += ["(touch ran)", "'; touch ran; '", "\\'; touch ran #"]
    assert read_back(find_shell(shell, need_program), Reading(shell=shell), values, tmp_path) == values
    assert not (tmp_path / "ran").exists()
