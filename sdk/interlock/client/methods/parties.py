"""Who takes part, and how each proves who it is: ``PartyService``, without accounts and webhooks."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.binding import join
from interlock.client.call import Call, Pages
from interlock.client.core import Core
from interlock.client.method import answering, iterating
from interlock.client.values import request_id as _request_id
from interlock.client.words import numbers
from interlock.keys import PrivateKey
from interlock.v1 import party_service_pb2 as pb
from interlock.v1.options_pb2 import Role
from interlock.v1.party_pb2 import Party, PartyKey


class Parties(Core):
    """Parties and their keys."""

    @answering
    def party(self, name: str) -> Call[Party]:
        """Read one party, ``parties/{party}``.

        >>> client.party("parties/acme").display_name
        'Acme Parcels'
        """
        return Call(pb.GetPartyRequest(name=name), read=lambda answer: answer.party)

    @iterating
    def parties(self, *, roles: Iterable[str | int] = (), page_size: int = 0) -> Pages[Party]:
        """List the parties by name; with ``roles`` only those that have one of them.

        >>> [party.name for party in client.parties(roles=["OPERATOR"])]
        ['parties/city']
        """
        return Pages(
            pb.ListPartiesRequest(roles=numbers(Role, roles), page_size=page_size), items=lambda page: page.parties
        )

    @answering
    def add_party(
        self, party_id: str, display_name: str, roles: Iterable[str | int], *, request_id: str | None = None
    ) -> Call[Party]:
        """Admit a party (network owner). It can call once it has registered a key with a registration code.

        Raises:
            interlock.errors.PartyExists: the id is taken, now or in the past.
        """
        party = Party(display_name=display_name, roles=numbers(Role, roles))
        request = pb.AddPartyRequest(party_id=party_id, party=party, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer.party)

    @answering
    def suspend_party(self, name: str, reason: str, *, request_id: str | None = None) -> Call[Party]:
        """Stop a party from calling (network owner). What it has promised, and been promised, stands."""
        request = pb.SuspendPartyRequest(name=name, reason=reason, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer.party)

    @answering
    def resume_party(self, name: str, *, request_id: str | None = None) -> Call[Party]:
        """Let a suspended party call again, with the keys that it has (network owner)."""
        request = pb.ResumePartyRequest(name=name, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer.party)

    @answering
    def create_registration_code(
        self, party: str, *, request_id: str | None = None
    ) -> Call[pb.CreateRegistrationCodeResponse]:
        """Make a one-time code with which a party registers a key (network owner). A secret, for 24 hours."""
        request = pb.CreateRegistrationCodeRequest(parent=party, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer)

    @answering
    def register_key(self, code: str, key: PrivateKey, *, display_name: str = "") -> Call[pb.RegisterKeyResponse]:
        """Register the public half of ``key`` with a one-time code. Needs no key of its own; safe to repeat.

        Args:
            code: From ``create_registration_code``.
            key: The new key. Its private half stays here; the signature proves that it is held.
            display_name: What the key is for, without personal data.

        Raises:
            interlock.errors.CodeInvalid: wrong, used or lapsed.

        >>> with Client(gateway) as stranger:
        ...     stranger.register_key("welcome-acme-0001", PrivateKey.generate()).party
        'parties/acme'
        """
        public_key = key.public.canonical_jwk()
        proof = key.sign(join(b"interlock-register-key", code.encode(), public_key))
        request = pb.RegisterKeyRequest(
            code=code, public_key=public_key.decode(), proof=proof, display_name=display_name
        )
        return Call(request, read=lambda answer: answer)

    @answering
    def add_key(self, key: PrivateKey, *, display_name: str = "", request_id: str | None = None) -> Call[PartyKey]:
        """Add one more key to the caller: for another machine, or to replace one that is to go."""
        parent, public_key = self._identity.party, key.public.canonical_jwk()
        request = pb.AddKeyRequest(
            parent=parent,
            public_key=public_key.decode(),
            proof=key.sign(join(b"interlock-add-key", parent.encode(), public_key)),
            display_name=display_name,
            request_id=_request_id(request_id),
        )
        return Call(request, read=lambda answer: answer.key)

    @answering
    def distrust_key(self, name: str, *, request_id: str | None = None) -> Call[PartyKey]:
        """Distrust a key of the caller for good, ``parties/{party}/keys/{key}``.

        Raises:
            interlock.errors.LastKey: the party could not call any more.
        """
        request = pb.DistrustKeyRequest(name=name, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer.key)

    @iterating
    def keys(self, *, page_size: int = 0) -> Pages[PartyKey]:
        """List the caller's keys, the newest first, distrusted ones included."""
        request = pb.ListKeysRequest(parent=self._identity.party, page_size=page_size)
        return Pages(request, items=lambda page: page.keys)
