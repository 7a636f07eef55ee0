"""Values for the tests, with defaults for all that a case is not about; instants are small numbers."""

from dataclasses import replace
from typing import Any

from interlock_gateway.domain.capacity import (
    NO_END,
    Admission,
    Commitment,
    Door,
    Kind,
    Layout,
    Need,
    NoRoom,
    Plan,
    Request,
    SizeClass,
    Standing,
    admit,
    kept,
    moved,
    staged,
)

XS, S, M, L, XL = SizeClass


def bank(*doors: SizeClass | Kind | Door, headroom: dict[SizeClass, int] | None = None) -> Layout:
    """A bank with these doors, labelled by their place: "0", "1", ..."""
    return Layout(
        (
            door if isinstance(door, Door) else Door(str(at), door if isinstance(door, Kind) else Kind(door))
            for at, door in enumerate(doors)
        ),
        headroom=headroom,
    )


def plan(layout: Layout, *commitments: Commitment, now: int = 0) -> Plan:
    """A plan as of ``now``."""
    return Plan.of(layout, commitments, now=now)


def commitment(name: str, size: SizeClass, start: int, end: int = NO_END, **changes: Any) -> Commitment:
    """A confirmed promise without a token out, planned into the plain kind of its class."""
    kind = changes.pop("kind", Kind(size))
    given: dict[str, Any] = {"token_out": False, **changes}
    return Commitment(name, Need(size), kind, start, end, **given)


def parcel(name: str, size: SizeClass, start: int, end: int = NO_END, *, door: str, **changes: Any) -> Commitment:
    """A parcel that lies behind a door."""
    return commitment(name, size, start, end, standing=Standing.DEPOSITED, token_out=True, door=door, **changes)


def request(name: str, need: SizeClass | Need, start: int, end: int, **changes: Any) -> Request:
    """A request for a promise whose token does not leave at once."""
    given: dict[str, Any] = {"token_out": False, **changes}
    return Request(name, need if isinstance(need, Need) else Need(need), start, end, **given)


def fill(after: Plan, *requests: Request, linked: bool = True) -> Plan:
    """Admit requests one after another; all must fit without waiting."""
    for each in requests:
        answer = admit(after, each, linked=linked)
        assert isinstance(answer, Admission), each
        after = kept(after, answer)
    return after


def acknowledged(after: Plan) -> Plan:
    """The bank acknowledges every move that it was asked about."""
    for each in after.commitments.values():
        if each.moving_to is not None:
            after = after.changed(moved(each))
    return after


def admit_to_the_end(after: Plan, asked: Request, *, linked: bool = True, rounds: int = 8) -> tuple[Plan, bool]:
    """Admit a request, with a bank that acknowledges everything; the plan that follows, and whether it was admitted."""
    for _ in range(rounds):
        match admit(after, asked, linked=linked):
            case NoRoom():
                return after, False
            case Admission(waits=True) as answer:
                after = acknowledged(staged(after, answer))
            case Admission() as answer:
                return kept(after, answer), True
    message = f"{asked} is still waiting after {rounds} rounds"
    raise AssertionError(message)


def kinds_of(after: Plan) -> dict[str, Kind]:
    """Where everybody is planned."""
    return {each.id: each.kind for each in after.commitments.values()}


def with_token(one: Commitment) -> Commitment:
    """The same, its token out."""
    return replace(one, token_out=True)
