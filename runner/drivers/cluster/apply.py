"""Creates objects as `kubectl create --save-config` does, without its process, which takes most of a second for what
the API does in some milliseconds.

Each object gets the annotation last-applied-configuration, byte for byte as kubectl writes it: without it the learner's
`kubectl apply` would warn, and would not remove fields. A kind that discovery does not list, because the server of its
API does not answer or it does not exist, is left to kubectl, which says what is wrong.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone, UnknownKind
from rung.runner.drivers.base.error_texts import awaits_service_account

Manifest = Mapping[str, Any]

_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"  # what a later `kubectl apply` compares with
_QUERY = {"fieldManager": "kubectl-client-side-apply", "fieldValidation": "Strict"}
_NAMESPACE = "default"  # the kubeconfig on `base` names no namespace
_READY_SECONDS = 30.0  # for a new namespace to get its service account
_PAUSE = 0.2
# Characters that Go's JSON escapes and Python's does not: kubectl takes any difference for a change.
_AS_GO = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})
_NONE: Mapping[str, str] = MappingProxyType({})


def create_all(api: Cluster, manifests: Sequence[Manifest]) -> bool:
    """Create objects, in their order. False: one exists already, or cannot be created; the caller lets kubectl apply
    all of them, to which those that were created look like its own."""
    try:
        for manifest in manifests:
            if not manifest["metadata"].get("name"):
                return False
            create(api, manifest)
    except (ApiRefused, ClusterGone, UnknownKind):
        return False
    return True


def create(api: Cluster, manifest: Manifest, labels: Mapping[str, str] = _NONE) -> None:
    """Create one object. labels: added to its own, but not to last-applied-configuration.

    Waits for the service account of a namespace that is new. Raises ApiRefused, UnknownKind.
    """
    resource = api.resource(manifest["kind"], manifest["apiVersion"])
    namespace = manifest["metadata"].get("namespace") or _NAMESPACE
    body = _with_annotation(manifest, namespace if resource.namespaced else None, labels)
    until = time.monotonic() + _READY_SECONDS
    while True:
        try:
            api.raw("POST", resource.path(namespace), query=_QUERY, body=body)
        except ApiRefused as refused:
            if refused.status != 403 or not awaits_service_account(refused.message) or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _with_annotation(manifest: Manifest, namespace: str | None, labels: Mapping[str, str]) -> dict[str, Any]:
    metadata = dict(manifest["metadata"])
    if namespace is not None:
        metadata["namespace"] = namespace
    annotations = metadata["annotations"] = dict(metadata.get("annotations") or {})
    text = json.dumps({**manifest, "metadata": metadata}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if labels:
        metadata["labels"] = {**(metadata.get("labels") or {}), **labels}
    annotations = {**annotations, _APPLIED: text.translate(_AS_GO) + "\n"}
    return {**manifest, "metadata": {**metadata, "annotations": annotations}}
