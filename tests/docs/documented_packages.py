"""Stand-ins for the packages that the pages install: the real names and versions, as much of them as the pages use."""

import sys
from pathlib import Path

from tests.support.package_index import PackageIndex

HUMANIZE = '''
def naturalsize(value):
    """As the real one does for whole gigabytes."""
    return f"{value / 1_000_000_000:.1f} GB"
'''
ROMAN = '''
def toRoman(number):
    """As the real one does."""
    values = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    values += ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, letters in values:
        while number >= value:
            number, text = number - value, text + letters
    return text
'''


def make_public_index(directory: Path) -> PackageIndex:
    """What the pages take from the public index."""
    index = PackageIndex(directory)
    index.add("humanize", "4.12.3", files={"humanize.py": HUMANIZE})
    index.add("roman", "4.2", files={"roman.py": ROMAN})
    index.add("pytest", "8.4.2", scripts={"pytest": "pytest:main"})
    index.add("mkdocs", "1.6.1", scripts={"mkdocs": "mkdocs:main"})
    index.add("psycopg", "3.2.9")
    index.add("ipython", "9.4.0", scripts={"ipython": "ipython:main"})
    _add_setuptools(index)
    return index


def make_private_index(directory: Path) -> PackageIndex:
    """What the pages take from index.example."""
    index = PackageIndex(directory)
    index.add("acme-tools", "2.1", scripts={"acme": "acme_tools:main"})
    index.add("humanize", "4.12.3", files={"humanize.py": HUMANIZE})
    return index


def _add_setuptools(index: PackageIndex) -> None:
    """The real one, which virtualenv carries: projects of the pages are built with it."""
    from virtualenv.seed.wheels.embed import get_embed_wheel

    wheel = get_embed_wheel("setuptools", f"{sys.version_info.major}.{sys.version_info.minor}")
    assert wheel is not None, "virtualenv ships setuptools for this Python"
    index.add_file(wheel.path.name, wheel.path.read_bytes())
