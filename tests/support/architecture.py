"""The generated part of docs/architecture.md: the packages, what each is for, and the arrows between them.

    python -m architecture            writes it
    python -m architecture --check    says whether it is as the code is

(from tests/support; `make check` does the second)
"""

from __future__ import annotations

import ast
import sys

from code_structure import LAYERS, MODULES, ROOT, folder, uses

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"
COMMAND = "cd tests/support && python -m architecture"


def arrows() -> set[tuple[str, str]]:
    """(folder, folder that it imports from), each once."""
    found = {(folder(module), folder(used)) for module in MODULES for used in uses(module)}
    return {(one, other) for one, other in found if one != other}


def reduced(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows that no longer way replaces: what a picture needs to show who stands on whom."""

    def reach(start: str, skip: tuple[str, str]) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for one, other in edges:
                if one == here and (one, other) != skip and other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return seen

    return {(one, other) for one, other in edges if other not in reach(one, (one, other))}


def sentence(path: str) -> str:
    """The first paragraph of a package's docstring."""
    text = ast.get_docstring(ast.parse((ROOT / path / "__init__.py").read_text())) or ""
    return " ".join(text.split("\n\n")[0].split())


def drawing() -> str:
    """The packages as a Mermaid graph, the ground at the bottom."""
    edges = reduced(arrows())
    lines = ["```mermaid", "flowchart TB"]
    for row in reversed(LAYERS):
        lines += [f'    {_id(name)}["{name}"]' for name in row.split()]
    lines += [f"    {_id(one)} --> {_id(other)}" for one, other in sorted(edges)]
    return "\n".join([*lines, "```"])


def table() -> str:
    """Each package from the ground up: its sentence, how many files it has, what it imports from."""
    edges = arrows()
    lines = ["| package | what it holds | files | imports from |", "|---|---|---|---|"]
    for row in LAYERS:
        for name in row.split():
            files = sum(1 for module in MODULES if folder(module) == name and not _is_package(module))
            used = ", ".join(f"`{_short(other)}`" for one, other in sorted(edges) if one == name)
            lines.append(f"| `{name}/` | {sentence(name)} | {files} | {used or '-'} |")
    return "\n".join(lines)


def _id(name: str) -> str:
    return name.replace("/", "_")


def _short(name: str) -> str:
    return name.removeprefix("runner/")


def _is_package(module: str) -> bool:
    return MODULES[module].name == "__init__.py"


def page(current: str) -> str:
    """The page with its generated part updated. Raises ValueError if the page has no such part."""
    head, rest = current.split(BEGIN)
    tail = rest.split(END)[1]
    return f"{head}{BEGIN}\n\n{drawing()}\n\n{table()}\n\n{END}{tail}"


def main(args: list[str]) -> int:
    """Write the page, or compare it with `--check`. Returns the exit code: 1 if it is out of date."""
    current = PAGE.read_text()
    wanted = page(current)
    if "--check" not in args:
        PAGE.write_text(wanted)
        return 0
    if current != wanted:
        print(f"{PAGE} is out of date: run `{COMMAND}`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
