"""conda-lock.yml is read whole or refused, and conda-lock agrees on what it says."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.errors import ManifestInvalidError, PyveError
from pyve.project.manifests.conda_lock_yml import CondaLockYml, read_conda_lock_yml
from tests.support.conda_lock import CondaLock, conda_lock_python, lock_document

__all__ = ["conda_lock_python"]

MD5, SHA256 = "0123456789abcdef" * 2, "0123456789abcdef" * 4
HEAD = (
    "version: 1\nmetadata:\n  content_hash:\n    linux-64: 12ab\n    osx-arm64: 34cd\n"
    "  channels:\n  - url: https://me:secret@channel.example/c\n    used_env_vars: []\n"
    "  platforms:\n  - linux-64\n  - osx-arm64\n  sources:\n  - environment.yml\npackage:\n"
)
PIP_ROW = (
    "- name: Rich\n  version: 13.9.4\n  manager: pip\n  platform: linux-64\n  dependencies:\n    pygments: '>=2'\n"
    f"  url: https://channel.example/rich-13.9.4-py3-none-any.whl\n  hash:\n    sha256: {SHA256}\n"
    "  category: main\n  optional: false\n"
)


def row(name: str = "tiny", *, platform: str = "linux-64", category: str = "main", needs: str = "{}") -> str:
    return (
        f"- name: {name}\n  version: '1.10'\n  manager: conda\n  platform: {platform}\n  dependencies: {needs}\n"
        f"  url: https://channel.example/c/{platform}/{name}-1.10-h1_2.conda\n"
        f"  hash:\n    md5: {MD5}\n    sha256: {SHA256}\n  category: {category}\n  optional: false\n"
    )


def read(root: Path, text: str) -> CondaLockYml:
    (root / "conda-lock.yml").write_text(text, encoding="utf-8")
    return read_conda_lock_yml(root / "conda-lock.yml", root=root)


def test_each_platform_has_its_own_packages(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + row() + row(platform="osx-arm64") + row("other", needs="{tiny: '>=1', __glibc: ''}"))
    assert found.platforms == ("linux-64", "osx-arm64")
    assert found.content_hashes == {"linux-64": "12ab", "osx-arm64": "34cd"}
    assert found.sources == ("environment.yml",)
    assert [package.name for package in found.packages_for("osx-arm64")] == ["tiny"]
    tiny, other = found.packages_for("linux-64")
    assert (tiny.version, tiny.build, tiny.build_number, tiny.subdir) == ("1.10", "h1_2", 2, "linux-64")
    assert (tiny.url, tiny.md5) == ("https://channel.example/c/linux-64/tiny-1.10-h1_2.conda", MD5)
    assert (tiny.sha256, tiny.depends) == (SHA256, ())
    assert other.depends == ("tiny >=1", "__glibc")


def test_the_category_main_counts_always_and_others_by_name(tmp_path: Path) -> None:
    text = HEAD + row("a") + row("b", category="dev") + row("c", category="docs") + row("c", category="dev")
    found = read(tmp_path, text)
    assert found.categories == ("main", "dev", "docs")
    names = {
        categories: [package.name for package in found.packages_for("linux-64", categories=categories)]
        for categories in ((), ("dev",), ("docs",), ("dev", "docs"))
    }
    assert names == {(): ["a"], ("dev",): ["a", "b", "c"], ("docs",): ["a", "c"], ("dev", "docs"): ["a", "b", "c"]}


def test_rows_of_pip_are_exact_files_with_their_hash(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + row() + PIP_ROW)
    (rich,) = found.pip_requirements_for("linux-64")
    assert rich.line == "Rich @ https://channel.example/rich-13.9.4-py3-none-any.whl"
    assert (rich.name, rich.hashes) == ("rich", (f"sha256:{SHA256}",))
    assert rich.origin == "conda-lock.yml:26"
    assert SHA256 in rich.canonical
    assert found.pip_requirements_for("osx-arm64") == ()


def test_a_commit_in_place_of_a_hash_is_none(tmp_path: Path) -> None:
    url = "git+https://channel.example/a.git@" + "a" * 40
    text = PIP_ROW.replace("https://channel.example/rich-13.9.4-py3-none-any.whl", url).replace(SHA256, "a" * 40)
    (found,) = read(tmp_path, HEAD + text).pip_requirements_for("linux-64")
    assert (found.line, found.hashes) == (f"Rich @ {url}", ())


def test_credentials_are_left_out(tmp_path: Path) -> None:
    text = HEAD + row().replace("https://channel", "https://me:secret@channel") + PIP_ROW
    text = text.replace("https://channel.example/rich", "https://me:secret@channel.example/rich")
    found = read(tmp_path, text)
    assert found.channels == ("https://channel.example/c",)
    told = [found.packages_for("linux-64")[0].url, found.pip_requirements_for("linux-64")[0].line]
    assert "secret" not in " ".join(told)


def test_values_count_as_they_are_written(tmp_path: Path) -> None:
    digits = "12345678901234567890123456789012"
    text = row().replace("'1.10'", "1.10").replace(SHA256, "1e" + "0" * 62).replace(MD5, digits)
    (found,) = read(tmp_path, HEAD + text).packages_for("linux-64")
    assert (found.version, found.md5, found.sha256) == ("1.10", digits, "1e" + "0" * 62)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "conda-lock.yml:1: this file is empty"),
        ("# only a comment\n", "conda-lock.yml:1: this file is empty"),
        ("- a\n", "conda-lock.yml:1: this file is a list"),
        ("package: []\n", "conda-lock.yml:1: this lock does not say its version"),
        ("package: []\nversion: 7\n", "conda-lock.yml:2: this lock has version 7; pyve reads version 1"),
        ("version: 6\nenvironments: {}\n", "conda-lock.yml:1: this lock has version 6"),
        ("version: 1\npackage: []\n", "conda-lock.yml:1: `metadata` is missing"),
        ("version: 1\nmetadata: []\n", "conda-lock.yml:2: `metadata` must hold"),
        (HEAD, "conda-lock.yml:14: `package` must be a list of packages"),
        (HEAD.replace("package:", "packages:"), "conda-lock.yml:1: `package` is missing"),
        (HEAD.replace("platforms:", "x:") + row(), "conda-lock.yml:3: `platforms` is missing"),
        (HEAD.replace("content_hash:", "x:") + row(), "conda-lock.yml:3: `content_hash` is missing"),
        (HEAD.replace("- osx-arm64", "- [a]") + row(), "conda-lock.yml:11: an entry of `platforms` is a list"),
        (HEAD.replace("- url:", "- x:") + row(), "conda-lock.yml:7: a channel of this lock has no `url`"),
        (HEAD + "- a\n", "conda-lock.yml:15: the package cannot be used: it is a text ('a')"),
        (HEAD + row().replace("  name", "  x").replace("- name", "- x") + row("b"), "it has no `name`"),
        (
            HEAD + row().replace("manager: conda", "manager: npm"),
            "conda-lock.yml:17: the package 'tiny' cannot be used",
        ),
        (HEAD + row().replace("  url:", "  x:") + row("b"), "conda-lock.yml:15: the package 'tiny' cannot be used: it"),
        (HEAD + row().replace("/linux-64/", "/osx-64/") + row("b"), "its URL lies in 'osx-64'"),
        (HEAD + row().replace("tiny-1.10", "huge-1.10") + row("b"), "its URL is of 'huge'"),
        (HEAD + row().replace("tiny-1.10-h1_2.conda", "tiny.conda") + row("b"), "its URL cannot be used"),
        (HEAD + row().replace("    md5: ", "    x: ") + row("b"), "it has no md5"),
        (HEAD + row().replace(MD5, "abc") + row("b"), "conda-lock.yml:21: the package 'tiny' cannot be used: its md5"),
        (HEAD + row().replace(SHA256, SHA256[1:]) + row("b"), "its sha256 is not 64 hexadecimal digits"),
        (HEAD + row(needs="[a]") + row("b"), "its `dependencies` must hold names and versions"),
        (HEAD + row(needs="{a: [b]}") + row("b"), "its dependency 'a' is a list"),
        (HEAD + row().replace("  optional: false\n", "") + row("b"), "it has no `optional`"),
        (HEAD + row().replace("optional: false", "optional: 3") + row("b"), "its `optional` must be true or false"),
        (HEAD + row(platform="win-64"), "'tiny' is for win-64, which is not among the platforms of this lock"),
        (HEAD + row() + row(), "conda-lock.yml:26: 'tiny' stands here for linux-64 once more, as on line 15"),
        (HEAD + row() + row(category="dev").replace("h1_2", "h9_9"), "conda-lock.yml:26: 'tiny' stands here"),
        (HEAD + "<<<<<<< HEAD\n" + row() + "=======\n>>>>>>> x\n", "conda-lock.yml:15: a merge conflict"),
        (HEAD + row(needs="{gone: '1'}"), "conda-lock.yml:15: 'tiny' needs 'gone', which this lock does not have for"),
    ],
)
def test_what_is_wrong_is_told_apart_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ManifestInvalidError) as caught:
        read(tmp_path, text)
    assert message in caught.value.message
    assert caught.value.message.startswith("conda-lock.yml:")
    assert caught.value.hint


def test_a_lock_that_was_cut_off_anywhere_is_never_taken_for_whole(tmp_path: Path) -> None:
    whole = HEAD + row("a", needs="{b: '1'}") + row("b", needs="{c: '1'}") + row("c")
    assert len(read(tmp_path, whole).packages_for("linux-64")) == 3
    for length in range(len(whole) - 1):
        with pytest.raises(ManifestInvalidError):
            read(tmp_path, whole[:length])


def test_a_cut_within_a_package_is_called_one(tmp_path: Path) -> None:
    for text in (HEAD + row("b") + row()[:-150], HEAD + row() + row("b").replace(f"'1.10'{''}", "'1.1")[:30]):
        with pytest.raises(ManifestInvalidError, match="cut off"):
            read(tmp_path, text)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_read_or_refused_with_a_message(tmp_path: Path, data: st.DataObject) -> None:
    whole = (HEAD + row() + PIP_ROW).encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 20)))
    piece = data.draw(
        st.one_of(st.binary(max_size=8), st.sampled_from([b"\n", b"\t", b"[", b"{", b": ", b"- ", b"&a "]))
    )
    (tmp_path / "conda-lock.yml").write_bytes(whole[:start] + piece + whole[end:])
    failure: PyveError | None = None
    try:
        read_conda_lock_yml(tmp_path / "conda-lock.yml", root=tmp_path)
    except PyveError as error:
        failure = error
    assert failure is None or "conda-lock.yml" in failure.message


@pytest.mark.posix("conda-lock answers the same everywhere; it is asked where it is at home")
@pytest.mark.needs_index
def test_what_conda_lock_writes_is_read_as_it_was_meant(project: Path, conda_lock_python: CondaLock) -> None:
    rows: list[dict[str, object]] = []
    for platform in ("linux-64", "osx-arm64"):
        for name, category in (("tiny", "main"), ("zoo", "dev"), ("zoo", "docs"), ("1e5", "main")):
            rows.append(
                {
                    "name": name,
                    "version": "1.10",
                    "manager": "conda",
                    "platform": platform,
                    "dependencies": {"tiny": ">=1.2, <3 # long " * 9, "__unix": ""},
                    "category": category,
                    "url": f"https://channel.example/{platform}/{name}-1.10-0.conda",
                    "optional": category != "main",
                    "hash": {"md5": "1234567890" * 3 + "12", "sha256": "0e" * 32},
                }
            )
        rows.append(
            {
                "name": "rich",
                "version": "13",
                "manager": "pip",
                "platform": platform,
                "dependencies": {},
                "url": "https://channel.example/rich-13-py3-none-any.whl",
                "optional": False,
                "category": "main",
                "hash": {"sha256": SHA256},
            }
        )
    file = project / "conda-lock.yml"
    conda_lock_python("write", file=file, document=lock_document(("linux-64", "osx-arm64"), rows))
    found = read_conda_lock_yml(file, root=project)
    assert found.platforms == ("linux-64", "osx-arm64")
    assert found.channels == ("conda-forge",)
    assert sorted(package.name for package in found.packages_for("osx-arm64")) == ["1e5", "tiny"]
    assert sorted(package.name for package in found.packages_for("linux-64", categories=("docs",))) == [
        *("1e5", "tiny", "zoo")
    ]
    tiny = next(package for package in found.packages_for("linux-64") if package.name == "tiny")
    assert (tiny.version, tiny.md5, tiny.sha256) == ("1.10", "1234567890" * 3 + "12", "0e" * 32)
    assert set(tiny.depends) == {("tiny " + ">=1.2, <3 # long " * 9).strip(), "__unix"}
    assert [one.hashes for one in found.pip_requirements_for("linux-64")] == [(f"sha256:{SHA256}",)]


@pytest.mark.needs_index
def test_conda_lock_accepts_what_is_understood_here(project: Path, conda_lock_python: CondaLock) -> None:
    file = project / "conda-lock.yml"
    file.write_text(HEAD + row() + row("zoo", category="dev", needs="{tiny: ''}") + PIP_ROW, encoding="utf-8")
    theirs = conda_lock_python("read", file=file)
    ours = read_conda_lock_yml(file, root=project)
    assert sorted((one["name"], one["version"], one["url"], one["hash"]["md5"]) for one in theirs["package"]) == sorted(
        (one.name, one.version, one.url, one.md5) for one in ours.rows
    )
    assert theirs["metadata"]["content_hash"] == ours.content_hashes
