"""The `dependencies` of an environment.yml: conda's packages, selectors, and the pip section."""

from dataclasses import dataclass, field

from pyve.errors import ManifestInvalidError, ProjectError
from pyve.errors.conda import MatchSpecInvalidError
from pyve.project.conda.match_spec import MatchSpecTextError, parse_match_spec
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.manifests.comment_selectors import evaluate_key
from pyve.project.manifests.yaml_value import YamlList, YamlMapping, YamlScalar, YamlValue, describe, is_null, is_text
from pyve.project.nearest_name import find_nearest_name

_EXAMPLE = "dependencies:\n  - python=3.12"
_PIP_EXAMPLE = "- pip:\n    - requests"


@dataclass(frozen=True, kw_only=True)
class DeclaredSpec:
    """One MatchSpec as written, and where: `origin` is `environment.yml:7`. `channel` is that before `::`."""

    text: str
    name: str
    channel: str | None
    origin: str


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """What counts on one subdir; `pip_lines` have the numbers of their lines."""

    specs: tuple[DeclaredSpec, ...]
    pip_lines: tuple[tuple[int, str], ...]
    has_pip: bool
    notes: tuple[str, ...]


def read_dependencies(mapping: YamlMapping, shown: str, subdir: str) -> Dependencies:
    """Read the section; ManifestInvalidError and MatchSpecInvalidError name file and line."""
    entries = _list_entries(mapping, shown)
    reading = _Reading(shown=shown, subdir=subdir)
    for position, entry in enumerate(entries, start=1):
        reading.take(entry, is_last=position == len(entries))
    return Dependencies(
        specs=tuple(reading.specs),
        pip_lines=tuple(reading.pip_lines),
        has_pip=reading.has_pip,
        notes=tuple(reading.notes),
    )


def _list_entries(mapping: YamlMapping, shown: str) -> tuple[YamlValue, ...]:
    section = mapping.get("dependencies")
    line = mapping.line_of("dependencies")
    if line is None:
        raise _refuse_missing(mapping, shown)
    if is_null(section):  # also where no line counts on this platform
        return ()
    if isinstance(section, YamlList):
        return section.items
    hint = _EXAMPLE
    if isinstance(section, YamlMapping) and section.entries:
        key, value = section.entries[0]
        hint = f"dependencies:\n  - {_as_spec(key.text, value)}"
    elif isinstance(section, YamlScalar) and is_text(section):
        hint = f"dependencies:\n  - {strip_url_secrets(section.text.split()[0] if section.text.split() else 'python')}"
    raise ManifestInvalidError(
        f"{shown}:{line}: `dependencies` must be a list, and is {describe(section) if section else 'empty'}.", hint=hint
    )


def _refuse_missing(mapping: YamlMapping, shown: str) -> ManifestInvalidError:
    keys = {key.text.lower(): key for key in mapping.list_keys()}
    nearest = find_nearest_name("dependencies", keys)
    if nearest:
        key = keys[nearest]
        return ManifestInvalidError(
            f"{shown}:{key.line}: there is no `dependencies`, but {key.text!r}.", hint="did you mean dependencies?"
        )
    return ManifestInvalidError(f"{shown}:{mapping.line}: there is no `dependencies` in this file.", hint=_EXAMPLE)


