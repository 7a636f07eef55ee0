"""Enrolment: a one-time code makes the key of a bank's controller known (LNK-1 to LNK-6).

The code's secret is never sent: the controller proves it by an HMAC over its own key, and the answer is proved by
another. The code's secret and the bank's derive from the network's master key and lie in no database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from interlock import enrolment
from interlock.keys import PublicKey
from interlock_gateway.domain.bank import BankState, Input, VerifiesAt
from interlock_gateway.domain.bank_events import BankEventKind, told_of_bank
from interlock_gateway.domain.bank_life import noted
from interlock_gateway.domain.discrepancy import DiscrepancyKind, Finding
from interlock_gateway.domain.errors import BankUnknown, BankWrongState, CodeInvalid, CodeUsed
from interlock_gateway.domain.names import BankName
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANK_KEYS, BANK_LINKS, BANKS, ENROLMENT_CODES, JOURNALS
from interlock_gateway.use_cases.bank_link import BankKey, BankLink, EnrolmentCode, Lane, Predecessor, journal_key
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import bank_named, raise_discrepancy

CODE_LASTS: Final = timedelta(days=7)
"""How long an enrolment code can be redeemed."""
SAME_ANSWER_FOR: Final = timedelta(hours=24)
"""How long the same code and key are given the same answer (LNK-4)."""

_CODE_ID_BYTES: Final = 6
_SEAL_NONCE_BYTES: Final = 12


class BankVault(Protocol):
    """Who derives what only this network can; nothing of it lies in the database."""

    def code_secret(self, code_id: bytes, /) -> bytes:
        """The secret half of an enrolment code, 16 bytes."""
        ...

    def bank_secret(self, token_audience: str, /) -> bytes:
        """The secret of a bank, 32 bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMade:
    """An enrolment code for the operator's eyes.

    Attributes:
        text: The code; shown once.
        expire_time: Until when.
    """

    text: str
    expire_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateEnrolmentCode:
    """Make a code; those made before and not used lapse.

    Attributes:
        bank: For which bank; its party is the caller.
        root_thumbprint: Of the network's root key, 32 bytes.
        vault: Derives the code's secret.
        request: Under what the outcome is remembered.
    """

    bank: BankName
    root_thumbprint: bytes
    vault: BankVault
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank and its link."""
        wanted.values.update({At(BANKS, str(self.bank)), At(BANK_LINKS, str(self.bank))})

    def decide(self, desk: Desk) -> CodeMade:
        """Decide.

        Raises:
            BankUnknown: There is none of this name.
            BankWrongState: It is closed for good.
        """
        bank = bank_named(desk, self.bank)
        if bank.state is BankState.CLOSED:
            raise BankWrongState(bank=str(bank.name), state=bank.state)
        name = str(bank.name)
        link = desk.get(BANK_LINKS, name) or BankLink(bank=name)
        if link.open_code is not None and desk.get(ENROLMENT_CODES, link.open_code) is not None:
            desk.end(ENROLMENT_CODES, link.open_code)
        code_id = desk.entropy.token_bytes(_CODE_ID_BYTES)
        row = EnrolmentCode(
            code_id=code_id.hex(),
            bank=name,
            expire_time=desk.now + CODE_LASTS,
        )
        desk.put(ENROLMENT_CODES, row)
        desk.put(BANK_LINKS, replace(link, open_code=row.code_id))
        desk.remember({"code_id": row.code_id})
        return self._made(row)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> CodeMade:
        """Give the same code again."""
        row = desk.get(ENROLMENT_CODES, answer["code_id"])
        if row is None:
            raise CodeInvalid
        return self._made(row)

    def _made(self, row: EnrolmentCode) -> CodeMade:
        code_id = bytes.fromhex(row.code_id)
        code = enrolment.EnrolmentCode(code_id, self.vault.code_secret(code_id), self.root_thumbprint)
        return CodeMade(text=code.text(), expire_time=row.expire_time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What a new controller is told.

    Attributes:
        enrolment: The answer's bytes, the same on each retry.
        proof: Over the caller's nonce and those bytes.
        bank: The bank's name.
        alarm: Set where the code had been used with another key; the caller is refused.
    """

    enrolment: bytes
    proof: bytes
    bank: str
    alarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What the answer is made of; whoever knows the contract's messages writes it.

    Attributes:
        bank: The bank's name.
        token_audience: Its audience.
        sealed_secret: The bank's own secret, sealed under the code.
        predecessor: What is known of the journal of the controller that is replaced.
    """

    bank: str
    token_audience: str
    sealed_secret: bytes
    predecessor: Predecessor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrol:
    """Redeem a code for a key.

    Attributes:
        code_id: As it came.
        key: The controller's own.
        nonce: As it came.
        proof: As it came.
        inputs: How people can prove a right at the bank.
        verifies_at: Where its tokens are verified.
        firmware: As the vendor names it.
        root_thumbprint: Of the network's root key.
        vault: Derives the secrets.
        compose: Writes the answer.
    """

    code_id: bytes
    key: PublicKey
    nonce: bytes
    proof: bytes
    inputs: frozenset[Input]
    verifies_at: VerifiesAt
    firmware: str
    root_thumbprint: bytes
    vault: BankVault
    compose: Callable[[Answering], bytes]
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the code and the key."""
        wanted.values.update({At(ENROLMENT_CODES, self.code_id.hex()), At(BANK_KEYS, self.key.kid)})

    def decide(self, desk: Desk) -> Enrolled:
        """Decide. A code that was used with another key is no refusal here: the alarm has to be kept.

        Raises:
            CodeInvalid: Unknown, wrong proof, past its end, or its key stands for another bank.
        """
        row = desk.get(ENROLMENT_CODES, self.code_id.hex())
        if row is None:
            raise CodeInvalid
        code = enrolment.EnrolmentCode(self.code_id, self.vault.code_secret(self.code_id), self.root_thumbprint)
        expected = enrolment.enrol_proof(code, public_key=self.key, nonce=self.nonce)
        if not enrolment.proofs_equal(expected, self.proof):
            raise CodeInvalid
        if row.kid is not None and row.kid != self.key.kid:
            return self._alarmed(desk, row)
        if row.kid is None:
            row = self._redeemed(desk, row, code)
        elif row.use_time is None or desk.now >= row.use_time + SAME_ANSWER_FOR:
            raise CodeInvalid
        proof = enrolment.answer_proof(code, nonce=self.nonce, answer=row.answer)
        return Enrolled(enrolment=row.answer, proof=proof, bank=row.bank)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Enrolled:
        """Never remembered: the code itself remembers."""
        raise NotImplementedError

    def _alarmed(self, desk: Desk, row: EnrolmentCode) -> Enrolled:
        if not row.alarmed:
            name = BankName.parse(row.bank)
            note = "An enrolment code that was used came again with another key."
            finding = Finding(kind=DiscrepancyKind.JOURNAL_FORKED, reservation=None, time=desk.now, note=note)
            raise_discrepancy(desk, name, finding)
            desk.put(ENROLMENT_CODES, replace(row, alarmed=True))
        return Enrolled(enrolment=b"", proof=b"", bank=row.bank, alarm=True)

    def _redeemed(self, desk: Desk, row: EnrolmentCode, code: enrolment.EnrolmentCode) -> EnrolmentCode:
        """Make the key the bank's own, and distrust the one before it."""
        if desk.now >= row.expire_time or desk.get(BANK_KEYS, self.key.kid) is not None:
            raise CodeInvalid
        bank = desk.get(BANKS, row.bank)
        if bank is None:
            raise BankUnknown(bank=row.bank)
        link = desk.get(BANK_LINKS, row.bank) or BankLink(bank=row.bank)
        former = None if link.kid is None else desk.get(BANK_KEYS, link.kid)
        if former is not None:
            desk.put(BANK_KEYS, replace(former, distrust_time=desk.now))
        predecessor = _known(desk, link)
        secret = self.vault.bank_secret(bank.token_audience)
        sealed = enrolment.seal(code, secret, nonce=desk.entropy.token_bytes(_SEAL_NONCE_BYTES))
        answering = Answering(
            bank=row.bank, token_audience=bank.token_audience, sealed_secret=sealed, predecessor=predecessor
        )
        row = replace(row, kid=self.key.kid, use_time=desk.now, answer=self.compose(answering))
        desk.put(ENROLMENT_CODES, row)
        jwk = self.key.canonical_jwk().decode()
        desk.put(BANK_KEYS, BankKey(kid=self.key.kid, bank=row.bank, jwk=jwk, enrol_time=desk.now))
        desk.put(
            BANK_LINKS,
            replace(
                link,
                kid=self.key.kid,
                # The link of the former controller ends with its key.
                epoch=link.epoch + 1,
                journal_id=None,
                predecessor=predecessor,
                suspended=False,
                held_era=0,
                held_number=0,
                firmware=self.firmware,
                open_code=None if link.open_code == row.code_id else link.open_code,
            ),
        )
        after = noted(replace(bank, inputs=self.inputs or bank.inputs, verifies_at=self.verifies_at))
        desk.put(BANKS, after)
        desk.book(row.bank).tell_bank("")
        desk.tell(told_of_bank(after, BankEventKind.ENROLLED, now=desk.now))
        return row


def _known(desk: Desk, link: BankLink) -> Predecessor | None:
    """How far the journal of the controller that is replaced is known; of one that never spoke, its own predecessor."""
    if link.journal_id is None:
        return link.predecessor
    journal = desk.get(JOURNALS, journal_key(link.bank, link.journal_id))
    if journal is None:
        return link.predecessor
    return Predecessor(journal_id=link.journal_id, number=journal.number(Lane.CUSTODY), hash=journal.hash)


def refused_if_used(answer: Enrolled) -> Enrolled:
    """Give the answer to its caller.

    Raises:
        CodeUsed: The code had been used with another key; the alarm is kept already.
    """
    if answer.alarm:
        raise CodeUsed
    return answer
