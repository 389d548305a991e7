"""The kinds for Kubernetes clusters, each in the module that this table names (read when it is first used)."""

MODULES = {
    "absent": "objects",
    "can_i": "rights",
    "count": "objects",
    "dns": "names",
    "exec": "pods",
    "helm": "releases",
    "kustomize": "manifests",
    "logs": "pods",
    "manifest": "manifests",
    "node": "nodes",
    "policy": "policies",
    "resource": "objects",
    "rollout": "rollouts",
}
