"""`python -m rung.runner.images [IMAGE...]`: starts the engine and builds images (used by `make engine`)."""

from __future__ import annotations

import sys
import time

from rung.runner.core.errors import RungError
from rung.runner.engine.install import ensure_engine
from rung.runner.images.build import ensure


def main(images: list[str]) -> int:
    """Start the engine (installed if need be) and build missing images. Returns the exit code; errors go to stderr."""
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
