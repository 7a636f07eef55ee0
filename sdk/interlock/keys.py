"""Key pairs: Ed25519 and P-256, each bound to its one JWS algorithm (RFC 8037, RFC 7518 section 3.4, RFC 8725 3.1).

A key knows its algorithm, so nobody ever asks a token which one to use. Signatures are 64 raw bytes for both kinds.
The kinds of key and their JWK and PEM forms are here; what is signed is not.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from interlock import base64url, strict_json
from interlock.flaws import Flaw, Flawed

SIGNATURE_BYTES: Final = 64

_COORDINATE_BYTES: Final = 32
_OPTIONAL_MEMBERS: Final = frozenset({"alg", "kid", "use"})
_ed25519 = OKPAlgorithm()
_es256 = ECAlgorithm(SHA256, SECP256R1)

# Ed25519 keys of small order: under them one signature fits every message, so they prove nothing. These are the y
# coordinates of the eight points of order 1, 2, 4 and 8 and their non-canonical spellings; the top bit is x's sign.
# Source: RFC 8032 section 5.1 for the curve; Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs" (SSR 2020), for
# what such keys do to proofs. The tests recompute the points.
_P: Final = 2**255 - 19
_Y8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER: Final = frozenset(y.to_bytes(32, "little") for y in (0, 1, _P - 1, _P, _P + 1, _Y8, _P - _Y8))


class Algorithm(StrEnum):
    """A JWS ``alg``; each key has exactly one."""

    EDDSA = "EdDSA"
    """Ed25519 (RFC 8037). RFC 9864 would call it ``Ed25519``; verifiers in the field do not know that name yet."""
    ES256 = "ES256"
    """ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4), for secure elements that cannot do Ed25519."""


class PublicKey:
    """The half of a key pair that verifies. Immutable; equal when the JWK is equal."""

    __slots__ = ("_jwk", "_key", "_thumbprint", "_verify", "algorithm", "kid")

    _verify: Callable[[bytes, bytes], bool]
    algorithm: Algorithm
    kid: str
    """The thumbprint in base64url, 43 characters: the name that a key has without anybody giving it one."""

    def __init__(self, key: Ed25519PublicKey | EllipticCurvePublicKey) -> None:
        """Wrap a key of the ``cryptography`` package.

        Raises:
            Flawed: ``KEY``; another curve than P-256, or an Ed25519 point of small order.
        """
        if isinstance(key, Ed25519PublicKey):
            raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
            if bytes((*raw[:31], raw[31] & 0x7F)) in _SMALL_ORDER:
                raise Flawed(Flaw.KEY, "x")
            self.algorithm = Algorithm.EDDSA
            self._jwk = {"crv": "Ed25519", "kty": "OKP", "x": base64url.encode(raw)}
            self._verify = lambda message, signature: _ed25519.verify(message, key, signature)
        elif isinstance(key.curve, SECP256R1):
            numbers = key.public_numbers()
            x, y = (n.to_bytes(_COORDINATE_BYTES, "big") for n in (numbers.x, numbers.y))
            self.algorithm = Algorithm.ES256
            self._jwk = {"crv": "P-256", "kty": "EC", "x": base64url.encode(x), "y": base64url.encode(y)}
            self._verify = lambda message, signature: _es256.verify(message, key, signature)
        else:
            raise Flawed(Flaw.KEY, "kty")
        self._key = key
        self._thumbprint = sha256(self.canonical_jwk()).digest()
        self.kid = base64url.encode(self._thumbprint)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether ``signature`` (64 raw bytes; R|S for ES256) is this key's over ``message``."""
        return len(signature) == SIGNATURE_BYTES and self._verify(message, signature)

    def jwk(self) -> dict[str, str]:
        """Return the JWK: the required members only, in the order of RFC 7638 (Ed25519: crv, kty, x)."""
        return dict(self._jwk)

    def canonical_jwk(self) -> bytes:
        """Return the bytes that RFC 7638 section 3 hashes: required members, sorted, without spaces."""
        return strict_json.encode(self._jwk)

    def thumbprint(self) -> bytes:
        """Return the JWK thumbprint, SHA-256, 32 bytes (RFC 7638; RFC 8037 appendix A.3)."""
        return self._thumbprint

    def to_pem(self) -> bytes:
        """Return the SubjectPublicKeyInfo in PEM (RFC 7468 section 13)."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> "PublicKey":
        """Read a public JWK.

        Args:
            jwk: The required members of RFC 7638, and at most ``kid``, ``alg`` (the key's own) and ``use`` ("sig").
                Anything else is refused, a private ``d`` above all: it must never have come here.

        Raises:
            Flawed: ``KEY``, or ``ENCODING`` for a coordinate in another spelling.
        """
        kind = (jwk.get("kty"), jwk.get("crv"))
        if kind == ("OKP", "Ed25519"):
            _exactly(jwk, {"crv", "kty", "x"})
            key = cls(Ed25519PublicKey.from_public_bytes(_coordinate(jwk, "x")))
        elif kind == ("EC", "P-256"):
            _exactly(jwk, {"crv", "kty", "x", "y"})
            x, y = (int.from_bytes(_coordinate(jwk, name), "big") for name in ("x", "y"))
            try:
                key = cls(EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key())
            except ValueError as error:  # the point is not on the curve
                raise Flawed(Flaw.KEY, "x") from error
        else:
            raise Flawed(Flaw.KEY, "kty")
        if jwk.get("alg", key.algorithm) != key.algorithm:
            raise Flawed(Flaw.KEY, "alg")
        if jwk.get("use", "sig") != "sig":
            raise Flawed(Flaw.KEY, "use")
        return key

    @classmethod
    def from_pem(cls, pem: bytes) -> "PublicKey":
        """Read a SubjectPublicKeyInfo in PEM.

        Raises:
            Flawed: ``KEY``; no PEM, or a key of another kind.
        """
        try:
            key = load_pem_public_key(pem)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise Flawed(Flaw.KEY) from error
        if not isinstance(key, Ed25519PublicKey | EllipticCurvePublicKey):
            raise Flawed(Flaw.KEY, "kty")
        return cls(key)

    def __eq__(self, other: object) -> bool:
        """Compare by thumbprint."""
        return isinstance(other, PublicKey) and self._thumbprint == other._thumbprint

    def __hash__(self) -> int:
        """Hash the thumbprint."""
        return hash(self._thumbprint)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to another process as a JWK, and be checked again there."""
        return PublicKey.from_jwk, (self._jwk,)

    def __repr__(self) -> str:
        """Show the algorithm and the thumbprint."""
        return f"PublicKey({self.algorithm.value}, {self.kid})"


class PrivateKey:
    """The half of a key pair that signs. Its secret shows in no ``repr``, pickle or comparison."""

    __slots__ = ("_key", "_sign", "algorithm", "public")

    _sign: Callable[[bytes], bytes]
    algorithm: Algorithm
    public: PublicKey

    def __init__(self, key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> None:
        """Wrap a key of the ``cryptography`` package.

        Raises:
            Flawed: ``KEY``; another curve than P-256.
        """
        self._key = key
        self.public = PublicKey(key.public_key())
        self.algorithm = self.public.algorithm
        if isinstance(key, Ed25519PrivateKey):
            self._sign = lambda message: _ed25519.sign(message, key)
        else:
            self._sign = lambda message: _es256.sign(message, key)

    def sign(self, message: bytes) -> bytes:
        """Sign ``message``; 64 raw bytes. Ed25519 repeats itself, ES256 does not."""
        return self._sign(message)

    def to_jwk(self) -> dict[str, str]:
        """Return the private JWK, ``d`` included (RFC 8037 section 2, RFC 7518 section 6.2.2). A secret."""
        if isinstance(self._key, Ed25519PrivateKey):
            secret = self._key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        else:
            secret = self._key.private_numbers().private_value.to_bytes(_COORDINATE_BYTES, "big")
        return {**self.public.jwk(), "d": base64url.encode(secret)}

    def to_pem(self) -> bytes:
        """Return the PKCS #8 PEM, unencrypted (RFC 7468 section 10). A secret."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @classmethod
    def generate(cls, algorithm: Algorithm = Algorithm.EDDSA) -> "PrivateKey":
        """Make a new key from the operating system's randomness."""
        if algorithm is Algorithm.EDDSA:
            return cls(Ed25519PrivateKey.generate())
        return cls(generate_private_key(SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes) -> "PrivateKey":
        """Read an unencrypted PKCS #8 PEM.

        Raises:
            Flawed: ``KEY``; no PEM, an encrypted one, or a key of another kind.
        """
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise Flawed(Flaw.KEY) from error
        if not isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey):
            raise Flawed(Flaw.KEY, "kty")
        return cls(key)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> "PrivateKey":
        """Read a private JWK: the members of a public one, and ``d``, which must belong to them.

        Raises:
            Flawed: ``KEY`` or ``ENCODING``.
        """
        public = PublicKey.from_jwk({name: value for name, value in jwk.items() if name != "d"})
        secret = _coordinate(jwk, "d")
        try:
            key = cls(
                Ed25519PrivateKey.from_private_bytes(secret)
                if public.algorithm is Algorithm.EDDSA
                else derive_private_key(int.from_bytes(secret, "big"), SECP256R1())
            )
        except ValueError as error:  # zero, or not below the order of the curve
            raise Flawed(Flaw.KEY, "d") from error
        if key.public != public:
            raise Flawed(Flaw.KEY, "d")
        return key

    def __reduce__(self) -> tuple[object, ...]:
        """Refuse to be pickled: a secret leaves through ``to_pem`` and ``to_jwk`` alone."""
        message = "a private key is not pickled"
        raise TypeError(message)

    def __repr__(self) -> str:
        """Show the public half only."""
        return f"PrivateKey({self.algorithm.value}, {self.public.kid})"


def _exactly(jwk: Mapping[str, object], required: set[str]) -> None:
    members = set(jwk)
    if not required <= members or not members - required <= _OPTIONAL_MEMBERS:
        raise Flawed(Flaw.KEY, "members")


def _coordinate(jwk: Mapping[str, object], name: str) -> bytes:
    text = jwk.get(name)
    if type(text) is not str:
        raise Flawed(Flaw.KEY, name)
    data = base64url.decode(text)
    if len(data) != _COORDINATE_BYTES:
        raise Flawed(Flaw.KEY, name)
    return data
