"""What a person is told when a conda engine fails: the texts are those of real engines."""

import os
from pathlib import Path

import pytest

from pyve.engines.conda.failures.engine_failure import EngineFailure, FailureKind
from pyve.engines.conda.failures.explanation import to_error
from pyve.engines.conda.failures.solver_tree import tidy_tree
from pyve.engines.conda.failures.spec_failure import add_origins
from pyve.errors import DiskFullError, PyveError
from pyve.errors.conda import (
    ChannelMissingError,
    ChannelUnauthorisedError,
    ChannelUnreachableError,
    CondaPackageUnknownError,
    CondaUnsatisfiableError,
    EngineBusyError,
    EngineFailedError,
    MachineUnsuitableError,
    MatchSpecInvalidError,
    NotCachedError,
    PackageCorruptError,
    PrefixForeignError,
    PrefixTooLongError,
)

MACHINE = {"__unix": "0=0", "__linux": "6.1.4=0", "__glibc": "2.36=0", "__archspec": "1=x86_64_v3"}

CONFLICT = """Cannot solve the request because of: The following packages are incompatible
├─ app-b * can be installed with any of the following options:
│  └─ app-b 1.0 would require
│     └─ libfoo >=1,<2, which can be installed with any of the following options:
│        └─ libfoo 1.0
└─ app-a * cannot be installed because there are no viable options:
   └─ app-a 1.0 would require
      └─ libfoo >=2,<3, which cannot be installed because there are no viable options:
         └─ libfoo 2.0, which conflicts with the versions reported above.
"""
CONFLICT_OF_MICROMAMBA = """warning  libmamba The specification does not seem solvable in your current setup.
error    libmamba Could not solve for environment specs
    The following packages are incompatible
    ├─ app-a =* * is installable and it requires
    │  └─ libfoo >=2,<3 *, which can be installed;
    └─ app-b =* * is not installable because it requires
       └─ libfoo >=1,<2 *, which conflicts with any installable versions previously reported.
critical libmamba Could not solve for environment specs
"""
UNKNOWN_TO_MICROMAMBA = """error    libmamba Could not solve for environment specs
    The following package could not be installed
    └─ nunpy =* * does not exist (perhaps a typo or a missing channel).
"""
NO_GLIBC = """Cannot solve the request because of: app-glibc * cannot be installed because there are no viable options:
└─ app-glibc 1.0 would require
   └─ __glibc >=2.99, for which no candidates were found.
"""
SILENT = """Request failed after 3 retries
Caused by: error sending request for url (http://127.0.0.1:9/noarch/repodata_shards.msgpack.zst)
Caused by: client error (Connect)
Caused by: tcp connect error
Caused by: Connection refused (os error 111)"""
ARCHIVE_GONE = """failed to fetch libfoo-2.1-0.conda
Caused by: failed to interact with the package cache layer.
Caused by: HTTP status client error (404 Not Found) for url (http://127.0.0.1:9/main/noarch/libfoo-2.1-0.conda)"""
CHANNEL_GONE = """could not find subdir 'noarch' in channel 'http://127.0.0.1:9/nowhere/'
Caused by: HTTP status client error (404 Not Found) for url (http://127.0.0.1:9/nowhere/noarch/repodata.json)"""
DIRECTORY_GONE = """could not find subdir 'noarch' in channel 'file:///nowhere/'
Caused by: failed to open file `/nowhere/noarch/repodata.json`: No such file or directory (os error 2)"""
UNAUTHORISED = (
    "HTTP status client error (401 Unauthorized) for url (http://127.0.0.1:9/main/linux-64/repodata_shards.msgpack.zst)"
)
GARBLED = """failed to fetch libfoo-2.1-0.conda
Caused by: failed to interact with the package cache layer.
Caused by: an io error occurred: archive header checksum mismatch"""
FULL = """failed to link setuptools-65.5.0-0.conda
Caused by: failed to copy file to destination
Caused by: failed to copy file from /cache/pkgs/a.py to {place}/lib/a.py: No space left on device (os error 28)"""
TOO_LONG = """failed to link prefixed-1.0-0.conda
Caused by: failed to link 'lib/blob.bin'
Caused by: target prefix cannot be longer than the placeholder prefix (encoding 'utf-8')"""


def explain(kind: FailureKind, text: str, **facts: object) -> PyveError:
    return to_error(EngineFailure(kind=kind, text=text, **facts))  # type: ignore[arg-type]  # a test's brevity


# --- specs that cannot be satisfied -------------------------------------------------------------


