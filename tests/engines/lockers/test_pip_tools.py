"""What only pip-tools does as a locker, and the environment that it runs from; the rest is the contract's."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.errors.lock import LockerUnavailableError, LockerUnfitError
from pyve.lockers.locker import LockPython, LockTask
from pyve.lockers.pip_tools.locker import TRIED_VERSION
from pyve.lockers.tool_environment import ToolOutput, ToolRun, run_tool
from pyve.project.locking.lock_target import LockFormat, LockTarget
from tests.engines.lockers.conftest import PYTHON_LOCKERS, LockBench, LockerUnderTest, here_python, pins_of
from tests.support.package_index import PackageIndex

OTHER_PLATFORM = "win-64" if sys.platform != "win32" else "linux-64"


@pytest.fixture
def pip_tools(make_lock_bench: Callable[..., LockBench]) -> LockBench:
    """A bench for pip-tools, which all tests fetch into one cache."""
    return make_lock_bench(PYTHON_LOCKERS[1], UV_CACHE_DIR=os.environ["UV_CACHE_DIR"])


def run_in(bench: LockBench, run: ToolRun, *, offline: bool = False) -> ToolOutput:
    target = LockTarget(sources=(), destination=bench.root / "requirements.txt", format=LockFormat.REQUIREMENTS)
    task = LockTask(
        root=bench.root,
        target=target,
        platforms=(),
        python=here_python(),
        work_directory=bench.scratch,
        log=bench.scratch / "lock.log",
        cache_directory=bench.scratch / "cache of pyve",
        environment=bench.environment,
        offline=offline,
    )
    return run_tool(run, task, bench.events.append)


@pytest.mark.needs_index
def test_neither_the_project_nor_the_user_site_reaches_the_tool(pip_tools: LockBench, home: Path) -> None:
    (pip_tools.root / "click.py").write_text("raise SystemExit('the wrong one')\n", encoding="utf-8")
    bench = pip_tools.with_environment(PYTHONPATH=str(pip_tools.root), PYTHONUSERBASE=str(home / "user"))
    script = bench.scratch / "look.py"  # unlike a text after -c, a file does not look for modules where it is run
    script.write_text(
        "import site, sys, click; print(site.ENABLE_USER_SITE, click.__name__, sys.prefix != sys.base_prefix)",
        encoding="utf-8",
    )
    run = ToolRun(tool="pip-tools", version=TRIED_VERSION, executable="python", arguments=(script,))
    assert run_in(bench, run).text == "False click True"


@pytest.mark.needs_index
def test_status_and_output_of_the_tool_are_handed_back_and_logged(pip_tools: LockBench) -> None:
    arguments = ("-c", "import sys; print('said secret-word-5'); sys.exit(3)")
    run = ToolRun(
        tool="pip-tools",
        version=TRIED_VERSION,
        executable="python",
        arguments=arguments,
        urls=("https://me:secret-word-5@index.example",),
    )
    output = run_in(pip_tools, run)
    assert output == ToolOutput(exit_status=3, text="said ****")
    assert "said ****" in pip_tools.log
    assert "secret-word-5" not in pip_tools.log
    assert any(event.detail and event.message == "said ****" for event in pip_tools.events)


@pytest.mark.needs_index
def test_version_that_does_not_exist_is_unavailable_with_another_way(pip_tools: LockBench) -> None:
    run = ToolRun(tool="pip-tools", version="999", executable="pip-compile", instead="pyve lock --locker uv")
    with pytest.raises(LockerUnavailableError, match=r"^pip-tools 999, .*there is no version") as caught:
        run_in(pip_tools, run)
    assert caught.value.hint == "pyve lock --locker uv"


def test_offline_a_tool_that_was_never_fetched_is_unavailable(pip_tools: LockBench, tmp_path: Path) -> None:
    bench = pip_tools.with_environment(UV_CACHE_DIR=str(tmp_path / "empty"))
    run = ToolRun(tool="pip-tools", version=TRIED_VERSION, executable="pip-compile", instead="pyve lock --locker uv")
    with pytest.raises(LockerUnavailableError, match="offline it cannot be fetched") as caught:
        run_in(bench, run, offline=True)
    assert "pyve lock --locker uv" in (caught.value.hint or "")


def test_index_that_cannot_be_reached_is_named(pip_tools: LockBench, tmp_path: Path) -> None:
    bench = pip_tools.with_environment(UV_CACHE_DIR=str(tmp_path / "empty"), PIP_INDEX_URL="http://127.0.0.1:9/simple")
    run = ToolRun(tool="pip-tools", version=TRIED_VERSION, executable="pip-compile")
    with pytest.raises(LockerUnavailableError, match=r"127\.0\.0\.1:9 cannot be reached"):
        run_in(bench, run)


@pytest.mark.needs_index
def test_tool_comes_from_the_index_that_is_configured_for_pip(pip_tools: LockBench, index: PackageIndex) -> None:
    index.add("a-tool-of-ours", "1.0", scripts={"a-tool": "a_tool_of_ours:main"})
    bench = pip_tools.with_environment(PIP_INDEX_URL=index.file_url)
    output = run_in(bench, ToolRun(tool="a-tool-of-ours", version="1.0", executable="a-tool"))
    assert output.exit_status == 0


@pytest.mark.needs_index
def test_places_of_this_machine_count_and_stay_out_of_the_text(
    pip_tools: LockBench, index: PackageIndex, tmp_path: Path
) -> None:
    index.add("an-unheard-of-name", "1.0")
    pip_tools.write("requirements.in", "an-unheard-of-name")
    body = pip_tools.with_environment(PIP_FIND_LINKS=str(index.find_links)).body("requirements.in")
    assert pins_of(body) == ["an-unheard-of-name==1.0"]
    assert str(tmp_path) not in body
    assert "find-links" not in body


@pytest.mark.needs_index
def test_pip_compile_runs_under_the_projects_python(pip_tools: LockBench, served: str) -> None:
    pip_tools.write("requirements.in", served, "beta")
    pip_tools.lock("requirements.in")
    assert f"--python {sys.executable}" in pip_tools.log


@pytest.mark.needs_index
def test_settings_of_the_project_hold(pip_tools: LockBench, index: PackageIndex, served: str) -> None:
    pip_tools.write("pyproject.toml", "[tool.pip-tools]", 'annotation-style = "line"', "generate-hashes = false")
    pip_tools.write("requirements.in", served, "alpha")
    locked = pip_tools.lock("requirements.in")
    assert "  # via -r requirements.in\n" in locked.body
    assert f"--hash={index.hash_of('alpha', '1.0')}" in locked.body
    assert [note.split(" does not")[0] for note in locked.notes] == ["pyproject.toml: [tool.pip-tools] generate-hashes"]


@pytest.mark.needs_index
def test_needs_that_only_setup_py_knows_are_locked_and_nothing_is_left(
    pip_tools: LockBench, index: PackageIndex
) -> None:
    pip_tools.write(
        "setup.py",
        "from setuptools import setup",
        "setup(name='demo', version='1', install_requires=['an-unheard-of-name'])",
    )
    index.add("an-unheard-of-name", "1.0")
    body = pip_tools.with_environment(PIP_FIND_LINKS=str(index.find_links)).body("setup.py")
    assert "an-unheard-of-name==1.0" in body
    assert "    # via demo (setup.py)\n" in body
    assert [path.name for path in pip_tools.root.iterdir()] == ["setup.py"]


@pytest.mark.needs_index
def test_old_version_without_an_option_is_unfit_for_it(pip_tools: LockBench) -> None:
    pip_tools.write("requirements.in", "six")
    with pytest.raises(LockerUnfitError, match="--uploaded-prior-to") as caught:
        pip_tools.lock("requirements.in", tool_version="7.4.1", exclude_newer="2024-12-03")
    assert "lock.pip-tools" in (caught.value.hint or "")


def test_other_platforms_are_left_to_uv(pip_tools: LockBench) -> None:
    pip_tools.write("requirements.in", "six")
    able = replace(pip_tools, locker=LockerUnderTest(name="pip-tools"))
    with pytest.raises(LockerUnfitError, match=OTHER_PLATFORM) as caught:
        able.lock("requirements.in", platforms=(OTHER_PLATFORM,))
    assert caught.value.hint == f"pyve lock --locker uv --platform {OTHER_PLATFORM}"
    with pytest.raises(LockerUnfitError, match=r"not pylock\.toml"):
        able.lock("requirements.in", lock_format=LockFormat.PYLOCK)


def test_project_without_a_python_here_is_left_to_uv(pip_tools: LockBench) -> None:
    pip_tools.write("requirements.in", "six")
    absent = LockPython(specifier=">=3.99", oldest="3.99", interpreter=None, source="requires-python")
    with pytest.raises(LockerUnavailableError, match=r">=3\.99 \(requires-python\)") as caught:
        pip_tools.lock("requirements.in", python=absent)
    assert caught.value.hint == "pyve lock --locker uv"


def test_offline_is_left_to_uv(pip_tools: LockBench) -> None:
    pip_tools.write("requirements.in", "six")
    with pytest.raises(LockerUnfitError, match="--offline") as caught:
        pip_tools.lock("requirements.in", offline=True)
    assert caught.value.hint == "pyve lock --locker uv --offline"
