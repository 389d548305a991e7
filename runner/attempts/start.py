"""Making an attempt: its machines, then the lab's starting state on them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from rung.runner.attempts import policy_probe
from rung.runner.attempts.setup import apply_start, cluster_of
from rung.runner.core import processes
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.journal import EventJournal
from rung.runner.core.progress import Progress
from rung.runner.drivers.base.plan import Plan, UserCluster
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.lab.model import Lab

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster


def no_first_step() -> None:
    """Nothing has to be done first."""


def plan_of(lab: Lab, attempt: str, *, share: str | None = None, own: UserCluster | None = None) -> Plan:
    """What a lab needs of its driver; those of one word of `share` may use one cluster. `own`: the user's cluster
    that it is to run on."""
    return Plan(
        attempt=attempt,
        lab=lab.name,
        path=str(lab.folder.resolve()),
        seed=lab.seed,
        digest=lab.digest,
        machines=tuple(lab.machines),
        capabilities=frozenset(lab.capabilities),
        cluster=lab.cluster,
        share=share,
        own=own,
    )


def create_attempt(
    driver: Drivers,
    lab: Lab,
    plan: Plan,
    *,
    keep: bool,
    progress: Progress,
    first: Callable[[], None] = no_first_step,
    exam: str | None = None,
) -> None:
    """Make what an attempt's plan asks for, bring it into the lab's starting state, and say so in its journal.

    `first` is called before anything is made. On an error nothing is left, unless `keep`.
    """
    attempt = plan.attempt
    journal = EventJournal.of(attempt)
    belongs = {key: value for key, value in (("exam", exam), ("share", plan.share)) if value is not None}
    journal.append(
        "starting",
        lab=lab.name,
        path=str(lab.folder),
        seed=lab.seed,
        digest=lab.digest,
        objectives=list(lab.objectives),  # as they are now: the record is about what was done
        skills=list(lab.skills),
        process=processes.this_process(),
        **belongs,
    )
    try:
        first()
        driver.provision(plan, progress)
        facts = apply_start(driver, attempt, lab, progress)
        progress("ready", lab.name)
        with cluster_of(driver, attempt, lab) as cluster:
            api = {} if cluster is None else _of_api(lab, attempt, cluster)
        journal.append("ready", facts=facts, **api)
    except BaseException as error:
        if not keep:
            driver.destroy(attempt)
            if plan.cluster is not None:
                with contextlib.suppress(EnvironmentBroken):
                    driver.collect_garbage()  # a reset may have left a cluster, and nobody goes on to let it go
        with contextlib.suppress(EnvironmentBroken):  # why the start failed says more than that this did too
            journal.append("kept" if keep else "failed", why=str(error) or type(error).__name__)
        raise


def _of_api(lab: Lab, attempt: str, cluster: Cluster) -> dict[str, bool | str]:
    """Whether a cluster's API answers, and whether network policies are `tried` or only `evaluated` there.

    Raises EnvironmentBroken where the lab needs them to be enforced, and they are not.
    """
    answers = cluster.answers()
    if not answers or not policy_probe.asks(lab):
        return {"api": answers}
    enforced = policy_probe.enforces(cluster, attempt)
    if policy_probe.CAPABILITY in lab.capabilities and not enforced:
        raise EnvironmentBroken(
            f"{lab.name} cannot run here: this cluster takes network policies and does not enforce them.",
            fix="kind's own network plugin needs a kernel with nftables queues; `rung images build node` makes nodes "
            "that need none, where no registry answers.",
        )
    return {"api": answers, "policies": "tried" if enforced else "evaluated"}
