"""Where a gateway listens: TLS everywhere, plain text on this machine alone (CAL-5)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, Self

import grpc

_ADDRESS: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(?P<port>[0-9]{1,5})")


class CannotListen(Exception):
    """The address cannot be listened at; the message is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Listening:
    """An address to listen at.

    Attributes:
        host: Name or address; IPv6 in brackets.
        port: 0 for a free one.
        tls: With TLS.
    """

    host: str
    port: int
    tls: bool

    @classmethod
    def parse(cls, text: str, *, tls: bool = False) -> Self:
        """Read ``host:port``.

        Args:
            text: As given.
            tls: Use TLS on a loopback address too; elsewhere it always is.

        Raises:
            CannotListen: It is no address.
        """
        match = _ADDRESS.fullmatch(text)
        if match is None:
            message = f"{text!r} is no address to listen at; it looks like 127.0.0.1:7443."
            raise CannotListen(message)
        return cls(match["host"], int(match["port"]), tls or not loopback_only(match["host"]))


def loopback_only(host: str) -> bool:
    """Say whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def bind(server: grpc.aio.Server, where: Listening, certificate: tuple[bytes, bytes]) -> str:
    """Bind a server.

    Args:
        server: Not started yet.
        where: Where.
        certificate: Private key and chain, PEM.

    Returns:
        ``host:port`` as bound.

    Raises:
        CannotListen: The port is taken, or the address is not one of this machine.
    """
    address = f"{where.host}:{where.port}"
    try:
        if where.tls:
            port = server.add_secure_port(address, grpc.ssl_server_credentials([certificate]))
        else:
            port = server.add_insecure_port(address)
    except RuntimeError as failure:
        message = f"Nothing can listen at {address}: is the port taken?"
        raise CannotListen(message) from failure
    return f"{where.host}:{port}"
