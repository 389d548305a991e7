"""Real machines on a real engine, on cgroup v1 and on v2: boot, names, restart, login, nothing left."""

from __future__ import annotations

import secrets
import select
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import second_engine
from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.checks.core.machine import Machine
from rung.runner.core.errors import EngineGone, EnvironmentBroken
from rung.runner.drivers.base.plan import Plan, Terminal
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.engine import host_settings
from rung.runner.engine.connect import Engine
from rung.runner.engine.endpoints import Endpoint
from rung.runner.images import build
from rung.runner.lab.model import MachineSpec

pytestmark = pytest.mark.machines


@pytest.fixture(scope="module", params=["this engine", "second engine, cgroup v2"])
def engine(
    request: pytest.FixtureRequest, driver: ContainerDriver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ContainerDriver]:
    if request.param == "this engine":
        yield driver
        return
    if driver.facts.cgroup_version == 2:
        pytest.skip("this engine has cgroup v2 itself; v1 is tested where the host has it")
    if why := second_engine.possible():
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("engine")
    with second_engine.second_engine(folder, host_settings.runtime_wrapper(folder / "oci-runtime")) as second:
        tag = build.ensure("linux", driver.engine)
        second.sdk.images.load(driver.engine.sdk.images.get(tag).save(named=True))
        yield ContainerDriver(second)


def plan(*machines: MachineSpec | str, capabilities: frozenset[str] = frozenset()) -> Plan:
    specs = tuple(m if isinstance(m, MachineSpec) else MachineSpec(name=m) for m in machines)
    return Plan(secrets.token_hex(4), "a-lab", "/labs/a-lab", 7, "abc", specs, capabilities)


@pytest.fixture(scope="module")
def pair(engine: ContainerDriver) -> Iterator[tuple[ContainerDriver, str, dict[str, Machine]]]:
    """Two machines on one network."""
    made = plan("node1", "node2")
    try:
        engine.provision(made)
        yield engine, made.attempt, {n: Machine(n, engine.channel(made.attempt, n)) for n in ("node1", "node2")}
    finally:
        engine.destroy(made.attempt)


Pair = tuple[ContainerDriver, str, dict[str, Machine]]


def test_systemd_is_pid_1_and_has_reached_its_target(pair: Pair) -> None:
    node1 = pair[2]["node1"]
    assert node1.text("cat /proc/1/comm") == "systemd"
    assert node1.text("systemctl is-system-running") == "running"
    assert node1.text("systemctl get-default") in ("graphical.target", "multi-user.target")
    assert node1.text("systemctl --failed --plain --no-legend") == ""


def test_machines_resolve_and_reach_each_other_and_nothing_else(pair: Pair) -> None:
    driver, attempt, hosts = pair
    addresses = {m.name: str(m.address) for f in driver.attempts() if f.attempt == attempt for m in f.machines}
    assert hosts["node1"].text("getent hosts node2 | cut -d' ' -f1") == addresses["node2"]
    assert hosts["node1"].run("ping -c1 -W2 node2").ok
    bridge = addresses["node1"].rpartition(".")[0] + "." + str(int(addresses["node1"].rpartition(".")[2]) - 1)
    if driver.facts.kind == "docker":  # Podman's internal networks keep the host's own address on them
        assert not hosts["node1"].run(f"ping -c1 -W1 {bridge}").ok


def test_the_machine_has_no_more_rights_than_the_table_says(pair: Pair) -> None:
    driver, _, hosts = pair
    bounding = int(hosts["node1"].text("grep CapBnd /proc/1/status | cut -f2") or "0", 16)
    sys_admin, net_admin, sys_module = 1 << 21, 1 << 12, 1 << 16
    assert bool(bounding & sys_admin) == (driver.facts.cgroup_version == 1)
    assert not bounding & (net_admin | sys_module)


def test_machines_name_rungs_runtime_where_the_engine_has_it_and_its_default_stays(pair: Pair) -> None:
    driver, attempt, _ = pair
    used = driver.engine.inspect_container(f"rung-{attempt}-node1")["HostConfig"]["Runtime"]
    default = driver.engine.info()["DefaultRuntime"]
    assert used == (driver.facts.runtime or default)
    assert driver.facts.kind == "podman" or default != "rung"


