"""Channels as they stand in a lock."""

import pytest

from pyve.lockers.conda_lock_channel import describe_channel


@pytest.mark.parametrize(
    ("text", "url", "variables"),
    [
        ("conda-forge", "conda-forge", ()),
        ("./channel", "./channel", ()),
        ("https://channel.example/mine", "https://channel.example/mine", ()),
        ("https://$U:$P@channel.example/mine", "https://${U}:${P}@channel.example/mine", ("P", "U")),
        ("https://channel.example/t/$TOKEN/mine", "https://channel.example/t/${TOKEN}/mine", ("TOKEN",)),
        ("https://me:secret@channel.example/mine", "https://channel.example/mine", ()),
        ("https://channel.example/t/secret/mine", "https://channel.example/mine", ()),
        ("https://me:$P@channel.example/mine", "https://channel.example/mine", ()),
        ("https://$U:secret@channel.example/t/$TOKEN/mine", "https://channel.example/t/${TOKEN}/mine", ("TOKEN",)),
        ("https://$U:$P@channel.example/t/secret/mine", "https://${U}:${P}@channel.example/mine", ("P", "U")),
    ],
)
def test_variables_stay_and_credentials_do_not(text: str, url: str, variables: tuple[str, ...]) -> None:
    found = describe_channel(text)

    assert (found.url, found.used_env_vars) == (url, variables)
    assert "secret" not in repr(found)
