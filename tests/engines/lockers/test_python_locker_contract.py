"""What every locker of Python packages keeps to."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.errors import (
    HashMismatchError,
    IndexUnreachableError,
    ManifestUnreadableError,
    RequirementInvalidError,
    ResolutionFailedError,
)
from pyve.errors.conda import NotCachedError
from pyve.errors.lock import LockerUnfitError, PlatformUnknownError, RequirementUnhashableError
from tests.engines.lockers.conftest import EVERYWHERE, HERE, LockBench
from tests.support.made_up_package import Package, write_project
from tests.support.package_index import PackageIndex


def files_of(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def yank(index: PackageIndex, name: str, version: str, reason: str) -> None:
    """Mark one version as yanked (PEP 592)."""
    page = index.directory / "simple" / name / "index.html"
    text = page.read_text(encoding="utf-8")
    marked = text.replace(f'">{name}-{version}-', f'" data-yanked="{reason}">{name}-{version}-')
    assert marked != text
    page.write_text(marked, encoding="utf-8")


class _DyingRequests(list[str]):
    """The log of an index that breaks off every connection once it has answered a few questions."""

    def __init__(self, answers: int) -> None:
        super().__init__()
        self._answers = answers

    def append(self, request: str) -> None:
        super().append(request)
        if len(self) > self._answers:
            raise ConnectionAbortedError("the index has gone")


def test_every_pin_has_its_hashes_and_says_what_needs_it(
    python_locker: LockBench, index: PackageIndex, served: str
) -> None:
    python_locker.write("requirements.in", served, "alpha")
    body = python_locker.body("requirements.in")
    assert body == (
        f"{served}\n\n"
        "alpha==1.0 \\\n"
        f"    --hash={index.hash_of('alpha', '1.0')}\n"
        "    # via -r requirements.in\n"
        "beta==2.0 \\\n"
        f"    --hash={index.hash_of('beta', '2.0')}\n"
        "    # via alpha\n"
    )


def test_the_tool_is_named_with_its_version(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "beta")
    name, version = python_locker.lock("requirements.in").tool.split(" ")[:2]
    assert name == python_locker.locker.name
    assert version[0].isdigit()


def test_the_same_inputs_give_the_same_bytes_elsewhere_and_with_empty_caches(
    python_locker: LockBench, make_lock_bench: Callable[..., LockBench], tmp_path: Path, served: str
) -> None:
    other = make_lock_bench(
        python_locker.locker,
        tmp_path / "another place",
        UV_CACHE_DIR=str(tmp_path / "fresh uv cache"),
        PIP_CACHE_DIR=str(tmp_path / "fresh pip cache"),
    )
    for bench in (python_locker, other):
        bench.write("requirements.in", served, "-c limits.txt", "gamma", "alpha")
        bench.write("limits.txt", "beta<2")
    first = python_locker.body("requirements.in")
    assert first == python_locker.body("requirements.in") == other.body("requirements.in")
    assert "beta==1.0" in first


def test_nothing_of_this_machine_is_in_the_text(python_locker: LockBench, index: PackageIndex, tmp_path: Path) -> None:
    python_locker.need("lone-index")
    python_locker.write("requirements.in", "alpha")
    bench = python_locker.with_environment(PIP_INDEX_URL=index.file_url, PIP_FIND_LINKS=str(index.find_links))
    body = bench.body("requirements.in")
    assert "alpha==1.0" in body
    assert str(tmp_path) not in body
    assert "index" not in body


def test_nothing_is_written_into_the_project(python_locker: LockBench, served: str) -> None:
    write_project(python_locker.root, Package(name="own", version="1.0", requires=("beta",)))
    python_locker.write("requirements.in", served, "gamma")
    before = files_of(python_locker.root)
    python_locker.lock("requirements.in", "pyproject.toml")
    assert files_of(python_locker.root) == before


def test_versions_that_fit_are_kept(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpha")
    assert python_locker.pins("requirements.in", existing="beta==1.0\n") == ["alpha==1.0", "beta==1.0"]


def test_versions_that_no_longer_fit_are_given_up(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpha", "beta>1")
    assert python_locker.pins("requirements.in", existing="beta==1.0\n") == ["alpha==1.0", "beta==2.0"]


def test_a_damaged_lock_keeps_nothing_and_hinders_nothing(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpha")
    existing = "<<<<<<< ours\nbeta==\n=======\n\0\n"
    assert python_locker.pins("requirements.in", existing=existing) == ["alpha==1.0", "beta==2.0"]


def test_an_upgrade_keeps_no_version(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpha")
    assert "beta==2.0" in python_locker.pins("requirements.in", existing="beta==1.0\n", upgrade=True)


def test_one_package_is_upgraded_alone(python_locker: LockBench, index: PackageIndex, served: str) -> None:
    for version in ("1.0", "2.0"):
        index.add("Delta-Force", version)
    python_locker.write("requirements.in", served, "alpha", "delta.force")
    existing = "alpha==1.0\nbeta==1.0\ndelta-force==1.0\n"
    pins = python_locker.pins("requirements.in", existing=existing, upgrade_packages=("delta-force",))
    assert pins == ["alpha==1.0", "beta==1.0", "delta-force==2.0"]


def test_a_layer_agrees_with_the_locks_above_it(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements-dev.in", served, "alpha")
    body = python_locker.body("requirements-dev.in", constraints=("beta==1.0",), above=("requirements.txt",))
    assert "beta==1.0" in body
    assert "-c requirements.txt" in body


def test_a_layer_that_cannot_agree_says_so(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements-dev.in", served, "beta>1")
    with pytest.raises(ResolutionFailedError) as caught:
        python_locker.lock("requirements-dev.in", constraints=("beta==1.0",), above=("requirements.txt",))
    assert "requirements-dev.in:2" in caught.value.message


def test_what_is_declared_about_indexes_stands_at_the_head(python_locker: LockBench, index: PackageIndex) -> None:
    index.add("extra-one", "1.0")
    wheels = python_locker.root / "wheels"
    wheels.mkdir()
    (wheels / "beta-3.0-py3-none-any.whl").write_bytes(index.add("beta", "3.0").read_bytes())
    python_locker.write("requirements.in", "--no-index", "--find-links ./wheels", "beta")
    assert python_locker.body("requirements.in").startswith("--no-index\n--find-links ./wheels\n\nbeta==3.0")


def test_credentials_of_a_declared_index_stay_out_and_that_is_said(
    python_locker: LockBench, index: PackageIndex
) -> None:
    from tests.support.package_index import Faults

    with index.serve(Faults(basic_auth=("someone", "pass-word-17"))) as url:
        python_locker.write("requirements.in", f"--index-url {url.replace('://', '://someone:pass-word-17@')}", "beta")
        locked = python_locker.lock("requirements.in")
    assert "pass-word-17" not in locked.body + python_locker.log
    assert f"--index-url {url}\n" in locked.body
    assert any("credentials" in note and "pass-word-17" not in note for note in locked.notes)


def test_a_variable_in_a_declared_index_stays_a_variable(python_locker: LockBench, index: PackageIndex) -> None:
    from tests.support.package_index import Faults

    with index.serve(Faults(basic_auth=("someone", "pass-word-17"))) as url:
        written = url.replace("://", "://${INDEX_USER}:${INDEX_PASSWORD}@")
        python_locker.write("requirements.in", f"--index-url {written}", "beta")
        bench = python_locker.with_environment(INDEX_USER="someone", INDEX_PASSWORD="pass-word-17")
        body = bench.body("requirements.in")
    assert f"--index-url {written}\n" in body
    assert "pass-word-17" not in body


def test_a_conflict_names_both_sides_with_file_and_line(
    python_locker: LockBench, index: PackageIndex, served: str
) -> None:
    index.add("needy", "1.0", requires=["beta<2"])
    python_locker.write("requirements.in", served, "", "needy", "beta>=2")
    with pytest.raises(ResolutionFailedError) as caught:
        python_locker.lock("requirements.in")
    for part in ("requirements.in:3", "requirements.in:4", "needy", "beta<2", "beta>=2"):
        assert part in caught.value.message
    assert caught.value.hint


def test_a_hash_that_is_declared_holds_for_what_is_locked(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, f"beta==1.0 --hash=sha256:{'0' * 64}")
    with pytest.raises(HashMismatchError):
        python_locker.lock("requirements.in")


def test_a_conflict_in_an_included_file_names_that_file(python_locker: LockBench, served: str) -> None:
    python_locker.write("more.in", "beta<2")
    python_locker.write("requirements.in", served, "-r more.in", "beta>=2")
    with pytest.raises(ResolutionFailedError) as caught:
        python_locker.lock("requirements.in")
    assert "more.in:1" in caught.value.message
    assert "requirements.in:3" in caught.value.message


def test_an_unknown_name_gets_the_nearest_that_is_known(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpah")
    with pytest.raises(ResolutionFailedError) as caught:
        python_locker.lock("requirements.in", existing="alpha==1.0\n")
    assert "requirements.in:2" in caught.value.message
    assert "alpah" in caught.value.message
    assert "did you mean alpha" in (caught.value.hint or "")


def test_an_unknown_name_that_resembles_nothing_gets_no_guess(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "zzyzx-quux")
    with pytest.raises(ResolutionFailedError) as caught:
        python_locker.lock("requirements.in", existing="alpha==1.0\n")
    assert "did you mean" not in (caught.value.hint or "")
    assert "requirements.in:2" in (caught.value.hint or "")


def test_a_pre_release_is_taken_only_where_one_is_asked_for(
    python_locker: LockBench, index: PackageIndex, served: str
) -> None:
    index.add("early", "1.0")
    index.add("early", "2.0b1")
    python_locker.write("requirements.in", served, "early")
    assert python_locker.pins("requirements.in") == ["early==1.0"]
    python_locker.write("requirements.in", served, "early>=2.0b1")
    assert python_locker.pins("requirements.in") == ["early==2.0b1"]
    python_locker.write("requirements.in", served, "--pre", "early")
    assert python_locker.pins("requirements.in") == ["early==2.0b1"]


def test_a_pre_release_is_taken_where_nothing_else_fits(
    python_locker: LockBench, index: PackageIndex, served: str
) -> None:
    index.add("early", "1.0")
    index.add("early", "2.0b1")
    index.add("needy", "1.0", requires=["early>1.5"])
    python_locker.write("requirements.in", served, "needy")
    assert python_locker.pins("requirements.in") == ["early==2.0b1", "needy==1.0"]


def test_a_yanked_version_is_passed_over(python_locker: LockBench, index: PackageIndex, served: str) -> None:
    yank(index, "beta", "2.0", "broken on leap days")
    python_locker.write("requirements.in", served, "beta")
    assert python_locker.pins("requirements.in") == ["beta==1.0"]


def test_a_yanked_version_that_is_asked_for_is_taken_and_said(
    python_locker: LockBench, index: PackageIndex, served: str
) -> None:
    yank(index, "beta", "2.0", "broken on leap days")
    python_locker.write("requirements.in", served, "beta==2.0")
    locked = python_locker.lock("requirements.in")
    assert "beta==2.0" in locked.body
    assert any("beta" in note and "yanked" in note and "leap days" in note for note in locked.notes)


def test_a_range_that_only_a_yanked_version_meets_says_so(
    python_locker: LockBench, index: PackageIndex, served: str
) -> None:
    yank(index, "beta", "2.0", "broken on leap days")
    python_locker.write("requirements.in", served, "beta>1")
    with pytest.raises(ResolutionFailedError) as caught:
        python_locker.lock("requirements.in")
    assert "requirements.in:2" in caught.value.message
    assert "yanked" in caught.value.message


def test_a_repository_cannot_be_hashed(python_locker: LockBench) -> None:
    python_locker.write("requirements.in", "alpha @ git+https://me:secret-token@git.example/alpha@v1")
    with pytest.raises(RequirementUnhashableError) as caught:
        python_locker.lock("requirements.in")
    assert "requirements.in:1" in caught.value.message
    assert "secret-token" not in caught.value.message
    assert caught.value.hint


def test_a_directory_cannot_be_hashed(python_locker: LockBench, served: str) -> None:
    write_project(python_locker.root / "library", Package(name="library", version="1.0"))
    python_locker.write("requirements.in", served, "beta", "-e ./library")
    with pytest.raises(RequirementUnhashableError) as caught:
        python_locker.lock("requirements.in")
    assert "requirements.in:3" in caught.value.message


def test_an_archive_at_a_url_gets_its_hash(python_locker: LockBench, index: PackageIndex) -> None:
    with index.serve() as url:
        archive = f"{url.removesuffix('/simple')}/files/beta-1.0-py3-none-any.whl"
        python_locker.write("requirements.in", f"--index-url {url}", f"beta @ {archive}")
        body = python_locker.body("requirements.in")
    assert f"beta @ {archive} \\\n    --hash={index.hash_of('beta', '1.0')}\n" in body


def test_the_project_itself_is_not_in_its_lock_but_what_it_needs_is(python_locker: LockBench, served: str) -> None:
    write_project(python_locker.root, Package(name="own", version="1.0", requires=("beta<2",)))
    python_locker.write("requirements.in", served, "-e .")
    assert python_locker.pins("requirements.in") == ["beta==1.0"]


def test_the_needs_of_the_project_beside_its_inputs_are_in_the_lock(python_locker: LockBench, served: str) -> None:
    write_project(python_locker.root, Package(name="own", version="1.0", requires=("beta<2",)))
    python_locker.write("requirements.in", served, "alpha")
    body = python_locker.body("requirements.in", "pyproject.toml")
    assert "beta==1.0" in body
    assert "pyproject.toml" in body


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpha", "beta<2")
    plain = python_locker.body("requirements.in")
    path = python_locker.root / "requirements.in"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert python_locker.body("requirements.in") == plain


def test_a_merge_conflict_in_the_input_is_named_with_its_line(python_locker: LockBench) -> None:
    python_locker.write("requirements.in", "alpha", "<<<<<<< ours", "beta", "=======", "gamma", ">>>>>>> theirs")
    with pytest.raises(RequirementInvalidError, match=r"requirements\.in:2"):
        python_locker.lock("requirements.in")


def test_an_input_that_is_not_there_is_named(python_locker: LockBench) -> None:
    with pytest.raises(ManifestUnreadableError, match=r"requirements\.in"):
        python_locker.lock("requirements.in")


def test_a_requirement_that_holds_nowhere_is_named(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpha", "gamma ; python_version < '3'")
    locked = python_locker.lock("requirements.in")
    assert "gamma" not in locked.body
    (note,) = [note for note in locked.notes if "gamma" in note]
    assert note.startswith("requirements.in:3: ")


def test_an_unknown_platform_gets_the_nearest(python_locker: LockBench) -> None:
    python_locker.write("requirements.in", "alpha")
    with pytest.raises(PlatformUnknownError) as caught:
        python_locker.lock("requirements.in", platforms=("linux-65",))
    assert "linux-64" in (caught.value.hint or "")


def test_an_index_that_goes_away_in_the_middle_leaves_nothing_behind(
    python_locker: LockBench, index: PackageIndex
) -> None:
    with index.serve() as url:
        python_locker.write("requirements.in", f"--index-url {url}", "alpha")
        before = files_of(python_locker.root)
        index.requests = _DyingRequests(answers=1)
        with pytest.raises(IndexUnreachableError) as caught:
            python_locker.with_environment(UV_HTTP_RETRIES="0", PIP_RETRIES="0").lock("requirements.in")
        assert len(index.requests) > 1
    assert url.split("/")[2] in caught.value.message
    assert files_of(python_locker.root) == before


def test_offline_what_was_never_fetched_is_said(python_locker: LockBench, index: PackageIndex) -> None:
    python_locker.need("offline")
    with index.serve() as url:
        python_locker.write("requirements.in", f"--index-url {url}", "beta")
        with pytest.raises(NotCachedError) as caught:
            python_locker.lock("requirements.in", offline=True)
        assert index.requests == []
    assert "requirements.in:2" in caught.value.message


def test_offline_what_the_caches_hold_suffices(python_locker: LockBench, index: PackageIndex) -> None:
    python_locker.need("offline")
    with index.serve() as url:
        python_locker.write("requirements.in", f"--index-url {url}", "alpha")
        first = python_locker.body("requirements.in")
        asked = len(index.requests)
        assert python_locker.body("requirements.in", offline=True) == first
        assert len(index.requests) == asked


@pytest.mark.needs_index
def test_real_packages_of_the_index_are_locked(python_locker: LockBench) -> None:
    python_locker.write("requirements.in", "iniconfig==2.0.0", "six==1.16.0")
    locked = python_locker.lock("requirements.in")
    assert [pin.split(" ")[0] for pin in python_locker.pins("requirements.in")] == ["iniconfig==2.0.0", "six==1.16.0"]
    assert "--hash=sha256:8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254" in locked.body


@pytest.mark.needs_index
def test_nothing_newer_than_a_date_is_taken(python_locker: LockBench) -> None:
    python_locker.write("requirements.in", "six")
    assert python_locker.pins("requirements.in", exclude_newer="2024-12-03") == ["six==1.16.0"]


def test_what_another_platform_needs_is_told_apart_by_markers(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpha", "gamma ; sys_platform == 'win32'")
    pins = python_locker.pins("requirements.in", platforms=EVERYWHERE)
    assert pins == ["alpha==1.0", "beta==2.0", "gamma==1.0 ; sys_platform == 'win32'"]


def test_one_platform_needs_no_markers(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpha", f"gamma ; sys_platform == '{sys.platform}'")
    assert python_locker.pins("requirements.in", platforms=HERE) == ["alpha==1.0", "beta==2.0", "gamma==1.0"]


def test_a_span_of_time_is_no_moment_that_a_lock_could_be_of(python_locker: LockBench, served: str) -> None:
    python_locker.write("requirements.in", served, "alpha")
    with pytest.raises(LockerUnfitError, match="'7 days' is neither a date nor a time"):
        python_locker.lock("requirements.in", exclude_newer="7 days")
