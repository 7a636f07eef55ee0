"""How one description of a method becomes a method of both clients, with its types and its docstring.

A description is a function that builds a value of ``interlock.client.call``; it sends nothing. Read from ``Client`` it
is sent, and the answer returned; read from ``AsyncClient`` it returns what is to be awaited or iterated over
(docs/decisions/0060-one-core-for-two-clients.md).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from interlock.client.call import Call, Pages, Steps, Stream

P = ParamSpec("P")
T = TypeVar("T")


class Blocking(Protocol):
    """The client that returns when the answer is there."""

    def _run(self, work: Call[T] | Steps[T]) -> T: ...
    def _iterate(self, source: Pages[T] | Stream[T]) -> Generator[T, None, None]: ...


class Awaiting(Protocol):
    """The client whose answers are awaited."""

    def _run(self, work: Call[T] | Steps[T]) -> Awaitable[T]: ...
    def _iterate(self, source: Pages[T] | Stream[T]) -> AsyncGenerator[T, None]: ...


class answering(Generic[P, T]):  # noqa: N801  reads as the decorator that it is
    """A method with one answer, of one call or of several, one after another."""

    def __init__(self, describe: Callable[Concatenate[Any, P], Call[T] | Steps[T]]) -> None:
        """Keep the description."""
        self._describe = describe
        self.__doc__ = describe.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Callable[Concatenate[Any, P], Call[T] | Steps[T]]: ...
    @overload
    def __get__(self, client: Blocking, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        """Bind to a client. Read from its class it is the description itself, so that ``help`` shows it."""
        return self._describe if client is None else _bind(self._describe, client, client._run)  # noqa: SLF001  the two are one thing


class iterating(Generic[P, T]):  # noqa: N801
    """A method over many: a list that comes in pages, or what happens from now on."""

    def __init__(self, describe: Callable[Concatenate[Any, P], Pages[T] | Stream[T]]) -> None:
        """Keep the description."""
        self._describe = describe
        self.__doc__ = describe.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Callable[Concatenate[Any, P], Pages[T] | Stream[T]]: ...
    @overload
    def __get__(self, client: Blocking, owner: type) -> Callable[P, Generator[T, None, None]]: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, AsyncGenerator[T, None]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        """Bind to a client, as ``answering`` does."""
        return self._describe if client is None else _bind(self._describe, client, client._iterate)  # noqa: SLF001


def _bind(describe: Callable[..., Any], client: object, drive: Callable[[Any], Any]) -> Callable[..., Any]:
    @wraps(describe)
    def method(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  typed by the overloads
        return drive(describe(client, *args, **kwargs))

    return method