@dataclass(kw_only=True)
class _Reading:
    """What has been read so far."""

    shown: str
    subdir: str
    specs: list[DeclaredSpec] = field(default_factory=list)
    pip_lines: list[tuple[int, str]] = field(default_factory=list)
    has_pip: bool = False
    notes: list[str] = field(default_factory=list)

    def take(self, entry: YamlValue, *, is_last: bool) -> None:
        """Take one entry of the list."""
        place = f"{self.shown}:{entry.line}"
        if isinstance(entry, YamlScalar):
            self.specs.append(self._read_spec(entry, place))
        elif isinstance(entry, YamlList):
            raise ManifestInvalidError(
                f"{place}: a list stands in `dependencies`, where a package or `pip:` is expected.", hint=_EXAMPLE
            )
        elif len(entry.entries) != 1:
            names = ", ".join(key.text for key in entry.list_keys()) or "nothing"
            raise ManifestInvalidError(
                f"{place}: an entry holds {names!r}, and must hold one key, as `pip:`.",
                hint="give each its own dash, at the depth of its neighbours",
            )
        else:
            self._take_section(*entry.entries[0], is_last=is_last)

    def _take_section(self, key: YamlScalar, value: YamlValue, *, is_last: bool) -> None:
        place = f"{self.shown}:{key.line}"
        if key.text == "pip":
            self._take_pip(value, place, is_last=is_last)
            return
        holds = evaluate_key(key.text, self.subdir, place)
        if holds is None:
            raise _refuse_section(key.text, value, place)
        if not isinstance(value, YamlScalar):
            raise ManifestInvalidError(
                f"{place}: `{key.text}` takes one package, and is {describe(value)}.",
                hint=f"- {key.text}: pywin32",
            )
        spec = self._read_spec(value, f"{self.shown}:{value.line}")
        if holds:
            self.specs.append(spec)

    def _take_pip(self, value: YamlValue, place: str, *, is_last: bool) -> None:
        if is_null(value):
            if not is_last:
                self.notes.append(
                    f"{place}: `pip:` has no list: what follows are packages of conda; pip's stand deeper."
                )
            return
        if not isinstance(value, YamlList):
            raise ManifestInvalidError(f"{place}: `pip` must be a list, and is {describe(value)}.", hint=_PIP_EXAMPLE)
        self.has_pip = True
        for item in value.items:
            if not isinstance(item, YamlScalar) or not is_text(item) or not item.text.strip():
                place = f"{self.shown}:{item.line}"
                raise ManifestInvalidError(
                    f"{place}: an entry of `pip` is {describe(item)}, not a line of a requirements file.",
                    hint=_PIP_EXAMPLE,
                )
            self.pip_lines.append((item.line, item.text))

    def _read_spec(self, value: YamlScalar, place: str) -> DeclaredSpec:
        text = value.text.strip()
        if not is_text(value) and not is_null(value):
            raise MatchSpecInvalidError(f"{place}: {describe(value)} is not a package.", hint="- python=3.12")
        if value.last_line > value.line and text:
            raise MatchSpecInvalidError(
                f"{place}: this entry goes on to line {value.last_line}: {strip_url_secrets(text)!r}.",
                hint="begin each package with a dash at the same depth",
            )
        try:
            parsed = parse_match_spec("" if is_null(value) else text)
        except MatchSpecTextError as error:
            hint = strip_url_secrets(error.hint) if error.hint else None
            shown_text = strip_url_secrets(text if len(text) <= 160 else f"{text[:157]}...")
            told = f"{shown_text!r} is not a package" if text else "this entry is not a package"
            raise MatchSpecInvalidError(f"{place}: {told}: {error}.", hint=hint) from error
        return DeclaredSpec(text=text, name=parsed.name, channel=parsed.channel, origin=place)


def _refuse_section(key: str, value: YamlValue, place: str) -> ProjectError:
    if isinstance(value, YamlScalar):
        return MatchSpecInvalidError(
            f"{place}: `{key}:` is a key with a value, not a package.", hint=f"- {_as_spec(key, value)}"
        )
    nearest = "pip" if find_nearest_name(key.lower(), ("pip",)) else None
    return ManifestInvalidError(
        f"{place}: `{key}` is a section that pyve cannot install: it knows conda's packages and `pip:`.",
        hint=f"did you mean {nearest}?" if nearest else f"take the section out, and install it with {key} itself",
    )


def _as_spec(name: str, value: YamlValue) -> str:
    """`python=3.10` for what was written as `python: 3.10`."""
    if not isinstance(value, YamlScalar) or is_null(value):
        return name
    version = value.text.strip()
    return f"{name}{'' if version[:1] in '<>=!~' and version else '='}{version}" if version else name
