"""Whether a snapshot can be restored, and whether an object comes from one."""

from rung.checks import Fail, Host, Values, check
from rung.checks.cluster import Cluster

MONDAY, TUESDAY = "/srv/backup/monday.db", "/srv/backup/tuesday.db"
# etcdutl checks the hash of a snapshot and reads all of it when it restores it.
RESTORE = f"""
place=$(mktemp -d) && trap 'rm -rf "$place"' EXIT
etcdutl snapshot restore {TUESDAY} --data-dir "$place/data" 2>&1
"""


@check(task="snapshot", points=3)
def whole(hosts: dict[str, Host]) -> None:
    """/srv/backup/tuesday.db is a snapshot that can be restored"""
    node = hosts["controlplane"]
    if not node.run(f"test -s {TUESDAY}").ok:
        raise Fail(f"{TUESDAY}: expected a snapshot, found no such file or an empty one")
    done = node.run(RESTORE, timeout=60)
    if not done.ok:
        last = (done.stdout.strip().splitlines() or ["no word of why"])[-1]
        raise Fail(f"{TUESDAY}: expected that etcdutl restores it, found: {last[:200]}")


@check(task="snapshot", points=2)
def of_today(hosts: dict[str, Host], values: Values) -> None:
    """It holds what was created since Monday"""
    key = f"/registry/configmaps/default/tuesday-{values['later']}"
    if not hosts["controlplane"].run(f"grep -aqF {key} {TUESDAY}").ok:
        raise Fail(f"{TUESDAY}: expected the ConfigMap tuesday-{values['later']} in it, found a snapshot without it")


@check(task="back", id="same", points=3, within=60)
def the_same(cluster: Cluster, hosts: dict[str, Host], values: Values) -> None:
    """The Secret and its namespace are those of the snapshot, not new ones"""
    found = {
        f"namespace/{values['shop']}": cluster.get("namespaces", values["shop"]),
        f"secret/{values['secret']}": cluster.get("secrets", values["secret"], values["shop"]),
    }
    for name, object_ in found.items():
        if object_ is None:
            raise Fail(f"{name}: expected to exist, found none")
        if not hosts["controlplane"].run(f"grep -aqF {object_['metadata']['uid']} {MONDAY}").ok:
            raise Fail(f"{name}: expected the one of Monday's snapshot, found one with another uid")
