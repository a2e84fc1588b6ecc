"""Which shell this process was started from."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DetectedShell:
    """`name` is the program's, without a suffix: bash, tcsh, pwsh; `path` may be a bare name."""

    name: str
    path: str


def detect_shell() -> DetectedShell | None:
    """The nearest shell among the processes above this one, None where that cannot be found out."""
    import shellingham

    try:
        name, path = shellingham.detect_shell()
    except (shellingham.ShellDetectionFailure, OSError, RuntimeError):  # the last: not known for this system
        return None
    return DetectedShell(name=str(name), path=str(path))
