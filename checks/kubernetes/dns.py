"""Kind `dns`: what a name resolves to, asked from a pod or a machine."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import Literal

from pydantic import Field

from rung.checks.cluster import Cluster
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import PodsOrName, from_phrase, probe_machine, required_cluster
from rung.checks.linux.tools.reasons import listed, no_answer

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
    from_: PodsOrName | None = Field(None, alias="from", description=_FROM)

    def reasons(self, context: CheckContext) -> Iterator[str]:
        host = probe_machine(context, self.from_)
        result = host.run(_SERVER, self.server, self.dns, self.type) if self.server else host.run(
            _DIG, self.dns, self.type
        )  # fmt: skip
        status = _status(result.stdout)
        if status is None:
            silent = "no servers could be reached" in result.stdout + result.stderr
            words = f"no server that answers within {_SECONDS} s"
            yield expected(self.dns, "an answer", words) if silent else no_answer(self.dns, "dig", result)
            return
        found = parse_answers(result.stdout, self.type)
        if not self.resolves:
            yield from self._resolves(status, found)
        elif not found:
            yield expected(self.dns, listed(self.answers) if self.answers else f"a record of type {self.type}", status)
        else:
            yield from self._differences(context, found)

    def _resolves(self, status: str, found: list[str]) -> Iterator[str]:
        """Reasons if the name resolves. A server that fails proves nothing: only NXDOMAIN and no record count."""
        if found:
            yield expected(self.dns, "no answer", listed(found))
        elif status not in ("NXDOMAIN", "NOERROR"):
            yield expected(self.dns, "NXDOMAIN or no record", status)

    def _differences(self, context: CheckContext, found: list[str]) -> Iterator[str]:
        known = {_normalized(answer) for answer in found}
        lacking = [answer for answer in self.answers if _normalized(answer) not in known]
        if lacking:
            yield expected(self.dns, listed(lacking), listed(found))
        if self.service is not None:
            wanted = service_addresses(required_cluster(context), self.service)
            if set(wanted) != known:
                yield expected(self.dns, f"{listed(wanted)} (service/{self.service})", listed(found))

    def sentence(self) -> str:
        if not self.resolves:
            return f"{self.dns} does not resolve{from_phrase(self.from_)}"
        to = f" to {listed(self.answers)}" if self.answers else ""
        to += f" to the service {self.service}" if self.service else ""
        return f"{self.dns} resolves{to}{from_phrase(self.from_)}"

    def names(self) -> Iterable[str]:
        return [self.dns, *([self.server] if self.server else [])]


def _status(text: str) -> str | None:
    """The status of dig's answer (`NOERROR`, `NXDOMAIN`, ...), or None if no answer came."""
    for line in text.splitlines():
        if "status: " in line:
            return line.partition("status: ")[2].partition(",")[0]
    return None


def parse_answers(text: str, record_type: str) -> list[str]:
    """The data of the records of type `record_type` in dig's answer section, sorted."""
    rows = [line.split(None, 4) for line in text.splitlines() if line and not line.startswith(";")]
    return sorted(row[4].strip() for row in rows if len(row) == 5 and row[3] == record_type)


def _normalized(answer: str) -> str:
    """An answer in one spelling: no quotes, no final dot, lower case, addresses in their short form."""
    try:
        return str(ip_address(answer))
    except ValueError:
        return answer.strip('"').rstrip(".").lower()


def service_addresses(cluster: Cluster, service: str) -> list[str]:
    """A service's cluster address, or the addresses of a headless service's ready endpoints; [] without the service.

    `service` is `name` or `name.namespace`.
    """
    name, _, namespace = service.partition(".")
    found = cluster.get("services", name, namespace or None)
    address = found["spec"].get("clusterIP") if found else None
    if address != "None":  # the text that marks a headless service
        return [str(address)] if address else []
    slices = cluster.list("endpointslices", namespace or None, labels={"kubernetes.io/service-name": name})
    endpoints = [endpoint for each in slices for endpoint in each.get("endpoints") or ()]
    ready = [endpoint for endpoint in endpoints if endpoint.get("conditions", {}).get("ready", True)]
    return sorted({address for endpoint in ready for address in endpoint["addresses"]})