def test_hosts_hostname_and_resolv_conf_can_be_replaced_and_survive_a_restart(pair: Pair) -> None:
    driver, attempt, hosts = pair
    node2 = hosts["node2"]
    for name, line in (("hosts", "192.0.2.7 harbour"), ("hostname", "quay"), ("resolv.conf", "nameserver 192.0.2.53")):
        # As editors do it: a new file that takes the old one's name.
        assert node2.run(f"(cat /etc/{name}; echo {line}) >/etc/{name}.new; mv /etc/{name}.new /etc/{name}").ok
    node2.run("echo quay >/etc/hostname")
    began = node2.booted_at
    node2.run("touch /run/volatile /tmp/volatile; systemctl disable --now cron")
    driver.reboot(attempt, "node2")
    assert node2.text("getent ahostsv4 harbour | head -1 | cut -d' ' -f1") == "192.0.2.7"
    assert "192.0.2.53" in (node2.text("cat /etc/resolv.conf") or "")
    assert node2.text("uname -n") == "quay"
    assert node2.text("ls /run/volatile /tmp/volatile 2>/dev/null") is None
    assert node2.booted_at > began
    assert node2.text("systemctl is-active ssh") == "active"
    assert node2.run("systemctl is-active cron").stdout.strip() == "inactive"
    assert hosts["node1"].run("ping -c1 -W2 node2").ok


def test_a_machine_that_was_switched_off_is_started_again(pair: Pair) -> None:
    driver, attempt, hosts = pair
    hosts["node1"].run("systemctl poweroff")
    for _ in range(100):
        if {m.name: m.state for f in driver.attempts() if f.attempt == attempt for m in f.machines}[
            "node1"
        ] == "stopped":
            break
        time.sleep(0.1)
    with pytest.raises(MachineGone):
        hosts["node1"].run("true")
    assert driver.revive(attempt) == ["node1"]
    assert hosts["node1"].text("systemctl is-system-running") == "running"
    assert driver.revive(attempt) == []


def test_a_paused_machine_goes_on_where_it_was(pair: Pair) -> None:
    driver, attempt, hosts = pair
    hosts["node1"].run("echo kept >/run/kept")
    driver.pause(attempt)
    assert {m.state for f in driver.attempts() if f.attempt == attempt for m in f.machines} == {"paused"}
    driver.resume(attempt)
    assert hosts["node1"].text("cat /run/kept") == "kept"


def read(terminal: Terminal, until: str, seconds: float = 5.0) -> str:
    text, end = "", time.monotonic() + seconds
    while until not in text and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            data = terminal.recv(4096)
            text += data.decode(errors="replace")
            if not data:
                break
    return text


def test_a_terminal_is_a_real_login_with_a_session_of_logind(pair: Pair) -> None:
    driver, attempt, _ = pair
    terminal = driver.terminal(attempt, "node1", "root", 33, 99)
    try:
        assert "#" in read(terminal, "#")
        terminal.send(b"stty size; loginctl show-session $XDG_SESSION_ID -p Name; shopt login_shell; echo EN''D\n")
        text = read(terminal, "END")
        assert "33 99" in text
        assert "Name=root" in text
        assert "login_shell    \ton" in text
        terminal.send(b"exit 3\n")
        read(terminal, "no such text", 1.5)
        assert terminal.exit_status() is not None
    finally:
        terminal.close()


def test_a_shell_gets_each_key_at_once(pair: Pair) -> None:
    driver, attempt, _ = pair
    terminal = driver.terminal(attempt, "node1", "root", 33, 99)
    try:
        assert "#" in read(terminal, "#")
        for key, shown in ((b"\x10", "\\020"), (b"\x11", "\\021"), (b"\x1d", "\\035")):  # Ctrl-P, Ctrl-Q, Ctrl-]
            terminal.send(b"stty -ixon; echo REA''DY; read -rsn1 key; printf '<%q>' \"$key\"\n")
            read(terminal, "READY")
            terminal.send(key)
            assert f"<$'{shown}'>" in read(terminal, "'>")
    finally:
        terminal.close()


