"""What a record knows of a conda environment beyond what all environments have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyve.errors import StateDamagedError
from pyve.project.conda.package import CondaPackage, package_from_json


@dataclass(frozen=True, kw_only=True)
class ScriptFacts:
    """What the activate.d scripts of packages do, found by running them once in a clean shell.

    `digest` is of the names and contents of all scripts in activate.d and deactivate.d, empty when there are none:
    another digest means that they are run anew. `set`, `unset` and `prepend_path` are their effect. `reason` says why
    shells have to source them all the same, empty when the effect is everything. `left_out` are those that no shell
    sources since they end it or do not end themselves, as `activate.d/NAME`.
    """

    digest: str = ""
    set: Mapping[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    prepend_path: tuple[str, ...] = ()
    reason: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CondaFacts:
    """One conda environment. `virtual_packages` are those of the machine when it was built (name -> `version[=build]`).

    `packages` are what was linked, with canonical URLs. `variables` are those of env_vars.d and conda-meta/state.
    `link_scripts` and `menus` name packages whose scripts did not run and whose menu items were not made.
    """

    subdir: str
    packages: tuple[CondaPackage, ...] = ()
    virtual_packages: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    scripts: ScriptFacts = field(default_factory=ScriptFacts)
    link_scripts: tuple[str, ...] = ()
    menus: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The facts as JSON types."""
        return {
            "subdir": self.subdir,
            "packages": [package.as_json() for package in self.packages],
            "virtual_packages": dict(self.virtual_packages),
            "variables": dict(self.variables),
            "scripts": {
                "digest": self.scripts.digest,
                "set": dict(self.scripts.set),
                "unset": list(self.scripts.unset),
                "prepend_path": list(self.scripts.prepend_path),
                "reason": self.scripts.reason,
                "left_out": list(self.scripts.left_out),
            },
            "link_scripts": list(self.link_scripts),
            "menus": list(self.menus),
        }


def facts_from_json(document: Mapping[str, Any]) -> CondaFacts:
    """The facts that `as_json` gave. Raises StateDamagedError for anything else."""
    try:
        scripts = document["scripts"]
        return CondaFacts(
            subdir=document["subdir"],
            packages=tuple(map(package_from_json, document["packages"])),
            virtual_packages=document["virtual_packages"],
            variables=document["variables"],
            scripts=ScriptFacts(
                digest=scripts["digest"],
                set=scripts["set"],
                unset=tuple(scripts["unset"]),
                prepend_path=tuple(scripts["prepend_path"]),
                reason=scripts["reason"],
                left_out=tuple(scripts["left_out"]),
            ),
            link_scripts=tuple(document["link_scripts"]),
            menus=tuple(document["menus"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StateDamagedError(
            f"What the record says of a conda environment is damaged: {error!r}.", hint="pyve sync --force"
        ) from error
