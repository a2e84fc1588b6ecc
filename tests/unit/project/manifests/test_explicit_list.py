"""@EXPLICIT lists are read as CEP 23 has them."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.errors import ManifestInvalidError, PyveError
from pyve.project.manifests.explicit_list import ExplicitList, read_explicit_list

MD5, SHA256 = "0123456789abcdef" * 2, "0123456789abcdef" * 4
ENVIRONMENT = {"HOME": os.path.abspath("/home/me"), "WORD": "secret"}


def read(root: Path, text: str) -> ExplicitList:
    (root / "explicit.txt").write_text(text, encoding="utf-8")
    return read_explicit_list(root / "explicit.txt", root=root, environment=ENVIRONMENT)


def test_packages_keep_their_order_and_hashes(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "# This file may be used with conda.\n# platform: linux-64\n \n  @EXPLICIT  \n"
        f"https://channel.example/c/linux-64/zoo-1.0-h1_0.conda#{MD5}\n"
        f"https://channel.example/c/noarch/a-b-2-py_1.tar.bz2#sha256:{SHA256.upper()}\r\n"
        f"  https://channel.example/c/noarch/c-3-0.conda#{SHA256}\n",
    )
    assert found.platform == "linux-64"
    assert [(one.name, one.version, one.build, one.subdir) for one in found.packages] == [
        ("zoo", "1.0", "h1_0", "linux-64"),
        ("a-b", "2", "py_1", "noarch"),
        ("c", "3", "0", "noarch"),
    ]
    assert [(one.md5, one.sha256) for one in found.packages] == [(MD5, None), (None, SHA256), (None, SHA256)]
    assert found.packages[0].url == "https://channel.example/c/linux-64/zoo-1.0-h1_0.conda"
    assert found.notes == ()


def test_the_platform_is_that_of_the_packages_where_no_comment_says_it(tmp_path: Path) -> None:
    mac = "@EXPLICIT\nhttps://channel.example/osx-arm64/a-1-0.conda\n"
    assert read(tmp_path, mac).platform == "osx-arm64"
    assert read(tmp_path, "@EXPLICIT\nhttps://channel.example/noarch/a-1-0.conda\n").platform is None


def test_packages_without_a_hash_are_noted(tmp_path: Path) -> None:
    text = "@EXPLICIT\nhttps://channel.example/noarch/a-1-0.conda\nhttps://channel.example/noarch/b-1-0.conda\n"
    assert read(tmp_path, text).notes == (
        "explicit.txt:2: this package and 1 more have no hash, so that what is downloaded cannot be verified.",
    )


def test_paths_start_at_the_project_and_the_home(project: Path) -> None:
    found = read(project, "@EXPLICIT\n./linux-64/a-1-0.conda\n~/noarch/b-1-0.conda\n/opt/x y/noarch/c-1-0.conda\n")
    assert [one.url for one in found.packages] == [
        (project / "linux-64" / "a-1-0.conda").as_uri(),
        Path(ENVIRONMENT["HOME"], "noarch", "b-1-0.conda").as_uri(),
        Path("/opt/x y/noarch/c-1-0.conda").absolute().as_uri(),
    ]
    assert [one.subdir for one in found.packages] == ["linux-64", "noarch", "noarch"]


def test_variables_are_filled_in_and_credentials_left_out(tmp_path: Path) -> None:
    text = f"@EXPLICIT\nhttps://me:$WORD@channel.example/t/${{WORD}}/noarch/a-1-0.conda#{MD5}\n"
    found = read(tmp_path, text)
    assert [one.url for one in found.packages] == ["https://channel.example/noarch/a-1-0.conda"]
    assert len(found.notes) == 1
    assert "credentials in URLs are not used" in found.notes[0]


def test_a_line_that_stands_twice_counts_once(tmp_path: Path) -> None:
    line = "https://channel.example/noarch/a-1-0.conda\n"
    assert len(read(tmp_path, f"@EXPLICIT\n{line}{line}").packages) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "explicit.txt:1: this file is empty"),
        ("numpy\n", "explicit.txt:1: there is no line @EXPLICIT"),
        ("@explicit\n", "explicit.txt:1: there is no line @EXPLICIT"),
        ("@EXPLICIT\nnumpy=1\n", "explicit.txt:2: 'numpy=1' cannot be linked: it is no URL of a package"),
        ("@EXPLICIT\nhttps://channel.example/noarch/a.conda\n", "explicit.txt:2"),
        ("@EXPLICIT\nhttps://channel.example/noarch/a-1-0.conda#12\n", "what follows # is neither an md5 nor a sha256"),
        (f"@EXPLICIT\nhttps://channel.example/noarch/a-1-0.conda#md5:{MD5}\n", "what follows # is neither"),
        ("@EXPLICIT\nhttps://$NOWHERE/noarch/a-1-0.conda\n", "explicit.txt:2: the variable NOWHERE is not set"),
        ("@EXPLICIT\nhttps://channel.example/noarch/a\x1b-1-0.conda\n", "characters that cannot be seen"),
        ("@EXPLICIT\nhttps://me:secret@channel.example/noarch/a\n", "'https://channel.example/noarch/a' cannot be"),
        (
            "@EXPLICIT\nhttps://channel.example/noarch/a-1-0.conda\nhttps://channel.example/noarch/a-2-0.conda\n",
            "explicit.txt:3: 'a' stands here once more, as on line 2",
        ),
        (
            "# platform: osx-64\n@EXPLICIT\nhttps://channel.example/win-64/a-1-0.conda\n",
            "explicit.txt:3: this is for win-64, and what stands above it for osx-64",
        ),
        ("@EXPLICIT\n<<<<<<< HEAD\n=======\n>>>>>>> x\n", "explicit.txt:2: a merge conflict"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ManifestInvalidError) as caught:
        read(tmp_path, text)
    assert message in caught.value.message
    assert caught.value.hint
    assert "secret" not in caught.value.message


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.lists(
        st.one_of(
            st.sampled_from(
                [b"\n", b"https://x/noarch/a-1-0.conda", b"#", MD5.encode(), b"$WORD", b"~/", b"# platform: "]
            ),
            st.binary(max_size=6),
        ),
        max_size=8,
    )
)
def test_any_bytes_are_read_or_refused_with_a_message(tmp_path: Path, content: list[bytes]) -> None:
    (tmp_path / "explicit.txt").write_bytes(b"@EXPLICIT\n" + b"".join(content))
    failure: PyveError | None = None
    try:
        read_explicit_list(tmp_path / "explicit.txt", root=tmp_path, environment=ENVIRONMENT)
    except PyveError as error:
        failure = error
    assert failure is None or "explicit.txt" in failure.message
