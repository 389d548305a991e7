"""Runs headless Chromium for tests of pages.

`python -m browser`, from tests/support, installs Debian's Chromium where that is possible; so does `make browser`.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.engine.apt import cannot_install, ensure_program

_SECONDS = 90
_PAGE = """\
<!doctype html><meta charset="utf-8"><style>body {{ margin: 0 }}</style><body>{body}
<script>
const facts = (() => {{ {script} }})();
const output = document.createElement("pre");
output.id = "facts"; output.textContent = JSON.stringify(facts); document.body.append(output);
</script>
"""


def program() -> str | None:
    """The path of the browser, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def facts(body: str, script: str, *options: str) -> Any:
    """The value that a script returns in a page with this body. Skips the test where there is no browser."""
    browser = program()
    if browser is None:
        pytest.skip("no Chromium: `make browser` installs it on Debian and Ubuntu")
    with tempfile.TemporaryDirectory(prefix="rung-browser-") as folder:
        page = Path(folder) / "page.html"
        page.write_text(_PAGE.format(body=body, script=script), encoding="utf-8")
        done = subprocess.run(
            [browser, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder}/profile",
             *(["--no-sandbox"] if os.geteuid() == 0 else []), *options, "--dump-dom", page.as_uri()],
            capture_output=True, text=True, timeout=_SECONDS, check=False,
        )  # fmt: skip
    output = re.search(r'<pre id="facts">(.*)</pre>', done.stdout, re.DOTALL)
    assert output, f"the browser ended with {done.returncode}: {done.stderr[-2000:]}"
    return json.loads(html.unescape(output[1]))


def main() -> int:
    """Install the browser where that is possible; returns the exit code."""
    if program() is None and (reason := cannot_install()):
        print(f"There is no Chromium, and {reason}: tests that need one are skipped.", file=sys.stderr)
        return 0
    try:
        if program() is None:
            ensure_program("chromium", ["chromium", "fonts-liberation"], lambda *what: print(*what, file=sys.stderr))
    except EnvironmentBroken as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
