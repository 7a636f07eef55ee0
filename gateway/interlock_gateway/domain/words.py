"""Closed vocabularies: enums whose values are the contract's value names without their prefix."""

from enum import StrEnum


class Word(StrEnum):
    """A word of a closed list, whose value is its name: ``auto()`` gives it that.

    So it is spelled alike in Python, in a database column, in an event and, with the enum's prefix, in ``proto/``.
    """

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:  # noqa: ARG004
        return name
