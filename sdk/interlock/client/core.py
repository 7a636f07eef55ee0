"""What the two clients share: the line to a gateway, who calls, and what is done after a failure."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any, Self

import grpc

from interlock import key_file
from interlock.client.call import Call
from interlock.client.channel import target
from interlock.client.identity import Identity
from interlock.client.retry import Attempts, Retry
from interlock.client.trust import Trust
from interlock.errors import Refused, Unavailable, from_failure
from interlock.errors.reading import Failure
from interlock.keys import PrivateKey
from interlock.profile import Profile


class Core:
    """A client without a way of waiting: all of it but the sending itself."""

    def __init__(
        self,
        gateway: str,
        *,
        party: str = "",
        key: PrivateKey | Path | str | None = None,
        network: str = "",
        ca: Path | str | None = None,
        root: str = "",
        retry: Retry = Retry(),  # noqa: B008  frozen
    ) -> None:
        """Prepare; nothing is dialled before the first call.

        Args:
            gateway: ``host:port``. TLS, but for this machine's own addresses (see ``interlock.client.channel``).
            party: Who calls, ``parties/acme`` or ``acme``.
            key: The party's private key, or the file that holds it. None: only what is open to anyone can be called.
            network: The network's id, for which the call tokens are signed.
            ca: A file with the network's own certificate authority in PEM. None: the system's authorities.
            root: Thumbprint of the network's root key (RFC 7638), 43 characters: what ``verify_token`` trusts. Empty:
                what the gateway says, over TLS.
            retry: How patiently a call is repeated.

        Raises:
            interlock.errors.Unsendable: the address is none or not safe, or the CA file cannot be read.
            interlock.flaws.Flawed: the key file holds no usable key, or others may read it.
        """
        self._target = target(gateway, ca=ca)
        loaded = key_file.load(Path(key)) if isinstance(key, str | Path) else key
        self._identity = Identity(party, loaded, network, unix_s=time.time)
        self._trust = Trust(network=network, root=root, unix_s=time.time)
        self._retry = retry
        self._wires: dict[str, Any] = {}
        self._prepare()

    @classmethod
    def from_profile(cls, name: str = "", *, retry: Retry = Retry()) -> Self:  # noqa: B008  frozen
        """Make a client of a profile that ``interlock login`` wrote, under the overrides of ``INTERLOCK_*``.

        Args:
            name: The profile; empty: ``INTERLOCK_PROFILE``, else ``default``.
            retry: How patiently a call is repeated.

        Raises:
            interlock.profile.NotLoggedIn: there is none; the sentence says what to type.
        """
        return cls.of(Profile.resolve(name), retry=retry)

    @classmethod
    def of(cls, profile: Profile, *, retry: Retry = Retry()) -> Self:  # noqa: B008  frozen
        """Make a client of a profile at hand."""
        return cls(
            profile.gateway,
            party=profile.party,
            key=profile.key or None,
            network=profile.network,
            ca=profile.ca or None,
            root=profile.root,
            retry=retry,
        )

    def __repr__(self) -> str:
        """Show who calls whom."""
        return f"{type(self).__name__}({self._target.address!r}, party={self._identity.party!r})"

    def _metadata(self, call: Call[Any]) -> list[tuple[str, str]]:
        return [] if call.described.open_to_anyone else [("authorization", f"Bearer {self._identity.token()}")]

    def _prepare(self) -> None:
        """Make the channel, where that can be done at once. It dials when it is first used."""

    def _wire(self, channel: grpc.Channel | grpc.aio.Channel, call: Call[Any], *, stream: bool) -> Any:  # noqa: ANN401
        """Return the callable of ``channel`` that sends ``call``; both kinds of channel are called alike."""
        method = call.described
        if method.path not in self._wires:
            make = channel.unary_stream if stream else channel.unary_unary
            self._wires[method.path] = make(
                method.path,
                request_serializer=type(call.request).SerializeToString,
                response_deserializer=method.answer.FromString,
            )
        return self._wires[method.path]

    def _attempts(self, call: Call[Any]) -> Attempts:
        return Attempts(self._retry, timeout_s=call.timeout_s, repeatable=call.repeatable, start=time.monotonic())

    def _patience(self) -> Attempts:
        # Until it has brought something a stream is as impatient as a call: perhaps nobody is there at all.
        return Attempts(self._retry, timeout_s=None, repeatable=True, start=time.monotonic())

    def _error(self, failure: Failure, call: Call[Any]) -> Refused:
        return from_failure(failure, request_id=call.request_id, gateway=self._target.address)

    @staticmethod
    def _pause(attempts: Attempts, error: Refused) -> float | None:
        return attempts.pause_after(error, now=time.monotonic(), draw=random.random)


def interrupted() -> Refused:
    """Say why an endless stream that ended without an error is taken up again."""
    return Unavailable("The gateway ended the stream.")
