"""``interlock gateway``: make a network, and serve it."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from interlock import key_file
from interlock.cli.endings import Failed, Usage
from interlock.cli.grammar import Noun
from interlock.cli.session import Session
from interlock.cli.views import View, lines
from interlock_gateway.network import DirectoryUnusable
from interlock_gateway.network_init import make

app = Noun("gateway", "Run a gateway of a network.")


@app.verb("init", example="/srv/demo --network demo --owner demo-network", calls=False)
def init(
    session: Session,  # noqa: ARG001 - every command has one
    directory: Annotated[Path | None, typer.Argument(help="A new directory for the network.")] = None,
    directory_option: Annotated[
        Path | None, typer.Option("--directory", help="The same, as a flag.", show_default=False)
    ] = None,
    network: Annotated[str, typer.Option(help="The network's id: up to 16 letters, digits and hyphens.")] = "",
    owner: Annotated[str, typer.Option(help="Party id of the first network owner.")] = "",
    display_name: Annotated[str, typer.Option(help="Name of the owner's company.")] = "",
    host: Annotated[list[str] | None, typer.Option(help="Name or address of the gateway, for its certificate.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="The owner's key file; registered in place of a code.", show_default=False)
    ] = None,
) -> View:
    """Make a network: root key, signing keys, certificate authority, database, first owner.

    The root key signs key sets and nothing else; the gateway never reads it. Move root/ to a safe place.
    """
    where = directory or directory_option
    if where is None or not network or not owner:
        message = "Say where and whose: interlock gateway init DIRECTORY --network ID --owner PARTY"
        raise Usage(message)
    hosts = [*(host or ()), "localhost", "127.0.0.1", "::1"]
    try:
        made = make(
            where,
            network_id=network,
            owner=owner,
            display_name=display_name,
            owner_key=None if key is None else key_file.load(key).public,
            hosts=hosts,
            now=datetime.now(UTC),
        )
    except DirectoryUnusable as failure:
        raise Usage(str(failure)) from failure
    data: dict[str, Any] = {
        "directory": str(made.directory),
        "network": made.network_id,
        "owner": str(made.owner),
        "root": made.root,
        "ca": str(made.directory / "tls" / "ca.pem"),
    }
    said = [f"The network {made.network_id} is in {made.directory}.", f"Its root key is {made.root}."]
    said += [f"Move {made.directory / 'root'} to a safe place: serving never needs it.", "", "Next:"]
    said += [f"  interlock gateway serve --directory {made.directory}"]
    if made.code:
        data["code"] = made.code
        said += [f"  interlock login 127.0.0.1:7443 --code {made.code}"]
    return lines(data, *said)


@app.verb("serve", example="--directory /srv/demo --listen 127.0.0.1:7443", calls=False)
def serve(
    session: Session,
    directory: Annotated[
        Path | None, typer.Option(help="The network's directory, made by init.", show_default=False)
    ] = None,
    listen: Annotated[str | None, typer.Option(help="host:port; port 0 is a free one.", show_default=False)] = None,
    tls: Annotated[bool | None, typer.Option(help="TLS on a loopback address too.", show_default=False)] = None,
    metrics_port: Annotated[
        int | None, typer.Option(help="Port on 127.0.0.1 for Prometheus.", show_default=False)
    ] = None,
    log_level: Annotated[str | None, typer.Option(help="DEBUG, INFO, WARNING or ERROR.", show_default=False)] = None,
    ready_file: Annotated[
        Path | None, typer.Option(help="Written with the address once calls are taken.", show_default=False)
    ] = None,
) -> None:
    """Serve a network until SIGTERM or Ctrl-C; calls under way are finished.

    What is not said here is read from INTERLOCK_GATEWAY_* and from gateway.toml in the directory.
    """
    # Imported here: gRPC's server and all services would make every other command slower.
    from pydantic import ValidationError  # noqa: PLC0415

    from interlock_gateway import logs, main  # noqa: PLC0415
    from interlock_gateway.listening import CannotListen  # noqa: PLC0415
    from interlock_gateway.settings import Settings  # noqa: PLC0415
    from interlock_gateway.store.sqlite.schema import DatabaseUnusable  # noqa: PLC0415

    said: dict[str, Any] = {
        "directory": directory,
        "listen": listen,
        "tls": tls,
        "metrics_port": metrics_port,
        "log_level": log_level,
    }
    try:
        settings = Settings(**{name: value for name, value in said.items() if value is not None})
    except ValidationError as failure:
        message = "\n".join(_misset(each) for each in failure.errors())
        raise Usage(message) from failure

    def ready(address: str) -> None:
        text = json.dumps({"address": address}) if session.json else f"Serving at {address}."
        print(text, flush=True)  # noqa: T201 - the answer
        if ready_file is not None:
            ready_file.write_text(f"{address}\n", "ascii")

    logs.configure(settings.log_level)
    try:
        asyncio.run(main.serve(settings, ready))
    except (DirectoryUnusable, CannotListen) as failure:
        raise Usage(str(failure)) from failure
    except DatabaseUnusable as failure:
        raise Failed(str(failure)) from failure
    sys.stdout.flush()


def _misset(flaw: Any) -> str:  # noqa: ANN401 - of pydantic
    """Write what is wrong with a setting as a sentence."""
    name = str(flaw["loc"][0])
    if flaw["type"] == "missing":
        return f"Say --{name}, or set INTERLOCK_GATEWAY_{name.upper()}; interlock gateway init makes one."
    return f"--{name.replace('_', '-')} cannot be {flaw['input']!r}: {flaw['msg']}."
