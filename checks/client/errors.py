"""How a request to the Kubernetes API fails.

ClusterGone    nothing answers, or not in time
ApiRefused     the API answers with an error
UnknownKind    the API serves no such kind (a Fail: the learner may have removed it)
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from rung.checks.core.outcome import Fail


class ClusterGone(Exception):  # a state of the cluster, as MachineGone is of a machine
    """The cluster's API does not answer: `tried` is the request, `why` what happened.

    `path` is the request's path at the API, without the address of the server, which may have a path of its own.
    """

    def __init__(self, tried: str, why: str, path: str = "") -> None:
        super().__init__(f"{tried}: {why}")
        self.tried = tried
        self.why = why
        self.path = path


class ApiRefused(Exception):
    """The API answered with an error: its HTTP status, its message, the request that was `tried`, and its `path`."""

    def __init__(self, status: int, message: str, tried: str, path: str = "") -> None:
        super().__init__(f"{tried}: {status}: {message}")
        self.status = status
        self.message = message
        self.tried = tried
        self.path = path

    @property
    def troubled(self) -> bool:
        """Whether the fault is the API server's (it is overloaded, starts, or has no store)."""
        return self.status >= 500 or self.status == 429


# Requests that the API server passes on to a node or another server: the learner may have caused their failure.
_PASSED_ON = re.compile(r"/(exec|log|proxy|attach|portforward)(/|$)|^/apis/([a-z.]*\.)?metrics\.k8s\.io/")
_OWN = re.compile(r"/(api/|apis/([a-z]+|[a-z.]+\.k8s\.io)/|readyz|livez|version)")


def answered_by_api_server(error: ClusterGone | ApiRefused) -> bool:
    """Whether the API server itself answers the request that failed, in one of Kubernetes' own groups."""
    return bool(_OWN.match(error.path)) and not _PASSED_ON.search(error.path)


class UnknownKind(Fail):
    """The API serves no kind of that name; `known` are those that it serves."""

    def __init__(self, name: str, known: list[str]) -> None:
        close = get_close_matches(name, known, n=1, cutoff=0.7) or get_close_matches(
            name.lower(), [k.lower() for k in known], n=1, cutoff=0.7
        )
        meant = next((k for k in known if close and k.lower() == close[0].lower()), None)
        super().__init__(f"the API serves no kind `{name}`" + (f"; did you mean `{meant}`?" if meant else ""))
