"""The errors behind an error: libraries wrap the one that says what happened."""

from __future__ import annotations

from collections.abc import Iterator


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error and those that it was raised from or carries, each once, from the outermost to the innermost."""
    seen: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and not any(found is each for each in seen):
        seen.append(found)
        yield found
        carried = next((each for each in found.args if isinstance(each, BaseException)), None)
        found = found.__cause__ or carried or found.__context__
