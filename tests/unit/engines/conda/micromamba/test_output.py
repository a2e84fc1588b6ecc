"""What is read out of what micromamba prints, in the form in which micromamba 2 was seen to print it."""

import json

import pytest

from pyve.engines.conda.micromamba.failures import clean_text, read_failure
from pyve.engines.conda.micromamba.output import read_about, read_solution
from pyve.engines.conda.micromamba.places import Places, choose_places
from pyve.project.conda.channel import Channel

CHANNEL = Channel(name="conda-forge", url="https://channel.example/conda-forge", sources=("https://mirror.example/cf",))
ROW = {
    "name": "tiny",
    "version": "2.0",
    "build": "pyh0_0",
    "build_string": "pyh0_0",
    "build_number": 0,
    "url": "https://mirror.example/cf/noarch/tiny-2.0-pyh0_0.conda",
    "sha256": "a" * 64,
    "md5": "b" * 32,
    "size": 1234,
    "depends": ["python >=3.8"],
    "constrains": [],
}
CONFLICT = """\
trace    libmamba ***** Backtrace Start *****
trace    libmamba Searching index cache file for repo 'https://mirror.example/cf/noarch'
trace    libmamba ***** Backtrace End *****
warning  libmamba Problem type not implemented
error    libmamba Could not solve for environment specs
    The following packages are incompatible
    ├─ app-a =* * is installable and it requires
    │  └─ libfoo >=2,<3 *, which can be installed;
    └─ app-b =* * is not installable because it requires
       └─ libfoo >=1,<2 *, which conflicts with any installable versions previously reported.
critical libmamba Could not solve for environment specs
"""
UNKNOWN = """\
error    libmamba Could not solve for environment specs
    The following package could not be installed
    └─ openjkd =* * does not exist (perhaps a typo or a missing channel).
critical libmamba Could not solve for environment specs
"""
MACHINE = """\
error    libmamba Could not solve for environment specs
    The following package could not be installed
    └─ app-glibc =* * is not installable because it requires
       └─ __glibc >=2.99 *, which is missing on the system.
critical libmamba Could not solve for environment specs
"""
HASH = """\
error    libmamba File not valid: SHA256 doesn't match expectation "/c/pkgs/https/mirror.example/cf/noarch/tiny.conda"
    Expected: aaaa
    Actual: bbbb
error    libmamba A cache may be corrupted. If the error persists, please report the error on mamba's issue tracker
critical libmamba Found incorrect download: tiny. Aborting
"""


def places() -> Places:
    return choose_places((CHANNEL,), (), attempt=0, alias=lambda base: base)


def test_solution_has_canonical_urls_and_all_that_a_lock_needs() -> None:
    short = {key: ROW[key] for key in ("name", "version", "build", "url")}
    document = {"success": True, "actions": {"FETCH": [ROW], "LINK": [short], "PREFIX": "/x"}}

    (found,) = read_solution(json.dumps(document), places())

    assert found.url == "https://channel.example/conda-forge/noarch/tiny-2.0-pyh0_0.conda"
    assert (found.name, found.version, found.build, found.subdir) == ("tiny", "2.0", "pyh0_0", "noarch")
    assert (found.sha256, found.md5, found.size, found.depends) == ("a" * 64, "b" * 32, 1234, ("python >=3.8",))


@pytest.mark.parametrize(
    "text",
    [
        *("", "Segmentation fault", "[]", '{"success": false, "solver_problems": ["x"]}', '{"success": true}'),
        *('{"success": true, "actions": {"LINK": [{"name": "tiny"}]}}', '{"success": true, "actions": {"LINK": [1]}}'),
    ],
)
def test_what_is_no_solution_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_solution(text, places())


def test_what_it_says_of_itself() -> None:
    text = json.dumps(
        {
            "micromamba version": "2.9.0",
            "platform": "linux-64",
            "virtual packages": ["__unix=0=0", "__glibc=2.36=0", "__archspec=1=x86_64_v3"],
        }
    )

    about = read_about(text)

    assert (about.version, about.major, about.platform) == ("2.9.0", 2, "linux-64")
    assert about.virtual_packages == {"__unix": "0", "__glibc": "2.36", "__archspec": "1=x86_64_v3"}


@pytest.mark.parametrize("text", ["", "{}", "2.9.0", '{"conda_version": "24"}'])
def test_program_that_is_another_is_not_taken_for_micromamba(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_about(text)


@pytest.mark.parametrize(
    ("stderr", "kind", "subject"),
    [
        pytest.param(CONFLICT, "unsatisfiable", "", id="conflict"),
        pytest.param(UNKNOWN, "unknown-package", "openjkd", id="unknown name"),
        pytest.param(MACHINE, "machine", "__glibc", id="machine"),
        pytest.param(HASH, "corrupt", "", id="hash"),
        pytest.param(
            "critical libmamba Transfer finalized, status: 401 [https://mirror.example/cf/noarch/repodata.json]",
            "unauthorised",
            "https://mirror.example/cf/noarch/repodata.json",
            id="401",
        ),
        pytest.param(
            "critical libmamba Download error (6) Could not resolve hostname [https://mirror.example/cf]",
            "channel",
            "https://mirror.example/cf",
            id="no such server",
        ),
        pytest.param("critical libmamba Bad path: file:///a b", "channel", "file:///a", id="bad path"),
        pytest.param("critical libmamba write failed: No space left on device", "disk-full", "", id="full disk"),
        pytest.param(
            "critical libmamba Non-conda folder exists at prefix - aborting. /x", "foreign-prefix", "", id="foreign"
        ),
        pytest.param('critical libmamba Could not parse spec "foo =>2"', "bad-spec", "foo =>2", id="spec"),
        pytest.param("critical libmamba Could not set lock (/c/pkgs)", "busy", "", id="lock"),
        pytest.param("Segmentation fault", "failed", "", id="anything else"),
    ],
)
def test_failure_is_of_the_kind_that_its_text_tells(stderr: str, kind: str, subject: str) -> None:
    failure = read_failure("", stderr, offline=False, places=places())

    assert (failure.kind, failure.subject) == (kind, subject)


def test_what_cannot_be_fetched_offline_is_not_cached() -> None:
    text = "critical libmamba Download error (6) Could not resolve hostname [https://mirror.example/cf]"

    assert read_failure("", text, offline=True, places=places()).kind == "not-cached"


def test_solver_failure_without_its_tree_still_tells_the_problem() -> None:
    stdout = json.dumps({"success": False, "solver_problems": ["nothing provides libfoo >=7 needed by app"]})

    failure = read_failure(stdout, "", offline=False, places=places())

    assert failure.kind == "unsatisfiable"
    assert "nothing provides libfoo >=7" in failure.text


def test_tree_stays_and_traces_and_advice_go() -> None:
    text = clean_text(CONFLICT + HASH)

    assert "├─ app-a =* * is installable and it requires" in text
    assert "Backtrace" not in text
    assert "index cache file" not in text
    assert "issue tracker" not in text
    assert "not implemented" not in text
    assert "libmamba" not in text
    assert clean_text(CONFLICT).count("Could not solve") == 1
