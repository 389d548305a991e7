"""Makes an attempt: its machines, then the lab's starting state on them."""

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
    """The default of `first`: do nothing."""


def plan_of(lab: Lab, attempt: str, *, share: str | None = None, own: UserCluster | None = None) -> Plan:
    """What a lab needs of its driver.

    `share`: plans with the same word here may use one cluster; `own`: the user's cluster that the lab is to run on.
    """
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
    """Make what an attempt's plan asks for, bring it into the lab's starting state, and record it in the journal.

    `first` is called before anything is made. After an error everything is removed again, unless `keep`.
    Raises what `first` and the driver raise, ScriptFailed, EnvironmentBroken.
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
        objectives=list(lab.objectives),  # kept in the record, since the lab may change later
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
                    driver.collect_garbage()  # the cluster that a reset has abandoned
        with contextlib.suppress(EnvironmentBroken):  # the error of the start is the one to report
            journal.append("kept" if keep else "failed", why=str(error) or type(error).__name__)
        raise


def _of_api(lab: Lab, attempt: str, cluster: Cluster) -> dict[str, bool | str]:
    """`{"api": whether the cluster's API answers}`, and for a lab with policies `"policies"`: `tried` or `evaluated`.

    Raises EnvironmentBroken where the lab needs enforced policies and the cluster does not enforce them.
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
