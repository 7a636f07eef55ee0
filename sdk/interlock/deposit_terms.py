"""What a deposit token tells a bank that was never told of the reservation: the claim ``dep`` (ACC-20 to ACC-25).

One JSON list in a fixed order, because the members' names would not fit a QR code that a cheap scanner reads:
``["L","a","ao",[3,2,"AAECAwQFBgc"],"7W",24,2,"Ir","mfrggzdfmz"]``.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from interlock import base64url, claims
from interlock.flaws import Flaw, Flawed

MOST_SERIES: Final = 65_535
"""Series count within a right, 0 .. this."""
MOST_PIN_KEY_VERSION: Final = 99
MOST_RECALL_HOURS: Final = 999
MOST_PARCELS: Final = 8
PIN_VERIFIER_BYTES: Final = 8

SIZE_CLASSES: Final = frozenset({"XS", "S", "M", "L", "XL"})
_FEATURES: Final = re.compile(r"[a-z]{0,5}", re.ASCII)
_HAND_OVER: Final = re.compile(r"[A-Z]{0,2}[a-y]?", re.ASCII)
_MOST_HAND_OVER: Final = 2
_WORKING_DAYS: Final = re.compile(r"[1-9][0-9]?W", re.ASCII)
_LIST_LENGTH: Final = 9
_PIN_LENGTH: Final = 3

FEATURE_LETTERS: Final = {
    "ACCESSIBLE": "a",
    "POWER": "p",
    "OUTDOOR": "o",
    "INDOOR": "i",
    "TRANSPARENT": "t",
    "DANGEROUS_GOODS": "d",
}
"""The letter of each ``Feature``, by the enumerator's name without its prefix. Unlisted letters are free (ACC-22)."""

PERSONAL_ID: Final = "I"
"""Hand-over letter: an identity document is looked at before the door opens for the collector (ACC-23)."""


def age_letter(years: int) -> str:
    """Return the hand-over letter of a least age: ``a`` is 1, ``r`` is 18, ``y`` is 25 (ACC-23).

    Raises:
        Flawed: ``CLAIM``; the age is not 1..25.
    """
    return "abcdefghijklmnopqrstuvwxy"[claims.whole(years, 1, 25, "dep.hand_over") - 1]


class Climate(StrEnum):
    """The letter of each climate."""

    AMBIENT = "a"
    CHILLED = "c"
    FROZEN = "f"
    HEATED = "h"


class StayUnit(StrEnum):
    """In what a stay is counted."""

    HOURS = "h"
    WORKING_DAYS = "W"


