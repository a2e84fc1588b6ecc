"""docs/reference/output.md tells every field of the schema."""

from tests.docs.output_page import PAGE, SCHEMA, render_page, verbs_of_definitions


def test_the_tables_are_those_of_the_schema() -> None:
    text = PAGE.read_text("utf-8")
    assert render_page(text) == text, "to write them anew: python -m tests.docs.output_page"


def test_every_definition_but_the_envelopes_own_stands_on_the_page() -> None:
    rendered = render_page("<!-- fields -->\n<!-- end -->\n")
    titles = {name for name in SCHEMA["$defs"] if f"**{name.replace('_', ' ')}**" in rendered}
    assert titles | set(verbs_of_definitions()) | {"problem"} == set(SCHEMA["$defs"])
