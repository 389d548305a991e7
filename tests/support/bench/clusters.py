"""The figures of Kubernetes labs: clusters beside bare kind, checks beside kubectl."""

from __future__ import annotations

import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import facts
from bench.measure import Row, Series, in_turns, run, timed
from docker_command import environment
from rung.runner.drivers.base.plan import SpareCluster
from rung.runner.drivers.container.shell_channel import SHELL
from rung.runner.drivers.kind.clusters import THAW
from rung.runner.drivers.kind.kind_cli import cluster_config, kind_program
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.images import build, go_programs

NAME = "rung-bench-bare"
RUNS = 3

SHARED = """\
title: Ten checks of a cluster
objectives: [cka.work.rollouts]
difficulty: easy
minutes: 5
environment: {cluster: {scope: namespace, namespace: bench}}
tasks:
  - id: facts
    text: All is as it should be.
    expect:
"""
ALONE = """\
title: A cluster of its own
objectives: [cka.trouble.nodes]
difficulty: easy
minutes: 5
environment: {cluster: {scope: cluster}}
tasks:
  - id: node
    text: The node `controlplane` is ready.
    expect: [{node: controlplane, ready: true}]
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web{0}, namespace: bench}}
spec:
  selector: {{matchLabels: {{app: web{0}}}}}
  template:
    metadata: {{labels: {{app: web{0}}}}}
    spec: {{terminationGracePeriodSeconds: 1, containers: [{{name: web, image: "rung/web:1.0"}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: web{0}, namespace: bench}}
spec: {{selector: {{app: web{0}}}, ports: [{{port: 80, targetPort: 8080}}]}}
"""


def labs(home: Path) -> tuple[Path, Path]:
    """A lab that shares a cluster, with ten checks of ready objects, and one that uses a cluster up."""
    shared, alone = home / "bench-shared", home / "bench-alone"
    documents = ["apiVersion: v1\nkind: Namespace\nmetadata: {name: bench}\n", *(DEPLOYMENT.format(i) for i in (0, 1))]
    for folder, text in ((shared, SHARED + facts.EXPECT), (alone, ALONE)):
        folder.mkdir()
        (folder / "lab.yaml").write_text(text)
        (folder / "solution.sh").write_text("true\n")
    (shared / "setup.yaml").write_text("---\n".join(documents))
    return shared, alone


class Bench:
    """The `rung` command, and what it left of clusters."""

    def __init__(self, rung: str) -> None:
        self.rung = rung
        self.driver = DriverRegistry.connect()
        self.before = {kept.name for kept in self.driver.spares()}

    def do(self, *arguments: str, ok: tuple[int, ...] = (0,)) -> str:
        return run(self.rung, *arguments, ok=ok)

    def start(self, folder: Path) -> str:
        """Start the lab; its attempt."""
        self.do("start", "--new", "--no-shell", str(folder))
        return next(f.attempt for f in self.driver.attempts() if f.lab == folder.name)

    def spares(self) -> list[SpareCluster]:
        """Clusters that this run left for the next lab."""
        return [kept for kept in self.driver.spares() if kept.name not in self.before]

    def forget(self) -> None:
        """Remove them."""
        for kept in self.spares():
            self.driver.release(kept.name)

    def with_spare(self) -> None:
        """Wait until the spare that a start began to make is ready; make one where none was begun."""
        until = time.monotonic() + 300
        if not self.spares():
            self.do("warm")
        while not any(kept.ready for kept in self.spares()):
            if time.monotonic() > until:
                raise SystemExit("The spare cluster never got ready.")
            time.sleep(0.5)


