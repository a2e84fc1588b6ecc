"""What only conda environments have, examined: engines, records, the machine they were solved for, shared files."""

import importlib.util
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pyve.environments.conda_facts import CondaFacts
from pyve.environments.conda_prefix import list_conda_packages, list_pip_distributions, read_conda_meta
from pyve.environments.conda_prefix_files import FileDifference, verify_files
from pyve.environments.machine_fitness import judge_machine
from pyve.environments.record import EnvironmentRecord
from pyve.project.conda.settings import UserCondaSettings
from pyve.project.conda.virtual_packages import compare, look_again, show_virtual_packages
from pyve.project.package_name import normalise_name
from pyve.project.some_names import show_some
from pyve.verbs.checks.environment import REBUILD
from pyve.verbs.checks.findings import Fact, Finding, Part, found, show_count

_BRING_OPENMP = frozenset({"libgomp", "llvm-openmp", "intel-openmp", "libgcc", "_openmp_mutex"})
_NEED_OPENMP = frozenset({"torch", "tensorflow", "jaxlib"})
_NUMERIC = frozenset({"numpy", "scipy"})


def examine_engines(
    settings: UserCondaSettings,
    *,
    find_bootstrapped: Callable[[], Path | None] = lambda: None,
    rattler: str = "rattler",
) -> Iterator[Finding | Fact]:
    """Whether there is something that can build conda environments; `rattler` is the module's name."""
    is_there = importlib.util.find_spec(rattler) is not None
    yield Fact(part=Part.MACHINE, name="rattler", value=_rattler_version() if is_there else "not installed")
    micromamba = settings.micromamba or find_bootstrapped()
    if micromamba is not None:
        yield Fact(part=Part.MACHINE, name="micromamba", value=str(micromamba))
        if not os.access(micromamba, os.X_OK) or not micromamba.is_file():
            message = f"{micromamba}, the micromamba that would be used, is not a program that can be run."
            yield found("micromamba-missing", message, hint="pyve self bootstrap micromamba")
    elif not is_there:
        message = (
            "rattler is not installed for this Python, and no micromamba is known: no conda environment can be built."
        )
        yield found("conda-engine-missing", message, hint="pyve self bootstrap micromamba")


def examine_prefix(record: EnvironmentRecord, environment: Mapping[str, str]) -> Iterator[Finding | Fact]:
    """Whether the prefix is as its records say, and the machine still what its packages ask for."""
    facts = record.conda_facts
    if facts is None:
        return
    prefix = Path(record.directory)
    yield Fact(part=Part.ENVIRONMENT, name="platform", value=facts.subdir)
    yield from _examine_records(prefix)
    yield from _examine_machine(facts, environment)
    yield from _examine_both_kinds(prefix, record)
    if facts.link_scripts:
        message = f"Link scripts of packages did not run: {show_some(facts.link_scripts)}."
        yield found(
            "link-scripts-not-run", message, hint="pyve config set conda.link-scripts true  # if you trust them"
        )


def examine_prefix_files(record: EnvironmentRecord) -> Iterator[Finding | Fact]:
    """Compare every file that conda packages brought (--deep)."""
    verification = verify_files(Path(record.directory), read_conda_meta(Path(record.directory)))
    by_package: dict[tuple[str, str], list[FileDifference]] = {}
    for difference in verification.differences:
        by_package.setdefault((difference.package, difference.how), []).append(difference)
    for (package, how), differences in by_package.items():
        shown = show_some(difference.path for difference in differences)
        what = "gone" if how == "missing" else "not as installed"
        message = f"{show_count(len(differences), 'file')} of {package} {what}: {shown}."
        shared = any(difference.is_shared for difference in differences)
        yield found("files-altered", message, hint=_how_to_restore(package) if shared else REBUILD)
    yield Fact(part=Part.ENVIRONMENT, name="files of conda compared", value=str(verification.compared))


def _how_to_restore(package: str) -> str:
    """Hard links: the cache holds the altered bytes too, and every environment that was linked from it."""
    return f"pyve sync --force  # the cache shares these files of {package} and is repaired from the channel"


def _rattler_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("py-rattler")
    except PackageNotFoundError:
        return "of unknown version"


def _examine_records(prefix: Path) -> Iterator[Finding]:
    damaged = [record for record in read_conda_meta(prefix) if record.damage]
    if damaged:
        shown = show_some(f"{record.name} {record.version} ({record.damage})" for record in damaged)
        count = show_count(len(damaged), "record")
        message = f"{count} in {prefix / 'conda-meta'} cannot be read: {shown}."
        yield found("conda-record-damaged", message, hint=REBUILD)


def _examine_machine(facts: CondaFacts, environment: Mapping[str, str]) -> Iterator[Finding | Fact]:
    changed = compare(facts.virtual_packages, look_again(facts.virtual_packages, environment))
    since = f"; not as at its build: {', '.join(changed)}" if changed else ""
    shown = f"{show_virtual_packages(facts.virtual_packages)}{since}"
    yield Fact(part=Part.ENVIRONMENT, name="virtual packages", value=shown)
    judgement = judge_machine(facts, environment)
    if judgement.unmet:
        message = f"{show_some((unmet.sentence() for unmet in judgement.unmet), most=2)}."
        yield found("machine-unsuitable", message, hint="pyve sync  # solves for the machine as it is now")
    if judgement.not_understood:
        message = f"Counted as met without being understood: {show_some(judgement.not_understood)}."
        yield found("constraint-unclear", message, hint="pyve sync --force  # lets the engine judge them anew")


def _examine_both_kinds(prefix: Path, record: EnvironmentRecord) -> Iterator[Finding]:
    if not record.python_version:
        return
    of_conda = {normalise_name(name): version for name, version in list_conda_packages(prefix).items()}
    of_pip = list_pip_distributions(prefix, Path(record.site_packages))
    both = [
        f"{name} ({of_conda[name]} of conda, {version} of pip)" for name, version in of_pip.items() if name in of_conda
    ]
    if both:
        message = f"Both conda and pip brought {show_some(both)}: which files are used is chance."
        yield found(
            "distribution-of-both", message, hint="declare it once, above or below `pip:`, then: pyve sync --force"
        )
    users = sorted(_NEED_OPENMP & of_pip.keys())
    if users and _NUMERIC & of_conda.keys() and not _BRING_OPENMP & list_conda_packages(prefix).keys():
        message = f"{', '.join(users)} of pip beside numpy or scipy of conda, and no OpenMP library of conda's."
        hint = "add llvm-openmp (macOS) or libgomp (Linux) to environment.yml, if an import fails for the lack of it"
        yield found("openmp-missing", message, hint=hint)
