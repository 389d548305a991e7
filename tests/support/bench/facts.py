"""Ten checks of a cluster, and a kubectl process for each fact that they ask for.

They ask for 3.3 facts each, as many as those of the bundled labs do on average: what a manifest must contain counts
one for each value, `can_i` one for each verb and resource.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

Check = tuple[dict[str, Any], list[list[str]]]

IMAGE = "rung/web:1.0"
_READERS = ("get", "list", "watch")
_WRITERS = ("create", "update", "patch", "delete", "deletecollection")


def _get(what: str, path: str) -> list[str]:
    return ["get", *what.split(), "-o", f"jsonpath={{{path}}}"]


def _of(name: str) -> list[Check]:
    """Four checks of a Deployment, its pods and its Service."""
    deployment, pods, service = f"deployment {name}", f"pods -l app={name}", f"service {name}"
    pod = {"spec": {"containers": [{"name": "web", "image": IMAGE}]}}
    ports = [{"port": 80, "targetPort": 8080}]
    return [
        (
            {
                "resource": {"kind": "Deployment", "name": name, "spec": {"replicas": 1, "template": pod}},
                "ready": True,
            },
            [
                _get(deployment, ".spec.replicas"),
                _get(deployment, '.spec.template.spec.containers[?(@.name=="web")].image'),
                _get(deployment, ".status.readyReplicas"),
            ],
        ),
        (
            {"rollout": f"deployment/{name}", "image": IMAGE},
            [
                ["rollout", "status", f"deployment/{name}"],
                _get(pods, ".items[*].spec.containers[*].image"),
            ],
        ),
        (
            {"count": "pods", "labels": f"app={name}", "like": pod, "ready": True, "exactly": 1},
            [
                _get(pods, ".items[*].metadata.name"),
                _get(pods, ".items[*].spec.containers[*].image"),
                _get(pods, '.items[*].status.conditions[?(@.type=="Ready")].status'),
            ],
        ),
        (
            {"resource": {"kind": "Service", "name": name, "spec": {"selector": {"app": name}, "ports": ports}}},
            [
                _get(service, ".spec.selector.app"),
                _get(service, ".spec.ports[0].port"),
                _get(service, ".spec.ports[0].targetPort"),
            ],
        ),
    ]


def _may_not(verbs: Sequence[str], *resources: str) -> Check:
    return (
        {"can_i": list(verbs), "resource": list(resources), "user": "somebody", "allowed": False},
        [["auth", "can-i", verb, resource, "--as", "somebody"] for verb in verbs for resource in resources],
    )


CHECKS = [*_of("web0"), *_of("web1"), _may_not(_READERS, "pods", "services"), _may_not(_WRITERS, "secrets")]
COMMANDS = [command for _, commands in CHECKS for command in commands]
EXPECT = "".join(f"      - {json.dumps({'id': f'c{number}', **check})}\n" for number, (check, _) in enumerate(CHECKS))
