"""The command `docker`, and kind over it, as a test or the bench runs them beside Rung."""

from __future__ import annotations

import os
from contextlib import closing
from functools import cache

from rung.runner.drivers.kind.kind_cli import path_with_runtime
from rung.runner.engine.connect import connect
from rung.runner.engine.info import facts


@cache
def runtime() -> str | None:
    """The OCI runtime that Rung's containers name on the engine that answers; None: the engine's default."""
    with closing(connect()) as engine:
        return facts(engine).runtime


def environment() -> dict[str, str]:
    """This process's environment; a new container of `docker` in it gets the runtime that Rung's get."""
    name = runtime()
    return {**os.environ, "PATH": path_with_runtime(name)} if name else dict(os.environ)
