"""A file of sites, whatever its format is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from interlock.cli.endings import Usage
from interlock.cli.sites import boxnow, geojson, table
from interlock.cli.sites.json_rows import elements
from interlock.cli.sites.site import BadRow, Defaults, Row, Site, unique

_MOST_BYTES = 256 * 1024 * 1024

Reader = Callable[[Mapping[str, Any], Defaults], Site]


def read(file: Path, defaults: Defaults) -> list[Row]:
    """Read the sites of a file: GeoJSON, a point list of BOX NOW, or CSV.

    Returns:
        One row for each, good or bad, in the file's order; an id is taken once.

    Raises:
        Usage: the file as a whole is none of these.
        OSError: it cannot be read.
    """
    if file.stat().st_size > _MOST_BYTES:
        message = f"{file} is larger than {_MOST_BYTES // 1024 // 1024} MiB."
        raise Usage(message)
    try:
        document = file.read_text(encoding="utf-8-sig")
        return list(unique(_rows(document, defaults)))
    except json.JSONDecodeError as error:
        message = f"{file}, line {error.lineno}: not JSON: {error.msg}."
        raise Usage(message) from error
    except UnicodeDecodeError as error:
        message = f"{file} is not in UTF-8."
        raise Usage(message) from error
    except LookupError as error:
        message = f"{file} is no list of sites: {error.args[0]}."
        raise Usage(message) from error


def _rows(document: str, defaults: Defaults) -> Iterator[Row]:
    if not document.lstrip().startswith(("{", "[")):
        yield from table.rows(document, defaults)
        return
    whole = json.loads(document)
    collection = isinstance(whole, dict) and whole.get("type") == "FeatureCollection"
    member, reader = (geojson.MEMBER, geojson.site) if collection else (boxnow.MEMBER, boxnow.site)
    for line, value in elements(document, member):
        yield Row(line, _one(value, reader, defaults))


def _one(value: object, reader: Reader, defaults: Defaults) -> Site | BadRow:
    if not isinstance(value, Mapping):
        return BadRow("not an object")
    try:
        return reader(value, defaults)
    except BadRow as error:
        return error
