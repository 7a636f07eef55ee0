"""What a deposit is made under: all that a bank which was never told needs to know (ACC-20, ACC-51)."""

from dataclasses import dataclass

from interlock.deposit_terms import CollectFor, DepositTerms, StayUnit
from interlock_edge.custody.kind import Kind, SizeClass

_THREE_DAYS = CollectFor(72, StayUnit.HOURS)


@dataclass(frozen=True, slots=True)
class PinVerifier:
    """A keyed digest that recognises one PIN and does not give it away.

    Attributes:
        subject: The reservation's or the collector group's id that the digest is made over.
        key_version: Which of the bank's PIN keys made it.
        series: The series of the collect right that the PIN is a form of.
        digest: 8 bytes.
    """

    subject: str
    key_version: int
    series: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class StayTerms:
    """What a deposit right says about the stay that it begins.

    Attributes:
        kind: The kind of compartment that the stay is planned into. The manifest's outranks the token's.
        parcels: How many parcels the reservation holds, 1 to 8.
        pins: Recognise the collector's PIN; several while an old one may still be shown.
        collect_series: Lowest series of the collect right that will open.
        collect_for: How long the collector has.
        recall_hours: How long the compartment is kept for a recall afterwards.
        hand_over: Letters of what the bank must check before it opens for the collector.
        group: The collector group's id, or empty.
    """

    kind: Kind
    parcels: int = 1
    pins: tuple[PinVerifier, ...] = ()
    collect_series: int = 0
    collect_for: CollectFor = _THREE_DAYS
    recall_hours: int = 24
    hand_over: str = ""
    group: str = ""

    @classmethod
    def of_token(cls, reservation: str, dep: DepositTerms) -> "StayTerms":
        """Take the terms that a deposit token carries for ``reservation``."""
        pin = dep.pin
        return cls(
            kind=Kind(SizeClass[dep.size_class], dep.climate, frozenset(dep.features)),
            parcels=dep.parcels,
            pins=(PinVerifier(dep.group or reservation, pin.key_version, pin.series, pin.verifier),),
            collect_series=pin.series,
            collect_for=dep.collect_for,
            recall_hours=dep.recall_hours,
            hand_over=dep.hand_over,
            group=dep.group,
        )
