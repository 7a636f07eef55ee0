"""Receipts, signed in the transaction that writes their fact, so that neither is ever without the other (EVD-28)."""

from interlock.keys import PrivateKey
from interlock.receipt import Receipt, sign
from interlock_edge.custody.fact import HandOver
from interlock_edge.journal.written import Chained, Seal


def sealer(audience: str, key: PrivateKey) -> Seal:
    """Return what signs this bank's receipts.

    Args:
        audience: The bank's ``token_audience``.
        key: The bank's own key, made on the device.
    """

    def seal(chained: Chained) -> str:
        body = chained.fact.body
        if not isinstance(body, HandOver):
            return ""
        receipt = Receipt(
            bank=audience,
            journal_id=chained.address.journal_id,
            number=chained.address.number,
            recorded_unix_s=chained.fact.at.time,
            clock_uncertainty_s=chained.fact.at.uncertainty_s,
            act=body.use.right.act,
            compartment=body.compartment,
            size_class=body.size_class.name,
            parcels=(body.parcel,),
            evidence=body.evidence,
            door=body.door,
            opened_unix_s=body.opened_time,
            closed_unix_s=body.closed_time or None,
            previous_hash=chained.previous_hash,
            hash=chained.hash,
            reservation=body.use.right.subject,
            earlier_number=chained.earlier or None,
        )
        return sign(receipt, key)

    return seal
