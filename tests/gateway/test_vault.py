"""The vault: what is sealed opens again under the same key, for the same reservation, and not otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interlock_gateway.vault import CannotOpen, Vault

VAULT = Vault(bytes(range(32)))


def test_what_was_sealed_opens_again() -> None:
    sealed = VAULT.seal("r" * 16, "acme", b"Ada Lovelace")
    assert b"Ada" not in sealed.ciphertext
    assert VAULT.open(sealed) == b"Ada Lovelace"


def test_two_seals_of_one_text_have_nothing_in_common() -> None:
    one, two = (VAULT.seal("r" * 16, "acme", b"Ada") for _ in range(2))
    assert one.ciphertext != two.ciphertext
    assert one.wrapped_key != two.wrapped_key


@pytest.mark.parametrize("changed", [{"reservation": "s" * 16}, {"party": "other"}, {"wrapped_key": bytes(60)}])
def test_what_was_moved_or_changed_does_not_open(changed: dict[str, object]) -> None:
    sealed = VAULT.seal("r" * 16, "acme", b"Ada")
    with pytest.raises(CannotOpen):
        VAULT.open(replace(sealed, **changed))  # type: ignore[arg-type]


def test_a_changed_bit_does_not_open() -> None:
    sealed = VAULT.seal("r" * 16, "acme", b"Ada")
    flipped = bytes([sealed.ciphertext[-1] ^ 1])
    with pytest.raises(CannotOpen):
        VAULT.open(replace(sealed, ciphertext=sealed.ciphertext[:-1] + flipped))


def test_another_network_opens_nothing() -> None:
    with pytest.raises(CannotOpen):
        Vault(bytes(32)).open(VAULT.seal("r" * 16, "acme", b"Ada"))


def test_what_was_erased_is_empty() -> None:
    assert VAULT.open(replace(VAULT.seal("r" * 16, "acme", b"Ada"), wrapped_key=b"", ciphertext=b"")) == b""


def test_each_bank_and_each_code_has_a_secret_of_its_own_that_derives_again() -> None:
    assert VAULT.bank_secret("a" * 12) == Vault(bytes(range(32))).bank_secret("a" * 12)
    assert VAULT.bank_secret("a" * 12) != VAULT.bank_secret("b" * 12)
    assert len(VAULT.bank_secret("a" * 12)) == 32
    assert len(VAULT.code_secret(bytes(6))) == 16
    assert VAULT.code_secret(bytes(6)) != VAULT.code_secret(b"\x01" + bytes(5))


def test_a_master_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        Vault(b"short")
