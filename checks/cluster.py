"""A cluster as checks see it: `cluster` in Python checks, `CheckContext.cluster` in kinds.

Code outside this package uses the cluster's API through this module alone.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rung.checks.client.authorization import review_attributes, review_subject
from rung.checks.client.client import TIMEOUT, Client
from rung.checks.client.discovery import DISCOVERY, ApiResource, common_resources, find_resource
from rung.checks.client.errors import ApiRefused, ClusterGone, UnknownKind, answered_by_api_server
from rung.checks.core.channel import Result
from rung.checks.core.outcome import Fail

if TYPE_CHECKING:
    from rung.checks.client.kubeconfig import KubeconfigClient
    from rung.checks.client.transport import ApiAnswer

__all__ = [
    "ALL",
    "DISCOVERY",
    "ApiRefused",
    "ApiResource",
    "Cluster",
    "ClusterGone",
    "Object",
    "Review",
    "UnknownKind",
    "answered_by_api_server",
    "common_resource",
]

Object = dict[str, Any]
Objects = list[Object]  # inside Cluster, `list` is the method
ALL = "*"  # in place of a namespace: every namespace
_PAUSE = 0.2  # seconds between two requests of `wait`
_LOG_LIMIT = 4 << 20  # bytes of a log that are read
_PATCH = {"merge": "application/merge-patch+json", "json": "application/json-patch+json"}


@dataclass(frozen=True)
class Review:
    """Whether the API's authorizer allows a request, and the reason that it gives."""

    allowed: bool
    reason: str = ""


