"""Draw a run's log as an SVG picture.

    python -m training.curve training/runs/fast/log.csv docs/pictures/fast-curve.svg
"""

import argparse
import csv
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 760, 230, 46
LEGEND_LINES, PER_LINE = 3, 4  # the stages, numbered in the diagram
PANELS = (("epe", "flow: end-point error, pixels"), ("gain", "restoration: gain on blurred training crops, dB"))


def read(path: str | Path, column: str) -> tuple[list[float], list[float], list[str]]:
    """(minutes since the column's first line, values, stages) of the lines that have a value."""
    minutes, values, stages, before, last = [], [], [], 0.0, (None, 0.0)
    with Path(path).open() as file:
        for row in csv.DictReader(file):
            if not row[column]:
                continue
            if row["stage"] != last[0]:
                before, last = before + last[1], (row["stage"], 0.0)
            last = (row["stage"], float(row["seconds"]))
            minutes.append((before + last[1]) / 60)
            values.append(float(row[column]))
            stages.append(row["stage"])
    return minutes, values, stages


def smooth(values: list[float], weight: float = 0.85) -> list[float]:
    """Exponential mean, unbiased at the start."""
    mean, norm, out = 0.0, 0.0, []
    for value in values:
        mean, norm = weight * mean + (1 - weight) * value, weight * norm + (1 - weight)
        out.append(mean / norm)
    return out


def panel(top: int, minutes: list[float], values: list[float], stages: list[str], title: str) -> str:
    """One diagram as SVG elements."""
    low, high = min(0.0, min(values)), max(values)
    x = lambda m: MARGIN + (WIDTH - MARGIN - 12) * m / minutes[-1]
    y = lambda v: top + HEIGHT - 66 - (HEIGHT - 96) * (v - low) / (high - low)
    line = lambda ys: " ".join(f"{x(m):.1f},{y(v):.1f}" for m, v in zip(minutes, ys))
    parts = [f'<text x="{MARGIN}" y="{top + 16}" font-weight="bold">{title}</text>',
             f'<polyline points="{line(values)}" fill="none" stroke="#bcd" />',
             f'<polyline points="{line(smooth(values))}" fill="none" stroke="#136" stroke-width="1.6" />']
    for value in (low, (low + high) / 2, high):
        parts.append(f'<text x="{MARGIN - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.2f}</text>'
                     f'<line x1="{MARGIN}" x2="{WIDTH - 12}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#ddd" />')
    starts = [n for n, stage in enumerate(stages) if n == 0 or stage != stages[n - 1]]
    for number, n in enumerate(starts, 1):
        at = x(minutes[n])
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y(low):.1f}" y2="{y(high):.1f}" stroke="#ddd" stroke-dasharray="2 2" />'
                     f'<text x="{at + 2:.1f}" y="{y(low) - 3:.1f}" fill="#666">{number}</text>')
    names = [f"{number} {stages[n]} ({minutes[n]:.0f} min)" for number, n in enumerate(starts, 1)]
    for line_number in range(LEGEND_LINES):
        legend = "   ".join(names[line_number * PER_LINE : (line_number + 1) * PER_LINE])
        parts.append(f'<text x="{MARGIN}" y="{top + HEIGHT - 12 - 14 * (LEGEND_LINES - 1 - line_number)}" fill="#666">{legend}</text>')
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    drawn = []
    for column, title in PANELS:
        minutes, values, stages = read(arguments.log, column)
        if values:
            drawn.append(panel(len(drawn) * HEIGHT, minutes, values, stages, title))
    size = f'width="{WIDTH}" height="{len(drawn) * HEIGHT}"'
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">\n'
                             f'<rect {size} fill="white" />\n' + "\n".join(drawn) + "\n</svg>\n")


if __name__ == "__main__":
    main()
