"""Scripts are read by a grammar of bash: statements, commands, words, here-documents."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.runner.authoring.mutation.syntax.shell import Script, reads
from rung.runner.authoring.mutation.syntax.words import looks, operands, options
from rung.runner.lab.folder import BUNDLED_LABS


def words(text: str) -> list[list[str]]:
    return [[command.name, *(word.text for word in command.words)] for command in Script(text).commands]


def test_commands_and_their_words_are_found_in_loops_branches_and_pipelines() -> None:
    script = 'for y in a "$b"; do\n    if mkdir -p "/srv/$y"; then chmod 750 x; fi\ndone\necho hi | tee f > /dev/null\n'
    assert words(script) == [["mkdir", "-p", '"/srv/$y"'], ["chmod", "750", "x"], ["echo", "hi"], ["tee", "f"]]


def test_a_here_document_is_its_lines_with_the_expansions_in_them() -> None:
    (command,) = Script("cat > /etc/one <<END\nport $port\nEND\n").commands
    (here,) = command.here
    assert (here.text, here.expands, [each.name for each in here.expansions]) == ("port $port\n", True, ["port"])
    assert [word.text for word in command.writes] == ["/etc/one"]


def test_a_quoted_here_document_expands_nothing() -> None:
    (here,) = Script("cat <<'END'\n$port\n\n  two\nEND\n").commands[0].here
    assert (here.text, here.expands, here.expansions) == ("$port\n\n  two\n", False, ())


def test_offsets_count_characters_also_behind_letters_of_several_bytes() -> None:
    text = "echo 'schön – gut' > a\nchmod 600 b\n"
    command = Script(text).commands[1]
    assert text[command.start : command.end] == "chmod 600 b"


def test_a_word_knows_what_the_shell_makes_of_it() -> None:
    (command,) = Script("""x one 'two $a' "three \\$b" "four $c" f'i've $'six'""").commands
    assert [word.literal for word in command.words] == ["one", "two $a", "three $b", None, None, "$'six'"]


def test_lines_that_the_grammar_takes_for_one_command_are_read_one_by_one() -> None:
    """So it is with a dash at the end of a pipeline, if a here-document follows."""
    script = "a | sed 's/b/c/' | k replace -f -\nk -n x restart\nk apply -f - <<END\ny: 1\nEND\n"
    assert words(script)[2:] == [["k", "replace", "-f", "-"], ["k", "-n", "x", "restart"], ["k", "apply", "-f", "-"]]


def test_a_here_document_that_the_grammar_cannot_read_is_not_read_as_commands() -> None:
    script = "touch a\nuntil k apply -f - <<END; do sleep 1; done\nrm everything\nEND\nchmod 600 b\n"
    assert words(script) == [["touch", "a"], ["k", "apply", "-f", "-"]]


def test_the_user_of_a_part_is_found() -> None:
    script = Script("#@ desk\nls\n#@ vault as mina\nls\n")
    (section,) = script.sections
    assert (section.user, script.text[section.start : section.end]) == ("mina", " as mina")


@pytest.mark.parametrize(("text", "readable"), [("if a; then b; fi", True), ("if a; then b", False), ("fi", False)])
def test_whether_a_text_is_a_script(text: str, readable: bool) -> None:
    assert reads(text) is readable


@pytest.mark.parametrize(
    "text",
    [
        "systemctl status --no-pager a.service || true",
        "kubectl -n \"$team\" rollout status deployment/web --timeout=90s",
        "for _ in $(seq 60); do\n    kubectl get --raw /readyz >/dev/null 2>&1 && break\n    sleep 1\ndone",
        "ssh mina@vault hostname",
        "su - \"$person\" -c atq",
        "sshd -T | grep -Ei '^permitrootlogin'",
        "find / -xdev -name sweep -type f",
        "firewall-cmd --zone=\"$zone\" --list-all",
        "rpm -V buoy",
        "[ -e /var/lib/x ] && exit 0",
    ],
)  # fmt: skip
def test_what_only_looks_or_waits(text: str) -> None:
    assert looks(Script(text).statements[0])


@pytest.mark.parametrize(
    "text",
    [
        "systemctl restart a.service",
        "kubectl get pod a -o yaml > a.yaml",
        "kubectl get pod a -o yaml | kubectl replace -f -",
        "ssh mina@vault 'cat >> .ssh/authorized_keys'",
        "su - courier -c 'echo x > y'",
        "find . -type f -exec chmod 640 {} +",
        "sed -i s/a/b/ f",
        "firewall-cmd --zone=internal --add-port=80/tcp",
        "rpm -e buoy",
        "unit=$(systemctl list-units)",
    ],
)
def test_what_changes_something(text: str) -> None:
    assert not looks(Script(text).statements[0])


def test_options_have_their_values_and_letters_stand_for_themselves() -> None:
    (command,) = Script('usermod -aG archive -s /bin/bash --comment=x "$who"').commands
    found = [(option.text, option.value.text if option.value else None) for option in options(command)]
    assert found == [("-a", None), ("-G", "archive"), ("-s", "/bin/bash"), ("--comment=x", None)]
    assert [word.text for word in operands(command)] == ['"$who"']


def test_what_follows_a_double_dash_is_no_option() -> None:
    (command,) = Script("kubectl exec printer -- sh -c x").commands
    assert options(command) == []


def test_all_but_a_few_scripts_of_the_bundled_labs_are_read_as_a_whole() -> None:
    scripts = [path for path in BUNDLED_LABS.glob("*/*/**/*.sh") if "files" not in path.parts]
    unread = [path for path in scripts if not reads(path.read_text())]
    assert len(unread) * 50 < len(scripts)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a b", "a <<X\n$y\nX", "if a; then\nb 'é'\nfi", "x=$(a)", "'", "a | b -", "(a; b)"])))
def test_what_is_found_lies_where_it_says(lines: list[str]) -> None:
    text = "\n".join(lines)
    script = Script(text)
    for each in script.commands:
        assert text[each.start : each.end] == each.text
        assert all(text[word.start : word.end] == word.text for word in each.words)
        assert all(text[here.start : here.end] == here.text for here in each.here)
    assert all(text[each.start : each.end] == each.text for each in script.statements)
