"""Kinds `port`, `http` and `connects`: listening sockets, and connections from a machine or a pod."""

from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from rung.checks.core.channel import Result
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import FROM_DESCRIPTION, PodsOrName, from_phrase, pod_connection, probe_machine
from rung.checks.linux.tools.listening_sockets import ListeningSocket, parse_sockets
from rung.checks.linux.tools.reasons import excerpt, listed, no_answer, pattern_found
from rung.checks.linux.tools.tcp_probe import CONNECT_SECONDS, try_connection
from rung.checks.linux.tools.texts import Regex

_EVERYWHERE = {"0.0.0.0": {"0.0.0.0", "*"}, "::": {"::", "*"}}
_LOOPBACK = ("127.", "::1")
# curl's exit statuses for a connection that failed, see curl(1).
_UNREACHABLE = {7: "no connection", 28: f"no answer within {CONNECT_SECONDS} s"}
_WRITE_OUT = r"\n%{http_code} %{time_connect}"  # curl adds the status and the seconds until it was connected
_LOCAL = ("localhost", "127.0.0.1", "::1")


@kind("port")
class Port(Expectation):
    """A port of the machine on which something listens."""

    port: int = Field(ge=1, le=65535, description="The port's number.")
    listening: bool = Field(True, description="false: nothing listens there.")
    protocol: Literal["tcp", "udp"] = Field("tcp", description="tcp or udp.")
    address: str | None = Field(
        None, description="0.0.0.0 or :: (all addresses), or one address; 127.0.0.1 also excludes all others."
    )
    process: str | None = Field(None, description="Name of the listening process.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask ss for the listening sockets."""
        # Not testinfra's `socket`: it takes an `ss` that fails for a port that is closed, does not tell `*` from both
        # families' addresses, and knows no process.
        result = context.host.run(f"ss -Hlnp{self.protocol[0]}")
        if not result.ok:
            yield no_answer(self._subject, "ss", result)
            return
        found = [s for s in parse_sockets(result.stdout) if s.port == self.port]
        if not self.listening:
            yield from (expected(self._subject, "nobody listening", s) for s in found)
        elif not found:
            yield expected(self._subject, "something listening", "nothing")
        else:
            yield from self._differences(found)

    @property
    def _subject(self) -> str:
        return f"{self.port}/{self.protocol}"

    def _differences(self, found: "list[ListeningSocket]") -> Iterator[str]:
        if self.address is not None and not self._is_at(found, self.address):
            yield expected(f"{self._subject}: address", self.address, listed(sorted({s.address for s in found})))
        names = sorted({p for s in found for p in s.processes})
        if self.process is not None and self.process not in names:
            yield expected(f"{self._subject}: process", self.process, listed(names))

    @staticmethod
    def _is_at(found: "list[ListeningSocket]", address: str) -> bool:
        if address.startswith(_LOOPBACK) and not all(s.address.startswith(_LOOPBACK) for s in found):
            return False
        return any(s.address in _EVERYWHERE.get(address, {address}) for s in found)

    def sentence(self) -> str:
        if not self.listening:
            return f"Nothing listens on port {self._subject}"
        where = f" of {self.address}" if self.address else ""
        return f"{self.process or 'Something'} listens on port {self._subject}{where}"

    def names(self) -> Iterable[str]:
        return [str(self.port), *([self.process] if self.process else [])]


@kind("http")
class Http(Expectation):
    """A request with curl from the machine, or from a pod, without following redirects."""

    http: str = Field(pattern=r"^https?://", description="The URL.")
    status: int = Field(200, ge=100, le=599, description="The answer's status.")
    body: str | None = Field(None, description="The whole body, without white space at both ends.")
    matches: list[Regex] = Field(default_factory=list, description="Regular expressions, each found in the body.")
    reachable: bool = Field(True, description="false: the connection is refused or not answered.")
    from_: PodsOrName | None = Field(None, alias="from", description=FROM_DESCRIPTION)

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Send the request with curl."""
        command = f"curl -sSg --noproxy '*' --max-time {CONNECT_SECONDS} -w '{_WRITE_OUT}' -- %s"
        result = probe_machine(context, self.from_).run(command, self.http)
        body, _, last_line = result.stdout.rpartition("\n")
        status, _, connected = last_line.partition(" ")
        if not self.reachable:
            yield from self._connected_reasons(result, status, connected)
        elif result.rc in _UNREACHABLE:
            yield expected(self.http, f"an answer with status {self.status}", _UNREACHABLE[result.rc])
        elif not result.ok:
            yield no_answer(self.http, "curl", result)
        else:
            yield from self._differences(int(status), body)

    def _connected_reasons(self, result: Result, status: str, connected: str) -> Iterator[str]:
        """A reason if a request that should not connect did connect, or failed for another cause."""
        if result.ok:
            yield expected(self.http, "no connection", f"an answer with status {status}")
        elif connected.strip("0."):
            yield expected(self.http, "no connection", "a connection")
        elif result.rc not in _UNREACHABLE:  # such as a name that does not resolve: it proves nothing
            yield no_answer(self.http, "curl", result)

    def _differences(self, status: int, body: str) -> Iterator[str]:
        if status != self.status:
            yield expected(f"{self.http}: status", self.status, status)
        if self.body is not None and body.strip() != self.body.strip():
            yield expected(f"{self.http}: body", f"`{self.body.strip()}`", excerpt(body))
        for pattern in self.matches:
            if not pattern_found(pattern, body):
                yield expected(f"{self.http}: body", f"a match of `{pattern}`", excerpt(body))

    def sentence(self) -> str:
        what = f"answers with {self.status}" if self.reachable else "cannot be reached"
        return f"{self.http} {what}{from_phrase(self.from_)}"

    def names(self) -> Iterable[str]:
        url = urlsplit(self.http)
        words = [url.hostname or "", str(url.port or ""), url.path.strip("/")]
        return [w for w in words if w and w not in _LOCAL]


@kind("connects")
class Connects(Expectation):
    """A TCP connection from the machine, or from a pod."""

    connects: str = Field(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[^:\s]+):\d{1,5}$", description="HOST:PORT.")
    reachable: bool = Field(True, description="false: the connection is refused or not answered.")
    from_: PodsOrName | None = Field(None, alias="from", description=FROM_DESCRIPTION)

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Try the connection with the grader's own client, or with what the pod has."""
        host, _, port = self.connects.rpartition(":")
        attempt = try_connection if self.from_ is None else pod_connection
        outcome, detail = attempt(probe_machine(context, self.from_), host.strip("[]"), int(port))
        if outcome == "unknown":
            yield expected(self.connects, "a connection" if self.reachable else "no connection", detail)
        elif self.reachable and outcome == "closed":
            yield expected(self.connects, "a connection", detail)
        elif not self.reachable and outcome == "open":
            yield expected(self.connects, "no connection", "a connection")

    def sentence(self) -> str:
        what = "accepts connections" if self.reachable else "cannot be reached"
        return f"{self.connects} {what}{from_phrase(self.from_)}"

    def names(self) -> Iterable[str]:
        host, _, port = self.connects.rpartition(":")
        return [w for w in (host.strip("[]"), port) if w not in _LOCAL]
