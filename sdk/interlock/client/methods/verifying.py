"""Believing nothing but signatures: tokens by the network's key set, receipts by the banks' keys.

The keys come from the gateway and are kept for ten minutes. Whose key set it is follows from the root key's thumbprint;
give it to the client as ``root=`` to trust no gateway for it.
"""

from __future__ import annotations

from interlock import presented
from interlock import receipt as receipts
from interlock.access_token import AccessToken
from interlock.client.call import Steps
from interlock.client.core import Core
from interlock.client.method import answering
from interlock.flaws import Flaw, Flawed
from interlock.key_set import Use
from interlock.proof import verify as verify_proof
from interlock.session_token import SessionToken
from interlock.v1.receipt_pb2 import Proof, Receipt


class Verifying(Core):
    """What is true whoever says so."""

    @answering
    def verify_token(self, text: str) -> Steps[AccessToken | SessionToken]:
        """Check an access token or a courier session as a bank without any record of it would.

        Returns:
            What it says. Whether a bank opens also hangs on what that bank knows: a use, a revocation, the parcel. A
            collect token opens past its ``exp`` too while that bank holds the parcel.

        Raises:
            interlock.flaws.Flawed: it is not of this network's making, or its time is over or has not begun.

        >>> client.verify_token(reserved.deposit_token).act.name
        'DEPOSIT'
        """
        keys = yield from self._trust.network_keys()
        token = presented.read(text, keys.trusted(Use.ACCESS))
        if token.iss != keys.network:
            raise Flawed(Flaw.ISSUER)
        now = self._trust.now()
        if now < token.nbf:
            raise Flawed(Flaw.NOT_YET)
        if now >= token.exp:
            raise Flawed(Flaw.EXPIRED)
        return token

    @answering
    def verify_receipt(self, receipt: Receipt | str, *, bank: str = "") -> Steps[receipts.Receipt]:
        """Check one receipt by the keys that the directory knows of its bank, former ones included.

        Args:
            receipt: As ``list_receipts`` gives it, or the signed text alone.
            bank: Whose it is, ``parties/{operator}/banks/{bank}``; needed with the text alone.

        Raises:
            ValueError: a text without a bank.
            interlock.flaws.Flawed: that bank did not sign it.

        >>> client.verify_receipt(receipt_text, bank="parties/city/banks/altona").act.name
        'DEPOSIT'
        """
        text, name = (receipt, bank) if isinstance(receipt, str) else (receipt.jws, receipt.name)
        if not name:
            message = 'Say of which bank the receipt is: bank="parties/{operator}/banks/{bank}".'
            raise ValueError(message)
        known = yield from self._trust.bank_keys("/".join(name.split("/")[:4]))
        return receipts.read(text, known.keys, bank=known.audience)

    @answering
    def verify_proof(self, proof: Proof) -> Steps[tuple[receipts.Receipt, ...]]:
        """Check all that ``get_proof`` gave: each signature by the directory's keys, and the chain between.

        Returns:
            The receipts, oldest first.

        Raises:
            interlock.flaws.Flawed: a text was not signed by the bank, or the chain does not hold: ``BROKEN_CHAIN``.
        """
        known = yield from self._trust.bank_keys("/".join(proof.receipt.name.split("/")[:4]))
        return verify_proof(proof, keys=known.keys, bank=known.audience)
