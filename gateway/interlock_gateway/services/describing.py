"""What reflection describes: all of the contract, and each method by its own name too.

The descriptor pool of protobuf's C runtime finds files by messages, enums and services. Tools such as grpcurl also ask
for ``interlock.v1.DirectoryService.GetBank``.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pool import DescriptorPool


class Describing:
    """A descriptor pool that finds methods as well."""

    def __init__(self, pool: DescriptorPool) -> None:
        self._pool = pool

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the pool has
        """Give what the pool itself has."""
        return getattr(self._pool, name)

    def FindFileContainingSymbol(self, symbol: str) -> FileDescriptor:
        """Find the file that declares a message, an enum, a service or a method.

        Raises:
            KeyError: None does.
        """
        try:
            return self._pool.FindFileContainingSymbol(symbol)
        except KeyError:
            owner, _, method = symbol.rpartition(".")
            service = self._pool.FindServiceByName(owner)
            if method not in service.methods_by_name:
                raise
            return service.file
