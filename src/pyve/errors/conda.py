"""What can go wrong with conda environments, as a user sees it; grouped by exit status like its parent."""

from pyve.errors import (
    BuildFailedError,
    HashMismatchError,
    IndexUnauthorisedError,
    IndexUnreachableError,
    ProgramMissingError,
    ProjectError,
    PyveError,
    RefusedError,
    ResolutionFailedError,
)


class LockStaleError(PyveError):
    """The lock was made for other declarations than the files hold now, and --strict forbids to go on."""

    code = "lock-stale"
    exit_status = 1


class MatchSpecInvalidError(ProjectError):
    """A dependency is not a MatchSpec; the message names file:line."""

    code = "match-spec-invalid"


class CondaManifestMissingError(ProjectError):
    """The backend is micromamba, and no file declares conda packages."""

    code = "conda-manifest-missing"


class ChannelInvalidError(ProjectError):
    """A text that should name a channel does not."""

    code = "channel-invalid"


class PrefixTooLongError(ProjectError):
    """The path of the environment is longer than the placeholder that packages reserve for it."""

    code = "prefix-too-long"


class EngineMissingError(ProgramMissingError):
    """The conda engine that was asked for, or any, is not there or is too old."""

    code = "engine-missing"


class CondaUnsatisfiableError(ResolutionFailedError):
    """No set of packages satisfies all specs; the message holds the engine's own tree."""

    code = "conda-unsatisfiable"


class CondaPackageUnknownError(ResolutionFailedError):
    """No channel has a package of that name; the hint is the nearest name."""

    code = "conda-package-unknown"


class MachineUnsuitableError(BuildFailedError):
    """A package needs a virtual package (`__glibc`, `__cuda`) that this machine does not have."""

    code = "machine-unsuitable"


class LockPlatformMissingError(BuildFailedError):
    """The lock has no packages for this platform; the hint is the command that adds it."""

    code = "lock-platform-missing"


class ChannelUnreachableError(IndexUnreachableError):
    """A channel cannot be reached."""

    code = "channel-unreachable"


class ChannelMissingError(ChannelUnreachableError):
    """What answers has no such channel, no such subdir of it, or not the archive that is wanted."""

    code = "channel-missing"


class ChannelUnauthorisedError(IndexUnauthorisedError):
    """A channel refused the credentials, or wants some."""

    code = "channel-unauthorised"


class NotCachedError(BuildFailedError):
    """Something is needed offline that is in no cache; the message names it."""

    code = "not-cached"


class PackageCorruptError(HashMismatchError):
    """A conda package is not the one whose hash is declared, also after it was fetched once more."""

    code = "package-corrupt"


class EngineBusyError(BuildFailedError):
    """Another process holds what the engine needs for longer than is reasonable."""

    code = "engine-busy"


class EngineFailedError(BuildFailedError):
    """The conda engine ended without an answer, or with one that means nothing else here."""

    code = "engine-failed"


class PrefixForeignError(RefusedError):
    """Something that pyve did not make is where the environment would be built; it is never touched."""

    code = "prefix-foreign"


class DownloadRefusedError(BuildFailedError):
    """A downloaded program is not the one whose SHA-256 is known; it was not installed."""

    code = "download-refused"


class DownloadFailedError(BuildFailedError):
    """A program could not be downloaded."""

    code = "download-failed"
