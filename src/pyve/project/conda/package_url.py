"""URLs of conda packages: what they tell, and what of them may be kept."""

import re
from urllib.parse import unquote

from pyve.project.conda.match_spec import split_archive_name
from pyve.project.conda.package import CondaPackage
from pyve.project.credentials import strip_credentials

# As anaconda.org and its like put a token into the path of a channel.
_TOKEN = re.compile(r"(?<![/:])/t/[^/\s\"'`<>]+(?=/|$)")


def strip_url_secrets(text: str) -> str:
    """Return `text` without the credentials of any URL in it: `user:password@`, `/t/TOKEN`, token parameters."""
    return _TOKEN.sub("", strip_credentials(text))


def package_of_url(
    url: str, *, sha256: str | None = None, md5: str | None = None, depends: tuple[str, ...] = ()
) -> CondaPackage:
    """Return the package that lies at `url`, by its subdir and file name; ValueError says what is wrong with them."""
    place = strip_url_secrets(url).split("#", 1)[0].split("?", 1)[0]
    folder, _, file_name = place.rpartition("/")
    parts = split_archive_name(unquote(file_name))
    if parts is None:
        raise ValueError("the file of a package is called name-version-build.conda or .tar.bz2")
    name, version, build = parts
    number = re.search(r"(?:^|_)(\d{1,18})$", build)
    package = CondaPackage(
        name=name,
        version=version,
        build=build,
        build_number=int(number[1]) if number else 0,
        subdir=folder.rpartition("/")[2],
        url=place,
        sha256=sha256,
        md5=md5,
        depends=depends,
    )
    if not package.has_plain_names:  # %2F among them: caches have directories of these names
        raise ValueError("name, version and build of a package consist of letters, digits and . _ - + ! ~ =")
    if not place.isprintable():
        raise ValueError("its URL has characters that cannot be seen")
    return package
