"""What a client sends, as values: one call, a list in pages, a stream that goes on. Nothing here touches a socket.

All that the contract says of a method is read from its descriptor: its path, whether it wants a call token, whether it
may be sent twice. So a method is described once, by its request, for the blocking client and for the asynchronous one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, Protocol, TypeVar

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from interlock.v1 import options_pb2

T = TypeVar("T")
Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)

_READING: Final = ("Get", "List", "Search", "Watch", "Stream", "Check")
"""How the names of methods begin that change nothing (AIP-131, AIP-132, AIP-136)."""


@dataclass(frozen=True, slots=True)
class Described:
    """What the contract says of a method.

    Attributes:
        path: What gRPC calls: ``/interlock.v1.ReservationService/GetReservation``.
        answer: The class of its answer.
        open_to_anyone: It goes without a call token (CALLERS_ANYONE).
        reads: It changes nothing.
    """

    path: str
    answer: type[Message]
    open_to_anyone: bool
    reads: bool


@lru_cache(maxsize=512)
def described(request: Descriptor) -> Described:
    """Find the method that takes ``request``.

    Each method has a request message of its own (buf's RPC_REQUEST_RESPONSE_UNIQUE), so the request names the method.
    """
    for service in request.file.services_by_name.values():
        for method in service.methods:
            if method.input_type.full_name == request.full_name:
                access = method.GetOptions().Extensions[options_pb2.access]
                return Described(
                    path=f"/{service.full_name}/{method.name}",
                    answer=GetMessageClass(method.output_type),
                    open_to_anyone=access.callers == options_pb2.CALLERS_ANYONE,
                    reads=method.name.startswith(_READING),
                )
    message = f"{request.full_name} is not the request of a method"
    raise LookupError(message)


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request, and how its answer is read.

    Attributes:
        request: The whole request, its ``request_id`` included: a repetition is the same bytes.
        read: What the caller gets of the answer.
        timeout_s: How long the caller waits in all, repetitions included; None for the client's own.
    """

    request: Message
    read: Callable[[Any], T]
    timeout_s: float | None = None

    @property
    def described(self) -> Described:
        """The method, as the contract describes it."""
        return described(self.request.DESCRIPTOR)

    @property
    def request_id(self) -> str:
        """Under what it is remembered; empty for a call that only reads and for a batch, whose items have their own."""
        return str(getattr(self.request, "request_id", ""))

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again though it is not known what became of it (REQ-3).

        So it is with what changes nothing, with what has a ``request_id`` (a batch: in each item), and with what
        carries a proof that counts once (a registration code, a receipt).
        """
        if self.described.reads or self.described.open_to_anyone or self.request_id:
            return True
        items = getattr(self.request, "requests", ())
        return bool(items) and all(getattr(item, "request_id", "") for item in items)


@dataclass(frozen=True)
class Pages(Generic[Item]):
    """A list that comes in pages (AIP-158), fetched as they are needed.

    Attributes:
        request: For the first page; ``page_token`` is filled in for the others.
        items: What is on a page.
    """

    request: Message
    items: Callable[[Any], Iterable[Item]]

    def first(self) -> Call[Any]:
        """Make the call for the first page."""
        return self._page("")

    def after(self, page: Any) -> Call[Any] | None:  # noqa: ANN401  the answer's type is the method's
        """Make the call for the page after ``page``; None when that was the last."""
        token: str = page.next_page_token
        return self._page(token) if token else None

    def _page(self, token: str) -> Call[Any]:
        request: Any = type(self.request)()  # every list has a page_token, which Message does not know (AIP-158)
        request.CopyFrom(self.request)
        request.page_token = token
        return Call(request, read=lambda page: page)


class Stream(Protocol[Item_co]):
    """A stream that is taken up again where it broke off. It keeps the place; the client keeps the line."""

    endless: bool
    """An end without an error is only an interruption."""

    def call(self) -> Call[Any]:
        """Make the call that continues from the place reached."""
        ...

    def take(self, answer: Any) -> Iterable[Item_co]:  # noqa: ANN401
        """Give what is new in ``answer``. Once the caller has an item, the place lies behind it."""
        ...


Steps = Generator[Call[Any], Any, T]
"""Several calls that make one: each is yielded, its result comes back, the generator's return value is the result."""
