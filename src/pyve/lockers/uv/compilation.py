"""Runs of `uv pip compile` for one lock: in the project's root, restricted to its platforms, written beside it."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyve.engines.pip_configuration import combine_options
from pyve.engines.requirements_writing import index_lines, requirement_line, write_private
from pyve.engines.uv_run import UvRunner
from pyve.errors import IndexUnreachableError
from pyve.lockers.cutoff import write_cutoff
from pyve.lockers.locker import LockTask
from pyve.lockers.uv.declared import is_requirements_file
from pyve.project.locking.lock_target import LockFormat, LockPart
from pyve.project.requirement import IndexOptions, RequirementSet

# What a requirements.txt looks like is not up to anybody's settings.
_TEXT = (
    *("--no-header", "--annotate", "--annotation-style", "split"),
    *("--strip-extras", "--generate-hashes", "--emit-index-annotation"),
)
# What only this machine declares decides where packages come from, never which ones there are.
_UNDECLARED = frozenset(
    {
        *("UV_CONSTRAINT", "UV_OVERRIDE", "UV_EXCLUDE", "UV_TORCH_BACKEND", "UV_CUSTOM_COMPILE_COMMAND"),
        *("UV_RESOLUTION", "UV_PRERELEASE", "UV_FORK_STRATEGY", "UV_EXCLUDE_NEWER"),
    }
)
# How lines of a lock begin that need not be read again from what uv prints.
LOCK_LINES = ("    --hash=", "    { url", "    { path", "wheels = ", "sdist = ", "    # ", "    #   ")


@dataclass(frozen=True, kw_only=True)
class Compilation:
    """What all runs for one lock have in common.

    `configured` are the options of pip's configuration, `declared` those of the files. `restriction` is the project
    that holds the platforms, None for every platform. `parts` is what each part declares, `name` the project's,
    `without_base`, `expanded` and `beside_locks` are as in Declared. `resolution` and `prerelease` are what the project
    sets for uv, uv's own defaults where it sets nothing.
    """

    task: LockTask
    runner: UvRunner
    declared: IndexOptions
    configured: IndexOptions
    restriction: Path | None
    parts: Mapping[LockPart, RequirementSet] = field(default_factory=dict)
    name: str | None = None
    without_base: tuple[Path, ...] = ()
    expanded: frozenset[LockPart] = frozenset()
    beside_locks: Mapping[Path, RequirementSet] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    resolution: str = "highest"
    prerelease: str = "if-necessary-or-explicit"

    def run(
        self,
        parts: Iterable[LockPart],
        *,
        called: str,
        constraints: Iterable[str] = (),
        existing: str | None = None,
    ) -> tuple[str, "Compilation"]:
        """Resolve the sources with `parts`; return uv's text, and the compilation to go on with.

        `called` is a word for the files of this run, `existing` the text of a lock whose versions are kept where they
        fit. Nothing is run where there is nothing to resolve. Raises a BuildFailedError.
        """
        lock_format = self.task.target.format
        directory = self.task.work_directory / called
        directory.mkdir(mode=0o700)
        output = directory / lock_format.value
        if existing is not None:
            write_private(output, existing.splitlines())
        words = [*self._project_words(), "pip", "compile", "--universal", *self._options()]
        words += list(_TEXT) if lock_format is LockFormat.REQUIREMENTS else ["--no-header"]
        words += ["--output-file", os.fspath(output)]
        lines = list(constraints)
        if lines:
            words += ["--constraints", os.fspath(write_private(directory / "constraints.txt", lines))]
        sources = self._source_words(tuple(parts), directory)
        if not sources:
            return "", self
        words += [*sources, *self._configured_words(directory)]
        runner = self.runner.run(words)
        if runner.offline and not self.runner.offline and (self.task.upgrade or self.task.upgrade_packages):
            raise IndexUnreachableError(
                "The package index cannot be reached, and what is newer can only be learnt from there.",
                hint="check the network and the proxy, or take the newest of the caches: --offline",
            )
        return output.read_text(encoding="utf-8"), replace(self, runner=runner)

    def _project_words(self) -> list[str]:
        return [] if self.restriction is None else ["--project", os.fspath(self.restriction)]

    def _options(self) -> list[str]:
        task, environment = self.task, self.variables
        words = ["--python-version", task.python.oldest]
        if task.python.interpreter is not None:
            words += ["--python", os.fspath(task.python.interpreter)]
        if not environment.get("UV_INDEX_STRATEGY"):
            best = task.index_strategy == "best-match"
            words += ["--index-strategy", "unsafe-best-match" if best else "first-index"]
        options = combine_options(self.declared, self.configured)
        for host in options.trusted_hosts:
            words += ["--allow-insecure-host", host]
        words += ["--resolution", self.resolution]  # said here, or the user's own uv.toml would say it
        words += ["--prerelease", "allow" if options.pre else self.prerelease]
        words += ["--exclude-newer", write_cutoff(task.exclude_newer)] if task.exclude_newer else []
        if not self.runner.offline:  # both ask the index anew
            words += ["--upgrade"] if task.upgrade else []
            words += [word for name in task.upgrade_packages for word in ("--upgrade-package", name)]
        return words

    def _source_words(self, parts: tuple[LockPart, ...], directory: Path) -> list[str]:
        named = [source for source in self.task.target.sources if source not in self.without_base]
        sources = [self._write_beside(source, directory) or self._show(source) for source in named]
        words = []
        for part in parts:
            shown = self._show(part.source)
            if is_requirements_file(part.source):
                sources += [shown] if shown not in sources else []
            elif part.kind == "extra" and part.source in self.task.target.sources:
                words += ["--extra", part.name]
            elif part.kind == "group" and part not in self.expanded:
                words += ["--group", f"{shown}:{part.name}"]
            else:  # uv knows no group that asks for an extra of the project itself, nor an extra without the rest
                lines = [requirement_line(one, self.task.root) for one in self.parts[part].requirements]
                name = f"{part.kind}-{part.name}.txt"
                sources += [os.fspath(write_private(directory / name, lines))] if lines else []
        return [*words, *sources]

    def _write_beside(self, source: Path, directory: Path) -> str | None:
        """The file that stands for one that includes a lock above it; None: uv reads the file itself."""
        read = self.beside_locks.get(source)
        if read is None:
            return None
        lines = index_lines(read.options) + [requirement_line(one, self.task.root) for one in read.requirements]
        if read.constraints:
            constraints = [requirement_line(one, self.task.root) for one in read.constraints]
            lines.append(f"-c {write_private(directory / f'constraints-of-{source.name}', constraints).name}")
        return os.fspath(write_private(directory / source.name, lines))

    def own_files(self, called: str) -> Mapping[str, str]:
        """How the files that were written for the run `called` are named to people: what uv prints of them -> that."""
        directory = self.task.work_directory / called
        above = ", ".join(self._show(one) for one in self.task.target.above) or "the locks above"
        project = f"{self.name} " if self.name else ""
        named = {("-c", directory / "constraints.txt"): f"-c {above}"}
        for source in self.beside_locks:
            named["-r", directory / source.name] = f"-r {self._show(source)}"
            named["-c", directory / f"constraints-of-{source.name}"] = f"-c {self._show(source)}"
        for part in self.parts:
            file = directory / f"{part.kind}-{part.name}.txt"
            named["-r", file] = f"{project}({self._show(part.source)}:{part.name})"
        # On Windows uv prints slashes, whatever it was given.
        return {f"{flag} {one}": name for (flag, file), name in named.items() for one in (str(file), file.as_posix())}

    def _configured_words(self, directory: Path) -> list[str]:
        """Pip's configuration as one more file: its URLs in an argument could be read by every user of the machine."""
        alone = combine_options(self.declared, self.configured)
        declared = self.declared
        added = replace(
            alone,
            index_url=None if declared.index_url else alone.index_url,
            extra_index_urls=tuple(one for one in alone.extra_index_urls if one not in declared.extra_index_urls),
            find_links=tuple(one for one in alone.find_links if one not in declared.find_links),
            no_index=alone.no_index and not declared.no_index,
            only_binary=self.configured.only_binary,
            no_binary=self.configured.no_binary,
        )
        lines = index_lines(added)
        return [os.fspath(write_private(directory / "configured.txt", lines))] if lines else []

    def _show(self, path: Path) -> str:
        """As seen from the project's root, where uv runs: so annotations name it."""
        try:
            return path.relative_to(self.task.root).as_posix()
        except ValueError:
            return os.fspath(path)


def declared_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """Return a uv process's variables without those that would put into a lock what no file of the project says."""
    return {name: value for name, value in variables.items() if name not in _UNDECLARED}
