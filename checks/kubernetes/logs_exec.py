"""Kinds `logs` and `exec`: what pods wrote to their logs, and what a command in a pod returns."""

import shlex
from collections.abc import Iterable, Iterator

from pydantic import Field

from rung.checks.cluster import ApiRefused, Cluster, Object
from rung.checks.core.channel import CommandTimeout
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import PodsOrName, required_cluster
from rung.checks.linux.tools.exit_status import exit_reasons
from rung.checks.linux.tools.texts import Regex, backticked, content_reasons, line_reasons, pattern_reasons

# How the API refuses a log that does not exist, or not yet.
_BAD_REQUEST = 400
_NOT_FOUND = 404


@kind("logs")
class Logs(Expectation):
    """What the containers of pods wrote. An empty log contains nothing."""

    logs: PodsOrName = Field(description="The pod's name, WORKLOAD/NAME, or `labels`; `namespace`, `container`.")
    lines: list[str] = Field(default_factory=list, description="Lines that stand in it, each whole.")
    matches: list[Regex] = Field(default_factory=list, description="Regular expressions, each found in some line.")
    lacks: list[Regex] = Field(default_factory=list, description="Regular expressions found in no line.")
    previous: bool = Field(False, description="The log of the container's predecessor, before its last restart.")
    since: int | None = Field(None, ge=1, description="Only what was written in the last so many seconds.")
    at_most: int | None = Field(None, ge=0, description="How many lines it has at most.")
    each: bool = Field(True, description="It holds of the log of each such pod; false: of all their logs together.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        pods = self.logs.not_deleted(cluster)
        texts: dict[str, str] = {}
        for pod in pods:
            subject = f"pod/{pod['metadata']['name']}: log"
            try:
                texts[subject] = self._log(cluster, pod)
            except ApiRefused as refused:
                if refused.status not in (_BAD_REQUEST, _NOT_FOUND):
                    raise
                yield expected(subject, "one to read", f"none ({refused.message})")
        if not self.each:
            texts = {f"{self.logs.words}: logs": "".join(texts.values())}
        for subject, text in texts.items():
            yield from self._differences(subject, text)

    def _log(self, cluster: Cluster, pod: Object) -> str:
        metadata = pod["metadata"]
        container = self.logs.container or pod["spec"]["containers"][0]["name"]
        return cluster.logs(
            metadata["name"],
            namespace=metadata["namespace"],
            container=container,
            previous=self.previous,
            since=self.since,
        )

    def _differences(self, subject: str, text: str) -> Iterator[str]:
        yield from line_reasons(subject, text, self.lines)
        yield from pattern_reasons(subject, text, self.matches, self.lacks)
        found = len(text.splitlines())
        if self.at_most is not None and found > self.at_most:
            yield expected(subject, f"at most {self.at_most} lines", found)
        if not (self.lines or self.matches or found) and self.since is self.at_most is None:
            yield expected(subject, "some lines", "none")

    def sentence(self) -> str:
        container = f", container {self.logs.container}" if self.logs.container else ""
        before = " before its restart" if self.previous else ""
        asked = [backticked(t) for t in (*self.lines, *self.matches)]
        what = f"has {', '.join(asked)}" if asked else "is as the task says"
        return f"The log of {self.logs.words}{container}{before} {what}"

    def names(self) -> Iterable[str]:
        return [n for n in (_last_word(self.logs.name), self.logs.namespace, self.logs.container) if n]


@kind("exec")
class Exec(Expectation):
    """A command that runs in a container of a pod."""

    exec: str | list[str] = Field(description="The command: a text for the container's `sh`, or a list of words.")
    pod: PodsOrName = Field(description="The pod's name, WORKLOAD/NAME, or `labels`; `namespace`, `container`, `node`.")
    exit: int | None = Field(
        0, ge=0, le=255, description="Its exit status; null for any but 0 (a command that is missing never counts)."
    )
    stdout: str | None = Field(None, description="Its output, but for white space around it.")
    matches: list[Regex] = Field(default_factory=list, description="Regular expressions, each found in some line.")
    lacks: list[Regex] = Field(default_factory=list, description="Regular expressions found in no line.")
    each: bool = Field(False, description="In each such pod that runs; default in the first of them.")
    timeout: float = Field(10, gt=0, le=60, description="Seconds that it may take.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        pods = self.pod.running(cluster)
        for pod in pods if self.each else pods[:1]:
            yield from self._result_reasons(cluster, pod)

    def _result_reasons(self, cluster: Cluster, pod: Object) -> Iterator[str]:
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        subject = f"{self._command} in pod/{name}"
        container = self.pod.container or pod["spec"]["containers"][0]["name"]
        try:
            result = cluster.exec(name, self.exec, namespace=namespace, container=container, timeout=self.timeout)
        except CommandTimeout:
            yield expected(subject, f"an end within {self.timeout:g} s", "it still running")
            return
        yield from exit_reasons(subject, self.exit, result)
        if self.stdout is not None:
            yield from content_reasons(f"{subject}: output", self.stdout.strip(), result.stdout.strip())
        yield from pattern_reasons(f"{subject}: output", result.stdout, self.matches, self.lacks)

    def sentence(self) -> str:
        words = {None: "fails", 0: "succeeds"}.get(self.exit, f"ends with status {self.exit}")
        asked = self.stdout is not None or self.matches or self.lacks
        output = ", with the output asked for" if asked else ""
        return f"{self._command} in {self.pod.words} {words}{output}"

    @property
    def _command(self) -> str:
        return backticked(self.exec if isinstance(self.exec, str) else shlex.join(self.exec), 60)

    def names(self) -> Iterable[str]:
        return [n for n in (_last_word(self.pod.name), self.pod.namespace, self.pod.container) if n]


def _last_word(name: str | None) -> str | None:
    return name.rpartition("/")[2] if name else None
