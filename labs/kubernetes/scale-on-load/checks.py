"""The autoscaler of the Deployment api, whatever its name is."""

from typing import Any

from rung.checks import Fail, Values, check
from rung.checks.cluster import Cluster


def scaler(cluster: Cluster) -> dict[str, Any]:
    """The one autoscaler of the Deployment api. Raises Fail."""
    all_ = cluster.list("horizontalpodautoscalers.autoscaling")
    found = [h for h in all_ if _target(h) == "Deployment/api"]
    if not found:
        others = ", ".join(f"{h['metadata']['name']} for {_target(h)}" for h in all_)
        raise Fail(f"expected an autoscaler of Deployment/api, found {others or 'none'}")
    if len(found) > 1:
        raise Fail(
            f"expected one autoscaler of Deployment/api, found {', '.join(h['metadata']['name'] for h in found)}"
        )
    return found[0]


def _target(each: dict[str, Any]) -> str:
    return f"{each['spec']['scaleTargetRef']['kind']}/{each['spec']['scaleTargetRef']['name']}"


def _source(metric: dict[str, Any]) -> dict[str, Any] | None:
    """The part of a metric about CPU, of the whole pod or of its container."""
    key = {"Resource": "resource", "ContainerResource": "containerResource"}.get(metric["type"])
    found = metric.get(key) if key else None
    return found if found and found["name"] == "cpu" else None


@check(task="scaler", id="range", points=2)
def range_(cluster: Cluster, values: Values) -> None:
    """An autoscaler scales the Deployment api within the limits"""
    spec = scaler(cluster)["spec"]
    found = (spec.get("minReplicas", 1), spec["maxReplicas"])
    if found != (2, values["most"]):
        raise Fail(f"replicas: expected 2 to {values['most']}, found {found[0]} to {found[1]}")


@check(task="scaler", points=2)
def target(cluster: Cluster) -> None:
    """It aims at 60 % of the CPU that the pods request"""
    metrics = scaler(cluster)["spec"].get("metrics") or []
    cpu = [source for each in metrics if (source := _source(each))]
    found = cpu[0]["target"].get("averageUtilization") if cpu else None
    if found != 60:
        raise Fail(f"CPU: expected a target of 60 % on average, found {f'{found} %' if found else 'none'}")


@check(task="scaler", points=2)
def calm(cluster: Cluster) -> None:
    """It looks back 60 seconds before it scales down"""
    down = (scaler(cluster)["spec"].get("behavior") or {}).get("scaleDown") or {}
    found = down.get("stabilizationWindowSeconds")
    if found != 60:
        told = "none (300 s by default)" if found is None else f"{found} s"
        raise Fail(f"scaling down: expected to look back 60 s, found {told}")


@check(task="works", points=3, within=30)
def knows(cluster: Cluster) -> None:
    """The autoscaler knows how much CPU the pods use"""
    status = scaler(cluster).get("status", {})
    active = next((c for c in status.get("conditions") or () if c["type"] == "ScalingActive"), None)
    if active is None or active["status"] != "True":
        raise Fail(
            f"expected an autoscaler that is active, found {active['reason'] if active else 'one that has not begun'}"
        )
    current = [s for each in status.get("currentMetrics") or () if (s := _source(each))]
    if not current or current[0]["current"].get("averageUtilization") is None:
        raise Fail("expected a figure of the CPU that is used, found none")
