"""Neighbouring measurements: what a contender costs above the bare shell that was measured in the same round."""

import statistics
from collections.abc import Sequence


def median_above(values: Sequence[float], bare: Sequence[float]) -> float:
    """The median of the differences round by round; the bare shell itself is given as it is."""
    if values is bare:
        return statistics.median(values)
    return statistics.median(one - other for one, other in zip(values, bare, strict=True))
