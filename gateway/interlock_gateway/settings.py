"""How a gateway is run: flags first, then ``INTERLOCK_GATEWAY_*``, then ``gateway.toml`` in the network's directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

FILE: Final = "gateway.toml"


class Settings(BaseSettings):
    """What can be set.

    Attributes:
        directory: The network's directory, made by ``interlock gateway init``.
        listen: ``host:port``; port 0 chooses a free one. Without TLS on a loopback address, with TLS elsewhere.
        tls: Use TLS on a loopback address too.
        metrics_port: Port on 127.0.0.1 for Prometheus; 0: none.
        log_level: Least level that is logged.
        grace_s: Seconds that calls under way have to finish when the gateway is told to stop.
    """

    model_config = SettingsConfigDict(env_prefix="INTERLOCK_GATEWAY_", extra="forbid", frozen=True)

    directory: Path
    listen: str = "127.0.0.1:7443"
    tls: bool = False
    metrics_port: int = Field(default=0, ge=0, le=65535)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    grace_s: float = Field(default=10.0, ge=0.0, le=300.0)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no such file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - nor these
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Say what counts more than what."""
        given: dict[str, Any] = {**env_settings(), **init_settings()}
        directory = given.get("directory")
        file = () if directory is None else (TomlConfigSettingsSource(settings_cls, Path(directory) / FILE),)
        return (init_settings, env_settings, *file)
