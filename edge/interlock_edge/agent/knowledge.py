"""What the gateway has told, held for the verdicts: checked before it is written, written before it counts (LNK-40)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from interlock import barcode, jose, key_set, pin, status_list
from interlock.edge.v1 import manifest_pb2
from interlock.flaws import Flaw, Flawed
from interlock.key_set import KeySet, Use
from interlock.keys import PublicKey
from interlock.status_list import StatusList
from interlock_edge.access.known import Known, Site, keys_for_access
from interlock_edge.bank.state import Bank
from interlock_edge.custody.manifest import Manifest
from interlock_edge.identity import Identity
from interlock_edge.journal.decoding import CONFIGURATION, KEY_SET, STATUS_LIST, manifest_of
from interlock_edge.journal.written import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything told, at one version, in the form in which it is used.

    Attributes:
        identity: Who the bank is.
        told: The same in the bytes in which it came.
        manifest: What the doors go by.
        key_set: The newest.
        keys: Its keys for access.
        status: The newest status list, or nothing.
        configuration: As the contract has it; empty before the first.
    """

    identity: Identity
    told: Told
    manifest: Manifest
    key_set: KeySet
    keys: dict[str, PublicKey]
    status: StatusList | None
    configuration: manifest_pb2.Configuration = field(default_factory=manifest_pb2.Configuration)

    @classmethod
    def of(cls, identity: Identity, told: Told, *, now: int) -> "Knowledge":
        """Read what the journal keeps, at a start.

        Raises:
            Flawed: a signed document is none.
            ValueError: a message that makes no sense.
        """
        held = key_set.read(identity.key_set, identity.root.thumbprint())
        documents = told.documents
        if KEY_SET in documents:
            held = _later_or_same(held, documents[KEY_SET].decode("ascii"))
        keys = dict(keys_for_access(held))
        status = None
        if STATUS_LIST in documents:
            status = status_list.read(documents[STATUS_LIST].decode("ascii"), keys, network=identity.network)
        return cls(
            identity=identity,
            told=told,
            manifest=manifest_of(told, today=datetime.fromtimestamp(now, UTC).date()),
            key_set=held,
            keys=keys,
            status=status,
            configuration=manifest_pb2.Configuration.FromString(documents.get(CONFIGURATION, b"")),
        )

    def after(self, change: Told, *, now: int) -> "Knowledge":
        """Return what will be known once ``change`` is written; nothing is written here.

        Raises:
            Flawed: a document that is badly signed, or older than the one held.
            ValueError: a message that makes no sense.
        """
        documents, held, status = change.documents, self.key_set, self.status
        if KEY_SET in documents:
            held = key_set.accept(held, documents[KEY_SET].decode("ascii"))
        keys = dict(keys_for_access(held))
        if STATUS_LIST in documents:
            new = status_list.read(documents[STATUS_LIST].decode("ascii"), keys, network=self.identity.network)
            era = held.number.era
            # A list of an earlier era than the root has opened since says nothing any more.
            kept = status if status is not None and status.number.era == era else None
            status = status_list.accept(kept, new, era=era)
        told = merged(self.told, change)
        return Knowledge(
            identity=self.identity,
            told=told,
            manifest=manifest_of(told, today=datetime.fromtimestamp(now, UTC).date()),
            key_set=held,
            keys=keys,
            status=status,
            configuration=manifest_pb2.Configuration.FromString(told.documents.get(CONFIGURATION, b"")),
        )

    def known(self, bank: Bank) -> Known:
        """Return what a verdict over this state goes by."""
        return Known(
            site=Site(self.identity.network, self.identity.audience, doors=len(bank.layout)),
            key_set=self.key_set,
            keys=self.keys,
            status=self.status,
            manifest=bank.manifest,
            ledger=bank.ledger,
            tenancies=bank.tenancies,
            openings=bank.openings,
            limits=bank.policy.limits,
        )

    def pin_keys(self, bank: Bank) -> dict[int, bytes]:
        """Return the PIN keys of every version under which a verifier lives here."""
        verifiers = [
            verifier
            for pins in (
                *(tenancy.pins for tenancy in bank.tenancies.values()),
                *(entry.pins for entry in bank.manifest.entries.values()),
            )
            for verifier in pins
        ]
        versions = {verifier.key_version for verifier in verifiers}
        return {version: pin.key(self.identity.secret, version) for version in versions}

    def barcode_keys(self) -> dict[int, bytes]:
        """Return the barcode keys, the present one and the one before it."""
        newest = self.configuration.barcode_key_version or 1
        versions: Iterable[int] = range(max(newest - 1, 1), newest + 1)
        return {version: barcode.key(self.identity.secret, version) for version in versions}

    def time_keys(self) -> dict[str, PublicKey]:
        """Return the keys that may sign the time."""
        return self.key_set.trusted(Use.LINK)


def merged(held: Told, change: Told) -> Told:
    """Return what the journal will hold after ``change``, as one snapshot."""
    entries = {} if change.snapshot else dict(held.entries)
    for reservation in change.removed:
        entries.pop(reservation, None)
    return Told(
        era=change.era,
        number=change.number,
        snapshot=True,
        entries={**entries, **change.entries},
        documents={**held.documents, **change.documents},
    )


def _later_or_same(held: KeySet, text: str) -> KeySet:
    """Go from the key set of the enrolment to the journal's, which was checked step by step when it came.

    The root may have been followed by its successors since, so the journal's names its own; the file is the bank's.
    """
    if text == held.text:
        return held
    root = jose.unverified_claims(text, most_chars=key_set.MOST_CHARS).get("root")
    if not isinstance(root, dict):
        raise Flawed(Flaw.CLAIM, "root")
    return key_set.read(text, PublicKey.from_jwk(root).thumbprint())
