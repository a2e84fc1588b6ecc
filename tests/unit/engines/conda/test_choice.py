"""Which conda engine is chosen, and the reason that is shown."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pyve.engines.conda.choice import EngineChoice, choose_engine, open_engine
from pyve.engines.conda.engine import EngineSurroundings
from pyve.errors import UsageError
from pyve.errors.conda import EngineMissingError
from pyve.project.conda.settings import ProjectCondaSettings, UserCondaSettings
from tests.support.micromamba_stand_in import make_micromamba

ABSENT = "a_module_that_is_not_installed"
CONFIGURED = Path("/opt/configured/micromamba")
BOOTSTRAPPED = Path("/data/micromamba/2.9.0/micromamba")


def choose(
    option: str | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    project: str | None = None,
    user: str | None = None,
    configured: Path | None = None,
    bootstrapped: Path | None = None,
    rattler: str = "json",
) -> EngineChoice:
    """`rattler` is a module that is there, or is not."""
    return choose_engine(
        option=option,
        environment=environment or {},
        project=ProjectCondaSettings(engine=project),
        user=UserCondaSettings(engine=user, micromamba=configured),
        bootstrapped=bootstrapped,
        rattler=rattler,
    )


def test_rattler_is_the_default_where_it_is_installed() -> None:
    chosen = choose(configured=CONFIGURED, bootstrapped=BOOTSTRAPPED)

    assert (chosen.name, chosen.reason, chosen.executable) == ("rattler", "it comes with pyve", None)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"option": "micromamba", "environment": {"PYVE_CONDA_ENGINE": "rattler"}, "project": "rattler"}, "--engine"),
        ({"environment": {"PYVE_CONDA_ENGINE": "micromamba"}, "project": "rattler"}, "PYVE_CONDA_ENGINE"),
        ({"project": "micromamba", "user": "rattler"}, "the project's settings"),
        ({"user": "micromamba"}, "the user's settings"),
    ],
)
def test_first_who_asks_decides(given: dict[str, object], reason: str) -> None:
    chosen = choose(configured=CONFIGURED, **given)  # type: ignore[arg-type] # whatever the case says

    assert chosen == EngineChoice(name="micromamba", reason=f"{reason} asks for it", executable=CONFIGURED) or (
        chosen.reason == f"{reason} ask for it" and chosen.executable == CONFIGURED
    )


def test_configured_executable_comes_before_the_bootstrapped_one() -> None:
    assert choose("micromamba", configured=CONFIGURED, bootstrapped=BOOTSTRAPPED).executable == CONFIGURED
    assert choose("micromamba", bootstrapped=BOOTSTRAPPED).executable == BOOTSTRAPPED


def test_micromamba_on_path_never_decides(tmp_path: Path) -> None:
    make_micromamba(tmp_path)

    with pytest.raises(EngineMissingError) as caught:
        choose(environment={"PATH": str(tmp_path)}, rattler=ABSENT)
    assert caught.value.hint == "pyve self bootstrap micromamba"


@pytest.mark.posix("an executable script")
def test_path_is_looked_at_when_micromamba_was_asked_for_and_is_nowhere_else(tmp_path: Path) -> None:
    executable = make_micromamba(tmp_path)

    chosen = choose("micromamba", environment={"PATH": str(tmp_path)})

    assert (chosen.executable, chosen.reason) == (executable, "--engine asks for it; found on PATH")
    assert choose("micromamba", environment={"PATH": str(tmp_path)}, configured=CONFIGURED).executable == CONFIGURED


def test_without_rattler_a_known_micromamba_is_used() -> None:
    configured = choose(configured=CONFIGURED, bootstrapped=BOOTSTRAPPED, rattler=ABSENT)
    bootstrapped = choose(bootstrapped=BOOTSTRAPPED, rattler=ABSENT)

    assert (configured.executable, bootstrapped.executable) == (CONFIGURED, BOOTSTRAPPED)
    assert all(one.reason.startswith("rattler is not installed") for one in (configured, bootstrapped))


def test_rattler_that_was_asked_for_and_is_not_there_is_not_replaced() -> None:
    with pytest.raises(EngineMissingError, match="rattler is not installed"):
        choose("rattler", configured=CONFIGURED, rattler=ABSENT)


def test_engine_that_nobody_knows_gets_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="'micromanba' is not a conda engine") as caught:
        choose("micromanba")

    assert caught.value.hint == "--engine micromamba"


def test_micromamba_without_an_executable_says_how_to_get_one(tmp_path: Path) -> None:
    chosen = choose("micromamba", environment={"PATH": str(tmp_path)})
    surroundings = EngineSurroundings(
        cache_directory=tmp_path, environment={}, log=tmp_path / "log", work_directory=tmp_path
    )

    with pytest.raises(EngineMissingError) as caught:
        open_engine(chosen, surroundings)
    assert caught.value.hint == "pyve self bootstrap micromamba"
