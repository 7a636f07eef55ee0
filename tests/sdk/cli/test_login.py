"""Logging in: a key made here, its public half registered, a profile that says so, and nothing lost on the way."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from interlock import AsyncClient, Client, Profile, key_file
from interlock.profile import NotLoggedIn, directory, names
from tests.sdk.cli.conftest import Interlock
from tests.sdk.fake.gateway import FakeGateway
from tests.sdk.fake.world import CODE, Refusal


def test_login_makes_a_key_and_a_profile_for_its_owner_alone(
    interlock: Interlock, gateway: FakeGateway, config: Path
) -> None:
    ended = interlock("login", gateway.address, "--code", CODE)
    assert ended.code == 0, ended.err
    assert "You are parties/acme in the network demo." in ended.out
    profile, key = config / "profiles/default.json", config / "keys/default.pem"
    assert stat.S_IMODE(profile.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.stat().st_mode) == 0o700
    said = json.loads(profile.read_text())
    assert said["root"] == gateway.world.root
    assert (said["party"], said["network"], said["gateway"]) == ("parties/acme", "demo", gateway.address)
    assert "PRIVATE" not in profile.read_text()
    assert CODE not in profile.read_text()


def test_after_login_every_command_speaks_for_the_party(interlock: Interlock, gateway: FakeGateway) -> None:
    interlock("login", gateway.address, "--code", CODE)
    assert interlock("reserve", "city/altona", "A1").code == 0
    assert gateway.world.seen[-1].caller == "parties/acme"


def test_a_program_uses_the_same_profile(interlock: Interlock, gateway: FakeGateway) -> None:
    interlock("login", gateway.address, "--code", CODE, "--profile", "shop")
    with Client.from_profile("shop") as client:
        assert client.network().network_id == "demo"
    assert repr(AsyncClient.from_profile("shop")) == f"AsyncClient('{gateway.address}', party='parties/acme')"


def test_a_code_can_be_piped_in(interlock: Interlock, gateway: FakeGateway) -> None:
    assert interlock("login", gateway.address, "--code", "-", stdin=f"{CODE}\n").code == 0


def test_a_wrong_code_leaves_no_profile(interlock: Interlock, gateway: FakeGateway) -> None:
    ended = interlock("login", gateway.address, "--code", "wrong-code-00001", "--json")
    assert ended.code == 1
    assert ended.json["error"]["reason"] == "CODE_INVALID"
    assert names() == []


def test_a_login_that_broke_off_goes_on_with_the_key_that_was_made(
    interlock: Interlock, gateway: FakeGateway, config: Path
) -> None:
    gateway.after.append(Refusal("INTERNAL"))  # registered, and the answer lost
    assert interlock("login", gateway.address, "--code", CODE).code == 1
    made = key_file.load(config / "keys/default.pem")
    assert interlock("login", gateway.address, "--code", CODE).code == 0
    assert key_file.load(config / "keys/default.pem").public == made.public


def test_a_profile_is_not_overwritten(interlock: Interlock, gateway: FakeGateway) -> None:
    interlock("login", gateway.address, "--code", CODE)
    ended = interlock("login", gateway.address, "--code", CODE)
    assert ended.code == 2
    assert "There is a profile default already" in ended.err


@pytest.mark.parametrize("address", ["http://gateway.example:7001", "two words", "127.0.0.1"])
def test_an_address_that_is_not_safe_registers_nothing(interlock: Interlock, address: str) -> None:
    ended = interlock("login", address, "--code", CODE)
    assert ended.code == 2
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("name", ["../evil", "", "a/b", "x" * 64])
def test_a_profile_stays_in_its_folder(interlock: Interlock, gateway: FakeGateway, name: str) -> None:
    ended = interlock("login", gateway.address, "--code", CODE, "--profile", name)
    assert ended.code == 4
    assert gateway.world.seen == []


def test_what_is_said_nearest_counts(interlock: Interlock, logged_in: FakeGateway, config: Path) -> None:
    environ = {"INTERLOCK_CONFIG_DIR": str(config)}
    assert Profile.resolve(environ=environ).party == "parties/acme"
    assert Profile.resolve(environ=environ | {"INTERLOCK_PROFILE": "operator"}).party == "parties/city"
    assert Profile.resolve("default", environ=environ | {"INTERLOCK_PROFILE": "operator"}).party == "parties/acme"
    assert Profile.resolve(environ=environ | {"INTERLOCK_PARTY": "parties/x"}).party == "parties/x"
    assert Profile.resolve(environ=environ | {"INTERLOCK_GATEWAY": "g:1"}).gateway == "g:1"
    assert Profile.resolve(gateway="h:2", environ=environ | {"INTERLOCK_GATEWAY": "g:1"}).gateway == "h:2"
    assert interlock("party", "list", "--gateway", "127.0.0.1:1").code == 3


def test_the_environment_alone_can_be_a_profile(config: Path) -> None:
    environ = {"INTERLOCK_CONFIG_DIR": str(config)}
    everything = {f"INTERLOCK_{name}": name.lower() for name in ("GATEWAY", "PARTY", "NETWORK", "KEY", "CA", "ROOT")}
    assert Profile.resolve(environ=environ | everything) == Profile(
        gateway="gateway", party="party", network="network", key="key", ca="ca", root="root"
    )
    with pytest.raises(NotLoggedIn, match="interlock login GATEWAY --code CODE"):
        Profile.resolve(environ=environ)
    with pytest.raises(NotLoggedIn, match="--profile shop"):
        Profile.resolve("shop", environ=environ | everything)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"gateway": 7}', "\xff"])
def test_a_profile_that_cannot_be_read_is_said_to_be_one(config: Path, text: str) -> None:
    (config / "profiles").mkdir(parents=True)
    (config / "profiles/default.json").write_text(text, encoding="latin-1")
    with pytest.raises(NotLoggedIn, match="cannot be read"):
        Profile.load(environ={"INTERLOCK_CONFIG_DIR": str(config)})


def test_the_folder_follows_the_xdg_specification(tmp_path: Path) -> None:
    assert directory({"INTERLOCK_CONFIG_DIR": "/own"}) == Path("/own")
    assert directory({"XDG_CONFIG_HOME": str(tmp_path)}) == tmp_path / "interlock"
    assert directory({"XDG_CONFIG_HOME": "relative"}) == Path.home() / ".config/interlock"
    assert directory({}) == Path.home() / ".config/interlock"
