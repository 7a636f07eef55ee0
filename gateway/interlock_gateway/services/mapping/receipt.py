"""Receipts and proofs as the contract tells them: all that was signed, read off the signed text again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from interlock import receipt as receipts
from interlock.access_token import Act
from interlock.keys import PublicKey
from interlock.strict_json import decode
from interlock.v1 import bank_pb2, compartment_pb2, need_pb2, receipt_pb2, reservation_pb2
from interlock_gateway.domain.names import BankName, ReceiptName, ReservationName
from interlock_gateway.services.mapping.values import duration, stamp
from interlock_gateway.use_cases.bank_link import BankKey, FactStatus, StoredFact, StoredReceipt

_ACTS = {
    Act.DEPOSIT: reservation_pb2.ACT_DEPOSIT,
    Act.COLLECT: reservation_pb2.ACT_COLLECT,
    Act.RECALL: reservation_pb2.ACT_RECALL,
}


@dataclass(frozen=True, slots=True)
class Signers:
    """By what the receipts of a bank are read.

    Attributes:
        audience: The bank's ``token_audience``.
        keys: Its public keys by thumbprint, former ones included.
    """

    audience: str
    keys: Mapping[str, PublicKey]

    @classmethod
    def of(cls, audience: str, keys: tuple[BankKey, ...]) -> Signers:
        """Take what is kept of a bank's keys."""
        return cls(audience, {key.kid: PublicKey.from_jwk(decode(key.jwk.encode())) for key in keys})


def receipt_message(stored: StoredReceipt, fact: StoredFact | None, signers: Signers) -> receipt_pb2.Receipt:
    """Write a receipt.

    Args:
        stored: As it is kept.
        fact: Its fact, once the link has brought it.
        signers: By what it is read.

    Raises:
        Flawed: It does not verify any more, though it did when it came in: somebody has changed the database.
    """
    said = receipts.read(stored.text, signers.keys, bank=signers.audience)
    name = ReceiptName.parse(stored.name)
    earlier = f"{said.journal_id}-{said.earlier_number}"
    return receipt_pb2.Receipt(
        name=stored.name,
        jws=stored.text,
        key_thumbprint=receipts.key_id(stored.text),
        reservation=str(ReservationName(stored.carrier, stored.reservation)) if stored.carrier else "",
        act=_ACTS[said.act],
        compartment=said.compartment,
        size_class=need_pb2.SizeClass.Value(f"SIZE_CLASS_{said.size_class}"),
        parcel_numbers=said.parcels,
        evidence=reservation_pb2.Evidence.Value(f"EVIDENCE_{said.evidence.value}"),
        door=compartment_pb2.DoorState.Value(f"DOOR_STATE_{said.door.value}"),
        open_time=stamp(_instant(said.opened_unix_s)),
        close_time=stamp(_instant(said.closed_unix_s)),
        record_time=stamp(_instant(said.recorded_unix_s)),
        clock_uncertainty=duration(timedelta(seconds=said.clock_uncertainty_s)),
        number=said.number,
        previous_hash=said.previous_hash,
        hash=said.hash,
        earlier_receipt=str(ReceiptName(name.party, name.bank, earlier)) if said.earlier_number else "",
        state=_state(stored, fact),
        way=receipt_pb2.RECEIPT_WAY_LINK if _by_link(stored, fact) else receipt_pb2.RECEIPT_WAY_SUBMITTED,
        receive_time=stamp(stored.recorded_time),
        link_time=stamp(None if fact is None else fact.recorded_time),
    )


def key_message(key: BankKey) -> bank_pb2.BankKey:
    """Write a key that is or was a bank's."""
    return bank_pb2.BankKey(
        thumbprint=key.kid,
        public_key=key.jwk,
        enrol_time=stamp(key.enrol_time),
        distrust_time=stamp(key.distrust_time),
    )


def bank_of(stored: StoredReceipt) -> BankName:
    """Return the bank whose receipt it is."""
    return BankName.parse(stored.bank)


def _state(stored: StoredReceipt, fact: StoredFact | None) -> receipt_pb2.ReceiptState.ValueType:
    if fact is not None and fact.status is FactStatus.FORKED:
        return receipt_pb2.RECEIPT_STATE_FORKED
    return receipt_pb2.RECEIPT_STATE_PENDING_FORERUNNER if stored.waiting else receipt_pb2.RECEIPT_STATE_APPLIED


def _by_link(stored: StoredReceipt, fact: StoredFact | None) -> bool:
    """Whether the link brought it first: then both were kept in one commit, at one instant."""
    return fact is not None and fact.recorded_time == stored.recorded_time


def _instant(unix_s: int | None) -> datetime | None:
    return datetime.fromtimestamp(unix_s, UTC) if unix_s else None
