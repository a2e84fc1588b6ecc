"""What uv is told by its environment: pip's configuration translated, everything that could mislead it taken out.

The user's own uv.toml and UV_* variables apply, and win over pip's; so does `[tool.uv]` of the project's own
pyproject.toml: whoever wrote it meant uv, and pip ignores it. Only what would change *where* uv installs is taken away.
"""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pyve.engines.pip_configuration import PipConfiguration
from pyve.errors import OwnerMismatchError
from pyve.project.requirement import IndexOptions

# These would install elsewhere, or with another Python, than the request says.
_MISLEADING = (
    *(
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "CONDA_DEFAULT_ENV",
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONSTARTUP",
        "__PYVENV_LAUNCHER__",
    ),
    *("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_BREAK_SYSTEM_PACKAGES", "UV_PROJECT", "UV_PROJECT_ENVIRONMENT"),
    *("UV_WORKING_DIR", "UV_WORKING_DIRECTORY", "UV_NO_EDITABLE", "UV_REQUIRE_HASHES", "UV_MANAGED_PYTHON"),
    *(
        "UV_NO_MANAGED_PYTHON",
        "UV_PYTHON_PREFERENCE",
        "UV_SHOW_RESOLUTION",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "RUST_LOG",
    ),
)
# A variable of uv's that the user set: the setting of pip's that it replaces.
_DEFAULT_INDEX = ("UV_DEFAULT_INDEX", "UV_INDEX_URL")
_EXTRA_INDEX = ("UV_INDEX", "UV_EXTRA_INDEX_URL")
_TIMEOUT = ("UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT", "HTTP_TIMEOUT")
_CERTIFICATE = ("SSL_CERT_FILE",)
_REMOTE = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]+:")


def uv_environment(environment: Mapping[str, str], configuration: PipConfiguration) -> dict[str, str]:
    """The variables of a uv process."""
    told = {name: value for name, value in environment.items() if name not in _MISLEADING}
    told |= {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}
    for names, value in (
        (_CERTIFICATE, configuration.certificate),
        (("SSL_CLIENT_CERT",), configuration.client_certificate),
        (_TIMEOUT, _whole_seconds(configuration.timeout_seconds)),
        (("UV_KEYRING_PROVIDER",), "subprocess" if configuration.keyring_provider == "subprocess" else None),
        (("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"), configuration.proxy),
        (("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), configuration.proxy),
    ):
        if value and not any(name in told for name in names):
            told[names[0]] = value
    return told


def refuse_settings_of_others(directory: Path) -> None:
    """Raise OwnerMismatchError where uv, run in `directory`, would obey a file that somebody else has put above it.

    uv takes the nearest uv.toml, or pyproject.toml with [tool.uv], whoever owns it: in /tmp, anybody. Whose the project
    is may say as much about it as the user.
    """
    if sys.platform == "win32":
        return
    trusted = (0, os.geteuid(), _owner(directory))
    for above in directory.parents:
        for name in ("uv.toml", "pyproject.toml"):
            owner = _owner(above / name)
            if owner is not None and owner not in trusted:
                raise OwnerMismatchError(
                    f"{above / name} belongs to user {owner}, and uv would take its settings.",
                    hint=f"move the project out of {above}",
                )


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except OSError:
        return None


def configured_options(options: IndexOptions, environment: Mapping[str, str]) -> IndexOptions:
    """Return pip's configured options without those that the user set for uv itself."""
    return replace(
        options,
        index_url=None if _any_set(environment, *_DEFAULT_INDEX) else options.index_url,
        extra_index_urls=() if _any_set(environment, *_EXTRA_INDEX) else options.extra_index_urls,
        find_links=() if _any_set(environment, "UV_FIND_LINKS") else options.find_links,
        trusted_hosts=() if _any_set(environment, "UV_INSECURE_HOST") else options.trusted_hosts,
        pre=options.pre and not _any_set(environment, "UV_PRERELEASE"),
        no_index=options.no_index and not _any_set(environment, "UV_NO_INDEX"),
    )


def localise(options: IndexOptions, directory: Path) -> tuple[IndexOptions, tuple[str, ...]]:
    """The options with local places as `file:` URLs, and the directories that are not there.

    pip warns about a --find-links that does not exist and goes on; uv would fail. `directory` is what relative paths
    in pip's configuration are seen from.
    """
    absent = tuple(
        place for place in options.find_links if not _is_remote(place) and not _path(place, directory).exists()
    )
    return replace(
        options,
        index_url=None if options.index_url is None else _as_url(options.index_url, directory),
        extra_index_urls=tuple(_as_url(url, directory) for url in options.extra_index_urls),
        find_links=tuple(_as_url(place, directory) for place in options.find_links if place not in absent),
    ), absent


def _as_url(place: str, directory: Path) -> str:
    return place if _is_remote(place) else _path(place, directory).as_uri()


def _path(place: str, directory: Path) -> Path:
    path = Path(place).expanduser() if place.startswith("~") else Path(place)
    return directory / path


def _is_remote(place: str) -> bool:
    """A URL, or not to be judged before its ${VARIABLE} is filled in; a Windows drive is neither."""
    return bool(_REMOTE.match(place)) or "${" in place


def _any_set(environment: Mapping[str, str], *names: str) -> bool:
    return any(environment.get(name) for name in names)


def _whole_seconds(text: str | None) -> str | None:
    try:
        return str(max(1, round(float(text)))) if text else None
    except ValueError:
        return None
