"""The URL of a package tells what it is, and keeps no credentials."""

import pytest

from pyve.project.conda.package_url import package_of_url, strip_url_secrets


def test_subdir_name_version_and_build_are_in_the_url() -> None:
    found = package_of_url("https://channel.example/c/noarch/two-parts-1!1.0-pyhd8ed1ab_3.conda", md5="ab")
    assert (found.name, found.version, found.build, found.build_number) == ("two-parts", "1!1.0", "pyhd8ed1ab_3", 3)
    assert (found.subdir, found.md5, found.sha256) == ("noarch", "ab", None)


def test_an_epoch_may_be_quoted() -> None:
    assert package_of_url("https://channel.example/noarch/a-1%211.0-0.tar.bz2").version == "1!1.0"


@pytest.mark.parametrize(
    "url",
    [
        "https://user:secret@channel.example/c/noarch/a-1-0.conda",
        "https://channel.example/t/secret/c/noarch/a-1-0.conda",
        "https://u:p@channel.example/t/secret/c/noarch/a-1-0.conda",
        "https://channel.example/c/noarch/a-1-0.conda?token=secret",
        "https://channel.example/c/noarch/a-1-0.conda#0123",
    ],
)
def test_a_package_is_known_by_its_url_without_credentials(url: str) -> None:
    assert package_of_url(url).url == "https://channel.example/c/noarch/a-1-0.conda"


def test_a_folder_called_t_is_no_token_at_the_root_of_a_path() -> None:
    assert strip_url_secrets("https://channel.example/test/a") == "https://channel.example/test/a"
    assert strip_url_secrets("file:///t/x/noarch/a-1-0.conda") == "file:///t/x/noarch/a-1-0.conda"


@pytest.mark.parametrize("url", ["https://channel.example/noarch/a.conda", "https://channel.example/", "a-1-0.whl"])
def test_what_is_no_package_is_said(url: str) -> None:
    with pytest.raises(ValueError, match=r"name-version-build\.conda"):
        package_of_url(url)


@pytest.mark.parametrize(
    "file_name", ["..%2F..%2Fmine-1.0-0.conda", "a-..%2Fmine-0.conda", "a-1.0-..%5Cmine.conda", "a-1.0-0%0Ab.conda"]
)
def test_what_could_not_be_the_name_of_a_file_is_no_package(file_name: str) -> None:
    with pytest.raises(ValueError, match="consist of letters"):
        package_of_url(f"https://channel.example/noarch/{file_name}")


def test_a_url_is_one_line() -> None:
    with pytest.raises(ValueError, match="cannot be seen"):
        package_of_url("https://channel.example/c\nhttps://other.example/noarch/a-1.0-0.conda")
