"""A MatchSpec text is taken apart leniently, and what is clearly none is refused with what was meant."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pyve.project.conda.content_hash import lock_version_of
from pyve.project.conda.lock_channel import canonical_channel
from pyve.project.conda.match_spec import MatchSpecTextError, parse_match_spec
from tests.support.conda_lock import CondaLock, conda_lock_python

__all__ = ["conda_lock_python"]


@pytest.mark.parametrize(
    ("text", "name", "channel", "version", "build"),
    [
        ("numpy", "numpy", None, None, None),
        ("NumPy", "numpy", None, None, None),
        ("python=3.11", "python", None, "=3.11", None),
        ("python = 3.11", "python", None, "=3.11", None),
        ("python=3.11.*", "python", None, "=3.11.*", None),
        ("numpy=1.26.4=py311*", "numpy", None, "=1.26.4", "py311*"),
        ("numpy 1.26 py311_0", "numpy", None, "1.26", "py311_0"),
        ("scipy==1.*", "scipy", None, "==1.*", None),
        ("foo>=1.*", "foo", None, ">=1.*", None),
        ("foo >=1 , <2 py3_0", "foo", None, ">=1,<2", "py3_0"),
        ("foo * openblas_0", "foo", None, "*", "openblas_0"),
        ("foo 1.2|1.3", "foo", None, "1.2|1.3", None),
        ("foo!=1.2", "foo", None, "!=1.2", None),
        ("foo~=1.2", "foo", None, "~=1.2", None),
        ("__glibc >=2.17", "__glibc", None, ">=2.17", None),
        ("conda-forge::python=3.11", "python", "conda-forge", "=3.11", None),
        ("conda-forge/linux-64::a", "a", "conda-forge/linux-64", None, None),
        ("https://channel.example/c::a 1", "a", "https://channel.example/c", "1", None),
        ("a[version='>=3,<4', build=h*]", "a", None, ">=3,<4", "h*"),
        ("a[extras=[b, c], version='>=3']", "a", None, ">=3", None),
        ('a[channel="x", build="0"]', "a", "x", None, "0"),
    ],
)
def test_a_spec_is_taken_apart(
    text: str, name: str, channel: str | None, version: str | None, build: str | None
) -> None:
    found = parse_match_spec(text)
    assert (found.name, found.channel, found.version, found.build) == (name, channel, version, build)


@pytest.mark.parametrize(
    "text",
    ["https://channel.example/linux-64/two-parts-1.0-h1_0.conda#0123", "./linux-64/two-parts-1.0-h1_0.tar.bz2"],
)
def test_a_package_by_its_place_has_the_name_of_its_file(text: str) -> None:
    found = parse_match_spec(text)
    assert (found.name, found.version, found.build) == ("two-parts", "1.0", "h1_0")
    assert found.url == text.partition("#")[0]


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("", "it is empty", "name a package"),
        ("  ", "it is empty", "name a package"),
        ("*", "every package", "name the package"),
        ("a " + "1 " * 100_000 + "=", "longer than", "name one package"),
        ("a\x1bb", "cannot be seen", "type the line anew"),
        ("num\u200bpy", "cannot be seen", "type the line anew"),
        ("pip:requests", "a list of their own", "- pip:\n    - requests"),
        ("conda-forge:numpy", "one colon", "conda-forge::numpy"),
        ("::numpy", "no channel before ::", "conda-forge::numpy"),
        ("conda-forge::", "no package after ::", "conda-forge::numpy"),
        ("foo =>2", "=> is no operator", "foo>=2"),
        ("foo=<2", "=< is no operator", "foo<=2"),
        ("foo=", "no version after the operator", "foo=1.2"),
        ("foo >=", "no version after the operator", "foo=1.2"),
        ("foo >=1,<", "no version after the operator", "foo=1.2"),
        (">=2", "no name before the version", "numpy>=2"),
        ("foo@1.2", "'foo@1.2' is no name", "letters, digits"),
        ("foo[version", "brackets do not match", "numpy[version='>=2'"),
        ("foo[a=1][b=2]", "brackets do not match", "numpy[version='>=2'"),
        ("foo ; sys_platform == 'win32'", "markers", "# [linux]"),
        ("foo#bar", "a # in its name", "a space before"),
        ("https://channel.example/foo", "neither a package", "::name"),
        ("https://channel.example/foo.conda", "name-version-build.conda", "correct the end"),
    ],
)
def test_what_is_no_spec_is_refused_with_what_was_meant(text: str, reason: str, hint: str) -> None:
    with pytest.raises(MatchSpecTextError) as caught:
        parse_match_spec(text)
    assert reason in str(caught.value)
    assert hint in str(caught.value.hint)


@given(st.text(alphabet="abN1.*=<>!~|, []:'\"#-_;()@/", max_size=16))
@example("a[=]")
@example("a=1=2=3")
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    refusal: MatchSpecTextError | None = None
    name = version = ""
    try:
        found = parse_match_spec(text)
        name, version = found.name, lock_version_of(found)
    except MatchSpecTextError as error:
        refusal = error
    assert bool(name) is (refusal is None)
    assert refusal is None or (str(refusal) and refusal.hint)
    assert not set(name + version) & set(" \t")


VERSIONS = ("", "1.2", "1.2.*", "1.2*", ">=1.2,<2", "1.2|1.3*", "~=1.4", "!=1.2.*", ">=1.2.*", "1!2.0", "(1|2),<3", "*")
SPECS = [
    *(f"name{operator}{version}" for operator in ("=", "==", " ", " =", " ==") for version in VERSIONS if version),
    *(f"name {version} py_0" for version in VERSIONS if version),
    *(f"name={version}=h*_1" for version in VERSIONS if version),
    *(f"name[version='{version}']" for version in VERSIONS if version),
    *(f"name[version='{version}',build=x]" for version in VERSIONS if version),
    *("Name", "conda-forge::name=1", "conda-forge/linux-64::name", "https://channel.example/a::name 1.2"),
    *("https://conda.anaconda.org/conda-forge::name", "defaults::name", "pkgs/main::name", "conda-forge/label/x::name"),
    *("https://conda.anaconda.org/conda-forge/linux-64/name-1.0-h1_0.conda", "file:///x/y::name", "./x::name"),
    *("https://channel.example/c/linux-64/name-1.0-h1_0.conda", "https://u:p@channel.example/t/tk/c::name"),
    *("https://repo.anaconda.com/pkgs/main::name", "https://channel.example/c/d/linux-64::name", "pkgs/free::name"),
    "name >= 1.2 , < 2",
]


@pytest.mark.posix("conda-lock answers the same everywhere; it is asked where it is at home")
@pytest.mark.needs_index
def test_conda_reads_the_same_out_of_a_spec(conda_lock_python: CondaLock) -> None:
    answers = conda_lock_python("match-specs", texts=SPECS)
    understood = {text: answer for text, answer in zip(SPECS, answers, strict=True) if answer is not None}
    assert len(understood) > len(SPECS) * 3 // 4
    parsed = {text: parse_match_spec(text) for text in understood}
    assert understood == {
        text: [found.name, lock_version_of(found), found.build, canonical_channel(found)]
        for text, found in parsed.items()
    }
