"""Where a gateway is and how safely it is spoken to: TLS everywhere, plain text on this machine alone."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import grpc

from interlock.errors import Unsendable

_ADDRESS: Final = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?/?"
)
_TLS_PORT: Final = "443"

# A stream over a connection that died in silence would wait for ever: pings find it out. Every 30 s stays below what
# routers between (30 s to 350 s) keep an idle connection for, and above the 10 s that a gateway takes for abuse.
_KEEPALIVE: Final = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
)
_MOST_ANSWER_BYTES: Final = ("grpc.max_receive_message_length", 8 * 1024 * 1024)
_NO_PROXY: Final = ("grpc.enable_http_proxy", 0)


@dataclass(frozen=True, slots=True)
class Target:
    """Where to dial, and with what.

    Attributes:
        address: ``host:port``.
        plain: Without TLS. Only ever to this machine.
        ca_pem: Certificates to trust in place of the system's; None for the system's.
    """

    address: str
    plain: bool
    ca_pem: bytes | None = None

    def credentials(self) -> grpc.ChannelCredentials:
        """Make the TLS credentials. Each call makes them anew: a renewed CA file counts from the next client on."""
        return grpc.ssl_channel_credentials(root_certificates=self.ca_pem)

    def options(self) -> list[tuple[str, int]]:
        """Return the channel's options."""
        options = [*_KEEPALIVE, _MOST_ANSWER_BYTES]
        # Plain text is for this machine; a proxy of the environment would carry the call token out of it.
        return [*options, _NO_PROXY] if self.plain else options


def target(gateway: str, *, ca: Path | str | None = None) -> Target:
    """Read a gateway's address.

    Args:
        gateway: ``host``, ``host:port``, ``https://host:port`` or ``http://host:port``. Without a scheme it is TLS, but
            for this machine's own addresses without ``ca``: there a gateway listens in plain text.
        ca: A file with the network's own certificate authority in PEM. None: the system's.

    Raises:
        Unsendable: no address, ``http://`` to another machine, or a CA file that cannot be read.
    """
    match = _ADDRESS.fullmatch(gateway.strip())
    if match is None:
        message = f"{gateway!r} is no address of a gateway; it looks like gateway.example:7443."
        raise Unsendable(message)
    host, local = match["host"], _loopback(match["host"])
    if match["scheme"] == "http" and not local:
        message = f"{host} is another machine, and plain http:// would show your call token on the way; use https://."
        raise Unsendable(message)
    if match["scheme"] == "http" and ca is not None:
        message = "A CA file is of no use with http://; write https://."
        raise Unsendable(message)
    plain = match["scheme"] == "http" or (match["scheme"] is None and local and ca is None)
    if plain and match["port"] is None:
        message = f"Say the port of the gateway too, for example {host}:7443."
        raise Unsendable(message)
    address = f"{host}:{match['port'] or _TLS_PORT}"
    return Target(address, plain=plain, ca_pem=None if ca is None else _read_ca(Path(ca)))


def _loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _read_ca(file: Path) -> bytes:
    try:
        pem = file.read_bytes()
    except OSError as error:
        message = f"The CA file {file} cannot be read: {error.strerror}."
        raise Unsendable(message) from error
    if b"-----BEGIN CERTIFICATE-----" not in pem:
        message = f"The CA file {file} holds no certificate in PEM."
        raise Unsendable(message)
    return pem
