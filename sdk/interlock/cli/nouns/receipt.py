"""``interlock receipt``: the electronic proof of deposit, collection and recall."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Annotated

import typer
from google.protobuf.json_format import MessageToJson, ParseDict, ParseError

from interlock import jose, proof, receipt
from interlock.cli import names
from interlock.cli.endings import Usage
from interlock.cli.grammar import Noun
from interlock.cli.session import Session
from interlock.cli.views import View, as_json, detail, lines, listing, local, state, when
from interlock.flaws import Flaw, Flawed
from interlock.keys import PublicKey
from interlock.receipt import Receipt
from interlock.strict_json import decode
from interlock.v1.receipt_pb2 import Proof

app = Noun("receipt", "What banks have signed: the proof of deposit, collection and recall.")

_NAME = Annotated[str, typer.Argument(help="The receipt, parties/{operator}/banks/{bank}/receipts/{receipt}.")]
_FILE = Annotated[Path, typer.Argument(help="A proof of receipt export, or one signed text a line; - for stdin.")]


@app.verb("list", example="--reservation mfrggzdfmztwq2lk")
def list_receipts(
    session: Session,
    bank: Annotated[str, typer.Option(help="Only those of this bank.")] = "",
    reservation: Annotated[str, typer.Option(help="Only those of this reservation.")] = "",
) -> View:
    """List the receipts that you may see, newest first."""
    own = session.profile.party
    found = session.client.list_receipts(
        names.bank(bank, own) if bank else "parties/-/banks/-",
        reservation=names.reservation(reservation, own) if reservation else "",
    )
    return listing(
        "receipts",
        found,
        [
            ("NAME", lambda each: each.name),
            ("ACT", lambda each: state(each, "act")),
            ("RESERVATION", lambda each: each.reservation),
            ("DOOR", lambda each: each.compartment),
            ("EVIDENCE", lambda each: state(each, "evidence")),
            ("RECORDED", lambda each: when(each, "record_time")),
            ("STATE", state),
        ],
        nothing="There is no such receipt.",
    )


@app.verb("show", example="parties/city/banks/altona/receipts/mfrggzdfmztwq2lk-7")
def show(session: Session, name: _NAME) -> View:
    """Show one receipt."""
    found = session.client.get_proof(name).receipt
    rows = [
        ("receipt", found.name),
        ("act", state(found, "act")),
        ("reservation", found.reservation),
        ("compartment", found.compartment),
        ("evidence", state(found, "evidence")),
        ("door", state(found, "door")),
        ("opened", when(found, "open_time")),
        ("closed", when(found, "close_time")),
        ("recorded", when(found, "record_time")),
        ("came by", state(found, "way")),
        ("state", state(found)),
        ("signed text", found.jws),
    ]
    return detail({"receipt": as_json(found)}, rows)


@app.verb("export", example="parties/city/banks/altona/receipts/mfrggzdfmztwq2lk-7 --to proof.json")
def export(
    session: Session,
    name: _NAME,
    to: Annotated[Path, typer.Option(help="The file; an existing one is replaced.")],
) -> View:
    """Keep all that convinces somebody who trusts neither carrier nor operator; receipt verify checks it."""
    exported = session.client.get_proof(name)
    to.write_text(MessageToJson(exported, preserving_proto_field_name=True) + "\n", encoding="utf-8")
    return lines({"file": str(to), "receipt": name}, f"Wrote {to}. Check it with: interlock receipt verify {to}")


@app.verb("import", example="scanned.txt")
def import_receipts(session: Session, file: _FILE) -> View:
    """Bring home receipts of a bank that has no connection, as a phone has read them. Needs no login."""
    texts = _texts(_read(file))
    for start in range(0, len(texts), 20):
        session.client.submit_receipt(*texts[start : start + 20])
    return lines({"taken": len(texts)}, f"{len(texts)} receipts were taken.")


@app.verb("verify", example="proof.json")
def verify(
    session: Session,
    file: _FILE,
    bank: Annotated[str, typer.Option(help="Whose they are; needed for bare texts.")] = "",
    trust: Annotated[
        str, typer.Option(help="Thumbprint of the bank's key, from a source that you trust: asks no gateway.")
    ] = "",
) -> View:
    """Check signatures and chain. By the keys of the directory, or offline by --trust and the keys in the proof."""
    document = _read(file)
    if document.lstrip().startswith("{"):
        exported = _proof(document, file)
        receipts = _offline(exported, trust) if trust else session.client.verify_proof(exported)
        complete = exported.chain_complete
    else:
        if trust or not bank:
            message = "Bare receipts are checked by the keys of their bank: say --bank; --trust is for proofs."
            raise Usage(message)
        name = names.bank(bank, session.profile.party)
        receipts = tuple(session.client.verify_receipt(text, bank=name) for text in _texts(document))
        complete = False
        _agree(receipts)
    return _verified(receipts, complete=complete)


def _verified(receipts: tuple[Receipt, ...], *, complete: bool) -> View:
    chain = "The chain between them is complete." if complete else "Nothing is known of what lies between them."
    data = {
        "verified": len(receipts),
        "chain_complete": complete,
        "receipts": [
            {
                "journal_id": each.journal_id,
                "number": each.number,
                "act": each.act.name,
                "reservation": each.reservation,
                "compartment": each.compartment,
                "evidence": each.evidence.value,
                "recorded_unix_s": each.recorded_unix_s,
            }
            for each in receipts
        ],
    }
    told = [
        f"#{each.number}  {each.act.name:8}{each.evidence.value:10}door {each.compartment:6}"
        f"{local(datetime.fromtimestamp(each.recorded_unix_s, UTC))}  {each.reservation or ''}"
        for each in receipts
    ]
    return lines(data, *told, f"{len(receipts)} receipts verified. {chain}")


def _offline(exported: Proof, trust: str) -> tuple[Receipt, ...]:
    keys = {key.kid: key for key in (PublicKey.from_jwk(decode(each.public_key.encode())) for each in exported.keys)}
    if trust not in keys:
        message = f"The proof has no key with the thumbprint {trust}; it has {', '.join(sorted(keys)) or 'none'}."
        raise Usage(message)
    said = jose.unverified_claims(exported.receipt.jws).get("iss")
    return proof.verify(exported, keys={trust: keys[trust]}, bank=str(said))


def _agree(receipts: Iterable[Receipt]) -> None:
    for one, other in combinations(receipts, 2):
        if not receipt.agree(one, other):
            raise Flawed(Flaw.BROKEN_CHAIN, f"{one.number} and {other.number}")


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"{file} is not in UTF-8."
        raise Usage(message) from error


def _texts(document: str) -> list[str]:
    texts = document.split()
    if not texts:
        message = "There is no receipt in it."
        raise Usage(message)
    return texts


def _proof(document: str, file: Path) -> Proof:
    try:
        said = json.loads(document)
        return ParseDict(said.get("proof", said), Proof(), ignore_unknown_fields=True)
    except (ValueError, ParseError) as error:
        message = f"{file} holds no proof: {error}"
        raise Usage(message) from error
