"""The endpoints of the Service ledger."""

from rung.checks import Fail, Host, check
from rung.checks.cluster import Cluster


@check(task="service", points=2, within=10)
def address(cluster: Cluster, host: Host) -> None:
    """The only endpoint is the address of base"""
    own = (host.text("hostname -I") or "").split()
    slices = cluster.list("endpointslices", labels={"kubernetes.io/service-name": "ledger"})
    found = sorted({a for each in slices for end in each.get("endpoints") or () for a in end["addresses"]})
    if not found:
        raise Fail("service/ledger: expected an endpoint, found none")
    if strange := [a for a in found if a not in own]:
        raise Fail(f"service/ledger: expected the address of base ({', '.join(own)}) alone, found {', '.join(strange)}")
