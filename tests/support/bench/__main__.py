"""Measure, compare with the budgets, print the table; with a path as argument write it there.

python -m bench docs/bench.md      (from tests/; `make bench` does it)
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from bench import clusters, exams, progress
from bench.loading import loading_table
from bench.measure import Row, Series, in_turns, run, timed

RUNG = str(Path(sys.executable).with_name("rung"))
LAB = "bench-lab"

# Ten checks of the commonest kinds, with 2.4 options each, as many as a check of the bundled labs has.
LAB_YAML = """\
title: Ten checks
objectives: [rhcsa10-9.01]
difficulty: easy
minutes: 5
environment: {machines: [{name: node1}]}
tasks:
  - id: facts
    text: All is as it should be.
    expect:
      - {id: u0, user: u0, shell: /bin/sh}
      - {id: u1, user: u1, shell: /bin/sh}
      - {id: u2, user: u2, shell: /bin/sh}
      - {id: f0, file: /srv/f0, mode: "0640", lines: [hello]}
      - {id: f1, file: /srv/f1, mode: "0640", lines: [hello]}
      - {id: d0, directory: /srv/d0, mode: "0750"}
      - {id: d1, directory: /srv/d1, mode: "0750"}
      - {id: ssh, service: ssh, running: true, enabled: true}
      - {id: cron, service: cron, running: true, enabled: true}
      - {id: g, group: g, gid: 7000}
"""
SETUP = """\
for i in 0 1 2; do useradd -s /bin/sh "u$i"; done
for i in 0 1; do echo hello >"/srv/f$i"; chmod 640 "/srv/f$i"; mkdir -m 750 "/srv/d$i"; done
groupadd -g 7000 g
"""
TESTINFRA = """\
import sys, testinfra
host = testinfra.get_host("docker://" + sys.argv[1])
for i in range(3):
    user = host.user(f"u{i}")
    assert user.exists and user.shell == "/bin/sh"
for i in range(2):
    file, folder = host.file(f"/srv/f{i}"), host.file(f"/srv/d{i}")
    assert file.is_file and file.mode == 0o640 and "hello" in file.content_string.splitlines()
    assert folder.is_directory and folder.mode == 0o750
for name in ("ssh", "cron"):
    service = host.service(name)
    assert service.is_running and service.is_enabled
group = host.group("g")
assert group.exists and group.gid == 7000
"""


def lab_folder(home: Path) -> Path:
    """A lab with ten checks that all pass."""
    folder = home / LAB
    folder.mkdir()
    (folder / "lab.yaml").write_text(LAB_YAML)
    (folder / "setup.sh").write_text(SETUP)
    (folder / "solution.sh").write_text("true\n")
    return folder


def rung(*arguments: str, ok: tuple[int, ...] = (0,)) -> str:
    return run(RUNG, *arguments, ok=ok)


def attempts() -> list[Row]:
    """Names of this run's containers."""
    names = run("docker", "ps", "--filter", f"label=rung.lab={LAB}", "--format", "{{.Names}}")
    return names.split()


def stop_all() -> None:
    for name in attempts():
        rung("stop", "--attempt", name.split("-")[1])


def bare_start(image: str, options: list[str]) -> None:
    """`docker run` of the same image with the same options, until systemd says `running`."""
    name = f"rung-bench-{time.monotonic_ns()}"
    run("docker", "run", "-d", "--name", name, "--label", "rung-bench", *options, image)
    if "RUNG_PREPARE=exec" in options:
        run("docker", "exec", "--privileged", name, "/usr/lib/rung/prepare")
    until = "until systemctl is-system-running --wait 2>/dev/null; do sleep 0.02; done"
    run("docker", "exec", name, "sh", "-c", until)


def bare_remove() -> None:
    names = run("docker", "ps", "-aq", "--filter", "label=rung-bench").split()
    if names:
        run("docker", "rm", "-f", *names)


