"""Kinds and needs: what serves what (CAP-2), and which kind is taken first (CAP-4)."""

import pytest
from capacity_builders import L, M, S, bank
from hypothesis import given
from hypothesis import strategies as st

from interlock_gateway.domain.capacity import (
    Climate,
    Feature,
    Kind,
    Need,
    SizeClass,
    feature_numbers,
    features,
    serves,
)

LOW = features([Feature.ACCESSIBLE])
LOW_AND_POWERED = features([Feature.ACCESSIBLE, Feature.POWER])
COLD = Climate.CHILLED
WARM = Climate.AMBIENT

sorts = st.tuples(st.sampled_from(SizeClass), st.sampled_from(Climate), st.sets(st.sampled_from(Feature)).map(features))


@pytest.mark.parametrize(
    ("kind", "need", "does"),
    [
        pytest.param(Kind(M), Need(M), True, id="CAP-2 the same"),
        pytest.param(Kind(L), Need(M), True, id="CAP-2 a larger class"),
        pytest.param(Kind(S), Need(M), False, id="CAP-2 a smaller class"),
        pytest.param(Kind(M, COLD), Need(M), False, id="CAP-2 a chilled door is no place for what is not chilled"),
        pytest.param(Kind(M), Need(M, COLD), False, id="CAP-2 an ambient door for a chilled parcel"),
        pytest.param(Kind(M, WARM, LOW), Need(M), True, id="CAP-2 more features than asked"),
        pytest.param(Kind(M), Need(M, WARM, LOW), False, id="CAP-2 accessible reach is a need and not a wish"),
        pytest.param(Kind(M, WARM, LOW), Need(M, WARM, LOW_AND_POWERED), False, id="CAP-2 one feature of two"),
    ],
)
def test_a_kind_serves_no_larger_need_of_its_climate_whose_features_it_has(kind: Kind, need: Need, does: bool) -> None:
    assert serves(kind, need) is does


def test_the_least_sufficient_kind_comes_first_and_features_are_spared_before_size() -> None:
    layout = bank(L, M, Kind(M, WARM, LOW), Kind(S, WARM, LOW), Kind(M, COLD), Kind(L, WARM, LOW_AND_POWERED), S)
    assert [layout.kinds[at] for at in layout.serving(Need(S)).order] == [
        Kind(S),
        Kind(M),
        Kind(L),
        Kind(S, WARM, LOW),
        Kind(M, WARM, LOW),
        Kind(L, WARM, LOW_AND_POWERED),
    ]


@given(sorts)
def test_a_code_is_read_back_as_it_was_written(sort: tuple[SizeClass, Climate, int]) -> None:
    assert Kind.of_code(Kind(*sort).code) == Kind(*sort)
    assert Need.of_code(Need(*sort).code) == Need(*sort)


@given(sorts, sorts)
def test_kinds_with_one_hash_are_one_kind(
    one: tuple[SizeClass, Climate, int], other: tuple[SizeClass, Climate, int]
) -> None:
    assert (hash(Kind(*one)) == hash(Kind(*other))) is (Kind(*one) == Kind(*other))
    assert (hash(Need(*one)) == hash(Need(*other))) is (Need(*one) == Need(*other))


@given(st.sets(st.integers(0, 40)))
def test_a_set_of_features_is_read_back(members: set[int]) -> None:
    assert feature_numbers(features(members)) == tuple(sorted(members))


@pytest.mark.parametrize("code", [0, 6 << 4 | 2, 1 << 4 | 9])
def test_a_code_with_an_unknown_class_or_climate_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        Kind.of_code(code)
