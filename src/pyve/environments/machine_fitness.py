"""Whether this machine still has what the packages of a conda environment ask of it."""

from collections.abc import Mapping

from pyve.environments.conda_facts import CondaFacts
from pyve.project.conda.virtual_constraints import Judgement, judge_constraints, names_asked_for
from pyve.project.conda.virtual_packages import look_again


def find_unmet_virtual(facts: CondaFacts, environment: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each constraint of a package that no longer holds here; without one the environment is not stale.

    The virtual packages of the machine itself may have changed all the same: a new kernel makes nothing stale.
    """
    return tuple(unmet.sentence() for unmet in judge_machine(facts, environment).unmet)


def judge_machine(facts: CondaFacts, environment: Mapping[str, str]) -> Judgement:
    """Judge what the packages ask for; the graphics driver is asked only where one of them wants it."""
    asked_for = names_asked_for(facts.packages)
    if not asked_for:
        return Judgement()
    now = look_again(facts.virtual_packages, environment, with_cuda="__cuda" in asked_for)
    return judge_constraints(facts.packages, now)