@pytest.mark.parametrize("text", [CONFLICT, CONFLICT_OF_MICROMAMBA])
def test_a_conflict_is_shown_as_the_tree_of_the_engine_with_its_indentation(text: str) -> None:
    error = explain("unsatisfiable", text)
    assert type(error) is CondaUnsatisfiableError
    first, root, *branches = error.message.splitlines()
    assert first == "No set of conda packages satisfies what is declared:"
    assert root == "The following packages are incompatible"
    assert branches[0].startswith("├─ app-")
    assert any(line.startswith("   └─ ") for line in branches)
    assert "libmamba" not in error.message


def test_a_conflict_names_the_lines_that_declare_what_stands_at_its_root() -> None:
    origins = {"app-a": "environment.yml:6", "main::app-b>=1": "environment.yml:7", "libfoo": "environment.yml:8"}
    error = to_error(EngineFailure(kind="unsatisfiable", text=CONFLICT), origins=origins)
    assert "environment.yml:6: app-a" in error.message
    assert "environment.yml:7: main::app-b>=1" in error.message
    assert "environment.yml:8" not in error.message
    assert error.hint == "loosen environment.yml:6 or environment.yml:7, then run it again"


def test_a_conflict_with_the_machine_says_what_the_machine_has() -> None:
    error = explain("unsatisfiable", NO_GLIBC, virtual_packages=MACHINE)
    assert "__glibc >=2.99" in error.message
    assert "this machine has __archspec 1 x86_64_v3, __glibc 2.36, __linux 6.1.4, __unix" in error.message
    assert "CONDA_OVERRIDE_GLIBC" in (error.hint or "")


def test_a_conflict_among_packages_does_not_speak_of_the_machine() -> None:
    assert "this machine has" not in explain("unsatisfiable", CONFLICT, virtual_packages=MACHINE).message


def test_a_missing_graphics_driver_can_be_overridden_by_what_the_hint_says() -> None:
    error = explain("unsatisfiable", NO_GLIBC.replace("__glibc >=2.99", "__cuda >=12"), virtual_packages=MACHINE)
    assert (error.hint or "").startswith("export CONDA_OVERRIDE_CUDA=")


def test_a_long_tree_is_cut_and_the_rest_is_counted() -> None:
    tree = "\n".join(["The following packages are incompatible", *(f"├─ app-{n} 1.0" for n in range(99))])
    lines = tidy_tree(tree).splitlines()
    assert len(lines) == 41
    assert lines[-1] == "... and 60 more lines"


def test_only_a_tree_that_was_cut_sends_to_the_log(tmp_path: Path) -> None:
    long = "\n".join(["The following packages are incompatible", *(f"├─ app-{n} 1.0" for n in range(99))])
    assert str(tmp_path) in (explain("unsatisfiable", long, log=tmp_path).hint or "")
    assert str(tmp_path) not in (explain("unsatisfiable", CONFLICT, log=tmp_path).hint or "")


def test_the_advice_to_report_it_to_the_engines_authors_is_left_out() -> None:
    text = f"{CONFLICT}\nIf you run into this, the cache may be corrupted: report the error on mamba's issue tracker."
    assert tidy_tree(text) == tidy_tree(CONFLICT)


# --- names and specs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Cannot solve the request because of: No candidates were found for nunpy *.\n",
        UNKNOWN_TO_MICROMAMBA,
    ],
)
def test_a_misspelt_name_gets_the_nearest_one(text: str) -> None:
    failure = EngineFailure(kind="unsatisfiable", text=text, names=("numpy", "zlib", "nunavut"))
    error = to_error(failure, origins={"zlib": "environment.yml:3", "nunpy": "environment.yml:4"})
    assert type(error) is CondaPackageUnknownError
    assert error.message.startswith("environment.yml:4: No channel has a package named 'nunpy'")
    assert error.hint == "write numpy instead of nunpy, then run it again"


def test_an_unknown_name_without_a_similar_one_may_be_elsewhere() -> None:
    error = explain("unknown-package", "", subject="qqqq", names=("numpy",))
    assert type(error) is CondaPackageUnknownError
    assert "numpy" not in error.message
    assert "pip:" in (error.hint or "")


def test_a_version_that_is_not_there_does_not_make_its_package_unknown() -> None:
    error = explain("unsatisfiable", "Cannot solve the request because of: No candidates were found for tiny >=9.")
    assert type(error) is CondaUnsatisfiableError
    assert error.message.endswith("\nNo candidates were found for tiny >=9.")


def test_a_name_that_channels_have_is_not_called_unknown() -> None:
    text = "Cannot solve the request because of: No candidates were found for tiny *."
    assert type(explain("unsatisfiable", text, names=("tiny",))) is CondaUnsatisfiableError


