"""Each operator on a small script: the answers that it makes of it, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from rung.runner.authoring.mutation.operators.base import Answer, Operator
from rung.runner.authoring.mutation.operators.duration import OnlyNextBoot, OnlyNow
from rung.runner.authoring.mutation.operators.line_ends import LineEnds
from rung.runner.authoring.mutation.operators.manifests import (
    AllVerbs,
    DropEntry,
    DropField,
    OrForAnd,
    OtherNamespace,
    RequestsForLimits,
    WidenSelector,
)
from rung.runner.authoring.mutation.operators.neighbours import (
    NeighbourMode,
    NeighbourName,
    NeighbourNumber,
    NeighbourPath,
    NeighbourTime,
    OtherValue,
)
from rung.runner.authoring.mutation.operators.omission import OmitCommand, OmitElement, OmitLine, OmitStage
from rung.runner.authoring.mutation.operators.options import OmitOption
from rung.runner.authoring.mutation.operators.registry import BUILT_IN
from rung.runner.authoring.mutation.operators.undo import Undo
from rung.runner.authoring.mutation.operators.users import OtherUser
from rung.runner.authoring.mutation.syntax.edit import applied
from rung.runner.authoring.mutation.syntax.shell import Script


def made(operator: Operator, text: str, **values: Any) -> dict[str, str]:
    """What the operator changes -> the script that comes of it."""
    changes = list(operator.changes(Answer(Script(text), values)))
    return {change.what: applied(text, change.edits) for change in changes}


def scripts(operator: Operator, text: str, **values: Any) -> list[str]:
    return list(made(operator, text, **values).values())


def test_omit_command_leaves_out_what_changes_something() -> None:
    text = "cd /srv\nls -l\nchgrp -R makers bench\nfor y in 1 2; do\n    mkdir $y\ndone\n"
    assert made(OmitCommand(), text) == {
        "leaves out `cd /srv`": text.replace("cd /srv", ":"),
        "leaves out `chgrp -R makers bench`": text.replace("chgrp -R makers bench", ":"),
        "leaves out `for y in 1 2; do …`": "cd /srv\nls -l\nchgrp -R makers bench\n:\n",
        "leaves out `mkdir $y`": text.replace("mkdir $y", ":"),
    }


def test_omit_command_leaves_out_a_here_document_with_its_command() -> None:
    assert scripts(OmitCommand(), "cat > f <<END\na\nEND\nread -r x < f\n") == [":\nread -r x < f\n"]


def test_omit_stage_leaves_out_all_but_the_first_of_a_pipeline() -> None:
    assert made(OmitStage(), "cut -f1 a | sort -u | uniq > b\n") == {
        "leaves out `| sort -u`": "cut -f1 a | uniq > b\n",
        "leaves out `| uniq`": "cut -f1 a | sort -u > b\n",
    }


def test_omit_line_leaves_out_lines_of_settings_not_headings() -> None:
    text = "cat > f <<END\n[Service]\n# why\nDescription=x\nUser=a\nType=simple\nEND\n"
    assert made(OmitLine(), text) == {
        "leaves out the line `User=a`": text.replace("User=a\n", ""),
        "leaves out the line `Type=simple`": text.replace("Type=simple\n", ""),
    }


def test_omit_line_keeps_a_script_in_a_script_readable() -> None:
    text = 'cat > f <<END\n#!/bin/sh\nif [ \\$# -ne 1 ]; then\n    exit 2\nfi\necho "\\$1"\nEND\n'
    assert list(made(OmitLine(), text)) == ["leaves out the line `exit 2`", 'leaves out the line `echo "\\$1"`']


def test_omit_line_leaves_manifests_to_the_operators_for_them() -> None:
    assert scripts(OmitLine(), "kubectl apply -f - <<END\na: 1\nb: 2\nEND\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("useradd -G a,b x\n", ["useradd -G b x\n", "useradd -G a x\n"]),
        ("k create role r --verb=get,list\n", ["k create role r --verb=list\n", "k create role r --verb=get\n"]),
        ("chmod u=rw,g=r f\n", ["chmod g=r f\n", "chmod u=rw f\n"]),
        ("dnf -y install a b\n", ["dnf -y install  b\n", "dnf -y install a \n"]),
        ("for y in 1 2; do mkdir $y; done\n", ["for y in  2; do mkdir $y; done\n", "for y in 1 ; do mkdir $y; done\n"]),
        ("printf 'a\\nb\\n' > f\n", ["printf 'b\\n' > f\n", "printf 'a\\n' > f\n"]),
        ("sed -i 's/a/b/; s/c/d/' f\n", ["sed -i 's/c/d/' f\n", "sed -i 's/a/b/' f\n"]),
        ("useradd -G staff x\n", []),
    ],
)
def test_omit_element_leaves_out_each_of_a_list(text: str, expected: list[str]) -> None:
    assert scripts(OmitElement(), text) == expected


def test_omit_option_leaves_out_options_with_their_values_and_letters() -> None:
    text = "usermod -aG archive -s /bin/bash x\n"
    assert made(OmitOption(), text) == {
        "leaves out `-a` of `usermod -aG archive -s /bin/bash x`": "usermod -G archive -s /bin/bash x\n",
        "leaves out `-G archive` of `usermod -aG archive -s /bin/bash x`": "usermod -a  -s /bin/bash x\n",
        "leaves out `-s /bin/bash` of `usermod -aG archive -s /bin/bash x`": "usermod -aG archive  x\n",
    }


def test_omit_option_leaves_alone_what_changes_no_state() -> None:
    text = "mkdir -p a\nln -sf b c\ndnf -y install d\nkubectl apply -f e\nsystemctl status --no-pager f\n"
    assert list(made(OmitOption(), text)) == ["leaves out `-s` of `ln -sf b c`"]


@pytest.mark.parametrize(
    ("command", "undone"),
    [
        ("systemctl enable --now a.timer", "systemctl disable --now a.timer"),
        ("systemctl unmask a.socket", "systemctl mask a.socket"),
        ("firewall-cmd --permanent --add-port=80/tcp", "firewall-cmd --permanent --remove-port=80/tcp"),
        ("kubectl apply -f a.yaml", "kubectl delete -f a.yaml"),
        ("useradd -m x", "userdel -r x"),
        ("usermod -aG archive x", "gpasswd -d x archive"),
        ("ln -s a b", "rm b"),
        ("dnf -y install a", "dnf -y remove a"),
        ("rm /etc/a", "touch /etc/a"),
        ("crontab -u x f", "crontab -r -u x"),
        ("groupadd g", "groupdel g"),
    ],
)
def test_undo_does_the_opposite_right_after(command: str, undone: str) -> None:
    assert made(Undo(), f"{command}\nls\n") == {f"undoes `{command}` by `{undone}`": f"{command}\n{undone}\nls\n"}


def test_undo_leaves_alone_what_it_knows_no_opposite_of() -> None:
    assert scripts(Undo(), "chmod 600 a\nkubectl apply -f - <<END\na: 1\nEND\nrm /tmp/*\n") == []


def test_only_now_starts_in_place_of_enabling() -> None:
    assert made(OnlyNow(), "systemctl enable --now a\n") == {
        "says `start` in place of `systemctl enable --now a`": "systemctl start  a\n",
        "adds `--runtime` to `systemctl enable --now a`": "systemctl enable --runtime --now a\n",
    }


def test_only_now_sets_up_the_firewall_without_a_trace() -> None:
    text = "firewall-cmd --permanent --add-port=80/tcp\nfirewall-cmd --reload\n"
    assert scripts(OnlyNow(), text) == ["firewall-cmd  --add-port=80/tcp\n:\n"]


def test_only_now_takes_back_a_file_that_was_read() -> None:
    text = "#@ vault\ncat > /etc/ssh/a.conf <<END\nb\nEND\nsystemctl reload ssh\n#@ desk\ntouch c\n"
    assert made(OnlyNow(), text) == {
        "removes `/etc/ssh/a.conf` again at the end": text.replace("ssh\n#@", "ssh\nrm -f /etc/ssh/a.conf\n#@")
    }


def test_only_now_writes_where_a_restart_forgets() -> None:
    text = "mkdir /etc/systemd/system/a.d\necho x > /etc/systemd/system/a.d/b\necho y > /etc/hosts\n"
    assert scripts(OnlyNow(), text)[1:] == [text.replace("/etc/systemd", "/run/systemd")]


def test_only_now_isolates_in_place_of_setting_the_default() -> None:
    assert scripts(OnlyNow(), "systemctl set-default a.target\n") == ["systemctl isolate a.target\n"]


def test_only_next_boot_leaves_out_now_and_every_reload() -> None:
    text = "systemctl enable --now a\nsystemctl daemon-reload\nsystemctl restart b\n"
    assert made(OnlyNextBoot(), text) == {
        "leaves `systemctl enable --now a` for the next boot": text.replace("--now", ""),
        "leaves everything for the next boot, without a start or reload": "systemctl enable --now a\n:\n:\n",
    }


def test_other_user_is_root() -> None:
    text = '#@ desk as mina\ncrontab -u oda f\nchown "$one:makers" g\n'
    assert made(OtherUser(), text) == {
        "runs as root what `mina` is to run": text.replace(" as mina", ""),
        "says `root` in place of `oda` in `crontab -u oda f`": text.replace("oda", "root"),
        "says `root:makers` in place of `\"$one:makers\"` in `chown \"$one:makers\" g`": text.replace("$one", "root"),
        "says `$one:root` in place of `\"$one:makers\"` in `chown \"$one:makers\" g`": text.replace("makers", "root"),
    }  # fmt: skip


def test_neighbour_number_is_one_more_also_of_a_value_of_the_lab() -> None:
    text = "cat > f <<END\nlimit = 64M\nport=$port\nEND\nhelm install x --set replicas=2\n"
    assert made(NeighbourNumber(), text, port=8080) == {
        "says `65M` in place of `64M` in the line `limit = 64M`": text.replace("64M", "65M"),
        "says `3` in place of `2` in `helm install x --set replicas=2`": text.replace("=2", "=3"),
        "says one more than `$port` in `port=$port`": text.replace("$port", "$((port + 1))"),
    }


def test_neighbour_time_is_a_minute_or_an_hour_later() -> None:
    text = "echo job | at 17:59\n"
    assert scripts(NeighbourTime(), text) == ["echo job | at 17:00\n", "echo job | at 18:59\n"]


def test_neighbour_name_is_cut_off_or_of_the_other_case_or_a_sibling() -> None:
    text = "cat > /f <<END\nUser=harbor\nStorage=persistent\nEND\nchown $who /g\n"
    assert scripts(NeighbourName(), text, who="oda") == [
        text.replace("harbor", "harbo"),
        text.replace("harbor", "Harbor"),
        text.replace("persistent", "volatile"),
        text.replace("$who", "${who%?}"),
        text.replace("$who", "${who~}"),
    ]


def test_neighbour_name_leaves_alone_what_only_makes_an_error() -> None:
    text = "kubectl patch -f /a.yaml --type json -p '[]'\ninstall -m u=rw,g=r /b\nsystemctl restart $unit\n"
    assert scripts(NeighbourName(), text) == []


def test_neighbour_path_is_cut_off_or_of_the_other_case() -> None:
    assert scripts(NeighbourPath(), "echo x > /root/out.txt\n") == [
        "echo x > /root/ou.txt\n",
        "echo x > /root/Out.txt\n",
    ]


@pytest.mark.parametrize(
    ("mode", "neighbours"),
    [
        ("640", ["644", "660", "600"]),
        ("2770", ["2774", "0770", "2730"]),
        ("g+w", ["a+w"]),
        ("g+rx", ["a+rx", "g+r"]),
        ("a=r", []),
    ],
)
def test_neighbour_mode_has_one_right_more_or_less(mode: str, neighbours: list[str]) -> None:
    assert scripts(NeighbourMode(), f"chmod {mode} f\n") == [f"chmod {other} f\n" for other in neighbours]


MANIFEST = """\
kubectl apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: register, namespace: $vault}
spec:
  podSelector: {matchLabels: {app: register}}
  policyTypes: [Ingress, Egress]
