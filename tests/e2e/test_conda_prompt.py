"""What a prompt does in a conda project: switches to what is known, builds nothing, not even where auto-sync is on."""

from tests.support.project_bench import ProjectBench


def test_a_known_declaration_is_switched_to(conda_bench: ProjectBench) -> None:
    conda_bench.declare("tiny=1.0")
    conda_bench.ok("init")
    conda_bench.declare("tiny=2.0")
    conda_bench.ok("sync")
    conda_bench.declare("tiny=1.0")

    conda_bench.ok("shell-env")

    assert conda_bench.ok("run", "--strict", "tiny-cmd").stdout == "tiny 1.0\n"


def test_no_prompt_builds_one(conda_bench: ProjectBench) -> None:
    conda_bench.ok("config", "set", "--user", "auto-sync", str(conda_bench.project.resolve()))
    conda_bench.declare("tiny=1.0")
    conda_bench.ok("init")
    before = conda_bench.environments()
    conda_bench.declare("tiny=2.0")

    conda_bench.ok("shell-env")

    assert conda_bench.environments() == before
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 1.0\n"
