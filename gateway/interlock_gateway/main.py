"""The one place where real parts are plugged together: a gateway on one loop, over one database."""

from __future__ import annotations

import asyncio
import gc
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import grpc
import structlog
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.descriptor_pool import Default
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health
from grpc_reflection.v1alpha import reflection
from prometheus_client import start_http_server

from interlock.edge.v1 import link_service_pb2, link_service_pb2_grpc
from interlock.v1 import (
    access_service_pb2,
    directory_service_pb2,
    discrepancy_service_pb2,
    event_service_pb2,
    operator_service_pb2,
    party_service_pb2,
    receipt_service_pb2,
    reservation_service_pb2,
)
from interlock_gateway.events.log import EventLog
from interlock_gateway.links.dispatch import Links
from interlock_gateway.links.parts import LinkParts
from interlock_gateway.links.servicer import EdgeLink
from interlock_gateway.listening import Listening, bind
from interlock_gateway.network import held, load
from interlock_gateway.ports import Clock, Entropy, Event
from interlock_gateway.services.access import rules_of
from interlock_gateway.services.access_service import AccessServicer
from interlock_gateway.services.describing import Describing
from interlock_gateway.services.directory import DirectoryServicer
from interlock_gateway.services.discrepancy import DiscrepancyServicer
from interlock_gateway.services.dispatch import Gate, handlers
from interlock_gateway.services.event import EventServicer
from interlock_gateway.services.limits import AddressLimit
from interlock_gateway.services.links_port import Links as LinksPort
from interlock_gateway.services.operator import OperatorServicer
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.party import PartyServicer
from interlock_gateway.services.receipt import ReceiptServicer
from interlock_gateway.services.reservation import ReservationServicer
from interlock_gateway.services.verdicts import Verdicts
from interlock_gateway.settings import Settings
from interlock_gateway.store.sqlite.log import LogRows
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reservations import Reservations
from interlock_gateway.store.sqlite.schema import prepare
from interlock_gateway.store.sqlite.shelf import SqliteShelf
from interlock_gateway.use_cases.committer import Committer
from interlock_gateway.use_cases.network import Network
from interlock_gateway.use_cases.opening import open_book
from interlock_gateway.use_cases.sweep import sweep_for_ever

SERVICES: Final[tuple[ServiceDescriptor, ...]] = tuple(
    file.DESCRIPTOR.services_by_name[name]
    for file, name in (
        (reservation_service_pb2, "ReservationService"),
        (access_service_pb2, "AccessService"),
        (directory_service_pb2, "DirectoryService"),
        (party_service_pb2, "PartyService"),
        (operator_service_pb2, "OperatorService"),
        (discrepancy_service_pb2, "DiscrepancyService"),
        (receipt_service_pb2, "ReceiptService"),
        (event_service_pb2, "EventService"),
    )
)
"""Every service of the contract that parties call."""
LINK_SERVICE: Final = link_service_pb2.DESCRIPTOR.services_by_name["EdgeLinkService"]

SERVICERS: Final[tuple[Callable[[Parts], Any], ...]] = (
    ReservationServicer,
    AccessServicer,
    DirectoryServicer,
    PartyServicer,
    OperatorServicer,
    DiscrepancyServicer,
    ReceiptServicer,
    EventServicer,
)

MOST_MESSAGE_BYTES: Final = 8 * 1024 * 1024
FORGET_EVERY_S: Final = 60.0

OPTIONS: Final = (
    # Banks ping every 30 s; a client that pings more often than every 10 s is sent away.
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.max_ping_strikes", 2),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    # Connections end after an hour, so that they spread over replicas again; streams have a minute to move.
    ("grpc.max_connection_age_ms", 3_600_000),
    ("grpc.max_connection_age_grace_ms", 60_000),
    ("grpc.max_receive_message_length", MOST_MESSAGE_BYTES),
    # Two gateways on one port would share the calls between them, each with half a truth.
    ("grpc.so_reuseport", 0),
)

