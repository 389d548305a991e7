"""What the pods app=tally mount, and where."""

from collections.abc import Iterator
from typing import Any

from rung.checks import Fail, check
from rung.checks.cluster import Cluster
from rung.checks.kubernetes.tools.quantities import equal

Volume = dict[str, Any]


def pods(cluster: Cluster) -> list[dict[str, Any]]:
    """The pods app=tally that are not being deleted. Raises Fail if there is none."""
    found = [p for p in cluster.list("pods", labels="app=tally") if "deletionTimestamp" not in p["metadata"]]
    if not found:
        raise Fail("pods app=tally: expected three, found none")
    return found


def mounted(cluster: Cluster, path: str) -> Iterator[tuple[str, Volume, dict[str, Any]]]:
    """For each pod its name, the volume mounted at exactly that path, and the mount. Raises Fail if one has none."""
    for pod in pods(cluster):
        name = f"pod/{pod['metadata']['name']}"
        mounts = [m for c in pod["spec"]["containers"] for m in c.get("volumeMounts") or ()]
        mount = next((m for m in mounts if m["mountPath"].rstrip("/") == path), None)
        if mount is None:
            raise Fail(f"{name}: {path}: expected a volume, found none mounted there")
        yield name, next(v for v in pod["spec"]["volumes"] if v["name"] == mount["name"]), mount


def sort(volume: Volume) -> str:
    return next((key for key in volume if key != "name"), "nothing")


@check(task="data", points=4, within=30)
def own(cluster: Cluster) -> None:
    """Each pod has a claim of its own at /data"""
    seen: dict[str, str] = {}
    for name, volume, _ in mounted(cluster, "/data"):
        claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        if claim is None:
            raise Fail(f"{name}: /data: expected a PersistentVolumeClaim that outlives the pod, found {sort(volume)}")
        if claim in seen:
            raise Fail(f"{name}: /data: expected a claim of its own, found {claim}, which {seen[claim]} has as well")
        seen[claim] = name
        found = cluster.get("persistentvolumeclaims", claim)
        if any(o["kind"] == "Pod" for o in (found or {}).get("metadata", {}).get("ownerReferences") or ()):
            raise Fail(f"{name}: /data: expected a claim that outlives the pod, found {claim}, which the pod owns")


@check(task="data", id="comes-back", points=1, within=30, holds=True)
def comes_back(cluster: Cluster) -> None:
    """A pod that is deleted comes back"""
    for pod in pods(cluster):
        if not any(o.get("controller") for o in pod["metadata"].get("ownerReferences") or ()):
            name = pod["metadata"]["name"]
            raise Fail(f"pod/{name}: expected a workload that recreates it, found that no workload owns it")


@check(task="scratch", points=3, within=30)
def memory(cluster: Cluster) -> None:
    """/scratch is kept in memory and limited to 64Mi"""
    for name, volume, _ in mounted(cluster, "/scratch"):
        empty = volume.get("emptyDir")
        if empty is None:
            raise Fail(f"{name}: /scratch: expected an emptyDir in memory, found {sort(volume)}")
        if empty.get("medium") != "Memory":
            raise Fail(f"{name}: /scratch: medium: expected Memory, found {empty.get('medium') or 'the disk'}")
        if not equal(empty.get("sizeLimit", ""), "64Mi"):
            raise Fail(f"{name}: /scratch: sizeLimit: expected 64Mi, found {empty.get('sizeLimit') or 'none'}")


@check(task="settings", points=3, within=30)
def projected(cluster: Cluster) -> None:
    """/etc/tally is a projected volume of the ConfigMap and the Secret"""
    for name, volume, _ in mounted(cluster, "/etc/tally"):
        if "projected" not in volume:
            raise Fail(f"{name}: /etc/tally: expected a projected volume, found {sort(volume)}")
        sources = volume["projected"].get("sources") or ()
        found = {f"{word}/{each[key]['name']}" for each in sources
                 for key, word in (("configMap", "configmap"), ("secret", "secret")) if key in each}  # fmt: skip
        for wanted in ("configmap/tally-settings", "secret/tally-key"):
            if wanted not in found:
                raise Fail(
                    f"{name}: /etc/tally: expected the source {wanted}, found {', '.join(sorted(found)) or 'none'}"
                )
