"""What will be done to give a project its environment: pure data, between deciding and doing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from pyve.backends.backend import CondaBuild
from pyve.environments.choices import Choices
from pyve.environments.inputs import Approval, Digests
from pyve.environments.interpreter_choice import InterpreterChoice
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState
from pyve.environments.store import EnvironmentStore
from pyve.project.python_pin import PinDecision
from pyve.verbs.bootstrap_place import BootstrapPlace
from pyve.verbs.demand import Demand


class Action(Enum):
    """What is done to get the environment."""

    KEEP = "keep"  # it is in use already
    REFRESH = "refresh"  # it is in use already, and only the project itself is installed anew
    SWITCH = "switch"  # it is there, and is put in use
    ADOPT = "adopt"  # it is there, made elsewhere (a CI cache), and is registered
    BUILD = "build"


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """The options of `init` and `sync` that are about this one run. `choices` are the ones that stay."""

    choices: Choices = field(default_factory=Choices)
    force: bool = False
    exact: bool = False
    keep_extras: bool = False
    upgrade: bool = False
    adopt: bool = False
    offline: bool = False
    reset_choices: bool = False  # the kept ones are given up
    take_venv: bool = False
    wheels_only: bool = False  # nothing is built from source
    strict: bool = False  # a lock that is out of date is an error
    engine: str | None = None  # the conda engine
    bootstrap: BootstrapPlace | None = None  # consent to download that engine where it is missing, and where to


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will be done: pure data, shown by --dry-run and carried out as it is.

    `record` is the environment that is there (None: it is built); `demand` is None when the files were recognised by
    their digests and never parsed. `dropped` is what was installed by hand in the environment in use and will not be
    in the next one; `keep` are pins of such packages to carry over; `preferences` those of an earlier resolution.
    """

    state: ProjectState
    store: EnvironmentStore
    choices: Choices
    wishes: Wishes
    action: Action
    reason: str
    fingerprint: str
    name: str
    digests: Digests
    record: EnvironmentRecord | None = None
    approval: Approval | None = None
    demand: Demand | None = None
    interpreter: InterpreterChoice | None = None
    conda: CondaBuild | None = None
    pin: PinDecision | None = None
    before: EnvironmentRecord | None = None
    anew: bool = False  # a new environment although one may be there
    dropped: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
