"""Changes manifests: drops fields and entries, widens selectors and rights, takes another namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from rung.runner.authoring.mutation.operators.base import Answer, Operator
from rung.runner.authoring.mutation.syntax.edit import Change, Edit, change, quoted
from rung.runner.authoring.mutation.syntax.manifests import Document, Entry
from rung.runner.authoring.mutation.syntax.words import base_name, options

# Without these the API refuses the object, or there is none.
_NEEDED = frozenset(
    {"apiVersion", "kind", "metadata", "spec", "template", "containers", "op", "path", "value", "image"}
)
_SELECTORS = frozenset({"podSelector", "namespaceSelector", "matchLabels"})
_VERBS = re.compile(r"--verb=(?P<verbs>[a-z,]+)$")


def _fields(answer: Answer) -> Iterator[tuple[Document, Entry]]:
    for document in answer.documents:
        for entry in document.entries():
            yield document, entry


class DropField(Operator):
    """Leaves out a field of a manifest or patch."""

    name = "drop-field"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for document, entry in _fields(answer):
            named = entry.path[-1] == "name" and (len(entry.path) == 2 or entry.path[-3:-2] == ("containers",))
            if entry.key is not None and entry.path[-1] not in _NEEDED and not named:
                edit = document.removal(entry)
                if edit is not None:
                    yield change(f"leaves out the field `{entry.dotted}`", edit)


class DropEntry(Operator):
    """Leaves out an element of a list in a manifest or patch."""

    name = "drop-entry"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for document, entry in _fields(answer):
            if entry.key is None and (edit := document.removal(entry)) is not None:
                yield change(f"leaves out the element `{entry.dotted}`", edit)


class WidenSelector(Operator):
    """Empties a selector, so that it selects everything."""

    name = "widen-selector"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for document, entry in _fields(answer):
            if entry.key is None or not isinstance(entry.value, MappingNode) or not entry.value.value:
                continue
            if entry.path[-1] in _SELECTORS and entry.path[-2:] != ("selector", "matchLabels"):
                yield change(f"selects everything by `{entry.dotted}: {{}}`", document.replacement(entry, "{}"))


class OrForAnd(Operator):
    """Makes two callers of a network policy out of one: "or" in place of "and"."""

    name = "or-for-and"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for document, entry in _fields(answer):
            peer = entry.value
            if entry.key is not None or entry.name not in ("from", "to") or not isinstance(peer, MappingNode):
                continue
            names = [str(key.value) for key, _ in peer.value]
            if sorted(names) != ["namespaceSelector", "podSelector"]:
                continue
            first, second = document.end(peer.value[0][1]), document.start(peer.value[1][0])
            edit = Edit(first, second, "}, {") if peer.flow_style else Edit(second - 2, second, "- ")
            yield change(f"makes two elements of `{entry.dotted}`", edit)


class AllVerbs(Operator):
    """Allows every verb, or every resource, in place of some."""

    name = "all-verbs"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for document, entry in _fields(answer):
            rule = [str(key.value) for key, _ in entry.holder.value] if entry.key is not None else []
            if "verbs" in rule and entry.path[-1] in ("verbs", "resources") and isinstance(entry.value, SequenceNode):
                star = f"[{document.quote}*{document.quote}]"
                yield change(f"allows `*` by `{entry.dotted}`", document.replacement(entry, star))
        for command in answer.commands:
            for word in command.words:
                if base_name(command) == "kubectl" and (match := _VERBS.match(word.text)):
                    what = f"allows every verb in {quoted(command.text)}"
                    yield change(what, Edit(word.start, word.end, "--verb='*'"))
                    more = "delete" if "delete" not in match["verbs"] else "patch"
                    if more not in match["verbs"]:
                        yield change(
                            f"allows `{more}` as well in {quoted(command.text)}", Edit(word.end, word.end, f",{more}")
                        )


class OtherNamespace(Operator):
    """Takes the namespace `default`, in a field or as an option."""

    name = "other-namespace"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for document, entry in _fields(answer):
            if entry.path[-1] == "namespace" and isinstance(entry.value, ScalarNode):
                yield change(f"takes `default` for `{entry.dotted}`", document.replacement(entry, "default"))
        for command in answer.commands:
            for option in options(command) if base_name(command) in ("kubectl", "helm") else ():
                if option.text in ("-n", "--namespace") and option.value is not None:
                    what = f"takes `default` for `{option.value.text}` in {quoted(command.text)}"
                    yield change(what, Edit(option.value.start, option.value.end, "default"))


class RequestsForLimits(Operator):
    """Sets limits where requests are asked for, and the other way round."""

    name = "requests-for-limits"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for document, entry in _fields(answer):
            holders = entry.holder.value if isinstance(entry.holder, MappingNode) else []
            if entry.key is None or entry.path[-1] not in ("requests", "limits") or "resources" not in entry.path:
                continue
            pairs = {str(key.value): key for key, _ in holders}
            if entry.path[-1] == "limits" and "requests" in pairs:
                continue  # both are swapped once
            edits = [
                Edit(document.start(key), document.end(key), "limits" if name == "requests" else "requests")
                for name, key in pairs.items()
                if name in ("requests", "limits") and key.style is None
            ]
            if edits:
                yield change(f"swaps requests and limits at `{entry.dotted}`", *edits)
        for command in answer.commands:
            for word in command.words:
                for one, other in (("--requests=", "--limits="), ("--limits=", "--requests=")):
                    if word.text.startswith(one):
                        what = f"says `{other}` in place of `{one}` in {quoted(command.text)}"
                        yield change(what, Edit(word.start, word.start + len(one), other))
