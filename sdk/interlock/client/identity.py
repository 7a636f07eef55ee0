"""Who calls: the party, its key, and the call token that it signs and uses again until shortly before its end."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final

from interlock import call_token
from interlock.errors import Unsendable
from interlock.keys import PrivateKey

RENEW_BEFORE_S: Final = 60
"""So long before its end a token is no longer sent: a call under way and two clocks need room."""


class Identity:
    """The caller of one client. Safe to use from several threads."""

    def __init__(self, party: str, key: PrivateKey | None, network: str, *, unix_s: Callable[[], float]) -> None:
        """Keep who calls.

        Args:
            party: ``parties/{party}``, the short ``{party}``, or empty for the calls that are open to anyone.
            key: One that is registered for the party, or None.
            network: The network's id, for which alone the tokens count. It is not asked of the gateway: one that lies
                about it could use the token elsewhere.
            unix_s: The clock, in Unix seconds.

        Raises:
            Unsendable: a key without party or network.
        """
        self.party = f"parties/{party}" if party and "/" not in party else party
        self.network = network
        self._key = key
        self._unix_s = unix_s
        self._lock = Lock()
        self._token = ""
        self._renew_at = 0.0
        if key is not None and not (party and network):
            message = "A key signs for a party in a network: give party= and network= too."
            raise Unsendable(message)

    def token(self) -> str:
        """Return a call token that counts for another minute at least.

        Raises:
            Unsendable: there is no key.
        """
        if self._key is None:
            message = "This call must say who calls, and there is no key: give key=, party= and network=."
            raise Unsendable(message)
        now = self._unix_s()
        with self._lock:
            # A clock that was set back would keep a token that others take for lapsed: both ends are looked at.
            if not self._renew_at - call_token.LIFE_S < now < self._renew_at:
                self._token = call_token.mint(self.party, self._key, network=self.network, now=int(now))
                self._renew_at = int(now) + call_token.LIFE_S - RENEW_BEFORE_S
            return self._token
