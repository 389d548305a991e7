"""What Rung knows of commands: which options take a value, which change nothing that a grader can see, which
commands only look.

A command that is not listed is taken for one that changes something, and its options for ones without a value. So
what is missing here costs a mutant that dies at once, or one that its author declares.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rung.runner.authoring.mutation.syntax.shell import Command, Statement, Word

# Options that take the next word as their value.
_VALUES = {
    "chage": "-M -m -W -d -E -I",
    "cp": "-t",
    "crontab": "-u",
    "curl": "-o -d -H -X -u",
    "cut": "-d -f -c",
    "etcdctl": "--endpoints --cacert --cert --key",
    "etcdutl": "--data-dir",
    "find": "-type -name -user -group -perm -size -mtime -newer -maxdepth -mindepth",
    "gpasswd": "-a -d -A -M",
    "grep": "-e -f -m -A -B -C",
    "groupadd": "-g --gid",
    "groupmod": "-n -g --new-name --gid",
    "head": "-n -c",
    "helm": "-n --namespace -f --values --version --set --set-string",
    "install": "-o -g -m -t",
    "journalctl": "-u -t -p -o -n --since --until --file --vacuum-size --vacuum-time",
    "kubectl": "-n --namespace -f -p --patch --patch-file -c -l -o -k --type --replicas --server --user --group "
    "--cluster --certificate-authority --client-certificate --client-key --from-literal --from-file",
    "ln": "-t",
    "mkdir": "-m",
    "mv": "-t",
    "rsync": "-e",
    "runuser": "-u -c -s -g",
    "scp": "-o -i -P",
    "sed": "-e -f",
    "setfacl": "-m -x -M -X",
    "sort": "-k -t -o",
    "ssh": "-o -p -i -l -F",
    "ssh-copy-id": "-o -p -i",
    "ssh-keygen": "-t -N -f -C -b",
    "su": "-c -s -g",
    "sudo": "-u -g",
    "tail": "-n -c",
    "tar": "-C -f -T",
    "touch": "-d -r -t",
    "truncate": "-s",
    "useradd": "-u -g -G -c -s -d -e -f -k -b --uid --gid --groups --comment --shell --home-dir --base-dir --skel "
    "--expiredate --inactive",
    "usermod": "-u -g -G -c -s -d -e -f -l --uid --gid --groups --comment --shell --home --expiredate --inactive "
    "--login",
    "xargs": "-n -I",
}
# Options whose absence makes an error, a question or other output, and never another state.
_NEUTRAL = {
    "*": "-v --verbose -q --quiet --no-pager -y --yes --assumeyes --timeout -h --help",
    "cp": "-f -v",
    "curl": "-s -S -f -sS -fsS",
    "grep": "-q -h -s",
    "helm": "--create-namespace --wait",
    "install": "-D -d -v",
    "journalctl": "-o",
    "kubectl": "--overwrite --force --ignore-daemonsets --delete-emptydir-data --dry-run -o --wait --grace-period "
    "--now",
    "ln": "-f -v",
    "mkdir": "-p",
    "mv": "-f -v",
    "rm": "-f -v",
    "rsync": "-v -z -P",
    "ssh": "-o -q",
    "ssh-copy-id": "-o -f",
    "sshd": "-t",
    "tar": "-v -f -x -c",
    "systemctl": "-q",
}
# Options that name what a command works on or how it prints: another value only makes an error.
INPUTS = frozenset({"-f", "-k", "-p", "--filename", "--patch", "--patch-file", "--type", "--config", "--kubeconfig"})
_SINGLE_DASH = frozenset({"find", "java", "kill", "openssl", "pkill"})  # their long options begin with one dash

_ALWAYS_LOOK_TEXT = """
[ [[ : apropos atq awk base64 basename break cat cmp continue curl cut date df diff dirname du echo egrep env exit
false fgrep file findmnt getent getfacl grep groups head id info jq last less ls lsblk lsof man md5sum namei nl od
pgrep printenv printf ps pstree pwd readlink realpath return seq sha256sum sleep sort ss stat systemd-analyze tac
tail tr true type uniq uptime wait wc which who whoami zcat zgrep
"""
_ALWAYS_LOOK = frozenset(_ALWAYS_LOOK_TEXT.split())
# Command -> pattern of all its words, joined by blanks.
_LOOK = {
    "chage": r"(.* )?-l\b",
    "crictl": r"(ps|pods|images|logs|inspect\w*|info|version)\b",
    "crontab": r"(.* )?-l\b",
    "dnf": r"(-\S+ )*(repolist|provides|list|info|search|check-update|repoquery|repoinfo)\b",
    "etcdctl": r".*\b(get|endpoint|member list|snapshot status|version)\b",
    "find": r"(?!.* -(exec|execdir|ok|okdir|delete|fprint\S*|fls)\b)",
    "firewall-cmd": r"((--permanent|--zone=\S+|--(get|list|query|info)-\S+|--state|--list-all|--check-config)( |$))+$",
    "helm": r"(show|history|list|status|get|search|template|lint)\b",
    "hostname": r"(-\S+|)$",
    "hostnamectl": r"(status|)$",
    "ip": r"(?!.*\b(add|del|delete|set|flush|replace|change|append)\b)",
    "journalctl": r"(?!.*--(flush|rotate|vacuum|sync|relinquish|setup))",
    "kubectl": r"(-(n|-namespace) \S+ |-\S+ )*(get|describe|logs|wait|top|explain|version|cluster-info|api-\w+|auth|"
    r"diff|rollout (status|history)|config (view|get-\S+|current-context))\b",
    "mount": r"$",
    "nmcli": r"(-\S+ )*(\w+ (show|status)|general|)\b",
    "rpm": r"(-q\S*|-V\S*|--query|--verify)\b",
    "dpkg": r"-[lLsSV]\b",
    "sed": r"(?!.*(^| )(-i|--in-place|-\w*i\w*)\b)",
    "sshd": r"(-\w*[tTG])\b",
    "su": r"$",
    "sudo": r"(.* )?-l\b",
    "systemctl": r"(-\S+ )*(status|show|cat|list-\S+|is-\S+|get-default|help|--version)\b",
    "tar": r"(-?\w*t\w*|--list)\b",
    "timedatectl": r"(status|show.*|list-.*|)$",
    "visudo": r"(-c|--check)\b",
}
_THROUGH_SSH = re.compile(r"[A-Za-z0-9_.-]+@?[A-Za-z0-9_.-]*$")


@dataclass(frozen=True)
class Option:
    """An option of a command, with its value if it has one. `letter`: it is one letter of a cluster such as `-aG`."""

    text: str
    start: int
    end: int
    value: Word | None = None
    letter: str = ""


def options(command: Command) -> list[Option]:
    """The options of a command, in order; letters of a cluster one by one, where a letter stands for itself."""
    takes = frozenset(_VALUES.get(base_name(command), "").split())
    found: list[Option] = []
    words = list(command.words)
    while words:
        word = words.pop(0)
        text = word.plain
        if text == "--":
            break
        if not text.startswith("-") or len(text) < 2 or re.match(r"-\d", text):
            continue
        flag, equals, _ = text.partition("=")
        if equals or flag in takes or text.startswith("--") or base_name(command) in _SINGLE_DASH:
            value = words.pop(0) if flag in takes and not equals and words else None
            found.append(Option(text, word.start, value.end if value else word.end, value))
        elif len(text) == 2 or word.kind != "word":
            found.append(Option(text, word.start, word.end))
        else:
            found += _letters(word, words, takes)
    return found


def _letters(word: Word, words: list[Word], takes: frozenset[str]) -> list[Option]:
    """The letters of `-aG`; a letter that takes a value has the next word, or the rest of this one (`-d:`)."""
    found = []
    for at, letter in enumerate(word.text[1:], 1):
        if f"-{letter}" in takes:
            if at < len(word.text) - 1:
                found.append(Option(f"-{word.text[at:]}", word.start + at, word.end, letter=letter))
            elif words:
                value = words.pop(0)
                found.append(Option(f"-{letter}", word.start + at, value.end, value, letter))
            break
        if not letter.isalpha():
            break
        found.append(Option(f"-{letter}", word.start + at, word.start + at + 1, letter=letter))
    return found


def is_neutral(command: Command, option: Option) -> bool:
    """Whether leaving the option out cannot make another state: at most an error, a question, other output."""
    flag = option.text.partition("=")[0]
    listed = f"{_NEUTRAL['*']} {_NEUTRAL.get(base_name(command), '')}"
    return flag in listed.split()


def operands(command: Command) -> list[Word]:
    """The words of a command that are neither options nor their values."""
    spans = [(option.start, option.end) for option in options(command)]
    return [
        word
        for word in command.words
        if word.text != "--"
        and not any(start <= word.start < end for start, end in spans)
        and not any(word.start < start <= word.end for start, _ in spans)
    ]


def verb_of(command: Command) -> Word | None:
    """The first operand of a command such as systemctl or kubectl, which says what it does; None without operands."""
    return next(iter(operands(command)), None)


def base_name(command: Command) -> str:
    """The command's name without its folder."""
    return command.name.rsplit("/", 1)[-1]


def looks(statement: Statement) -> bool:
    """Whether a statement only looks or waits: it changes nothing, so an attempt without it is no less right."""
    if statement.writes or statement.assigns or statement.captured or statement.kind == "function_definition":
        return False
    return all(command_looks(command) for command in statement.commands)


def command_looks(command: Command) -> bool:
    """Whether a command only looks or waits."""
    if command.writes:
        return False
    return _words_look(base_name(command), [word.plain for word in command.words])


def _words_look(name: str, words: Sequence[str]) -> bool:
    if name in _ALWAYS_LOOK:
        return not (name == "curl" and {"-o", "-O", "-X", "-d", "-T"} & set(words))
    if name == "ssh" and len(words) > 1 and _THROUGH_SSH.match(words[0]):
        return _text_looks(" ".join(words[1:]))
    if name in ("su", "runuser") and "-c" in words[:-1]:
        return _text_looks(words[words.index("-c") + 1])
    if name in ("command", "exec", "nice", "timeout") and words:
        return _words_look(words[0], words[1:])
    return name in _LOOK and re.match(_LOOK[name], " ".join(words)) is not None


def _text_looks(text: str) -> bool:
    """Whether a command given as text only looks; pipes and redirections are not read."""
    name, *words = text.split() or [""]
    return not set(text) & set("|>;&$`") and _words_look(name.rsplit("/", 1)[-1], words)
