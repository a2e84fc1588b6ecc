"""uv's resolver, asked for one platform and one version of Python, whatever this machine has."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyve.engines.installer_choice import find_uv
from pyve.engines.installer_output import open_log
from pyve.engines.pip_configuration import combine_options, find_configuration_places, read_pip_configuration
from pyve.engines.redaction import redactor
from pyve.engines.requirements_writing import index_lines, requirement_line, write_private
from pyve.engines.uv_run import UvRunner
from pyve.engines.uv_settings import configured_options, localise, refuse_settings_of_others, uv_environment
from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors import ResolutionFailedError
from pyve.errors.lock import LockerUnavailableError, LockerUnfitError
from pyve.lockers.cutoff import write_cutoff
from pyve.lockers.locker import LockTask
from pyve.lockers.rattler.file_choice import MACOS, UV_PLATFORMS
from pyve.lockers.rattler.platform_solve import leave_out
from pyve.lockers.rattler.portability import Places, find_places
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.package_name import normalise_name
from pyve.project.requirement import IndexOptions, Requirement, RequirementSet

if TYPE_CHECKING:
    from packaging.pylock import Package

_PIN = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?:==(?P<version>[^\s;\\]+)|@\s*\S+)")
_VIA = re.compile(r"^\s+#(?: via|  ) (?P<name>[A-Za-z0-9][\w.-]*)\s*$")
_FROM = re.compile(r"^\s+# from (?P<index>\S+)")
_IMAGINED = {"MACOSX_DEPLOYMENT_TARGET": ".".join(map(str, MACOS))}


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One package of a resolution.

    `line` pins it, `version` is None where it is a URL; `index` is where it was found, `via` are those that need it.
    """

    name: str
    line: str
    version: str | None
    index: str = ""
    via: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PipOrder:
    """What is to be resolved: a pip section for one platform and the Python that conda brings there.

    `of_conda` are the versions of conda's own packages, `prefer` the pins of the lock that is there.
    """

    platform: str
    python_version: str
    asked: RequirementSet
    of_conda: tuple[Requirement, ...] = ()
    prefer: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PipCompile:
    """uv, ready to run for one order. Failures are those of UvRunner."""

    task: LockTask
    order: PipOrder
    options: IndexOptions
    places: Places
    runner: UvRunner
    folder: Path

    def resolve(self, constraints: Sequence[Requirement] = ()) -> tuple[Pin, ...]:
        """All that the section needs, with versions of `constraints` where those packages are needed at all."""
        pins = write_private(self.folder / "pins.txt", self.order.prefer)
        lines = [requirement_line(one, self.task.root) for one in self.order.asked.requirements]
        limits = [requirement_line(one, self.task.root) for one in (*self.order.asked.constraints, *constraints)]
        asked = write_private(self.folder / "requirements.txt", [*index_lines(self.options), *lines])
        limiting = write_private(self.folder / "constraints.txt", limits)
        self._run(asked, "-c", limiting, "--emit-index-annotation", "--annotation-style", "split", "-o", pins)
        return tuple(read_pins(pins.read_text(encoding="utf-8")))

    def has_index(self, line: str) -> bool:
        """Whether the indexes have what `line` pins; any failure of the resolver says that they do not."""
        try:
            self._run(self._write_pins([line]), "--no-deps", "-o", self.folder / "one.txt")
        except ResolutionFailedError:
            return False
        return True

    def list_files(self, lines: Sequence[str]) -> "tuple[Package, ...]":
        """The files of pins."""
        from packaging.pylock import Pylock

        output = self.folder / "pylock.toml"
        output.unlink(missing_ok=True)
        self._run(self._write_pins(lines), "--no-deps", "--format", "pylock.toml", "-o", output)
        return tuple(Pylock.from_dict(parse_toml(output.read_text(encoding="utf-8"))).packages)

    def _write_pins(self, lines: Sequence[str]) -> Path:
        return write_private(self.folder / "pinned.txt", [*index_lines(self.options), *lines])

    def _run(self, *arguments: str | Path) -> None:
        words: list[str | Path] = [
            "pip",
            "compile",
            "--no-header",
            "--python-platform",
            UV_PLATFORMS[self.order.platform],
        ]
        words += ["--python-version", self.order.python_version, "--python", sys.executable]
        if not self.runner.environment.get("UV_INDEX_STRATEGY"):
            best = self.task.index_strategy == "best-match"
            words += ["--index-strategy", "unsafe-best-match" if best else "first-index"]
        for host in self.options.trusted_hosts:
            words += ["--allow-insecure-host", host]
        words += ["--prerelease", "allow"] if self.options.pre else []
        if self.task.exclude_newer is not None:
            words += ["--exclude-newer", write_cutoff(self.task.exclude_newer)]
        self.runner.run([*words, *arguments])


@contextmanager
def open_pip_compile(task: LockTask, order: PipOrder, progress: Progress) -> Iterator[PipCompile]:
    """Prepare uv. Raises LockerUnavailableError without it, LockerUnfitError for a platform that it does not know."""
    if order.platform not in UV_PLATFORMS:
        raise LockerUnfitError(
            f"The pip section cannot be locked for {order.platform}: uv does not resolve for it.",
            hint=leave_out(order.platform, task.platforms) or "ask conda for these packages: $EDITOR environment.yml",
        )
    uv, problem = find_uv(task.environment)
    if uv is None:
        raise LockerUnavailableError(
            f"The pip section is locked with uv, which cannot run here: {problem}.", hint="python -m pip install uv"
        )
    refuse_settings_of_others(task.root)
    folder = task.work_directory / f"pip-{order.platform}"
    folder.mkdir(mode=0o700)
    configuration = read_pip_configuration(task.environment, find_configuration_places(task.environment, folder))
    configured = configured_options(configuration.options, task.environment)
    asked = order.asked
    options, _ = localise(combine_options(asked.options, configured), task.root)
    environment = {**uv_environment(task.environment, configuration), **_IMAGINED}
    urls = (*options.extra_index_urls, *options.find_links, options.index_url or "")
    redact = redactor(environment, (*urls, *(one.line for one in asked.requirements)))
    with open_log(task.log) as write:
        runner = UvRunner(
            executable=uv,
            directory=task.root,
            environment=environment,
            log=task.log,
            write=write,
            redact=redact,
            progress=partial(_report, progress),
            requirements=(*asked.requirements, *asked.constraints, *order.of_conda),
            work_directory=folder,
            offline=task.offline,
        )
        places = find_places(asked, configured, task.environment, sources=task.target.sources)
        yield PipCompile(task=task, order=order, options=options, places=places, runner=runner, folder=folder)


def _report(progress: Progress, event: ProgressEvent) -> None:
    """What uv says as it is; how far an install would be, an installer's output is told to say, and there is none."""
    if event.detail or not event.message.startswith("Installing "):
        progress(replace(event, phase="solve"))


def read_pins(text: str) -> Iterator[Pin]:
    """The pins of what uv has written; source trees of this machine are left out."""
    found: list[Pin] = []
    for line in text.splitlines():
        pin, index, via = _PIN.match(line), _FROM.match(line), _VIA.match(line)
        if pin:
            name = normalise_name(pin["name"])
            found.append(Pin(name=name, line=line.strip(), version=pin["version"]))
        elif line[:1].strip() and not line.startswith("#"):
            found.append(Pin(name="", line=line, version=None))
        elif found and index:
            found[-1] = replace(found[-1], index=index["index"])
        elif found and via:
            found[-1] = replace(found[-1], via=(*found[-1].via, normalise_name(via["name"])))
    yield from (one for one in found if one.name and " @ file:" not in one.line)
