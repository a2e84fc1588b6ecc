"""What a person is told of specs that conda packages cannot satisfy: where they stand, and what comes near."""

import difflib
import re
from collections.abc import Mapping

from pyve.engines.conda.failures.engine_failure import EngineFailure
from pyve.engines.conda.failures.solver_tree import MORE_LINES, find_declared, find_virtual_names, name_of, tidy_tree
from pyve.errors import PyveError
from pyve.errors.conda import (
    CondaPackageUnknownError,
    CondaUnsatisfiableError,
    MachineUnsuitableError,
    MatchSpecInvalidError,
)
from pyve.project.conda.virtual_packages import show_virtual_packages

_ONE_SPEC = "one of the specs at the root of it"


def add_origins(error: PyveError, origins: Mapping[str, str]) -> PyveError:
    """`error` with the `file:line` of the declared specs that it is about; the same where it is about none."""
    if not origins:
        return error
    kind = type(error)
    if isinstance(error, (CondaPackageUnknownError, MatchSpecInvalidError)):
        wanted = _quoted(error.message)
        places = [place for spec, place in origins.items() if wanted in (spec, name_of(spec))]
        if places:
            return kind(f"{places[0]}: {error.message}", hint=error.hint)
    if isinstance(error, (CondaUnsatisfiableError, MachineUnsuitableError)):
        declared = _without_unlimited(find_declared(error.message, origins))
        if declared:
            rows = "\n".join(f"  {place}: {spec}" for spec, place in declared)
            lines = " or ".join(dict.fromkeys(place for _, place in declared[:3]))
            hint = (error.hint or "").replace(_ONE_SPEC, lines)
            return kind(f"{error.message}\ndeclared at the root of this:\n{rows}", hint=hint)
    return error


def _without_unlimited(declared: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """`declared` without names alone where something else limits them: there is nothing to loosen in these."""
    names = [name_of(spec) for spec, _ in declared]
    return tuple(one for one in declared if one[0].lower() != name_of(one[0]) or names.count(name_of(one[0])) == 1)


def explain_unsatisfiable(failure: EngineFailure) -> PyveError:
    """The engine's tree, and what this machine has where that matters."""
    tree = tidy_tree(failure.text)
    message = f"No set of conda packages satisfies what is declared:\n{tree}"
    names = find_virtual_names(tree)
    if names:
        has = show_virtual_packages(failure.virtual_packages)
        if failure.assumes_machine:
            hint = f"loosen {_ONE_SPEC}: what is counted on is what conda-lock counts on, whatever machine locks"
            return CondaUnsatisfiableError(f"{message}\ncounted on is a machine that has {has}", hint=hint)
        return CondaUnsatisfiableError(f"{message}\nthis machine has {has}", hint=_override_hint(names))
    whole = f"; the whole output: {failure.log}" if failure.log and tree.endswith(MORE_LINES) else ""
    return CondaUnsatisfiableError(message, hint=f"loosen {_ONE_SPEC}, then run it again{whole}")


def _override_hint(names: tuple[str, ...]) -> str:
    if "__cuda" in names:
        return "export CONDA_OVERRIDE_CUDA=12.4  # where the build is for a machine that has it; then run it again"
    variables = ", ".join(f"CONDA_OVERRIDE_{name.removeprefix('__').upper()}" for name in names)
    return f"ask for versions made for machines like this one, then run it again ({variables}: if you know better)"


def explain_unknown(failure: EngineFailure) -> PyveError:
    """A name that no channel has, and those that come near."""
    name = failure.subject or failure.text.strip()
    near = difflib.get_close_matches(name.lower(), sorted(set(failure.names)), n=4, cutoff=0.6)
    if near:
        return CondaPackageUnknownError(
            f"No channel has a package named {name!r}; with a similar name there {'is' if len(near) == 1 else 'are'} "
            f"{', '.join(near)}.",
            hint=f"write {near[0]} instead of {name}, then run it again",
        )
    return CondaPackageUnknownError(
        f"No channel has a package named {name!r}, nor one with a similar name.",
        hint="add the channel that has it, or declare it below `pip:`, then run it again",
    )


def explain_spec(failure: EngineFailure) -> PyveError:
    """A text that is no MatchSpec, and what one looks like."""
    spec = failure.subject or failure.text.partition(":")[0].strip("'\" ")
    reason = failure.text.removeprefix(f"{spec!r}").removeprefix(spec).strip(" :\n")
    reason = reason.removeprefix("is not a MatchSpec").strip(" :\n")
    reason = f": {_one_line(reason)}" if reason else ""
    name = name_of(spec) or "numpy"
    return MatchSpecInvalidError(
        f"{spec!r} is not a dependency that conda understands{reason}.",
        hint=f"write it like one of these: {name} | {name}=1.26 | {name}>=1.26,<2 | conda-forge::{name}",
    )


def explain_machine(failure: EngineFailure) -> PyveError:
    """A virtual package that this machine does not have; another one that is locked for is not to blame."""
    if failure.assumes_machine:
        return explain_unsatisfiable(failure)
    tree = tidy_tree(failure.text)
    names = find_virtual_names(f"{tree} {failure.subject}")
    has = f"\nthis machine has {show_virtual_packages(failure.virtual_packages)}" if failure.virtual_packages else ""
    said = f"This machine does not have what is asked of it:\n{tree}" if "\n" in tree else f"{tree.rstrip('.')}."
    return MachineUnsuitableError(f"{said}{has}", hint=_override_hint(names))


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _quoted(message: str) -> str:
    match = re.search(r"'([^']*)'", message)
    return match[1] if match else ""
