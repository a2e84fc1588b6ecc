"""Rows of a table of measurements, in Markdown, and where the documentation shows the table."""

from dataclasses import dataclass
from pathlib import Path

from paired import Contender, compare

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "performance.md"
HEAD = ("| what | pyve | peer | ratio | target | met |", "|---|---|---|---|---|---|")
_END = "<!-- end -->"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; `most` are milliseconds of pyve alone, `ratio` is the contract's towards the peer."""

    what: str
    pyve: Contender
    peer: Contender
    most: float | None = None
    ratio: float | None = None
    runs_factor: float = 1.0


def measure(row: Row, *, runs: int) -> str:
    """The row as Markdown, with its targets and whether they were met."""
    found = compare(row.pyve, row.peer, runs=max(3, round(runs * row.runs_factor)))
    targets, met = [], True
    if row.most is not None:
        targets.append(f"pyve < {row.most:.0f} ms")
        met &= found.first * 1000 < row.most
    if row.ratio is not None:
        targets.append(f"≤ {row.ratio:.3g}")
        met &= found.ratio <= row.ratio
    verdict = ("yes" if met else "NO") if targets else "-"
    first, second = found.first * 1000, found.second * 1000
    return (
        f"| {row.what} | `{row.pyve.name}` {first:.0f} ms | `{row.peer.name}` {second:.0f} ms "
        f"| {found.ratio:.2f} | {' and '.join(targets) or 'none'} | {verdict} |"
    )


def put_into_page(table: str, *, begin: str) -> None:
    """Put the table into the documentation, behind the line `begin`."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(_END)[2]
    PAGE.write_text(f"{before}{begin}\n{table}\n{_END}{after}", encoding="utf-8")
