"""The agent's log: lines with fields on stderr; never a token, a PIN or a code."""

import sys

import structlog


def to_stderr() -> None:
    """Leave stdout to answers."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
