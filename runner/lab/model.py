"""A lab as values: what `labfile` reads, and what everything else works with. No I/O here."""

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
# One text stands for a list of one.
Texts = Annotated[list[Text], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]

# What a lab may ask for by name; what can be derived from the rest (DERIVED) is never written.
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
    """Frozen, and an unknown key is a mistake."""

    # Built at first use, and once: building each model as it is read would cost every command 15 ms.
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class MachineSpec(Model):
    """One machine of a lab."""

    name: MachineName = Field(description="Its host name; peers resolve it.")
    image: Literal["linux", "linux-rpm", "base"] = Field("linux", description="The image it boots.")
    shell: bool = Field(True, description="false: a probe that the learner cannot enter (`rung shell`).")
    login: Login = Field("root", description="The user that `rung shell` logs in.")
    networks: list[Name] = Field(
        default_factory=list, description="The lab's networks it is on; default the one that all machines share."
    )
    memory: int = Field(512, ge=64, le=8192, description="Memory limit in MiB.")
    cpus: float = Field(1.0, gt=0, le=16, description="CPU limit in cores.")
    pids: int = Field(512, ge=64, le=8192, description="Limit on processes and threads.")
    failed_units: list[str] = Field(
        default_factory=list, description="Units that may be failed when the lab is ready (part of the lab)."
    )


class ClusterSpec(Model):
    """A Kubernetes cluster: one control plane and as many workers as are wanted."""

    workers: int = Field(
        0,
        ge=0,
        le=4,
        description="Nodes beside `controlplane`: node01, node02 and so on. Without any, it does the work.",
    )
    scope: Literal["namespace", "cluster"] = Field(
        "namespace", description="namespace: everything happens in one; cluster: the lab needs the cluster for itself."
    )

    namespace: Name = Field("default", description="The namespace that is meant where an expectation names none.")

    @property
    def nodes(self) -> list[str]:
        """Names of its nodes, the control plane first."""
        return [CONTROL_PLANE, *(f"node{number:02}" for number in range(1, self.workers + 1))]


# Where a learner works on a cluster, as in the exam: kubectl is here, the nodes are reached by ssh.
BASE = MachineSpec(name="base", image="base", login="candidate", memory=1024, cpus=2.0)
CONTROL_PLANE = "controlplane"


class Environment(Model):
    """What a lab is done on: Linux machines or a cluster."""

    machines: list[MachineSpec] = Field(default_factory=list, description="Linux machines; the first is the main one.")
    cluster: ClusterSpec | None = Field(None, description="A Kubernetes cluster instead of machines.")


class Task(Model):
    """One numbered thing to do."""

    id: Name = Field(description="Unique in the lab.")
    text: Text = Field(description="What there is to do; everything that is graded stands here.")
    needs: list[Name] = Field(default_factory=list, description="Tasks without which this one cannot pass.")
    on: MachineName | None = Field(None, description="The machine its expectations are asked of.")
    hint: Texts = Field(default_factory=list, description="Hints, shown one at a time.")
    expect: list[Expectation] = Field(default_factory=list, description="What must hold when it is done.")


class Lab(Model):
    """A lab, its templates filled in with the values that a seed drew."""

    title: Text = Field(description="What the lab is about, in a few words.")
    objectives: list[str] = Field(description="Ids of the objectives it exercises (labs/tracks).")
    skills: list[str] = Field(default_factory=list, description="Ids of the skills it exercises (labs/skills.yaml).")
    difficulty: Difficulty = Field(description="For somebody who knows the objectives.")
    minutes: int = Field(ge=1, le=240, description="How long somebody who prepares for the exam takes.")
    environment: Environment = Field(description="What it is done on: machines or a cluster.")
    capabilities: list[str] = Field(
        default_factory=list, description="What it needs of the driver beyond what the rest of the file says."
    )
    reboot: bool | list[MachineName] = Field(
        False,
        description="Every check must also hold after a restart of all machines (nodes of a cluster), or of those.",
    )
    intro: str = Field("", description="The situation, before the tasks.")
    start: list[Expectation] = Field(
        default_factory=list, description="What must hold before the tasks are shown; not scored."
    )
    docs: list[str] = Field(default_factory=list, description="Pages worth reading.")
    tasks: list[Task] = Field(min_length=1, description="What there is to do, in order.")

    # filled in by the loader
    name: str = Field("", exclude=True)
    folder: Path = Field(Path(), exclude=True)
    seed: int = Field(0, exclude=True)
    values: dict[str, Any] = Field(default_factory=dict, description="Values drawn by seed, usable as `{{ name }}`.")
    digest: str = Field("", exclude=True)

    @property
    def machines(self) -> list[MachineSpec]:
        """Its Linux machines; of a cluster the one that the learner works on (its nodes are not among them)."""
        return [BASE] if self.cluster else self.environment.machines

    @property
    def cluster(self) -> ClusterSpec | None:
        return self.environment.cluster

    @property
    def hosts(self) -> list[str]:
        """Names of all that `on` may name: machines, then a cluster's nodes."""
        return [m.name for m in self.machines] + (self.cluster.nodes if self.cluster else [])

    @property
    def images(self) -> list[str]:
        """Names of the images that it boots, each once."""
        return sorted({m.image for m in self.machines} | ({"node"} if self.cluster else set()))

    @property
    def first(self) -> str:
        """The machine that is meant when none is named."""
        return self.machines[0].name

    def rebooted(self) -> list[str]:
        """Names of the machines that are restarted before the score is taken."""
        if isinstance(self.reboot, list):
            return list(self.reboot)
        everything = self.cluster.nodes if self.cluster else [m.name for m in self.machines if m.shell]
        return everything if self.reboot else []
