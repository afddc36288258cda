"""A line on the terminal that shows how far a long command has come."""

import time
from typing import TextIO

WIDTH = 30
SECONDS_BETWEEN = 0.1


class ProgressBar:
    """Redraws one line of a terminal at most ten times a second; silent anywhere else."""

    def __init__(self, stream: TextIO):
        self.stream = stream
        self.on = stream.isatty()
        self.drawn_at = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` is done in a stage of the work."""
        now = time.monotonic()
        if not self.on or (now - self.drawn_at < SECONDS_BETWEEN and done < total):
            return
        self.drawn_at = now
        share = min(1.0, done / total) if total else 1.0
        bar = "#" * round(WIDTH * share)
        self.stream.write(f"\r{stage:<10} [{bar:<{WIDTH}}] {share:4.0%}")
        self.stream.flush()

    def close(self) -> None:
        """Take the line away, so that the report begins on a clean one."""
        if self.on:
            self.stream.write("\r" + " " * (WIDTH + 20) + "\r")
            self.stream.flush()
