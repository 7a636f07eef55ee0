"""Many proposals, one commit: order, retries, twins, failures (REQ-1 to REQ-9, REQ-20 to REQ-26)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.errors import (
    GroupRefused,
    NoCapacity,
    RequestIdReused,
    ReservationUnknown,
    ShuttingDown,
    StoreUnavailable,
)
from interlock_gateway.domain.names import PartyKeyName, PartyName
from interlock_gateway.domain.party import Party, PartyKey, Role
from interlock_gateway.domain.request_memory import KEPT_FOR
from interlock_gateway.ports import At, InDoubt, NotAccepted, Request, ShelfUnavailable, Stale, Wanted
from interlock_gateway.store.sqlite.shelf import SqliteShelf
from interlock_gateway.use_cases.aggregates import PARTIES, PARTY_KEYS, RESERVATIONS
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.promise import Promised
from tests.gateway.scene import NOON, Faulty, Scene, scene


@dataclass
class AddParty:
    """Add a party under a fresh id; the plainest proposal there is."""

    party: str
    request: Request | None = None
    decided: int = 0
    display_name: str = ""

    def needs(self, wanted: Wanted) -> None:
        wanted.values.add(At(PARTIES, self.party))

    def decide(self, desk: Desk) -> str:
        self.decided += 1
        if desk.get(PARTIES, self.party) is not None:
            raise ReservationUnknown(reservation=self.party)
        name = PartyName(self.party)
        roles = frozenset({Role.CARRIER})
        desk.put(
            PARTIES,
            Party(name=name, display_name=self.display_name, roles=roles, create_time=NOON, update_time=NOON),
        )
        desk.remember({"party": self.party, "decided": self.decided})
        return f"{self.party} {self.decided}"

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> str:
        return f"{answer['party']} {answer['decided']}"


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path / "gateway.db", shelf=Faulty) as made:
        yield made


def faulty(network: Scene) -> Faulty:
    assert isinstance(network.shelf, Faulty)
    return network.shelf


async def test_an_answer_comes_after_the_commit(network: Scene) -> None:
    gate = faulty(network).gate = asyncio.Event()
    waiting = asyncio.create_task(network.committer.submit(AddParty("acme")))
    await network.readers.run(lambda _: None)  # the committer has had its turn
    assert not waiting.done()
    gate.set()
    assert await waiting == "acme 1"


async def test_what_came_while_a_commit_was_under_way_is_committed_together(network: Scene) -> None:
    gate = faulty(network).gate = asyncio.Event()
    first = asyncio.create_task(network.committer.submit(AddParty("first")))
    await network.readers.run(lambda _: None)
    rest = [asyncio.create_task(network.committer.submit(AddParty(f"party-{at}"))) for at in range(40)]
    await asyncio.sleep(0)
    written = len(faulty(network).written)
    gate.set()
    await asyncio.gather(first, *rest)
    assert [len(batch.values) for batch in faulty(network).written[written:]] == [1, 40]
    assert (network.committer.commits, network.committer.committed) == (written + 2, written + 41)
    assert network.committer.waiting == 0


async def test_a_request_that_comes_again_gets_the_first_answer(network: Scene) -> None:
    """REQ-2."""
    request = network.request("again")
    first = await network.committer.submit(AddParty("acme", request))
    again = AddParty("acme", request)
    assert await network.committer.submit(again) == first
    assert again.decided == 0


async def test_the_same_id_with_other_content_is_refused(network: Scene) -> None:
    """REQ-3."""
    await network.committer.submit(AddParty("acme", network.request("one")))
    with pytest.raises(RequestIdReused):
        await network.committer.submit(AddParty("beta", network.request("one", digest="other")))
    assert await network.look(At(PARTIES, "beta")) == [None]


async def test_an_id_means_something_for_one_party_and_method_only(network: Scene) -> None:
    await network.committer.submit(AddParty("acme", network.request("one")))
    await network.committer.submit(AddParty("beta", network.request("one", method="Other", digest="other")))
    await network.committer.submit(AddParty("gamma", Request("other", "Create", "one", "other")))


async def test_after_a_refusal_the_same_id_tries_again(network: Scene) -> None:
    """REQ-2."""
    await network.committer.submit(AddParty("acme"))
    request = network.request("again")
    with pytest.raises(ReservationUnknown):
        await network.committer.submit(AddParty("acme", request))
    assert await network.committer.submit(AddParty("beta", request)) == "beta 1"


async def test_after_thirty_days_an_id_is_free(network: Scene) -> None:
    """REQ-1."""
    request = network.request("old")
    await network.committer.submit(AddParty("acme", request))
    network.watch.time += KEPT_FOR
    assert await network.committer.submit(AddParty("beta", request)) == "beta 1"
    assert await network.committer.submit(AddParty("gamma", request)) == "beta 1"


async def test_old_requests_are_forgotten_and_no_others(tmp_path: Path) -> None:
    """REQ-1."""
    async with scene(tmp_path / "forgetful.db") as network:
        assert isinstance(network.shelf, SqliteShelf)
        old, young = network.request(), network.request()
        await network.committer.submit_all([AddParty("old-1", old), AddParty("old-2", network.request())])
        network.watch.time += KEPT_FOR
        await network.committer.submit(AddParty("young", young))
        assert await network.shelf.forget_old_requests(network.watch.time, most=1) == 1
        assert await network.shelf.forget_old_requests(network.watch.time) == 1
        assert await network.shelf.forget_old_requests(network.watch.time) == 0
        assert await network.committer.submit(AddParty("other", young)) == "young 1"


async def test_twins_in_flight_are_decided_once(network: Scene) -> None:
    """REQ-4."""
    request = network.request("twin")
    twins = [AddParty("acme", request) for _ in range(5)]
    answers = await asyncio.gather(*(network.committer.submit(twin) for twin in twins))
    assert set(answers) == {"acme 1"}
    assert sum(twin.decided > 0 for twin in twins) == 1


async def test_twins_in_one_call_are_decided_once(network: Scene) -> None:
    request = network.request("twin")
    outcomes = await network.committer.submit_all([AddParty("acme", request), AddParty("acme", request)])
    assert outcomes == ["acme 1", "acme 1"]


async def test_each_of_many_has_its_own_outcome_in_order(network: Scene) -> None:
    """REQ-6: four items for two doors; the first two get them."""
    outcomes = await network.committer.submit_all([network.reserve() for _ in range(4)])
    assert [type(outcome) for outcome in outcomes] == [Promised, Promised, NoCapacity, NoCapacity]


async def test_nothing_submitted_is_answered_with_nothing(network: Scene) -> None:
    assert await network.committer.submit_all([]) == []


async def test_a_group_is_promised_together_or_not_at_all(network: Scene) -> None:
    """REQ-7: three in a group for two doors; the doors are left for those after it."""
    proposals = [network.reserve() for _ in range(5)]
    outcomes = await network.committer.submit_all(proposals, groups=["set", "set", "", "set", ""])
    assert [type(outcome) for outcome in outcomes] == [GroupRefused, GroupRefused, Promised, NoCapacity, Promised]
    assert isinstance(outcomes[0], GroupRefused)
    assert (outcomes[0].group, outcomes[0].item, outcomes[0].because) == ("set", 3, "NO_CAPACITY")


async def test_a_group_that_fits_comes_again_as_it_was(network: Scene) -> None:
    proposals = [network.reserve() for _ in range(2)]
    first = await network.committer.submit_all(proposals, groups=["set", "set"])
    again = await network.committer.submit_all(proposals, groups=["set", "set"])
    assert first == again
    assert all(isinstance(outcome, Promised) for outcome in first)


async def test_a_later_proposal_sees_what_an_earlier_one_decided(network: Scene) -> None:
    outcomes = await network.committer.submit_all([AddParty("acme"), AddParty("acme")])
    assert outcomes[0] == "acme 1"
    assert isinstance(outcomes[1], ReservationUnknown)


@dataclass
class AddKey:
    """Register a key; the schema has each thumbprint once, and this proposal does not look."""

    key: str
    thumbprint: str
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        pass

    def decide(self, desk: Desk) -> str:
        name = PartyKeyName("acme", self.key)
        desk.put(
            PARTY_KEYS,
            PartyKey(name=name, display_name="", public_key="", thumbprint=self.thumbprint, create_time=NOON),
        )
        return self.key

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> str:
        raise NotImplementedError


async def test_a_row_that_the_schema_refuses_fails_alone(network: Scene) -> None:
    """REQ-24: among thirty, one breaks a rule of the database and the others stand."""
    await network.committer.submit(AddKey("taken", "t-17"))
    outcomes = await network.committer.submit_all([AddKey(f"key-{at}", f"t-{at}") for at in range(30)])
    assert isinstance(outcomes[17], NotAccepted)
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == [
        f"key-{at}" for at in range(30) if at != 17
    ]
    assert await network.look(At(PARTY_KEYS, "key-17"), At(PARTY_KEYS, "key-18")) != [None, None]


async def test_what_cannot_even_be_asked_for_fails_alone(network: Scene) -> None:
    """REQ-24: a key that is no text in any encoding breaks the loading of the whole batch."""
    proposals = [AddParty(f"party-{at}") for at in range(30)]
    proposals[17].party = "\ud800"
    outcomes = await network.committer.submit_all(proposals)
    assert [at for at, outcome in enumerate(outcomes) if not isinstance(outcome, str)] == [17]


async def test_halving_decides_anew_what_stood_after_the_culprit(network: Scene) -> None:
    """The second proposal rests on the first; when the first cannot be written, it is not taken for granted."""
    shelf = faulty(network)
    shelf.before_write = [NotAccepted("planted"), NotAccepted("planted"), None]
    first, second = await network.committer.submit_all([AddParty("acme"), AddParty("acme")])
    assert isinstance(first, NotAccepted)
    assert second == "acme 2"


async def test_a_bug_in_one_proposal_reaches_its_caller_alone(network: Scene) -> None:
    class Broken(AddParty):
        def decide(self, desk: Desk) -> str:
            message = "planted"
            raise ZeroDivisionError(message)

    outcomes = await network.committer.submit_all([AddParty("acme"), Broken("beta"), AddParty("gamma")])
    assert outcomes[0] == "acme 1"
    assert isinstance(outcomes[1], ZeroDivisionError)
    assert outcomes[2] == "gamma 1"


async def test_callers_that_give_up_harm_nobody(network: Scene) -> None:
    """REQ-21: half of a batch is cancelled while it is being written; all of it is committed."""
    gate = faulty(network).gate = asyncio.Event()
    requests = [network.request() for _ in range(20)]
    calls = [
        asyncio.create_task(network.committer.submit(AddParty(f"party-{at}", request)))
        for at, request in enumerate(requests)
    ]
    await network.readers.run(lambda _: None)
    for call in calls[::2]:
        call.cancel()
    await asyncio.sleep(0)
    gate.set()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes[::2])
    assert outcomes[1::2] == [f"party-{at} 1" for at in range(1, 20, 2)]
    again = [AddParty(f"party-{at}", request) for at, request in enumerate(requests)]
    assert await network.committer.submit_all(again) == [f"party-{at} 1" for at in range(20)]


async def test_what_nobody_waits_for_any_more_is_not_begun(network: Scene) -> None:
    gate = faulty(network).gate = asyncio.Event()
    first = asyncio.create_task(network.committer.submit(AddParty("first")))
    await network.readers.run(lambda _: None)
    given_up = AddParty("given-up")
    call = asyncio.create_task(network.committer.submit(given_up))
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.sleep(0)
    gate.set()
    await first
    await network.committer.submit(AddParty("last"))
    assert given_up.decided == 0


async def test_a_commit_in_doubt_that_happened_is_answered(network: Scene) -> None:
    """REQ-23: the database wrote the batch and then failed; it is looked up, and the callers get their answers."""
    faulty(network).after_write = [InDoubt("planted")]
    assert await network.committer.submit(AddParty("acme", network.request("doubt"))) == "acme 1"
    assert await network.committer.submit(AddParty("acme", network.request("doubt"))) == "acme 1"


@pytest.mark.parametrize("remembered", [True, False], ids=["of a request", "of nobody's request"])
async def test_a_commit_in_doubt_that_did_not_happen_is_unavailable(network: Scene, *, remembered: bool) -> None:
    """REQ-8, REQ-23: nothing was written, so the same id tries again."""
    request = network.request("doubt") if remembered else None
    faulty(network).before_write = [InDoubt("planted")]
    with pytest.raises(StoreUnavailable):
        await network.committer.submit(AddParty("acme", request))
    assert await network.committer.submit(AddParty("acme", request)) == "acme 1"


async def test_a_reservation_in_doubt_is_found_by_its_bank(network: Scene) -> None:
    faulty(network).after_write = [InDoubt("planted")]
    proposal = network.reserve()
    object.__setattr__(proposal, "request", None)
    assert isinstance(await network.committer.submit(proposal), Promised)


async def test_without_a_database_nothing_is_said(network: Scene) -> None:
    """REQ-8: neither yes nor no; the refusals of the same batch stand, for they needed nothing written."""
    await network.committer.submit(AddParty("taken"))
    shelf = faulty(network)
    shelf.before_write = [InDoubt("planted")]
    shelf.unreadable = []
    request = network.request("unknown")
    gate = shelf.gate = asyncio.Event()
    call = asyncio.create_task(network.committer.submit_all([AddParty("acme", request), AddParty("taken")]))
    await network.readers.run(lambda _: None)
    shelf.unreadable = [ShelfUnavailable("planted")]
    gate.set()
    unknown, refused = await call
    assert isinstance(unknown, StoreUnavailable)
    assert isinstance(refused, ReservationUnknown)
    assert await network.committer.submit(AddParty("acme", request)) == "acme 1"


async def test_a_database_that_cannot_be_read_refuses_and_lives_on(network: Scene) -> None:
    faulty(network).unreadable = [ShelfUnavailable("planted")]
    with pytest.raises(StoreUnavailable):
        await network.committer.submit(AddParty("acme"))
    assert await network.committer.submit(AddParty("acme")) == "acme 1"


async def test_what_was_decided_on_old_versions_is_decided_again(network: Scene) -> None:
    faulty(network).before_write = [Stale(), Stale()]
    assert await network.committer.submit(AddParty("acme")) == "acme 3"


async def test_two_committers_on_one_file_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """REQ-26: each has the bank's book in its cache; two doors are promised twice and not four times."""
    path = tmp_path / "shared.db"
    async with scene(path) as one, scene(path, seed=2) as two:
        await one.book()
        await two.book()
        outcomes = await asyncio.gather(
            *(each.committer.submit_all([each.reserve() for _ in range(2)]) for each in (one, two))
        )
        kinds = [type(outcome) for each in outcomes for outcome in each]
        assert sorted(kind.__name__ for kind in kinds) == ["NoCapacity", "NoCapacity", "Promised", "Promised"]


