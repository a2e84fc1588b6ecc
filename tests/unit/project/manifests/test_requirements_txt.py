"""Requirements files are read in pip's whole format, and every mistake in them names file and line."""

import codecs
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.errors import (
    ManifestUnreadableError,
    PyveError,
    RequirementInvalidError,
    RequirementsCycleError,
)
from pyve.project.canonical_demand import canonical_requirements
from pyve.project.manifests.requirements_txt import read_requirements_file
from pyve.project.requirement import RequirementSet


def write(root: Path, text: str | bytes, name: str = "requirements.txt") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(root: Path, text: str | bytes, **environment: str) -> RequirementSet:
    return read_requirements_file(write(root, text), root=root, environment=environment)


def fail(root: Path, text: str | bytes) -> PyveError:
    with pytest.raises(RequirementInvalidError) as caught:
        read(root, text)
    assert caught.value.hint
    return caught.value


def lines(found: RequirementSet) -> list[str]:
    return [one.line for one in found.requirements]


# --- what is understood ------------------------------------------------------------------------


def test_order_comments_continuations_and_origins_are_kept(tmp_path: Path) -> None:
    found = read(tmp_path, "# first\nzope # why\n\nrequests \\\n  >=2\nattrs\r\n")
    assert lines(found) == ["zope", "requests   >=2", "attrs"]
    assert [one.origin for one in found.requirements] == [
        "requirements.txt:2",
        "requirements.txt:4",
        "requirements.txt:6",
    ]
    assert found.requirements[1].canonical == "requests>=2"


def test_canonical_form_is_the_same_for_every_spelling(tmp_path: Path) -> None:
    first, second = read(
        tmp_path,
        "Flask_Login[B,a] >=1,<2 ; python_version > '3'\nflask-login[a,b]<2,>=1;python_version>\"3\"",
    ).requirements
    assert first.canonical == second.canonical == 'flask-login[a,b]<2,>=1; python_version > "3"'
    assert first.name == "flask-login"


def test_hashes_and_options_of_a_requirement(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        'a==1 --hash=sha256:aa \\\n --hash=sha256:bb\nb==1 --config-settings k=v --global-option="--with x"\nc -C a=b',
    ).requirements
    assert found[0].hashes == ("sha256:aa", "sha256:bb")
    assert found[0].line == "a==1"
    assert found[1].pip_options == ("--global-option=--with x", "--config-settings=k=v")
    assert found[2].pip_options == ("--config-settings=a=b",)


def test_index_options(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    options = read(
        tmp_path,
        "-i https://one.example/simple\n--index-url=https://two.example/simple\n--extra-index-url https://x.example\n"
        "--find-links wheels\n-f https://links.example\n--trusted-host h.example:8080\n--pre\n--prefer-binary\n"
        "--require-hashes\n--only-binary Foo_Bar,b\n--no-binary b\n--use-feature=fast-deps\n",
    ).options
    assert options.index_url == "https://two.example/simple"
    assert options.extra_index_urls == ("https://x.example",)
    assert options.find_links == (str(tmp_path / "wheels"), "https://links.example")
    assert options.trusted_hosts == ("h.example:8080",)
    assert options.pre
    assert options.prefer_binary
    assert options.require_hashes
    assert options.only_binary == ("foo-bar",)
    assert options.no_binary == ("b",)


def test_an_equals_sign_after_a_short_option_is_not_part_of_its_value(tmp_path: Path) -> None:
    assert read(tmp_path, "-i=https://x.example/simple").options.index_url == "https://x.example/simple"


def test_all_and_none_of_binary_options(tmp_path: Path) -> None:
    options = read(tmp_path, "--no-binary a,b\n--only-binary :all:\n--only-binary=:none:\n--no-binary c").options
    assert options.only_binary == ()
    assert options.no_binary == ("c",)


def test_find_links_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "deep" / "wheels").mkdir(parents=True)
    write(tmp_path, "--find-links wheels\n", "deep/dev.txt")
    assert read(tmp_path, "-r deep/dev.txt").options.find_links == (str(tmp_path / "deep" / "wheels"),)


def test_includes_are_relative_to_the_including_file(tmp_path: Path) -> None:
    write(tmp_path, "b\n-r more/c.txt\n-c ../limits.txt", "deep/b.txt")
    write(tmp_path, "c", "deep/more/c.txt")
    write(tmp_path, "b<3\n", "limits.txt")
    found = read(tmp_path, "a\n-r deep/b.txt\nd\n")
    assert lines(found) == ["a", "b", "c", "d"]
    assert [one.line for one in found.constraints] == ["b<3"]
    assert found.requirements[2].origin == "deep/more/c.txt:1"
    assert found.files == tuple(
        str(tmp_path / name) for name in ("requirements.txt", "deep/b.txt", "deep/more/c.txt", "limits.txt")
    )


