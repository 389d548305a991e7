"""Expectations: the table of kinds that code, schema and docs share.

A kind is a pydantic model whose first field bears the kind's own name, so that the YAML mapping
`{user: alice, uid: 2001}` *is* the model `User(user="alice", uid=2001)`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rung.checks.core.machine import Machine

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster

# No postponed annotations in the modules of kinds: pydantic would compile each of them again, and the
# grader is a process that starts anew for each check.

Values = Mapping[str, Any]


@dataclass(frozen=True)
class CheckContext:
    """Where an expectation is evaluated: its machine, all machines, the attempt's values, the lab's cluster."""

    host: Machine
    hosts: Mapping[str, Machine]
    values: Values = field(default_factory=dict)
    cluster: "Cluster | None" = None
    # When nodes were started, None where their machines cannot be asked: many pods lie on one node.
    boots: "dict[str, datetime | None]" = field(default_factory=dict)


class Expectation(BaseModel):
    """Keys that every expectation may have besides its kind's own."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, strict=False)

    id: str | None = Field(None, description="Unique in its task; default the kind. Reported as task.id.")
    title: str | None = Field(None, description="The sentence the learner reads; default made by the kind.")
    points: int = Field(1, ge=0, le=100, description="What it is worth.")
    on: str | None = Field(None, description="The machine it is asked of; default the task's.")
    within: float | None = Field(
        None,
        gt=0,
        le=120,
        description="Seconds to wait for it to hold; all waiting checks share one clock, and while a cluster's pods "
        "come and go it begins again (for a minute at most).",
    )
    holds: bool = Field(
        False, description="A guard: passes untouched and at the end; its points are subtracted while it fails."
    )
    when: Literal["rebooted"] | None = Field(None, description="Asked only after the restart.")
    same: Annotated[list[str], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)] = Field(
        default_factory=list, description="Facts that must be what they were at the start (identity)."
    )
    control: "Expectation | None" = Field(
        None,
        description="The positive control of a negative probe: an expectation that must hold in the same run,"
        " or `within` its seconds; it has no points.",
    )
    hint: str | None = Field(None, description="Advice, shown only when asked for.")

    kind: ClassVar[str] = ""
    identity: ClassVar[tuple[str, ...]] = ()  # names that `same:` accepts

    def reasons(self, place: CheckContext) -> Iterator[str]:
        """Ask the machine; yield a reason for each thing that is not as expected (none: it holds).

        Raises MachineGone and CommandTimeout as the channel does, ClusterGone and ApiRefused as the API does,
        Broken where the grader cannot ask.
        """
        raise NotImplementedError

    def sentence(self) -> str:
        """What must hold, in the learner's words: the default title."""
        raise NotImplementedError

    def names(self) -> Iterable[str]:
        """Names that the check demands and so must stand in the task's text (for lint)."""
        return [str(getattr(self, self.kind))]

    def facts(self, place: CheckContext) -> dict[str, str]:
        """The identity facts named in `identity`, as they are now (for `same:`)."""
        raise NotImplementedError

    def heading(self) -> str:
        """The title if there is one, else the kind's sentence."""
        return self.title or self.sentence()


KINDS: dict[str, type[Expectation]] = {}
COMMON = frozenset(Expectation.model_fields)
E = TypeVar("E", bound=Expectation)


def kind(name: str) -> Callable[[type[E]], type[E]]:
    """Enter an Expectation class in the table of kinds under `name` (its first own field)."""

    def enter(cls: type[E]) -> type[E]:
        if name in KINDS:
            raise ValueError(f"two kinds are called {name}")
        if name not in cls.model_fields:
            raise ValueError(f"kind {name} has no field of that name")
        cls.kind = name
        KINDS[name] = cls
        return cls

    return enter


def expected(what: str, want: object, found: object) -> str:
    """The sentence of a failed comparison: `what: expected WANT, found FOUND`."""
    return f"{what}: expected {want}, found {found}"
