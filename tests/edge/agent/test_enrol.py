"""Enrolment: the bank believes nothing but the code's two proofs, and keeps what it is given for itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from fake_gateway import AUDIENCE, GATEWAY, SECRET, FakeGateway
from line import enrolled

from interlock import key_set
from interlock.edge.v1 import link_service_pb2
from interlock.enrolment import answer_proof
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey
from interlock_edge import identity
from interlock_edge.built import Layout, LayoutError
from interlock_edge.enrol import Asking, enrol
from interlock_edge.identity import NotEnrolledError
from interlock_edge.layouts import NAMES, layout_of

NONCE = b"n" * 32


def test_what_the_bank_keeps_is_for_its_owner_alone(gateway: FakeGateway, tmp_path: Path) -> None:
    enrolled(gateway, tmp_path)
    kept = identity.load(tmp_path)
    assert (kept.audience, kept.secret, kept.gateway) == (AUDIENCE, SECRET, GATEWAY)
    assert SECRET.hex() not in repr(kept)
    for name in ("key.pem", "bank.json"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_a_second_attempt_asks_with_the_same_key(tmp_path: Path) -> None:
    assert identity.key_of(tmp_path).public == identity.key_of(tmp_path).public


def asked(gateway: FakeGateway) -> tuple[Asking, link_service_pb2.EnrollResponse]:
    asking = Asking(gateway.code, PrivateKey.generate(), NONCE)
    return asking, gateway.enroll(asking.request(layout_of("small")))


def changed(
    gateway: FakeGateway, answer: link_service_pb2.EnrollResponse, **changes: object
) -> link_service_pb2.EnrollResponse:
    """The answer of somebody who knows the code and changes what it gives."""
    given = link_service_pb2.Enrolment.FromString(answer.enrolment)
    given.MergeFrom(link_service_pb2.Enrolment(**changes))  # type: ignore[arg-type]
    body = given.SerializeToString()
    proof = answer_proof(gateway.code, nonce=NONCE, answer=body)
    return link_service_pb2.EnrollResponse(enrolment=body, proof=proof)


def test_an_answer_of_somebody_without_the_code_is_not_believed(gateway: FakeGateway) -> None:
    asking, answer = asked(gateway)
    stranger = replace(gateway.code, secret=b"x" * 16)
    answer.proof = answer_proof(stranger, nonce=NONCE, answer=answer.enrolment)
    with pytest.raises(Flawed) as flawed:
        asking.believed(answer, gateway=GATEWAY)
    assert flawed.value.flaw is Flaw.SIGNATURE


def test_an_answer_to_another_nonce_is_not_believed(gateway: FakeGateway) -> None:
    asking, answer = asked(gateway)
    with pytest.raises(Flawed):
        replace(asking, nonce=b"m" * 32).believed(answer, gateway=GATEWAY)


def test_another_root_than_the_codes_is_not_believed(gateway: FakeGateway) -> None:
    asking, answer = asked(gateway)
    root = PrivateKey.generate()
    own = key_set.sign(replace(gateway.key_set, root=root.public), root)
    given = changed(gateway, answer, root_key=root.public.canonical_jwk().decode(), key_set=own)
    with pytest.raises(Flawed) as flawed:
        asking.believed(given, gateway=GATEWAY)
    assert flawed.value.flaw is Flaw.KEY_UNKNOWN


def test_a_key_set_of_another_network_is_not_believed(gateway: FakeGateway) -> None:
    asking, answer = asked(gateway)
    with pytest.raises(Flawed) as flawed:
        asking.believed(changed(gateway, answer, network="elsewhere"), gateway=GATEWAY)
    assert flawed.value.flaw is Flaw.ISSUER


def test_an_enrolled_bank_is_never_overwritten(gateway: FakeGateway, tmp_path: Path) -> None:
    enrolled(gateway, tmp_path)
    before = (tmp_path / "bank.json").read_bytes()
    with pytest.raises(FileExistsError):
        enrol(gateway.code.text(), gateway=GATEWAY, directory=tmp_path, layout=layout_of("small"))
    assert (tmp_path / "bank.json").read_bytes() == before


def test_a_directory_without_a_bank_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolledError, match="interlock edge enrol"):
        identity.load(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_every_layout_is_told_as_it_is_built(name: str) -> None:
    layout = layout_of(name)
    told = layout.inventory().compartments
    assert [each.label for each in told] == list(layout.compartments)
    assert all(each.clear.width_mm * each.clear.height_mm * each.clear.depth_mm > 0 for each in told)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rows = []",
        "not toml",
        '[[rows]]\nlabels = ["1", "1"]\nclass = "S"\nclear_mm = [1, 1, 1]',
        '[[rows]]\nlabels = ["1"]\nclass = "XXL"\nclear_mm = [1, 1, 1]',
        '[[rows]]\nlabels = ["1"]\nclass = "S"\nclear_mm = [1, 1]',
        '[[rows]]\nlabels = ["1"]\nclass = "S"\nclear_mm = [1, 1, 1]\nfeatures = ["wings"]',
    ],
)
def test_a_layout_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(LayoutError):
        Layout.parse(text)
