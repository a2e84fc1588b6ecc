"""What changed between what a lock was made from and what is declared now, in sentences."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyve.project.locking.lock_inputs import LockInput, LockInputs

_KIND = re.compile(
    r"^(?P<kind>constraint|option|setting|requires-python|file|conda|channels|pip|(?:group|extra) [^:]+): "
    r"(?P<rest>.*)$",
    re.DOTALL,
)
_NAME = re.compile(r"^(?:-e )?(?:[^\s<>=!~]+::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*?)(?=[\[<>=!~;@ ]|$)")
_PLACE = re.compile(r"^(?:-e )?(?P<place>.*?)(?:\[[^\]]*\])?#content=")
_REPEATED = ("--extra-index-url", "--find-links", "--only-binary", "--no-binary", "pip-repositories")
_EMPTY_PART = "nothing"
_LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class _Said:
    """One input taken apart: `key` is what it is about, the same before and after a change of it."""

    kind: str
    rest: str
    key: str
    origin: str = ""

    @property
    def is_part(self) -> bool:
        return self.kind.startswith(("group ", "extra "))

    @property
    def is_local(self) -> bool:
        return "#content=" in self.rest

    @property
    def where(self) -> str:
        part = self.kind if self.is_part else ""
        told = ", ".join(filter(None, (part, self.origin)))
        return f" ({told})" if told else ""

    @property
    def shown(self) -> str:
        text = re.sub(r"#content=[0-9a-f]{64}", "", self.rest)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def describe_changes(before: Iterable[str], after: LockInputs) -> tuple[str, ...]:
    """Return a sentence for each difference, what is changed first, then what is new, then what is gone.

    `before` are the texts of a stamp. None: they say the same.
    """
    old, new = set(before), {one.text: one for one in after.inputs}
    gone = [_take_apart(text) for text in sorted(old - set(new))]
    added = [_take_apart(text, new[text]) for text in sorted(set(new) - old)]
    kept = [_take_apart(text, new[text]) for text in sorted(set(new) & old)]
    changed = list(_pair(gone, added))
    for first, second in changed:
        gone.remove(first)
        added.remove(second)
    now = [*added, *kept, *(second for _, second in changed)]
    return (
        *(_tell_changed(first, second) for first, second in changed),
        *(_tell_new(one, others=[*kept, *gone]) for one in added),
        *filter(None, (_tell_gone(one, now) for one in gone)),
    )


def split_kind(text: str) -> tuple[str, str]:
    """Return what the text of an input begins with ("" for a plain requirement, `group dev`), and the rest."""
    match = _KIND.match(text)
    return (match["kind"], match["rest"]) if match else ("", text)


def _take_apart(text: str, found: LockInput | None = None) -> _Said:
    kind, rest = split_kind(text)
    origin = found.origin if found else ""
    return _Said(kind=kind, rest=rest, key=_key_of(kind, rest), origin=origin)


def _key_of(kind: str, rest: str) -> str:
    if kind in ("requires-python", "channels"):
        return kind
    first = rest.partition(" ")[0]
    if kind == "option":
        return rest if first in _REPEATED else first
    if kind in ("setting", "file"):
        return first
    place = _PLACE.match(rest)
    name = _NAME.match(rest)
    return place["place"] if place else name["name"] if name else rest


def _pair(gone: list[_Said], added: list[_Said]) -> Iterator[tuple[_Said, _Said]]:
    """What was one thing about a key and is another one."""
    for one in gone:
        same = [other for other in gone if (other.kind, other.key) == (one.kind, one.key)]
        now = [other for other in added if (other.kind, other.key) == (one.kind, one.key)]
        if len(same) == len(now) == 1:
            yield one, now[0]


def _tell_changed(old: _Said, new: _Said) -> str:
    where = f" ({new.origin})" if new.origin else ""
    if new.kind == "file" or (new.is_local and old.is_local and old.shown == new.shown):
        return f"{new.key} has changed" + (where if new.kind != "file" else "")
    if new.kind == "channels":
        return f"the channels were {old.shown}, are {new.shown}{where}"
    if new.kind in ("option", "setting"):
        subject = f"the option {new.key}" if new.kind == "option" else _name_setting(new.key)
        was, now = (one.shown.partition(" ")[2] for one in (old, new))
        return f"{subject} was {was}, is {now}{where}"
    subject = {"": new.key, "requires-python": new.key, "constraint": f"the constraint on {new.key}"}.get(
        new.kind, new.key
    )
    part = f" in the {new.kind}" if new.is_part else ""
    return f"{subject}{part} was {old.shown}, is {new.shown}{where}"


def _tell_new(one: _Said, *, others: list[_Said]) -> str:
    if one.is_part and one.rest == _EMPTY_PART:
        return f"the {one.kind} holds nothing now"
    subject = _subject(one, others)
    if one.kind == "file":
        return f"{subject} is new"
    return f"{subject}{one.where} {'are' if one.kind == 'channels' else 'is'} new"


def _tell_gone(one: _Said, now: list[_Said]) -> str:
    if one.is_part and one.rest == _EMPTY_PART:
        return "" if any(other.kind == one.kind for other in now) else f"the {one.kind} is no longer declared"
    subject = _subject(one, now)
    if one.kind == "file":
        return f"{subject} is no longer there"
    if one.is_part and subject == one.key:
        return f"{subject} is no longer in the {one.kind}"
    elsewhere = next((other.kind for other in now if other.is_part and other.key == one.key), None)
    if one.kind == "" and subject == one.key and elsewhere:
        return f"{subject} is only in the {elsewhere} now"
    return f"{subject} {'are' if one.kind == 'channels' else 'is'} no longer declared"


def _subject(one: _Said, others: list[_Said]) -> str:
    if one.kind in ("option", "constraint", "channels"):
        return f"the {one.kind} {one.shown}"
    if one.kind == "setting":
        return _name_setting(one.key)
    if one.kind == "requires-python":
        return f"requires-python {one.shown}" if one.origin else "requires-python"
    # The name alone would be untrue where it stands there with another marker or version as well.
    stays = any((other.kind, other.key) == (one.kind, one.key) for other in others)
    return one.shown if stays else one.key


def _name_setting(key: str) -> str:
    tool, _, name = key.rpartition(".")
    return f"the setting {name} of {tool or 'uv'}"
