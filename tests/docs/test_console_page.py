"""How a page is read: a block that is misread would be a command that nobody runs."""

from pathlib import Path

from tests.docs.console_page import Command, matches, read_blocks, read_commands


def _page(directory: Path, *lines: str) -> Path:
    page = directory / "page.md"
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return page


def test_commands_come_in_order_with_what_they_print(tmp_path: Path) -> None:
    page = _page(
        tmp_path,
        "<!-- setup", "touch a", "-->", "```console", "$ ls", "a", "$ cat b  # exit status 1", "```",
    )  # fmt: skip
    assert read_commands(page) == [
        Command(text="touch a", line=1),
        Command(text="ls", line=5, output=("a",)),
        Command(text="cat b", line=7, exit_status=1),
    ]


def test_a_command_goes_on_behind_an_angle_bracket(tmp_path: Path) -> None:
    (command,) = read_commands(_page(tmp_path, "```console", "$ cat <<END", "> two", "> END", "two", "```"))
    assert command.text == "cat <<END\ntwo\nEND"
    assert command.output == ("two",)


def test_a_block_inside_a_list_is_read_without_its_indent(tmp_path: Path) -> None:
    (command,) = read_commands(_page(tmp_path, "1. First:", "", "   ```console", "   $ ls", "   ```"))
    assert command.text == "ls"


def test_a_block_that_a_reader_saves_is_a_file_for_the_commands_after_it(tmp_path: Path) -> None:
    (command,) = read_commands(_page(tmp_path, "<!-- file: a.py -->", "```python", "print()", "```"))
    assert command.text == "cat >'a.py' <<'END OF FILE'\nprint()\nEND OF FILE"


def test_a_reason_not_to_run_counts_for_the_next_block_alone(tmp_path: Path) -> None:
    page = _page(tmp_path, "<!-- not run: Windows -->", "```powershell", "dir", "```", "", "```console", "$ ls", "```")
    assert [block.not_run for block in read_blocks(page)] == ["Windows", None]


def test_dots_stand_for_text_and_for_lines() -> None:
    assert matches(("...", "built .pyve/envs/... (fine)", "..."), "Creating\nbuilt .pyve/envs/12-ab (fine)\n")
    assert matches(("a  b",), "a b\n\n")
    assert not matches(("built ...",), "Creating\nbuilt 1\n")
    assert not matches(("a",), "a\nb\n")
