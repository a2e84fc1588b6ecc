"""Which Python is asked for: a version, a range or a name, parsed once."""

import re
from dataclasses import dataclass

from pyve.errors import PythonRequestInvalidError
from pyve.system.interpreters import Interpreter

_EXAMPLES = "examples: 3.12, 3.12.1, '>=3.11,<3.14', pypy3.10, 3.13t (free-threaded), 3.15-dev (pre-releases)"
_LONGEST = 200
_IMPLEMENTATIONS = {"cpython": "cpython", "python": None, "py": None, "pypy": "pypy", "graalpy": "graalpy"}
_NAME = re.compile(r"(?P<name>cpython|python|pypy|graalpy|py)[-@]?(?=$|[\d<>=!~])", re.IGNORECASE)
_VERSION = re.compile(
    r"(?P<release>[23](?:\.\d+){0,2})(?P<wildcard>\.\*)?(?P<pre>(?:a|b|rc)\d+)?"
    r"(?P<threads>t|\+freethreaded)?(?P<dev>-dev)?"
    # How pyenv and uv end their names: pypy3.10-7.3.15, cpython-3.12.1-linux-x86_64-gnu.
    r"(?:-v?\d+(?:\.\d+)+|-(?:linux|macos|darwin|windows)[\w.-]*)?"
)


@dataclass(frozen=True, kw_only=True)
class PythonRequest:
    """A demand on the interpreter; `parse_python_request` and `any_python` make one.

    `text` is as the user wrote it, `source` says where ("argument", "PYVE_PYTHON_VERSION", ".python-version", ...).
    """

    text: str
    source: str
    specifier: str = ""  # PEP 440; "" accepts every version
    release: tuple[int, ...] = ()  # of a single version or minor; spares the import of packaging
    implementation: str | None = None
    free_threaded: bool = False
    prereleases: bool = False
    also: str = ""  # requires-python, where it demands more than `specifier`
    pin_text: str | None = None  # what a pin file would hold; None for a range or a name alone
    passed_over: tuple[str, ...] = ()  # evidence: the weaker answers that this one beat

    def accepts(self, interpreter: Interpreter) -> bool:
        """Whether this interpreter is what was asked for; pre-releases and free-threaded builds only when asked."""
        if interpreter.prerelease and not self.prereleases:
            return False
        if interpreter.free_threaded is not self.free_threaded:
            return False
        if self.implementation not in (None, interpreter.implementation):
            return False
        if not self._names_version_of(interpreter):
            return False
        # A pre-release counts as its release here, as it does for pip and uv when they read requires-python.
        return not self.also or _is_in(".".join(map(str, interpreter.version)), self.also)

    def _names_version_of(self, interpreter: Interpreter) -> bool:
        if not self.specifier:
            return True
        if self.release and interpreter.version[: len(self.release)] != self.release:
            return False
        if self.release and not self.prereleases:
            return True
        return _is_in(interpreter.version_text, self.specifier)

    @property
    def is_any(self) -> bool:
        """Whether nothing at all was asked."""
        return not (self.specifier or self.implementation or self.free_threaded)

    @property
    def canonical(self) -> str:
        """The same text for every spelling of the same demand: what a fingerprint counts."""
        flags = ("t" if self.free_threaded else "") + (" pre" if self.prereleases else "")
        return f"{self.implementation or ''}{self.specifier}{flags}" + (f" and {self.also}" if self.also else "")


def any_python() -> PythonRequest:
    """The request of a project that asks for nothing."""
    return PythonRequest(text="", source="default")


