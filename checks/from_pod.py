"""Runs probes inside a pod of the lab, so that the cluster's NetworkPolicies and DNS apply to them."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rung.checks.client.selectors import selector_text
from rung.checks.core.channel import DEFAULT_TIMEOUT, Result
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Broken, Fail
from rung.checks.core.registry import CheckContext, expected

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster, Object


class Pods(BaseModel):
    """A choice of pods: by name, by their workload, or by labels."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    name: str | None = Field(None, description="A pod's name, or WORKLOAD/NAME (deployment/shop) for the pods of one.")
    labels: str | dict[str, Any] | None = Field(
        None, description="A label selector, as text (`app=shop,tier!=db`) or as a mapping."
    )
    namespace: str | None = Field(None, description="Their namespace; default the lab's.")
    container: str | None = Field(None, description="The container; default the first.")
    node: str | None = Field(None, description="Only pods on this node.")

    @model_validator(mode="after")
    def _one_way(self) -> "Pods":
        if (self.name is None) == (self.labels is None):
            raise ValueError("give either `name` or `labels`")
        selector_text(self.labels)
        return self

    @property
    def words(self) -> str:
        """The choice in the learner's words."""
        who = f"pods with the labels {selector_text(self.labels)}" if self.labels is not None else self._name_words
        where = f" on {self.node}" if self.node else ""
        return f"{who}{where}{f' in {self.namespace}' if self.namespace else ''}"

    @property
    def _name_words(self) -> str:
        name = str(self.name)
        return (
            f"the pods of {name}" if "/" in name and not name.startswith("pod/") else f"pod/{name.removeprefix('pod/')}"
        )

    def not_deleted(self, cluster: "Cluster") -> "list[Object]":
        """The chosen pods, by name, without those that are being deleted. Raises Fail if none is left."""
        pods = [p for p in self._listed(cluster) if self.node in (None, p["spec"].get("nodeName"))]
        alive = [p for p in pods if "deletionTimestamp" not in p["metadata"]]
        if not alive:
            raise Fail(f"{self.words}: expected at least one, found {'only some being deleted' if pods else 'none'}")
        return alive

    def running(self, cluster: "Cluster") -> "list[Object]":
        """The chosen pods that run. Raises Fail if none does."""
        pods = self.not_deleted(cluster)
        running = [p for p in pods if p["status"].get("phase") == "Running"]
        if not running:
            raise Fail(expected(self.words, "one that runs", pods[0]["status"].get("phase", "an unknown phase")))
        return running

    def _listed(self, cluster: "Cluster") -> "list[Object]":
        if self.labels is not None:
            return cluster.list("pods", self.namespace, labels=selector_text(self.labels))
        kind, _, name = str(self.name).rpartition("/")
        if kind in ("", "pod", "pods"):
            pod = cluster.get("pods", name, self.namespace)
            return [pod] if pod else []
        workload = cluster.get(kind, name, self.namespace)
        if workload is None:
            raise Fail(f"{self.name}: expected to exist, found none")
        return cluster.list("pods", self.namespace, labels=selector_text(workload["spec"]["selector"]))


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


FROM_DESCRIPTION = (
    "The pod that asks, by name or by `labels`, and its `namespace`; default the machine. It needs `sh` and `curl`."
)
# A text is short for a mapping with that name.
PodsOrName = Annotated[Pods, BeforeValidator(_named, json_schema_input_type=str | Pods)]


class _ContainerChannel:
    """A container as a channel: each command is an exec of its own, and the container must have a shell."""

    def __init__(self, cluster: "Cluster", pod: "Object", container: str | None) -> None:
        self._cluster = cluster
        self._name, self._namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        self._container = container or pod["spec"]["containers"][0]["name"]

    def run(
        self,
        command: str,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        stdin: bytes = b"",
        again: bool = True,  # noqa: ARG002
    ) -> Result:
        """Run a command by the container's `sh`; its exit status is 127 if there is no `sh`."""
        return self._cluster.exec(
            self._name,
            command,
            namespace=self._namespace,
            container=self._container,
            stdin=stdin,
            timeout=timeout,
        )

    def close(self) -> None:
        """Do nothing: no connection stays open between commands."""

    def interrupt(self, thread: int) -> None:
        """A command in a pod ends by its own time limit; each has a stream of its own."""


def required_cluster(context: CheckContext) -> "Cluster":
    """The lab's cluster. Raises Broken if it has none."""
    if context.cluster is None:
        raise Broken("this needs a cluster, and the lab has none")
    return context.cluster


def pod_machine(cluster: "Cluster", pod: "Object", container: str | None = None) -> Machine:
    """A pod's container (default its first) as a machine that runs commands."""
    return Machine(f"pod/{pod['metadata']['name']}", _ContainerChannel(cluster, pod, container))


def probe_machine(context: CheckContext, pods: Pods | None) -> Machine:
    """The machine that makes a probe: the first running pod of `pods`, or the expectation's machine without `pods`.

    Raises Fail if none of the pods runs, and Broken if the lab has no cluster.
    """
    if pods is None:
        return context.host
    cluster = required_cluster(context)
    return pod_machine(cluster, pods.running(cluster)[0], pods.container)


def from_phrase(pods: Pods | None) -> str:
    """The end of a sentence about a probe: ` from pod/shop`, or "" for the machine."""
    return f" from {pods.words}" if pods is not None else ""


_SECONDS = 3  # time limit of a connection
# A web server answers at once. For any other server the connection is enough: one second of silence ends the attempt.
_CURL = (
    f"curl -sSg --http0.9 --noproxy '*' --connect-timeout {_SECONDS} --max-time {_SECONDS + 2} "
    "--speed-time 1 --speed-limit 1 -o /dev/null -w '%{time_connect}' -- %s"
)
_BUSYBOX = f"busybox timeout {_SECONDS + 1} busybox nc -w {_SECONDS} %s %s -e true"
_DIAL = f"if command -v curl > /dev/null; then {_CURL}; else {_BUSYBOX}; fi"
REFUSED = "no connection"
# What the messages of curl (exit statuses in curl(1)) and busybox's nc mean for a connection that failed.
_CLOSED = {
    "curl: (7)": REFUSED,
    "curl: (28)": f"no answer within {_SECONDS} s",
    "Connection refused": REFUSED,
    "timed out": f"no answer within {_SECONDS} s",
    "No route to host": "no route to host",
    "Network is unreachable": "network is unreachable",
}


def pod_connection(host: Machine, address: str, port: int) -> tuple[Literal["open", "closed", "unknown"], str]:
    """Try a TCP connection with the pod's own curl or busybox: the outcome, and its words for a reason.

    `address` is an IP address or a name. A name that does not resolve, or a client that cannot run, is "unknown": it
    proves nothing. Takes up to 5 seconds. Raises the errors of `Machine.run`.
    """
    url = f"http://[{address}]:{port}/" if ":" in address else f"http://{address}:{port}/"
    result = host.run(_DIAL, url, address, port)
    if result.ok or result.stdout.strip("0.\n"):
        return "open", "a connection"
    message = (result.stderr.strip().splitlines() or [f"exit status {result.rc}"])[-1]
    closed = next((words for text, words in _CLOSED.items() if text in message), None)
    return ("unknown", message) if closed is None else ("closed", closed)
