"""Whether what was measured still holds the committed ratios (thresholds.json): how many times faster than others, in turns.

Times depend on the machine and its neighbours, ratios within a round hardly do.
"""

import json
from pathlib import Path

FILE = Path(__file__).with_name("thresholds.json")


def load(path: Path = FILE) -> dict[str, float]:
    """Row → the ratio that it must reach: what was stated, times the margin."""
    held = json.loads(path.read_text())
    return {row: stated * held["margin"] for row, stated in held["stated"].items()}


def report(least: dict[str, float], found: dict[str, float]) -> str | None:
    """A line for each row that falls short or was not measured; None if all hold. What is new has no threshold yet.

    >>> report({"a": 2.0}, {"a": 2.5, "b": 0.1})
    >>> print(report({"a": 2.0, "b": 1.0}, {"a": 1.5}))
    a: 1.5 times as fast, at least 2.0 wanted
    b: was not measured
    """
    lines = []
    for row, wanted in least.items():
        if row not in found:
            lines.append(f"{row}: was not measured")
        elif not found[row] >= wanted:
            lines.append(f"{row}: {found[row]:.1f} times as fast, at least {wanted:.1f} wanted")
    return "\n".join(lines) or None
