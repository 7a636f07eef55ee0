"""The open network for parcel lockers: clients, tokens, receipts and the generated protocol.

>>> from interlock import Client
>>> with Client(gateway, party="acme", key=key, network="demo") as client:
...     reserved = client.reserve("parties/city/banks/altona", ["JD014600003SE"], size="M")
>>> len(reserved.pin)
8

Names are loaded when they are first used: who imports ``interlock.v1`` for a message, or ``interlock.keys`` on a small
controller, loads neither the clients nor grpc.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from interlock.access_token import AccessToken
    from interlock.client import AsyncClient, Client, Retry
    from interlock.client.results import Reserved
    from interlock.errors import InterlockError, Refused
    from interlock.flaws import Flaw, Flawed
    from interlock.keys import Algorithm, PrivateKey, PublicKey
    from interlock.profile import Profile
    from interlock.receipt import Receipt
    from interlock.session_token import SessionToken
    from interlock.v1.bank_pb2 import Bank
    from interlock.v1.collector_pb2 import Collector, CollectorNeeds
    from interlock.v1.compartment_pb2 import Compartment
    from interlock.v1.need_pb2 import Dimensions
    from interlock.v1.parcel_pb2 import Parcel, Restriction
    from interlock.v1.reservation_pb2 import CollectFor

__all__ = [
    "AccessToken",
    "Algorithm",
    "AsyncClient",
    "Bank",
    "Client",
    "CollectFor",
    "Collector",
    "CollectorNeeds",
    "Compartment",
    "Dimensions",
    "Flaw",
    "Flawed",
    "InterlockError",
    "Parcel",
    "PrivateKey",
    "Profile",
    "PublicKey",
    "Receipt",
    "Refused",
    "Reserved",
    "Restriction",
    "Retry",
    "SessionToken",
]

_HOMES: Final = {
    "AccessToken": "access_token",
    "Algorithm": "keys",
    "AsyncClient": "client",
    "Bank": "v1.bank_pb2",
    "Client": "client",
    "CollectFor": "v1.reservation_pb2",
    "Collector": "v1.collector_pb2",
    "CollectorNeeds": "v1.collector_pb2",
    "Compartment": "v1.compartment_pb2",
    "Dimensions": "v1.need_pb2",
    "Flaw": "flaws",
    "Flawed": "flaws",
    "InterlockError": "errors",
    "Parcel": "v1.parcel_pb2",
    "PrivateKey": "keys",
    "Profile": "profile",
    "PublicKey": "keys",
    "Receipt": "receipt",
    "Refused": "errors",
    "Reserved": "client.results",
    "Restriction": "v1.parcel_pb2",
    "Retry": "client",
    "SessionToken": "session_token",
}
"""In which module of this package each name lives. A test holds it against ``__all__`` and the imports above."""


def __getattr__(name: str) -> Any:  # noqa: ANN401  PEP 562
    """Load a name at its first use."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    """List the names, loaded or not."""
    return sorted({*globals(), *__all__})
