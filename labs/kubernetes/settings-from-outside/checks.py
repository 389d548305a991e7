"""Where the pods of the Deployment booking get their settings, according to its template."""

import base64
import json
from typing import Any

from rung.checks import Fail, Values, check
from rung.checks.cluster import Cluster

SETTINGS, LOGIN = "booking-settings", "booking-login"
FILE, FOLDER = "limits.yaml", "/etc/booking"


def template(cluster: Cluster) -> dict[str, Any]:
    """The pod's spec in the Deployment's template."""
    deployment = cluster.get("deployments", "booking")
    if deployment is None:
        raise Fail("deployment/booking: expected to exist, found none")
    return dict(deployment["spec"]["template"]["spec"])


def existing(cluster: Cluster, kind: str, name: str) -> dict[str, Any]:
    found = cluster.get(kind, name)
    if found is None:
        raise Fail(f"{kind}/{name}: expected to exist, found none")
    return found


def origin(cluster: Cluster, variable: str) -> str:
    """Where a variable of the first container comes from: `configmap/NAME`, `secret/NAME` or another description."""
    container = template(cluster)["containers"][0]
    for entry in container.get("env") or ():
        if entry["name"] == variable:
            source = entry.get("valueFrom") or {}
            for key, word in (("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")):
                if key in source:
                    return f"{word}/{source[key]['name']}"
            return "another source" if source else "a value in the template"
    found = "nowhere in the template"
    for entry in container.get("envFrom") or ():  # of several, the last one counts
        prefix = entry.get("prefix", "")
        for key, word in (("configMapRef", "configmap"), ("secretRef", "secret")):
            if key in entry and variable.startswith(prefix):
                thing = cluster.get(word, entry[key]["name"]) or {}
                if variable.removeprefix(prefix) in (thing.get("data") or {}):
                    found = f"{word}/{entry[key]['name']}"
    return found


def comes_from(cluster: Cluster, variable: str, wanted: str) -> None:
    found = origin(cluster, variable)
    if found != wanted:
        raise Fail(f"{variable}: expected it from {wanted}, found it from {found}")


@check(task="mode", id="source", points=3)
def mode_from_settings(cluster: Cluster) -> None:
    """APP_MODE comes from the ConfigMap booking-settings"""
    existing(cluster, "configmap", SETTINGS)
    comes_from(cluster, "APP_MODE", f"configmap/{SETTINGS}")


@check(task="password", id="source", points=3)
def password_from_login(cluster: Cluster) -> None:
    """APP_PASSWORD comes from the Secret booking-login"""
    existing(cluster, "secret", LOGIN)
    comes_from(cluster, "APP_PASSWORD", f"secret/{LOGIN}")


@check(task="password", points=2)
def secret(cluster: Cluster, values: Values) -> None:
    """The password is neither in the Deployment nor in a ConfigMap"""
    word = values["password"]
    forms = (word, base64.b64encode(word.encode()).decode(), base64.b64encode(f"{word}\n".encode()).decode())
    things = [existing(cluster, "deployment", "booking"), *cluster.list("configmaps")]
    for thing in things:
        told = {k: v for k, v in thing.items() if k != "metadata"}
        if any(form in json.dumps(told) for form in forms):
            raise Fail(
                f"{thing['kind'].lower()}/{thing['metadata']['name']}: expected it without the password, found it there"
            )


def sources(volume: dict[str, Any]) -> list[dict[str, Any]]:
    """The ConfigMaps that a volume is made of, each with its `items`."""
    parts = [volume, *((volume.get("projected") or {}).get("sources") or [])]
    return [part["configMap"] for part in parts if part.get("configMap")]


@check(task="limits", points=4)
def live(cluster: Cluster) -> None:
    """The file comes from booking-settings, and follows its changes"""
    settings = existing(cluster, "configmap", SETTINGS)
    spec = template(cluster)
    mounts = [m for m in spec["containers"][0].get("volumeMounts") or () if _covers(m["mountPath"])]
    if not mounts:
        raise Fail(f"{FOLDER}/{FILE}: expected a volume mounted there, found none")
    mount = max(mounts, key=lambda m: len(m["mountPath"]))
    if mount.get("subPath") or mount.get("subPathExpr"):
        raise Fail(
            f"{FOLDER}/{FILE}: expected a mount that follows the ConfigMap, found one by subPath, which never changes"
        )
    volume = next(v for v in spec["volumes"] if v["name"] == mount["name"])
    inside = f"{FOLDER}/{FILE}".removeprefix(mount["mountPath"].rstrip("/")).lstrip("/")
    for source in sources(volume):
        items = {i["path"]: i["key"] for i in source["items"]} if source.get("items") else {inside: inside}
        if (source.get("name"), items.get(inside)) == (SETTINGS, FILE):
            break
    else:
        raise Fail(f"{FOLDER}/{FILE}: expected it from the key {FILE} of configmap/{SETTINGS}, found it from elsewhere")
    if FILE not in (settings.get("data") or {}):
        raise Fail(
            f"configmap/{SETTINGS}: expected a key {FILE}, found {', '.join(settings.get('data') or {}) or 'none'}"
        )
    if settings.get("immutable"):
        raise Fail(f"configmap/{SETTINGS}: expected one that can be changed, found it immutable")


def _covers(path: str) -> bool:
    return f"{FOLDER}/{FILE}/".startswith(f"{path.rstrip('/')}/")
