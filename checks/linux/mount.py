"""Kind `mount`: mounted file systems."""

import json
from collections.abc import Iterable, Iterator

from pydantic import Field

from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.mount_options import same_option
from rung.checks.linux.tools.reasons import listed, no_answer


@kind("mount")
class Mount(Expectation):
    """What is mounted at a path (on exactly that path, not on one above it)."""

    mount: str = Field(pattern=r"^/", description="The mount point.")
    exists: bool = Field(True, description="false: nothing is mounted there.")
    fstype: str | None = Field(None, description="Type of the file system.")
    options: list[str] = Field(default_factory=list, description="Options in effect; sizes compare by value.")
    source: str | None = Field(None, description="The device, or for a bind mount the folder, that is mounted.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask findmnt what is mounted on exactly this path."""
        # Not testinfra's `mount_point`: of mounts on one path it shows the lowest, which the others hide; it does not
        # tell which folder is bound, and knows no path with a blank or through a link.
        # -M matches mount points only; --target would answer for any path.
        result = context.host.run("findmnt -J -M %s -o TARGET,SOURCE,FSTYPE,OPTIONS", self.mount)
        if not result.ok and (result.rc != 1 or result.stderr.strip()):
            yield no_answer(self.mount, "findmnt", result)
            return
        mounts = json.loads(result.stdout)["filesystems"] if result.stdout.strip() else []
        if not self.exists:
            yield from (expected(self.mount, "nothing mounted", m["source"]) for m in mounts[-1:])
        elif not mounts:
            yield expected(self.mount, "a mount point", "nothing mounted there")
        else:
            yield from self._differences(context, mounts[-1])  # the last one hides those below it

    def _differences(self, context: CheckContext, mount: dict[str, str]) -> Iterator[str]:
        if self.fstype is not None and mount["fstype"] != self.fstype:
            yield expected(f"{self.mount}: type", self.fstype, mount["fstype"])
        found = mount["options"].split(",")
        missing = [o for o in self.options if not any(same_option(o, f) for f in found)]
        if missing:
            yield expected(f"{self.mount}: options", listed(missing), mount["options"])
        if self.source is not None and not self._is_source(context, mount["source"]):
            yield expected(f"{self.mount}: source", self.source, mount["source"])

    def _is_source(self, context: CheckContext, found: str) -> bool:
        """Whether `found` (`/dev/sda1`, or `overlay[/srv/data]` for a bind mount) is the wanted source."""
        device, _, inside = found.partition("[")
        if self.source in (found, device, inside.rstrip("]")):
            return True
        real = context.host.text("readlink -f -- %s; readlink -f -- %s", self.source, device)
        return real is not None and device.startswith("/") and len(set(real.split("\n"))) == 1

    def sentence(self) -> str:
        if not self.exists:
            return f"Nothing is mounted on {self.mount}"
        what = " ".join(t for t in (self.source, self.fstype and f"({self.fstype})") if t) or "A file system"
        options = f" with {listed(self.options)}" if self.options else ""
        return f"{what} is mounted on {self.mount}{options}"

    def names(self) -> Iterable[str]:
        return [self.mount, *([self.source] if self.source else [])]
