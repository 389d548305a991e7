"""How the process ends: sentences and exit codes, never a traceback for a user's mistake."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from rung.checks.cluster import ApiRefused, ClusterGone
from rung.checks.core.channel import MachineGone
from rung.runner.cli import COMMANDS, SECTIONS, process, rung
from rung.runner.core.errors import EngineGone, LabFileError, Mistake, UsageError

RUNG = [sys.executable, "-c", "import sys; from rung.runner.cli import main; sys.exit(main())"]


def ending(error: BaseException) -> int:
    """The exit code of a command that raises `error`."""

    @click.command()
    def fails() -> None:
        raise error

    return process.run(fails, [])


def test_a_mistake_of_the_user_is_a_sentence_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(UsageError("There is no lab `x`.", fix="`rung labs` lists them.")) == 2
    assert capsys.readouterr().err == "There is no lab `x`.\nWhat to do: `rung labs` lists them.\n"


def test_all_mistakes_of_a_file_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    found = [Mistake(Path("lab.yaml"), line, 1, "no") for line in (9, 2)]
    assert ending(LabFileError(found)) == 2
    assert capsys.readouterr().err == "lab.yaml:2:1: no\nlab.yaml:9:1: no\n"


def test_a_broken_environment_has_its_own_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(EngineGone("The engine does not answer.", fix="Start it.")) == 3
    assert capsys.readouterr().err == "The engine does not answer.\nWhat to do: Start it.\n"


def test_a_machine_that_is_gone_is_no_mistake_of_rung(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(MachineGone("node1 no longer answers", "node1")) == 3
    assert capsys.readouterr().err == (
        "node1 no longer answers\nWhat to do: `rung status` shows its state; `rung reset` starts it afresh.\n"
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ClusterGone("GET /api", "connection refused"), "GET /api: connection refused"),
        (ApiRefused(503, "etcd is slow", "GET /apis"), "GET /apis: 503: etcd is slow"),
    ],
)
def test_nor_is_an_api_that_does_not_do_its_part(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(error) == 3
    assert capsys.readouterr().err == (
        f"The cluster's API failed: {said}\nWhat to do: `rung status` shows its state; `rung reset` starts it afresh.\n"
    )


def test_a_mistake_of_rung_asks_for_a_report_and_shows_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(KeyError("lab")) == 3
    assert capsys.readouterr().err == (
        "Internal error in Rung (KeyError: 'lab').\n"
        "Please report it, with what the same command prints under RUNG_DEBUG=1 and with `rung doctor`.\n"
    )


def test_a_traceback_is_there_for_those_who_ask(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNG_DEBUG", "1")
    assert ending(KeyError("lab")) == 3
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):\n")


def test_control_c_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == "\nInterrupted.\n"


def test_control_characters_of_a_message_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    ending(UsageError("odd \x1b[31m name"))
    assert capsys.readouterr().err == "odd \\x1b[31m name\n"


def test_an_unknown_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert process.run(rung, ["strat"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "Error: There is no command 'strat'. Did you mean 'start'?"


def test_an_unknown_option_is_a_mistake_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert process.run(rung, ["status", "--jsn"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "Error: No such option '--jsn'. Did you mean '--json'?"


def test_a_reader_that_has_seen_enough_ends_it_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*RUNG, "labs"], stdout=writer, stderr=subprocess.PIPE, timeout=30)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_sigterm_lets_commands_clean_up() -> None:
    code = (
        "import time, click\n"
        "from rung.runner.cli import process\n"
        "@click.command()\n"
        "def waits():\n"
        "    try:\n"
        "        print('here', flush=True); time.sleep(30)\n"
        "    finally:\n"
        "        print('cleaned', flush=True)\n"
        "raise SystemExit(process.run(waits, []))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        child.send_signal(signal.SIGTERM)
        assert child.stdout.read() == "cleaned\n"
    assert child.returncode == 143


def test_help_imports_little() -> None:
    heavy = "{'pydantic', 'docker', 'yaml', 'rich', 'jinja2', 'testinfra', 'requests'} & set(sys.modules)"
    code = f"import sys; from rung.runner.cli import main; main(); print(sorted({heavy}), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("command", ["labs", "progress", "next"])
def test_a_command_that_asks_no_machine_loads_no_client_of_one(command: str) -> None:
    heavy = "{'docker', 'kubernetes', 'testinfra'} & set(sys.modules)"
    code = f"import sys; from rung.runner.cli import main; main(); print(sorted({heavy}), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, command], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_the_help_page_says_of_each_command_what_the_command_says() -> None:
    context = click.Context(rung)
    for name, (_, text) in COMMANDS.items():
        command = rung.get_command(context, name)  # type: ignore[attr-defined]
        assert command is not None
        assert command.name == name
        assert (command.help or "").split("\n\n")[0].replace("\n", " ") == text


def test_each_command_stands_in_one_section() -> None:
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(COMMANDS)
