"""The chart version of each stored revision; the kind `helm` reads only the newest one."""

import base64
import gzip
import json

from rung.checks import Fail, check
from rung.checks.cluster import Cluster


@check(task="install", points=1)
def first(cluster: Cluster) -> None:
    """The release can still be rolled back to a revision of version 1.0.0"""
    found = {}
    for secret in cluster.list("secrets", labels={"owner": "helm", "name": "portal"}):
        release = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(secret["data"]["release"]))))
        if release["info"]["status"] in ("superseded", "deployed"):
            found[release["version"]] = release["chart"]["metadata"]["version"]
    if "1.0.0" not in found.values():
        kept = ", ".join(f"revision {number} of version {version}" for number, version in sorted(found.items()))
        raise Fail(f"release portal: history: expected a revision of version 1.0.0, found {kept or 'none'}")