async def test_a_commit_stands_when_it_cannot_be_announced(network: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_events: object) -> None:
        message = "planted"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(network.committer, "_told", broken)
    first = await network.reserved()
    assert (await network.now(first)).revision == 1
    assert (await network.book()).version == 1


async def test_considering_keeps_nothing_and_remembers_nothing(network: Scene) -> None:
    """REQ-5."""
    request = network.request("would it fit")
    would = await network.committer.consider(network.reserve(request=request))
    assert isinstance(would, Promised)
    assert (await network.book()).version == 0
    assert isinstance(await network.committer.submit(network.reserve(SizeClass.S, request=request)), Promised)


async def test_what_was_submitted_before_the_end_is_committed(tmp_path: Path) -> None:
    async with scene(tmp_path / "ending.db", most_in_a_batch=10) as network:
        call = asyncio.create_task(network.committer.submit_all([AddParty(f"party-{at}") for at in range(100)]))
        await asyncio.sleep(0)
        network.committer.stop()
        assert await call == [f"party-{at} 1" for at in range(100)]
        with pytest.raises(ShuttingDown):
            await network.committer.submit(AddParty("late"))


async def test_a_restart_finds_everything(tmp_path: Path) -> None:
    path = tmp_path / "restarted.db"
    async with scene(path) as before:
        proposal = before.reserve()
        promised = await before.committer.submit(proposal)
        assert isinstance(promised, Promised)
    async with scene(path) as after:
        assert await after.committer.submit(proposal) == promised
        id_ = promised.reservation.name.reservation
        assert await after.look(At(RESERVATIONS, id_)) == [promised.reservation]
        book = await after.book()
        assert list(book.plan.commitments) == [id_]
        assert (book.version, book.manifest_number, book.next_status_index) == (1, 1, 2)