class Cluster(Client):
    """One API server. A kind is named as in kubectl (`Deployment`, `deploy`, `deployments.apps`).

    `client` is the official client (`kubernetes.client.ApiClient`) that all requests go through.

    The default namespace is the lab's; `ALL` means every namespace. Objects are the API's JSON as dicts; times are
    seconds. Every method raises ClusterGone if nothing answers in time, and ApiRefused if the API returns an error.
    """

    def __init__(
        self, client: KubeconfigClient, namespace: str = "default", *, capabilities: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(client)
        self.namespace = namespace
        self.capabilities = capabilities

    @classmethod
    def from_kubeconfig(
        cls,
        source: Mapping[str, Any] | Path | str,
        namespace: str | None = None,
        *,
        context: str | None = None,
        capabilities: frozenset[str] = frozenset(),
    ) -> Cluster:
        """The cluster of a kubeconfig (a mapping, or a file's path); `context` defaults to its current one.

        `capabilities` are those that the driver states for the cluster. A program that gives credentials runs. Raises
        ValueError if the kubeconfig is not understood or gives no credentials, OSError if a file cannot be read.
        """
        from rung.checks.client.kubeconfig import connect

        client, its_namespace = connect(source, context)
        return cls(client, namespace or its_namespace, capabilities=capabilities)

    # -- reading

    def get(
        self, kind: str, name: str, namespace: str | None = None, *, api_version: str | None = None
    ) -> Object | None:
        """The object of that name, or None. Raises UnknownKind."""
        resource = self.resource(kind, api_version)
        try:
            return self._object(self.raw("GET", resource.path(namespace or self.namespace, name)))
        except ApiRefused as refused:
            if refused.status != 404:
                raise
            # The message differs if the API does not serve the path at all.
            if not re.search(rf'"([^"]*/)?{re.escape(name)}" not found', refused.message):
                raise UnknownKind(kind, self.kinds()) from None
            return None

    def list(
        self,
        kind: str,
        namespace: str | None = None,
        *,
        labels: str | Mapping[str, str] = "",
        fields: str | Mapping[str, str] = "",
        api_version: str | None = None,
    ) -> Objects:
        """The objects of a kind that labels and fields select (`a=b,c!=d`, or a mapping), by namespace and name.

        Raises UnknownKind.
        """
        resource = self.resource(kind, api_version)
        query = {"labelSelector": _selector(labels), "fieldSelector": _selector(fields)}
        scope = None if namespace == ALL else namespace or self.namespace
        try:
            answer = self.raw("GET", resource.path(scope), query={k: v for k, v in query.items() if v}).json()
        except ApiRefused as refused:
            if refused.status != 404:
                raise
            raise UnknownKind(kind, self.kinds()) from None
        found = [{"apiVersion": resource.api_version, "kind": resource.kind, **item} for item in answer["items"] or ()]
        return sorted(found, key=lambda o: (o["metadata"].get("namespace", ""), o["metadata"]["name"]))

    def wait(
        self,
        kind: str,
        name: str,
        until: Callable[[Object], bool],
        *,
        what: str,
        namespace: str | None = None,
        timeout: float = 30.0,
    ) -> Object:
        """The object as soon as `until(object)` is true.

        Raises Fail after `timeout` seconds; its reason says that `what` was expected. Raises UnknownKind.
        """
        end = time.monotonic() + timeout
        while True:
            found = self.get(kind, name, namespace)
            if found is not None and until(found):
                return found
            if time.monotonic() + _PAUSE > end:
                state = "none" if found is None else "it otherwise"
                raise Fail(
                    f"{self.resource(kind).singular}/{name}: expected {what} within {timeout:g} s, found {state}"
                )
            time.sleep(_PAUSE)

    def logs(
        self,
        pod: str,
        *,
        namespace: str | None = None,
        container: str | None = None,
        previous: bool = False,
        since: int | None = None,
        tail: int | None = None,
    ) -> str:
        """A container's log, at most its first 4 MiB; default the pod's first container.

        `previous` reads the log from before the container's last restart; `since` limits it to so many seconds, `tail`
        to so many lines. Raises ApiRefused also if the pod or the container does not exist or has no log yet.
        """
        query = {"limitBytes": _LOG_LIMIT, "container": container, "sinceSeconds": since, "tailLines": tail}
        query |= {"previous": "true"} if previous else {}
        path = self.resource("pods").path(namespace or self.namespace, pod, "log")
        return self.raw("GET", path, query={k: v for k, v in query.items() if v is not None}).text

    def exec(
        self,
        pod: str,
        command: str | Sequence[str],
        *,
        namespace: str | None = None,
        container: str | None = None,
        stdin: bytes = b"",
        timeout: float = TIMEOUT,
    ) -> Result:
        """Run a command in a container and wait for its end; the container's `sh` reads a text, a list runs as it is.

        Raises CommandTimeout (from rung.checks.core.channel) after `timeout` seconds.
        """
        from rung.checks.client.exec_stream import execute, execute_text

        path = self.resource("pods").path(namespace or self.namespace, pod, "exec")
        if isinstance(command, str):
            return execute_text(self.client, path, command, container, stdin, timeout)
        return execute(self.client, path, command, container, stdin, timeout)

    def can_i(
        self,
        verb: str,
        resource: str,
        name: str = "",
        *,
        namespace: str | None = None,
        user: str = "",
        groups: Sequence[str] = (),
        serviceaccount: str = "",
    ) -> Review:
        """Whether a user with groups, or a service account, may do something (a SubjectAccessReview).

        `resource` is `pods`, `pods/log`, `deployments.apps`, or a path such as `/healthz`; a service account is
        `name` or `namespace:name`. Raises UnknownKind.
        """
        spec = {
            **review_subject(user, groups, serviceaccount, self.namespace),
            **review_attributes(self, verb, resource, name, self.namespace if namespace is None else namespace),
        }
        review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
        status = self.raw("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", body=review).json()["status"]
        return Review(bool(status.get("allowed")), str(status.get("reason", "")))

    # -- writing: a Python check removes what it creates

    def create(self, manifest: Object, *, namespace: str | None = None, dry_run: bool = False) -> Object:
        """Create an object and return it as the API stores it; with `dry_run` the API validates it and stores nothing.

        The manifest's own namespace comes before the argument. Raises UnknownKind.
        """
        resource = self.resource(manifest["kind"], manifest.get("apiVersion"))
        scope = (manifest.get("metadata") or {}).get("namespace") or namespace or self.namespace
        query = {"dryRun": "All"} if dry_run else {}
        body = {"apiVersion": resource.api_version, **manifest}
        return self._object(self.raw("POST", resource.path(scope), query=query, body=body))

    def patch(
        self, kind: str, name: str, change: Any, *, namespace: str | None = None, dry_run: bool = False
    ) -> Object:
        """Change an object by a merge patch (a mapping) or a JSON patch (a list), and return it. Raises UnknownKind."""
        path = self.resource(kind).path(namespace or self.namespace, name)
        content_type = {"Content-Type": _PATCH["json" if isinstance(change, list) else "merge"]}
        query = {"dryRun": "All"} if dry_run else {}
        return self._object(self.raw("PATCH", path, query=query, body=change, headers=content_type))

    def delete(self, kind: str, name: str, *, namespace: str | None = None, grace: int | None = None) -> bool:
        """Delete an object and return whether it existed, without waiting until it is gone.

        `grace`: seconds until its containers are killed. Raises UnknownKind.
        """
        query = {} if grace is None else {"gracePeriodSeconds": grace}
        try:
            self.raw("DELETE", self.resource(kind).path(namespace or self.namespace, name), query=query)
        except ApiRefused as refused:
            if refused.status != 404:
                raise
            return False
        return True

    @staticmethod
    def _object(answer: ApiAnswer) -> Object:
        found = answer.json()
        assert isinstance(found, dict)
        return found


def common_resource(kind: str, api_version: str | None = None) -> ApiResource | None:
    """The kind that a word means, from the table of common kinds, without asking a cluster; None if it is not there."""
    return find_resource(kind, api_version, common_resources())


def _selector(labels: str | Mapping[str, str]) -> str:
    return labels if isinstance(labels, str) else ",".join(f"{key}={value}" for key, value in labels.items())
