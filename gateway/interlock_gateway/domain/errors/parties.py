"""Refusals of who calls: tokens, roles, keys, codes, accounts."""

from __future__ import annotations

from dataclasses import dataclass

from interlock_gateway.domain.errors.refusal import Refusal


@dataclass(eq=False, kw_only=True)
class CallTokenMissing(Refusal):
    """The method wants a call token and the call brought none."""

    reason = "CALL_TOKEN_MISSING"
    template = "{method} needs a call token."
    method: str


@dataclass(eq=False, kw_only=True)
class CallTokenInvalid(Refusal):
    """The call token does not prove who calls. The flaw is logged and not told."""

    reason = "CALL_TOKEN_INVALID"
    template = "The call token is not valid."


@dataclass(eq=False, kw_only=True)
class PartySuspended(Refusal):
    """The party may not call until the network owner lifts the suspension (PTY-9)."""

    reason = "PARTY_SUSPENDED"
    template = "{party} is suspended."
    party: str


@dataclass(eq=False, kw_only=True)
class RoleRequired(Refusal):
    """The caller has none of the roles that the method asks for."""

    reason = "ROLE_REQUIRED"
    template = "This needs one of the roles {roles}."
    roles: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class NotOwn(Refusal):
    """The name belongs to another party, and the method is for its owner alone."""

    reason = "NOT_OWN"
    template = "{field} must name a resource of the caller."
    field: str


@dataclass(eq=False, kw_only=True)
class PartyExists(Refusal):
    """The party id is taken; ids are never reused."""

    reason = "PARTY_EXISTS"
    template = "{party} exists already."
    party: str


@dataclass(eq=False, kw_only=True)
class PartyUnknown(Refusal):
    """No such party for this caller."""

    reason = "PARTY_UNKNOWN"
    template = "{party} is not known."
    party: str


@dataclass(eq=False, kw_only=True)
class CodeInvalid(Refusal):
    """A one-time code is wrong, used or past its end; which of them is not told (PTY-7)."""

    reason = "CODE_INVALID"
    template = "The code is not valid."


@dataclass(eq=False, kw_only=True)
class CodeUsed(Refusal):
    """An enrolment code came a second time with another key: an alarm, not a retry (PTY-8)."""

    reason = "CODE_USED"
    template = "The code was used with another key."


@dataclass(eq=False, kw_only=True)
class KeyExists(Refusal):
    """The key is registered already, here or with another party; a key has one owner for ever (PTY-6)."""

    reason = "KEY_EXISTS"
    template = "The key {thumbprint} is registered already."
    thumbprint: str


@dataclass(eq=False, kw_only=True)
class KeyUnknown(Refusal):
    """The party has no such key."""

    reason = "KEY_UNKNOWN"
    template = "{party} has no key {key}."
    party: str
    key: str


@dataclass(eq=False, kw_only=True)
class KeyUnusable(Refusal):
    """The public key is of a type, size or form that the network does not take."""

    reason = "KEY_UNUSABLE"
    template = "{field}: {rule}"
    field: str
    rule: str


@dataclass(eq=False, kw_only=True)
class LastKey(Refusal):
    """Distrusting this key would leave the party unable to call; register another first."""

    reason = "LAST_KEY"
    template = "{key} is the last key of {party}."
    party: str
    key: str


@dataclass(eq=False, kw_only=True)
class AccountUnknown(Refusal):
    """The party has no account with that network."""

    reason = "ACCOUNT_UNKNOWN"
    template = "{account} is not known."
    account: str


@dataclass(eq=False, kw_only=True)
class AccountExists(Refusal):
    """The party has an account with that network; remove it first."""

    reason = "ACCOUNT_EXISTS"
    template = "{account} exists already."
    account: str


@dataclass(eq=False, kw_only=True)
class AccountRejected(Refusal):
    """The carried network does not accept the account's credentials."""

    reason = "ACCOUNT_REJECTED"
    template = "{network} does not accept the account."
    network: str


@dataclass(eq=False, kw_only=True)
class WebhookUnknown(Refusal):
    """The party has no such webhook."""

    reason = "WEBHOOK_UNKNOWN"
    template = "{webhook} is not known."
    webhook: str
