"""What the demonstration has come to, as one object for a machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interlock.flaws import Flawed
from interlock.keys import PublicKey
from interlock.strict_json import decode
from interlock_demo.auditor import Trouble, audit
from interlock_demo.auditor.chains import Signer
from interlock_demo.story.world import World


def summary(world: World) -> dict[str, Any]:
    """Ask the gateway, the banks' public keys and the auditor."""
    network = world.network

    def signer(file: Path) -> Signer | None:
        standing = next((each for each in network.banks.values() if each.directory in file.parents), None)
        return None if standing is None else _signer(world, standing.name)

    audited = audit(network.directory, signer_of=signer)
    verified, whole = _verified(world)
    return {
        "reservations": [
            {"name": reserved.name, "bank": reserved.reservation.bank, "state": world.state(label)}
            for label, reserved in world.reserved.items()
        ],
        "offline_deposits": world.offline_deposits,
        "offline_collections": world.offline_collections,
        "receipts": {
            "issued": audited.receipts,
            "verified": verified,
            "chain_ok": whole and not audited.count(Trouble.BROKEN_RECEIPT),
        },
        "events": world.event_count,
        "refused": dict(world.refused),
        "discrepancies": sum(1 for _ in network.operator.discrepancies()),
        "double_bookings": audited.count(Trouble.DOUBLE_BOOKING),
        "lost_events": audited.count(Trouble.LOST_EVENT),
        "seconds": round(world.teller.seconds, 1),
    }


def _verified(world: World) -> tuple[int, bool]:
    """Count the receipts that verify by the banks' public keys, and say whether every proof holds together."""
    client = world.network.carrier
    verified, whole = 0, True
    for receipt in client.list_receipts():
        try:
            client.verify_receipt(receipt)
            verified += 1
            client.verify_proof(client.get_proof(receipt.name))
        except Flawed:
            whole = False
    return verified, whole


def _signer(world: World, bank: str) -> Signer:
    found = world.network.operator.bank(bank)
    keys = (PublicKey.from_jwk(decode(each.public_key.encode())) for each in found.keys)
    return Signer(found.token_audience, {key.kid: key for key in keys})
