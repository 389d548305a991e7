"""The parts of a SubjectAccessReview: who asks, and for what; and the rules that apply to a subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rung.checks.client.client import Client

_AUTHENTICATED = "system:authenticated"


def review_subject(user: str, groups: Sequence[str], serviceaccount: str, namespace: str) -> dict[str, Any]:
    """The subject's user name and groups after a login, as `{"user": ..., "groups": [...]}`.

    A service account is `name`, of `namespace`, or `namespace:name`. Raises ValueError unless either a user or groups,
    or a service account, is given.
    """
    if bool(user or groups) == bool(serviceaccount):
        raise ValueError("give a user and groups, or a service account")
    if not serviceaccount:
        return {"user": user or "somebody", "groups": [*groups, _AUTHENTICATED]}
    own_namespace, _, name = serviceaccount.rpartition(":")
    home = own_namespace or namespace
    account_groups = ["system:serviceaccounts", f"system:serviceaccounts:{home}", _AUTHENTICATED]
    return {"user": f"system:serviceaccount:{home}:{name}", "groups": [*account_groups, *groups]}


def review_attributes(cluster: Client, verb: str, resource: str, name: str, namespace: str) -> dict[str, Any]:
    """The request's attributes, as the review's spec takes them. The namespace `*` means all of them.

    `resource` is `pods`, `pods/log`, `deployments.apps`, `*`, or a path such as `/healthz`. Raises UnknownKind.
    """
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
    """The rules that apply to `who` (of `review_subject`) in a namespace: an impersonated SelfSubjectRulesReview.

    Only the first group that does not begin with `system:` is impersonated. Raises ApiRefused and ClusterGone.
    """
    headers = {"Impersonate-User": who["user"]}
    groups = [group for group in who["groups"] if not group.startswith("system:")]
    headers |= {"Impersonate-Group": groups[0]} if groups else {}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    return list(cluster.raw("POST", path, body=review, headers=headers).json()["status"]["resourceRules"] or ())


def rule_grants(rules: Iterable[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Rules as single grants: verb, resource (`pods/log`, `deployments.apps`), name (empty for all names)."""
    return {
        (verb, resource if not group else _with_group(resource, group), name)
        for each in rules
        for verb in each.get("verbs") or ()
        for group in each.get("apiGroups") or [""]
        for resource in each.get("resources") or ()
        for name in each.get("resourceNames") or [""]
    }


def _with_group(resource: str, group: str) -> str:
    """`deployments/scale` in the group `apps` becomes `deployments.apps/scale`."""
    plural, slash, subresource = resource.partition("/")
    return f"{plural}.{group}{slash}{subresource}"
