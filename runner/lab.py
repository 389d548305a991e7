"""A lab as values: what `labfile` reads, and what everything else works with. No I/O here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rung.checks.registry import Expectation

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
MachineName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Model(BaseModel):
    """Frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class MachineSpec(Model):
    """One machine of a lab."""

    name: MachineName = Field(description="Its host name; peers resolve it.")
    image: Literal["linux", "linux-rpm"] = Field("linux", description="The image it boots.")
    shell: bool = Field(True, description="false: a probe that the learner cannot enter (`rung shell`).")
    login: str = Field("root", description="The user that `rung shell` logs in.")
    networks: list[Name] = Field(
        default_factory=list, description="The lab's networks it is on; default the one that all machines share."
    )
    memory: int = Field(512, ge=64, le=8192, description="Memory limit in MiB.")
    cpus: float = Field(1.0, gt=0, le=16, description="CPU limit in cores.")
    pids: int = Field(512, ge=64, le=8192, description="Limit on processes and threads.")
    failed_units: list[str] = Field(
        default_factory=list, description="Units that may be failed when the lab is ready (part of the lab)."
    )


class Cluster(Model):
    """A Kubernetes cluster (driver kind)."""

    nodes: int = Field(1, ge=1, le=5)
    scope: Literal["namespace", "cluster"] = "namespace"


class Environment(Model):
    """What a lab is done on: Linux machines or a cluster."""

    machines: list[MachineSpec] = Field(default_factory=list)
    cluster: Cluster | None = None


class Task(Model):
    """One numbered thing to do."""

    id: Name
    text: str
    needs: list[Name] = Field(default_factory=list, description="Tasks without which this one cannot pass.")
    on: MachineName | None = Field(None, description="The machine its expectations are asked of.")
    hint: list[str] = Field(default_factory=list, description="Hints, shown one at a time.")
    expect: list[Expectation] = Field(default_factory=list)


class Lab(Model):
    """A lab, its templates filled in with the values that a seed drew."""

    title: str
    objectives: list[str]
    skills: list[str] = Field(default_factory=list)
    difficulty: Literal["easy", "medium", "hard"]
    minutes: int = Field(ge=1, le=240)
    environment: Environment
    capabilities: list[str] = Field(default_factory=list)
    reboot: bool | list[MachineName] = False
    intro: str = Field("", description="The situation, before the tasks.")
    start: list[Expectation] = Field(default_factory=list)
    docs: list[str] = Field(default_factory=list)
    tasks: list[Task]

    # filled in by the loader
    name: str = Field("", exclude=True)
    folder: Path = Field(Path(), exclude=True)
    seed: int = Field(0, exclude=True)
    values: dict[str, Any] = Field(default_factory=dict)
    digest: str = Field("", exclude=True)

    @property
    def machines(self) -> list[MachineSpec]:
        return self.environment.machines

    @property
    def first(self) -> str:
        """The machine that is meant when none is named."""
        return self.machines[0].name

    def rebooted(self) -> list[str]:
        """Names of the machines that are restarted before the score is taken."""
        if isinstance(self.reboot, list):
            return list(self.reboot)
        return [m.name for m in self.machines if m.shell] if self.reboot else []