END
"""


def test_drop_field_leaves_out_what_the_api_can_do_without() -> None:
    assert made(DropField(), MANIFEST) == {
        "leaves out the field `metadata.namespace`": MANIFEST.replace(", namespace: $vault", ""),
        "leaves out the field `spec.podSelector`": MANIFEST.replace(
            "  podSelector: {matchLabels: {app: register}}\n", ""
        ),
        "leaves out the field `spec.policyTypes`": MANIFEST.replace("  policyTypes: [Ingress, Egress]\n", ""),
    }


def test_drop_entry_leaves_out_an_element() -> None:
    assert made(DropEntry(), MANIFEST) == {
        "leaves out the element `spec.policyTypes.0`": MANIFEST.replace("Ingress, ", ""),
        "leaves out the element `spec.policyTypes.1`": MANIFEST.replace(", Egress", ""),
    }


def test_widen_selector_selects_everything() -> None:
    assert made(WidenSelector(), MANIFEST) == {
        "selects everything by `spec.podSelector: {}`": MANIFEST.replace("{matchLabels: {app: register}}", "{}"),
        "selects everything by `spec.podSelector.matchLabels: {}`": MANIFEST.replace("{app: register}", "{}"),
    }


PEERS = """\
kubectl apply -f - <<END
ingress:
  - from: [{namespaceSelector: {matchLabels: {a: b}}, podSelector: {matchLabels: {c: d}}}]
