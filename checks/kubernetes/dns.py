"""Kind `dns`: what a name resolves to for a pod, or for a machine."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import Literal

from pydantic import Field

from rung.checks.cluster import Cluster
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import SomePods, cluster_of, from_words, probe_machine
from rung.checks.linux.tools.reasons import listed, unanswered

_SECONDS = 3
_DIG = f"dig +search +noall +answer +comments +time={_SECONDS} +tries=1 %s %s"
_SERVER = f"dig +noall +answer +comments +time={_SECONDS} +tries=1 @%s %s %s"
_FROM = "The pod that asks, by name or by `labels`, and its `namespace`; default the machine. It needs `sh` and `dig`."


@kind("dns")
class Dns(Expectation):
    """What the DNS answers, asked with the search list of the pod (or machine) that asks."""

    dns: str = Field(min_length=1, description="The name: `web`, `web.shop.svc.cluster.local`, `example.org`.")
    type: Literal["A", "AAAA", "SRV", "TXT", "CNAME", "PTR", "MX", "NS"] = Field("A", description="The type of record.")
    answers: list[str] = Field(default_factory=list, description="Answers that are among those given.")
    service: str | None = Field(
        None, description="The service (`name` or `name.namespace`) whose cluster address is the one answer; of a "
        "headless one, the addresses of its ready endpoints are all answers."
    )  # fmt: skip
    resolves: bool = Field(True, description="false: the DNS says that there is no such name or record.")
    server: str | None = Field(None, description="The server that is asked, by its address, and without search list.")
    from_: SomePods | None = Field(None, alias="from", description=_FROM)

    def reasons(self, place: CheckContext) -> Iterator[str]:
        host = probe_machine(place, self.from_)
        result = host.run(_SERVER, self.server, self.dns, self.type) if self.server else host.run(
            _DIG, self.dns, self.type
        )  # fmt: skip
        status = _status(result.stdout)
        if status is None:
            silent = "no servers could be reached" in result.stdout + result.stderr
            words = f"no server that answers within {_SECONDS} s"
            yield expected(self.dns, "an answer", words) if silent else unanswered(self.dns, "dig", result)
            return
        found = answers(result.stdout, self.type)
        if not self.resolves:
            yield from self._resolved(status, found)
        elif not found:
            yield expected(self.dns, listed(self.answers) if self.answers else f"a record of type {self.type}", status)
        else:
            yield from self._differences(place, found)

    def _resolved(self, status: str, found: list[str]) -> Iterator[str]:
        """Only "no such name" and "no such record" count: a server that fails proves nothing."""
        if found:
            yield expected(self.dns, "no answer", listed(found))
        elif status not in ("NXDOMAIN", "NOERROR"):
            yield expected(self.dns, "NXDOMAIN or no record", status)

    def _differences(self, place: CheckContext, found: list[str]) -> Iterator[str]:
        known = {_plain(answer) for answer in found}
        lacking = [answer for answer in self.answers if _plain(answer) not in known]
        if lacking:
            yield expected(self.dns, listed(lacking), listed(found))
        if self.service is not None:
            want = addresses(cluster_of(place), self.service)
            if set(want) != known:
                yield expected(self.dns, f"{listed(want)} (service/{self.service})", listed(found))

    def sentence(self) -> str:
        if not self.resolves:
            return f"{self.dns} does not resolve{from_words(self.from_)}"
        to = f" to {listed(self.answers)}" if self.answers else ""
        to += f" to the service {self.service}" if self.service else ""
        return f"{self.dns} resolves{to}{from_words(self.from_)}"

    def names(self) -> Iterable[str]:
        return [self.dns, *([self.server] if self.server else [])]


def _status(text: str) -> str | None:
    """The answer's status, or None where none came."""
    for line in text.splitlines():
        if "status: " in line:
            return line.partition("status: ")[2].partition(",")[0]
    return None


def answers(text: str, sort: str) -> list[str]:
    """The data of the records of a type in dig's answer section."""
    rows = [line.split(None, 4) for line in text.splitlines() if line and not line.startswith(";")]
    return sorted(row[4].strip() for row in rows if len(row) == 5 and row[3] == sort)


def _plain(answer: str) -> str:
    """An answer without what may be written in two ways."""
    try:
        return str(ip_address(answer))
    except ValueError:
        return answer.strip('"').rstrip(".").lower()


def addresses(cluster: Cluster, service: str) -> list[str]:
    """The cluster address of a service, or the addresses of a headless one's ready endpoints."""
    name, _, namespace = service.partition(".")
    found = cluster.get("services", name, namespace or None)
    own = found["spec"].get("clusterIP") if found else None
    if own != "None":
        return [str(own)] if own else []
    slices = cluster.list("endpointslices", namespace or None, labels={"kubernetes.io/service-name": name})
    ends = [end for each in slices for end in each.get("endpoints") or ()]
    return sorted({a for end in ends if end.get("conditions", {}).get("ready", True) for a in end["addresses"]})
