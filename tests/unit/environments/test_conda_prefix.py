"""A conda prefix is read from its own records: which packages it has, which are pip's, and which files differ."""

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from pyve.environments.conda_prefix import list_conda_packages, list_pip_distributions, read_conda_meta
from pyve.environments.conda_prefix_files import FileDifference, Verification, verify_files

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a right of their own on Windows")


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """A prefix with one package, `tiny 1.0`."""
    directory = tmp_path / "a préfix"
    add_package(directory, "tiny", "1.0", {"lib/tiny.txt": b"tiny\n", "share/doc.txt": b"doc\n"})
    return directory


def add_package(
    prefix: Path, name: str, version: str, contents: dict[str, bytes], *, rows: tuple[dict[str, Any], ...] = ()
) -> Path:
    """Put the files there and the record that names them; returns the record. `rows` are told and not made."""
    (prefix / "conda-meta").mkdir(parents=True, exist_ok=True)
    paths = []
    for path, content in contents.items():
        (prefix / path).parent.mkdir(parents=True, exist_ok=True)
        (prefix / path).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        paths.append({"_path": path, "path_type": "hardlink", "sha256": digest, "size_in_bytes": len(content)})
    document = {
        "name": name,
        "version": version,
        "build": "h1_0",
        "subdir": "noarch",
        "url": f"https://channel.example/main/noarch/{name}-{version}-h1_0.conda",
        "depends": ["python >=3.8"],
        "files": [*contents],
        "paths_data": {"paths_version": 1, "paths": [*paths, *rows]},
    }
    record = prefix / "conda-meta" / f"{name}-{version}-h1_0.json"
    record.write_text(json.dumps(document))
    return record


def verify(prefix: Path) -> Verification:
    return verify_files(prefix, read_conda_meta(prefix))


# --- packages -----------------------------------------------------------------------------------


def test_packages_are_listed_by_the_names_of_their_records(prefix: Path) -> None:
    add_package(prefix, "r-base-two", "4.3.1", {})
    (prefix / "conda-meta" / "history").write_text("")
    (prefix / "conda-meta" / "pyve-record.json").write_text("{}")
    (prefix / "conda-meta" / "state").write_text("{}")
    assert list_conda_packages(prefix) == {"tiny": "1.0", "r-base-two": "4.3.1"}


def test_a_directory_that_is_no_prefix_has_no_packages(tmp_path: Path) -> None:
    assert list_conda_packages(tmp_path) == {}
    assert read_conda_meta(tmp_path) == ()


def test_a_record_tells_where_its_package_came_from(prefix: Path) -> None:
    (record,) = read_conda_meta(prefix)
    assert (record.name, record.version, record.build, record.subdir) == ("tiny", "1.0", "h1_0", "noarch")
    assert record.url == "https://channel.example/main/noarch/tiny-1.0-h1_0.conda"
    assert record.depends == ("python >=3.8",)
    assert [file.path for file in record.files] == ["lib/tiny.txt", "share/doc.txt"]
    assert record.damage == ""


@pytest.mark.parametrize("content", [b"", b'{"name": "ti', b"[]", b"\xff\xfe", b'{"name": "tiny"}', b"[" * 100_000])
def test_a_truncated_record_is_named_and_hides_no_other(prefix: Path, content: bytes) -> None:
    add_package(prefix, "other", "2.0", {})
    (prefix / "conda-meta" / "tiny-1.0-h1_0.json").write_bytes(content)
    other, tiny = read_conda_meta(prefix)
    assert (other.name, other.damage) == ("other", "")
    assert (tiny.name, tiny.version, tiny.build) == ("tiny", "1.0", "h1_0")
    assert tiny.damage


def test_a_record_of_old_knows_its_files_without_digests(prefix: Path) -> None:
    record = prefix / "conda-meta" / "old-0.1-0.json"
    record.write_text(json.dumps({"name": "old", "version": "0.1", "build": "0", "files": ["lib/old.txt"]}))
    assert [(one.package, one.path, one.how) for one in verify(prefix).differences] == [
        ("old 0.1", "lib/old.txt", "missing")
    ]


# --- pip ----------------------------------------------------------------------------------------


def add_metadata(site_packages: Path, name: str, version: str, installer: str | None) -> dict[str, bytes]:
    """The metadata folder of a distribution; what a package that owns it would name."""
    folder = site_packages / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("")
    if installer is not None:
        (folder / "INSTALLER").write_text(f"{installer}\n")
    return {f"lib/site-packages/{folder.name}/METADATA": b""}


@pytest.mark.parametrize("installer", ["conda", "pip", None])
def test_what_a_conda_package_owns_is_not_pips(prefix: Path, installer: str | None) -> None:
    site_packages = prefix / "lib" / "site-packages"
    owned = add_metadata(site_packages, "owned_thing", "1.0", installer)
    add_package(prefix, "python-owned-thing", "1.0", owned)
    add_metadata(site_packages, "brought", "2.0", "uv")
    assert list_pip_distributions(prefix, site_packages) == {"brought": "2.0"}