def test_a_file_included_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "shared", "base.txt")
    write(tmp_path, "-r base.txt\nb", "b.txt")
    assert lines(read(tmp_path, "-r base.txt\n-r b.txt")) == ["shared", "b"]


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + "zürich".encode(),
        codecs.BOM_UTF16_LE + "zürich".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "zürich".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "zürich".encode("utf-32-le"),
        codecs.BOM_UTF32_BE + "zürich".encode("utf-32-be"),
        "# -*- coding: latin-1 -*-\nzürich".encode("latin-1"),
        "zürich".encode(),
    ],
    ids=["utf-8 mark", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "coding line", "plain utf-8"],
)
def test_encodings_are_detected_as_pip_does(tmp_path: Path, raw: bytes) -> None:
    error = fail(tmp_path, raw)  # no name has an umlaut, so the message shows what was decoded
    assert "'zürich'" in error.message


def test_urls_and_version_control(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "git+https://user:secret@git.example/a.git@v1#egg=My_Lib\n"
        "-e git+ssh://git@git.example/b.git#egg=b\n"
        "named @ https://u:p@files.example/n-1.tar.gz ; python_version > '3'\n"
        "https://files.example/o.whl ; sys_platform == 'linux'\n",
    ).requirements
    assert [one.name for one in found] == ["my-lib", "b", "named", None]
    assert [one.editable for one in found] == [False, True, False, False]
    assert found[0].canonical == "git+https://git.example/a.git@v1#egg=My_Lib"
    assert "secret" in found[0].line
    assert found[2].canonical == 'named @ https://files.example/n-1.tar.gz; python_version > "3"'
    assert found[3].canonical == 'https://files.example/o.whl; sys_platform == "linux"'


def test_variables_in_urls_stay_as_written(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "-i https://${USER}:${PASS}@index.example/simple\na @ git+https://${TOKEN}@git.example/a\nb @ ${PLACE}\n",
        TOKEN="secret",
        PLACE="https://secret@files.example/b.whl",
    )
    assert found.options.index_url == "https://${USER}:${PASS}@index.example/simple"
    assert lines(found)[0] == "a @ git+https://${TOKEN}@git.example/a"
    assert "secret" not in repr(found)


@pytest.mark.parametrize("written", ["b==${VERSION}", "${NAME}==3", "${NAME}${NONE}==${VERSION}"])
def test_variables_in_names_and_versions_are_filled_in(tmp_path: Path, written: str) -> None:
    (found,) = read(tmp_path, written, NAME="b", VERSION="3", NONE="0").requirements
    assert found.canonical == found.line
    assert found.line in {"b==3", "b0==3"}


def test_variables_in_paths_are_filled_in(tmp_path: Path) -> None:
    write(tmp_path, '[project]\nname = "lib"\n', "libs/lib/pyproject.toml")
    (found,) = read(tmp_path, "./libs/${NAME}", NAME="lib").requirements
    assert found.line == f"lib @ {(tmp_path / 'libs' / 'lib').as_uri()}"


def test_variable_that_is_not_set_stays(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "b==${VERSION}", VERSION="").requirements
    assert (found.line, found.name) == ("b==${VERSION}", "b")


def test_local_paths_become_urls_that_no_installer_misreads(tmp_path: Path) -> None:
    name = "my $(touch x) lib"
    write(tmp_path, '[project]\nname = "My.Lib"\n', f"{name}/pyproject.toml")
    editable, plain = read(tmp_path, f'-e "./{name}[b,a]"\n./{name}[b] ; python_version > "3"\n').requirements
    url = (tmp_path / name).as_uri()
    assert editable.line == f"{url}[a,b]"
    assert editable.editable
    assert plain.line == f'my-lib[b] @ {url} ; python_version > "3"'
    assert plain.name == "my-lib"
    assert re.match(r"^my \$\(touch x\) lib\[b\]#content=[0-9a-f]{64}; python_version > \"3\"$", plain.canonical)


def test_a_marker_after_an_editable_path_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "", "lib/setup.py")
    (found,) = read(tmp_path, "-e ./lib ; python_version > '3'").requirements
    assert found.line == f'{(tmp_path / "lib").as_uri()} ; python_version > "3"'


