"""PowerShell text as a grammar reads it: there need be no PowerShell to see that a file is well-formed."""

from collections.abc import Iterator

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_powershell.language()))


def parse(content: bytes) -> Node:
    """The syntax tree of a file; its grammar is that of 5.1 and, of what came later, `&&` and `||`."""
    return _PARSER.parse(content).root_node


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    yield node
    for child in node.children:
        yield from walk(child)


def find_errors(node: Node) -> list[str]:
    """Where the text is not PowerShell: line numbers and what stands there."""
    return [f"{one.start_point.row + 1}: {text_of(one)[:80]!r}" for one in walk(node) if one.is_error or one.is_missing]


def find_all(node: Node, kind: str) -> list[Node]:
    """All nodes of a kind."""
    return [one for one in walk(node) if one.type == kind]


def text_of(node: Node) -> str:
    """The text of a node."""
    return (node.text or b"").decode("utf-8", "surrogateescape")
