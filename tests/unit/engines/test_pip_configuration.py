import os
import sys
from pathlib import Path

import pytest

from pyve.engines.pip_configuration import (
    ConfigurationPlaces,
    combine_options,
    find_configuration_places,
    read_pip_configuration,
)
from pyve.errors import ConfigInvalidError
from pyve.project.requirement import IndexOptions


@pytest.fixture
def places(tmp_path: Path) -> ConfigurationPlaces:
    return ConfigurationPlaces(
        site_wide=(tmp_path / "etc.conf",), user=(tmp_path / "user.conf",), environment=(tmp_path / "env.conf",)
    )


def write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_later_places_win(places: ConfigurationPlaces) -> None:
    write(places.site_wide[0], "[global]", "index-url = site", "timeout = 7", "proxy = one:1")
    write(places.user[0], "[global]", "index-url = user", "timeout = 8")
    write(places.environment[0], "[global]", "index-url = environment")
    read = read_pip_configuration({}, places)
    assert (read.options.index_url, read.timeout_seconds, read.proxy) == ("environment", "8", "one:1")


def test_install_section_wins_over_global_wherever_it_stands(places: ConfigurationPlaces) -> None:
    write(places.site_wide[0], "[install]", "index-url = install")
    write(places.user[0], "[global]", "index-url = global", "[download]", "index-url = download")
    assert read_pip_configuration({}, places).options.index_url == "install"


def test_variables_win_over_files_and_empty_ones_do_not_count(places: ConfigurationPlaces) -> None:
    write(places.user[0], "[install]", "index-url = file", "cert = /file.pem")
    read = read_pip_configuration({"PIP_INDEX_URL": "variable", "PIP_CERT": ""}, places)
    assert (read.options.index_url, read.certificate) == ("variable", "/file.pem")


def test_explicit_file_stands_for_the_users_and_wins(places: ConfigurationPlaces, tmp_path: Path) -> None:
    write(places.site_wide[0], "[global]", "cert = /site.pem")
    write(places.user[0], "[global]", "proxy = user:1")
    write(places.environment[0], "[global]", "index-url = environment")
    write(tmp_path / "explicit.conf", "[global]", "index-url = explicit")
    read = read_pip_configuration({"PIP_CONFIG_FILE": str(tmp_path / "explicit.conf")}, places)
    assert (read.options.index_url, read.certificate, read.proxy) == ("explicit", "/site.pem", None)


def test_explicit_file_that_is_absent_leaves_the_others(places: ConfigurationPlaces, tmp_path: Path) -> None:
    write(places.user[0], "[global]", "index-url = user")
    read = read_pip_configuration({"PIP_CONFIG_FILE": str(tmp_path / "absent")}, places)
    assert read.options.index_url == "user"


def test_devnull_turns_all_files_off(places: ConfigurationPlaces) -> None:
    write(places.site_wide[0], "[global]", "index-url = site")
    assert read_pip_configuration({"PIP_CONFIG_FILE": os.devnull}, places).options == IndexOptions()


def test_lists_are_split_at_white_space_and_lines(places: ConfigurationPlaces) -> None:
    write(
        places.user[0],
        "[global]",
        "extra-index-url = https://a.example/x%20y",
        "   https://b.example",
        "find_links = /w /v",
    )
    options = read_pip_configuration({"PIP_TRUSTED_HOST": "a b"}, places).options
    assert options.extra_index_urls == ("https://a.example/x%20y", "https://b.example")
    assert (options.find_links, options.trusted_hosts) == (("/w", "/v"), ("a", "b"))


@pytest.mark.parametrize(("value", "is_on"), [("yes", True), ("1", True), ("TRUE", True), ("no", False), ("0", False)])
def test_switches_are_read_as_pip_reads_them(places: ConfigurationPlaces, value: str, is_on: bool) -> None:
    options = read_pip_configuration({"PIP_NO_INDEX": value, "PIP_PRE": value}, places).options
    assert (options.no_index, options.pre) == (is_on, is_on)


def test_default_timeout_is_the_timeout(places: ConfigurationPlaces) -> None:
    assert read_pip_configuration({"PIP_DEFAULT_TIMEOUT": "180"}, places).timeout_seconds == "180"


def test_broken_file_is_named(places: ConfigurationPlaces) -> None:
    write(places.user[0], "index-url = no section")
    with pytest.raises(ConfigInvalidError, match=r"user\.conf"):
        read_pip_configuration({}, places)


def test_binary_file_is_named(places: ConfigurationPlaces) -> None:
    places.user[0].write_bytes(b"\xff\xfe\x00[global]")
    with pytest.raises(ConfigInvalidError, match=r"user\.conf"):
        read_pip_configuration({}, places)


@pytest.mark.skipif(sys.platform != "linux", reason="the places of Linux")
def test_places_follow_xdg(tmp_path: Path) -> None:
    environment = {"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_CONFIG_DIRS": "/x:/y"}
    places = find_configuration_places(environment, tmp_path)
    assert [str(path) for path in places.site_wide] == ["/x/pip/pip.conf", "/y/pip/pip.conf", "/etc/pip.conf"]
    assert [str(path) for path in places.user] == ["/h/.pip/pip.conf", "/c/pip/pip.conf"]
    assert places.environment == (tmp_path / "pip.conf",)


def test_declared_index_replaces_all_configured_ones() -> None:
    configured = IndexOptions(index_url="c", extra_index_urls=("ce",), find_links=("cl",))
    declared = IndexOptions(index_url="d", extra_index_urls=("de",), find_links=("dl",))
    combined = combine_options(declared, configured)
    assert (combined.index_url, combined.extra_index_urls, combined.find_links) == ("d", ("de",), ("cl", "dl"))


def test_declared_extra_index_adds_to_the_configured_ones() -> None:
    combined = combine_options(
        IndexOptions(extra_index_urls=("de",)), IndexOptions(index_url="c", extra_index_urls=("ce",), pre=True)
    )
    assert (combined.index_url, combined.extra_index_urls, combined.pre) == ("c", ("ce", "de"), True)
