"""The grammar of bash (tree-sitter-bash): parses a script into trees, in spite of what the grammar reads wrongly."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

_BASH = Language(tree_sitter_bash.language())
_STATEMENTS = frozenset({
    "command", "redirected_statement", "pipeline", "list", "for_statement", "c_style_for_statement", "while_statement",
    "if_statement", "case_statement", "function_definition", "compound_statement", "subshell", "negated_command",
    "variable_assignment", "variable_assignments", "test_command", "declaration_command", "unset_command",
})  # fmt: skip
_BLOCKS = frozenset({"do_group", "compound_statement", "subshell", "else_clause", "elif_clause", "case_item"})


def statements_in(block: Node) -> Iterator[Node]:
    """The statements of a block, without conditions; a stretch with an error gives what is whole in it."""
    begun = block.type not in ("if_statement", "elif_clause", "case_item")
    for child in block.children:
        if child.type in ("then", ")"):
            begun = True
        elif child.type == "ERROR":
            yield from statements_in(child)
        elif begun and child.type in _STATEMENTS:
            yield child


def blocks_in(statement: Node) -> Iterator[Node]:
    """The blocks inside a statement: bodies of loops, branches, functions."""
    if statement.type == "if_statement":
        yield statement
    for child in statement.children:
        if child.type in _BLOCKS:
            yield child
        elif child.type in ("redirected_statement", "list", "pipeline", "while_statement", "for_statement"):
            yield from blocks_in(child)


def stretches(text: bytes, base: int = 0) -> Iterator[tuple[int, Node]]:
    """(offset in bytes, tree) of each stretch of a script, in order: one, where the grammar reads it rightly.

    Before a here-document the grammar sometimes takes several lines for one command; the script is then cut there.
    """
    # `-` alone is no word of the grammar. `_` is, and as long.
    readable = re.sub(rb"(?<=[ \t])-(?=[ \t]*(?:$|[<>|;&]))", b"_", text, flags=re.MULTILINE)
    root = Parser(_BASH).parse(readable).root_node
    cut = _line_end_in_a_command(root, text)
    if cut is None:
        yield base, root
        return
    yield from stretches(text[:cut], base)
    yield from stretches(text[cut:], base + cut)


def _line_end_in_a_command(node: Node, text: bytes) -> int | None:
    """The offset after the first line that ends between two words of a command, without a backslash."""
    if node.type == "command":
        for before, after in pairwise(node.children):
            gap = text[before.end_byte : after.start_byte]
            bare = re.search(rb"(?<!\\)\n", gap)
            if bare is not None:
                return before.end_byte + bare.end()
    found = (_line_end_in_a_command(child, text) for child in node.children)
    return next((cut for cut in found if cut is not None), None)


def first_unread(node: Node) -> float:
    """Where a here-document begins that the grammar cannot read: its lines would be taken for commands."""
    if not node.has_error:
        return math.inf
    if node.type in ("heredoc_redirect", "heredoc_start"):
        return node.start_byte
    if node.is_error and (markers := [c.start_byte for c in node.children if c.type == "heredoc_start"]):
        return markers[0]
    return min((first_unread(child) for child in node.children), default=math.inf)
