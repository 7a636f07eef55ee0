"""Rights as what people carry: signed tokens and PINs, made after the commit from what was committed (ACC-10).

Nothing is stored of either: the token's claims are the right's, and the PIN derives again whenever it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from interlock import access_token, deposit_terms, pin, session_token
from interlock.access_token import AccessToken
from interlock.deposit_terms import FEATURE_LETTERS, DepositTerms, PinTerms, age_letter
from interlock.key_set import Use
from interlock.session_token import SessionToken
from interlock.v1 import reservation_pb2
from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.capacity.kinds import Feature, Kind, feature_numbers
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.parcel import AgeCheckMethod, RestrictionKind
from interlock_gateway.domain.pins import pin as derived_pin
from interlock_gateway.domain.reservation import HandOver, Reservation, Right
from interlock_gateway.domain.rights import SERVICE_LASTS, SESSION_LASTS, Effect, Form
from interlock_gateway.domain.terms import CollectFor, StayUnit
from interlock_gateway.network import NetworkFiles
from interlock_gateway.services.mapping.values import number, stamp
from interlock_gateway.use_cases.promise import Promised

PIN_KEY_VERSION: Final = 1
_ACTS: Final = {
    Act.DEPOSIT: access_token.Act.DEPOSIT,
    Act.COLLECT: access_token.Act.COLLECT,
    Act.RECALL: access_token.Act.RECALL,
}


@dataclass(frozen=True, slots=True)
class Mint:
    """Signs for one network."""

    files: NetworkFiles

    def grants(self, promised: Promised, *, now: datetime) -> list[reservation_pb2.Grant]:
        """Write what a promise comes with: the deposit token and the collector's PIN; nothing for a hold."""
        if not promised.reservation.rights or promised.reservation.hand_over is HandOver.INTO_NETWORK:
            return []
        return [
            self.grant(promised, Act.DEPOSIT, Form.TOKEN, Effect.ON_PRESENTATION, now=now),
            self.grant(promised, Act.COLLECT, Form.PIN, Effect.ON_PRESENTATION, now=now),
        ]

    def grant(
        self, promised: Promised, act: Act, form: Form, effect: Effect, *, now: datetime
    ) -> reservation_pb2.Grant:
        """Write one right in one form.

        Raises:
            ValueError: The reservation has no such right.
        """
        reservation = promised.reservation
        right = reservation.right(act)
        if right is None:
            message = f"{reservation.name} has no right to {act}"
            raise ValueError(message)
        token = form is Form.TOKEN
        return reservation_pb2.Grant(
            act=number(reservation_pb2.Act, act),
            access_token=self._token(promised, right, now=now) if token else "",
            pin="" if token else self._pin(reservation),
            series=right.series,
            expire_time=stamp(right.expire_time),
            jti=right.jti if token else "",
            reservation=str(reservation.name),
            effect=number(reservation_pb2.Effect, effect),
        )

    def session(
        self, bank: Bank, party: str, acts: frozenset[Act], *, jti: str, status_index: int, now: datetime
    ) -> tuple[str, datetime]:
        """Sign a courier session; give it and its end."""
        ends = now + SESSION_LASTS
        said = SessionToken(
            iss=self.files.network_id,
            aud=bank.token_audience,
            sub=party,
            jti=jti,
            iat=_seconds(now),
            nbf=_seconds(now),
            exp=_seconds(ends),
            acts=frozenset(_ACTS[act] for act in acts),
            sl=status_index,
        )
        signer = self.files.signer(Use.ACCESS, _seconds(now))
        return session_token.mint(said, signer.key, signer.kid), ends

    def service(
        self, bank: Bank, label: str, *, visit: str, jti: str, status_index: int, now: datetime
    ) -> tuple[str, datetime]:
        """Sign a technician's access to one compartment; give it and its end."""
        ends = now + SERVICE_LASTS
        said = AccessToken(
            iss=self.files.network_id,
            aud=bank.token_audience,
            sub=visit,
            jti=jti,
            iat=_seconds(now),
            nbf=_seconds(now),
            exp=_seconds(ends),
            act=access_token.Act.SERVICE,
            ser=0,
            sl=status_index,
            cmp=label,
        )
        return self._signed(said, now), ends

    def _token(self, promised: Promised, right: Right, *, now: datetime) -> str:
        reservation = promised.reservation
        group = promised.group_uid if right.act is Act.COLLECT else None
        begins = max(right.issue_time, reservation.window.start) if right.act is Act.DEPOSIT else right.issue_time
        said = AccessToken(
            iss=self.files.network_id,
            aud=promised.bank.token_audience,
            sub=group or reservation.name.reservation,
            jti=right.jti,
            iat=_seconds(right.issue_time),
            nbf=_seconds(begins),
            exp=_seconds(right.expire_time),
            act=_ACTS[right.act],
            ser=right.series,
            sl=right.status_index,
            dep=self._terms(promised) if right.act is Act.DEPOSIT else None,
        )
        return self._signed(said, now)

    def _signed(self, said: AccessToken, now: datetime) -> str:
        signer = self.files.signer(Use.ACCESS, _seconds(now))
        return access_token.mint(said, signer.key, signer.kid)

    def _terms(self, promised: Promised) -> DepositTerms:
        reservation = promised.reservation
        kind = reservation.moving_to or reservation.kind
        if kind is None:
            message = f"{reservation.name} is planned into no kind of compartment"
            raise ValueError(message)
        return DepositTerms(
            size_class=kind.size_class.name,
            climate=deposit_terms.Climate[kind.climate.name],
            features=_letters(kind),
            pin=self._pin_terms(promised),
            collect_for=_stay(reservation.collect_for),
            recall_hours=-int(-reservation.recall_time // timedelta(hours=1)),
            parcels=len(reservation.parcels),
            hand_over=_hand_over(reservation),
            group=promised.group_uid or "",
        )

    def _pin_terms(self, promised: Promised) -> PinTerms:
        """Write the collector's PIN in a form that this bank alone can check."""
        reservation = promised.reservation
        collect = reservation.right(Act.COLLECT)
        series = 0 if collect is None else collect.series
        audience = promised.bank.token_audience
        verifier = pin.verifier(
            _pin_key(self.files.vault.bank_secret(audience), PIN_KEY_VERSION),
            audience=audience,
            subject=promised.group_uid or reservation.name.reservation,
            series=series,
            pin=self._pin(reservation),
        )
        return PinTerms(PIN_KEY_VERSION, series, verifier)

    def _pin(self, reservation: Reservation) -> str:
        return derived_pin(self.files.pin_key, reservation.pin_subject, reservation.pin_number)


_pin_key = lru_cache(4096)(pin.key)
"""Each bank's key is asked for with each promise at it."""


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _letters(kind: Kind) -> str:
    return "".join(sorted(FEATURE_LETTERS[Feature(each).name] for each in feature_numbers(kind.features)))


def _stay(stay: CollectFor) -> deposit_terms.CollectFor:
    unit = deposit_terms.StayUnit.HOURS if stay.unit is StayUnit.HOURS else deposit_terms.StayUnit.WORKING_DAYS
    return deposit_terms.CollectFor(stay.length, unit)


def _hand_over(reservation: Reservation) -> str:
    """What the bank must check before it opens for the collector; what was checked beforehand it need not."""
    restrictions = [each for parcel in reservation.parcels for each in parcel.restrictions]
    personal = any(each.kind is RestrictionKind.PERSONAL_ID for each in restrictions)
    ages = [
        each.minimum_years
        for each in restrictions
        if each.age_check is AgeCheckMethod.DOCUMENT_AT_BANK and each.minimum_years
    ]
    return (deposit_terms.PERSONAL_ID if personal else "") + (age_letter(max(ages)) if ages else "")