def test_a_spec_that_is_none_is_named_with_its_line_and_an_example() -> None:
    text = "'foo =>2': unable to parse version spec: =>2"
    error = to_error(EngineFailure(kind="bad-spec", text=text), origins={"foo =>2": "environment.yml:9"})
    assert type(error) is MatchSpecInvalidError
    assert error.message.startswith("environment.yml:9: 'foo =>2' is not a dependency that conda understands: ")
    assert "unable to parse version spec: =>2" in error.message
    assert "foo>=1.26,<2" in (error.hint or "")


def test_a_name_alone_is_not_to_be_loosened_where_something_else_limits_it() -> None:
    failure = EngineFailure(kind="unsatisfiable", text="No candidates were found for python 3.10.*.")
    error = to_error(failure, origins={"python": "environment.yml:4", "python 3.10.*": ".python-version"})
    assert "environment.yml" not in error.message
    assert error.hint == "loosen .python-version, then run it again"


def test_origins_can_be_added_to_an_error_that_was_raised_without() -> None:
    raised = explain("unknown-package", "", subject="nunpy")
    assert add_origins(raised, {"nunpy >=1": "environment.yml:4"}).message.startswith("environment.yml:4: ")
    assert add_origins(raised, {"other": "environment.yml:4"}) is raised


def test_a_machine_that_lacks_what_a_lock_needs_is_told_what_it_has() -> None:
    error = explain("machine", "app 1.0 needs __glibc >=2.99", virtual_packages=MACHINE)
    assert type(error) is MachineUnsuitableError
    assert error.message.startswith("app 1.0 needs __glibc >=2.99.\nthis machine has ")


# --- channels -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["channel", "failed"])
def test_a_channel_that_is_silent_is_named_with_the_reason(kind: FailureKind) -> None:
    error = explain(kind, SILENT)
    assert type(error) is ChannelUnreachableError
    assert "http://127.0.0.1:9 cannot be reached (Connection refused)" in error.message


@pytest.mark.parametrize(
    ("text", "place"), [(CHANNEL_GONE, "http://127.0.0.1:9/nowhere"), (DIRECTORY_GONE, "file:///")]
)
def test_a_channel_that_is_not_there_is_told_from_one_that_is_silent(text: str, place: str) -> None:
    error = explain("channel", text)
    assert type(error) is ChannelMissingError
    assert f"The channel {place}" in error.message
    assert "is not there, or has no noarch" in error.message


@pytest.mark.parametrize("kind", ["channel", "failed"])
def test_an_archive_that_was_taken_away_is_named(kind: FailureKind) -> None:
    error = explain(kind, ARCHIVE_GONE)
    assert type(error) is ChannelMissingError
    assert "The channel http://127.0.0.1:9/main does not have libfoo-2.1-0.conda" in error.message


@pytest.mark.parametrize("kind", ["channel", "unauthorised", "failed"])
def test_a_channel_that_wants_credentials_is_told_from_one_that_is_silent(kind: FailureKind) -> None:
    error = explain(kind, UNAUTHORISED)
    assert type(error) is ChannelUnauthorisedError
    assert "http://127.0.0.1:9/main wants credentials" in error.message
    assert "machine 127.0.0.1 login" in (error.hint or "")


def test_the_channel_is_told_of_the_address_that_failed() -> None:
    address = "https://channel.example/conda-forge/linux-64/repodata.json.zst"
    assert "The channel https://channel.example/conda-forge cannot" in explain("channel", "", subject=address).message
    bare = "https://channel.example/conda-forge"
    assert f"The channel {bare} cannot" in explain("channel", "", subject=bare).message
    archive = "https://channel.example/main/noarch/tiny-1.0-0.conda"
    assert explain("corrupt", "hash mismatch", subject=archive).message.startswith("tiny-1.0-0.conda ")


def test_refused_credentials_are_told_from_missing_ones() -> None:
    text = UNAUTHORISED.replace("401 Unauthorized", "403 Forbidden")
    assert "refuses these credentials (403)" in explain("channel", text).message


def test_what_is_not_cached_is_named() -> None:
    error = explain("not-cached", "no usable repodata cache for http://channel.example/main/noarch/")
    assert type(error) is NotCachedError
    assert error.message == "Offline, and the index of http://channel.example/main is not in the cache."


def test_an_archive_that_is_not_cached_is_named() -> None:
    assert "libfoo-2.1-0.conda is not in the cache" in explain("not-cached", "", subject="libfoo-2.1-0.conda").message


@pytest.mark.parametrize("kind", ["channel", "unauthorised", "not-cached", "failed", "unsatisfiable", "busy"])
def test_no_secret_of_an_address_is_told(kind: FailureKind) -> None:
    text = "failed: https://user:hidden-word@channel.example/t/hidden-token/main/noarch/repodata.json?token=hidden-too"
    error = explain(kind, text, subject=text if kind == "not-cached" else "")
    assert "hidden" not in f"{error.message} {error.hint}"


