"""A machine is testinfra's Host over a channel: same facts, nothing kept, and a dead transport blames nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import testinfra.host
from testinfra.backend.base import CommandResult

from local_shell import Shell
from rung.checks.core.channel import CommandTimeout, MachineGone, Result, UnexpectedExit, quoted
from rung.checks.core.machine import Machine


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def host(shell: Shell) -> Machine:
    return Machine("node1", shell)


def test_a_machine_is_a_host_of_testinfra(host: Machine) -> None:
    assert isinstance(host, testinfra.host.Host)
    assert (host.name, repr(host)) == ("node1", "<testinfra.host.Host rung://node1>")


def test_a_file_has_testinfras_facts(host: Machine, tmp_path: Path) -> None:
    path = tmp_path / "it's 100% here.txt"
    path.write_text("first line\nzweite Zeile: größer\n")
    path.chmod(0o640)
    file = host.file(str(path))
    assert (file.is_file, file.mode, file.size) == (True, 0o640, path.stat().st_size)
    assert (file.contains("^first"), file.contains("^line")) == (True, False)
    assert file.content_string == path.read_text()
    assert file.content == path.read_bytes()
    assert not host.file(f"{path}.bak").exists


def test_an_account_has_testinfras_facts(host: Machine) -> None:
    root = host.user("root")
    assert (root.uid, root.group, root.home) == (0, "root", "/root")
    assert not host.user("nobody-of-that-name").exists


# A fact of each module -> the commands that it costs; the system's type and `command -v` cost none.
FACTS: dict[str, tuple[Callable[[Machine], Any], list[str]]] = {
    "user": (lambda host: host.user("ann").uid, ["id -u ann"]),
    "group": (lambda host: host.group("ops").exists, ["getent group ops"]),
    "file": (lambda host: host.file("/a b").mode, ["stat -Lc %a '/a b'"]),
    "content": (lambda host: host.file("/a").content_string, ["cat -- /a"]),
    "sysctl": (lambda host: host.sysctl("a.b"), ["command -v sysctl", "1 -n a.b"]),
    "mount": (lambda host: host.mount_point("/mnt").exists, ["cat /proc/mounts"]),
    "service": (
        lambda host: host.service("web").is_running,
        ["test -d /run/systemd/system/", "systemctl is-active web"],
    ),
    "properties": (
        lambda host: host.service("web").systemd_properties,
        ["test -d /run/systemd/system/", "systemctl show web"],
    ),
    "package": (
        lambda host: host.package("vim").is_installed,
        ["uname -s", "cat /etc/os-release", "uname -m", "dpkg-query -f '${Status}' -W vim"],
    ),
    "interface": (lambda host: host.interface("lo").exists, ["command -v ip", "1 link show lo"]),
    "address": (lambda host: host.addr("node2").is_resolvable, ["getent ahosts node2"]),
    "socket": (lambda host: host.socket("tcp://22").is_listening, ["command -v ss", "1 --numeric --listening --tcp"]),
    "exists": (lambda host: host.exists("vim"), ["command -v vim"]),
    "environment": (lambda host: host.environment(), ["env -0"]),
}
EACH = pytest.mark.parametrize("fact", FACTS)


ANSWERS = {
    "uname -s": b"Linux\n",
    "cat /etc/os-release": b"ID=debian\n",
    "cat /proc/mounts": b"tmpfs /mnt tmpfs rw 0 0\n",
    "systemctl show web": b"Id=web.service\n",
    "env -0": b"HOME=/root\0",
}


def _says_one(command: str) -> Result:
    return Result(0, ANSWERS.get(command, b"1"), b"")


@EACH
def test_a_fact_is_asked_anew_each_time_and_costs_these_commands(fact: str) -> None:
    ask, commands = FACTS[fact]
    shell = Shell(_says_one)
    host = Machine("node1", shell)
    ask(host)
    assert shell.asked == commands
    ask(host)
    assert shell.asked == commands * 2


def test_what_the_learner_changed_is_seen(tmp_path: Path, host: Machine) -> None:
    path = tmp_path / "notes"
    file = host.file(str(path))
    assert not file.exists
    path.write_text("one")
    assert (file.exists, file.content_string) == (True, "one")
    path.write_text("two")
    assert file.content_string == "two"


@pytest.mark.parametrize(("first", "then"), [("debian", "fedora"), ("fedora", "debian")])
def test_even_the_sort_of_system_is_asked_anew(first: str, then: str) -> None:
    system = first
    tools = {"debian": b"install ok installed", "fedora": b""}
    answers = {"uname -s": lambda: b"Linux", "cat /etc/os-release": lambda: f"ID={system}\n".encode()}
    shell = Shell(lambda command: Result(0, answers.get(command, lambda: tools[system])(), b""))
    host = Machine("node1", shell)
    assert host.package("vim").is_installed
    system = then
    assert host.package("vim").is_installed
    asked = [command.split()[0] for command in shell.asked if "vim" in command]
    assert asked == [{"debian": "dpkg-query", "fedora": "rpm"}[name] for name in (first, then)]


@EACH
def test_a_machine_that_does_not_answer_is_gone_and_lacks_nothing(fact: str) -> None:
    def gone(_: str) -> Result:
        raise MachineGone("node1 no longer answers", "node1")

    with pytest.raises(MachineGone, match=r"^node1 no longer answers$"):
        FACTS[fact][0](Machine("node1", Shell(gone)))


@EACH
def test_a_command_that_takes_too_long_is_late_and_lacks_nothing(fact: str) -> None:
    def late(command: str) -> Result:
        raise CommandTimeout(command, 10)

    with pytest.raises(CommandTimeout, match=r"did not end within 10 s$"):
        FACTS[fact][0](Machine("node1", Shell(late)))


@pytest.mark.parametrize(
    ("ask", "result", "message"),
    [
        (
            lambda host: host.user("ann").exists,
            Result(127, b"", b"bash: line 1: id: command not found\n"),
            "`id ann`: expected an answer, found no such command",
        ),
        (
            lambda host: host.file("/a b").mode,
            Result(1, b"", b"stat: cannot statx '/a b': No such file or directory\n"),
            "`stat -Lc %a '/a b'`: expected an answer, found stat: cannot statx '/a b': No such file or directory",
        ),
        (
            lambda host: host.check_output("false"),
            Result(1, b"", b""),
            "`false`: expected an answer, found exit status 1",
        ),
    ],
)
def test_a_tool_that_does_not_answer_is_an_error_with_its_answer(
    ask: Callable[[Machine], Any], result: Result, message: str
) -> None:
    with pytest.raises(UnexpectedExit) as caught:
        ask(Machine("node1", Shell(lambda _: result)))
    assert (str(caught.value), caught.value.result) == (message, result)
    assert isinstance(caught.value, AssertionError)  # what testinfra raises


def test_a_missing_tool_is_an_error_and_no_missing_fact() -> None:
    host = Machine("node1", Shell(lambda _: Result(1, b"", b"")))
    with pytest.raises(UnexpectedExit) as caught:
        _ = host.interface("eth0").exists
    assert str(caught.value) == "`ip`: expected an answer, found no such command"


def test_sudo_and_another_user_apply_to_every_command(host: Machine, shell: Shell) -> None:
    shell.answer = _says_one
    with host.sudo("ann"):
        host.check_output("cat %s", "/a b")
    host.run("id", user="ben")
    assert shell.asked == [
        """sudo -u ann /bin/sh -c 'cat '"'"'/a b'"'"''""",
        "/usr/sbin/runuser -l ben -s /bin/sh -c id",
    ]


def test_a_result_is_read_as_ours_and_as_testinfras() -> None:
    result = Result(3, "größer\n".encode(), b"oh\n")
    theirs = CommandResult(Machine("node1", Shell()).backend, 3, b"x", result.out, result.err)
    names = [n for n in dir(CommandResult) if isinstance(getattr(CommandResult, n), property)] + ["exit_status"]
    assert {n: getattr(result, n) for n in names} == {n: getattr(theirs, n) for n in names}
    assert (result.ok, result.out, result.err) == (False, theirs.stdout_bytes, theirs.stderr_bytes)


@pytest.mark.parametrize(
    ("command", "args", "wanted"),
    [
        ("cat %s %s", ("a b", 7), "cat 'a b' 7"),
        ("stat -c %U %s", ("a",), "stat -c %U a"),
        ("stat -Lc %%U %s", ("a",), "stat -Lc %U a"),  # as testinfra writes it
        ("date +%%s -d %s", ("%s",), "date +%s -d %s"),
    ],
)
def test_arguments_are_quoted_and_other_percent_signs_stay(command: str, args: tuple[Any, ...], wanted: str) -> None:
    assert quoted(command, *args) == wanted


def test_a_command_without_arguments_is_left_alone(host: Machine) -> None:
    assert host.run("printf '%s %%' a").stdout == "a %"


def test_as_many_arguments_as_places_are_needed() -> None:
    with pytest.raises(ValueError, match=r"^2 arguments for 1 places in 'cat %s'$"):
        quoted("cat %s", "a", "b")


def test_no_module_of_that_name_is_an_attribute_error(host: Machine) -> None:
    with pytest.raises(AttributeError, match=r"^'Machine' object has no attribute 'files'$"):
        _ = host.files


@pytest.fixture(autouse=True)
def no_python_is_asked_for_its_encoding(shell: Shell) -> Iterator[None]:
    yield
    assert [command for command in shell.asked if "getpreferredencoding" in command] == []