@contextlib.contextmanager
def bare_cluster(kind: str, image: str) -> Iterator[list[str]]:
    """The command that makes a bare cluster of the same image and configuration; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="rung-bench-") as folder:
        config, kubeconfig = Path(folder) / "config.yaml", Path(folder) / "kubeconfig"
        config.write_text(cluster_config(["controlplane"]))
        common = ["--name", NAME, "--kubeconfig", str(kubeconfig)]
        try:
            yield [kind, "create", "cluster", *common, "--image", image, "--config", str(config), "--wait", "300s"]
        finally:
            # Its pods have just begun: what is frozen at such a moment cannot be killed, and kind would give up.
            run("docker", "exec", f"{NAME}-control-plane", *SHELL, "-c", THAW, ok=(0, 1, 125, 126, 127))
            run(kind, "delete", "cluster", *common)


def first_lab(bench: Bench, shared: Path) -> Row:
    """The first lab beside bare kind, in turns."""
    kind, image = kind_program(), build.tag("node")
    ours, bare = Series("rung"), Series("kind")
    for i in range(RUNS):
        with bare_cluster(kind, image) as command:
            bare.seconds.append(timed(lambda command=command: run(*command, env=environment())))
        ours.seconds.append(timed(lambda: bench.start(shared)))
        bench.do("stop", "--attempt", shared.name)
        if i < RUNS - 1:
            bench.forget()
    ratio = statistics.median(a / b for a, b in zip(ours.seconds, bare.seconds, strict=True))
    told = f"{ours}; bare {bare}"
    cost = "when kind has ended, Rung waits for the nodes and the system's pods (2.4 s) and sets the lab up"
    return Row("first lab, image present", "1.25 x bare kind", told, ratio, 1.25, f"{ratio:.2f} x", cost=cost)


def shared_rows(bench: Bench, shared: Path) -> list[Row]:
    """On the warm cluster: start, check, reset, memory."""
    start, reset = Series("start"), Series("reset")
    for _ in range(RUNS):
        start.seconds.append(timed(lambda: bench.start(shared)))
        bench.do("stop", "--attempt", shared.name)
    attempt = bench.start(shared)
    for _ in range(RUNS):
        reset.seconds.append(timed(lambda: bench.do("reset", "--attempt", attempt)))
    until = time.monotonic() + 60
    while '"outcome": "failed"' in bench.do("check", "--json", "--attempt", attempt, ok=(0, 1)):
        assert time.monotonic() < until, "the facts do not hold"
    checks = check_rows(bench, attempt)
    memory = sum(resident(name) for name in containers(attempt))
    bench.do("stop", "--attempt", attempt)
    return [
        Row(
            "next lab of scope namespace on the warm cluster",
            "2 s",
            str(start),
            start.median,
            2,
            cost="base boots for 1.5 s of it",
        ),
        *checks,
        Row("`rung reset` of it", "8 s", str(reset), reset.median, 8),
        Row("memory of one node and base, two small pods on it", "900 MiB", f"{memory:.0f} MiB", memory, 900),
    ]


def check_rows(bench: Bench, attempt: str) -> list[Row]:
    """Ten checks, and the facts that they ask for by a kubectl process each."""
    kubectl = str(go_programs.binary("kubectl"))
    environment = {**os.environ, "KUBECONFIG": str(bench.driver.kubeconfig(attempt))}

    def by_kubectl() -> None:
        for command in facts.COMMANDS:
            run(kubectl, "-n", "bench", *command, env=environment, ok=(0, 1))  # can-i says no by a 1

    series = in_turns(5, rung=lambda: bench.do("check", "--json", "--attempt", attempt), kubectl=by_kubectl)
    pairs = zip(series["rung"].seconds, series["kubectl"].seconds, strict=True)
    ratio = statistics.median(b / a for a, b in pairs)
    return [
        Row("`rung check`, 10 checks on ready objects", "1.1 s", str(series["rung"]), series["rung"].median, 1.1),
        Row(
            f"their {len(facts.COMMANDS)} facts by kubectl, a process each",
            "4 x slower",
            str(series["kubectl"]),
            ratio,
            4,
            f"{ratio:.1f} x",
            at_least=True,
            cost="most of `rung check` loads Python modules",
        ),
    ]


def alone_rows(bench: Bench, alone: Path) -> list[Row]:
    """A lab that uses its cluster up, with a spare and without."""
    bench.with_spare()
    start = timed(lambda: bench.start(alone))
    bench.with_spare()
    attempt = next(f.attempt for f in bench.driver.attempts() if f.lab == alone.name)
    spared = timed(lambda: bench.do("reset", "--attempt", attempt))
    bench.forget()
    bare = timed(lambda: bench.do("reset", "--attempt", attempt))
    bench.do("stop", "--attempt", attempt)
    return [
        Row("lab of scope cluster with a spare ready (one run)", "3 s", f"{start:.2f} s", start, 3),
        Row(
            "`rung reset` of it with a spare (one run)",
            "3 s",
            f"{spared:.2f} s",
            spared,
            3,
            cost="the old machines are removed (0.7 s), then base boots anew (1.5 s)",
        ),
        Row("`rung reset` of it without one (one run)", "22 s", f"{bare:.1f} s", bare, 22),
    ]


def image_rows(bench: Bench) -> list[Row]:
    """The node image again: as it is, and after a lab's image has changed."""
    same = timed(lambda: bench.do("images", "build", "node"))
    changed = timed(lambda: bench.do("images", "build", "--force", "web", "node"))
    return [
        Row("node image, nothing changed (one run)", "2 s", f"{same:.2f} s", same, 2),
        Row("node image, a lab's image changed (one run)", "60 s", f"{changed:.1f} s", changed, 60),
    ]


def containers(attempt: str) -> list[str]:
    """The containers of an attempt: base, and the nodes of its cluster."""
    base = run("docker", "ps", "--filter", f"label=rung.attempt={attempt}", "--format", "{{.Names}}").split()
    cluster = run("docker", "inspect", "--format", '{{index .Config.Labels "rung.cluster"}}', *base).strip()
    label = f"label=io.x-k8s.kind.cluster=rung-{cluster}"
    return base + run("docker", "ps", "--filter", label, "--format", "{{.Names}}").split()


def resident(container: str) -> float:
    """MiB of memory that a container's processes hold for themselves, those of its own containers included."""
    import docker

    with contextlib.closing(docker.from_env()) as client:
        stats = client.api.stats(container, stream=False)["memory_stats"]["stats"]
    return float(stats.get("total_rss", stats.get("anon", 0))) / (1 << 20)


def rows(rung: str, home: Path) -> list[Row]:
    """All of them, measured one after the other; nothing that was made is left."""
    shared, alone = labs(home)
    bench = Bench(rung)
    for folder in (shared, alone):
        bench.do("trust", "--yes", str(folder))
    try:
        return [
            first_lab(bench, shared),
            *shared_rows(bench, shared),
            *alone_rows(bench, alone),
            *image_rows(bench),
        ]
    finally:
        for found in bench.driver.attempts():
            if found.lab in (shared.name, alone.name):
                bench.driver.destroy(found.attempt)
        bench.forget()
