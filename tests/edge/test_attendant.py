"""The attendant carries out effects in their order and believes the disk, not itself (ACC-53)."""

import asyncio

from scene import R1, SMALL, MakeBank, collect, deposit

from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.attendant import Decision
from interlock_edge.bank.inputs import Deadline, ServiceSet, Shown
from interlock_edge.bank.state import Bank
from interlock_edge.clock import Instant
from interlock_edge.custody.change import Change
from interlock_edge.custody.fact import AccessRefused, Tampering, TamperSeen
from interlock_edge.custody.right import Form
from interlock_edge.journal.database import JournalFullError
from interlock_edge.journal.journal import Journal, Kept
from interlock_edge.journal.written import Chained


class Tape:
    """A journal that notes the order of writes and can refuse them from the n-th on."""

    def __init__(self, journal: Journal, order: list[str], fails_at: int = 0) -> None:
        self.journal, self.order, self.fails_at = journal, order, fails_at

    def write(self, change: Change) -> tuple[Chained, ...]:
        self.fails_at -= 1
        if self.fails_at == 0:
            message = "full"
            raise JournalFullError(message)
        self.order.append("+".join(row.state.value for row in change.ledger) or "other")
        return self.journal.write(change)

    def load(self) -> Kept:
        return self.journal.load()


async def test_every_state_is_on_disk_before_its_effect(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    order: list[str] = []
    bank.agent._store = Tape(bank.journal, order)  # noqa: SLF001  the same port
    pulse, show = bank.doors.pulse, bank.heard.show

    async def noted(compartment: str) -> object:
        order.append("pulse")
        return await pulse(compartment)

    bank.doors.pulse = noted
    bank.heard.show = lambda shown: (order.append(shown.screen.value), show(shown))
    await bank.show(deposit())
    await bank.put("1")
    assert order == ["ARMED", "pulse", "OPENING", "PULSED", "OPENED", "PUT_IN", "SPENT", "DEPOSITED"]


async def test_a_step_that_the_disk_broke_off_is_read_back_from_it(a_bank: MakeBank) -> None:
    """A jam under a command writes, answers, and writes again; the second write meets a full disk."""
    bank = a_bank(SMALL)
    await bank.deposited()
    bank.doors.jam("1")
    await bank.open_remotely(collect(), "k1")
    bank.agent._store = Tape(bank.journal, [], fails_at=6)  # noqa: SLF001  two pulses, then the jam's second write
    await bank.wait(16)
    assert bank.screen.value == "OUT_OF_ORDER"
    assert bank.bank.results.keys() == {"k1"}, "what was written before counts"
    assert {row.right: row for row in bank.journal.load().ledger} == bank.bank.ledger
    bank.doors.jam("1", 0)
    await bank.wait(121)
    await bank.show(collect())
    await bank.empty("1")
    assert bank.hand_overs()[-1] == ("c", R1, 1, "SENSED")


async def test_a_refusal_is_recorded_and_a_lock_out_kept_with_it(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    refused = Refused(Reason.SERIES_JUMP, Form.QR, R1)
    said = Decision(facts=refused.facts, kept=(("keypad", "{}"),))
    assert await bank.agent.decide(lambda _bank, _at: said)
    assert [fact.body for fact in bank.heard.facts] == [
        AccessRefused("SERIES_JUMP", Form.QR, R1),
        TamperSeen(Tampering.SERIES_JUMP),
    ]
    assert bank.journal.kept("keypad") == "{}"
    bank.agent._store = Tape(bank.journal, [], fails_at=1)  # noqa: SLF001  the same port
    assert not await bank.agent.decide(lambda _bank, _at: said)
    assert bank.screen.value == "OUT_OF_ORDER"


async def test_what_is_judged_is_the_state_that_is_acted_on(a_bank: MakeBank) -> None:
    """Two people at once: the second is judged when the first has been served, not when they came."""
    bank = a_bank(SMALL)
    await bank.deposited()
    seen = []

    def judge(state: Bank, at: Instant) -> Decision:
        seen.append((state.opening is not None, at.ms))
        return Decision(Shown(collect()))

    await asyncio.gather(bank.agent.decide(judge), bank.agent.decide(judge))
    assert [opening for opening, _ in seen] == [False, True]
    assert bank.doors.doors["1"].pulses == 2


async def test_a_yes_that_came_too_late_opens_nothing(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.show(collect())
    assert (bank.screen.value, bank.doors.doors["1"].pulses) == ("OUT_OF_ORDER", 0)
    await bank.deposited()
    await bank.show(collect())
    await bank.empty("1")
    await bank.wait(61)
    await bank.show(collect())
    assert (bank.screen.value, bank.doors.doors["1"].pulses) == ("OUT_OF_ORDER", 2)


async def test_a_command_that_cannot_be_written_is_answered_all_the_same(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    bank.agent._store = Tape(bank.journal, [], fails_at=1)  # noqa: SLF001  the same port
    await bank.take(ServiceSet("k1", Deadline(bank.boot_id, 99_999_999), "1", withdrawn=True))
    assert [(result.command, result.reason) for result in bank.heard.results] == [("k1", "STORAGE_FULL")]
    assert bank.bank.door("1").withdrawn is None
