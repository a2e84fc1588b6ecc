"""What is approved of a project, for people: every value in full, since nobody can assent to what they cannot see."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.allow import AllowResult, ApprovedVariable
    from pyve.verbs.allowed_projects import AllowedProject, AllowedProjects
    from pyve.verbs.deny import DenyResult

_MARKS = {"new": ("+ ", "green"), "changed": ("~ ", "yellow"), "dropped": ("- ", "red"), "same": ("  ", "")}
_STANDINGS = {
    "new": "not approved yet: pyve allow",
    "changed": "not as it was approved: pyve allow",
    "dropped": "not named by the project any more: pyve allow",
    "absent": "is not there",
    "unknown": "cannot be looked at",
}


def render_allow(data: "AllowResult") -> "list[RenderableType]":
    """The project, then each variable of its env file with its value, and what it can do."""
    lines = render_allowed(data)
    if data.env_file:
        lines.append(
            words(f"  variables of {data.env_file}:" if data.variables else f"  no variables in {data.env_file}")
        )
    elif data.variables:
        lines.append(words("  variables approved earlier:"))
    return [*lines, *(line for variable in data.variables for line in _variable(variable))]


def render_allowed(data: "AllowResult") -> "list[RenderableType]":
    """One line: what acts on cd from now on."""
    was = " (was denied)" if data.before == "denied" else ""
    done = ("would allow ", "yellow") if data.dry_run else ("allowed ", "green")
    return [words(done, data.project, was)]


def render_deny(data: "DenyResult") -> "list[RenderableType]":
    """One line, and what is forgotten with it."""
    again = " (was denied already)" if data.before == "denied" else ""
    done = ("would deny ", "yellow") if data.dry_run else ("denied ", "red")
    lines: list[RenderableType] = [words(done, data.project, again)]
    if data.env_file:
        lines.append(words(("  forgets " if data.dry_run else "  forgot  ", "dim"), f"the values of {data.env_file}"))
    return lines


def render_list(data: "AllowedProjects") -> "list[RenderableType]":
    """Two lines a project: whether it may act and where it is; then what there is to know."""
    if not data.projects:
        return [words("No projects.")]
    return [line for project in data.projects for line in _project(project)]


def _variable(variable: "ApprovedVariable") -> "list[RenderableType]":
    mark = _MARKS[variable.change]
    if variable.value is None:
        return [words("  ", mark, (variable.name, "bold"), ("  (not set any more)", "dim"))]
    line = words("  ", mark, (variable.name, "bold"), f"={_show(variable.value)}")
    if not variable.risk:
        return [line]
    return [line, words(("      careful: ", "yellow"), f"{variable.name} {variable.risk}")]


def _show(value: str) -> str:
    """The value on one line; quoted, and with escapes, where it would not show as it is or look like one that is."""
    shows = value.isprintable() and value == value.strip() and "\\" not in value
    return value if value and shows and value[0] not in "'\"" else repr(value)


def _project(project: "AllowedProject") -> "list[RenderableType]":
    word = ("allowed  ", "green") if project.allowed else ("denied   ", "red")
    gone = "" if project.present else ("  (gone or not mounted)", "red")
    environment = f"environment {project.environment}" if project.environment else "no environment"
    lines: list[RenderableType] = [
        words(word, (project.name, "bold"), f"  {project.project}", gone),
        words((f"         {environment}", "dim")),
    ]
    if project.env_file:
        standing = _STANDINGS.get(project.env_file_standing) if project.present else None
        style = "yellow" if standing else "dim"
        lines.append(words((f"         env file {project.env_file}" + (f" ({standing})" if standing else ""), style)))
    return lines
