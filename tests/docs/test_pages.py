"""What all pages keep to: commands that exist, examples that can be read, a site that builds."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.docs.command_tree import list_commands, list_options
from tests.docs.console_page import read_blocks, read_commands
from tests.docs.page_run import CHECKOUT, DOCS

PAGES = sorted(DOCS.rglob("*.md"))
COMMANDS = list_commands()
GLOBAL_OPTIONS = {*list_options(COMMANDS["pyve"]), "-h", "--help"}
_INLINE = re.compile(r"`(pyve(?: [^`\n]+)?)`")
_IN_MESSAGES = re.compile(r"\bpyve ([a-z]+(?: [a-z]+)?)((?: --?[a-z][\w-]*)+)")


def _name(page: Path) -> str:
    return str(page.relative_to(DOCS))


def _commands_of(page: Path) -> Iterator[str]:
    """Every pyve command line on the page, run or only named."""
    text = re.sub(r"<!-- fields -->.*?<!-- end -->", "", page.read_text("utf-8"), flags=re.DOTALL)
    yield from _INLINE.findall(text)
    for command in read_commands(page):
        yield from (line.strip() for line in command.text.splitlines() if line.startswith("pyve "))
    for block in read_blocks(page):
        if block.not_run:
            yield from (line.partition("- run: ")[2] or line for line in block.lines if "pyve " in line)


def _wrong_option(line: str) -> str | None:
    """What the command tree does not know of a command line; None when it knows all."""
    words = re.split(r" (?:&&|\||>|;) ", line.partition("#")[0])[0].strip()
    if not words.startswith("pyve ") or re.search(r"pyve (VERB|--(?!all|json|quiet|project)\S)", words):
        return None
    typed = shlex.split(words)[1:]
    name = ""
    while typed and not typed[0].startswith("-") and f"{name} {typed[0]}".strip() in COMMANDS:
        name = f"{name} {typed.pop(0)}".strip()
    if not name:
        return None if typed and typed[0].startswith("-") else f"no verb in {line}"
    known = GLOBAL_OPTIONS | set(list_options(COMMANDS[name]))
    for word in typed:
        if word == "--" or (name == "run" and not word.startswith("-")):
            return None
        if word.startswith("-") and word.partition("=")[0] not in known:
            return f"{word} in {line}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_that_are_named_exist(page: Path) -> None:
    assert [wrong for line in _commands_of(page) if (wrong := _wrong_option(line))] == []


def test_commands_that_messages_name_exist() -> None:
    wrong = []
    for file in sorted((CHECKOUT / "src").rglob("*.py")):
        for words, options in _IN_MESSAGES.findall(file.read_text("utf-8")):
            line = f"pyve {words}{options}"
            wrong += [f"{file.name}: {line}"] if _wrong_option(line) else []
    assert wrong == []


def _read_yaml(text: str) -> None:
    from ruamel.yaml import YAML

    YAML(typ="safe").load(text)


def _read_toml(text: str) -> None:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    tomllib.loads(text)


READERS: Mapping[str, Callable[[str], Any]] = {
    "toml": _read_toml,
    "json": json.loads,
    "yaml": _read_yaml,
    "python": lambda text: compile(text, "example", "exec"),
}
EXAMPLES = [
    pytest.param(block.language, block.text, id=f"{_name(page)}:{block.line}")
    for page in PAGES
    for block in read_blocks(page)
    if block.language in READERS
]


@pytest.mark.parametrize(("language", "text"), EXAMPLES)
def test_an_example_of_a_file_can_be_read(language: str, text: str) -> None:
    READERS[language](text)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_page_begins_with_its_title(page: Path) -> None:
    if "changelog.d" not in page.parts:
        text = page.read_text("utf-8")
        assert text.startswith("# ")
        assert len(re.findall(r"^# ", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)) == 1


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", os.fspath(tmp_path / "site")],
        cwd=CHECKOUT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "site" / "reference" / "command-line" / "index.html").is_file()
