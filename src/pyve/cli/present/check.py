"""`pyve check` for people: what was looked at, one line a finding below it, a summary last."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.check import CheckResult

_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def render_check(data: "CheckResult") -> "list[RenderableType]":
    """The facts and findings of each part, then the counts."""
    from rich.table import Table

    from pyve.verbs.checks.findings import Part

    lines: list[RenderableType] = []
    for part in Part:
        facts = ", ".join(f"{fact.name} {fact.value}" for fact in data.facts if fact.part is part)
        findings = [finding for finding in data.findings if finding.part is part]
        if not facts and not findings:
            continue
        lines.append(words((part.value, "bold"), (f"  {facts}" if facts else "", "dim")))
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for finding in findings:
            severity = finding.severity.value
            table.add_row(
                words((f"  {severity}", _STYLES[severity])),
                words(finding.message, (f" [{finding.code}]", "dim"), ("  hint: ", "dim"), (finding.hint, "green")),
            )
        lines += [table] if findings else []
    lines.append(_summary(data))
    return lines


def _summary(data: "CheckResult") -> "RenderableType":
    counted = [(data.errors, "error"), (data.warnings, "warning"), (data.infos, "info")]
    said = ", ".join(f"{count} {word}{'s' if count > 1 and word != 'info' else ''}" for count, word in counted if count)
    if not said:
        return words(("No findings.", "bold green"))
    style = "bold red" if data.errors else "bold yellow" if data.warnings else "bold green"
    return words((f"{said}.", style))
