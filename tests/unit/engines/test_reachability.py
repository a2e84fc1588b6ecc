import socket

from pyve.engines.reachability import is_reachable


def test_listening_host_is_reachable_and_a_closed_port_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/simple"
        assert is_reachable(url, {})
    assert not is_reachable(url, {})


def test_proxy_is_asked_in_place_of_the_host() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert is_reachable("https://index.invalid/simple", {"https_proxy": proxy})
        assert not is_reachable("https://index.invalid/simple", {"https_proxy": proxy, "no_proxy": "index.invalid"})


def test_what_is_no_url_is_not_reachable() -> None:
    assert not is_reachable("not a url", {})
    assert not is_reachable("https://index.example:port/", {})
