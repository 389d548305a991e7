"""Kind `script`: a program that the learner wrote, run in a scratch directory."""

import io
import shlex
import tarfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, field_validator

from rung.checks.core.channel import GRADER_PATH, Result, quoted
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.accounts import Account, find_account
from rung.checks.linux.tools.exit_status import exit_reasons
from rung.checks.linux.tools.reasons import no_answer
from rung.checks.linux.tools.scratch import scratch_directory
from rung.checks.linux.tools.stat_path import path_status
from rung.checks.linux.tools.texts import Regex, backticked, content_reasons, pattern_reasons

_TIMED_OUT = 124  # exit status of timeout(1)
_LARGEST = 90_000  # most bytes of a command's input: the channel passes them in one argument
# bash runs a file without a `#!` line as a shell script, as the learner's shell does.
_RUN = (
    "cd -- %s && exec {as_user}env -i HOME=%s USER=%s LOGNAME=%s PATH=%s LANG=C.UTF-8 "
    'timeout -k 1 %s bash -c \'"$0" "$@"\' %s'
)


class Case(BaseModel):
    """One run of the script."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    args: list[str] = Field(default_factory=list, description="Its arguments.")
    stdin: str = Field("", max_length=_LARGEST // 4, description="Its input.")
    files: dict[str, str] = Field(default_factory=dict, description="Files in its working directory: name, content.")
    exit: int | None = Field(0, ge=0, le=255, description="Its exit status; null for any but 0.")
    stdout: str | None = Field(None, description="Its output, without newlines at the end.")
    stdout_matches: list[Regex] = Field(
        default_factory=list, description="Regular expressions, each found in some line of its output."
    )
    stderr_matches: list[Regex] = Field(
        default_factory=list, description="Regular expressions, each found in some line of its error output."
    )
    stderr_empty: bool | None = Field(None, description="Whether it writes nothing to its error output.")

    @field_validator("files")
    @classmethod
    def _inside(cls, files: dict[str, str]) -> dict[str, str]:
        for name in files:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or not path.parts:
                raise ValueError(f"{name!r} leaves the working directory")
        if len(_tar(files)) > _LARGEST:
            raise ValueError(f"the files of a case are more than {_LARGEST // 1000} kB together")
        return files


@kind("script")
class Script(Expectation):
    """A script run in a scratch directory that is removed afterwards."""

    script: str = Field(pattern="^/", description="The path.")
    cases: list[Case] = Field(min_length=1, description="Runs, each with its expected result.")
    user: str = Field("root", description="The account that runs it.")
    timeout: float = Field(5, gt=0, le=60, description="Seconds that each run may take.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Run the script once for each case, in an emptied scratch directory."""
        node = path_status(context.host, self.script)
        runner = find_account(context.host, self.user)
        if runner is None:
            yield expected(self.user, "an account", "none")
        if node is None or not node.is_file:
            yield expected(self.script, "a script", "none" if node is None else node.what)
        elif node.mode & 0o111 == 0:
            yield expected(f"{self.script}: mode", "an executable file", f"{node.mode:04o}")
        elif runner is not None:
            with scratch_directory(context.host) as path:
                for case in self.cases:
                    yield from self._case_reasons(context.host, runner, path, case)

    def _case_reasons(self, host: Machine, runner: Account, path: str, case: Case) -> Iterator[str]:
        subject = self._subject(case)
        _fill(host, path, case.files, self.user)
        began = time.monotonic()
        result = self._run(host, runner, path, case)
        if result.rc == _TIMED_OUT and time.monotonic() - began >= self.timeout:
            yield expected(subject, f"an end within {self.timeout:g} s", "it still running")
            return
        yield from exit_reasons(subject, case.exit, result)
        if case.stdout is not None:
            want, found = case.stdout.rstrip("\n"), result.stdout.rstrip("\n")
            yield from content_reasons(f"{subject}: output", want, found)
        yield from pattern_reasons(f"{subject}: output", result.stdout, case.stdout_matches)
        yield from pattern_reasons(f"{subject}: error output", result.stderr, case.stderr_matches)
        if case.stderr_empty is not None and (not result.err) != case.stderr_empty:
            found = backticked(result.stderr.rstrip("\n")) if result.err else "none"
            yield expected(f"{subject}: error output", "none" if case.stderr_empty else "some", found)

    def _run(self, host: Machine, runner: Account, path: str, case: Case) -> Result:
        as_user = "" if runner.uid == 0 else quoted("runuser -u %s -- ", runner.name)
        command = quoted(
            _RUN.replace("{as_user}", as_user),
            path, runner.home, runner.name, runner.name, GRADER_PATH, f"{self.timeout:g}", self.script,
        )  # fmt: skip
        arguments = "".join(f" {shlex.quote(a)}" for a in case.args)
        return host.run(f"{command}{arguments}", stdin=case.stdin, timeout=self.timeout + 3)

    def _subject(self, case: Case) -> str:
        words = shlex.join([self.script, *case.args])
        given = f" with the input {backticked(case.stdin, 40)}" if case.stdin else ""
        return backticked(words) + given

    def sentence(self) -> str:
        runs = "a trial run" if len(self.cases) == 1 else f"{len(self.cases)} trial runs"
        return f"{self.script} does what is asked in {runs}"

    def names(self) -> Iterable[str]:
        return [self.script, *([self.user] if self.user != "root" else [])]


def _fill(host: Machine, path: str, files: Mapping[str, str], user: str) -> None:
    """Empty the scratch directory, then put the files of a case there, owned by the user."""
    result = host.run(
        "cd -- %s && find . -mindepth 1 -delete && tar -x && chown -R %s: .", path, user, stdin=_tar(files)
    )
    if not result.ok:
        raise Fail(no_answer("the scratch directory", "find, tar and chown", result))


def _tar(files: Mapping[str, str]) -> bytes:
    """A tar archive of files by name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            data = text.encode()
            info.size, info.mode, info.mtime = len(data), 0o644, int(time.time())
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()
