"""Whether a conda-lock.yml answers the environment.yml beside it: by content, never by the times of files.

A lock of pyve says what it was made from; no engine is started for it. Of a lock that another tool has made, or made
anew, the content hash tells in most cases; where it differs (other tools count other things, and not all count
everything) the lock answers as long as each spec is met by a package in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.environments.choices import Choices
from pyve.errors import ManifestInvalidError
from pyve.errors.lock import LockInvalidError
from pyve.project.conda.content_hash import accepted_hashes
from pyve.project.conda.subdir import current_subdir
from pyve.project.config import ProjectConfig
from pyve.project.locking.freshness import LockJudgement, LockState
from pyve.project.locking.input_changes import describe_changes
from pyve.project.locking.lock_inputs import read_lock_inputs
from pyve.project.locking.lock_stamp import LockStamp, is_as_written, read_stamp
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.conda_lock_yml import CondaLockYml, parse_conda_lock_yml
from pyve.project.manifests.environment_yml import EnvironmentYml, read_environment_yml
from pyve.project.manifests.lock_request import lock_request_of
from pyve.project.manifests.manifest_text import decode_utf8
from pyve.project.python_request import PythonRequest
from pyve.verbs.conda_lock_content import can_tell, find_unmet_pip, find_unmet_specs
from pyve.verbs.conda_python import list_python_specs, request_conda_python
from pyve.verbs.situation import Situation


def judge_conda_lock(
    situation: Situation,
    target: LockTarget,
    *,
    root: Path,
    choices: Choices,
    config: ProjectConfig,
    platforms: Sequence[str],
) -> LockJudgement:
    """Judge the lock of `target` for `platforms`, for those that it has where none are named.

    Raises LockTooNewError, PythonConflictError, and what reading environment.yml raises.
    """
    path = target.destination
    if not path.is_file():
        return LockJudgement(state=LockState.MISSING)
    if not _strip_comments(path.read_bytes()):
        return LockJudgement(state=LockState.EMPTY, reasons=(f"{path.name} is empty",))
    lock: CondaLockYml | None = None
    try:
        text = decode_utf8(read_manifest_bytes(path), path)
        lock = parse_conda_lock_yml(text, path, root=root)
        stamp = read_stamp(text, LockFormat.CONDA_LOCK, shown=path.name)
    except (ManifestInvalidError, LockInvalidError) as error:
        return LockJudgement(state=LockState.DAMAGED, reasons=(error.message.rstrip("."),), conda_lock=lock)
    judging = CondaLockJudging(
        situation=situation, root=root, lock=lock, text=text, stamp=stamp, sources=target.sources
    )
    return replace(judging.judge(choices, config, tuple(platforms)), conda_lock=lock)


@dataclass(frozen=True, kw_only=True)
class CondaLockJudging:
    """One lock that could be read, `text` being the file's, and what it is held against."""

    situation: Situation
    root: Path
    lock: CondaLockYml
    text: str
    stamp: LockStamp | None
    sources: tuple[Path, ...]

    def judge(self, choices: Choices, config: ProjectConfig, platforms: tuple[str, ...]) -> LockJudgement:
        """Judge it for all platforms."""
        environment = self.situation.environment
        absent = [name for name in platforms if name not in self.lock.platforms]
        if absent:
            there = ", ".join(self.lock.platforms) or "no platform at all"
            reason = f"it has no packages for {', '.join(absent)}; it covers {there}"
            return LockJudgement(state=LockState.OTHER_PLATFORM, reasons=(reason,))
        subdirs = platforms or self.lock.platforms
        ymls = {
            subdir: read_environment_yml(self.sources[0], root=self.root, subdir=subdir, environment=environment)
            for subdir in subdirs or (current_subdir(),)
        }
        first = next(iter(ymls.values()))
        if not self.lock.rows and (first.specs or first.pip.requirements):
            return LockJudgement(state=LockState.EMPTY, reasons=(f"{self.lock.path.name} holds no packages",))
        python = request_conda_python(self.situation, self.root, choices, config, yml=first).request
        if self.stamp is not None:
            return self.judge_by_stamp(self.stamp, python, ymls)
        return self._judge_by_content(ymls, python)

    def judge_by_stamp(
        self, stamp: LockStamp, python: PythonRequest, ymls: Mapping[str, EnvironmentYml]
    ) -> LockJudgement:
        """Hold what it was made from against what is declared; no engine is started."""
        target = LockTarget(sources=self.sources, destination=self.lock.path, format=LockFormat.CONDA_LOCK)
        declared = read_lock_inputs(target, root=self.root, environment=self.situation.environment)
        changes = describe_changes(stamp.inputs, declared)
        if changes:
            return LockJudgement(state=LockState.STALE, reasons=changes)
        other = tuple(dict.fromkeys(filter(None, (self._find_other_python(python, *each) for each in ymls.items()))))
        if other:
            return LockJudgement(state=LockState.OTHER_PYTHON, reasons=other)
        if not is_as_written(self.text, stamp, LockFormat.CONDA_LOCK):
            return LockJudgement(state=LockState.EDITED, reasons=("its packages were changed after it was locked",))
        return LockJudgement(state=LockState.FRESH)

    def _judge_by_content(self, ymls: dict[str, EnvironmentYml], python: PythonRequest) -> LockJudgement:
        reasons: dict[str, None] = {}
        is_by_digest = True
        for subdir, yml in ymls.items():
            is_by_digest &= self.is_of_same_request(yml, subdir)
            unmet = self.find_unmet(yml, subdir, python)
            reasons.update(dict.fromkeys(f"nothing in it satisfies {one}" for one in unmet))
        state = LockState.STALE if reasons else LockState.FRESH
        judged_by = "digest" if is_by_digest else "content"
        return LockJudgement(state=state, reasons=tuple(reasons), judged_by=judged_by)

    def is_of_same_request(self, yml: EnvironmentYml, subdir: str) -> bool:
        """Whether its content hash is that of what is declared now, as one of the versions of conda-lock counts it."""
        request = lock_request_of(yml, environment=self.situation.environment)
        return self.lock.content_hashes.get(subdir) in accepted_hashes(request, subdir)

    def find_unmet(self, yml: EnvironmentYml, subdir: str, python: PythonRequest) -> tuple[str, ...]:
        """What is declared and not met by what it holds for `subdir`, each with its place."""
        is_same, asked = self.is_of_same_request(yml, subdir), next(iter(list_python_specs(python, yml)), None)
        packages = self.lock.packages_for(subdir, categories=self.lock.categories)
        origins = {} if is_same else {spec.text: spec.origin for spec in yml.specs if can_tell(spec.name, subdir)}
        if asked is not None and any(package.name == "python" for package in packages):
            origins[asked] = python.source
        unmet = [f"{text} ({origins[text]})" for text in find_unmet_specs(tuple(origins), packages, self.situation)]
        if not is_same:
            unmet += find_unmet_pip(self.lock, yml, subdir)
        return tuple(unmet)

    def _find_other_python(self, python: PythonRequest, subdir: str, yml: EnvironmentYml) -> str:
        """A sentence where the python in it is not the one that is asked for beside environment.yml."""
        if not list_python_specs(python, yml) or python.implementation not in (None, "cpython"):
            return ""
        packages = self.lock.packages_for(subdir, categories=self.lock.categories)
        version = next((package.version for package in packages if package.name == "python"), None)
        if version is None or all(_is_in(version, one) for one in (python.specifier, python.also) if one):
            return ""
        return f"it holds python {version}, and {python.text} is asked for ({python.source})"


def _strip_comments(content: bytes) -> bytes:
    lines = content.removeprefix(b"\xef\xbb\xbf").splitlines()
    return b"".join(line.strip() for line in lines if not line.lstrip().startswith(b"#"))


def _is_in(version: str, specifier: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True  # conda's versions are more than Python's
