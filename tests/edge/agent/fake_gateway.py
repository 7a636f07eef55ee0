"""A gateway small enough to read: its keys, what it has committed, and one bank's conversation with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from network import DAY, NETWORK, keys, statuses

from interlock import access_token, key_set, pin, status_list
from interlock.access_token import AccessToken, Act
from interlock.deposit_terms import Climate, CollectFor, DepositTerms, PinTerms, StayUnit
from interlock.edge.v1 import command_pb2, fact_pb2, link_service_pb2, manifest_pb2
from interlock.enrolment import EnrolmentCode, answer_proof, enrol_proof, proofs_equal, seal
from interlock.key_set import NetworkKey, Use
from interlock.keys import PrivateKey, PublicKey
from interlock.link_proof import hello_proven, prove_time
from interlock.strict_json import decode

AUDIENCE, BANK, GATEWAY = "aaaaaaaaaaaa", "parties/operator/banks/corner", "127.0.0.1:7443"
SECRET = bytes(range(32))
Response = link_service_pb2.ConnectResponse


@dataclass
class FakeGateway:
    """What outlives a stream.

    Attributes:
        now: The network's time, unix seconds.
        committed: Sealed facts by lane and number.
        manifest: The change that goes down after the next welcome, or nothing.
        acknowledged: What banks said to manifest changes.
        results: What banks said to commands.
        hellos: Every Hello that was proven.
        refuses: Facts are taken in but not acknowledged.
    """

    now: int
    committed: dict[int, dict[int, fact_pb2.SealedFact]] = field(default_factory=dict)
    manifest: manifest_pb2.ManifestChange | None = None
    acknowledged: list[manifest_pb2.ManifestAcknowledgement] = field(default_factory=list)
    results: list[command_pb2.CommandResult] = field(default_factory=list)
    hellos: list[link_service_pb2.Hello] = field(default_factory=list)
    heartbeats: list[link_service_pb2.Heartbeat] = field(default_factory=list)
    epoch: int = 0
    refuses: bool = False

    def __post_init__(self) -> None:
        """Make the keys and what they sign."""
        self.root, self.access, self.time = (PrivateKey.generate() for _ in range(3))
        spans: dict[str, Any] = {"nbf": self.now - 30 * DAY, "exp": self.now + 60 * DAY}
        entries = {
            "k1": NetworkKey(kid="k1", key=self.access.public, use=Use.ACCESS, **spans),
            "t1": NetworkKey(kid="t1", key=self.time.public, use=Use.LINK, **spans),
        }
        self.key_set = replace(keys(), keys=entries, root=self.root.public, iat=self.now, exp=self.now + 60 * DAY)
        self.code = EnrolmentCode(b"code-1", b"s" * 16, self.root.public.thumbprint())
        self.bank_key: PublicKey | None = None

    # Enrolment.

    def enroll(self, request: link_service_pb2.EnrollRequest) -> link_service_pb2.EnrollResponse:
        key = PublicKey.from_jwk(decode(request.public_key.encode()))
        assert proofs_equal(request.proof, enrol_proof(self.code, public_key=key, nonce=request.nonce))
        assert self.code.secret not in request.SerializeToString()
        self.bank_key = key
        given = link_service_pb2.Enrolment(
            network=NETWORK,
            bank=BANK,
            token_audience=AUDIENCE,
            root_key=self.root.public.canonical_jwk().decode(),
            key_set=key_set.sign(self.key_set, self.root),
            sealed_secret=seal(self.code, SECRET, nonce=b"n" * 12),
        ).SerializeToString()
        proof = answer_proof(self.code, nonce=request.nonce, answer=given)
        return link_service_pb2.EnrollResponse(enrolment=given, proof=proof)

    # The stream.

    def opened(self) -> Response:
        self.nonce = bytes([len(self.hellos) + 1]) * 32
        return Response(challenge=link_service_pb2.Challenge(nonce=self.nonce, time=self._time(self.nonce)))

    def receive(self, request: link_service_pb2.ConnectRequest) -> Iterator[Response]:
        """Take in one message and answer it."""
        match request.WhichOneof("message"):
            case "hello":
                yield from self._welcome(request.hello)
            case "facts":
                lane = self.committed.setdefault(request.facts.lane, {})
                for sealed in request.facts.facts:
                    number = fact_pb2.Fact.FromString(sealed.fact).address.number
                    assert number in lane or number == max(lane, default=0) + 1
                    lane[number] = sealed
                if not self.refuses:
                    yield self.says(
                        acknowledgement=link_service_pb2.FactsAcknowledgement(lane=request.facts.lane, number=max(lane))
                    )
            case "manifest":
                self.acknowledged.append(request.manifest)
            case "command_result":
                self.results.append(request.command_result)
            case "heartbeat":
                self.heartbeats.append(request.heartbeat)

    def says(self, **message: Any) -> Response:
        return Response(bank=AUDIENCE, **message)

    def _welcome(self, signed: link_service_pb2.SignedHello) -> Iterator[Response]:
        assert self.bank_key is not None
        assert hello_proven(self.bank_key, nonce=self.nonce, hello=signed.hello, proof=signed.signature)
        hello = link_service_pb2.Hello.FromString(signed.hello)
        self.hellos.append(hello)
        self.epoch += 1
        welcome = link_service_pb2.Welcome(
            protocol_version=1,
            link_epoch=self.epoch,
            time=self._time(hello.nonce),
            committed=[
                link_service_pb2.LaneNumber(lane=lane.lane, number=max(self.committed.get(lane.lane, {}), default=0))
                for lane in hello.last_numbers
            ],
        )
        welcome.heartbeat_interval.FromSeconds(1)
        yield self.says(welcome=welcome)
        if self.manifest is not None:
            yield self.says(manifest=self.manifest)

    def _time(self, nonce: bytes) -> link_service_pb2.SignedTime:
        unix_ns = self.now * 10**9
        return link_service_pb2.SignedTime(
            unix_ns=unix_ns, kid="t1", signature=prove_time(self.time, nonce=nonce, unix_ns=unix_ns)
        )

    # What it issues.

    def snapshot(self, number: int = 1, **parts: Any) -> manifest_pb2.ManifestChange:
        """A whole manifest, with a fresh status list and no reservation, unless ``parts`` say otherwise."""
        listed = statuses(iat=self.now, exp=self.now + 30 * DAY)
        change: dict[str, Any] = {
            "configuration": manifest_pb2.Configuration(display_name="Corner", time_zone="Europe/Berlin"),
            "status_list": status_list.sign(listed, self.access, "k1"),
        }
        return manifest_pb2.ManifestChange(to=manifest_pb2.Version(era=1, number=number), **{**change, **parts})

    def token(self, reservation: str, act: Act = Act.DEPOSIT, *, typed: str = "12345678") -> str:
        """A good token for the bank."""
        terms = PinTerms(1, 0, verifier(reservation, typed))
        dep = DepositTerms(
            size_class="S",
            climate=Climate.AMBIENT,
            features="",
            pin=terms,
            collect_for=CollectFor(72, StayUnit.HOURS),
            recall_hours=24,
            parcels=1,
        )
        token = AccessToken(
            iss=NETWORK,
            aud=AUDIENCE,
            sub=reservation,
            jti="A" * 16,
            iat=self.now,
            nbf=self.now,
            exp=self.now + 8 * 3_600,
            act=act,
            ser=0,
            sl=7,
            dep=dep if act is Act.DEPOSIT else None,
        )
        return access_token.mint(token, self.access, "k1")

    def facts(self) -> list[str]:
        """The kinds of all custody facts committed, in order."""
        custody = self.committed.get(fact_pb2.LANE_CUSTODY, {})
        return [fact_pb2.Fact.FromString(custody[number].fact).WhichOneof("body") or "" for number in sorted(custody)]


def verifier(reservation: str, typed: str) -> bytes:
    """What recognises a PIN at the bank."""
    return pin.verifier(pin.key(SECRET, 1), audience=AUDIENCE, subject=reservation, series=0, pin=typed)
