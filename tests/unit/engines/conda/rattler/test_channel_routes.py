"""Where a channel is fetched from, and how URLs are written in its terms and back."""

import pytest

from pyve.engines.conda.rattler.channel_routes import ChannelRoutes
from pyve.project.conda.channel import Channel

FORGE = Channel(
    name="forge",
    url="https://channel.example/forge",
    sources=("http://first.example/mirror/forge", "http://second.example/forge"),
)
OWN = Channel(name="own", url="file:///own", sources=("file:///own",))
FILE = "noarch/tiny-1.0-0.conda"


@pytest.fixture
def routes() -> ChannelRoutes:
    made = ChannelRoutes()
    made.add((FORGE, OWN))
    return made


def test_first_source_is_used_and_urls_go_there_and_back(routes: ChannelRoutes) -> None:
    assert routes.base_of(FORGE) == "http://first.example/mirror/forge"
    assert routes.to_source(f"{FORGE.url}/{FILE}") == f"http://first.example/mirror/forge/{FILE}"
    assert routes.to_canonical(f"http://first.example/mirror/forge/{FILE}") == f"{FORGE.url}/{FILE}"


def test_url_of_no_channel_stays_as_it_is(routes: ChannelRoutes) -> None:
    elsewhere = f"https://channel.example/forge-too/{FILE}"

    assert routes.to_source(elsewhere) == elsewhere
    assert routes.to_canonical(elsewhere) == elsewhere


def test_source_that_failed_is_left_for_the_next_one_until_none_is_left(routes: ChannelRoutes) -> None:
    assert routes.leave("http://first.example/mirror/forge/linux-64/repodata.json.zst")
    assert routes.to_source(f"{FORGE.url}/{FILE}") == f"http://second.example/forge/{FILE}"
    assert not routes.leave("http://second.example/forge/linux-64/repodata.json.zst")


def test_source_of_a_channel_that_did_not_fail_is_kept(routes: ChannelRoutes) -> None:
    assert not routes.leave("file:///own/noarch/repodata.json")
    assert routes.base_of(FORGE) == "http://first.example/mirror/forge"


def test_failure_that_names_no_url_leaves_the_source_of_each_channel(routes: ChannelRoutes) -> None:
    assert routes.leave("")
    assert routes.base_of(FORGE) == "http://second.example/forge"


@pytest.mark.parametrize("named", ["forge", FORGE.url, "http://second.example/forge"])
def test_spec_that_names_a_channel_names_its_source(routes: ChannelRoutes, named: str) -> None:
    assert routes.translate_spec(f"{named}::tiny >=1", (FORGE, OWN)) == "http://first.example/mirror/forge::tiny >=1"
    assert (
        routes.translate_spec(f"{named}/linux-64::tiny", (FORGE, OWN))
        == "http://first.example/mirror/forge/linux-64::tiny"
    )


def test_spec_of_a_channel_that_is_not_declared_is_none(routes: ChannelRoutes) -> None:
    assert routes.translate_spec("forge::tiny", (OWN,)) is None
    assert routes.translate_spec("forger::tiny", (FORGE,)) is None


def test_spec_without_a_channel_stays_as_it_is(routes: ChannelRoutes) -> None:
    assert routes.translate_spec("tiny[build='a::b']", (FORGE,)) == "tiny[build='a::b']"
