"""A bare server: answers every call with as many bytes as it was told, and does nothing else.

    python benchmarks/reserve_bare.py BYTES

It prints its address. Bytes come and go unread: what it costs is grpc.aio itself.
"""

import asyncio
import sys
from typing import Any

import grpc
from reserve_world import CREATE


class Bare(grpc.GenericRpcHandler):  # type: ignore[misc] # grpc's own class has no types
    """Answers the one method."""

    def __init__(self, answer: bytes) -> None:
        """Answer always the same."""

        async def serve(_request: bytes, _context: Any) -> bytes:
            return answer

        self._handler = grpc.unary_unary_rpc_method_handler(serve)

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """Give the handler."""
        return self._handler if handler_call_details.method == CREATE else None


async def main() -> None:
    """Serve until killed."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([Bare(bytes(int(sys.argv[1])))])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main())
