from pathlib import Path

from pyve.engines.pip_configuration import PipConfiguration
from pyve.engines.uv_settings import configured_options, localise, uv_environment
from pyve.project.requirement import IndexOptions


def test_pip_settings_become_those_of_uv() -> None:
    told = uv_environment(
        {},
        PipConfiguration(
            certificate="/c.pem",
            client_certificate="/k.pem",
            proxy="proxy:3128",
            timeout_seconds="7.6",
            keyring_provider="subprocess",
        ),
    )
    assert told["SSL_CERT_FILE"] == "/c.pem"
    assert told["SSL_CLIENT_CERT"] == "/k.pem"
    assert told["UV_HTTP_TIMEOUT"] == "8"
    assert told["UV_KEYRING_PROVIDER"] == "subprocess"
    assert told["HTTPS_PROXY"] == told["HTTP_PROXY"] == "proxy:3128"


def test_what_the_user_said_to_uv_stays() -> None:
    said = {
        "SSL_CERT_FILE": "/mine",
        "UV_REQUEST_TIMEOUT": "3",
        "UV_KEYRING_PROVIDER": "disabled",
        "https_proxy": "mine",
    }
    configuration = PipConfiguration(
        certificate="/c.pem", timeout_seconds="9", keyring_provider="subprocess", proxy="proxy:1"
    )
    told = uv_environment(said, configuration)
    assert {name: told[name] for name in said} == said
    assert "UV_HTTP_TIMEOUT" not in told
    assert "HTTPS_PROXY" not in told


def test_uv_is_not_led_to_another_environment() -> None:
    told = uv_environment(
        {"VIRTUAL_ENV": "/v", "CONDA_PREFIX": "/c", "PYTHONPATH": "/p", "PATH": "/bin"}, PipConfiguration()
    )
    assert "PATH" in told
    assert not {"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH"} & told.keys()
    assert told["UV_PYTHON_DOWNLOADS"] == "never"


def test_indexes_told_to_uv_replace_those_configured_for_pip() -> None:
    options = IndexOptions(index_url="p", extra_index_urls=("e",), find_links=("f",))
    kept = configured_options(options, {"UV_DEFAULT_INDEX": "u"})
    assert (kept.index_url, kept.extra_index_urls, kept.find_links) == (None, ("e",), ("f",))
    kept = configured_options(options, {"UV_EXTRA_INDEX_URL": "u", "UV_FIND_LINKS": "u"})
    assert (kept.index_url, kept.extra_index_urls, kept.find_links) == ("p", (), ())


def test_local_places_become_urls_and_absent_ones_are_left_out(tmp_path: Path) -> None:
    wheels = tmp_path / "my wheels, #1"
    wheels.mkdir()
    options, absent = localise(
        IndexOptions(
            index_url="https://index.example/simple",
            extra_index_urls=("my wheels, #1", "https://${USER}@index.example"),
            find_links=(str(wheels), str(tmp_path / "absent"), "https://index.example/links", "${PLACE}"),
        ),
        tmp_path,
    )
    assert options.index_url == "https://index.example/simple"
    assert options.extra_index_urls == (wheels.as_uri(), "https://${USER}@index.example")
    assert options.find_links == (wheels.as_uri(), "https://index.example/links", "${PLACE}")
    assert absent == (str(tmp_path / "absent"),)
