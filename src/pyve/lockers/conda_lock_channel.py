"""A declared channel as a conda-lock.yml names it: the variables that hold credentials, and never what they hold."""

import json
import re
from collections.abc import Mapping

from pyve.lockers.conda_lock_text import LockedChannel
from pyve.project.conda.lock_channel import serialise_channel
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.credentials import strip_credentials

_USER = re.compile(r"(?<=://)[^/@]*@")
_OF_VARIABLES = re.compile(r"(?:\$\{\w+\})?(?::\$\{\w+\})?@", re.ASCII)
_TOKEN = re.compile(r"(?<![:/])/t/(?!\$\{)[^/]+", re.ASCII)


def describe_channel(text: str) -> LockedChannel:
    """A declared channel as it stands in a lock: variables as they are, and nothing that is a credential itself."""
    document: Mapping[str, object] = json.loads(serialise_channel(text, {}))
    url, variables = str(document["url"]), document["used_env_vars"]
    if not isinstance(variables, list) or not variables:
        return LockedChannel(url=strip_url_secrets(url))
    user = _USER.search(url)
    if user and not _OF_VARIABLES.fullmatch(user[0]):
        url = strip_credentials(url)
    url = _TOKEN.sub("", url)
    return LockedChannel(url=url, used_env_vars=tuple(name for name in variables if f"${{{name}}}" in url))
