"""A channel as conda-lock's content hash counts it: credentials as the names of the variables that hold them."""

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit, urlunsplit

from pyve.project.conda.match_spec import MatchSpecText
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.conda.subdir import NOARCH, SUBDIRS

CONDA_BASE = "https://conda.anaconda.org/"
_DEFAULTS = re.compile(r"^pkgs/(?:main|r|msys2)$")
_TOKEN = re.compile(r"^(?P<before>.*)/t/(?P<token>\$?\{?[a-zA-Z0-9_-]*\}?)(?P<after>/.*)$")
_USER_ENDINGS = ("USERNAME", "USER", "")
_PASSWORD_ENDINGS = ("PASSWORD", "PASS", "TOKEN", "KEY", "")
_TOKEN_ENDINGS = ("TOKEN", "CRED", "PASSWORD", "PASS", "KEY", "")


def serialise_channel(text: str, environment: Mapping[str, str]) -> str:
    """Return the JSON text that stands for a channel; a credential that is in no variable counts as it is."""
    url, variables = _name_credentials(text, environment) if "://" in text else (text, [])
    document = {"url": url, "used_env_vars": sorted(set(variables))}
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def canonical_channel(spec: MatchSpecText) -> str | None:
    """Return conda's one name for the channel of a spec, None where it names none: without base, subdir, credentials.

    Of a channel's URL before `::` it keeps the path alone, of a package's URL all but the base that it knows.
    """
    if spec.channel:
        name = _drop_subdir(strip_url_secrets(spec.channel).rstrip("/"))
        if re.match(r"^(?:file:|[./~])", name):
            name = name.rpartition("/")[2]
        name = re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/]*/", "", name)
        return "defaults" if _DEFAULTS.match(name) else name
    if spec.url and "://" in spec.url:
        folder = _drop_subdir(strip_url_secrets(spec.url).rpartition("/")[0])
        return folder.removeprefix(CONDA_BASE)
    return None


def _drop_subdir(name: str) -> str:
    head, _, last = name.rpartition("/")
    return head if head and last in {*SUBDIRS, NOARCH} else name


def _name_credentials(text: str, environment: Mapping[str, str]) -> tuple[str, list[str]]:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # no URL: whoever resolves the channel says so
        return text, []
    variables: list[str] = []
    user = _find_variable(parts.username, _USER_ENDINGS, environment, variables)
    password = _find_variable(parts.password, _PASSWORD_ENDINGS, environment, variables)
    if variables:
        place = f"{host}:{port}" if port else host
        information = ":".join(filter(None, (user, password))) if user else ""
        parts = parts._replace(netloc=f"{information}@{place}" if information else place)
    token = _TOKEN.match(parts.path)
    if token and token["token"]:
        name = _find_variable(token["token"], _TOKEN_ENDINGS, environment, variables)
        parts = parts._replace(path=f"{token['before']}/t/{name}{token['after']}")
    return urlunsplit(parts), variables


def _find_variable(
    value: str | None, endings: tuple[str, ...], environment: Mapping[str, str], found: list[str]
) -> str | None:
    """Return `${NAME}` of the variable that holds `value`, and note its name; the value where none does."""
    if not value:
        return value
    name = next(_list_variables(value, endings, environment), None)
    if name is None:
        return value
    found.append(name)
    return f"${{{name}}}"


def _list_variables(value: str, endings: tuple[str, ...], environment: Mapping[str, str]) -> Iterator[str]:
    if value.startswith("$"):
        yield value.lstrip("$").strip("{}")
        return
    for ending in endings:
        holders = {held: name for name, held in environment.items() if name.upper().endswith(ending)}
        yield from (holders[one] for one in (value, unquote(value)) if one in holders)
