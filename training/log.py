"""The log of a run: figures of its steps, as a CSV file and on the screen."""

import csv
from pathlib import Path

Figures = dict[str, str | float]  # a line, by column


class Log:
    """A CSV file that is complete after every line."""

    COLUMNS = ("stage", "step", "seconds", "rate", "loss", "epe", "zero_epe", "alignment", "harm", "gain", "sharp_psnr")

    def __init__(self, path: Path) -> None:
        new = not path.exists()
        self.file = path.open("a", newline="")
        self.writer = csv.DictWriter(self.file, self.COLUMNS)
        if new:
            self.writer.writeheader()

    def write(self, rows: list[Figures], minutes_left: float) -> None:
        """The means of some steps' facts as one line; shown with the time that is left."""
        line = {}
        for column in self.COLUMNS:
            values = [row[column] for row in rows if column in row]
            if values:
                mean = values[-1] if column in ("stage", "step", "seconds", "rate") else sum(values) / len(values)
                line[column] = mean if isinstance(mean, (str, int)) else round(mean, 5)
        self.writer.writerow(line)
        self.file.flush()
        print(" ".join(f"{name} {value}" for name, value in line.items()), f"| {minutes_left:.0f} minutes left", flush=True)
