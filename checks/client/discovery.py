"""Names of kinds and where the API serves them.

A table holds the kinds that labs use often, which saves the requests for them. All others are found by aggregated
discovery (one document for each of /api and /apis). The official client's `kubernetes.dynamic` does not ask so: each
process would begin with /version and /apis, then ask one document for each group and version, about 30 of them; what it
keeps in a file instead, in the folder for temporary files, is of whichever cluster was at that address before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

# The media type of a document that lists everything that the API serves.
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


@dataclass(frozen=True)
class ApiResource:
    """A kind as the API serves it."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool
    short: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        """`v1`, or `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def name(self) -> str:
        """`pods`, or `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def singular(self) -> str:
        """The word for one of them, as in `deployment/shop`."""
        return self.kind.lower()

    @property
    def words(self) -> tuple[str, ...]:
        """The words that name it, in lower case."""
        return (self.plural, self.kind.lower(), *self.short)

    def path(self, namespace: str | None, name: str | None = None, subresource: str | None = None) -> str:
        """The path of the list (in a namespace, or None for all), of one object, or of an object's subresource."""
        parts = ["/apis", self.group, self.version] if self.group else ["/api", self.version]
        if self.namespaced and namespace is not None:
            parts += ["namespaces", quote(namespace, safe="")]
        parts.append(self.plural)
        parts += [quote(part, safe="") for part in (name, subresource) if part is not None]
        return "/".join(parts)


# group/version, plural, kind, short names; `-` before a plural marks a kind without namespaces.
_TABLE = """\
v1 configmaps ConfigMap cm
v1 endpoints Endpoints ep
v1 events Event ev
v1 limitranges LimitRange limits
v1 -namespaces Namespace ns
v1 -nodes Node no
v1 persistentvolumeclaims PersistentVolumeClaim pvc
v1 -persistentvolumes PersistentVolume pv
v1 pods Pod po
v1 podtemplates PodTemplate
v1 replicationcontrollers ReplicationController rc
v1 resourcequotas ResourceQuota quota
v1 secrets Secret
v1 serviceaccounts ServiceAccount sa
v1 services Service svc
apps/v1 controllerrevisions ControllerRevision
apps/v1 daemonsets DaemonSet ds
apps/v1 deployments Deployment deploy
apps/v1 replicasets ReplicaSet rs
apps/v1 statefulsets StatefulSet sts
autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler hpa
batch/v1 cronjobs CronJob cj
batch/v1 jobs Job
networking.k8s.io/v1 ingresses Ingress ing
networking.k8s.io/v1 -ingressclasses IngressClass
networking.k8s.io/v1 networkpolicies NetworkPolicy netpol
policy/v1 poddisruptionbudgets PodDisruptionBudget pdb
rbac.authorization.k8s.io/v1 -clusterroles ClusterRole
rbac.authorization.k8s.io/v1 -clusterrolebindings ClusterRoleBinding
rbac.authorization.k8s.io/v1 roles Role
rbac.authorization.k8s.io/v1 rolebindings RoleBinding
storage.k8s.io/v1 -storageclasses StorageClass sc
storage.k8s.io/v1 -csidrivers CSIDriver
storage.k8s.io/v1 -csinodes CSINode
storage.k8s.io/v1 -volumeattachments VolumeAttachment
scheduling.k8s.io/v1 -priorityclasses PriorityClass pc
node.k8s.io/v1 -runtimeclasses RuntimeClass
discovery.k8s.io/v1 endpointslices EndpointSlice
coordination.k8s.io/v1 leases Lease
certificates.k8s.io/v1 -certificatesigningrequests CertificateSigningRequest csr
apiextensions.k8s.io/v1 -customresourcedefinitions CustomResourceDefinition crd crds
apiregistration.k8s.io/v1 -apiservices APIService
admissionregistration.k8s.io/v1 -mutatingwebhookconfigurations MutatingWebhookConfiguration
admissionregistration.k8s.io/v1 -validatingwebhookconfigurations ValidatingWebhookConfiguration
admissionregistration.k8s.io/v1 -validatingadmissionpolicies ValidatingAdmissionPolicy
admissionregistration.k8s.io/v1 -validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding
"""


@lru_cache(maxsize=1)
def common_resources() -> tuple[ApiResource, ...]:
    """The kinds of the table."""
    return tuple(_row(*line.split()) for line in _TABLE.splitlines())


def _row(api_version: str, plural: str, kind: str, *short: str) -> ApiResource:
    group, _, version = api_version.rpartition("/")
    return ApiResource(group, version, plural.lstrip("-"), kind, not plural.startswith("-"), short)


def find_resource(word: str, api_version: str | None, among: Iterable[ApiResource]) -> ApiResource | None:
    """The kind that a word means: `Deployment`, `deployments`, `deploy`, `deployments.apps`, `Deployment.v1.apps`.

    `api_version` (`apps/v1`) narrows it down to one group and version.
    """
    name, _, group = word.lower().partition(".")
    for each in among:
        if name not in each.words or (api_version is not None and each.api_version != api_version):
            continue
        if group in ("", each.group, f"{each.version}.{each.group}".rstrip(".")):
            return each
    return None


def parse_discovery(document: Mapping[str, Any]) -> list[ApiResource]:
    """The kinds in an aggregated discovery document; the preferred version of each group comes first."""
    return [
        resource
        for group in document.get("items", ())
        for version in group.get("versions", ())
        for resource in _resources_of(group["metadata"].get("name", ""), version)
    ]


def _resources_of(group: str, version: Mapping[str, Any]) -> Iterator[ApiResource]:
    for entry in version.get("resources", ()):
        kind = entry.get("responseKind", {})
        yield ApiResource(
            group=kind.get("group") or group,
            version=kind.get("version") or version["version"],
            plural=entry["resource"],
            kind=kind.get("kind", entry["resource"]),
            namespaced=entry.get("scope") == "Namespaced",
            short=tuple(entry.get("shortNames", ())),
        )
