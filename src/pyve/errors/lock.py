"""What can go wrong with locks and with editing what is declared. Grouped by exit status."""

from pyve.errors import (
    BuildFailedError,
    ProgramMissingError,
    ProjectError,
    PyveError,
    RefusedError,
    ResolutionFailedError,
)


class LockInvalidError(ProjectError):
    """A lock cannot be read: cut off, a merge conflict in it, or not what its name says; the message names the line."""

    code = "lock-invalid"


class LockTargetUnknownError(ProjectError):
    """What was asked to be locked is none of the project's locks, or its format cannot hold what is asked."""

    code = "lock-target-unknown"


class PlatformUnknownError(ProjectError):
    """A platform is asked for that no packages are made for."""

    code = "platform-unknown"


class DeclarationNotEditableError(ProjectError):
    """The file that declares packages is one that `add` and `remove` cannot change as asked."""

    code = "declaration-not-editable"


class PackageNotDeclaredError(ProjectError):
    """A package is to be removed that the project does not declare."""

    code = "package-not-declared"


class NothingToLockError(PyveError):
    """Nothing here declares packages that could be locked."""

    code = "nothing-to-lock"
    exit_status = 4


class LockTooNewError(ProgramMissingError):
    """A lock was made by a newer pyve, which this one does not understand."""

    code = "lock-too-new"


class LockerUnavailableError(ProgramMissingError):
    """The tool that shall lock cannot be had or cannot run here."""

    code = "locker-unavailable"


class LockerUnfitError(BuildFailedError):
    """The tool that shall lock cannot do what is asked, as for another platform than it runs on."""

    code = "locker-unfit"


class LockNotPortableError(BuildFailedError):
    """The lock would name places that only this machine knows."""

    code = "lock-not-portable"


class RequirementUnhashableError(BuildFailedError):
    """Something is declared that has no file whose hash could be locked."""

    code = "requirement-unhashable"


class LockChangedError(RefusedError):
    """A lock or a declaration changed while it was worked on; nothing was written over it."""

    code = "changed-meanwhile"


class WheelMissingError(ResolutionFailedError):
    """Nothing may be built from source, and a package has no wheel for this Python and platform."""

    code = "wheel-missing"