def test_a_distribution_with_a_similar_name_is_not_taken_for_the_one_that_conda_owns(prefix: Path) -> None:
    site_packages = prefix / "lib" / "site-packages"
    add_package(prefix, "my-thing", "1.0", add_metadata(site_packages, "my_thing", "1.0", "conda"))
    add_metadata(site_packages, "thing", "1.0", "pip")
    assert list_pip_distributions(prefix, site_packages) == {"thing": "1.0"}


def test_a_truncated_record_makes_nothing_pips_that_says_it_is_condas(prefix: Path) -> None:
    site_packages = prefix / "lib" / "site-packages"
    add_package(prefix, "thing", "1.0", add_metadata(site_packages, "thing", "1.0", "conda")).write_text("")
    add_metadata(site_packages, "brought", "2.0", "pip")
    assert list_pip_distributions(prefix, site_packages) == {"brought": "2.0"}


def test_a_prefix_without_python_has_nothing_of_pips(prefix: Path) -> None:
    assert list_pip_distributions(prefix, prefix) == {}


# --- files --------------------------------------------------------------------------------------


def test_files_as_they_were_installed_do_not_differ(prefix: Path) -> None:
    assert verify(prefix) == Verification(differences=(), compared=2)


def test_a_missing_and_a_changed_file_are_told_apart(prefix: Path) -> None:
    (prefix / "lib" / "tiny.txt").write_bytes(b"tinY\n")
    (prefix / "share" / "doc.txt").unlink()
    assert verify(prefix).differences == (
        FileDifference(package="tiny 1.0", path="lib/tiny.txt", how="changed"),
        FileDifference(package="tiny 1.0", path="share/doc.txt", how="missing"),
    )


def test_a_changed_file_that_has_another_name_is_told_as_shared(prefix: Path) -> None:
    (prefix / "lib" / "tiny.txt").write_bytes(b"tinY\n")
    os.link(prefix / "lib" / "tiny.txt", prefix.parent / "cached.txt")
    assert [one.is_shared for one in verify(prefix).differences] == [True]


def test_a_file_with_the_path_of_its_prefix_in_it_is_compared_as_it_is_there(prefix: Path) -> None:
    there = b"#!/here/it/is\n"
    (prefix / "etc").mkdir()
    (prefix / "etc" / "place").write_bytes(there)
    row = {"_path": "etc/place", "path_type": "hardlink", "sha256": "0" * 64, "prefix_placeholder": "/opt/placeholder"}
    add_package(prefix, "placed", "1.0", {}, rows=(row,))
    assert verify(prefix) == Verification(differences=(), compared=2)
    row["sha256_in_prefix"] = hashlib.sha256(there).hexdigest()
    add_package(prefix, "placed", "1.0", {}, rows=(row,))
    assert verify(prefix) == Verification(differences=(), compared=3)
    (prefix / "etc" / "place").write_bytes(b"#!/somewhere/else\n")
    assert [one.path for one in verify(prefix).differences] == ["etc/place"]


@pytest.mark.parametrize("kind", ["unix_python_entry_point", "windows_python_entry_point_exe", "pyc_file"])
def test_what_installing_makes_is_not_compared(prefix: Path, kind: str) -> None:
    (prefix / "bin").mkdir()
    (prefix / "bin" / "tool").write_text("made here")
    add_package(prefix, "tool", "1.0", {}, rows=({"_path": "bin/tool", "path_type": kind, "sha256": "0" * 64},))
    assert verify(prefix).differences == ()


def test_an_entry_point_that_is_gone_is_missed(prefix: Path) -> None:
    row = {"_path": "bin/tool", "path_type": "unix_python_entry_point", "sha256": "0" * 64}
    add_package(prefix, "tool", "1.0", {}, rows=(row,))
    assert [one.path for one in verify(prefix).differences] == ["bin/tool"]


@needs_posix
def test_a_symbolic_link_is_there_even_where_it_leads_nowhere(prefix: Path) -> None:
    row = {"_path": "lib/link", "path_type": "softlink", "sha256": "0" * 64}
    add_package(prefix, "linked", "1.0", {}, rows=(row,))
    assert [one.how for one in verify(prefix).differences] == ["missing"]
    (prefix / "lib" / "link").symlink_to("nowhere")
    assert verify(prefix).differences == ()


def test_a_path_that_two_packages_claim_is_right_as_either_has_it(prefix: Path) -> None:
    add_package(prefix, "rival", "1.0", {"lib/tiny.txt": b"rival\n"})
    assert verify(prefix).differences == ()
    (prefix / "lib" / "tiny.txt").write_bytes(b"neither\n")
    assert len(verify(prefix).differences) == 1


def test_a_directory_in_a_files_place_is_a_change(prefix: Path) -> None:
    (prefix / "lib" / "tiny.txt").unlink()
    (prefix / "lib" / "tiny.txt").mkdir()
    assert [one.how for one in verify(prefix).differences] == ["changed"]


@pytest.mark.posix("devices that never end")
def test_a_record_that_leads_to_a_device_is_not_read(prefix: Path) -> None:
    record = prefix / "conda-meta" / "tiny-1.0-h1_0.json"
    record.unlink()
    record.symlink_to("/dev/zero")
    (tiny,) = read_conda_meta(prefix)
    assert tiny.damage == "it is not a regular file"
