"""The pip section of an environment.yml: installed beside conda's packages, by the rules of its folder."""

from tests.support.made_up_package import BACKEND, Package, project_files
from tests.support.project_bench import ProjectBench

PIP = "  - pip\n  - pip:\n"


def test_a_pip_section_is_installed_and_told(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", more=f"{PIP}    - alpha==1.0\n")

    data = conda_bench.ok("init", "--json").data

    assert (data["added"]["alpha"], data["added"]["beta"]) == ("1.0", "2.0")
    assert conda_bench.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_its_includes_are_read_from_the_folder_and_count(conda_bench: ProjectBench) -> None:
    conda_bench.write("more/base.txt", "gamma\n")
    conda_bench.declare("python", more=f"{PIP}    - -r more/base.txt\n")
    conda_bench.ok("init")
    assert "gamma" in conda_bench.installed()
    assert conda_bench.ok("status", "--json").data["stale"] is False

    conda_bench.write("more/base.txt", "gamma\ndelta\n")

    assert conda_bench.run("status", "--json").data["stale"] is True
    conda_bench.ok("sync")
    assert "delta" in conda_bench.installed()


def test_the_project_itself_is_installed_editable(conda_bench: ProjectBench) -> None:
    for name, text in project_files(Package(name="own", version="1.0", requires=("gamma",))).items():
        conda_bench.write(name, text)
    conda_bench.declare("python", more=f"{PIP}    - -e .\n")

    conda_bench.ok("init")

    assert {"own", "gamma"} <= set(conda_bench.installed())


def test_what_builds_a_package_finds_the_programs_of_conda_s(conda_bench: ProjectBench) -> None:
    wants = "import shutil\nassert shutil.which('tiny-cmd'), 'there is no tiny-cmd'\n"
    for name, text in project_files(Package(name="own", version="1.0")).items():
        conda_bench.write(name, wants + text if name == BACKEND.name else text)
    conda_bench.declare("python", "tiny", more=f"{PIP}    - -e .\n")

    conda_bench.ok("init")

    assert "own" in conda_bench.installed()


def test_what_conda_installed_stays_where_pip_needs_the_same(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "tiny=1.0", more=f"{PIP}    - tiny\n")

    conda_bench.ok("init")

    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 1.0\n"


def test_a_pip_section_that_cannot_be_installed_leaves_nothing_behind(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", more=f"{PIP}    - not-to-be-had\n")

    refused = conda_bench.run("init", "--json")

    assert (refused.exit_status, refused.code) == (6, "resolution-failed")
    assert "environment.yml:" in refused.json["problems"][0]["message"]
    assert conda_bench.environments() == []


def test_pip_comes_along_where_only_the_section_asks_for_it(conda_bench: ProjectBench) -> None:
    conda_bench.declare("tiny", more="  - pip:\n    - gamma\n")

    conda_bench.ok("init")

    assert conda_bench.ok("run", "gamma").exit_status == 0
