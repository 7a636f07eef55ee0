"""``interlock edge``: enrol a bank, run its agent, or run one with simulated doors."""

import interlock_edge.cli.enrol
import interlock_edge.cli.run
import interlock_edge.cli.simulate  # noqa: F401  each adds its verb
from interlock_edge.cli.noun import app

__all__ = ["app"]
