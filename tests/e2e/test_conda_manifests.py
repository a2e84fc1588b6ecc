"""Conda manifests are recognised and read before anything is built."""

from tests.support.project_bench import ProjectBench

ENVIRONMENT = "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - numpy\n"


def test_detect_tells_what_it_pins(bench: ProjectBench) -> None:
    bench.write("environment.yml", ENVIRONMENT)

    found = bench.ok("detect", "--json").data

    assert (found["backend"], found["packages_from"]) == ("micromamba", "environment.yml")
    assert (found["python"], found["python_source"]) == ("3.11", "environment.yml")


def test_a_broken_one_is_told_by_its_line(bench: ProjectBench) -> None:
    bench.write("environment.yml", "dependencies:\n  - numpy\n - pandas\n")

    for verb in ("init", "detect"):
        refused = bench.run(verb, "--json")
        assert (refused.exit_status, refused.code) == (3, "manifest-invalid")
        assert "environment.yml:3" in refused.json["problems"][0]["message"]
    assert not (bench.project / ".pyve").exists()
    assert bench.run("list").exit_status == 4, "nothing was registered"


def test_a_venv_of_nothing_is_not_made_in_its_place(bench: ProjectBench) -> None:
    bench.write("environment.yml", ENVIRONMENT)

    refused = bench.run("init", "--backend", "venv", "--json")

    assert (refused.exit_status, refused.code) == (3, "foreign-lock")
    assert not (bench.project / ".pyve").exists()


def test_the_python_manifests_beside_it_build_with_the_other_backend(bench: ProjectBench) -> None:
    bench.write("environment.yml", ENVIRONMENT)
    bench.require("gamma")

    bench.ok("init", "--backend", "venv")
    bench.ok("sync")
    assert bench.ok("run", "gamma").exit_status == 0
