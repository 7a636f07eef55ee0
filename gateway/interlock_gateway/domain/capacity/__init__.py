"""Capacity: which reservations a bank can keep, decided by a pure planner (docs/protocol/04-capacity.md).

Each commitment is planned into one *kind* of door (class, climate, features) for its whole window, and no kind beyond
its doors at any instant; then each parcel finds a door, because intervals in one kind can always be coloured
(docs/decisions/0010). The standard library and nothing else; no clock: ``now`` is an argument. Instants are whole unix
seconds and ``NO_END`` stands for "without end"; values are frozen, a ``Plan`` is never changed but followed by another.

In the order in which a caller needs them:

=================  ==================================================================================================
``sizes``          ``SizeTable.class_of(opening)`` of a compartment, ``.class_for(parcel, keep_upright=)`` of a need;
                   ``None`` when there is none. ``DEFAULT_SIZES``.
``kinds``          ``Kind`` and ``Need`` (class, climate, feature bits), ``serves(kind, need)``,
                   ``features(numbers)``; ``.code`` and ``.of_code`` for a database column.
``layout``         ``Layout(doors, headroom=)`` from ``Door(label, kind, out_until)``. Keep it until a door changes;
                   ``.with_door``.
``commitments``    ``Request`` to be admitted, ``Commitment`` that stands, ``Standing``.
``plan``           ``Plan.of(layout, commitments, now=)`` from rows; ``.at(now)`` before each use of one that was
                   kept; ``.plus``, ``.minus``, ``.changed``, ``.on(layout)`` for what has happened, ``moved`` and
                   ``unmoved`` for what the bank acknowledged.
``admit``          ``admit(plan, request, linked=, budget=)`` gives an ``Admission(kind, moves)`` or ``NoRoom``.
``admission``      ``kept(plan, answer)`` is the plan that follows; ``staged`` while the bank is asked about moves.
``batch``          ``admit_all(plan, requests, linked=)`` in order, groups together or not at all.
``extend``         ``extend(plan, id, new_end, linked=)`` gives an ``Extension`` or ``NoExtension(extendable_until)``.
``repair``         ``repair(plan, linked=)`` after a fact: moves, losers, and what nothing helps. ``crowds``.
``availability``   ``availability(plan, need, start, end, linked=)``: AVAILABLE, FEW or NONE; ``by_class``;
                   ``count_free`` for those who may know the number.
``summary``        ``packed(plan)`` to keep beside a bank's row, ``free_in(summary, need, start, end)`` for searches.
``doors``          ``choose_door(kind, doors)`` when the parcel comes.
=================  ==================================================================================================

A decision, kept::

    plan = plan.at(now)
    match admit(plan, request, linked=True):
        case Admission(waits=False) as admission:
            plan = kept(plan, admission)            # write admission.commitment and admission.moves
        case Admission() as admission:
            plan = staged(plan, admission)          # write moves of stage 0 with moving_to, tell the bank, and
            ...                                     # decide again when it has acknowledged
        case NoRoom():
            ...                                     # NO_CAPACITY
"""

from interlock_gateway.domain.capacity.admission import (
    DEFAULT_BUDGET,
    NO_MOVES,
    Admission,
    Budget,
    Extension,
    Move,
    NoExtension,
    NoRoom,
    kept,
    staged,
)
from interlock_gateway.domain.capacity.admit import admit
from interlock_gateway.domain.capacity.availability import Availability, availability, by_class, count_free
from interlock_gateway.domain.capacity.batch import Batch, admit_all
from interlock_gateway.domain.capacity.commitments import NO_END, Commitment, Request, Standing
from interlock_gateway.domain.capacity.doors import DoorState, choose_door
from interlock_gateway.domain.capacity.extend import extend
from interlock_gateway.domain.capacity.kinds import Climate, Feature, Kind, Need, feature_numbers, features, serves
from interlock_gateway.domain.capacity.layout import WORKING, Door, Layout
from interlock_gateway.domain.capacity.plan import Plan, moved, unmoved
from interlock_gateway.domain.capacity.repair import Crowd, Repair, crowds, repair
from interlock_gateway.domain.capacity.sizes import DEFAULT_SIZES, Dimensions, SizeClass, SizeTable
from interlock_gateway.domain.capacity.summary import free_in, kinds_in, packed, stale_from

__all__ = [
    "DEFAULT_BUDGET",
    "DEFAULT_SIZES",
    "NO_END",
    "NO_MOVES",
    "WORKING",
    "Admission",
    "Availability",
    "Batch",
    "Budget",
    "Climate",
    "Commitment",
    "Crowd",
    "Dimensions",
    "Door",
    "DoorState",
    "Extension",
    "Feature",
    "Kind",
    "Layout",
    "Move",
    "Need",
    "NoExtension",
    "NoRoom",
    "Plan",
    "Repair",
    "Request",
    "SizeClass",
    "SizeTable",
    "Standing",
    "admit",
    "admit_all",
    "availability",
    "by_class",
    "choose_door",
    "count_free",
    "crowds",
    "extend",
    "feature_numbers",
    "features",
    "free_in",
    "kept",
    "kinds_in",
    "moved",
    "packed",
    "repair",
    "serves",
    "staged",
    "stale_from",
    "unmoved",
]
