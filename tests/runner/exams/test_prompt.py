"""The clock in the prompt, as bash makes it."""

from __future__ import annotations

import subprocess

from rung.runner.exams.prompt import environment

SHOW = 'PS1="$ "; for i in 1 2; do eval "$PROMPT_COMMAND"; echo "$PS1"; done'


def prompts(number: int, left: float | None, before: str = "") -> list[str]:
    done = subprocess.run(
        ["bash", "-c", before + SHOW], env=environment(number, left), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_it_begins_with_the_question_and_the_minutes_that_are_left_once() -> None:
    assert prompts(3, 5400.9) == ["[3: 90 min] $ "] * 2
    assert prompts(12, 59) == ["[12: 0 min] $ "] * 2


def test_it_counts_from_the_login_and_in_a_shell_within_goes_on() -> None:
    assert (
        prompts(3, 5400, "read -r now _ < /proc/uptime; export RUNG_END=$((${now%.*} + 125)); ")
        == ["[3: 2 min] $ "] * 2
    )
    assert prompts(3, 5400, "export RUNG_END=1; ") == ["[3: 0 min] $ "] * 2


def test_without_a_clock_it_tells_the_question() -> None:
    assert prompts(3, None) == ["[3] $ "] * 2
