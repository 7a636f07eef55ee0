"""TLS: a gateway proves who it is by the network's own authority, or is not spoken to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from interlock import Retry, errors
from tests.sdk.client.conftest import Either
from tests.sdk.fake.gateway import FakeGateway


class Authority:
    """A certificate authority that vouches for addresses of this machine."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority for one test")])
        ca = x509.BasicConstraints(ca=True, path_length=0)
        self._certificate = self._sign(self._name, self._key.public_key(), ca)

    def pem(self) -> bytes:
        """The authority's own certificate."""
        return self._certificate.public_bytes(Encoding.PEM)

    def server(self) -> grpc.ServerCredentials:
        """Credentials for a server on 127.0.0.1."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
        alternatives = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        certificate = self._sign(name, key.public_key(), alternatives)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return grpc.ssl_server_credentials([(private, certificate.public_bytes(Encoding.PEM))])

    def _sign(self, name: x509.Name, key: ec.EllipticCurvePublicKey, extension: x509.ExtensionType) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(self._name, name, key, x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        return builder.add_extension(extension, critical=True).sign(self._key, hashes.SHA256())


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def gateway(authority: Authority) -> Iterator[FakeGateway]:
    with FakeGateway(tls=authority.server()) as gateway:
        yield gateway


@pytest.fixture
def ca(tmp_path: Path, authority: Authority) -> Path:
    file = tmp_path / "ca.pem"
    file.write_bytes(authority.pem())
    return file


async def test_the_networks_own_authority_is_believed(make: Callable[..., Either], ca: Path) -> None:
    assert (await make(ca=ca).network()).network_id == "demo"


async def test_another_authority_is_not(make: Callable[..., Either], tmp_path: Path, gateway: FakeGateway) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(Authority().pem())
    with pytest.raises(errors.Unreachable, match="No gateway answers"):
        await make(ca=other, retry=Retry(timeout_s=1.0)).network()
    assert gateway.world.seen == []


async def test_the_systems_authorities_do_not_know_it(make: Callable[..., Either], gateway: FakeGateway) -> None:
    with pytest.raises(errors.Unreachable):
        await make(gateway=f"https://{gateway.address}", retry=Retry(timeout_s=1.0)).network()
    assert gateway.world.seen == []


async def test_plain_text_gets_no_answer_from_it(make: Callable[..., Either], gateway: FakeGateway) -> None:
    with pytest.raises(errors.Unreachable):
        await make(retry=Retry(timeout_s=1.0)).network()
    assert gateway.world.seen == []
