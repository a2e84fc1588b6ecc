"""Measure the hooks of pyve against their peers and print one table (benchmarks/hooks/README.md)."""

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from contenders import SHELLS, Contender, prepare_contenders
from counting import can_count, count_all
from loop_mode import time_loops
from machine import IdleMeter, describe_machine
from place import CHECKOUT, Place, furnish_place
from startup import time_startup
from table import Results, render_table
from targets import check_targets, describe_evaluation
from typed_mode import time_typed

PAGE = CHECKOUT / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- hooks table -->", "<!-- end of the hooks table -->"


def measure_shell(
    place: Place, shell: str, contenders: Sequence[Contender], *, rounds: int, idle: IdleMeter
) -> Results:
    """Everything that is measured in one shell."""
    skipped = {one.name: reason for one in contenders if (reason := one.missing.get(shell))}
    present = [one for one in contenders if one.name not in skipped]
    entering = [one for one in present if not one.only_startup]
    print(f"{shell}: counting", flush=True)
    counts = count_all(place, shell, present) if can_count() else {}
    print(f"{shell}: timing", flush=True)
    return Results(
        shell=shell,
        counts=counts,
        loops=time_loops(place, shell, entering, rounds=rounds, before_round=idle.sample),
        typed=time_typed(place, shell, entering, rounds=rounds, before_round=idle.sample),
        startup=time_startup(place, shell, present, rounds=rounds, before_round=idle.sample),
        skipped=skipped,
    )


def write_page(lines: Sequence[str]) -> None:
    """Put the tables between their markers in the documentation. Raises ValueError when the markers are not there."""
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has no {BEGIN} ... {END}")
    PAGE.write_text("\n".join([before + BEGIN, *lines, END + after]), encoding="utf-8")


def main() -> None:
    """Measure, print, and with --write put the tables into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shell", choices=SHELLS, action="append", help="only this shell (may be repeated)")
    parser.add_argument("--rounds", type=int, default=25, help="rounds in which every contender has its turn")
    parser.add_argument("--quick", action="store_true", help="few rounds: about a minute a shell")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/explanation/performance.md")
    arguments = parser.parse_args()
    rounds = 5 if arguments.quick else arguments.rounds
    shells = [shell for shell in arguments.shell or SHELLS if shutil.which(shell)]
    idle = IdleMeter()
    with tempfile.TemporaryDirectory(prefix="hooks-", ignore_cleanup_errors=True) as directory:
        print("preparing", flush=True)
        place = furnish_place(Path(directory).resolve() / "place")
        contenders = prepare_contenders(place)
        results = [measure_shell(place, shell, contenders, rounds=rounds, idle=idle) for shell in shells]
        commands = [[shell, "--version"] for shell in shells]
        commands += [[str(tool), "--version"] for name in ("uv", "direnv", "mise") if (tool := place.find_tool(name))]
        machine = describe_machine(commands)
    lines = [
        f"{machine}; medians of {rounds} rounds, {idle.describe()}.",
        "",
        *render_table(results, contenders),
        "",
        "| shell | promise | limit | measured | met |",
        "|---|---|---|---|---|",
        *(target.render() for result in results for target in check_targets(result)),
        "",
        *(describe_evaluation(result) for result in results),
    ]
    print("\n" + "\n".join(lines))
    if arguments.write:
        write_page(lines)


if __name__ == "__main__":
    main()
