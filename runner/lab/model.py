"""A lab as values: `loader` makes them, all other packages use them. This module does no I/O."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from rung.checks.core.registry import Expectation
from rung.runner.lab.difficulties import Difficulty

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
MachineName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
Login = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_.-]{0,31}$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Text = Annotated[str, StringConstraints(min_length=1)]
# A single text may replace a list of one.
Texts = Annotated[list[Text], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]

# Capabilities that a lab may name. Those in DERIVED follow from the rest of the file, so a lab does not name them.
CAPABILITIES = {
    "internet": "machines can reach the internet",
    "net-admin": "root in a machine may configure its network (CAP_NET_ADMIN)",
    "sys-admin": "root in a machine may mount file systems and set its host name (CAP_SYS_ADMIN)",
    "sys-nice": "root in a machine may raise the priority of processes (CAP_SYS_NICE)",
    "selinux": "the machine's kernel enforces SELinux",
    "block-device": "the machine has disks of its own",
    "swap": "the machine has swap of its own",
    "kernel-modules": "the machine can load kernel modules",
    "network-policy": "the cluster enforces network policies",
    "metrics": "the cluster serves metrics",
}
DERIVED = ("systemd", "reboot", "nodes")


class Model(BaseModel):
    """The base of all models: frozen, and an unknown key is a mistake."""

    # Pydantic builds a validator at its first use: building all of them at import would cost each command 15 ms.
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class MachineSpec(Model):
    """One machine of a lab."""

    name: MachineName = Field(description="Host name; the other machines of the lab resolve it.")
    image: Literal["linux", "linux-rpm", "base"] = Field("linux", description="Image that it boots.")
    shell: bool = Field(True, description="false: a machine for probes, on which the learner gets no shell.")
    login: Login = Field("root", description="User whose shell `rung shell` opens.")
    networks: list[Name] = Field(
        default_factory=list, description="Networks of the lab that it is on; by default one that all machines share."
    )
    memory: int = Field(512, ge=64, le=8192, description="Memory limit in MiB.")
    cpus: float = Field(1.0, gt=0, le=16, description="CPU limit in cores.")
    pids: int = Field(512, ge=64, le=8192, description="Limit on processes and threads.")
    failed_units: list[str] = Field(
        default_factory=list,
        description="Units that may have failed when the lab is ready, as part of the lab.",
    )


class ClusterSpec(Model):
    """A Kubernetes cluster: one control plane, and up to four workers."""

    workers: int = Field(
        0,
        ge=0,
        le=4,
        description="Nodes besides `controlplane`: node01, node02 and so on. Without any, it runs all pods.",
    )
    scope: Literal["namespace", "cluster"] = Field(
        "namespace", description="namespace: the lab uses one namespace; cluster: the lab needs a cluster of its own."
    )

    namespace: Name = Field("default", description="Namespace of the expectations that name none.")

    @property
    def nodes(self) -> list[str]:
        """Names of its nodes, the control plane first."""
        return [CONTROL_PLANE, *(f"node{number:02}" for number in range(1, self.workers + 1))]


# The machine from which a learner works on a cluster, as in the exam: it has kubectl, and ssh to the nodes.
BASE = MachineSpec(name="base", image="base", login="candidate", memory=1024, cpus=2.0)
CONTROL_PLANE = "controlplane"


class Environment(Model):
    """The Linux machines of a lab, or its cluster."""

    machines: list[MachineSpec] = Field(default_factory=list, description="Linux machines; the first is the default.")
    cluster: ClusterSpec | None = Field(None, description="A Kubernetes cluster instead of machines.")


class Task(Model):
    """One numbered thing to do."""

    id: Name = Field(description="Unique in the lab.")
    text: Text = Field(description="What to do; it states everything that is graded.")
    needs: list[Name] = Field(default_factory=list, description="Tasks that must pass before this one can.")
    on: MachineName | None = Field(None, description="Machine on which its expectations are checked.")
    hint: Texts = Field(default_factory=list, description="Hints, shown one at a time.")
    expect: list[Expectation] = Field(default_factory=list, description="What must hold when it is done.")


class Lab(Model):
    """A lab; its templates are filled in with the values that its seed drew."""

    title: Text = Field(description="What the lab is about, in a few words.")
    objectives: list[str] = Field(description="Ids of objectives that it exercises (labs/tracks).")
    skills: list[str] = Field(default_factory=list, description="Ids of skills that it exercises (labs/skills.yaml).")
    difficulty: Difficulty = Field(description="For somebody who knows the objectives.")
    minutes: int = Field(ge=1, le=240, description="Minutes that somebody who prepares for the exam takes.")
    environment: Environment = Field(description="Its machines or its cluster.")
    capabilities: list[str] = Field(
        default_factory=list, description="What it needs of the driver, unless the rest of the file implies it."
    )
    reboot: bool | list[MachineName] = Field(
        False,
        description="Every check must also hold after a restart: of all machines (nodes of a cluster), or those named.",
    )
    intro: str = Field("", description="The situation, before the tasks.")
    start: list[Expectation] = Field(
        default_factory=list, description="What must hold before the tasks are shown; not scored."
    )
    docs: list[str] = Field(default_factory=list, description="Pages worth reading.")
    tasks: list[Task] = Field(min_length=1, description="What to do, in order.")

    # Set by the loader
    name: str = Field("", exclude=True)
    folder: Path = Field(Path(), exclude=True)
    seed: int = Field(0, exclude=True)
    values: dict[str, Any] = Field(default_factory=dict, description="Values drawn by seed, usable as `{{ name }}`.")
    digest: str = Field("", exclude=True)

    @property
    def machines(self) -> list[MachineSpec]:
        """Its Linux machines; for a cluster `base` alone, without the nodes."""
        return [BASE] if self.cluster else self.environment.machines

    @property
    def cluster(self) -> ClusterSpec | None:
        return self.environment.cluster

    @property
    def hosts(self) -> list[str]:
        """The names that `on` may use: machines, then the nodes of a cluster."""
        return [m.name for m in self.machines] + (self.cluster.nodes if self.cluster else [])

    @property
    def images(self) -> list[str]:
        """Names of the images that it boots, each once."""
        return sorted({m.image for m in self.machines} | ({"node"} if self.cluster else set()))

    @property
    def first(self) -> str:
        """The name of the machine that is used where none is named."""
        return self.machines[0].name

    def rebooted(self) -> list[str]:
        """Names of the machines that are restarted before the score is taken."""
        if isinstance(self.reboot, list):
            return list(self.reboot)
        names = self.cluster.nodes if self.cluster else [m.name for m in self.machines if m.shell]
        return names if self.reboot else []
