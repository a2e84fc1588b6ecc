"""Building prefixes with micromamba: from a list of URLs and hashes, into a directory that is not there."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyve.engines.conda.engine import BuiltPrefix, PrefixRequest
from pyve.engines.conda.failures.engine_failure import EngineFailure
from pyve.engines.conda.failures.explanation import to_error
from pyve.engines.conda.micromamba.command import build_command, explicit_list
from pyve.engines.conda.micromamba.failures import read_failure
from pyve.engines.conda.micromamba.places import Places
from pyve.engines.conda.micromamba.prefix import (
    describe_linked,
    find_damage,
    name_canonical_urls,
    read_records,
)
from pyve.engines.conda.micromamba.progress import BuildWatch
from pyve.engines.conda.micromamba.session import MicromambaSession, Ran
from pyve.engines.conda.prefix.conda_meta import make_empty_prefix
from pyve.engines.conda.prefix.ownership import own_prefix
from pyve.engines.conda.prefix.scripts import make_scripts_safe
from pyve.engines.conda.prefix.sysconfig_data import make_sysconfig_readable
from pyve.environments.progress import Progress, ProgressEvent
from pyve.project.conda.virtual_constraints import judge_constraints
from pyve.system.files import is_link, remove_tree, tell_disk_errors


def build_with(session: MicromambaSession, request: PrefixRequest, progress: Progress) -> BuiltPrefix:
    """Make the prefix; packages are verified by their hashes, and fetched once more when one is not what it should be.

    Raises PrefixForeignError when something is there: micromamba would delete it without a word.
    """
    about = session.about
    _require_absent(request)
    with tell_disk_errors(request.prefix):
        request.prefix.parent.mkdir(parents=True, exist_ok=True)
        if not request.packages:
            make_empty_prefix(request.prefix)
            return BuiltPrefix(virtual_packages=about.virtual_packages)
    _require_machine(request, about.virtual_packages)
    if not request.run_link_scripts:
        session.require_script_switch()

    def attempt(places: Places) -> "BuiltPrefix | EngineFailure":
        built = _build_once(session, request, places, progress, package_cache=None)
        if isinstance(built, EngineFailure) and built.kind == "corrupt" and not request.offline:
            progress(ProgressEvent(phase="download", message="A package is not what it should be; fetching it anew"))
            private = session.work / "pkgs"
            private.mkdir(exist_ok=True)
            built = _build_once(session, request, places, progress, package_cache=private)
        return built

    with _own_prefix(session, request):
        return session.try_sources(request.channels, request.packages, attempt)


@contextlib.contextmanager
def _own_prefix(session: MicromambaSession, request: PrefixRequest) -> Iterator[None]:
    with own_prefix(session.sealed.root_prefix.parent, request.prefix) as is_own:
        if not is_own:
            text = "another process is building it"
            raise to_error(EngineFailure(kind="busy", text=text, path=request.prefix))
        _require_absent(request)
        yield


def _require_absent(request: PrefixRequest) -> None:
    """Raise PrefixForeignError when something is where the prefix shall be."""
    if os.path.lexists(request.prefix):
        raise to_error(EngineFailure(kind="foreign-prefix", text="it exists already", path=request.prefix))


def _build_once(
    session: MicromambaSession,
    request: PrefixRequest,
    places: Places,
    progress: Progress,
    *,
    package_cache: Path | None,
) -> "BuiltPrefix | EngineFailure":
    prefix = request.prefix
    if prefix.is_dir() and not is_link(prefix):  # of the attempt before: it was absent when we began
        remove_tree(prefix, inside=prefix.parent)
    list_file = session.work / "packages.txt"
    list_file.write_text(explicit_list(request.packages, places), encoding="utf-8", newline="\n")
    command = build_command(
        session.executable,
        request,
        list_file=list_file,
        places=places,
        other_platform=request.subdir != session.about.platform,
    )
    watch = BuildWatch(request, package_cache or session.sealed.package_cache, progress)
    ran = session.run(command, package_cache=package_cache, on_wait=watch.look)
    # The exit status alone says nothing: it is 0 after an interrupt as well.
    records = read_records(prefix)
    damage = find_damage(records, request.packages)
    if ran.exit_status != 0 or damage is not None:
        return _explain(session, ran, damage, request, places)
    watch.finish()
    name_canonical_urls(prefix, records, request.packages, places)
    make_scripts_safe(prefix)
    make_sysconfig_readable(prefix)
    return describe_linked(request, records, session.about.virtual_packages)


def _explain(
    session: MicromambaSession, ran: Ran, damage: EngineFailure | None, request: PrefixRequest, places: Places
) -> EngineFailure:
    failure = read_failure(ran.stdout, ran.stderr, offline=request.offline, places=places)
    if failure.kind == "failed" and damage is not None and (damage.kind != "failed" or not failure.text):
        failure = damage
    about_cache = failure.kind in ("corrupt", "not-cached")
    return session.complete(failure, path=session.sealed.package_cache if about_cache else request.prefix)


def _require_machine(request: PrefixRequest, virtual_packages: Mapping[str, str]) -> None:
    """Raise MachineUnsuitableError when a package of the list asks for what the machine has not."""
    unmet = judge_constraints(request.packages, virtual_packages).unmet
    if unmet:
        text = "\n".join(one.sentence() for one in unmet)
        raise to_error(
            EngineFailure(kind="machine", text=text, subject=unmet[0].name, virtual_packages=virtual_packages)
        )
