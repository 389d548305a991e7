"""What a SubjectAccessReview asks: who, and for what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rung.checks.client.client import Client

_EVERYBODY = "system:authenticated"


def review_subject(user: str, groups: Sequence[str], serviceaccount: str, namespace: str) -> dict[str, Any]:
    """The asker's name and groups, as they are after a login. Raises ValueError unless one is given."""
    if bool(user or groups) == bool(serviceaccount):
        raise ValueError("give a user and groups, or a service account")
    if not serviceaccount:
        return {"user": user or "somebody", "groups": [*groups, _EVERYBODY]}
    first, _, last = serviceaccount.rpartition(":")
    place = first or namespace
    own = ["system:serviceaccounts", f"system:serviceaccounts:{place}", _EVERYBODY]
    return {"user": f"system:serviceaccount:{place}:{last}", "groups": [*own, *groups]}


def review_attributes(cluster: Client, verb: str, resource: str, name: str, namespace: str) -> dict[str, Any]:
    """The request's attributes. `*` as namespace asks for all of them. Raises UnknownKind."""
    if resource.startswith("/"):
        return {"nonResourceAttributes": {"verb": verb, "path": resource}}
    word, _, subresource = resource.partition("/")
    attributes = {"verb": verb, "name": name, "subresource": subresource}
    if word == "*":
        attributes |= {"group": "*", "resource": "*", "namespace": namespace}
    else:
        found = cluster.resource(word)
        attributes |= {"group": found.group, "resource": found.plural}
        attributes |= {"namespace": namespace} if found.namespaced else {}
    if attributes.get("namespace") == "*":
        del attributes["namespace"]
    return {"resourceAttributes": {key: value for key, value in attributes.items() if value}}


def subject_rules(cluster: Client, who: dict[str, Any], namespace: str) -> list[dict[str, Any]]:
    """All that somebody (of `review_subject`) may do in a namespace, as rules (a SelfSubjectRulesReview, impersonated).

    Of groups only the first that the one who asks did not get by the login alone can be told.
    """
    headers = {"Impersonate-User": who["user"]}
    own = [group for group in who["groups"] if not group.startswith("system:")]
    headers |= {"Impersonate-Group": own[0]} if own else {}
    asked = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    return list(cluster.raw("POST", path, body=asked, headers=headers).json()["status"]["resourceRules"] or ())


def rule_grants(entries: Iterable[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Rules as single grants: verb, resource (`pods/log`, `deployments.apps`), name (`` for all)."""
    return {
        (verb, resource if not group else _grouped(resource, group), name)
        for each in entries
        for verb in each.get("verbs") or ()
        for group in each.get("apiGroups") or [""]
        for resource in each.get("resources") or ()
        for name in each.get("resourceNames") or [""]
    }


def _grouped(resource: str, group: str) -> str:
    """`deployments/scale` of `apps` is `deployments.apps/scale`."""
    plural, slash, subresource = resource.partition("/")
    return f"{plural}.{group}{slash}{subresource}"
