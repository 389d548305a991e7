"""Before anything is made on the user's cluster: the lab that is meant, and whether it can be done there."""

from __future__ import annotations

from pathlib import Path

from rung.checks.cluster import Cluster
from rung.runner.core.errors import EnvironmentBroken, UsageError
from rung.runner.drivers.base.plan import Plan, UserCluster
from rung.runner.drivers.kubeconfig.objects import existing
from rung.runner.drivers.kubeconfig.preflight import (
    ClusterNeeds,
    about_cluster,
    about_namespaces,
    about_nodes,
    lacking_images,
    lacking_rights,
)
from rung.runner.drivers.kubeconfig.route import Route
from rung.runner.lab import loader, manifests
from rung.runner.lab.model import Lab


def wish_of(plan: Plan) -> ClusterNeeds:
    """The plan's lab, read again. Raises LabFileError."""
    lab: Lab = loader.load(Path(plan.path), plan.seed)
    return ClusterNeeds(lab, manifests.read(lab.folder, lab.values))


def require(wish: ClusterNeeds, own: UserCluster, api: Cluster, way: Route) -> None:
    """Raise EnvironmentBroken with every reason why the lab cannot be done there, UsageError where something of
    its names is there already."""
    name, where = wish.lab.name, f"the cluster of context {own.context}"
    elsewhere = "`rung start` without --context makes a cluster for it."
    reasons = [*about_nodes(wish), *about_namespaces(wish, api), *about_cluster(wish, api, way)]
    if reasons:
        raise EnvironmentBroken(f"{name} cannot be done on {where}: {'; '.join(reasons)}.", fix=elsewhere)
    if rights := lacking_rights(wish, api):
        raise EnvironmentBroken(
            f"{name} cannot be done on {where}: its user may not {', '.join(rights)}.",
            fix=f"Use a context whose user may. {elsewhere}",
        )
    if missing := list(lacking_images(wish, api.list("Node"))):
        raise EnvironmentBroken(
            f"{name} cannot be done on {where}: {'; '.join(missing)}.",
            fix="`rung images save FILE` writes them to a file, and `kind load image-archive FILE`, or "
            "`ctr --namespace k8s.io images import FILE` on each node, loads it.",
        )
    assert wish.lab.cluster is not None
    if there := existing(api, wish.manifests, wish.lab.cluster.namespace):
        raise UsageError(
            f"{name} would make what {where} has already: {', '.join(there)}.",
            fix="What is there stays as it is: start the lab with another --seed, or remove that yourself.",
        )
