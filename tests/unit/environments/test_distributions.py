"""What lies in site-packages, read from the names of metadata folders."""

from pathlib import Path

import pytest

from pyve.environments.distributions import (
    installed_by_hand,
    list_distributions,
    missing_distributions,
)
from pyve.project.package_name import normalise_name


@pytest.mark.parametrize(
    ("folder", "name", "version"),
    [
        ("alpha-1.0.dist-info", "alpha", "1.0"),
        ("Zope_Interface-5.4.0.dist-info", "zope-interface", "5.4.0"),
        ("ruamel.yaml-0.18.6.dist-info", "ruamel-yaml", "0.18.6"),
        ("local-1.0+cpu.dist-info", "local", "1.0+cpu"),
        ("old-1.0-py3.11.egg-info", "old", "1.0"),
        ("pre_release-1.0rc1.post2.dev3.dist-info", "pre-release", "1.0rc1.post2.dev3"),
    ],
)
def test_metadata_folder(tmp_path: Path, folder: str, name: str, version: str) -> None:
    (tmp_path / folder).mkdir()

    assert list_distributions(tmp_path) == {name: version}


def test_other_entries_do_not_count(tmp_path: Path) -> None:
    for name in ("alpha", "alpha-1.0", "~lpha-1.0.dist-info", "alpha-1.0.dist-info.bak"):
        (tmp_path / name).mkdir()

    assert list_distributions(tmp_path) == {}


def test_no_folder_holds_nothing(tmp_path: Path) -> None:
    assert list_distributions(tmp_path / "gone") == {}


def test_names_are_compared_as_indexes_do() -> None:
    assert normalise_name("A__b.-C") == "a-b-c"


def test_what_was_recorded_and_is_not_there() -> None:
    recorded = {"alpha": "1.0", "beta": "2.0", "gamma": "1"}

    assert missing_distributions(recorded, {"alpha": "1.1", "gamma": "1"}) == ["alpha 1.0 -> 1.1", "beta 2.0"]


def test_what_was_put_in_by_hand() -> None:
    assert installed_by_hand({"alpha": "1"}, {"alpha": "2", "gamma": "1"}, kept=()) == {"gamma": "1"}
    assert installed_by_hand({"alpha": "1", "gamma": "1"}, {"alpha": "1", "gamma": "1"}, kept=["gamma"]) == {
        "gamma": "1"
    }


def test_seed_of_another_version_is_not_missing_and_one_that_is_gone_is() -> None:
    recorded = {"alpha": "1.0", "pip": "26.0"}

    assert missing_distributions(recorded, {"alpha": "1.0", "pip": "25.3"}, seeds=("pip",)) == []
    assert missing_distributions(recorded, {"alpha": "1.0"}, seeds=("pip",)) == ["pip 26.0"]
