"""Putting a downloaded micromamba in use: verified, unpacked, tried, and then in one step."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from pyve.engines.conda.bootstrap.archive import ArchiveUnusableError, extract_program
from pyve.engines.conda.bootstrap.download import CHECK_SOURCE, Download, Patience, fetch_file
from pyve.engines.conda.bootstrap.shelves import PROGRAM_NAME, Bootstrapped, Shelf, read_shelf, write_shelf
from pyve.engines.conda.bootstrap.versions import Artifact
from pyve.engines.conda.micromamba.version import probe_version
from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors.conda import DownloadRefusedError
from pyve.project.credentials import strip_credentials
from pyve.system.file_lock import hold_lock
from pyve.system.files import digest_file, make_private_directory, replace_file, tell_disk_errors


def install_artifact(
    artifact: Artifact,
    shelf: Shelf,
    progress: Progress,
    *,
    lock: Path,
    announce: Callable[[Bootstrapped], None] = lambda _: None,
    patience: Patience | None = None,
) -> tuple[Bootstrapped, bool]:
    """Download, verify, unpack and try the program, then put it in use in one step; whether anything was done.

    `announce` is called right before that step. Two at once: the second waits and finds it done.

    Raises DownloadFailedError, DownloadRefusedError and what disks do.
    """
    make_private_directory(lock.parent)

    def tell_wait() -> None:
        progress(ProgressEvent(phase="wait", message="Waiting for another pyve that fetches micromamba"))

    with hold_lock(lock, on_wait=tell_wait):
        there = read_shelf(shelf)
        if there is not None and is_installed(artifact, there):
            return there, False
        program = shelf.program(artifact.version)
        with tell_disk_errors(program), _workshop(program.parent) as work:
            new = work / PROGRAM_NAME
            digest = _make_program(artifact, new, progress, patience)
            done = Bootstrapped(
                version=artifact.version,
                program=program,
                sha256=digest,
                url=strip_credentials(artifact.url),
                download_sha256=artifact.sha256,
            )
            announce(done)
            replace_file(new, program)
        write_shelf(shelf, done)
        return done, True


def is_installed(artifact: Artifact, there: Bootstrapped) -> bool:
    """Whether what is there is what the artifact would give, whole and executable."""
    is_same = there.download_sha256 == artifact.sha256 or there.sha256 == artifact.program_sha256
    return there.version == artifact.version and is_same and os.access(there.program, os.X_OK) and there.is_whole()


@contextlib.contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A directory beside the place where the program goes, gone in the end; so is `folder` if nothing came into it."""
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        for place in (folder, folder.parent):
            with contextlib.suppress(OSError):
                place.rmdir()


def _make_program(artifact: Artifact, program: Path, progress: Progress, patience: Patience | None) -> str:
    """Download, unpack and try it; the SHA-256 of what lies at `program` then."""
    fetched = program.with_name("fetched")
    download = Download(url=artifact.url, sha256=artifact.sha256, name="micromamba")
    fetch_file(download, fetched, progress, patience=patience)
    if artifact.is_archive:
        try:
            extract_program(fetched, program)
        except ArchiveUnusableError as error:
            raise _refused(artifact, str(error)) from error
    else:
        fetched.rename(program)
    program.chmod(0o755)
    digest = digest_file(program)
    _require_program(artifact, program, digest)
    return digest


def _require_program(artifact: Artifact, program: Path, digest: str) -> None:
    if artifact.program_sha256 and digest != artifact.program_sha256:
        raise _refused(artifact, f"the SHA-256 of the program in it is {digest}, not {artifact.program_sha256}")
    try:
        version = probe_version(program)
    except (OSError, TimeoutError) as error:
        raise _refused(artifact, f"the program does not run here: {error}") from error
    if version != artifact.version:
        raise _refused(artifact, f"the program says that it is {version or 'something else'}")


def _refused(artifact: Artifact, reason: str) -> DownloadRefusedError:
    return DownloadRefusedError(
        f"What {strip_credentials(artifact.url)} gave is not micromamba {artifact.version}: {reason}. "
        "Nothing was installed.",
        hint=CHECK_SOURCE,
    )
