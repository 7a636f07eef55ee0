"""A party's accounts with carried networks, and its webhooks: the rest of ``PartyService``."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.client.call import Call, Pages
from interlock.client.core import Core
from interlock.client.method import answering, iterating
from interlock.client.values import request_id as _request_id
from interlock.v1 import party_service_pb2 as pb
from interlock.v1.party_pb2 import NetworkAccount, Webhook


class Accounts(Core):
    """What ties a party to others' systems. A gateway may answer all of it with ``NotServedYet``."""

    @answering
    def add_account(self, account: NetworkAccount, *, request_id: str | None = None) -> Call[NetworkAccount]:
        """Add the caller's own account with a carried network; it is checked at once."""
        request = pb.AddNetworkAccountRequest(
            parent=self._identity.party, account=account, request_id=_request_id(request_id)
        )
        return Call(request, read=lambda answer: answer.account)

    @iterating
    def accounts(self, *, page_size: int = 0) -> Pages[NetworkAccount]:
        """List the caller's accounts, by network, without their credentials."""
        request = pb.ListNetworkAccountsRequest(parent=self._identity.party, page_size=page_size)
        return Pages(request, items=lambda page: page.accounts)

    @answering
    def check_account(self, name: str) -> Call[NetworkAccount]:
        """Ask the carried network whether it accepts the account, ``parties/{party}/accounts/{network}``."""
        return Call(pb.CheckNetworkAccountRequest(name=name), read=lambda answer: answer.account)

    @answering
    def remove_account(self, name: str, *, request_id: str | None = None) -> Call[None]:
        """Remove an account and its credentials for good."""
        request = pb.RemoveNetworkAccountRequest(name=name, request_id=_request_id(request_id))
        return Call(request, read=lambda _answer: None)

    @answering
    def create_webhook(
        self, url: str, *, types: Iterable[str] = (), from_cursor: str = "", request_id: str | None = None
    ) -> Call[Webhook]:
        """Have the caller's events posted to ``url``; with ``types`` only those, from ``from_cursor`` on."""
        request = pb.CreateWebhookRequest(
            parent=self._identity.party,
            webhook=Webhook(url=url, types=types),
            from_cursor=from_cursor,
            request_id=_request_id(request_id),
        )
        return Call(request, read=lambda answer: answer.webhook)

    @iterating
    def webhooks(self, *, page_size: int = 0) -> Pages[Webhook]:
        """List the caller's webhooks, the oldest first."""
        request = pb.ListWebhooksRequest(parent=self._identity.party, page_size=page_size)
        return Pages(request, items=lambda page: page.webhooks)

    @answering
    def remove_webhook(self, name: str, *, request_id: str | None = None) -> Call[None]:
        """Stop a webhook for good, ``parties/{party}/webhooks/{webhook}``."""
        request = pb.RemoveWebhookRequest(name=name, request_id=_request_id(request_id))
        return Call(request, read=lambda _answer: None)

    @answering
    def replay_webhook(self, name: str, from_cursor: str, *, request_id: str | None = None) -> Call[Webhook]:
        """Deliver again what comes behind a cursor; a stopped webhook becomes active."""
        request = pb.ReplayWebhookRequest(name=name, from_cursor=from_cursor, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer.webhook)
