"""What an environment gets: the files that declare packages, joined into one declaration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.project.canonical_demand import canonical_options, canonical_requirements
from pyve.project.conda.declaration import CondaDeclaration
from pyve.project.foreign_lock import ForeignExport
from pyve.project.python_pin import REQUIRED_BY_PROJECT
from pyve.project.requirement import Requirement, RequirementSet


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Everything a project declares for its environment.

    `source` is the file that won: "pylock.toml", "requirements.txt", "requirements.in", "pyproject.toml", "setup.py",
    "setup.cfg", "requirements-dev.txt" (it alone is there) or "none". With a `lock_file`, that file is installed with
    `lock_extras` and `lock_groups`, and `requirements` holds what comes on top of it. `editable_project` is resolved
    together with `requirements`, its `own_requirements` coming through it; when `is_lock` (a pylock.toml, or a
    requirements file in which everything is pinned and hashed) it is installed on its own without dependencies.
    `build_inputs` count by content, because only the build system knows what they declare; `is_whole` is False when
    something counts that digests of `files` do not show. `evidence` are sentences for people. `conda` is what the conda
    backend builds; `requirements` are then those of its pip section. `notes` are what is to be
    told of the files when an environment is built; `stale_lock` says why a lock that is there was not used, and
    `lock_command` makes it anew. `unexported_lock` names another tool's lock that would say what is installed, had its
    tool been asked.
    """

    root: Path
    source: str
    is_lock: bool = False
    is_whole: bool = True
    lock_file: Path | None = None
    lock_extras: tuple[str, ...] = ()
    lock_groups: tuple[str, ...] = ()
    lock_content: tuple[Mapping[str, object], ...] = ()
    requirements: RequirementSet = field(default_factory=RequirementSet)
    editable_project: Path | None = None
    project_extras: tuple[str, ...] = ()
    own_requirements: tuple[Requirement, ...] = ()
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    requires_python: str | None = None
    requires_python_from: str = REQUIRED_BY_PROJECT
    build_inputs: tuple[Path, ...] = ()
    build_input_digest: str | None = None
    uv_settings: str = ""
    uv_source_digests: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    evidence: tuple[str, ...] = ()
    conda: CondaDeclaration | None = None
    notes: tuple[str, ...] = ()
    stale_lock: str = ""
    lock_command: str = ""
    unexported_lock: str = ""

    def canonical_form(self) -> Mapping[str, object]:
        """Return what the fingerprint counts, as JSON types; the same for every spelling of the same demand."""
        lock = {
            "packages": list(self.lock_content),
            "extras": sorted(self.lock_extras),
            "groups": sorted(self.lock_groups),
        }
        project = {
            "requirements": canonical_requirements(self.own_requirements),
            "extras": sorted(self.project_extras),
            "alone": self.is_lock,
        }
        conda = {"conda": self.conda.canonical_form()} if self.conda else {}
        return {
            **conda,
            "lock": lock if self.lock_file else None,
            "requirements": canonical_requirements(self.requirements.requirements),
            "constraints": canonical_requirements(self.requirements.constraints),
            "options": canonical_options(self.requirements.options, self.root),
            "project": project if self.editable_project else None,
            "build-inputs": self.build_input_digest,
            "uv-settings": self.uv_settings,
            "uv-sources": dict(self.uv_source_digests),
        }


def read_declaration(
    root: Path,
    *,
    extras: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    include_dev: bool = True,
    environment: Mapping[str, str],
    foreign: ForeignExport | None = None,
) -> Declaration:
    """Read what the project at `root` declares, by the order of precedence in docs/reference (the first file wins).

    `foreign` is what came of having another tool export its lock: that counts then.
    Raises a ProjectError naming file and line for anything that cannot be understood, ForeignLockError where only
    another tool's files declare packages, GroupUnknownError and ExtraUnknownError for names that are not declared.
    """
    from pyve.project.declared_files import read_declared_files
    from pyve.project.demand_joining import join_demands

    files = read_declared_files(root, include_dev=include_dev, environment=environment, groups=groups, foreign=foreign)
    demand = join_demands(files, extras=extras, groups=groups, include_dev=include_dev, environment=environment)
    uv = files.pyproject.uv if files.pyproject else None
    return Declaration(
        root=root,
        source=files.source.name,
        is_lock=demand.is_lock,
        is_whole=demand.is_whole and not (uv and uv.local_sources),
        lock_file=files.lock.path if files.lock else None,
        lock_extras=demand.parts.lock_extras,
        lock_groups=demand.parts.lock_groups,
        lock_content=tuple(files.lock.canonical_form()) if files.lock else (),
        requirements=demand.requirements,
        editable_project=root if demand.is_editable else None,
        project_extras=demand.project_extras,
        own_requirements=demand.own_requirements,
        extras=demand.parts.extras,
        groups=demand.parts.groups,
        requires_python=files.requires_python,
        requires_python_from=files.requires_python_from,
        build_inputs=demand.build_inputs,
        build_input_digest=demand.build_input_digest,
        uv_settings="\n".join(filter(None, (uv.canonical if uv else "", files.uv_toml.canonical))),
        uv_source_digests=uv.digest_sources(root) if uv else {},
        files=files.paths,
        evidence=(*files.source.evidence, *demand.evidence),
        notes=tuple(
            one for one in files.source.evidence if foreign and one.startswith(f"{foreign.name} is passed over")
        ),
        unexported_lock=files.unexported,
    )