# --- packages and the disk ----------------------------------------------------------------------


def test_a_garbled_archive_is_named_with_what_is_wrong_with_it() -> None:
    error = explain("failed", GARBLED)
    assert type(error) is PackageCorruptError
    assert error.message.startswith("libfoo-2.1-0.conda is not the package that is declared")
    assert "archive header checksum mismatch" in error.message


def test_both_digests_of_a_swapped_archive_are_told(tmp_path: Path) -> None:
    wanted, there = "a" * 64, "b" * 64
    text = f"https://channel.example/noarch/tiny-1.0-0.conda: hash mismatch, expected {wanted}, got {there}"
    error = explain("corrupt", text, path=tmp_path)
    assert f"expected {wanted}, got {there}" in error.message
    assert error.message.startswith("tiny-1.0-0.conda ")
    assert str(tmp_path) in (error.hint or "")


@pytest.mark.parametrize("kind", ["failed", "corrupt", "disk-full"])
def test_a_full_disk_is_named_by_its_mount_point(kind: FailureKind, tmp_path: Path) -> None:
    error = explain(kind, FULL.format(place=tmp_path))
    assert type(error) is DiskFullError
    mount = next(place for place in tmp_path.parents if os.path.ismount(place))
    assert f"No space is left on the file system of {mount} for {tmp_path / 'lib' / 'a.py'}" in error.message


@pytest.mark.parametrize("what", ["file", "path"])
def test_a_folder_that_windows_does_not_find_is_no_channel(what: str) -> None:
    url = "file:///D:/c/noarch/repodata.json"

    error = explain("channel", f"failed to fetch {url}: The system cannot find the {what} specified. (os error 3)")

    assert type(error) is ChannelMissingError
    assert f"file:///D:/c is not there, or has no such platform (The system cannot find the {what} specified)" in (
        error.message
    )


def test_places_of_windows_are_read_as_they_are_told() -> None:
    words = "There is not enough space on the disk. (os error 112)"

    error = explain("failed", rf"failed to copy file from C:\cache\a b\x.py to D:\env dir\x.py: {words}")

    assert type(error) is DiskFullError
    assert error.message.endswith(r"for D:\env dir\x.py.")


def test_of_several_places_the_fullest_is_named(tmp_path: Path) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("/proc is a file system without room, and this system has none")
    text = FULL.format(place=tmp_path / "somebody's")
    assert "file system of /proc for /proc/self" in explain("disk-full", text, path=Path("/proc/self")).message
    with_cache = explain("disk-full", text.replace("/cache/", "/proc/"), path=tmp_path)
    assert "file system of /proc for /proc/pkgs/a.py" in with_cache.message
    assert f"{tmp_path}/somebody's/lib/a.py" in explain("disk-full", text).message


def test_a_path_that_is_too_long_is_told_with_its_length() -> None:
    error = explain("failed", TOO_LONG, path=Path("/") / ("x" * 299))
    assert type(error) is PrefixTooLongError
    assert "300 bytes" in error.message
    assert "store.location" in (error.hint or "")


def test_what_is_foreign_is_named_and_left_alone(tmp_path: Path) -> None:
    error = explain("foreign-prefix", "it holds files", path=tmp_path)
    assert type(error) is PrefixForeignError
    assert error.message == f"{tmp_path} is there, and pyve did not make it: it holds files."


def test_another_process_in_the_way_is_told(tmp_path: Path) -> None:
    error = explain("busy", "waited 600 seconds for the lock", path=tmp_path)
    assert type(error) is EngineBusyError
    assert str(tmp_path) in error.message


def test_any_other_failure_is_shown_by_its_last_lines_and_the_log(tmp_path: Path) -> None:
    text = "\n".join(f"line {number}" for number in range(50))
    error = explain("failed", text, log=tmp_path / "build.log")
    assert type(error) is EngineFailedError
    assert "line 49" in error.message
    assert "line 29\n" not in error.message
    assert error.hint == f"the whole output: {tmp_path / 'build.log'}"


def test_an_engine_that_says_nothing_is_told_as_such() -> None:
    assert "it said nothing" in explain("failed", "").message


def test_of_an_engine_that_broke_the_last_word_is_shown_and_no_traceback() -> None:
    said = (
        "warning\nTraceback (most recent call last):\n  File \"worker.py\", line 3, in main\n    go()\nKeyError: 'x'\n"
    )

    error = to_error(EngineFailure(kind="failed", text=said + "it ended (status 1)", log=Path("/logs/it.log")))

    assert "Traceback" not in error.message
    assert "worker.py" not in error.message
    for line in ("warning", "KeyError: 'x'", "it ended (status 1)"):
        assert line in error.message
    assert "/logs/it.log" in (error.hint or "")