def test_local_paths_count_by_content(tmp_path: Path) -> None:
    wheel = "a-1-py3-none-any.whl"
    write(tmp_path, b"one", f"wheels/{wheel}")
    before = read(tmp_path, f"wheels/{wheel}\n").requirements[0]
    write(tmp_path, b"two", f"wheels/{wheel}")
    after = read(tmp_path, f"a @ file:wheels/{wheel}\n").requirements[0]
    assert before.name == after.name == "a"
    assert before.line == after.line
    assert before.canonical != after.canonical


def test_paths_in_an_included_file_are_seen_from_the_project_then_from_the_file(tmp_path: Path) -> None:
    write(tmp_path, "", "lib/setup.py")
    write(tmp_path, "", "deep/lib/setup.py")
    write(tmp_path, "", "deep/other/setup.py")
    write(tmp_path, "-e ./lib\n-e ./other", "deep/dev.txt")
    found = read(tmp_path, "-r deep/dev.txt").requirements
    assert [one.line for one in found] == [(tmp_path / "lib").as_uri(), (tmp_path / "deep" / "other").as_uri()]


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("a\nb\nflask=2.0", "requirements.txt:3: 'flask=2.0'", "flask==2.0"),
        ("flask 2.0", "requirements.txt:1: 'flask 2.0'", "flask==2.0"),
        ("pip install flask", "requirements.txt:1", "leave the command out: flask"),
        ("flask>=", "requirements.txt:1", "name>=1.2"),
        ("\nflask; python_version >", "requirements.txt:2", "name>=1.2"),
        ("--indx-url https://x.example", "requirements.txt:1", "--index-url"),
        ("--no-use-wheel", "requirements.txt:1", "--no-binary :all:"),
        ("a --install-option=x", "requirements.txt:1", "--config-settings"),
        ("a --hash=md5:aa", "requirements.txt:1", "--hash=sha256:"),
        ("a --hash=sha256:zz", "requirements.txt:1", "--hash=sha256:"),
        ("a --index-url https://x.example", "requirements.txt:1", "line of its own"),
        ("-e 'unfinished", "requirements.txt:1", "close the quotation"),
        ("-r", "requirements.txt:1", "pip"),
        ("--hash=sha256:aa", "requirements.txt:1", "backslash"),
        ("-e ./a -e ./b", "requirements.txt:1", "its own line"),
        ("git://git.example/x", "requirements.txt:1", "git+git://git.example/x"),
        ("git+git@git.example:o/r", "requirements.txt:1", "git+ssh://git@git.example/o/r"),
        ("./nowhere", "requirements.txt:1: './nowhere'", "correct the path"),
        ("-e nowhere", "requirements.txt:1: 'nowhere'", "correct the path"),
        ("missing-1-py3-none-any.whl", "requirements.txt:1", "correct the path"),
        ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n", "requirements.txt:2: a merge conflict", "git add"),
        ("-r https://x.example/r.txt", "requirements.txt:1: https://x.example/r.txt", "curl"),
        ("-c https://u:p@x.example/c.txt", "requirements.txt:1: https://x.example/c.txt", "curl"),
        (b"a\0b", "requirements.txt:1: there are NUL bytes", "UTF-8"),
    ],
)
def test_a_mistake_names_its_line_and_what_to_write(tmp_path: Path, text: str | bytes, place: str, hint: str) -> None:
    error = fail(tmp_path, text)
    assert place in error.message
    assert hint in (error.hint or "")


def test_a_mistake_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    write(tmp_path, "ok\n???", "deep/b.txt")
    assert "deep/b.txt:2: '???'" in fail(tmp_path, "-r deep/b.txt").message


def test_credentials_are_not_shown_in_messages(tmp_path: Path) -> None:
    for text in ("svn://me:secret@x.example/y", "a @ foo://me:secret@x.example/y", "-e ???@https://me:secret@x"):
        error = fail(tmp_path, text)
        assert "secret" not in error.message


def test_a_circle_of_includes_shows_the_chain(tmp_path: Path) -> None:
    write(tmp_path, "x\n-r deep/c.txt", "b.txt")
    write(tmp_path, "-c ../b.txt", "deep/c.txt")
    write(tmp_path, "-r b.txt")
    with pytest.raises(RequirementsCycleError) as caught:
        read_requirements_file(tmp_path / "requirements.txt", root=tmp_path, environment={})
    assert "b.txt:2 -> deep/c.txt:1 -> b.txt" in caught.value.message
    assert caught.value.hint == "remove the -r in deep/c.txt:1"


