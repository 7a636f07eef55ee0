"""CSV (RFC 4180) with a heading line, separated by commas, semicolons or tabs.

Columns: ``latitude`` or ``lat``, ``longitude``, ``lng`` or ``lon``, and those that GeoJSON's properties have.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from interlock.cli.sites import geojson
from interlock.cli.sites.site import BadRow, Defaults, Row, Site, degrees, text

_SEPARATORS = ",;\t"


def rows(document: str, defaults: Defaults) -> Iterator[Row]:
    """Read every line below the heading.

    Raises:
        LookupError: the heading has no columns for a position.
    """
    heading = document.partition("\n")[0]
    separator = max(_SEPARATORS, key=heading.count)
    reader = csv.DictReader(io.StringIO(document, newline=""), delimiter=separator, strict=True)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"latitude", "lat"} & set(reader.fieldnames) or not {"longitude", "lng", "lon"} & set(reader.fieldnames):
        message = "its first line must name the columns, latitude and longitude among them"
        raise LookupError(message)
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
            yield Row(line, _site(values, defaults))
        except StopIteration:
            return
        except BadRow as error:
            yield Row(line, error)
        except csv.Error as error:
            yield Row(line, BadRow(f"not CSV: {error}"))


def _site(values: dict[str | None, object], defaults: Defaults) -> Site:
    if None in values:
        raise BadRow("more values than columns")
    said = {str(name): value for name, value in values.items()}
    return geojson.of_properties(
        said,
        latitude=degrees(text(said, "latitude", "lat"), "latitude"),
        longitude=degrees(text(said, "longitude", "lng", "lon"), "longitude"),
        defaults=defaults,
    )