log = structlog.get_logger(__name__)


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Give the present instant, aware UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway that serves.

    Attributes:
        address: ``host:port`` as bound.
        parts: What it is made of.
        server: The gRPC server.
    """

    address: str
    parts: Parts
    server: grpc.aio.Server


@asynccontextmanager
async def gateway(
    settings: Settings,
    *,
    clock: Clock | None = None,
    entropy: Entropy = secrets,  # a module is one
    services: Sequence[ServiceDescriptor] = SERVICES,
    links: LinksPort | None = None,
) -> AsyncIterator[Running]:
    """Run a gateway while the context is open.

    Args:
        settings: How.
        clock: The present instant; this machine's by default.
        entropy: Random bytes.
        services: The contract.
        links: What the services see of the links to banks, where that is not to be the gateway's own.

    Raises:
        DirectoryUnusable: The directory is no network's, or another process serves it.
        DatabaseUnusable: The database cannot be opened.
        Undeclared: A method of the contract does not say who may call it.
        CannotListen: The address is taken, or not one of this machine.
    """
    clock = clock or SystemClock()
    files = load(settings.directory)
    rules_of([*services, LINK_SERVICE])
    async with AsyncExitStack() as stack:
        stack.enter_context(held(settings.directory))
        prepare(files.database)
        readers = Readers(files.database)
        stack.callback(readers.close)
        shelf = SqliteShelf(files.database, readers)
        stack.callback(shelf.close)
        events = EventLog(LogRows(readers))
        own = Links()
        committer = Committer(shelf, open_book, clock=clock, entropy=entropy, told=partial(_told, events, own))
        await stack.enter_async_context(_committing(committer))
        network = Network(files.pin_key, files.vault)
        verdicts = Verdicts(readers, network=files.network_id, clock=clock)
        server = grpc.aio.server(options=OPTIONS)
        await own.load(readers, era=files.key_set.number.era)
        banks = LinkParts(
            committer=committer,
            readers=readers,
            files=files,
            links=own,
            clock=clock,
            entropy=entropy,
            monotonic_s=time.monotonic,
        )
        link_service_pb2_grpc.add_EdgeLinkServiceServicer_to_server(EdgeLink(banks), server)
        parts = Parts(
            committer=committer,
            readers=readers,
            log=events,
            files=files,
            network=network,
            links=links or own,
            clock=clock,
            entropy=entropy,
            verdicts=verdicts,
        )
        gate = Gate(verdicts, AddressLimit(monotonic_s=time.monotonic))
        server.add_generic_rpc_handlers(handlers([make(parts) for make in SERVICERS], services, gate))
        healthy = _health_and_reflection(server, services)
        address = bind(server, Listening.parse(settings.listen, tls=settings.tls), files.server_certificate)
        for work in (
            sweep_for_ever(committer, Reservations(readers), clock=clock),
            _forget_for_ever(shelf, clock),
        ):
            await stack.enter_async_context(_beside(work))
        await server.start()
        stack.push_async_callback(_stop, server, healthy, own, verdicts, settings.grace_s)
        await healthy.set("", health_pb2.HealthCheckResponse.SERVING)
        yield Running(address, parts, server)


def _health_and_reflection(server: grpc.aio.Server, services: Sequence[ServiceDescriptor]) -> health.HealthServicer:
    healthy = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(healthy, server)
    names = [each.full_name for each in (*services, LINK_SERVICE)]
    names += [health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME]
    pool: Any = Describing(Default())  # it has all that reflection asks of a pool
    reflection.enable_server_reflection(names, server, pool=pool)
    return healthy


def _told(log: EventLog, links: Links, events: Sequence[Event]) -> None:
    """Tell of a commit: those who follow the log, and the banks that must hear of it."""
    log.added(events)
    links.added(events)


async def _stop(
    server: grpc.aio.Server, healthy: health.HealthServicer, links: Links, verdicts: Verdicts, grace_s: float
) -> None:
    """Take no new calls, send banks away, let what is under way finish, then hang up."""
    await healthy.enter_graceful_shutdown()
    links.end_all()
    stopping = asyncio.create_task(server.stop(grace_s))
    # One turn later no stream can begin any more; those that are open have no end of their own.
    await asyncio.sleep(0)
    verdicts.end_streams()
    await stopping


@asynccontextmanager
async def _committing(committer: Committer) -> AsyncIterator[None]:
    """Let the committer work, and at the end commit what was submitted."""
    running = asyncio.create_task(committer.run(), name="committer")
    try:
        yield
    finally:
        committer.stop()
        await running


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let something run until the end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _forget_for_ever(shelf: SqliteShelf, clock: Clock) -> None:
    """Forget the requests that are too old to be repeated, little by little."""
    while True:
        try:
            await shelf.forget_old_requests(clock.now())
        except Exception:
            log.warning("old requests could not be forgotten", exc_info=True)
        await asyncio.sleep(FORGET_EVERY_S)


async def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        settings: How.
        ready: Called once with the address as bound.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    if settings.metrics_port:
        start_http_server(settings.metrics_port, "127.0.0.1")
    async with gateway(settings) as running:
        # All that lives as long as the process is set aside, so that the collector does not walk it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 50, 100)
        log.info("serving", address=running.address, network=running.parts.files.network_id)
        ready(running.address)
        await stop.wait()
        log.info("stopping", grace_s=settings.grace_s)