egress:
  - to:
      - namespaceSelector: {}
        podSelector: {matchLabels: {e: f}}
END
"""


def test_or_for_and_makes_two_callers_of_one() -> None:
    assert made(OrForAnd(), PEERS) == {
        "makes two elements of `ingress.0.from.0`": PEERS.replace("}}, podSelector", "}}}, {podSelector"),
        "makes two elements of `egress.0.to.0`": PEERS.replace("        podSelector", "      - podSelector"),
    }


def test_other_value_mixes_up_two_of_the_same_kind() -> None:
    text = "useradd -u $uid $who\nchown $boss /srv/a\n"
    assert made(OtherValue(), text, uid=2001, who="oda", boss="ida") == {
        "says `$boss` in place of `$who` in `useradd -u $uid $who`": text.replace("$who", "${boss}"),
        "says `$who` in place of `$boss` in `chown $boss /srv/a`": text.replace("$boss", "${who}"),
    }


def test_line_ends_puts_what_nobody_sees_at_the_end_of_a_line() -> None:
    text = (
        "echo a > /etc/b\necho '1 2 * * * c' | crontab -u oda -\nkubectl create secret generic s --from-literal=p=q\n"
    )
    assert scripts(LineEnds(), text) == [
        text.replace("/etc/b", "/etc/b\nsed -i 's/$/\\r/' /etc/b"),
        text.replace("crontab", "sed 's/$/\\r/' | crontab"),
        text.replace("p=q", "p=q$'\\n'"),
    ]


def test_all_verbs_allows_more() -> None:
    text = "kubectl create role look --verb=get,list --resource=pods\n"
    assert scripts(AllVerbs(), text) == [
        text.replace("get,list", "'*'"),
        text.replace("get,list", "get,list,delete"),
    ]
    patch = """kubectl patch role r -p '{"rules": [{"verbs": ["get"], "resources": ["pods"]}]}'\n"""
    assert scripts(AllVerbs(), patch) == [patch.replace('["get"]', '["*"]'), patch.replace('["pods"]', '["*"]')]


def test_other_namespace_is_default() -> None:
    text = 'kubectl -n "$shop" create role r\n' + MANIFEST
    assert scripts(OtherNamespace(), text) == [
        text.replace("$vault", "default"),
        text.replace('"$shop"', "default"),
    ]


def test_requests_for_limits_swaps_them() -> None:
    text = "kubectl apply -f - <<END\nresources:\n  requests: {cpu: 1}\n  limits: {cpu: 2}\nx: 1\nEND\n"
    swapped = text.replace("limits", "?").replace("requests", "limits").replace("?", "requests")
    assert scripts(RequestsForLimits(), text) == [swapped]
    assert scripts(RequestsForLimits(), "kubectl set resources d --requests=cpu=1\n") == [
        "kubectl set resources d --limits=cpu=1\n"
    ]


def test_every_operator_has_a_name_and_says_what_it_does() -> None:
    names = [operator.name for operator in BUILT_IN]
    assert len(set(names)) == len(names)
    assert [operator.name for operator in BUILT_IN if not type(operator).__doc__] == []
