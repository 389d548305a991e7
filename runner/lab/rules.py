"""The rules of a lab file beyond the types of its parts: names exist, ids are unique.

They read the file's plain data in whatever shape it has, so that they report mistakes even if other types are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rung.runner.lab.known_ids import known_objectives, known_skills
from rung.runner.lab.model import BASE, CAPABILITIES, DERIVED, ClusterSpec
from rung.runner.lab.yaml_tree import Document, Where

MOST_WORKERS = 4


def check(data: dict[str, Any], document: Document) -> None:
    """Note in the document every mistake against the rules."""
    _environment(data, document)
    _names(data, document)
    _ids(data, document)
    _needs(data, document)
    names = machine_names(data)
    for where, name in _on_keys(data):
        if names and name not in names:
            document.mistake(where, f"there is no machine `{name}`{document.meant(name, names)}")
    _reboot(data, document, names)


def tasks(data: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The tasks that are mappings, with their numbers."""
    yield from ((number, task) for number, task in _entries(data.get("tasks")) if isinstance(task, dict))


def _entries(value: Any) -> Iterator[tuple[int, Any]]:
    yield from enumerate(value if isinstance(value, list) else [])


def _words(value: Any) -> Iterator[tuple[int, str]]:
    yield from ((number, str(word)) for number, word in _entries(value) if isinstance(word, str | int))


def _machines(data: dict[str, Any]) -> Any:
    environment = data.get("environment")
    return environment.get("machines") if isinstance(environment, dict) else None


def machine_names(data: dict[str, Any]) -> list[str]:
    """The names that `on` may use."""
    environment = data.get("environment")
    if isinstance(environment, dict) and isinstance(environment.get("cluster"), dict):
        workers = environment["cluster"].get("workers", 0)
        # An invalid number is reported elsewhere; names are then checked as if it were the largest.
        known = workers if type(workers) is int and 0 <= workers <= MOST_WORKERS else MOST_WORKERS
        return [BASE.name, *ClusterSpec(workers=known).nodes]
    named = (m.get("name") for _, m in _entries(_machines(data)) if isinstance(m, dict))
    return [name for name in named if isinstance(name, str)]


def _environment(data: dict[str, Any], document: Document) -> None:
    environment = data.get("environment")
    if not isinstance(environment, dict):
        return
    machines, cluster = bool(environment.get("machines")), environment.get("cluster") is not None
    if machines == cluster:
        what = "either machines or a cluster, not both" if machines else "at least one machine, or a cluster"
        document.mistake(("environment",), f"`environment`: expected {what}")
    seen: set[str] = set()
    for number, machine in _entries(_machines(data)):
        name = machine.get("name") if isinstance(machine, dict) else None
        if isinstance(name, str) and name in seen:
            document.mistake(("environment", "machines", number, "name"), f"two machines are called `{name}`")
        seen |= {name} if isinstance(name, str) else set()
    if machines and all(isinstance(m, dict) and m.get("shell") is False for _, m in _entries(_machines(data))):
        document.mistake(("environment", "machines"), "no machine has a shell, so nobody can do the tasks")


def _names(data: dict[str, Any], document: Document) -> None:
    for number, name in _words(data.get("objectives")):
        if name not in known_objectives():
            sentence = f"unknown objective `{name}`{document.meant(name, known_objectives())}"
            document.mistake(("objectives", number), sentence)
    for number, name in _words(data.get("skills")):
        if name not in known_skills():
            document.mistake(("skills", number), f"unknown skill `{name}`{document.meant(name, known_skills())}")
    for number, name in _words(data.get("capabilities")):
        if name.split(":")[0] in DERIVED:
            sentence = f"the capability `{name}` is derived from the rest of the file: leave it out"
            document.mistake(("capabilities", number), sentence)
        elif name not in CAPABILITIES:
            sentence = f"unknown capability `{name}`{document.meant(name, CAPABILITIES)}"
            document.mistake(("capabilities", number), sentence)


def _ids(data: dict[str, Any], document: Document) -> None:
    seen: set[str] = set()
    for number, task in tasks(data):
        name = task.get("id")
        if isinstance(name, str) and name in seen:
            document.mistake(("tasks", number, "id"), f"two tasks have the id `{name}`")
        seen |= {name} if isinstance(name, str) else set()


def _needs(data: dict[str, Any], document: Document) -> None:
    graph = {task["id"]: task for _, task in tasks(data) if isinstance(task.get("id"), str)}
    edges: dict[str, list[str]] = {}
    for number, task in tasks(data):
        for place, name in _words(task.get("needs")):
            if name not in graph:
                sentence = f"there is no task `{name}`{document.meant(name, graph)}"
                document.mistake(("tasks", number, "needs", place), sentence)
            elif isinstance(task.get("id"), str):
                edges.setdefault(task["id"], []).append(name)
    circle = cycle(edges)
    if circle:
        number = next(number for number, task in tasks(data) if task.get("id") == circle[0])
        document.mistake(("tasks", number, "needs"), "these tasks need each other: " + " -> ".join(circle))


def cycle(edges: dict[str, list[str]]) -> list[str]:
    """A circle in a graph, its first node again at the end; or an empty list."""
    done: set[str] = set()
    for start in edges:
        path: dict[str, None] = {}  # ordered, and fast to search
        stack = [(start, iter(edges.get(start, ())))] if start not in done else []
        path |= {start: None} if stack else {}
        while stack:
            following = next((node for node in stack[-1][1] if node not in done), None)
            if following is None:
                done.add(stack.pop()[0])
                path.popitem()
            elif following in path:
                return [*list(path)[list(path).index(following) :], following]
            else:
                stack.append((following, iter(edges.get(following, ()))))
                path[following] = None
    return []


def _on_keys(data: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    """The `on` of all tasks, expectations and their controls, with their places."""
    for number, task in tasks(data):
        at: Where = ("tasks", number)
        yield from _on(task, at)
        for place, entry in _entries(task.get("expect")):
            yield from _on(entry, (*at, "expect", place))
    for place, entry in _entries(data.get("start")):
        yield from _on(entry, ("start", place))


def _on(entry: Any, where: Where) -> Iterator[tuple[Where, str]]:
    if not isinstance(entry, dict):
        return
    if isinstance(entry.get("on"), str):
        yield (*where, "on"), entry["on"]
    yield from _on(entry.get("control"), (*where, "control"))


def _reboot(data: dict[str, Any], document: Document, names: list[str]) -> None:
    reboot = data.get("reboot")
    for number, name in _words(reboot):
        if names and name not in names:
            document.mistake(("reboot", number), f"there is no machine `{name}`{document.meant(name, names)}")
    if reboot:
        return
    for number, task in tasks(data):
        for place, entry in _entries(task.get("expect")):
            if isinstance(entry, dict) and entry.get("when") == "rebooted":
                where = ("tasks", number, "expect", place, "when")
                document.mistake(where, "`when: rebooted` needs `reboot: true` in the lab")
