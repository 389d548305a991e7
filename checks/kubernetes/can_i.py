"""Kind `can_i`: what the API's authorizer allows a user, a group or a service account."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from rung.checks.client.authorization import review_subject, rule_grants, subject_rules
from rung.checks.cluster import ALL, Cluster
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import required_cluster
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

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        yield from self._missing_account(cluster)
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
                    yield expected(f"{self._subject}: {verb} {resource}{self._where}", *_wanted_and_found(self.allowed))
        if self.only:
            yield from self._other_grants(cluster)

    def _other_grants(self, cluster: Cluster) -> Iterator[str]:
        """What the rules grant besides, apart from what every authenticated user has."""
        namespace = self.namespace or cluster.namespace
        who = review_subject(self.user, self.groups, self.serviceaccount, cluster.namespace)
        # A stranger of the same sort, from a namespace that does not exist: groups grant rights, too.
        stranger = ("", (), "rung-nowhere:nobody") if self.serviceaccount else ("rung:nobody", (), "")
        everybody = review_subject(*stranger, namespace)
        found = rule_grants(subject_rules(cluster, who, namespace)) - rule_grants(
            subject_rules(cluster, everybody, namespace)
        )
        wanted = {self._qualified(cluster, resource) for resource in self.resource}
        others = sorted(
            f"{verb} {resource}{f' {name}' if name else ''}"
            for verb, resource, name in found
            if verb not in self.can_i or resource not in wanted or (self.name and name != self.name)
        )
        if others:
            more = f" and {len(others) - 5} more" if others[5:] else ""
            yield expected(
                f"{self._subject}: all that is allowed{self._where}", "nothing else", listed(others[:5]) + more
            )

    @staticmethod
    def _qualified(cluster: Cluster, resource: str) -> str:
        """A resource with its group, as a grant names it."""
        word, slash, subresource = resource.partition("/")
        return resource if word in ("*", "") else cluster.resource(word).name + slash + subresource

    def _missing_account(self, cluster: Cluster) -> Iterator[str]:
        """A service account that does not exist has no rights; that must not count as a denial."""
        if self.serviceaccount:
            namespace, _, name = self.serviceaccount.rpartition(":")
            if cluster.get("ServiceAccount", name, namespace or None) is None:
                yield expected(self._subject, "to exist", "none")

    @property
    def _subject(self) -> str:
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
        return f"{self._subject} {may} {', '.join(self.can_i)} {', '.join(self.resource)}{self._where}{only}"

    def names(self) -> Iterable[str]:
        own = [self.user, *self.groups, *self.serviceaccount.split(":"), self.name]
        return [word for word in (*own, self.namespace) if word and word != ALL and self.allowed]


def _wanted_and_found(allowed: bool) -> tuple[str, str]:
    return ("allowed", "denied") if allowed else ("denied", "allowed")