def test_a_login_gets_the_variables_that_it_is_given_and_is_else_like_any_other(pair: Pair) -> None:
    driver, attempt, _ = pair
    given = {"PROMPT_COMMAND": "PS1='two words> '", "LEFT": "5"}
    seen = []
    for environment in ({}, given):
        terminal = driver.terminal(attempt, "node1", "root", 33, 999, environment)
        try:
            read(terminal, "> " if environment else "# ")
            terminal.send(
                b"env | grep -v -e ^LEFT= -e ^PROMPT_ -e ^XDG_SESSION_ID | sort | tr '\\n' ,; echo ${LEFT}EN''D\n"
            )
            seen.append(next(line for line in read(terminal, "END").splitlines() if line.endswith("END")))
        finally:
            terminal.close()
    plain, told = seen
    assert told.replace("5END", "END") == plain


def test_machines_that_are_halted_keep_their_disks_and_come_back(pair: Pair) -> None:
    driver, attempt, machines = pair
    assert machines["node1"].run("echo kept > /srv/kept; echo gone > /run/gone").ok
    driver.pause(attempt)
    driver.halt(attempt)
    driver.halt(attempt)
    (found,) = [f for f in driver.attempts() if f.attempt == attempt]
    assert [m.state for m in found.machines] == ["stopped", "stopped"]
    assert sorted(driver.revive(attempt)) == ["node1", "node2"]
    assert machines["node1"].text("cat /srv/kept; cat /run/gone 2> /dev/null || true") == "kept"


def test_a_command_has_a_limit_of_its_own_and_the_next_one_works(pair: Pair) -> None:
    node1 = pair[2]["node1"]
    with pytest.raises(CommandTimeout) as late:
        node1.run("sleep 30", timeout=0.5)
    assert str(late.value) == "`sleep 30` did not end within 0.5 s"
    assert node1.text("echo next") == "next"


def test_output_is_kept_apart_and_byte_for_byte(pair: Pair) -> None:
    result = pair[2]["node1"].run(r"printf 'a\0\xff'; printf 'no newline' >&2; exit 7")
    assert (result.rc, result.out, result.err) == (7, b"a\0\xff", b"no newline")


def test_stdin_is_what_was_given_or_closed(pair: Pair) -> None:
    node1 = pair[2]["node1"]
    assert node1.run("cat", stdin=b"x" * 200_000).out == b"x" * 200_000
    assert node1.run("cat").out == b""


def test_the_learners_environment_does_not_reach_the_grader(pair: Pair) -> None:
    node1 = pair[2]["node1"]
    node1.run(
        "echo 'export PATH=/nowhere LD_PRELOAD=/nowhere.so; alias id=false' >>/root/.bashrc; "
        "cp /root/.bashrc /etc/profile.d/x.sh"
    )
    assert node1.text("id -un") == "root"
    assert "LD_PRELOAD" not in (node1.text("env") or "")
    node1.run("rm /etc/profile.d/x.sh")


def test_a_learner_who_breaks_the_shell_does_not_blind_the_grader(pair: Pair) -> None:
    node1 = pair[2]["node1"]
    node1.run("mv /bin/sh /bin/sh.away; mv /bin/bash /bin/bash.away")
    pair[0].channel(pair[1], "node1").close()
    try:
        assert node1.text("echo still here") == "still here"
    finally:
        node1.run("mv /bin/sh.away /bin/sh; mv /bin/bash.away /bin/bash")


def test_a_shell_that_was_killed_is_opened_again(pair: Pair) -> None:
    node1 = pair[2]["node1"]
    node1.run("true")
    node1.run("shell=$(ps -o ppid= -p $PPID); (sleep 0.2; kill -9 $shell) >/dev/null 2>&1 &")
    time.sleep(0.5)
    assert node1.text("echo again") == "again"


def test_a_user_of_the_machine_is_a_user_through_pam(pair: Pair) -> None:
    node1 = pair[2]["node1"]
    node1.run("id alice || useradd -m alice")
    assert node1.text("echo $HOME:$(id -un)", user="alice") == "/home/alice:alice"


def test_testinfra_asks_over_the_same_channel(pair: Pair) -> None:
    node1 = pair[2]["node1"]
    assert node1.user("root").shell == "/bin/bash"
    assert node1.service("ssh").is_running
    assert not node1.service("nosuch.service").is_running
    assert node1.mount_point("/proc").filesystem == "proc"
    assert node1.process.get(pid=1).comm == "systemd"
    assert node1.interface("lo").link[0]["ifname"] == "lo"
    assert node1.file("/etc/passwd").contains("^root:")
    assert not node1.package("nosuch").is_installed


