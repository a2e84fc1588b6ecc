"""One micromamba executable and what its runs for one command share: where it works, and what it is."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pyve.engines.conda.choice import BOOTSTRAP
from pyve.engines.conda.engine import EngineSurroundings
from pyve.engines.conda.failures.engine_failure import EngineFailure
from pyve.engines.conda.failures.explanation import to_error
from pyve.engines.conda.micromamba.command import (
    SKIP_SCRIPTS,
    SealedPlaces,
    help_command,
    info_command,
    sealed_environment,
)
from pyve.engines.conda.micromamba.end_with_parent import let_end_with_parent
from pyve.engines.conda.micromamba.output import About, read_about
from pyve.engines.conda.micromamba.places import Aliases, Places, choose_places
from pyve.engines.installer_output import command_line, open_log
from pyve.engines.redaction import Redact, redactor
from pyve.errors.conda import EngineMissingError
from pyve.project.conda.channel import Channel
from pyve.project.conda.package import CondaPackage
from pyve.system.files import tell_disk_errors
from pyve.system.process_group import run_group

OLDEST_MAJOR = 2

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a run ended and what it printed."""

    exit_status: int
    stdout: str
    stderr: str


class MicromambaSession:
    """Runs micromamba, sealed off from the user's own conda, in process groups that end with each run."""

    def __init__(self, surroundings: EngineSurroundings) -> None:
        if surroundings.micromamba is None:
            raise EngineMissingError("No micromamba executable is configured or bootstrapped.", hint=BOOTSTRAP)
        self.executable: Path = surroundings.micromamba
        self.surroundings = surroundings
        self._sealed: SealedPlaces | None = None
        self._about: About | None = None
        self._work: Path | None = None
        self._aliases = Aliases()
        self._hide: Redact = redactor(surroundings.environment)
        self._hide_more: Redact = str

    @property
    def work(self) -> Path:
        """A folder of this session's own in the work directory, which several engines may share."""
        if self._work is None:
            with tell_disk_errors(self.surroundings.work_directory):
                self._work = Path(tempfile.mkdtemp(prefix="micromamba-", dir=self.surroundings.work_directory))
        return self._work

    @property
    def sealed(self) -> SealedPlaces:
        """The folders that micromamba works in; what is secret lies in this session's own alone."""
        if self._sealed is None:
            cache, work = self.surroundings.cache_directory / "conda" / "micromamba", self.work
            self._sealed = SealedPlaces(
                home=work / "home", root_prefix=cache / "root", package_cache=cache / "pkgs", temporary=work / "tmp"
            )
            for folder in (self._sealed.home, self._sealed.root_prefix, self._sealed.package_cache, work / "tmp"):
                with tell_disk_errors(folder):
                    folder.mkdir(parents=True, exist_ok=True)
        return self._sealed

    @property
    def about(self) -> About:
        """What it says of itself and of the machine. Raises EngineMissingError when it does not run or is too old."""
        if self._about is None:
            ran = self.run(info_command(self.executable))
            try:
                about = read_about(ran.stdout)
            except ValueError as error:
                said = self._hide(ran.stderr.strip().rpartition("\n")[2]) or "it does not say what it is"
                message = f"{self.executable} is not a micromamba that runs here: {said} (status {ran.exit_status})."
                raise EngineMissingError(message, hint=BOOTSTRAP) from error
            if about.major < OLDEST_MAJOR:
                message = f"micromamba {about.version} ({self.executable}) is too old; pyve needs {OLDEST_MAJOR}.x."
                raise EngineMissingError(message, hint=BOOTSTRAP)
            self._about = about
        return self._about

    def require_script_switch(self) -> None:
        """Raise EngineMissingError unless it can leave link scripts out, which run with the rights of the user."""
        if SKIP_SCRIPTS not in self.run(help_command(self.executable)).stdout:
            raise EngineMissingError(
                f"micromamba {self.about.version} ({self.executable}) is too old: it cannot leave the link scripts "
                "of packages out.",
                hint=f"{BOOTSTRAP}  # or allow the scripts: pyve config set conda.link-scripts true",
            )

    def run(
        self,
        command: Sequence[str],
        *,
        virtual_packages: Mapping[str, str] | None = None,
        package_cache: Path | None = None,
        variables: Mapping[str, str] | None = None,
        on_wait: Callable[[], None] = lambda: None,
    ) -> Ran:
        """Run it to its end, whatever that is. Raises EngineMissingError when the executable does not start.

        What may last, as all does that fetches, is killed with this process; that the executable starts is known then.
        """
        sealed = replace(self.sealed, package_cache=package_cache) if package_cache else self.sealed
        environment = sealed_environment(self.surroundings.environment, sealed, virtual_packages=virtual_packages)
        output, errors = self.work / "stdout", self.work / "stderr"
        with open_log(self.surroundings.log) as write:
            write(command_line(command, self.hide))
            try:
                exit_status = run_group(
                    command if self._about is None else let_end_with_parent(command),
                    output=output,
                    errors=errors,
                    environment={**environment, **(variables or {})},
                    on_wait=on_wait,
                    inherited_descriptors=self.surroundings.inherited_descriptors,
                )
            except OSError as error:
                message = f"micromamba cannot be started: {self.executable}: {error.strerror or error}."
                raise EngineMissingError(message, hint=BOOTSTRAP) from error
            stdout = output.read_text(encoding="utf-8", errors="replace")
            stderr = errors.read_text(encoding="utf-8", errors="replace")
            write("\n".join([*map(self.hide, stderr.splitlines()), f"exit status {exit_status}"]))
        return Ran(exit_status=exit_status, stdout=stdout, stderr=stderr)

    def keep_quiet_about(self, hide: Redact) -> None:
        """Send whatever is logged or told through `hide` too."""
        self._hide_more = hide

    def hide(self, text: str) -> str:
        """`text` without credentials."""
        return self._hide_more(self._hide(text))

    def complete(self, failure: EngineFailure, **facts: object) -> EngineFailure:
        """The failure with what is known besides micromamba's words, and those without credentials."""
        hidden = {"text": self.hide(failure.text), "subject": self.hide(failure.subject)}
        return replace(failure, **hidden, log=self.surroundings.log, **facts)  # type: ignore[arg-type] # one field each

    def try_sources(
        self,
        channels: Sequence[Channel],
        packages: Sequence[CondaPackage],
        attempt: "Callable[[Places], Result | EngineFailure]",
        *,
        origins: Mapping[str, str] | None = None,
    ) -> "Result":
        """The result of the channels' first sources, of their next ones where those cannot be reached; else raise."""
        first: EngineFailure | None = None
        for number in range(max([1, *(len(channel.sources) for channel in channels)])):
            places = choose_places(channels, packages, attempt=number, alias=self._find_alias)
            result = attempt(places)
            if not isinstance(result, EngineFailure):
                return result
            first = first or result
            if result.kind not in ("channel", "unauthorised"):
                raise to_error(result, origins=origins)
        assert first is not None
        raise to_error(first, origins=origins)

    def close(self) -> None:
        """Take away what the session worked with, credentials included; nothing runs on between two calls."""
        self._aliases.remove()
        if self._work is not None:
            shutil.rmtree(self._work, ignore_errors=True)
        self._sealed = self._work = None

    def _find_alias(self, base: str) -> str:
        return self._aliases.find(base, self.work)
