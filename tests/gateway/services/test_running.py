"""The gateway as a program: made, started, stopped, and what it leaves in its logs."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509

from interlock import Client, PrivateKey, base64url, call_token, errors, jose
from interlock.key_set import Use
from interlock.v1 import event_service_pb2
from interlock_gateway.logs import HIDDEN, hide_secrets
from interlock_gateway.main import gateway
from interlock_gateway.network import DirectoryUnusable, held, load
from interlock_gateway.network_init import make
from interlock_gateway.settings import Settings

NOW = datetime(2030, 1, 1, tzinfo=UTC)
COMMAND = (sys.executable, "-c", "import sys; from interlock.cli import main; sys.exit(main())", "gateway")


def _init(directory: Path) -> dict[str, str]:
    made = subprocess.run(
        [*COMMAND, "init", str(directory), "--network", "demo", "--owner", "net", "--json"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    said: dict[str, str] = json.loads(made.stdout)
    return said


@contextmanager
def serving(directory: Path, *flags: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [*COMMAND, "serve", "--directory", str(directory), "--listen", "127.0.0.1:0", "--json", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())["address"]
        finally:
            process.kill()


def test_a_network_is_made_served_and_stopped_without_losing_anything(tmp_path: Path) -> None:
    directory = tmp_path / "net"
    said = _init(directory)
    key = PrivateKey.generate()
    with serving(directory) as (process, address):
        with Client(address) as stranger:
            registered = stranger.register_key(said["code"], key)
        with Client(address, party=registered.party, key=key, network="demo") as owner:
            assert owner.network().root_key_thumbprint == said["root"]
            owner.add_party("acme", "Acme", ["CARRIER"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        logged = process.stderr.read()
    assert said["code"] not in logged
    assert all(json.loads(line) for line in logged.splitlines())
    with serving(directory) as (_, address), Client(address, party="net", key=key, network="demo") as owner:
        assert owner.party("parties/acme").display_name == "Acme"


def test_tls_is_trusted_by_the_networks_own_authority(tmp_path: Path) -> None:
    directory = tmp_path / "net"
    said = _init(directory)
    with serving(directory, "--tls") as (_, address), Client(address, ca=said["ca"]) as stranger:
        assert stranger.register_key(said["code"], PrivateKey.generate()).network_id == "demo"


def test_serving_never_reads_the_root(tmp_path: Path) -> None:
    made = make(tmp_path / "net", network_id="demo", owner="net", now=NOW)
    (made.directory / "root" / "root.pem").unlink()
    (made.directory / "root" / "ca-key.pem").unlink()
    files = load(made.directory)
    assert files.key_set.root.kid == made.root


def test_the_key_set_has_the_present_key_and_two_to_come_of_each_use(tmp_path: Path) -> None:
    files = load(make(tmp_path / "net", network_id="demo", owner="net", now=NOW).directory)
    now = int(NOW.timestamp())
    for use in Use:
        entries = [entry for entry in files.key_set.keys.values() if entry.use is use]
        assert len(entries) == 3
        assert sum(entry.nbf > now for entry in entries) == 2
        assert files.signer(use, now).kid == min(entries, key=lambda entry: entry.nbf).kid
        last = max(entries, key=lambda entry: entry.nbf)
        assert files.signer(use, last.nbf).kid == last.kid
        with pytest.raises(DirectoryUnusable):
            files.signer(use, last.exp)


def test_the_authority_is_valid_from_1970_and_signed_by_the_root(tmp_path: Path) -> None:
    files = load(make(tmp_path / "net", network_id="demo", owner="net", now=NOW).directory)
    root = files.key_set.root
    said = jose.read(
        files.ca_document, typs=frozenset({"interlock-ca+jwt"}), keys={root.kid: root}, most_chars=65_536
    ).claims
    assert (said["iss"], said["era"], said["n"]) == ("demo", 1, 1)
    certificate = x509.load_pem_x509_certificate(files.ca_pem)
    assert certificate.not_valid_before_utc == datetime(1970, 1, 1, tzinfo=UTC)
    server = x509.load_pem_x509_certificate(files.server_certificate[1])
    assert server.not_valid_before_utc == datetime(1970, 1, 1, tzinfo=UTC)
    server.verify_directly_issued_by(certificate)


def test_secrets_are_files_of_their_owner_alone(tmp_path: Path) -> None:
    made = make(tmp_path / "net", network_id="demo", owner="net", now=NOW)
    for path in (*made.directory.glob("secrets/*"), *made.directory.glob("root/*"), *made.directory.glob("keys/*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_network_is_not_made_over_another(tmp_path: Path) -> None:
    make(tmp_path / "net", network_id="demo", owner="net", now=NOW)
    with pytest.raises(DirectoryUnusable, match="not empty"):
        make(tmp_path / "net", network_id="demo", owner="net", now=NOW)


@pytest.mark.parametrize(("network", "owner"), [("Demo", "net"), ("demo", "N"), ("a" * 17, "net"), ("demo", "")])
def test_misshapen_ids_leave_nothing_behind(tmp_path: Path, network: str, owner: str) -> None:
    with pytest.raises(DirectoryUnusable):
        make(tmp_path / "net", network_id=network, owner=owner, now=NOW)
    assert not (tmp_path / "net").exists()


def test_a_directory_is_served_by_one_process_alone(tmp_path: Path) -> None:
    made = make(tmp_path / "net", network_id="demo", owner="net", now=NOW)
    with held(made.directory), pytest.raises(DirectoryUnusable, match="another process"), held(made.directory):
        pytest.fail("held twice")
    with held(made.directory):
        pass


def test_what_is_set_wrongly_is_said_in_a_sentence(tmp_path: Path) -> None:
    for flags, said in (
        ((), "--directory"),
        (("--directory", str(tmp_path)), "interlock gateway init"),
        (("--directory", str(tmp_path), "--log-level", "LOUD"), "--log-level cannot be 'LOUD'"),
    ):
        ended = subprocess.run([*COMMAND, "serve", *flags], check=False, capture_output=True, text=True, timeout=60)
        assert ended.returncode == 2
        assert said in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_directory_that_is_no_network_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DirectoryUnusable, match="interlock gateway init"):
        load(tmp_path)


def test_a_flag_counts_more_than_the_environment_and_that_more_than_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gateway.toml").write_text('listen = "127.0.0.1:1"\nmetrics_port = 11\nlog_level = "DEBUG"\n')
    monkeypatch.setenv("INTERLOCK_GATEWAY_METRICS_PORT", "22")
    monkeypatch.setenv("INTERLOCK_GATEWAY_LISTEN", "127.0.0.1:2")
    settings = Settings(directory=tmp_path, listen="127.0.0.1:3")
    assert (settings.listen, settings.metrics_port, settings.log_level) == ("127.0.0.1:3", 22, "DEBUG")


def test_no_secret_is_read_in_a_log() -> None:
    token = jose.sign({"iss": "x"}, typ="t", key=PrivateKey.generate(), kid="k")
    hidden = hide_secrets(None, "", {"event": f"came {token}", "pin": "12345678", "access_token": "x", "code": "abc"})
    assert token not in str(hidden)
    assert (hidden["pin"], hidden["access_token"], hidden["code"]) == (HIDDEN, HIDDEN, HIDDEN)
    assert base64url.encode(b"harmless") in str(hide_secrets(None, "", {"event": base64url.encode(b"harmless")}))


async def test_a_stream_ends_with_the_gateway_and_is_told_why(tmp_path: Path) -> None:
    key = PrivateKey.generate()
    made = make(tmp_path / "net", network_id="demo", owner="net", owner_key=key.public, now=datetime.now(UTC))
    metadata = (("authorization", f"Bearer {_token(key)}"),)
    async with gateway(Settings(directory=made.directory, listen="127.0.0.1:0", grace_s=60)) as running:
        channel = grpc.aio.insecure_channel(running.address)
        call = channel.unary_stream(
            "/interlock.v1.EventService/StreamEvents",
            request_serializer=event_service_pb2.StreamEventsRequest.SerializeToString,
            response_deserializer=event_service_pb2.StreamEventsResponse.FromString,
        )(event_service_pb2.StreamEventsRequest(follow=True), metadata=metadata)
        ended = asyncio.create_task(_end_of(call))
        while not running.parts.verdicts.streams:  # noqa: ASYNC110 - nobody is told that a stream has begun
            await asyncio.sleep(0)
    assert isinstance(errors.from_failure(await ended), errors.ShuttingDown)
    await channel.close()


def _token(key: PrivateKey) -> str:
    return call_token.mint("parties/net", key, network="demo", now=int(datetime.now(UTC).timestamp()))


async def _end_of(call: grpc.aio.UnaryStreamCall[Any, Any]) -> grpc.aio.AioRpcError:
    """Read a stream to its end, and give what ended it."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in call:
            pass
    return caught.value