def parse_python_request(text: str, *, source: str) -> PythonRequest:
    """Understand a version, range or name. Raises PythonRequestInvalidError."""
    stripped = text.strip()
    if len(stripped) > _LONGEST:  # numbers of thousands of digits are refused by Python itself, with a ValueError
        raise _invalid(f"`{text[:40]}...` ({source}) is too long for a Python version or range.", hint=_EXAMPLES)
    if _looks_like_path(stripped):
        raise _invalid(
            f"`{text}` ({source}) looks like a path. A Python is asked for by its version or range.",
            hint="the project's directory is given by --project DIR; " + _EXAMPLES,
        )
    name = _NAME.match(stripped)
    implementation = _IMPLEMENTATIONS[name["name"].lower()] if name else None
    rest = stripped[name.end() :] if name else stripped
    if name and not rest and implementation:
        return PythonRequest(text=stripped, source=source, implementation=implementation)
    version = _VERSION.fullmatch(_without_equals(rest))
    if version:
        return _request_of_version(version, text=stripped, source=source, implementation=implementation)
    if rest and rest[0] in "<>=!~":
        return _request_of_range(rest, text=stripped, source=source, implementation=implementation)
    raise _invalid(f"`{text}` ({source}) is not a Python version or range.", hint=_hint_for(stripped))


def is_disjoint(request: PythonRequest, specifier: str) -> bool:
    """Whether no version at all can satisfy both."""
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(f"{_comparable(request)},{specifier}".strip(",")).is_unsatisfiable()


def is_within(request: PythonRequest, specifier: str) -> bool:
    """Whether every version that the request names satisfies `specifier`."""
    from packaging.specifiers import SpecifierSet

    if "===" in specifier:  # a comparison of texts: packaging cannot reason about it
        return False
    return SpecifierSet(_comparable(request)).is_subset(SpecifierSet(specifier))


def _comparable(request: PythonRequest) -> str:
    # 3.15.0rc1 is judged as 3.15.0, as in accepts().
    return "==" + ".".join(map(str, request.release)) if len(request.release) == 3 else request.specifier


def _is_in(version: str, specifier: str) -> bool:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(specifier).contains(version, prereleases=True)


def _request_of_version(match: re.Match[str], *, text: str, source: str, implementation: str | None) -> PythonRequest:
    release = tuple(int(part) for part in match["release"].split("."))
    pre = match["pre"] or ""
    if pre:
        release = (*release, 0, 0)[:3]
    dotted = ".".join(map(str, release))
    exact = len(release) == 3 and not match["dev"]
    threads = "t" if match["threads"] else ""
    prefix = "" if implementation in (None, "cpython") else implementation
    return PythonRequest(
        text=text,
        source=source,
        specifier=f"=={dotted}{pre}" if exact else f"=={dotted}.*",
        release=release,
        implementation=implementation,
        free_threaded=bool(threads),
        prereleases=bool(pre or match["dev"]),
        pin_text=f"{prefix}{dotted}{pre}{threads}{match['dev'] or ''}" if len(release) > 1 else None,
    )


def _request_of_range(rest: str, *, text: str, source: str, implementation: str | None) -> PythonRequest:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        specifiers = SpecifierSet(rest)
    except InvalidSpecifier:
        raise _invalid(f"`{text}` ({source}) is not a range of Python versions.", hint=_hint_for(text)) from None
    if "===" in rest or specifiers.is_unsatisfiable():
        raise _invalid(f"No Python version can satisfy `{text}` ({source}).", hint=_EXAMPLES)
    return PythonRequest(
        text=text,
        source=source,
        specifier=str(specifiers),
        implementation=implementation,
        prereleases=bool(specifiers.prereleases),
    )


def _without_equals(text: str) -> str:
    """`==3.12.*` and `==3.12.1` name a version; a bare `==3.12` means 3.12.0 alone (PEP 440) and stays a range."""
    bare = text.removeprefix("==").strip()
    if bare != text and not bare.endswith(".*") and bare.count(".") < 2:
        return text
    return bare


def _looks_like_path(text: str) -> bool:
    return text.startswith((".", "~/", "~\\")) or "/" in text or "\\" in text


def _hint_for(text: str) -> str:
    joined = re.fullmatch(r"(?:python|py)?3(\d{1,2})", text)
    if joined:
        return f"did you mean 3.{joined[1]}?"
    caret = re.fullmatch(r"\^(3\.\d+(?:\.\d+)?)", text)
    if caret:
        return f"`^` is Poetry's notation; write '>={caret[1]},<4'"
    return _EXAMPLES


def _invalid(message: str, *, hint: str) -> PythonRequestInvalidError:
    return PythonRequestInvalidError(message, hint=hint)
