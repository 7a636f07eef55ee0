"""Size classes: what a compartment is, and what a parcel needs (CAP-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock_gateway.domain.capacity import DEFAULT_SIZES, Dimensions, SizeClass, SizeTable

XS, S, M, L, XL = SizeClass
TABLE = SizeTable({S: Dimensions(300, 100, 400), M: Dimensions(310, 200, 410), L: Dimensions(320, 400, 420)})

lengths = st.integers(1, 700)
boxes = st.builds(Dimensions, lengths, lengths, lengths)


@pytest.mark.parametrize(
    ("opening", "size"),
    [
        pytest.param((300, 100, 400), S, id="CAP-1 just the minimum"),
        pytest.param((299, 900, 900), None, id="CAP-1 one axis too short is no class at all"),
        pytest.param((309, 400, 420), S, id="CAP-1 as tall as L and as narrow as S is S"),
        pytest.param((320, 400, 420), L, id="CAP-1 the largest that it meets"),
        pytest.param((900, 900, 900), L, id="CAP-1 beyond the largest"),
        pytest.param((100, 300, 400), None, id="CAP-1 a compartment is not turned: each axis for itself"),
    ],
)
def test_a_compartment_is_of_the_largest_class_whose_minimum_it_meets(
    opening: tuple[int, int, int], size: SizeClass | None
) -> None:
    assert TABLE.class_of(Dimensions(*opening)) == size


@pytest.mark.parametrize(
    ("parcel", "upright", "size"),
    [
        pytest.param((300, 100, 400), False, S, id="CAP-1 just fits"),
        pytest.param((400, 300, 100), False, S, id="CAP-1 is turned until it fits"),
        pytest.param((100, 300, 400), False, S, id="CAP-1 is laid down"),
        pytest.param((100, 300, 400), True, L, id="CAP-1 is not laid down when it must stay upright"),
        pytest.param((400, 100, 300), True, S, id="CAP-1 upright, but turned about the vertical"),
        pytest.param((301, 100, 400), False, M, id="CAP-1 one millimetre more is the next class"),
        pytest.param((10, 10, 421), False, None, id="CAP-1 longer than any class promises"),
    ],
)
def test_a_parcel_needs_the_smallest_class_that_promises_room(
    parcel: tuple[int, int, int], upright: bool, size: SizeClass | None
) -> None:
    assert TABLE.class_for(Dimensions(*parcel), keep_upright=upright) == size


@given(parcel=boxes, opening=boxes, upright=st.booleans())
def test_what_fits_a_class_fits_every_compartment_of_it_and_of_larger_ones(
    parcel: Dimensions, opening: Dimensions, upright: bool
) -> None:
    needed, offered = TABLE.class_for(parcel, keep_upright=upright), TABLE.class_of(opening)
    if needed is not None and offered is not None and offered >= needed:
        assert opening.holds(parcel, keep_upright=upright)


@given(parcel=boxes, upright=st.booleans())
def test_a_parcel_that_fits_upright_fits_anyhow(parcel: Dimensions, upright: bool) -> None:
    free, bound = TABLE.class_for(parcel), TABLE.class_for(parcel, keep_upright=upright)
    assert bound is None or (free is not None and free <= bound)


@pytest.mark.parametrize("flaw", [(300, 200, 410), (310, 100, 410), (310, 200, 400)])
def test_a_table_in_which_classes_do_not_grow_on_every_axis_is_refused(flaw: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="M must exceed S"):
        SizeTable({S: Dimensions(300, 100, 400), M: Dimensions(*flaw)})


@pytest.mark.parametrize("flaw", [(0, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_a_length_below_a_millimetre_is_refused(flaw: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="below 1 mm"):
        Dimensions(*flaw)


@pytest.mark.parametrize(
    ("published", "size"), [((380, 80, 640), S), ((380, 190, 640), M), ((380, 410, 640), L)], ids=["A", "B", "C"]
)
def test_the_default_table_knows_the_compartments_that_are_about(
    published: tuple[int, int, int], size: SizeClass
) -> None:
    assert DEFAULT_SIZES.class_of(Dimensions(*published)) == size
