"""What a new worktree takes over from the worktrees of the same repository that are projects already."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from pyve.environments.choices import Choices, read_choices
from pyve.environments.state import state_of_project
from pyve.errors import PyveError
from pyve.project.git_repository import GitRepository, find_repository
from pyve.project.pin_files import read_pin
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class InheritedChoices:
    """The choices and the sentence that says where they come from."""

    choices: Choices = field(default_factory=Choices)
    notes: tuple[str, ...] = ()


def inherit_choices(situation: Situation, root: Path) -> InheritedChoices:
    """The choices of the same project in another worktree; none where there is none.

    A pin that lies untracked in the other worktree is a choice too: this worktree would not see it.
    """
    repository = find_repository(root)
    if repository is None:
        return InheritedChoices()
    inside = root.relative_to(repository.top)
    for top in _worktrees(repository):
        state = state_of_project(situation.state_directory, top / inside)
        if top == repository.top or not state.is_registered():
            continue
        try:
            choices = read_choices(state.choices_file)
            pin, own = read_pin(top / inside).request, read_pin(root).request
        except PyveError:
            continue
        if pin is not None and own is None and choices.python is None:
            choices = replace(choices, python=pin.text)
        made = [f"{name} {_show(value)}" for name, value in vars(choices).items() if value is not None]
        if made:
            return InheritedChoices(choices=choices, notes=(f"Taken over from {top / inside}: {', '.join(made)}.",))
    return InheritedChoices()


def _worktrees(repository: GitRepository) -> list[Path]:
    """The work trees of the repository, the main one first (gitrepository-layout(5))."""
    tops = [repository.common_directory.parent] if repository.common_directory.name == ".git" else []
    try:
        links = sorted((repository.common_directory / "worktrees").iterdir())
    except OSError:
        links = []
    for link in links:
        try:
            tops.append(Path((link / "gitdir").read_text("utf-8").strip()).parent)
        except (OSError, ValueError):
            continue
    return tops


def _show(value: object) -> str:
    return "+".join(value) or "none" if isinstance(value, tuple) else str(value)
