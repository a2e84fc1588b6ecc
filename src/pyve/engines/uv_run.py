"""Runs of uv within one install: once quickly, then with patience, then from the caches."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.engines.failure import FailedInstall, explain_failure, failed_url
from pyve.engines.installer_output import InstallerOutput, command_line
from pyve.engines.reachability import is_reachable
from pyve.engines.redaction import Redact
from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors import BuildFailedError, IndexUnreachableError
from pyve.project.requirement import Requirement
from pyve.system.process import run_streamed

# uv's own patience (three retries, 6 to 12 s) comes only after an attempt that tells at once when nobody is there.
_FIRST_ATTEMPT = {"UV_HTTP_RETRIES": "0", "UV_HTTP_CONNECT_TIMEOUT": "2"}
FROM_CACHES = "The package index cannot be reached; what is on this machine suffices"


@dataclass(frozen=True, kw_only=True)
class UvRunner:
    """How uv is run for one install or lock. `requirements` are what a failure may be about.

    `explain` makes the error of a run that failed. Lines that begin with one of `passed_over` are not looked at: the
    pages of a lock that uv prints although it writes them to a file.
    """

    executable: Path
    directory: Path
    environment: Mapping[str, str]
    log: Path
    write: Callable[[str], None]
    redact: Redact
    progress: Progress
    requirements: tuple[Requirement, ...] = ()
    work_directory: Path | None = None
    inherited_descriptors: tuple[int, ...] = ()
    offline: bool = False
    wheels_only: bool = False
    explain: Callable[[FailedInstall], BuildFailedError] = explain_failure
    passed_over: tuple[str, ...] = ()

    def run(self, arguments: Sequence[str | os.PathLike[str]]) -> "UvRunner":
        """Run uv with `arguments`; return the runner to go on with, offline where only the caches were left.

        Raises a BuildFailedError. When the index does not answer: once more with uv's own retries if its host can be
        reached at all, then from the caches, which may hold everything.
        """
        quickly = {name: value for name, value in _FIRST_ATTEMPT.items() if name not in self.environment}
        failure, url = self._attempt(arguments, quickly)
        if not isinstance(failure, IndexUnreachableError) or self.offline:
            return self._unless(failure)
        if url is None or is_reachable(url, self.environment):
            self._say("The package index does not answer; trying again")
            failure, _ = self._attempt(arguments, {})
            if not isinstance(failure, IndexUnreachableError):
                return self._unless(failure)
        alone = replace(self, offline=True)
        try:
            alone.run(arguments)
        except BuildFailedError:
            raise failure from None  # that the cache lacks something says less than that the index is away
        self._say(FROM_CACHES)
        return alone

    def _attempt(
        self, arguments: Sequence[str | os.PathLike[str]], changes: Mapping[str, str]
    ) -> tuple[BuildFailedError | None, str | None]:
        """Run uv once: what went wrong, None for nothing, and the URL that could not be had."""
        command = [self.executable, *arguments, *(["--offline"] if self.offline else [])]
        self.write(command_line(command, self.redact))
        output = InstallerOutput(self.write, self.redact, self.progress)
        exit_status = run_streamed(
            command,
            on_line=lambda line: None if self.passed_over and line.startswith(self.passed_over) else output(line),
            directory=self.directory,
            environment={**self.environment, **changes},
            inherited_descriptors=self.inherited_descriptors,
        )
        if exit_status == 0:
            return None, None
        failed = FailedInstall(
            installer="uv",
            output=output.text,
            exit_status=exit_status,
            log=self.log,
            requirements=self.requirements,
            work_directory=self.work_directory,
            offline=self.offline,
            wheels_only=self.wheels_only,
        )
        return self.explain(failed), failed_url(output.text)

    def _unless(self, failure: BuildFailedError | None) -> "UvRunner":
        if failure is not None:
            raise failure
        return self

    def _say(self, message: str) -> None:
        self.progress(ProgressEvent(phase="install", message=message))
