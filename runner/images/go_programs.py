"""Programs that Go compiles from modules, each once; the user's cache folder keeps them.

`go/programs.yaml` lists them in groups. Each group has a folder beside it, whose go.mod and go.sum pin every version.
A compiled program is cached under a key, a digest of everything that the result depends on. So a build after a killed
one compiles only what is missing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.locks import queued_lock
from rung.runner.core.progress import Progress, silent

FOLDER = Path(str(resources.files("rung.runner.images"))) / "go"
# The only build flags that Rung sets: static programs without this computer's paths or debug tables.
FLAGS = ("-trimpath", "-buildvcs=false", "-mod=readonly")
ENVIRONMENT = {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}
_DIGITS = 16
_TEMPORARY = ".new-"  # prefix of folders in which a program is being compiled
_LAST_LINES = 12


@dataclass(frozen=True)
class Program:
    """One program as programs.yaml describes it."""

    name: str
    group: str  # the folder of its module
    package: str
    seconds: float  # to compile it on two cores, after the programs before it
    stamp: Mapping[str, str] = field(default_factory=dict)  # variables set by the linker
    host: bool = False  # compiled for this computer's system instead of Linux

    def command(self, output: str) -> list[str]:
        """The command that compiles it to the file `output`; it runs in the group's folder."""
        link = ["-s", "-w", *(f"-X={variable}={value}" for variable, value in self.stamp.items())]
        return ["go", "build", *FLAGS, f"-ldflags={' '.join(link)}", "-o", output, self.package]


@lru_cache
def _described() -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.safe_load((FOLDER / "programs.yaml").read_text())
    return found


@lru_cache
def programs() -> Mapping[str, Program]:
    """Every program by name, in the order of compilation."""
    found: dict[str, Program] = {}
    for group, described in _described().items():
        stamp = {}
        if wanted := described.get("stamp"):
            number = version(group)[1:]
            major, minor = number.split(".")[:2]
            places = {"version": f"v{number}", "number": number, "major": major, "minor": minor}
            stamp = {variable: text.format(**places) for variable, text in wanted.items()}
        for name, one in described["programs"].items():
            found[name] = Program(name, group, stamp=stamp, host=described.get("host", False), **one)
    return found


@lru_cache
def version(group: str) -> str:
    """The version (such as v1.2.3) in the group's go.mod of the module that programs.yaml names for the group."""
    module = _described()[group]["module"]
    found = re.search(rf"^\s+{re.escape(module)} (v\S+)", (FOLDER / group / "go.mod").read_text(), re.MULTILINE)
    assert found, f"{group}/go.mod does not require {module}"
    return found[1]


def sources(names: Iterable[str]) -> dict[str, bytes]:
    """The programs' sources: path -> content, all below `go/`.

    They include `go/build.sh`, the script that compiles the programs, and `go/versions`, with a group and its version
    on each line. Empty without names.
    """
    chosen = [programs()[name] for name in names]
    found: dict[str, bytes] = {}
    for group in dict.fromkeys(program.group for program in chosen):
        found |= {f"go/{group}/{path}": content for path, content in _module(group).items()}
    if chosen:
        found["go/build.sh"] = _script(chosen).encode()
        groups = dict.fromkeys(program.group for program in chosen)
        found["go/versions"] = "".join(f"{g} {version(g)}\n" for g in groups if _described()[g].get("module")).encode()
    return found


def _module(group: str) -> dict[str, bytes]:
    """A group's files without its tests: path -> content."""
    folder = FOLDER / group
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.endswith("_test.go")]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}


def _script(chosen: Iterable[Program]) -> str:
    """A shell script with the same commands, for builds in an engine: build.sh FOLDER [PROGRAM...]."""
    import shlex

    lines = ["#!/bin/sh", "set -eu", 'here=$(dirname "$0") out=$1', "shift"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in ENVIRONMENT.items()]
    lines += ['wanted() { [ "$all" = yes ] || case " $names " in *" $1 "*) ;; *) return 1 ;; esac; }']
    lines += ['all=no names="$*"', '[ -n "$names" ] || all=yes']
    for program in chosen:
        command = shlex.join(program.command("OUT")).replace(" OUT ", f' "$out/{program.name}" ')
        lines.append(f'if wanted {program.name}; then (cd "$here/{program.group}" && {command}); fi')
    return "\n".join(lines) + "\n"


def key(group: str, toolchain: Mapping[str, str]) -> str:
    """The key of the group's programs: a digest of its files, commands, Go version and target (`toolchain`)."""
    digest = hashlib.sha256(json.dumps([sorted(toolchain.items()), sorted(ENVIRONMENT.items())]).encode())
    for program in programs().values():
        if program.group == group:
            digest.update(json.dumps(program.command("")).encode())
    for path, content in _module(group).items():
        digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:_DIGITS]


