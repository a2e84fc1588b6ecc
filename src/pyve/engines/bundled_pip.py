"""The pip wheel that virtualenv ships: a pip for environments without one, and the pip that is put into them.

It is there offline, its SHA-256 is checked by virtualenv, and it runs as it lies, without being installed: `ensurepip`
is missing from some distributions' Pythons, and a pip of pyve's own might not understand the new environment's Python.
"""

import re
from pathlib import Path

from pyve.system.files import make_private_directory, write_atomically


def find_bundled_pip(prefix: Path) -> Path | None:
    """The pip wheel for the environment in `prefix`; None where its Python is too old for every bundled one."""
    from virtualenv.seed.wheels.embed import get_embed_wheel

    wheel = get_embed_wheel("pip", read_python_version(prefix))
    return None if wheel is None else Path(wheel.path)


def offer_bundled_pip(wheel: Path, cache_directory: Path) -> Path:
    """A directory of pyve's cache that holds this pip wheel and nothing else, for --find-links.

    virtualenv's own folder holds setuptools too, which would then count for the whole resolution. The place is stable:
    uv unpacks a wheel anew whenever its path or time differs.
    """
    folder = cache_directory / "seed" / wheel.stem
    copy = folder / wheel.name
    content = wheel.read_bytes()
    if not copy.is_file() or copy.stat().st_size != len(content):
        make_private_directory(folder)
        write_atomically(copy, content)
    return folder


def read_python_version(prefix: Path) -> str | None:
    """`3.12` of the environment in `prefix`, from its pyvenv.cfg; None when that does not say."""
    try:
        text = (prefix / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", text, re.MULTILINE)
    return found[1] if found else None
