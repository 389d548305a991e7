"""The provisioner of the new class, and which classes are the default."""

from typing import Any

from rung.checks import Fail, Values, check
from rung.checks.cluster import Cluster

DEFAULT = "storageclass.kubernetes.io/is-default-class"


def classes(cluster: Cluster) -> dict[str, dict[str, Any]]:
    """The StorageClasses, by name."""
    return {each["metadata"]["name"]: each for each in cluster.list("storageclasses")}


@check(task="class", points=1)
def provisioner(cluster: Cluster, values: Values) -> None:
    """It has the same provisioner as standard"""
    found = classes(cluster)
    if values["name"] not in found:
        raise Fail(f"storageclass/{values['name']}: expected to exist, found none")
    own, standard = found[values["name"]]["provisioner"], found.get("standard")
    if standard is not None and own != standard["provisioner"]:
        raise Fail(f"provisioner: expected {standard['provisioner']}, found {own}")


@check(task="default", points=3)
def only(cluster: Cluster, values: Values) -> None:
    """It is the default class, and no other is"""
    found = [
        name
        for name, each in classes(cluster).items()
        if (each["metadata"].get("annotations") or {}).get(DEFAULT) == "true"
    ]
    if found != [values["name"]]:
        raise Fail(f"default class: expected {values['name']} alone, found {', '.join(found) or 'none'}")