@dataclass(frozen=True, slots=True)
class CollectFor:
    """How long the collector has, from the deposit on.

    Attributes:
        length: 1..2160 hours or 1..60 working days of the bank's calendar, ending at close of the last one.
        unit: Which of the two.
    """

    length: int
    unit: StayUnit

    def __post_init__(self) -> None:
        """Hold the limits.

        Raises:
            Flawed: ``CLAIM``.
        """
        claims.whole(self.length, 1, 2160 if self.unit is StayUnit.HOURS else 60, "dep.collect_for")

    def to_json(self) -> int | str:
        """Write hours as an integer, working days as ``"7W"``."""
        return self.length if self.unit is StayUnit.HOURS else f"{self.length}W"

    @classmethod
    def from_json(cls, value: object) -> "CollectFor":
        """Read what ``to_json`` wrote.

        Raises:
            Flawed: ``CLAIM``.
        """
        if type(value) is int:
            return cls(value, StayUnit.HOURS)
        return cls(int(claims.text(value, _WORKING_DAYS, "dep.collect_for")[:-1]), StayUnit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class PinTerms:
    """The collector's PIN, as the depositor carries it to the bank (ACC-24).

    Attributes:
        key_version: Of the bank's PIN key, 1..99.
        series: Of the *collect* right that the PIN stands for, 0..65535.
        verifier: 8 bytes, see ``interlock.pin``.
    """

    key_version: int
    series: int
    verifier: bytes

    def __post_init__(self) -> None:
        """Hold the limits.

        Raises:
            Flawed: ``CLAIM``.
        """
        claims.whole(self.key_version, 1, MOST_PIN_KEY_VERSION, "dep.pin")
        claims.whole(self.series, 0, MOST_SERIES, "dep.pin")
        if len(self.verifier) != PIN_VERIFIER_BYTES:
            raise Flawed(Flaw.CLAIM, "dep.pin")


@dataclass(frozen=True, slots=True)
class DepositTerms:
    """All that a bank needs to take a parcel in and give it out again, without any connection.

    Attributes:
        size_class: XS, S, M, L or XL; with ``climate`` and ``features`` the kind that the commitment is planned into.
        climate: Of that kind.
        features: Letters of that kind, each once, sorted, at most five.
        pin: The collector's PIN, in a form that only this bank can check.
        collect_for: The stay.
        recall_hours: How long the compartment is kept for a recall afterwards, 0..999.
        parcels: How many, 1..8.
        hand_over: What the bank must check before it opens for the collector: capital letters, sorted, then at most
            one age letter; two in all. A bank that does not know a letter refuses the deposit.
        group: The collector group, 10 base32 characters, or empty.
    """

    size_class: str
    climate: Climate
    features: str
    pin: PinTerms
    collect_for: CollectFor
    recall_hours: int
    parcels: int
    hand_over: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        """Hold the limits.

        Raises:
            Flawed: ``CLAIM``, with the part as its detail.
        """
        if self.size_class not in SIZE_CLASSES:
            raise Flawed(Flaw.CLAIM, "dep.size_class")
        _letters(self.features, _FEATURES, "dep.features")
        claims.whole(self.recall_hours, 0, MOST_RECALL_HOURS, "dep.recall_hours")
        claims.whole(self.parcels, 1, MOST_PARCELS, "dep.parcels")
        _letters(self.hand_over, _HAND_OVER, "dep.hand_over")
        if len(self.hand_over) > _MOST_HAND_OVER:
            raise Flawed(Flaw.CLAIM, "dep.hand_over")
        if self.group:
            claims.text(self.group, claims.GROUP_ID, "dep.group")

    def to_json(self) -> list[object]:
        """Write the list."""
        pin = [self.pin.key_version, self.pin.series, base64url.encode(self.pin.verifier)]
        return [
            self.size_class,
            self.climate.value,
            self.features,
            pin,
            self.collect_for.to_json(),
            self.recall_hours,
            self.parcels,
            self.hand_over,
            self.group,
        ]

    @classmethod
    def from_json(cls, value: object) -> "DepositTerms":
        """Read what ``to_json`` wrote.

        Raises:
            Flawed: ``CLAIM`` or ``ENCODING``.
        """
        size_class, climate, features, pin, collect_for, recall_hours, parcels, hand_over, group = _list(
            value, _LIST_LENGTH, "dep"
        )
        key_version, series, verifier = _list(pin, _PIN_LENGTH, "dep.pin")
        for name, letters in (
            ("dep.size_class", size_class),
            ("dep.features", features),
            ("dep.pin", verifier),
            ("dep.hand_over", hand_over),
            ("dep.group", group),
        ):
            if type(letters) is not str:
                raise Flawed(Flaw.CLAIM, name)
        # The constructors check each number; the casts only say what has been or will be checked.
        return cls(
            size_class=cast("str", size_class),
            climate=claims.choice(climate, Climate, "dep.climate"),
            features=cast("str", features),
            pin=PinTerms(cast("int", key_version), cast("int", series), base64url.decode(cast("str", verifier))),
            collect_for=CollectFor.from_json(collect_for),
            recall_hours=cast("int", recall_hours),
            parcels=cast("int", parcels),
            hand_over=cast("str", hand_over),
            group=cast("str", group),
        )


def _list(value: object, length: int, name: str) -> list[object]:
    if type(value) is not list or len(value) != length:
        raise Flawed(Flaw.CLAIM, name)
    return value


def _letters(value: str, pattern: re.Pattern[str], name: str) -> None:
    """Refuse what is not of the form, not sorted, or names a letter twice."""
    claims.text(value, pattern, name)
    if "".join(sorted(set(value))) != value:
        raise Flawed(Flaw.CLAIM, name)
