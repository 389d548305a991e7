"""The objects of the tests on a real cluster: a namespace `lab` with a web server, a client and an account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from api_server import expectation
from rung.checks.cluster import Cluster
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext

OBJECTS = """\
apiVersion: v1
kind: Namespace
metadata: {name: lab}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: lab}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: rung/web:1.0
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
          resources: {requests: {cpu: 10m, memory: 0.03125Gi}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: lab}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: lab, labels: {app: client}}
spec:
  terminationGracePeriodSeconds: 0
  nodeName: node01
  containers: [{name: box, image: rung/box:1.0, command: [sh, -c, "echo started; echo id=7; exec sleep infinity"]}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: oncall, namespace: lab}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: look, namespace: lab}
rules:
  - {apiGroups: [""], resources: [pods, pods/log], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: look, namespace: lab}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: look}
subjects: [{kind: ServiceAccount, name: oncall, namespace: lab}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-client, namespace: lab}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: http}]}]
"""


@dataclass(frozen=True)
class RealCluster:
    """A real cluster, with its machines by name."""

    cluster: Cluster
    hosts: dict[str, Machine]

    @property
    def check_context(self) -> CheckContext:
        return CheckContext(self.hosts["base"], self.hosts, {}, self.cluster)

    def ask(self, data: dict[str, Any]) -> list[str]:
        """The reasons why an expectation does not hold."""
        try:
            asked = expectation(data)
            return list(asked.reasons(replace(self.check_context, host=self.hosts[asked.on or "base"])))
        except Fail as fail:
            return fail.reasons

    def apply(self, text: str) -> None:
        """Apply manifests from `base`."""
        result = self.hosts["base"].run("kubectl apply -f -", stdin=text, timeout=60)
        assert result.ok, result.stderr