def test_a_file_that_includes_itself_through_a_link_is_a_circle(tmp_path: Path) -> None:
    (tmp_path / "alias.txt").symlink_to("requirements.txt")
    write(tmp_path, "-r alias.txt")
    with pytest.raises(RequirementsCycleError):
        read_requirements_file(tmp_path / "requirements.txt", root=tmp_path, environment={})


def test_a_missing_included_file_names_who_includes_it(tmp_path: Path) -> None:
    write(tmp_path, "a\n-r gone.txt")
    with pytest.raises(ManifestUnreadableError, match=r"^requirements\.txt:2: .*gone\.txt.*no such file"):
        read_requirements_file(tmp_path / "requirements.txt", root=tmp_path, environment={})


@pytest.mark.parametrize("coding", ["no-such-codec", "hex", "idna"])
def test_an_unknown_encoding_is_named(tmp_path: Path, coding: str) -> None:
    write(tmp_path, f"# coding: {coding}\n\xff..a\n".encode("latin-1"))
    with pytest.raises(ManifestUnreadableError, match=coding):
        read_requirements_file(tmp_path / "requirements.txt", root=tmp_path, environment={})


# --- for any text ------------------------------------------------------------------------------

WORDS = (
    *("a", "==", "1", ";", "[", "]", "@", "#", "-e", "-r", "-c", "-f", "-i", "--", "'", '"', "file:", "file://"),
    *("git+", "://", "~", "${A}", "/", "./", "x.whl", ".tar.gz", "--hash=", "%zz", "[::", "python_version"),
    *("<<<<<<<", ">>>>>>>", "--config-settings", "--no-binary", ":all:", "\u00e9"),
)
tricky = st.sampled_from([*WORDS, *(f"{word} " for word in WORDS), " ", "\t", "\\\n", "\n", "\0", "\u2028", "\x0c"])


def failure_of(action: Callable[[], object]) -> PyveError | None:
    try:
        action()
    except PyveError as error:
        return error
    return None


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.one_of(st.lists(tricky, max_size=12).map("".join), st.text(max_size=40)))
def test_any_text_is_read_or_refused_with_a_message(tmp_path: Path, text: str) -> None:
    error = failure_of(lambda: read(tmp_path, text.encode("utf-8", "surrogatepass"), A="1"))
    assert error is None or (error.exit_status == 3 and error.hint)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(raw=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_with_a_message(tmp_path: Path, raw: bytes) -> None:
    error = failure_of(lambda: read(tmp_path, raw))
    assert error is None or (error.exit_status == 3 and error.hint)


names = st.sampled_from(["flask", "Zope.Interface", "my_lib", "attrs"])
specifiers = st.lists(st.sampled_from([">=1", "<3", "!=2", "==1.*"]), max_size=3, unique=True)
extra_lists = st.lists(st.sampled_from(["a", "B", "c_d"]), max_size=2, unique=True)
markers = st.sampled_from(["", "python_version > '3'", 'sys_platform=="win32"'])
demands = st.lists(st.tuples(names, extra_lists, specifiers, markers), max_size=5)


def spell(demand: tuple[str, list[str], list[str], str], draw: st.DrawFn) -> str:
    name, extras, specifier, marker = demand
    gap = st.sampled_from(["", " ", "  ", "\t", " \\\n"])
    name = name.replace("_", draw(st.sampled_from("_-.")))
    name = name.upper() if draw(st.booleans()) else name
    text = name + (draw(gap) + f"[{','.join(draw(st.permutations(extras)))}]" if extras else "")
    text += draw(gap) + ",".join(draw(st.permutations(specifier)))
    text += f" ;{draw(gap)}{marker}" if marker else ""
    return text + draw(st.sampled_from(["", "  ", " # a comment", "\n\n# another"]))


@st.composite
def spelt_twice(draw: st.DrawFn) -> tuple[str, str]:
    wanted = draw(demands)
    texts = []
    for _ in range(2):
        end = draw(st.sampled_from(["\n", "\r\n"]))
        texts.append(end.join(spell(demand, draw) for demand in draw(st.permutations(wanted))))
    return texts[0], texts[1]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=spelt_twice())
def test_canonical_form_ignores_comments_white_space_and_order(tmp_path: Path, texts: tuple[str, str]) -> None:
    first, second = (canonical_requirements(read(tmp_path, text).requirements) for text in texts)
    assert first == second
