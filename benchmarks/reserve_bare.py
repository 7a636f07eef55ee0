"""A bare ``grpc.aio`` server: takes any unary call, answers with as many bytes as it was told, and does nothing else.

    python benchmarks/reserve_bare.py ANSWER_BYTES

Writes the address that it listens on to stdout, and serves until its stdin ends.
"""

import asyncio
import sys

import grpc


class Anything(grpc.GenericRpcHandler):
    """Handles every method alike, on bytes."""

    def __init__(self, size: int) -> None:
        """Answer with ``size`` bytes."""
        self._answer = bytes(size)
        self._handler = grpc.unary_unary_rpc_method_handler(self._call)

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        """Take whatever is called."""
        return self._handler

    async def _call(self, _request: bytes, _context: grpc.aio.ServicerContext) -> bytes:
        return self._answer


async def main() -> None:
    """Serve."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Anything(int(sys.argv[1])),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.stop(None)


if __name__ == "__main__":
    asyncio.run(main())
