"""Expectations: the table of kinds that code, schema and docs share.

A kind is a pydantic model whose first field bears the kind's own name, so that the YAML mapping
`{user: alice, uid: 2001}` *is* the model `User(user="alice", uid=2001)`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster
    from rung.checks.core.machine import Machine

# Modules of kinds have no postponed annotations: pydantic would compile each of them again, and every `rung check` is a
# new process.

Values = Mapping[str, Any]


@dataclass(frozen=True)
class CheckContext:
    """What an expectation is evaluated with: its machine, all machines, the attempt's values, the lab's cluster.

    `boots` caches when each node was started (None for a node whose machine is not ours to ask): many pods lie on one
    node.
    """

    host: "Machine"
    hosts: "Mapping[str, Machine]"
    values: Values = field(default_factory=dict)
    cluster: "Cluster | None" = None
    boots: "dict[str, datetime | None]" = field(default_factory=dict)


class Expectation(BaseModel):
    """An expectation: the keys that every kind has besides its own."""

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

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask the machine, and yield a reason for everything that is not as expected; none if the expectation holds.

        Raises Fail with reasons of its own, MachineGone and CommandTimeout of a machine, ClusterGone and ApiRefused
        of the API, and Broken if Rung cannot ask.
        """
        raise NotImplementedError

    def sentence(self) -> str:
        """What must hold, in the learner's words: the default title."""
        raise NotImplementedError

    def names(self) -> Iterable[str]:
        """Names that the check demands; the linter looks for them in the task's text."""
        return [str(getattr(self, self.kind))]

    def facts(self, context: CheckContext) -> dict[str, str]:
        """The current values of the facts named in `identity`, for `same:`."""
        raise NotImplementedError

    def heading(self) -> str:
        """The title, or else the kind's sentence."""
        return self.title or self.sentence()


KINDS: dict[str, type[Expectation]] = {}  # the kinds whose modules are loaded
COMMON = frozenset(Expectation.model_fields)
E = TypeVar("E", bound=Expectation)


def kind(name: str) -> Callable[[type[E]], type[E]]:
    """A decorator that enters an Expectation class in the table of kinds under `name`, its first own field.

    Raises ValueError if the name is taken, or the class has no such field.
    """

    def enter(cls: type[E]) -> type[E]:
        if name in KINDS:
            raise ValueError(f"two kinds are called {name}")
        if name not in cls.model_fields:
            raise ValueError(f"kind {name} has no field of that name")
        cls.kind = name
        KINDS[name] = cls
        return cls

    return enter


def expected(what: str, wanted: object, found: object) -> str:
    """The sentence of a failed comparison: `what: expected WANTED, found FOUND`."""
    return f"{what}: expected {wanted}, found {found}"
