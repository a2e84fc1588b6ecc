"""Deleting is asked for on a terminal, and never done because nobody could be asked."""

import sys

import pytest

from tests.support.project_bench import ProjectBench

needs_a_pty = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed to answer a question")


@pytest.fixture
def ready(bench: ProjectBench) -> ProjectBench:
    bench.require("gamma")
    bench.ok("init")
    return bench


def test_without_a_terminal_nothing_is_removed_and_that_is_said(ready: ProjectBench) -> None:
    refused = ready.run("purge", "--json")

    assert (refused.exit_status, refused.code) == (1, "not-confirmed")
    assert refused.data["removed"] == []
    assert refused.data["plan"]["remove"], "the plan is told all the same"
    assert ready.ok("run", "gamma").exit_status == 0


def test_the_hint_does_with_assent_what_was_asked_for(ready: ProjectBench) -> None:
    ready.require("gamma", "alpha==1.0")
    ready.ok("sync")

    (problem,) = ready.run("gc", "--days", "0", "--no-previous", "--json").json["problems"]

    assert problem["hint"] == "pyve gc --days 0 --no-previous --yes"
    assert len(ready.ok(*problem["hint"].split()[1:], "--json").data["removed"]) == 1


def test_force_of_another_verb_is_no_assent(ready: ProjectBench) -> None:
    assert ready.run("purge", "--force").exit_status == 2
    assert ready.ok("run", "gamma").exit_status == 0


@needs_a_pty
@pytest.mark.parametrize(
    ("answer", "status", "remains"),
    [("n\n", 1, True), ("\n", 1, True), ("\x04", 1, True), ("y\n", 0, False), ("\x03", 130, True)],
    ids=["no", "return", "end of input", "yes", "interrupt"],
)
def test_on_a_terminal_the_answer_counts(ready: ProjectBench, answer: str, status: int, *, remains: bool) -> None:
    import pexpect

    command = ready.command("purge")
    child = pexpect.spawn(
        command[0], [str(word) for word in command[1:]], cwd=str(ready.project), env=ready.variables(), encoding="utf-8"
    )
    child.expect_exact("Remove these?", timeout=60)
    child.send(answer)
    child.expect(pexpect.EOF, timeout=60)
    child.close()

    assert child.exitstatus == status
    assert (ready.project / ".pyve").exists() is remains
