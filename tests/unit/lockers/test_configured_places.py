"""Where packages come from because this machine says so."""

from pathlib import Path

from pyve.lockers.configured_places import list_configured_places
from pyve.project.requirement import IndexOptions


def test_places_of_the_configuration_are_all_found(home: Path) -> None:
    pip = IndexOptions(index_url="https://a.example", extra_index_urls=("https://b.example",), find_links=("/c",))
    environment = {
        "HOME": str(home),
        "UV_INDEX": "named=https://d.example https://e.example/?a=b",
        "UV_FIND_LINKS": "/f,/g",
        "UV_DEFAULT_INDEX": "https://h.example",
    }
    found = list_configured_places(pip, environment)
    names = ("https://a.example", "https://b.example", "/c", "https://d.example", "https://e.example/?a=b")
    assert set(found) == {*names, "/f", "/g", "https://h.example"}


def test_the_users_own_uv_toml_is_configuration(home: Path) -> None:
    settings = home / ".config" / "uv" / "uv.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[pip]\nextra-index-url = ["https://a.example"]\n[[index]]\nurl = "/b"\n', encoding="utf-8")
    environment = {"HOME": str(home), "APPDATA": str(home / ".config")}  # the latter is where Windows looks
    assert set(list_configured_places(IndexOptions(), environment)) == {"https://a.example", "/b"}
    assert list_configured_places(IndexOptions(), {**environment, "UV_NO_CONFIG": "1"}) == ()
    settings.write_text("not toml", encoding="utf-8")
    assert list_configured_places(IndexOptions(), environment) == ()