def test_labels_say_what_exists(pair: Pair) -> None:
    driver, attempt, _ = pair
    (found,) = [f for f in driver.attempts() if f.attempt == attempt]
    assert (found.lab, found.path, found.seed, found.digest) == ("a-lab", "/labs/a-lab", 7, "abc")
    assert ([m.name for m in found.machines], found.expected) == (["node1", "node2"], 2)
    assert found.networks == (f"rung-{attempt}-lab",)


def test_limits_hold_where_the_engine_has_them(pair: Pair) -> None:
    driver, attempt, _ = pair
    config = driver.engine.inspect_container(f"rung-{attempt}-node1")["HostConfig"]
    assert not config["Privileged"]
    if driver.facts.pids_limit:
        assert config["PidsLimit"] == 512
    if driver.facts.memory_limit:
        assert config["Memory"] == config["MemorySwap"] == 512 << 20
    if driver.facts.cpu_limit:
        assert config["NanoCpus"] == 1_000_000_000


def test_a_machine_alone_has_only_its_loopback(engine: ContainerDriver) -> None:
    made = plan("node1")
    try:
        engine.provision(made)
        node1 = Machine("node1", engine.channel(made.attempt, "node1"))
        assert node1.text("ls /sys/class/net") == "lo"
        assert node1.text("getent hosts node1 | cut -d' ' -f1") == "127.0.1.1"
        assert next(f for f in engine.attempts() if f.attempt == made.attempt).networks == ()
    finally:
        engine.destroy(made.attempt)


def test_net_admin_is_there_only_where_the_lab_names_it(engine: ContainerDriver) -> None:
    made = plan("node1", capabilities=frozenset({"net-admin"}))
    try:
        engine.provision(made)
        assert Machine("node1", engine.channel(made.attempt, "node1")).run("ip link set lo mtu 1400").ok
    finally:
        engine.destroy(made.attempt)


def test_destroying_leaves_nothing_and_may_be_repeated(engine: ContainerDriver) -> None:
    made = plan("node1", "node2")
    engine.provision(made)
    engine.destroy(made.attempt)
    engine.destroy(made.attempt)
    assert made.attempt not in {f.attempt for f in engine.attempts()}
    label = f"rung.attempt={made.attempt}"
    assert engine.engine.containers(label) == []
    assert engine.engine.networks(label) == []


def test_a_failed_unit_is_an_error_with_its_name_unless_it_is_listed(engine: ContainerDriver) -> None:
    made = plan("node1")
    try:
        engine.provision(made)
        node1 = Machine("node1", engine.channel(made.attempt, "node1"))
        node1.run("systemd-run --unit=doomed /bin/false; sleep 0.2")
        with pytest.raises(EnvironmentBroken) as broken:
            engine._ready(made.attempt, "node1")
        assert str(broken.value).splitlines()[0] == "node1 booted with failed units: doomed.service"
        engine._ready(made.attempt, "node1", ["doomed.*"])
    finally:
        engine.destroy(made.attempt)


def test_an_engine_that_stops_is_said_so(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "sock"))
    listener.close()
    gone = ContainerDriver(Engine(Endpoint(f"unix://{tmp_path}/sock", "a test")))
    with pytest.raises(EngineGone) as error:
        gone.attempts()
    assert str(error.value) == "The engine stopped answering while listing machines: nobody listens there"
    assert error.value.fix == "Start it again; `rung doctor` tells more."


def test_a_command_of_a_thread_that_was_given_up_ends_and_the_next_one_has_a_new_shell(node1: Machine) -> None:
    ended: list[Exception] = []

    def endless() -> None:
        try:
            node1.run("sleep 300", timeout=400)
        except MachineGone as gone:
            ended.append(gone)

    worker = threading.Thread(target=endless, daemon=True)
    worker.start()
    time.sleep(0.5)
    began = time.monotonic()
    node1.channel.interrupt(worker.ident or 0)
    assert node1.text("echo here") == "here"
    worker.join(5)
    assert (time.monotonic() - began < 5, len(ended)) == (True, 1)
    node1.channel.interrupt(worker.ident or 0)  # it runs nothing any more: nobody else's command ends
    assert node1.text("echo still") == "still"
