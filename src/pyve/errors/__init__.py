"""Every failure a user can see: a stable code, an exit status, a message and a hint.

Grouped by exit status (docs/reference/errors.md). The light path imports this module, so it imports nothing.
"""


class PyveError(Exception):
    """A failure with one clear message; `hint` is what to type next."""

    code = "internal"
    exit_status = 70

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotConfirmedError(PyveError):
    """A plan was shown and not assented to."""

    code = "not-confirmed"
    exit_status = 1


class UsageError(PyveError):
    """The command line cannot be understood."""

    code = "usage"
    exit_status = 2


class PythonRequestInvalidError(UsageError):
    """A text that should name a Python version or range does not."""

    code = "python-request-invalid"


class ProjectError(PyveError):
    """The project, or a file in it, cannot be used as it is: what the errors below have in common."""

    exit_status = 3


class ManifestInvalidError(ProjectError):
    """A manifest is not valid TOML, YAML or lacks what its format requires; the message names file:line."""

    code = "manifest-invalid"


class ManifestUnreadableError(ProjectError):
    """A manifest exists but cannot be read (permissions, encoding, a directory in its place)."""

    code = "manifest-unreadable"


class RequirementInvalidError(ProjectError):
    """A line of a requirements file is not in pip's format; the message names file:line."""

    code = "requirement-invalid"


class RequirementsCycleError(ProjectError):
    """Requirements files include each other in a circle."""

    code = "requirements-cycle"


class ForeignLockError(ProjectError):
    """Only a lock of another tool declares the dependencies; the hint is its export command."""

    code = "foreign-lock"


class ExtraUnknownError(ProjectError):
    """An extra was asked for that the project does not declare."""

    code = "extra-unknown"


class GroupUnknownError(ProjectError):
    """A dependency group was asked for that the project does not declare."""

    code = "group-unknown"


class ConfigInvalidError(ProjectError):
    """pyve.toml, [tool.pyve] or the user's config.toml has a value of the wrong kind."""

    code = "config-invalid"


class ConfigUnknownKeyError(ConfigInvalidError):
    """A configuration key that pyve does not know; the hint is the nearest valid one."""

    code = "config-unknown-key"


class ConfigConflictError(ConfigInvalidError):
    """Both pyve.toml and [tool.pyve] configure the project."""

    code = "config-conflict"


class EnvFileInvalidError(ProjectError):
    """The project's env file cannot be read or understood; the message names file:line."""

    code = "env-file-invalid"


class PinConflictError(ProjectError):
    """The Python asked for differs from the one the project pins."""

    code = "pin-conflict"


class PythonConflictError(ProjectError):
    """The Python asked for or pinned can never satisfy the project's requires-python."""

    code = "python-conflict"


class PathUnsupportedError(ProjectError):
    """The project path holds a character that no environment can live under."""

    code = "path-unsupported"


class NotADirectoryHereError(ProjectError):
    """A file stands where pyve needs a directory."""

    code = "not-a-directory"


class PathNotWritableError(ProjectError):
    """A directory pyve must write to is read-only or unreadable."""

    code = "path-not-writable"


class HomeUnknownError(ProjectError):
    """Neither HOME nor the user database says where the user's home is."""

    code = "home-unknown"


class NoProjectError(PyveError):
    """No registered project at or above this directory."""

    code = "no-project"
    exit_status = 4


class NoEnvironmentError(PyveError):
    """The project has no environment yet, or none to do this with."""

    code = "no-environment"
    exit_status = 4


class ProgramMissingError(PyveError):
    """A program pyve needs is not there, or is too old."""

    code = "program-missing"
    exit_status = 5


class PythonMissingError(ProgramMissingError):
    """No interpreter on this machine satisfies the project."""

    code = "python-missing"


class InstallationDamagedError(ProgramMissingError):
    """A file that is shipped with pyve is not there."""

    code = "installation-damaged"


class BackendUnavailableError(ProgramMissingError):
    """The backend the project needs cannot build environments yet."""

    code = "backend-unavailable"


class BuildFailedError(PyveError):
    """An environment could not be built; the previous one is untouched."""

    code = "build-failed"
    exit_status = 6


class ResolutionFailedError(BuildFailedError):
    """No set of packages satisfies what is declared (unknown name, conflict)."""

    code = "resolution-failed"


class IndexUnreachableError(BuildFailedError):
    """The package index cannot be reached and the caches do not suffice."""

    code = "index-unreachable"


class IndexUnauthorisedError(BuildFailedError):
    """The package index refused the credentials, or wants some."""

    code = "index-unauthorised"


class HashMismatchError(BuildFailedError):
    """A downloaded file is not the one whose hash is declared."""

    code = "hash-mismatch"


class DiskFullError(BuildFailedError):
    """No space (or quota) is left where the environment is built."""

    code = "disk-full"


class ProbeFailedError(BuildFailedError):
    """The new environment does not run; it was not put in use."""

    code = "probe-failed"


class RefusedError(PyveError):
    """Doing this could damage what is not pyve's, or give a repository what none may have."""

    code = "refused"
    exit_status = 7


class OwnerMismatchError(RefusedError):
    """The project or the state directory belongs to another user, or others may write to it."""

    code = "owner-mismatch"


class StateTooNewError(RefusedError):
    """The state was written by a newer pyve."""

    code = "state-too-new"


class StateDamagedError(RefusedError):
    """A state file cannot be understood."""

    code = "state-damaged"


class PartlyDoneError(PyveError):
    """Some of the work was done; what was not is named."""

    code = "partly-done"
    exit_status = 8


class ResultLostError(PartlyDoneError):
    """The work is done, but its result cannot be written to stdout."""

    code = "result-lost"


class InternalError(PyveError):
    """A bug in pyve; the traceback is saved to the named file."""

    code = "internal"
    exit_status = 70


class InterruptedByUserError(PyveError):
    """Ctrl-C, also at a question."""

    code = "interrupted"
    exit_status = 130


class RunFailedError(PyveError):
    """`pyve run` could not prepare the environment for the command."""

    code = "run-failed"
    exit_status = 125


class CommandNotExecutableError(RunFailedError):
    """The command was found but cannot be executed."""

    code = "command-not-executable"
    exit_status = 126


class CommandNotFoundError(RunFailedError):
    """The command is neither in the environment nor on PATH."""

    code = "command-not-found"
    exit_status = 127
