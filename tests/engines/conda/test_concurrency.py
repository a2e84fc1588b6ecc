"""Builds at the same time: one prefix has one builder, and a cache serves all of them."""

import os
import time
from pathlib import Path

import pytest

from tests.engines.conda.conftest import EngineBench, contents
from tests.support.channel_server import ChannelServer, slow

pytestmark = pytest.mark.posix("processes in sessions of their own")


def test_four_builds_at_once_share_a_cold_cache(heavy_bench: EngineBench, tmp_path: Path) -> None:
    with ChannelServer(heavy_bench.channel.path) as server:
        running = [
            heavy_bench.process(prefix=tmp_path / f"env {number}", source=server.url).start(os.environ)
            for number in range(4)
        ]
        assert [process.communicate()[0] for process in running] == ["built\n"] * 4

    expected = contents(tmp_path / "env 0")
    assert len(expected) == 6 * 60
    assert all(contents(tmp_path / f"env {number}") == expected for number in range(1, 4))


def test_four_different_builds_at_once(heavy_bench: EngineBench, tmp_path: Path) -> None:
    names = [f"heavy-{number}" for number in range(6)]
    running = {
        number: heavy_bench.process(*names[number : number + 3], prefix=tmp_path / f"env {number}").start(os.environ)
        for number in range(4)
    }
    answers = {number: process.communicate()[0] for number, process in running.items()}

    assert answers == dict.fromkeys(range(4), "built\n")
    for number in range(4):
        linked = heavy_bench.linked(tmp_path / f"env {number}")
        assert sorted(linked) == names[number : number + 3]
        assert len(contents(tmp_path / f"env {number}")) == 3 * 60


def test_second_builder_of_a_prefix_is_sent_away(heavy_bench: EngineBench, tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    with ChannelServer(heavy_bench.channel.path, slow(".conda", bytes_per_second=4_000_000)) as server:
        first = heavy_bench.process("heavy-0", prefix=prefix, source=server.url).start(os.environ)
        while not server.requested(".conda"):
            assert first.poll() is None
            time.sleep(0.02)
        second = heavy_bench.process("heavy-1", prefix=prefix).start(os.environ)
        answers = [process.communicate()[0] for process in (first, second)]

    assert answers in (["built\n", "engine-busy\n"], ["built\n", "prefix-foreign\n"])
    assert heavy_bench.linked(prefix) == {"heavy-0": "1.0"}


def test_only_one_of_two_builders_that_start_together_builds(heavy_bench: EngineBench, tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    running = [heavy_bench.process(f"heavy-{number}", prefix=prefix).start(os.environ) for number in range(2)]

    answers = [process.communicate()[0].strip() for process in running]

    assert answers.count("built") == 1
    assert set(answers) <= {"built", "engine-busy", "prefix-foreign"}
    assert heavy_bench.linked(prefix) == {f"heavy-{answers.index('built')}": "1.0"}
