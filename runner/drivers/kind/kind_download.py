"""Downloads `kind` from its project, for computers without Go: once, and only with the right digest."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.files import write_atomically
from rung.runner.core.progress import Progress, silent

VERSION = "v0.33.0"
URL = "https://kind.sigs.k8s.io/dl/{version}/kind-{platform}"
# SHA-256 of the release's files, from its page. CI does not exercise the download: it cannot reach the page.
DIGESTS = {
    "linux-amd64": "aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d",
    "linux-arm64": "20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2",
    "darwin-amd64": "5a99f26f57246dc9319dd294803313197a0f34d33c525b3ea8b655db5916ece0",
    "darwin-arm64": "0c8c7dbe5e23594a198b786c4bc13dacc101fa6196b0cb0b23a1ca44e61f4b4f",
}
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_SECONDS = 30
_FIX = "Install kind (or Go) yourself: https://kind.sigs.k8s.io/docs/user/quick-start/"

Fetch = Callable[[str], bytes]


def this_platform() -> str:
    """This computer's platform as the release's files name it (`linux-amd64`)."""
    machine = platform.machine().lower()
    return f"{sys.platform}-{_ARCHITECTURES.get(machine, machine)}"


def _fetched(url: str) -> bytes:
    import requests

    try:
        answer = requests.get(url, timeout=_SECONDS)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise EnvironmentBroken(f"kind cannot be downloaded from {url}: {error}", fix=_FIX) from error
    return answer.content


def downloaded(
    folder: Path,
    progress: Progress = silent,
    *,
    of: str | None = None,
    fetch: Fetch = _fetched,
    digests: Mapping[str, str] = DIGESTS,
) -> Path:
    """The program in `folder`, downloaded if it is missing.

    of: the platform, by default this one. Raises EnvironmentBroken where the project releases none for the platform, it
    cannot be downloaded, or its digest is not that of the release.
    """
    name = of or this_platform()
    if name not in digests:
        raise EnvironmentBroken(f"There is no kind for {name}.", fix=_FIX)
    path = folder / f"kind-{VERSION}-{name}"
    if path.exists():
        return path
    url = URL.format(version=VERSION, platform=name)
    progress("download", f"kind {VERSION}")
    content = fetch(url)
    found = hashlib.sha256(content).hexdigest()
    if found != digests[name]:
        raise EnvironmentBroken(
            f"What {url} gave is not kind {VERSION}: its SHA-256 is {found}, expected {digests[name]}.", fix=_FIX
        )
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content, 0o755)
    return path
