"""When to dial again: full jitter, so that a thousand banks do not come back at once (LNK-60).

Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from collections.abc import Callable
from dataclasses import dataclass

HEALTHY_S = 60.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often dialling has failed in a row.

    Attributes:
        least_s: The first wait is below this.
        most_s: No wait is longer.
        failures: In a row; a link that lived for a minute ends the row.
    """

    least_s: float = 1.0
    most_s: float = 300.0
    failures: int = 0

    def after(self, lived_s: float) -> "Backoff":
        """Count the end of a link that was up for so long; 0 if it never was."""
        failures = 0 if lived_s >= HEALTHY_S else min(self.failures + 1, 30)
        return Backoff(self.least_s, self.most_s, failures)

    def wait_s(self, random: Callable[[], float]) -> float:
        """Draw how long to wait; ``random`` gives 0 .. 1."""
        ceiling: float = min(self.most_s, self.least_s * 2 ** max(self.failures - 1, 0))
        return ceiling * random()
