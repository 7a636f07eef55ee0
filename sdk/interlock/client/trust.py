"""Whose signatures a client believes: the network's key set and the banks' keys, fetched and kept for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from interlock import base64url, key_set
from interlock.client.call import Call, Steps
from interlock.flaws import Flaw, Flawed
from interlock.key_set import KeySet
from interlock.keys import PublicKey
from interlock.strict_json import decode
from interlock.v1.access_service_pb2 import GetKeySetRequest
from interlock.v1.directory_service_pb2 import GetBankRequest, GetNetworkRequest

FRESH_S: Final = 600
"""So long a fetched key is taken without asking again. Keys are published long before they sign; what this bounds is
how late a distrust is heard of."""


@dataclass(frozen=True, slots=True)
class BankKeys:
    """What a bank's receipts verify with.

    Attributes:
        name: ``parties/{operator}/banks/{bank}``.
        audience: Its ``token_audience``, the ``iss`` of its receipts.
        keys: All keys that it ever had, by thumbprint.
        fetched: Unix seconds.
    """

    name: str
    audience: str
    keys: dict[str, PublicKey]
    fetched: float


class Trust:
    """The keys of one network, as one client knows them."""

    def __init__(self, *, network: str, root: str, unix_s: Callable[[], float]) -> None:
        """Keep what is pinned: the network's id and its root key's thumbprint, each empty where it is not."""
        self._network = network
        self._root = root
        self._unix_s = unix_s
        self._held: KeySet | None = None
        self._fetched = 0.0
        self._banks: dict[str, BankKeys] = {}

    def now(self) -> int:
        """Return Unix seconds."""
        return int(self._unix_s())

    def network_keys(self) -> Steps[KeySet]:
        """Get the network's key set.

        Raises:
            Flawed: the gateway's key set is not signed by the root, is another network's, or older than one seen.
        """
        if self._held is not None and self._unix_s() - self._fetched < FRESH_S:
            return self._held
        if not self._root:
            network = yield Call(GetNetworkRequest(), read=lambda answer: answer.network)
            self._root = network.root_key_thumbprint
        text: str = yield Call(GetKeySetRequest(), read=lambda answer: answer.signed_key_set)
        if self._held is None:
            new = key_set.read(text, base64url.decode(self._root))
        else:
            new = key_set.accept(self._held, text)
        if self._network and new.network != self._network:
            raise Flawed(Flaw.ISSUER)
        self._held, self._fetched = new, self._unix_s()
        return new

    def bank_keys(self, name: str) -> Steps[BankKeys]:
        """Get the keys of a bank by its resource name."""
        held = self._banks.get(name)
        if held is not None and self._unix_s() - held.fetched < FRESH_S:
            return held
        bank = yield Call(GetBankRequest(name=name), read=lambda answer: answer.bank)
        keys = (PublicKey.from_jwk(decode(entry.public_key.encode())) for entry in bank.keys)
        held = BankKeys(name, bank.token_audience, {key.kid: key for key in keys}, self._unix_s())
        self._banks[name] = held
        return held
