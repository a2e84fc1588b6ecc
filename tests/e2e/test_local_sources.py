"""Source trees on this machine: what is installed is what stands there now, whatever an installer's cache holds."""

import pytest

from tests.support.made_up_package import Package, project_files, write_project
from tests.support.project_bench import ProjectBench


def write_dynamic_project(bench: ProjectBench) -> None:
    """A project whose build system alone knows what it needs: from plan.json."""
    write_project(bench.project, Package(name="tool", version="0.1"))
    path = bench.project / "pyproject.toml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("dependencies")]
    dynamic = 'dynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = "plan.json"}\n'
    path.write_text("\n".join(lines) + "\n" + dynamic, encoding="utf-8")


def test_dynamic_dependency_that_comes_later_is_installed(bench: ProjectBench) -> None:
    write_dynamic_project(bench)
    bench.ok("init")
    needing = project_files(Package(name="tool", version="0.1", requires=("gamma",)))
    bench.write("plan.json", needing["plan.json"])

    bench.ok("sync")

    assert bench.installed() == {"gamma": "1.0", "tool": "0.1"}


def test_changed_code_of_a_local_package_is_installed(bench: ProjectBench) -> None:
    library = write_project(bench.project / "lib", Package(name="library", version="1"))
    bench.init("./lib")
    (library / "library.py").write_text("print('changed')\n", encoding="utf-8")

    bench.ok("sync")

    assert bench.ok("run", "python", "-c", "import library").stdout == "changed\n"


def test_changed_code_of_a_local_package_in_a_lock_is_installed(bench: ProjectBench) -> None:
    library = write_project(bench.project / "lib", Package(name="library", version="1"))
    lock = '[[packages]]\nname = "library"\ndirectory = {path = "lib"}\n'
    bench.write("pylock.toml", f'lock-version = "1.0"\ncreated-by = "test"\n{lock}')
    bench.ok("init")
    (library / "library.py").write_text("print('changed')\n", encoding="utf-8")

    bench.ok("sync")

    assert bench.ok("run", "python", "-c", "import library").stdout == "changed\n"


@pytest.mark.parametrize("offline", [(), ("--offline",)])
def test_changed_code_of_a_package_without_a_readable_name_is_installed(
    bench: ProjectBench, offline: tuple[str, ...]
) -> None:
    library = write_project(bench.project / "lib", Package(name="library", version="1"))
    whole = (library / "pyproject.toml").read_text(encoding="utf-8")
    (library / "pyproject.toml").write_text(whole.partition("[project]")[0], encoding="utf-8")
    bench.init("./lib", "gamma")
    (library / "library.py").write_text("print('changed')\n", encoding="utf-8")

    bench.ok("sync", *offline)

    assert bench.ok("run", "python", "-c", "import library").stdout == "changed\n"


@pytest.mark.parametrize("name", ["hash#x", "tab\tx"])
@pytest.mark.posix("names that Windows does not have")
def test_editable_package_in_a_project_with_an_awkward_name_is_installed(bench: ProjectBench, name: str) -> None:
    there = bench.at(bench.project / name)
    write_project(there.project / "lib", Package(name="library", version="1", scripts={"library": "library:main"}))
    there.init("-e ./lib")

    assert there.ok("run", "library").stdout == "library 1\n"
