"""What is counted; served in Prometheus' text form on a loopback port, never with a person's name or a secret."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Histogram

CALLS: Final = Counter("interlock_gateway_calls_total", "Calls answered.", ["method", "code"])
CALL_SECONDS: Final = Histogram(
    "interlock_gateway_call_seconds",
    "Time from a call's coming in to its answer.",
    ["method"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 30, 300),
)
