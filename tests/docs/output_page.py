"""The fields of output.schema.json, written as the tables of docs/reference/output.md.

`python -m tests.docs.output_page` writes them into the page anew; a test holds them equal.
"""

import json
import re
from typing import Any

from tests.docs.page_run import DOCS

PAGE = DOCS / "reference" / "output.md"
SCHEMA = json.loads((DOCS / "reference" / "output.schema.json").read_text("utf-8"))
_FIELDS = re.compile(r"<!-- fields -->\n.*?<!-- end -->\n", re.DOTALL)


def verbs_of_definitions() -> dict[str, list[str]]:
    """Which verbs bring which definition as their data."""
    found: dict[str, list[str]] = {}
    for rule in SCHEMA["allOf"]:
        reference = rule["then"].get("properties", {}).get("data", {}).get("$ref")
        if reference:
            found.setdefault(_name(reference), []).append(rule["if"]["properties"]["command"]["const"])
    return found


def render_page(text: str) -> str:
    """The page with the tables written anew."""
    sections = [
        f"## {' and '.join(f'`{verb}`' for verb in verbs)}\n\n{_render(name)}"
        for name, verbs in verbs_of_definitions().items()
    ]
    return _FIELDS.sub(lambda _: "<!-- fields -->\n\n" + "\n".join(sections) + "\n<!-- end -->\n", text)


def _render(name: str) -> str:
    """The table of a definition, then those of the definitions it leads to, each once."""
    names = [name]
    for known in names:  # grows while it is read
        leads_to = (_reference(schema) for schema in SCHEMA["$defs"][known]["properties"].values())
        names += dict.fromkeys(inner for inner in leads_to if inner and inner not in names)
    return "\n".join(_table(each, titled=each != name) for each in names)


def _table(name: str, *, titled: bool) -> str:
    definition = SCHEMA["$defs"][name]
    title = f"**{_words(name)}**: " if titled else ""
    rows = (
        f"| `{field}` | {_kind(schema)} | {_meaning(schema)} |\n" for field, schema in definition["properties"].items()
    )
    heading = "| Field | Type | Meaning |\n|---|---|---|\n"
    return f"{title}{_plain(definition['description'])}\n\n{heading}{''.join(rows)}"


def _reference(schema: Any) -> str | None:
    reference = schema.get("$ref") or schema.get("items", {}).get("$ref") or schema.get("oneOf", [{}])[0].get("$ref")
    return _name(reference) if reference else None


def _kind(schema: Any) -> str:
    if "$ref" in schema:
        return _words(_name(schema["$ref"]))
    if "oneOf" in schema:
        return f"{_words(_reference(schema) or '')} or null"
    listed = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    items = _words(_reference(schema) or "string")
    names = {"array": f"array of {items}", "object": "map of string to string"}
    return " or ".join(names.get(kind, kind) for kind in listed)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _meaning(schema: Any) -> str:
    values = [f"`{value}`" for value in schema.get("enum", []) if value]
    named = all(value.strip("`") in schema["description"] for value in values)
    return _plain(schema["description"]) + ("" if named or not values else f" One of {', '.join(values)}.")


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


def _name(reference: str) -> str:
    return reference.removeprefix("#/$defs/")


if __name__ == "__main__":
    PAGE.write_text(render_page(PAGE.read_text("utf-8")), encoding="utf-8")
