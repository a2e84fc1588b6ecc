"""The commands of a documentation page, in the order in which a reader types them.

What a page may hold:

- A ```console block: lines that begin with `$ ` are commands (`> ` continues one); the lines under a command are what
  it prints, on both streams. `...` alone stands for any number of lines, inside a line for any text; runs of spaces
  count as one. A command without lines under it may print anything. It must succeed, unless it ends in
  `# exit status N`, which readers see too.
- `<!-- setup` ... `-->`: shell lines that readers do not see, run at that place of the page; the last
  status counts, so they are joined by `&&`.
- `<!-- file: NAME -->` before a block: its content is written to that file at that place of the page.
- `<!-- not run: REASON -->` before a block in another shell language, which stays unexecuted for that reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHELL_LANGUAGES = frozenset({"console", "sh", "bash", "shell", "zsh", "fish", "powershell", "pwsh", "bat", "cmd"})
_FENCE = re.compile(r"(?P<indent> *)```(?P<language>[\w-]*)\s*$")
_STATUS = re.compile(r"\s+# exit status (\d+)$")
_MARK = re.compile(r"<!-- (not run|file): (.+?) -->")


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command: its shell text, the line it stands at, and how it must end. `output` None: it may print anything."""

    text: str
    line: int
    exit_status: int = 0
    output: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block; `line` is that of its fence, `not_run` and `file` are what its mark says."""

    language: str
    line: int
    lines: tuple[str, ...]
    not_run: str | None = None
    file: str | None = None

    @property
    def text(self) -> str:
        """The content, ending in a newline."""
        return "".join(f"{line}\n" for line in self.lines)


def read_blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page, in order."""
    return [step for step in _read_steps(page.read_text("utf-8").splitlines()) if isinstance(step, Block)]


def read_commands(page: Path) -> list[Command]:
    """Everything of a page that is executed, hidden setup included, in order."""
    commands: list[Command] = []
    for step in _read_steps(page.read_text("utf-8").splitlines()):
        if isinstance(step, Command):
            commands.append(step)
        elif step.file is not None:
            commands.append(_write_file(step, step.file))
        elif step.language == "console" and step.not_run is None:
            commands += _read_console(step)
    return commands


def matches(expected: tuple[str, ...], printed: str) -> bool:
    """Whether what was printed is what the page shows."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*?") + r"\n"
        for line in _squeeze(expected)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _squeeze(printed.splitlines()))) is not None


def _squeeze(lines: "list[str] | tuple[str, ...]") -> list[str]:
    squeezed = (re.sub(r"[ \t]+", " ", line).strip() for line in lines)
    return [line for line in squeezed if line]


def _read_steps(lines: list[str]) -> Iterator[Block | Command]:
    number = 0
    marks: dict[str, str] = {}
    while number < len(lines):
        line, start = lines[number], number + 1
        fence = _FENCE.match(line)
        if line.strip() == "<!-- setup":
            end = lines.index("-->", number)
            yield Command(text="\n".join(lines[start:end]), line=start)
            number = end
        elif fence:
            indent = fence["indent"]
            end = next(i for i in range(start, len(lines)) if lines[i].rstrip() == f"{indent}```")
            content = tuple(text.removeprefix(indent) for text in lines[start:end])
            yield Block(
                language=fence["language"],
                line=start,
                lines=content,
                not_run=marks.get("not run"),
                file=marks.get("file"),
            )
            number = end
        if line.strip():
            marks = dict(_MARK.findall(line))
        number += 1


def _read_console(block: Block) -> Iterator[Command]:
    text, line, output = "", 0, list[str]()
    for number, shown in enumerate(block.lines, start=block.line + 1):
        if shown.startswith("$ "):
            if text:
                yield _command(text, line, output)
            text, line, output = shown[2:], number, []
        elif (shown == ">" or shown.startswith("> ")) and text and not output:
            text += f"\n{shown[2:]}"
        elif text:
            output.append(shown)
        elif shown.strip():
            raise ValueError(f"line {number}: a console block begins with a command ($ ...)")
    if text:
        yield _command(text, line, output)


def _write_file(block: Block, name: str) -> Command:
    return Command(text=f"cat >'{name}' <<'END OF FILE'\n{block.text}END OF FILE", line=block.line)


def _command(text: str, line: int, output: list[str]) -> Command:
    status = _STATUS.search(text)
    return Command(
        text=_STATUS.sub("", text),
        line=line,
        exit_status=int(status[1]) if status else 0,
        output=tuple(output) if any(output) else None,
    )
