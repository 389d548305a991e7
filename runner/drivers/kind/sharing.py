"""One cluster for several attempts: each has a machine `base` of its own, on its own place in the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rung.runner.drivers.base.labels import CLUSTER

SHARE = "rung.share"  # on `base`: the word that its plan shares with others
PLACE = "rung.place"  # on `base`: its place in the cluster's network
# In a network of 14 addresses, of which the engine gives nodes the places from 8 on, and has the first itself.
PLACES = (7, 6, 5, 4, 3, 2)

Base = Mapping[str, Any]  # a container as the engine lists it


def shared(bases: Sequence[Base], word: str) -> list[str]:
    """The clusters of attempts that share by this word and have room for one more."""
    clusters = dict.fromkeys(b["Labels"][CLUSTER] for b in bases if b["Labels"].get(SHARE) == word)
    return [cluster for cluster in clusters if place(bases, cluster) is not None]


def place(bases: Sequence[Base], cluster: str) -> int | None:
    """A free place for one more `base` in a cluster's network; None where all are taken."""
    taken = {b["Labels"].get(PLACE, str(PLACES[0])) for b in bases if b["Labels"][CLUSTER] == cluster}
    return next((number for number in PLACES if str(number) not in taken), None)
