"""What a pack may do once it is trusted, as sentences by which the user decides."""

from __future__ import annotations

from pathlib import Path

from rung.runner.lab.model import CAPABILITIES, Lab

_WARNINGS = {
    "sys-admin": " With this, root in a machine can reach root on this computer where the engine runs as root.",
}


def sentences(pack: Path, labs: list[Path]) -> list[str]:
    """One sentence for each thing that the labs may do, with the files concerned.

    labs: folders below the folder `pack`. Raises LabFileError where a lab has mistakes.
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
    return [f"These scripts run as root in the labs' machines: {_listed(pack, files)}.", checks] if files else [checks]


def _python(pack: Path, labs: list[Path]) -> list[str]:
    files = [file for lab in labs for file in lab.glob("checks.py")]
    if not files:
        return ["None of it runs on this computer outside the labs' machines."]
    return [f"This Python code runs ON THIS COMPUTER, with your own rights: {_listed(pack, files)}."]


def _capabilities(labs: dict[str, Lab]) -> list[str]:
    lines = []
    for name, description in CAPABILITIES.items():
        users = sorted(lab.name for lab in labs.values() if name in lab.capabilities)
        if users:
            lines.append(f"{name}: {description} ({', '.join(users)}).{_WARNINGS.get(name, '')}")
    internet = any("internet" in lab.capabilities for lab in labs.values())
    return lines if internet else [*lines, "The labs' machines cannot reach the internet."]
