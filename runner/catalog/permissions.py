"""What a pack will be allowed to do, as sentences for its user to judge."""

from __future__ import annotations

from pathlib import Path

from rung.runner.lab.model import CAPABILITIES, Lab

_GRAVE = {
    "sys-admin": " With this, root in a machine can reach root on this computer where the engine runs as root.",
}


def sentences(pack: Path, labs: list[Path]) -> list[str]:
    """One sentence for each kind of thing that the labs do, with the files concerned.

    Raises LabFileError where a lab has mistakes: what it does cannot be told then.
    """
    from rung.runner.lab.loader import load

    read = {lab.relative_to(pack).as_posix(): load(lab) for lab in labs}
    return [
        f"It holds {_count(len(labs), 'lab')}: {', '.join(sorted(lab.name for lab in read.values()))}.",
        *_scripts(pack, labs),
        *_python(pack, labs),
        *_capabilities(read),
    ]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _listed(pack: Path, files: list[Path]) -> str:
    return ", ".join(file.relative_to(pack).as_posix() for file in sorted(files))


def _scripts(pack: Path, labs: list[Path]) -> list[str]:
    patterns = ("setup.sh", "solution.sh", "also/*.sh", "wrong/*.sh")
    files = [file for lab in labs for pattern in patterns for file in lab.glob(pattern)]
    checks = "Checks in lab.yaml run commands as root in the labs' machines."
    return [f"As root in the labs' machines run: {_listed(pack, files)}.", checks] if files else [checks]


def _python(pack: Path, labs: list[Path]) -> list[str]:
    files = [file for lab in labs for file in lab.glob("checks.py")]
    if not files:
        return ["None of it runs on this computer outside the labs' machines."]
    return [f"As Python ON THIS COMPUTER, with your own rights, run: {_listed(pack, files)}."]


def _capabilities(labs: dict[str, Lab]) -> list[str]:
    said = []
    for name, what in CAPABILITIES.items():
        who = sorted(lab.name for lab in labs.values() if name in lab.capabilities)
        if who:
            said.append(f"{name}: {what} ({', '.join(who)}).{_GRAVE.get(name, '')}")
    internet = any("internet" in lab.capabilities for lab in labs.values())
    return said if internet else [*said, "The labs' machines cannot reach the internet."]
