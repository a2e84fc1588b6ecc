"""Engines are interchangeable: for the same request they choose the same packages."""

import os
import random
from pathlib import Path

import pytest

from pyve.errors import PyveError
from tests.engines.conda.conftest import ENGINES, EngineBench, make_bench
from tests.support.conda_channel import LocalChannel
from tests.support.synthetic_channel import random_names

REQUESTS = 12


def test_real_micromamba_takes_part() -> None:
    if "micromamba" not in ENGINES:
        pytest.skip("no micromamba is on PATH: the contract is held by its stand-in alone")


def answer(bench: EngineBench, specs: tuple[str, ...]) -> tuple[str, ...] | str:
    """The packages' URLs, or the code of the failure."""
    try:
        return tuple(package.url for package in bench.solve(*specs).packages)
    except PyveError as error:
        return error.code


@pytest.mark.slow
@pytest.mark.parametrize("other", [engine for engine in ENGINES if engine != "rattler"])
def test_engines_choose_the_same_packages(
    synthetic_channel: LocalChannel, tmp_path: Path, home: Path, chance: random.Random, other: str
) -> None:
    first = make_bench("rattler", synthetic_channel, tmp_path / "first", os.environ)
    second = make_bench(other, synthetic_channel, tmp_path / "second", os.environ)

    try:
        for count in range(REQUESTS):
            specs = random_names(synthetic_channel, chance, 1 + count % 4)
            assert answer(second, specs) == answer(first, specs), specs
    finally:
        first.close()
        second.close()


def test_large_channel_is_solved(synthetic_channel: LocalChannel, bench: EngineBench) -> None:
    channels = (synthetic_channel.as_channel(),)

    packages = bench.solve("mod01999", "ext01997", channels=channels).packages

    assert {"mod01999", "ext01997", "python", "pip"} <= {package.name for package in packages}
    with pytest.raises(PyveError, match="clash-ground"):
        bench.solve("clash-left", "clash-right", channels=channels)