def options_of(container: str) -> tuple[str, list[str]]:
    """The image of one of Rung's machines, and the options that make `docker run` start it likewise."""
    (data,) = json.loads(run("docker", "inspect", container))
    host = data["HostConfig"]
    options = ["--network", "none", "--cgroupns", "private", "--hostname", "node1"]
    for option, limit in (("--memory", "Memory"), ("--memory-swap", "MemorySwap"), ("--pids-limit", "PidsLimit")):
        options += [f"{option}={host[limit]}"] if host.get(limit) else []
    options += [f"--runtime={host['Runtime']}"]
    options += [f"--cpus={host['NanoCpus'] / 1e9}"] if host.get("NanoCpus") else []
    options += [f"--cap-add={c}" for c in host["CapAdd"] or []]
    options += [f"--security-opt={s}" for s in host["SecurityOpt"] or []]
    options += [f"--tmpfs={path}:{how}" if how else f"--tmpfs={path}" for path, how in host["Tmpfs"].items()]
    options += [word for pair in data["Config"]["Env"] if pair.startswith("RUNG_") for word in ("-e", pair)]
    return data["Config"]["Image"], options


def measure_start(folder: Path, runs: int) -> Row:
    rung("start", "--new", "--no-shell", str(folder))
    image, options = options_of(attempts()[0])
    stop_all()

    def ours() -> None:
        rung("start", "--new", "--no-shell", str(folder))

    found: dict[str, list[float]] = {"rung": [], "bare": []}
    for i in range(runs + 1):
        seconds = timed(ours)
        stop_all()
        bare = timed(lambda: bare_start(image, options))
        bare_remove()
        if i:
            found["rung"].append(seconds)
            found["bare"].append(bare)
    ratio = statistics.median(a / b for a, b in zip(found["rung"], found["bare"], strict=True))
    told = f"{Series('', found['rung'])}; bare {Series('', found['bare'])}"
    cost = "two fifths of it are processor time of Rung's own process"
    return Row("`rung start --no-shell`, image present", "1.75 x bare", told, ratio, 1.75, f"{ratio:.2f} x", cost=cost)


def measure_check(folder: Path, script: Path, runs: int) -> list[Row]:
    rung("start", "--new", "--no-shell", str(folder))
    (container,) = attempts()
    attempt = container.split("-")[1]
    series = in_turns(
        runs,
        rung=lambda: rung("check", "--json", "--attempt", attempt),
        testinfra=lambda: run(sys.executable, str(script), container),
    )
    ours, theirs = series["rung"], series["testinfra"]
    ratio = statistics.median(b / a for a, b in zip(ours.seconds, theirs.seconds, strict=True))
    reset = in_turns(runs, reset=lambda: rung("reset", "--attempt", attempt))["reset"]
    stop = Series("stop")
    for _ in range(runs):
        (name,) = attempts()
        stop.seconds.append(timed(lambda name=name: rung("stop", "--attempt", name.split("-")[1])))
        rung("start", "--new", "--no-shell", str(folder))
    stop_all()
    return [
        Row(
            "`rung check`, 10 checks",
            "0.7 s",
            str(ours),
            ours.median,
            0.7,
            cost="three quarters of it load Python modules",
        ),
        Row(
            "the same facts through testinfra's docker backend",
            "4 x slower",
            str(theirs),
            ratio,
            4,
            f"{ratio:.1f} x",
            at_least=True,
            cost="most of `rung check` loads Python modules",
        ),
        Row("`rung reset`", "2 s", str(reset), reset.median, 2),
        Row("`rung stop`", "1 s", str(stop), stop.median, 1),
    ]


def measure_many(folder: Path, count: int = 20) -> list[Row]:
    with ThreadPoolExecutor(count) as pool:
        seconds = timed(
            lambda: list(pool.map(lambda _: rung("start", "--new", "--no-shell", str(folder)), range(count)))
        )
    memory = [resident(name) for name in attempts()]
    assert len(memory) == count, f"{len(memory)} of {count} attempts are there"
    stop_all()
    return [
        Row(f"{count} attempts started at once, all ready", "25 s", f"{seconds:.1f} s", seconds, 25),
        Row("resident memory of one, idle (largest of them)", "15 MiB", f"{max(memory):.1f} MiB", max(memory), 15),
    ]


def resident(container: str) -> float:
    """MiB of memory that a machine's processes hold for themselves: the cgroup's `anon` (v2) or `rss` (v1)."""
    import docker

    with contextlib.closing(docker.from_env()) as client:
        stats = client.api.stats(container, stream=False)["memory_stats"].get("stats", {})
    if stats:
        return float(stats.get("anon", stats.get("rss", 0))) / (1 << 20)
    # An engine without the memory controller: the processes' own figures, shared pages counted once.
    total = run("docker", "exec", container, "sh", "-c", "cat /proc/[0-9]*/smaps_rollup | grep '^Private'")
    return sum(int(line.split()[1]) for line in total.splitlines()) / 1024


