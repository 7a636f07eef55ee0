"""What the page for those who run a bank shows is what the agent reads."""

import re
from pathlib import Path

from interlock.deposit_terms import Climate
from interlock_edge.built import Layout
from interlock_edge.custody.kind import SizeClass

PAGE = Path(__file__).parents[3] / "docs" / "run-a-bank.md"


def test_the_layout_on_the_page_is_one() -> None:
    found = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    layout = Layout.parse(found[1])
    assert layout.model == "Example 3"
    assert [built.max_mass_g for built in layout.compartments.values()] == [20_000, 20_000, 15_000]
    third = layout.compartments["3"]
    assert (third.kind.size_class, third.kind.climate, third.kind.features) == (SizeClass.M, Climate.CHILLED, {"a"})
    assert not third.senses_occupancy
