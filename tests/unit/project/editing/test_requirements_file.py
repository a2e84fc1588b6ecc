"""Requirements files: where an entry goes, and what stays of the line that is changed."""

from pathlib import Path

import pytest

from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.editing.asked_package import AskedPackage, merge_requirement
from pyve.project.editing.list_change import ChangeKind, EntryChange, put_package, take_package
from pyve.project.editing.requirement_name import find_requirement_name
from pyve.project.editing.requirements_file import RequirementsFile

NOWHERE = Path("/nowhere")
PLACES = RequirementsFile(shown="requirements.in", root=NOWHERE, folder=NOWHERE)


def put(text: str, typed: str) -> tuple[str, EntryChange]:
    name = find_requirement_name(typed, root=NOWHERE, folder=NOWHERE)
    return put_package(PLACES, text, AskedPackage(text=typed, name=name), merge_requirement)


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("alpha\nzeta\n", "mid", "alpha\nmid\nzeta\n"),
        ("beta\nzeta\n", "alpha", "alpha\nbeta\nzeta\n"),
        ("zeta\nalpha\n", "mid", "zeta\nalpha\nmid\n"),
        ("alpha\n", "Mid", "alpha\nMid\n"),
        ("--pre\n-r other.in\n", "mid", "--pre\n-r other.in\nmid\n"),
        ("alpha\n# the end\n\n\n", "mid", "alpha\n# the end\nmid\n\n\n"),
        ("beta\n\n# more\nalpha", "mid", "beta\n\n# more\nalpha\nmid"),
        ("beta\r\nalpha\r\n", "mid", "beta\r\nalpha\r\nmid\r\n"),
        ("alpha \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\nzeta\n", "mid", None),
    ],
)
def test_new_entry_goes_where_a_person_would_put_it(text: str, typed: str, expected: str | None) -> None:
    expected = expected or text.replace("zeta\n", "mid\nzeta\n")
    changed, change = put(text, typed)

    assert changed == expected
    assert changed.splitlines()[change.line - 1] == typed


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("alpha<2  # old\n", "alpha>=3", "alpha>=3  # old\n"),
        ("  alpha<2\n", "alpha>=3", "  alpha>=3\n"),
        ("alpha<2; python_version < '3.9'\n", "alpha>=3", "alpha>=3; python_version < '3.9'\n"),
        ("alpha<2 ; python_version < '3.9'\n", "alpha; os_name == 'nt'", "alpha<2; os_name == 'nt'\n"),
        ("alpha[a]>=1\n", "alpha[b]", "alpha[a,b]>=1\n"),
        ("alpha @ https://h.example/a.zip\n", "alpha>=1", "alpha>=1\n"),
        ("alpha>=1\n", "alpha @ https://h.example/a.zip", "alpha @ https://h.example/a.zip\n"),
        ("ALPHA>=1\n", "alpha >= 2", "alpha >= 2\n"),
        ("alpha<2 --config-settings=a=b\n", "alpha<3", "alpha<3 --config-settings=a=b\n"),
    ],
)
def test_what_is_not_typed_of_an_entry_stays(text: str, typed: str, expected: str) -> None:
    changed, change = put(text, typed)

    assert changed == expected
    assert change.kind is ChangeKind.CHANGED


@pytest.mark.parametrize("typed", ["alpha", "Alpha>=1,<3", "alpha<3,>=1"])
def test_what_is_declared_already_stays_to_the_byte(typed: str) -> None:
    text = "alpha >=1, <3  # so\n"
    changed, change = put(text, typed)

    assert (changed, change.kind) == (text, ChangeKind.KEPT)


def test_hashes_of_another_version_go_and_are_told() -> None:
    text = "alpha==1 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd  # two\nbeta\n"
    changed, change = put(text, "alpha==2")

    assert changed == "alpha==2  # two\nbeta\n"
    assert change.dropped == ("--hash=sha256:ab", "--hash=sha256:cd")


def test_entry_that_ends_in_the_middle_of_a_line_is_refused() -> None:
    with pytest.raises(DeclarationNotEditableError, match="nothing was changed"):
        put("alpha \\", "beta")


def test_removing_takes_every_line_of_the_package() -> None:
    text = "Zope.Interface<5; python_version < '3.9'\nalpha\nzope_interface>=5 \\\n  --hash=sha256:ab\n"

    left, gone = take_package(PLACES, text, "zope-interface")

    assert left == "alpha\n"
    assert [one.before for one in gone] == ["Zope.Interface<5; python_version < '3.9'", "zope_interface>=5"]


def test_names_of_urls_paths_and_repositories_are_found(tmp_path: Path) -> None:
    (tmp_path / "tool").mkdir()
    (tmp_path / "tool" / "pyproject.toml").write_text('[project]\nname = "Its.Tool"\n', encoding="utf-8")
    places = RequirementsFile(shown="requirements.in", root=tmp_path, folder=tmp_path)
    text = (
        "-e ./tool[fast]\n"
        "git+https://h.example/x.git#egg=Repo_One\n"
        "https://h.example/files/wheel_one-1.0-py3-none-any.whl\n"
        "two @ git+https://h.example/two.git\n"
        "git+https://h.example/unnamed.git\n"
        "pinned==${VERSION}\n"
    )

    names = [entry.name for entry in places.list_entries(text)]

    assert names == ["its-tool", "repo-one", "wheel-one", "two", None, "pinned"]
