"""Where pyve keeps what is the user's: state, cache, configuration.

Light: `run` and the shell hooks' helper need the state directory, so nothing but os and sys is imported at the top.
The state directory follows platformdirs' rules without importing it (the XDG Base Directory Specification, Apple's
and Microsoft's folders); a test holds both equal.
"""

import os
import sys
from collections.abc import Mapping

from pyve.errors import HomeUnknownError


def home_directory(environment: Mapping[str, str]) -> str:
    """The user's home; raises HomeUnknownError when neither HOME nor the user database knows one."""
    home = environment.get("USERPROFILE" if sys.platform == "win32" else "HOME") or os.path.expanduser("~")
    if not os.path.isabs(home):
        raise HomeUnknownError(
            "The home directory is unknown: HOME is not set and this user has no entry in the user database.",
            hint="export HOME=/path/to/your/home",
        )
    return home


def state_directory(environment: Mapping[str, str]) -> str:
    """PYVE_STATE_DIR, else the platform's user state directory for pyve."""
    explicit = environment.get("PYVE_STATE_DIR")
    if explicit:
        return os.path.abspath(explicit)
    if sys.platform == "win32":
        local = environment.get("LOCALAPPDATA") or os.path.join(home_directory(environment), "AppData", "Local")
        return os.path.join(local, "pyve")
    if environment.get("XDG_STATE_HOME", "").strip():
        return os.path.join(environment["XDG_STATE_HOME"], "pyve")
    if sys.platform == "darwin":
        return os.path.join(home_directory(environment), "Library", "Application Support", "pyve")
    return os.path.join(home_directory(environment), ".local", "state", "pyve")


def cache_directory(environment: Mapping[str, str]) -> str:
    """PYVE_CACHE_DIR, else the platform's user cache directory for pyve."""
    explicit = environment.get("PYVE_CACHE_DIR")
    if explicit:
        return os.path.abspath(explicit)
    from platformdirs import user_cache_dir

    return user_cache_dir("pyve", appauthor=False)


def config_directory() -> str:
    """The platform's user configuration directory for pyve: config.toml lies there."""
    from platformdirs import user_config_dir

    return user_config_dir("pyve", appauthor=False)
