"""What it costs to load each client, once in a process that uses it."""

from __future__ import annotations

import statistics
import sys

from bench.measure import in_turns, run

# A client -> the import that loads as much of it as Rung does, and the commands that do so.
CLIENTS = {
    "docker": ("import docker", "all that ask the engine: `rung start`, `check`, `status`, `stop`, ..."),
    "kubernetes": ("import rung.checks.client.client; from kubernetes.client import ApiClient", "those of a cluster"),
    "testinfra": ("import rung.checks.core.machine", "`rung check`, and `rung start` where it asks a machine"),
}


def loading_table(runs: int) -> str:
    """A Markdown table: seconds that each client adds to a Python that loads nothing, medians of `runs`."""
    programs = {"nothing": "pass", **{name: program for name, (program, _) in CLIENTS.items()}}
    what = {name: (lambda text=text: run(sys.executable, "-c", text)) for name, text in programs.items()}
    series = in_turns(runs, **what)
    bare = series["nothing"].seconds
    lines = ["| client | adds | loaded by |", "|---|---|---|"]
    for name, (_, commands) in CLIENTS.items():
        seconds = statistics.median(a - b for a, b in zip(series[name].seconds, bare, strict=True))
        lines.append(f"| {name} | {seconds:.2f} s | {commands} |")
    return "\n".join(lines) + "\n"
