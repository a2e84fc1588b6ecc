"""`pyve status` for people: a column of words, a column of facts, at 80 columns and below."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pyve.cli.present.text import show_age, show_path, show_size, words
from pyve.project.conda.virtual_packages import show_virtual_packages
from pyve.verbs.add_command import write_add_command

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.status import StatusResult


_ACTIVATION = {
    "denied": "denied; to let it act on cd again: pyve allow",
    "no-hook": "nothing: this shell has no hook; to install it: pyve hook --install",
    "hook-above": "nothing in this shell: the one that has the hook is above it (pyve check)",
    "inactive": "not active in this shell: deactivated by hand, or the hook was lost (pyve check)",
}


def render_status(data: "StatusResult") -> "list[RenderableType]":
    """The facts, the ones that ask for something last."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, fact in [*_facts(data), *_findings(data)]:
        table.add_row(words(name), fact if not isinstance(fact, str) else words(fact))
    return [table]


def _facts(data: "StatusResult") -> "list[tuple[str, RenderableType]]":
    extras = [f"extra {name}" for name in data.extras] + [f"group {name}" for name in data.groups]
    declared = ", nothing declared" if data.source == "none" else f" from {data.source}"
    beside = f", but not {', '.join(data.unlocked)}" if data.unlocked else ""
    locked = f"locked{beside}" if data.locked else f"not locked, resolved {_ago(data.resolved_at)}"
    builder = "" if data.virtual_packages else f" with {data.engine}"  # of a conda engine there is a line
    return [
        ("project", words((data.name, "bold"), f"  {data.project}")),
        ("backend", f"{data.backend} ({data.backend_reason})"),
        *_python(data),
        *_conda(data),
        ("environment", show_path(data.environment, root=data.project)),
        ("packages", f"{data.packages}{declared}" + "".join(f", {word}" for word in extras) + f"; {locked}"),
        ("size", f"{show_size(data.size_bytes)} (measured {_ago(data.size_measured_at)})"),
        ("age", f"built {_ago(data.created_at)}{builder}, last used {_ago(data.last_used_at)}"),
        *([("previous", show_path(data.previous, root=data.project))] if data.previous else []),
    ]


def _python(data: "StatusResult") -> "Iterator[tuple[str, RenderableType]]":
    if data.python is None:
        yield "python", "none: no package of the environment is Python or needs it"
        return
    yield "python", f"{data.python} (wanted: {data.python_requested}, {data.python_source})"
    yield "", words((data.python_executable or "", "dim"))


def _conda(data: "StatusResult") -> "Iterator[tuple[str, RenderableType]]":
    """What only conda environments have; `__unix` and its like have no version and say nothing new."""
    if not data.virtual_packages:
        return
    telling = {name: version for name, version in data.virtual_packages.items() if version.partition("=")[0] != "0"}
    how = "built" if data.locked else "solved"
    yield "platform", f"{data.platform}, {how} with {show_virtual_packages(telling)}"
    yield "engine", f"{data.engine} ({data.engine_reason})"
    if data.link_scripts:
        yield "link scripts", f"of {', '.join(data.link_scripts)} did not run"


def _findings(data: "StatusResult") -> "list[tuple[str, RenderableType]]":
    rows: list[tuple[str, RenderableType]] = [
        ("foreign", f"{show_path(path, root=data.project)} (not pyve's on this machine; left alone)")
        for path in data.foreign
    ]
    if data.by_hand:
        rows.append(("by hand", ", ".join(f"{name} {version}" for name, version in data.by_hand.items())))
        rows.append(("", f"to declare them: {write_add_command(data.by_hand, backend=data.backend)}"))
    rows += [("on cd", _ACTIVATION[data.activation])] if data.activation in _ACTIVATION else []
    if data.shell_environment:
        rows.append(("this shell", words(("is in another environment: ", "yellow"), data.shell_environment)))
    rows += [("changed", f"{file.name} ({file.how})") for file in data.changed_files]
    rows += [("changed", f"{name} (is not what it was)") for name in data.changed_variables]
    lines = [words(("+ ", "green"), line) for line in data.declared_since]
    lines += [words(("- ", "red"), line) for line in data.no_longer_declared]
    is_named = bool(data.changed_files or data.changed_variables)  # not after a rollback: the files are as they were
    rows += [("" if is_named or index else "changed", line) for index, line in enumerate(lines)]
    if data.stale_lock:
        rows.append(("lock", words((data.stale_lock, "yellow"), "; to lock again: pyve lock")))
    if data.damage:
        verdict = words(("damaged", "bold red"), f": {data.damage}; to heal it: pyve sync")
    elif data.stale is None:
        verdict = words(("unknown", "bold yellow"), ": what the project's files ask for cannot be told")
    elif data.stale:
        verdict = words(("out of date", "bold yellow"), "; to bring it up to date: pyve sync")
    elif data.refresh_due:
        due = "; how the project itself is installed has changed, to refresh it: pyve sync"
        verdict = words(("out of date", "bold yellow"), due)
    else:
        verdict = words(("up to date", "bold green"))
    rows.append(("state", verdict))
    return rows


def _ago(moment: str) -> str:
    age = show_age(time.time() - datetime.fromisoformat(moment).timestamp())
    return age if age == "just now" else f"{age} ago"
