"""Makes the builders beside the tests importable under their own name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
