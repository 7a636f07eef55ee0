"""``interlock token``: access tokens and courier sessions, as they stand in a QR code."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from interlock import access_token, jose, receipt, session_token
from interlock.access_token import AccessToken, Act
from interlock.cli import names
from interlock.cli.endings import Failed, Usage
from interlock.cli.grammar import Noun
from interlock.cli.session import Session
from interlock.cli.views import View, detail, lines, local
from interlock.session_token import SessionToken

app = Noun("token", "Access tokens: what stands in a QR code.")

_TOKEN = Annotated[
    str, typer.Argument(help="The token; without it or with - it is read from stdin.", show_default=False)
]
_STDIN = "-"

_CLAIMS = {
    "iss": "network",
    "aud": "bank's audience",
    "sub": "for",
    "jti": "token's id",
    "iat": "signed",
    "nbf": "from",
    "exp": "until",
    "act": "act",
    "acts": "acts",
    "ser": "series",
    "sl": "status index",
    "cmp": "compartment",
    "dep": "deposit terms",
}
_ACTS = {"d": "deposit", "c": "collect", "r": "recall", "s": "service", "cs": "courier session"}
_INSTANTS = {"iat", "nbf", "exp"}


@app.verb("show", example="eyJhbGciOiJFZERTQSIs...", calls=False)
def show(session: Session, token: _TOKEN = _STDIN) -> View:  # noqa: ARG001  every command has a session
    """Tell what a token says, without checking it. Asks no gateway."""
    text = _text(token)
    header, claims = jose.unverified_header(text), jose.unverified_claims(text)
    rows: list[tuple[str, object]] = [("type", header.typ), ("key", f"{header.kid} ({header.alg})")]
    rows += [(_CLAIMS.get(name, name), _claim(name, value)) for name, value in claims.items()]
    rows += [("length", f"{len(text)} characters"), ("checked", "no; interlock token verify does")]
    return detail({"header": header._asdict(), "claims": claims}, rows)


@app.verb("verify", example="eyJhbGciOiJFZERTQSIs... --bank city/altona")
def verify(
    session: Session,
    token: _TOKEN = _STDIN,
    bank: Annotated[str, typer.Option(help="Check also that it is for this bank.")] = "",
) -> View:
    """Check a token as a bank without any record of it would: signature, network, times."""
    read = session.client.verify_token(_text(token))
    if bank:
        found = session.client.bank(names.bank(bank, session.profile.party))
        if found.token_audience != read.aud:
            message = f"It is not for {found.name} ({found.token_audience}); its audience is {read.aud}."
            raise Failed(message)
    return detail({"valid": True, "token": _json(read)}, [("valid", "yes"), *_rows(read)])


@app.verb("export", example="eyJhbGciOiJFZERTQSIs... --to deposit.svg", calls=False)
def export(
    session: Session,  # noqa: ARG001  every command has a session
    to: Annotated[Path, typer.Option(help="The picture, .svg or .png; an existing one is replaced.")],
    token: _TOKEN = _STDIN,
) -> View:
    """Draw a token or a receipt as a QR code that the scanners of banks can read."""
    try:
        from interlock import qr  # noqa: PLC0415  the extra is needed here alone
    except ModuleNotFoundError as error:
        message = "Pictures need one more package; install it with: pip install 'interlock[qr]'"
        raise Usage(message) from error
    text = _text(token)
    fits = {"receipt": qr.RECEIPT, "staff": qr.STAFF, "deposit": qr.DEPOSIT, "right": qr.RIGHT}
    fit = fits[_kind(text)]
    match to.suffix.lower():
        case ".svg":
            to.write_text(qr.svg(text, fit) + "\n", encoding="utf-8")
        case ".png":
            to.write_bytes(qr.png(text, fit))
        case _:
            message = f"{to} names no picture: end it with .svg or .png."
            raise Usage(message)
    return lines({"file": str(to)}, f"Wrote {to}.")


def _kind(text: str) -> str:
    typ = jose.unverified_header(text).typ
    if typ == receipt.TYP:
        return "receipt"
    if typ == session_token.TYP:
        return "staff"
    if typ != access_token.TYP:
        message = f"A {typ} is not for a QR code."
        raise Usage(message)
    act = jose.unverified_claims(text).get("act")
    return {Act.SERVICE.value: "staff", Act.DEPOSIT.value: "deposit"}.get(str(act), "right")


def _text(token: str) -> str:
    if token != _STDIN:
        return token.strip()
    if sys.stdin.isatty():
        message = "Which token? Give it, or pipe it in."
        raise Usage(message)
    return sys.stdin.read().strip()


def _claim(name: str, value: object) -> object:
    if name in _INSTANTS and type(value) is int:
        return f"{_time(value)} ({value})"
    if name == "act":
        return _ACTS.get(str(value), value)
    if name == "acts":
        return ", ".join(_ACTS.get(letter, letter) for letter in str(value))
    return value


def _time(unix_s: int) -> str:
    try:
        return local(datetime.fromtimestamp(unix_s, UTC))
    except (OverflowError, ValueError, OSError):
        return "never"


def _rows(read: AccessToken | SessionToken) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [
        ("network", read.iss),
        ("bank's audience", read.aud),
        ("for", read.sub),
        ("from", _time(read.nbf)),
        ("until", _time(read.exp)),
    ]
    if isinstance(read, SessionToken):
        return [*rows, ("acts", ", ".join(sorted(act.name.lower() for act in read.acts)))]
    rows += [("act", read.act.name.lower()), ("series", read.ser), ("compartment", read.cmp)]
    if read.dep is not None:
        rows.append(("class", f"{read.dep.size_class} {read.dep.climate.name}"))
        rows.append(("parcels", read.dep.parcels))
    return rows


def _json(read: AccessToken | SessionToken) -> dict[str, Any]:
    said: dict[str, Any] = {
        name: getattr(read, name) for name in ("iss", "aud", "sub", "jti", "iat", "nbf", "exp", "sl", "kid")
    }
    if isinstance(read, SessionToken):
        return said | {"acts": sorted(act.name for act in read.acts)}
    return said | {"act": read.act.name, "ser": read.ser, "cmp": read.cmp}
