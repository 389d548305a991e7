"""`python -m rung.runner.images [IMAGE...]`: an engine that answers, and images in it (`make engine` calls it)."""

from __future__ import annotations

import sys
import time

from rung.runner.core.errors import RungError
from rung.runner.engine.install import ensure_engine
from rung.runner.images.build import ensure


def main(images: list[str]) -> int:
    """0, or the error's exit code after telling it on stderr."""
    began = time.monotonic()

    def tell(step: str, what: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {step}: {what}", file=sys.stderr, flush=True)

    try:
        engine = ensure_engine(tell)
        for name in images:
            ensure(name, engine, tell)
    except RungError as error:
        print(error, file=sys.stderr)
        print(error.fix or "", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
