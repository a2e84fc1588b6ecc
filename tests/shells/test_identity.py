"""Entering and leaving is the identity: on the whole environment, options, functions, traps and prompt."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pyve.activation.dialects import DIALECTS
from pyve.activation.process_environment import stack_conda
from tests.shells.conftest import OpenShell
from tests.support.activation_stage import Stage, make_environment
from tests.support.shell_languages import ShellLanguage, quote
from tests.support.shell_terminal import ShellTerminal

BATCH = 16  # environments for one example: one shell sees them all, one after the other
EXAMPLES = 13  # batches for each shell: 208 environments
PLAIN_NAMES = ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME", "ONE", "TWO_2", "_three", "GOPATH", "IFS_OF_MINE")
NAMES_A_HOOK_MAY_USE = ("name", "names", "text", "index", "entry", "rest", "set", "unset", "old", "new")
NAMES = PLAIN_NAMES + NAMES_A_HOOK_MAY_USE
CONDA_NAMES = (
    *("CONDA_SHLVL", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER"),
    *("CONDA_PREFIX_1", "CONDA_PREFIX_2", "CONDA_STACKED_2", "CONDA_STACKED_3"),
)
LEVELS = ("1", "1", "2", "0", "", "7", "08", "abc", "-1", "9" * 25, "999", "1 2")
OWN = ("<own 0>", "<own 1>")
ENTRIES = ("", ".", "/usr/bin", "/usr/bin/", "/bin//", "with space", "/x/*", "/$(touch pwned)", "/é🐍", "~", *OWN)

_texts = st.one_of(
    st.sampled_from(
        ["", " ", "'", "\\", "\\'", "\n", "a\nb\n", "$(touch pwned)", "`touch pwned`", "!!", "%n", "*", "-n", "\x7f"]
    ),
    st.binary(max_size=12).map(lambda raw: os.fsdecode(raw.replace(b"\0", b""))),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
)
_values = st.dictionaries(st.sampled_from(NAMES), st.one_of(st.none(), _texts), max_size=len(NAMES))
_conda = st.fixed_dictionaries(
    {},
    optional={
        "CONDA_SHLVL": st.sampled_from(LEVELS),
        "CONDA_PREFIX": st.one_of(st.sampled_from(["", "/opt/conda", "<prefix>"]), _texts),
        **dict.fromkeys(CONDA_NAMES[2:], _texts),
    },
)
_paths = st.one_of(st.none(), st.just(""), st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=8).map(":".join))


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a shell has, and what a project wants."""

    path: str | None
    has: dict[str, str | None]
    wants: dict[str, str]
    unset: frozenset[str]
    entries: int
    conda: dict[str, str]
    is_prefix: bool


_situations = st.builds(
    Situation,
    path=_paths,
    has=_values,
    wants=st.dictionaries(st.sampled_from(NAMES), _texts, max_size=4),
    unset=st.frozensets(st.sampled_from(NAMES), max_size=3),
    entries=st.integers(0, 2),
    conda=st.one_of(st.just({}), _conda),
    is_prefix=st.booleans(),
)


def _as_bytes(environment: dict[str, str]) -> dict[bytes, bytes]:
    """For comparing: a report can show bytes whatever they are."""
    return {os.fsencode(name): os.fsencode(value) for name, value in environment.items()}


def _as_values(variables: dict[str, str]) -> dict[str, bytes]:
    return {name: os.fsencode(value) for name, value in variables.items()}


def _path_variable(path: str | None, own: list[str]) -> str | None:
    if path is None:
        return None
    for mark, entry in zip(OWN, own, strict=True):
        path = path.replace(mark, entry)
    return path


def _check(terminal: ShellTerminal, stage: Stage, roots: Path, base: Path, situation: Situation, number: int) -> None:
    root = roots / f"it's $(touch pwned) {number}"
    own = [str(root / ".pyve" / "envs" / name / "bin") for name in ("1f2e3d4c-00000001", "other")]
    make_environment(root)
    unset = tuple(sorted(situation.unset - set(situation.wants)))
    prefix = str(root / ".pyve" / "envs" / "1f2e3d4c-00000001")
    of_prefix = {"CONDA_PREFIX": prefix, "CONDA_DEFAULT_ENV": "shop"} if situation.is_prefix else {}
    wants = {**situation.wants, **of_prefix}
    wanted = replace(
        stage.describe(root),
        bin=tuple(own[: situation.entries]),
        set=wants,
        unset=unset,
        watch=(),
        conda=prefix if situation.is_prefix else "",
    )
    stage.write(wanted)
    language = terminal.language
    path = _path_variable(situation.path, own)
    conda = {name: value.replace("<prefix>", prefix) for name, value in situation.conda.items()}
    variables = {**dict.fromkeys(NAMES + CONDA_NAMES), **situation.has, **conda, "PATH": path}
    unsets = [language.unset(name) for name, value in variables.items() if value is None]
    exports = [language.export(name, value) for name, value in variables.items() if value is not None]
    before = terminal.snapshot(*unsets, *exports)
    terminal.cd(root)
    inside = terminal.environment(f"cd {quote(language, str(base))}")
    after = terminal.snapshot()
    assert _as_bytes(after.comparable[0]) == _as_bytes(before.comparable[0])
    assert os.fsencode(after.state) == os.fsencode(before.state)
    wants |= stack_conda(conda, wanted.conda)
    found = {name: os.fsencode(inside[name]) for name in wants}
    assert found == _as_values(wants)
    assert not set(unset) & set(inside)
    put_first = [*wanted.bin, *([before.path] if before.path else [])]
    assert inside.get("PATH") == (":".join(put_first) if wanted.bin else before.path)


@pytest.mark.parametrize("language", ["bash", "zsh", "fish"], indirect=True)
def test_entering_and_leaving_is_the_identity_for_any_environment(
    shell: OpenShell, stage: Stage, base: Path, tmp_path: Path, language: ShellLanguage
) -> None:
    count = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(_situations, min_size=BATCH, max_size=BATCH))
    def check(situations: list[Situation]) -> None:
        nonlocal count
        stage.bump_generation()
        terminal = shell()
        for situation in situations:
            count += 1
            _check(terminal, stage, tmp_path / "projects", base, situation, count)
        terminal.close()

    check()
    assert count >= BATCH * EXAMPLES
    sys.stdout.write(f"{count} environments in {DIALECTS[language.name].name}\n")
