"""Days at a bank: requests, deposits, collections, jams, outages, overstays, a link that comes and goes.

What must be true at every moment: whoever comes with a promise that has not been broken finds a free door of the kind
that the promise names, as long as the plan holds (CAP-3, CAP-7, CAP-9, CAP-11, CAP-14). The doors here are the
machine's own, and it chooses among the free ones as it likes.
"""

from dataclasses import replace

from capacity_builders import L, M, S
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from interlock_gateway.domain.capacity import (
    NO_END,
    Admission,
    Commitment,
    Door,
    Extension,
    Kind,
    Layout,
    Need,
    Plan,
    Request,
    Standing,
    admit,
    crowds,
    extend,
    kept,
    moved,
    repair,
    staged,
    unmoved,
)

picks = st.integers(0, 1_000)


class DaysAtABank(RuleBasedStateMachine):
    """One bank from the gateway's side, with its doors."""

    @initialize(sizes=st.lists(st.sampled_from([S, S, M, L]), min_size=2, max_size=5))
    def opens(self, sizes: list[int]) -> None:
        """A bank of a few doors opens."""
        self.doors = {str(at): Kind(size) for at, size in enumerate(sizes)}  # type: ignore[arg-type]
        self.inside: dict[str, str] = {}
        self.out: dict[str, int] = {}
        self.linked = True
        self.names = 0
        self.now = 0
        self.plan = Plan.of(self.layout(), [], now=0)

    def layout(self) -> Layout:
        """The doors as the gateway counts them."""
        return Layout(Door(label, kind, self.out.get(label, 0)) for label, kind in self.doors.items())

    def some(self, pick: int, *standings: Standing, come: bool = False) -> Commitment | None:
        """One of the commitments that stand so; with ``come``, one whose window has begun."""
        there = [
            each
            for each in self.plan.commitments.values()
            if each.standing in standings and (not come or each.start <= self.now)
        ]
        return there[pick % len(there)] if there else None

    def free(self, kind: Kind) -> list[str]:
        """Doors of a kind that a parcel could go into now."""
        taken = set(self.inside.values())
        return [
            label
            for label, own in self.doors.items()
            if own == kind and label not in taken and self.out.get(label, 0) <= self.now
        ]

    def after_a_fact(self) -> None:
        """Recompute, as the gateway does after each fact."""
        found = repair(self.plan, linked=self.linked)
        assert not found.unmet
        for name in found.losers:
            loser = self.plan.commitments[name]
            assert loser.standing in (Standing.HELD, Standing.CONFIRMED)
            self.end(loser)
        self.plan = staged(self.plan, found)
        again = repair(self.plan, linked=self.linked)
        assert again.losers == ()

    def end(self, commitment: Commitment) -> None:
        """Nothing is promised any more; a right that is out keeps its door until the bank has acknowledged."""
        if commitment.token_out:
            self.plan = self.plan.changed(replace(commitment, standing=Standing.ENDING))
        else:
            self.plan = self.plan.minus(commitment.id)

    @rule(
        size=st.sampled_from([S, M, L]),
        lead=st.integers(0, 6),
        length=st.integers(1, 10),
        standing=st.sampled_from([Standing.HELD, Standing.CONFIRMED, Standing.CONFIRMED]),
    )
    def is_asked(self, size: int, lead: int, length: int, standing: Standing) -> None:
        """A request; what waits for the bank is asked again by somebody else, or never."""
        self.names += 1
        start = self.now + lead
        asked = Request(
            str(self.names),
            Need(size),  # type: ignore[arg-type]
            start,
            start + length,
            standing,
            token_out=standing == Standing.CONFIRMED,
            since=self.now,
        )
        answer = admit(self.plan, asked, linked=self.linked)
        if isinstance(answer, Admission):
            self.plan = staged(self.plan, answer) if answer.waits else kept(self.plan, answer)

    @rule(pick=picks, applied=st.booleans())
    def acknowledges(self, pick: int, applied: bool) -> None:
        """The bank says where a commitment on the move is planned now."""
        moving = [each for each in self.plan.commitments.values() if each.moving_to and each.door is None]
        if moving and self.linked:
            one = moving[pick % len(moving)]
            self.plan = self.plan.changed(moved(one) if applied else unmoved(one))
            self.after_a_fact()

    @rule(pick=picks, which=picks)
    def a_parcel_comes(self, pick: int, which: int) -> None:
        """Somebody comes with a promise; its kind, or on the move either kind, must have a free door."""
        coming = self.some(pick, Standing.CONFIRMED, come=True)
        if coming is None or coming.end <= self.now:
            return
        kind = coming.moving_to if coming.moving_to and which % 2 else coming.kind
        free = self.free(kind)
        if not crowds(self.plan):
            assert free, f"{coming} stands before full doors"
        if free:
            self.deposit(coming, free[which % len(free)])

    @rule(pick=picks, which=picks)
    def a_parcel_comes_on_an_ended_right(self, pick: int, which: int) -> None:
        """The bank had not heard that the right ended: facts win. The door was kept for just that."""
        coming = self.some(pick, Standing.ENDING, come=True)
        if coming is None:
            return
        free = self.free(coming.kind)
        if not crowds(self.plan):
            assert free, f"{coming} stands before full doors"
        if free:
            self.deposit(coming, free[which % len(free)])

    def deposit(self, coming: Commitment, door: str) -> None:
        """It lies there now."""
        self.inside[coming.id] = door
        self.plan = self.plan.changed(
            replace(coming, standing=Standing.DEPOSITED, door=door, kind=self.doors[door], moving_to=None)
        )
        self.after_a_fact()

    @rule(pick=picks)
    def a_parcel_goes(self, pick: int) -> None:
        """Collected, early or late."""
        lying = self.some(pick, Standing.DEPOSITED)
        if lying is not None:
            del self.inside[lying.id]
            self.plan = self.plan.minus(lying.id)
            self.after_a_fact()

    @rule(pick=picks)
    def a_promise_is_given_back(self, pick: int) -> None:
        """Cancelled, or a hold lapsed."""
        standing = self.some(pick, Standing.HELD, Standing.CONFIRMED)
        if standing is not None:
            self.end(standing)

    @rule(pick=picks)
    @precondition(lambda self: self.linked)
    def the_bank_knows_that_a_right_ended(self, pick: int) -> None:
        """Only now is the capacity free."""
        ended = self.some(pick, Standing.ENDING)
        if ended is not None:
            self.plan = self.plan.minus(ended.id)

    @rule(pick=picks, longer=st.integers(1, 9))
    def is_put_off(self, pick: int, longer: int) -> None:
        """A stay is extended, or as far as is offered."""
        lying = self.some(pick, Standing.DEPOSITED)
        if lying is None:
            return
        new_end = max(lying.end if lying.end < NO_END else 0, self.now) + longer
        answer = extend(self.plan, lying.id, new_end, linked=self.linked)
        if not isinstance(answer, Extension):
            if answer.extendable_until is None:
                return
            assert answer.extendable_until < new_end
            answer = extend(self.plan, lying.id, answer.extendable_until, linked=self.linked)
            assert isinstance(answer, Extension)
        held_before = not crowds(self.plan)
        self.plan = staged(self.plan, answer) if answer.waits else kept(self.plan, answer)
        assert not (held_before and crowds(self.plan))

    @rule(pick=picks, lasts=st.one_of(st.integers(1, 9), st.just(NO_END)))
    def a_door_goes_out(self, pick: int, lasts: int) -> None:
        """It jams, is quarantined, or has a planned outage."""
        label = str(pick % len(self.doors))
        self.out[label] = NO_END if lasts == NO_END else self.now + lasts
        self.plan = self.plan.on(self.layout())
        self.after_a_fact()

    @rule(pick=picks)
    def a_door_is_back(self, pick: int) -> None:
        """Repaired."""
        self.out.pop(str(pick % len(self.doors)), None)
        self.plan = self.plan.on(self.layout())
        self.after_a_fact()

    @rule(linked=st.booleans())
    def the_link(self, linked: bool) -> None:
        """Comes or goes."""
        self.linked = linked

    @rule(hours=st.integers(1, 6))
    def time_passes(self, hours: int) -> None:
        """And frees nothing."""
        for _ in range(hours):
            self.now += 1
            self.plan = self.plan.at(self.now)
            self.after_a_fact()

    @invariant()
    def what_was_followed_is_what_would_be_read(self) -> None:
        """The plan in memory is the one that rows would give."""
        if not hasattr(self, "plan"):
            return
        anew = Plan.of(self.layout(), self.plan.commitments.values(), now=self.now)
        for kind, at in anew.layout.index.items():
            mine = self.plan.loads[self.plan.layout.index[kind]]
            for instant in range(self.now, self.now + 30):
                assert mine.peak(instant, instant + 1) == anew.loads[at].peak(instant, instant + 1)


def test_whoever_comes_with_a_promise_finds_a_door(full_size: bool) -> None:
    days = settings(max_examples=3_000 if full_size else 150, stateful_step_count=50, deadline=None)
    run_state_machine_as_test(DaysAtABank, settings=days)