def cache_folder() -> Path:
    """The folder of compiled programs, in the user's cache."""
    import platformdirs

    return platformdirs.user_cache_path("rung") / "go"


def binary(name: str, progress: Progress = silent) -> Path:
    """The file of one program, compiled if it is missing. Raises the errors of `binaries`."""
    return binaries([name], progress)[name]


def binaries(names: Iterable[str], progress: Progress = silent) -> dict[str, Path]:
    """The programs' files by name; those that are missing are compiled first.

    Raises EnvironmentBroken if Go is missing, or with its last lines of output if it fails.
    """
    chosen = [program for name, program in programs().items() if name in set(names)]
    toolchain = _toolchain(chosen)
    places = {p.name: cache_folder() / key(p.group, _target(toolchain, p)) / p.name for p in chosen}
    if all(place.exists() for place in places.values()):
        return places
    with compile_lock(progress):
        missing = [program for program in chosen if not places[program.name].exists()]
        estimate = Estimate([program.seconds for program in missing])
        for number, program in enumerate(missing, 1):
            progress("compile", f"{program.name} ({number} of {len(missing)}), {estimate}")
            compile_one(program, places[program.name], _target(toolchain, program))
            estimate.done(program.seconds)
    return places


def current_keys() -> set[str]:
    """The keys of all programs in their current versions, compiled or not: names of folders in the cache.

    Raises EnvironmentBroken if Go is missing, as its version is part of the keys.
    """
    described = list(programs().values())
    toolchain = _toolchain(described)
    return {key(program.group, _target(toolchain, program)) for program in described}


class Estimate:
    """Estimates the time left, from measured times and this computer's pace so far.

    `seconds`: the measured time of each piece of work.
    """

    def __init__(self, seconds: Iterable[float]) -> None:
        self._left = sum(seconds)
        self._began = time.monotonic()
        self._done = 0.0

    def done(self, seconds: float) -> None:
        """Record that a piece of work with this measured time is done."""
        self._done += seconds
        self._left -= seconds

    def __str__(self) -> str:
        pace = (time.monotonic() - self._began) / self._done if self._done else 1.0
        left = self._left * pace
        return f"about {left / 60:.0f} min left" if left >= 90 else f"about {max(left, 1):.0f} s left"


def compile_one(program: Program, place: Path, target: Mapping[str, str]) -> None:
    """Compile a program to the file `place`, which appears only when it is complete. Hold `compile_lock`.

    `target`: environment variables of Go, such as GOOS. Raises EnvironmentBroken with Go's last lines of output.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    for abandoned in place.parent.glob(f"{_TEMPORARY}*"):  # of a killed build: one process compiles at a time
        shutil.rmtree(abandoned, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=place.parent) as folder:
        fresh = Path(folder) / program.name
        done = _go(program.command(str(fresh)), FOLDER / program.group, target)
        if done.returncode != 0:
            last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-_LAST_LINES:])
            raise EnvironmentBroken(
                f"{program.name} could not be compiled:\n{last}",
                fix="Is a Go module proxy reachable (`go env GOPROXY`), and is there disk space (`df -h`)?",
            )
        fresh.rename(place)


def _toolchain(chosen: Iterable[Program]) -> dict[str, str]:
    """Go's version and its target on this computer. Raises EnvironmentBroken if Go is missing or does not work."""
    wanted = ", ".join(program.name for program in chosen)
    needed = re.search(r"^go (\d+\.\d+)", (FOLDER / "kubernetes/go.mod").read_text(), re.MULTILINE)
    assert needed
    fix = f"Install Go {needed[1]} or newer, so that `go version` works."
    if not shutil.which("go"):
        raise EnvironmentBroken(f"Go is missing; it is needed to compile {wanted}.", fix=fix)
    done = _go(["go", "env", "-json", "GOVERSION", "GOHOSTOS", "GOARCH"], FOLDER / "kubernetes", {})
    if done.returncode != 0:
        raise EnvironmentBroken(f"Go does not work; it is needed to compile {wanted}:\n{done.stderr.strip()}", fix=fix)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _target(toolchain: Mapping[str, str], program: Program) -> dict[str, str]:
    """The program's target as environment variables of Go, and GOVERSION for the key."""
    system = toolchain["GOHOSTOS"] if program.host else "linux"
    return {"GOOS": system, "GOARCH": toolchain["GOARCH"], "GOVERSION": toolchain["GOVERSION"]}


def _go(command: list[str], folder: Path, target: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **ENVIRONMENT, **target}
    return subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


@contextmanager
def compile_lock(progress: Progress) -> Iterator[None]:
    """Hold the lock of compilation during the block; waits while another process holds it."""
    lock = cache_folder() / "lock"
    with queued_lock(lock, lambda: progress("compile", "another Rung process is compiling; waiting for it")):
        yield
