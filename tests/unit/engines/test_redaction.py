import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pyve.engines.redaction import HIDDEN, find_secrets, redact, redactor

WORDS = st.text(string.ascii_letters + string.digits + "-_.~%!$&'()*+,;=@", min_size=8, max_size=30).filter(
    lambda word: "'" not in word and word not in HIDDEN and "token" not in word
)
HOSTS = st.sampled_from(["index.example", "127.0.0.1:8080", "[::1]:9"])
SURROUNDINGS = st.text(string.ascii_letters + " :=,\n", max_size=20)


@given(user=WORDS, password=WORDS, host=HOSTS, before=SURROUNDINGS, after=SURROUNDINGS)
def test_user_information_of_urls_is_hidden(user: str, password: str, host: str, before: str, after: str) -> None:
    text = f"{before} https://{user}:{password}@{host}/simple {after}"
    assert redact(text) == f"{before} https://{HIDDEN}@{host}/simple {after}"


@given(text=st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(text=st.text(string.ascii_letters + " /.:=-\n"))
def test_text_without_credentials_stays(text: str) -> None:
    assume("/t/" not in text)
    assert redact(text) == text


@given(secret=WORDS, before=SURROUNDINGS, after=SURROUNDINGS)
def test_values_of_secret_variables_are_hidden_wherever_they_stand(secret: str, before: str, after: str) -> None:
    hide = redactor({"INDEX_TOKEN": secret, "LANG": "en_US.UTF-8"})
    assert hide(f"{before}/{secret}/{after}") == f"{hide(before)}/{HIDDEN}/{hide(after)}"


@pytest.mark.parametrize("parameter", ["token", "access_token", "X-Amz-Signature", "api_key", "sig", "private-token"])
def test_token_parameters_are_hidden(parameter: str) -> None:
    told = redact(f"GET https://index.example/a.whl?v=1&{parameter}=abc123 (200)")
    assert told == f"GET https://index.example/a.whl?v=1&{parameter}={HIDDEN} (200)"


def test_tokens_in_paths_of_channels_are_hidden() -> None:
    told = redact("GET https://conda.example:8080/pre/t/tk-1-sesame/lab/noarch/repodata.json, then /t/readme")
    assert told == f"GET https://conda.example:8080/pre/t/{HIDDEN}/lab/noarch/repodata.json, then /t/readme"


def test_plain_ssh_user_stays() -> None:
    assert redact("git+ssh://git@host.example/x.git@v1") == "git+ssh://git@host.example/x.git@v1"


def test_authorization_headers_are_hidden() -> None:
    assert redact("> Authorization: Basic YW5uOnNlY3JldA==") == f"> Authorization: Basic {HIDDEN}"


def test_passwords_in_index_urls_are_known_in_both_spellings() -> None:
    secrets = find_secrets({"PIP_INDEX_URL": "https://ann:pa%40ssword@index.example/"})
    assert set(secrets) == {"pa%40ssword", "pa@ssword"}


@pytest.mark.parametrize("name", ["SSH_AUTH_SOCK", "SSL_KEY_FILE", "PWD", "AWS_ACCESS_KEY_ID", "KEYBOARD", "PASSING"])
def test_variables_that_only_sound_secret_are_not_hidden(name: str) -> None:
    assert find_secrets({name: "/some/ordinary/place"}) == ()
