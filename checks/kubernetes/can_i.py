"""Kind `can_i`: what a user, a group or a service account may do, as the API's own authorizer says."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from rung.checks.client.authorization import grants, rules, subject
from rung.checks.cluster import ALL, Cluster
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import cluster_of
from rung.checks.linux.tools.reasons import listed

Words = Annotated[
    list[str],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value, json_schema_input_type=str | list[str]),
]


@kind("can_i")
class CanI(Expectation):
    """What somebody may do (asked by SubjectAccessReview, so any way of granting it is right)."""

    can_i: Words = Field(min_length=1, description="The verb or verbs: get, list, watch, create, use, `*`, ...")
    resource: Words = Field(
        min_length=1, description="`pods`, `pods/log`, `deployments.apps`, a path such as `/healthz`, `*`; or several."
    )
    name: str = Field("", description="Only the object of this name.")
    namespace: str | None = Field(None, description="The namespace; default the lab's; `*` for all of them.")
    allowed: bool = Field(True, description="false: it is denied.")
    only: bool = Field(
        False, description="Nothing else in that namespace is allowed, but for what everybody may do who is logged in."
    )
    user: str = Field("", description="The user who asks.")
    groups: list[str] = Field(default_factory=list, description="Groups of the one who asks.")
    serviceaccount: str = Field("", description="The service account that asks: `name`, or `namespace:name`.")

    @model_validator(mode="after")
    def _one_asker(self) -> "CanI":
        if bool(self.user or self.groups) == bool(self.serviceaccount):
            raise ValueError("give `user` or `groups`, or `serviceaccount`")
        if self.only and (not self.allowed or self.namespace == ALL or self.groups[1:]):
            raise ValueError("`only` is for what is allowed in one namespace, to a member of one group at most")
        return self

    def reasons(self, place: CheckContext) -> Iterator[str]:
        cluster = cluster_of(place)
        yield from self._account(cluster)
        for verb in self.can_i:
            for resource in self.resource:
                review = cluster.can_i(
                    verb,
                    resource,
                    self.name,
                    namespace=self.namespace,
                    user=self.user,
                    groups=self.groups,
                    serviceaccount=self.serviceaccount,
                )
                if review.allowed != self.allowed:
                    yield expected(f"{self._who}: {verb} {resource}{self._where}", *_words(self.allowed))
        if self.only:
            yield from self._others(cluster)

    def _others(self, cluster: Cluster) -> Iterator[str]:
        """What else the rules grant, beyond what a stranger has who is logged in."""
        namespace = self.namespace or cluster.namespace
        who = subject(self.user, self.groups, self.serviceaccount, cluster.namespace)
        # Somebody of the same sort, from a namespace that there is not: groups grant things, too.
        stranger = ("", (), "rung-nowhere:nobody") if self.serviceaccount else ("rung:nobody", (), "")
        everybody = subject(*stranger, namespace)
        found = grants(rules(cluster, who, namespace)) - grants(rules(cluster, everybody, namespace))
        wanted = {self._full(cluster, resource) for resource in self.resource}
        others = sorted(
            f"{verb} {resource}{f' {name}' if name else ''}"
            for verb, resource, name in found
            if verb not in self.can_i or resource not in wanted or (self.name and name != self.name)
        )
        if others:
            more = f" and {len(others) - 5} more" if others[5:] else ""
            yield expected(f"{self._who}: all that is allowed{self._where}", "nothing else", listed(others[:5]) + more)

    @staticmethod
    def _full(cluster: Cluster, resource: str) -> str:
        """A resource with its group, as in a grant."""
        word, slash, subresource = resource.partition("/")
        return resource if word in ("*", "") else cluster.resource(word).name + slash + subresource

    def _account(self, cluster: Cluster) -> Iterator[str]:
        """A service account that is not there may nothing: that must not pass for a denial."""
        if self.serviceaccount:
            namespace, _, name = self.serviceaccount.rpartition(":")
            if cluster.get("ServiceAccount", name, namespace or None) is None:
                yield expected(self._who, "to exist", "none")

    @property
    def _who(self) -> str:
        if self.serviceaccount:
            namespace, _, name = self.serviceaccount.rpartition(":")
            return f"serviceaccount/{name}{f' in {namespace}' if namespace else ''}"
        who = f"user {self.user}" if self.user else ""
        groups = f"{'groups' if self.groups[1:] else 'group'} {', '.join(self.groups)}" if self.groups else ""
        return f"{who} of {groups}" if who and groups else who or groups

    @property
    def _where(self) -> str:
        name = f" {self.name}" if self.name else ""
        return name + {None: "", ALL: " in all namespaces"}.get(self.namespace, f" in {self.namespace}")

    def sentence(self) -> str:
        may = "may" if self.allowed else "may not"
        only = ", and nothing else" if self.only else ""
        return f"{self._who} {may} {', '.join(self.can_i)} {', '.join(self.resource)}{self._where}{only}"

    def names(self) -> Iterable[str]:
        own = [self.user, *self.groups, *self.serviceaccount.split(":"), self.name]
        return [word for word in (*own, self.namespace) if word and word != ALL and self.allowed]


def _words(allowed: bool) -> tuple[str, str]:
    return ("allowed", "denied") if allowed else ("denied", "allowed")
