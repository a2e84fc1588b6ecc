"""The head of a requirements.txt."""

from pathlib import Path

from pyve.lockers.heading import declared_lines, tell_stripped
from pyve.project.requirement import IndexOptions


def test_options_are_written_as_declared_without_secrets(project: Path) -> None:
    options = IndexOptions(
        index_url="https://me:secret@a.example/simple",
        extra_index_urls=("https://${USER}:${TOKEN}@b.example", "https://${TOKEN}@c.example"),
        find_links=(str(project / "wheels"), "https://d.example/?token=secret"),
        trusted_hosts=("a.example",),
        only_binary=("x",),
    )
    assert declared_lines(options, project) == (
        "--index-url https://a.example/simple",
        "--extra-index-url https://${USER}:${TOKEN}@b.example",
        "--extra-index-url https://${TOKEN}@c.example",
        "--find-links ./wheels",
        "--find-links https://d.example/?token=",
        "--only-binary x",
        "--trusted-host a.example",
    )
    told = tell_stripped(options)
    assert len(told) == 2
    assert not any("secret" in one for one in told)