def measure_light(home: Path, runs: int) -> list[Row]:
    pack = home / "pack"
    source = lab_folder(home / "made").joinpath("lab.yaml").read_text()
    for i in range(1000):
        folder = pack / f"lab-{i:04}"
        folder.mkdir(parents=True)
        (folder / "lab.yaml").write_text(source.replace("Ten checks", f"Ten checks, {i}"))
    rung("trust", "--yes", str(pack))
    series = in_turns(
        runs,
        help=lambda: rung("--help"),
        click=lambda: run(sys.executable, "-c", "import click"),
        labs=lambda: rung("labs"),
    )
    ratio = statistics.median(a / b for a, b in zip(series["help"].seconds, series["click"].seconds, strict=True))
    return [
        Row(
            "`rung --help`", "0.15 s", str(series["help"]), series["help"].median, 0.15, f"{ratio:.2f} x `import click`"
        ),
        Row("`rung labs`, 1,000 labs", "0.6 s", str(series["labs"]), series["labs"].median, 0.6),
    ]


def measure_image(name: str = "linux") -> list[Row]:
    """An image built anew when its packages are there: the first build downloads what is not, the second counts."""
    tag = next(i["tag"] for i in json.loads(rung("images", "list", "--json")) if i["name"] == name)
    seconds = 0.0
    for _ in range(2):
        before = run("docker", "images", "--quiet", "--no-trunc", tag).strip()
        seconds = timed(lambda: rung("images", "build", "--force", name))
        after = run("docker", "images", "--quiet", "--no-trunc", tag).strip()
        if before not in ("", after):
            run("docker", "rmi", before, ok=(0, 1))  # it lost its name; machines or another image may need it still
    what = f"image `{name}` built anew, packages downloaded (one run)"
    return [Row(what, "60 s", f"{seconds:.1f} s", seconds, 60, cost="dpkg configures the packages one after the other")]


def measure_mutants(lab: str = "links") -> list[Row]:
    seconds = timed(lambda: rung("author", "mutate", lab, "--json", ok=(0, 1)))
    return [Row(f"`rung author mutate {lab}`, its mutants tried (one run)", "60 s", f"{seconds:.1f} s", seconds, 60)]


def table(runs: int) -> str:
    with tempfile.TemporaryDirectory(prefix="rung-bench-") as place:
        home = Path(place)
        os.environ["RUNG_HOME"] = str(home / "rung")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # both sides' modules are compiled once, as is usual
        for name in ("made", "plain"):
            (home / name).mkdir()
        folder, plain = lab_folder(home), lab_folder(home / "plain")
        (plain / "setup.sh").unlink()  # the bare start sets nothing up either
        rung("trust", "--yes", str(folder))
        rung("trust", "--yes", str(plain))
        script = home / "facts.py"
        script.write_text(TESTINFRA)
        try:
            parts = (
                lambda: [measure_start(plain, runs)],
                lambda: measure_check(folder, script, runs),
                lambda: measure_many(folder),
                lambda: measure_light(home, runs),
                lambda: exams.rows(RUNG, home, LAB_YAML, SETUP),
                lambda: progress.rows(RUNG, Path(os.environ["RUNG_HOME"]), runs),
                measure_image,
                measure_mutants,
                lambda: clusters.rows(RUNG, home),
            )
            rows: list[Row] = []
            for part in parts:
                rows += part()
                print(*rows, sep="\n", file=sys.stderr)
        finally:
            stop_all()
            bare_remove()
    head = ["| what | budget | measured | ratio | budget met |", "|---|---|---|---|---|"]
    return "\n".join([*head, *map(str, rows)]) + "\n"


def main() -> None:
    if not shutil.which("docker"):
        raise SystemExit("The comparison needs the `docker` command beside the engine.")
    rows = table(runs=5)
    engine = run("docker", "version", "--format", "{{.Server.Version}}").strip()
    kernel = platform.release().partition("-")[0]
    machine = f"{os.cpu_count()} cores, kernel {kernel}, engine {engine}, Python {platform.python_version()}"
    text = (
        "# Speed\n\n"
        "Whole processes, medians of five runs with the fastest and the slowest; what is compared was run in turn,\n"
        f"in one run of `make bench` on {date.today().isoformat()} ({machine}).\n\n{rows}\n"
        "The clients of Docker, Kubernetes and testinfra are loaded where they are used:\n\n"
        f"{loading_table(runs=5)}"
    )
    print(text)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text)


if __name__ == "__main__":
    main()
