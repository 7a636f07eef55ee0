"""Makes the builders beside the tests importable under their own name, and banks that clean up after themselves."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scene import Scene


@pytest.fixture
def a_bank(tmp_path: Path) -> Iterator[Callable[..., Scene]]:
    """Make banks on the journal of this test; a second one on the same journal is the same bank, started again."""
    made: list[Scene] = []

    def make(*kinds: Any, **changes: Any) -> Scene:
        for earlier in made:
            earlier.journal.close()
        made.append(Scene(tmp_path / "journal", *kinds, **changes))
        return made[-1]

    yield make
    for scene in made:
        scene.journal.close()
