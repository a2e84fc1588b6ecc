"""The options on one line of a requirements file, taken apart by pip's own option parser."""

import re
import shlex
from dataclasses import dataclass
from typing import Any

# Options of old pips that the parser still takes, and what to do about them.
_DROPPED_BY_PIP = {
    "install_options": ("--install-option", "pip 23.1 dropped it: use --config-settings"),
    "allow_all_external": ("--allow-all-external", "pip dropped it: remove it"),
    "allow_external": ("--allow-external", "pip dropped it: remove it"),
    "allow_unverified": ("--allow-unverified", "pip dropped it: remove it"),
    "always_unzip": ("--always-unzip", "pip dropped it: remove it"),
    "no_use_wheel": ("--no-use-wheel", "pip dropped it: write --no-binary :all:"),
}
_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_HASH = re.compile(r"^(?:sha256|sha384|sha512):[0-9a-fA-F]+$")


class OptionInvalidError(ValueError):
    """The options of a line cannot be understood; `hint` is what to write instead."""

    def __init__(self, reason: str, *, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, kw_only=True)
class LogicalLine:
    """One line, continuations joined: a requirement with its own options, or options that hold for the whole file.

    `values` maps pip's option names ("index_url", "requirements", ...) to what was given; only given ones are there.
    """

    requirement: str
    editable: bool
    hashes: tuple[str, ...]
    pip_options: tuple[str, ...]
    values: dict[str, Any]


def split_lines(text: str) -> list[tuple[int, str]]:
    """Return the logical lines that are not comments, each with the number of its first physical line.

    As pip does it; its parser, which takes longer to import than most files to be read, is left to options.
    """
    found: list[tuple[int, str]] = []
    waiting: list[str] = []
    first = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        first = first if waiting else number
        is_comment = _COMMENT.match(line) is not None
        if line.endswith("\\") and not is_comment:
            waiting.append(line.strip("\\"))
            continue
        joined = "".join([*waiting, f" {line}" if is_comment else line])
        comment = _COMMENT.search(joined)
        found.append((first, (joined[: comment.start()] if comment else joined).strip()))
        waiting = []
    return [(number, line) for number, line in found if line]


def parse_line(text: str) -> LogicalLine:
    """Take one logical line apart, or raise OptionInvalidError."""
    tokens = text.replace("\t", " ").split(" ")
    end = next((place for place, token in enumerate(tokens) if token.startswith("-")), len(tokens))
    requirement, options = " ".join(tokens[:end]), " ".join(tokens[end:])
    words = options.split()
    if all(word.startswith("--hash=") for word in words):  # nearly every line: no option parser is needed
        values: dict[str, Any] = {"hashes": [word.removeprefix("--hash=") for word in words]} if words else {}
        return _build(requirement.strip(), values)
    values, left_over = _parse_options(options)
    editables = values.get("editables", [])
    if len(editables) > 1:
        raise OptionInvalidError("there is more than one -e on this line", hint="give each its own line")
    if editables and requirement:
        raise OptionInvalidError("-e stands after a requirement", hint="give each its own line")
    if editables and left_over and left_over[0].startswith(";"):  # a marker: uv understands it, pip drops it unsaid
        return _build(f"{editables[0]} ; {options.split(';', 1)[1].strip()}", values)  # its quotes as written
    if left_over:
        raise OptionInvalidError(f"{' '.join(left_over)!r} is unexpected here", hint="give it a line of its own")
    return _build(requirement.strip() or " ".join(editables), values)


def _build(requirement: str, values: dict[str, Any]) -> LogicalLine:
    for name, (option, advice) in _DROPPED_BY_PIP.items():
        if values.get(name):
            raise OptionInvalidError(f"{option} is no longer an option", hint=advice)
    editable = bool(values.pop("editables", None))
    hashes = tuple(values.pop("hashes", ()))
    for one in hashes:
        if not _HASH.match(one):
            raise OptionInvalidError(
                f"--hash={one} is not a hash", hint="write it as: --hash=sha256:... (sha256, sha384 or sha512)"
            )
    pip_options = (
        *(f"--global-option={value}" for value in values.pop("global_options", ())),
        *(f"--config-settings={value}" for value in values.pop("config_settings", ())),
    )
    if requirement and values:
        raise OptionInvalidError(
            "it holds an option that is for the whole file", hint="give the option a line of its own"
        )
    if not requirement and (hashes or pip_options):
        raise OptionInvalidError(
            "there is no requirement before the options", hint="end the line above with a backslash, or remove this one"
        )
    return LogicalLine(
        requirement=requirement, editable=editable, hashes=hashes, pip_options=pip_options, values=values
    )


def _parse_options(text: str) -> tuple[dict[str, Any], list[str]]:
    import optparse

    from pip_requirements_parser import OptionParsingError, build_parser

    parser: optparse.OptionParser = build_parser()
    parser.add_option("-C", "--config-settings", "--config-setting", dest="config_settings", action="append")
    try:
        given, left_over = parser.parse_args(shlex.split(text))
    except OptionParsingError as error:
        message = error.msg.strip().rpartition("error: ")[2]
        raise OptionInvalidError(message, hint=_suggest_option(message, parser)) from error
    except ValueError as error:  # shlex: a quotation that does not end
        raise OptionInvalidError(f"{str(error).lower()}", hint="close the quotation") from error
    values = {name: _without_equals(value) for name, value in vars(given).items() if value}
    return values, list(left_over)


def _without_equals(value: Any) -> Any:
    """`-i=URL` gives "=URL": pip's parser takes the equals sign for part of a short option's value."""
    if isinstance(value, list):
        return [one.lstrip("=") for one in value]
    return value.lstrip("=") if isinstance(value, str) else value


def _suggest_option(message: str, parser: Any) -> str:
    from pyve.project.nearest_name import find_nearest_name

    unknown = re.search(r"no such option: (\S+)", message)
    if not unknown:
        return "see: pip help install"
    known = [str(option.get_opt_string()) for option in parser.option_list]
    nearest = find_nearest_name(unknown[1], known)
    return f"did you mean {nearest}?" if nearest else "see the options in pip's requirements file format"
