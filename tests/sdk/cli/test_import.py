"""Importing sites: what others publish, row by row; a bad one is named with its line, the good go in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interlock.cli.endings import Usage
from interlock.cli.sites.json_rows import elements
from interlock.cli.sites.layout import TEMPLATES, compartments, template
from interlock.cli.sites.reading import read
from interlock.cli.sites.site import BadRow, Defaults, Row, Site
from interlock.v1.bank_pb2 import BANK_STATE_OPEN, BOOKABLE_BY_MODE_ALL
from interlock.v1.need_pb2 import CLIMATE_CHILLED, FEATURE_ACCESSIBLE
from tests.sdk.cli.conftest import Interlock
from tests.sdk.fake.gateway import FakeGateway

BOXNOW = Path(__file__).parents[2] / "data/boxnow"
GREEK = BOXNOW / "pickup-points-success.json"

GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "node/17",
            "geometry": {"type": "Point", "coordinates": [21.0122, 52.2297, 112.0]},
            "properties": {"name": "Centrum", "addr:street": "Marszałkowska", "addr:housenumber": "1", "country": "pl"},
        },
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}, "properties": {"name": "A park"}},
        {"type": "Feature", "geometry": None, "properties": {}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [21.0]}, "properties": {"name": "Half"}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [21.0, 152.2]}, "properties": {"name": "Far"}},
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [21.1, 52.1]},
            "properties": {"name": "Nowhere"},
        },
    ],
}

CSV = """id;name;lat;lon;country;city
harbour;Harbour;53.54;9.98;DE;Hamburg
harbour;Harbour again;53.55;9.98;DE;Hamburg
quay;;53.56;ten;DE;Hamburg
pier;"Pier; the old one";53.57;9.97;DE;"Ham
burg"
x;One letter;53.58;9.96;DE;Hamburg
dock;Dock;53.59;9.95;DE;Hamburg;more
island;Island;28.1;-15.4;ES;Las Palmas
"""


def found(rows: list[Row]) -> list[Site]:
    return [row.found for row in rows if isinstance(row.found, Site)]


def bad(rows: list[Row]) -> list[tuple[int, str]]:
    return [(row.line, str(row.found)) for row in rows if isinstance(row.found, BadRow)]


@pytest.mark.parametrize(
    ("file", "good", "wrong"),
    [("pickup-points-success", 7, 2), ("success-by-region", 7, 0), ("success-with-region", 3, 0)],
)
def test_the_lists_of_box_now_are_read_as_they_are_published(file: str, good: int, wrong: int) -> None:
    rows = read(BOXNOW / f"{file}.json", Defaults())
    assert (len(found(rows)), len(bad(rows))) == (good, wrong)


def test_a_site_of_box_now_has_all_that_the_list_says() -> None:
    (site, *_) = found(read(BOXNOW / "success-with-region.json", Defaults()))
    assert site == Site(
        bank_id="boxnow-5680",
        display_name="Eurofreight - Λάρνακα",
        latitude=34.906763099758926,
        longitude=33.569478671177926,
        region_code="CY",
        time_zone="Asia/Nicosia",
        address_lines=("Ευρώπης 11",),
        locality="Λάρνακα",
        postal_code="7100",
        directions="Επί της οδού Ευρώπης, στα κεντρικά γραφεία της Eurofreight.",
    )


def test_what_is_no_locker_bank_is_named_with_its_line() -> None:
    assert bad(read(GREEK, Defaults())) == [
        (3, "Any-APM is of type any-apm, not a locker bank"),
        (
            next(n for n, text in enumerate(GREEK.read_text().splitlines(), 1) if '"4227"' in text) - 1,
            "Answear - Warehouse 1 is of type warehouse, not a locker bank",
        ),
    ]


def test_geojson_is_longitude_first(tmp_path: Path) -> None:
    file = tmp_path / "sites.geojson"
    file.write_text(json.dumps(GEOJSON, indent=1), encoding="utf-8-sig")
    rows = read(file, Defaults())
    (site,) = found(rows)
    assert (site.latitude, site.longitude) == (52.2297, 21.0122)
    assert (site.bank_id, site.address_lines, site.time_zone) == ("node-17", ("Marszałkowska 1",), "Europe/Warsaw")
    reasons = [reason for _, reason in bad(rows)]
    assert reasons == [
        "not a Point",
        "not a Point",
        "no position: coordinates are longitude and latitude",
        "no time zone is known; say --time-zone",
        "no time zone is known; say --time-zone",
    ]
    text = file.read_text(encoding="utf-8-sig").splitlines()
    assert all(text[line - 1] == "  {" for line, _ in bad(rows))


def test_what_a_row_does_not_say_can_be_said_for_all(tmp_path: Path) -> None:
    file = tmp_path / "sites.geojson"
    file.write_text(json.dumps(GEOJSON), encoding="utf-8")
    rows = read(file, Defaults(time_zone="Europe/Berlin", region_code="PL", prefix="north-"))
    assert [(site.bank_id, site.time_zone) for site in found(rows)] == [
        ("north-node-17", "Europe/Berlin"),
        ("north-nowhere", "Europe/Berlin"),
    ]
    assert bad(rows)[-1][1] == "152.2, 21.0 is no position on the Earth"


def test_csv_says_which_line_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text(CSV, encoding="utf-8")
    rows = read(file, Defaults())
    assert [site.bank_id for site in found(rows)] == ["harbour", "pier"]
    assert found(rows)[1].display_name == "Pier; the old one"
    assert bad(rows) == [
        (3, "the id harbour stands on line 2 already"),
        (4, "longitude 'ten' is no number"),
        (7, "'x' is no id: 2 to 63 small letters, digits and hyphens"),
        (8, "more values than columns"),
        (9, "no time zone is known; say --time-zone"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"{", "line 1: not JSON"),
        (b'{"data": [1,]}', "line 1: not JSON"),
        (b'{\n"data": [\n{"id": }]}', "line 3: not JSON"),
        (b'{"points": []}', "there is no list 'data' in it"),
        (b'{"data": {}}', "there is no list 'data' in it"),
        (b"name;city\nA;B\n", "latitude and longitude among them"),
        (b"", "latitude and longitude among them"),
        (b"\xff\xfe", "not in UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(tmp_path: Path, text: bytes, sentence: str) -> None:
    file = tmp_path / "sites"
    file.write_bytes(text)
    with pytest.raises(Usage, match=sentence):
        read(file, Defaults())


def test_rows_that_are_no_objects_are_bad_rows(tmp_path: Path) -> None:
    file = tmp_path / "sites.json"
    file.write_text('{"data": [7, null,\n "x", {}]}')
    assert [line for line, _ in bad(read(file, Defaults()))] == [1, 1, 2, 2]


def test_a_list_of_its_own_is_taken_too(tmp_path: Path) -> None:
    file = tmp_path / "points.json"
    file.write_text(json.dumps(json.loads(GREEK.read_text())["data"]))
    assert len(found(read(file, Defaults()))) == 7


def test_the_lines_of_an_array_are_those_of_its_elements() -> None:
    document = '{"before": {"data": [0]}, "data": [\n  1,\n\n  {"a": [2]}\n, "]"]\n}'
    assert list(elements(document, "data")) == [(2, 1), (4, {"a": [2]}), (5, "]")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"bank_id": "Harbour"}, "no id"),
        ({"display_name": ""}, "has 0 characters"),
        ({"display_name": "x" * 101}, "has 101 characters"),
        ({"latitude": float("nan")}, "no position on the Earth"),
        ({"longitude": 180.1}, "no position on the Earth"),
        ({"latitude": 0.0, "longitude": 0.0}, "nobody entered"),
        ({"region_code": "DEU"}, "no country"),
        ({"time_zone": "Europe/Hamburg"}, "no time zone"),
        ({"time_zone": "../etc/passwd"}, "no time zone"),
        ({"address_lines": ("x",) * 6}, "too long"),
        ({"directions": "x" * 501}, "501 characters"),
    ],
)
def test_a_site_holds_what_the_contract_asks_of_a_bank(change: dict[str, object], reason: str) -> None:
    good = {
        "bank_id": "harbour",
        "display_name": "Harbour",
        "latitude": 53.5,
        "longitude": 9.9,
        "region_code": "DE",
        "time_zone": "Europe/Berlin",
    }
    Site(**good)  # type: ignore[arg-type]
    with pytest.raises(BadRow, match=reason):
        Site(**(good | change))  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "count"), [("small", 20), ("medium", 40), ("large", 60)])
def test_a_template_has_as_many_doors_as_it_says(name: str, count: int) -> None:
    made = list(compartments("parties/city/banks/altona", template(name)))
    assert [door.name.split("/")[-1] for door in made] == [str(label) for label in range(1, count + 1)]
    assert any(FEATURE_ACCESSIBLE in door.features for door in made)


def test_a_layout_of_ones_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "cold.toml"
    file.write_text(
        '[[compartments]]\ncount = 3\nwidth_mm = 380\nheight_mm = 190\ndepth_mm = 640\nclimate = "chilled"\n'
        'max_mass_g = 9000\nfeatures = ["power", "INDOOR"]\n'
    )
    doors = list(compartments("parties/city/banks/altona", template(str(file))))
    assert [door.climate for door in doors] == [CLIMATE_CHILLED] * 3
    assert (doors[0].max_mass_g, len(doors[0].features)) == (9000, 2)


SIZES = "width_mm = 1\nheight_mm = 1\ndepth_mm = 1\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no"),
        ("compartments = 7", "has no"),
        ("compartments = [7]", "number 1: it is not known"),
        ("[[compartments]]\ncount = 1\n", "width_mm is a whole number"),
        ("[[compartments]]\ncount = true\n" + SIZES, "count is a whole number"),
        ("[[compartments]]\ncount = 1001\n" + SIZES, "from 1 to 1000"),
        ("[[compartments]]\ncount = 900\n" + SIZES + "[[compartments]]\ncount = 900\n" + SIZES, "more than 1000"),
        ("[[compartments]]\ncount = 1\nclimate = 'hot'\n" + SIZES, "'hot' is no climate"),
        ("[[compartments]]\ncount = 1\nfeatures = 'power'\n" + SIZES, "a list of words"),
        ("[[compartments]]\ncount = 1\ncolour = 'red'\n" + SIZES, "colour is not known"),
        ("[[", "not TOML"),
    ],
)
def test_a_layout_that_is_none_is_said_to_be_one(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "layout.toml"
    file.write_text(text)
    with pytest.raises(Usage, match=sentence):
        template(str(file))


def test_a_template_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(Usage, match=", ".join(TEMPLATES)):
        template("huge")


def test_the_good_rows_go_in_and_the_bad_ones_are_named(interlock: Interlock, logged_in: FakeGateway) -> None:
    ended = interlock("bank", "import", GREEK, "--open", "--bookable-by", "all", "--profile", "operator")
    assert ended.code == 5
    assert ended.out == "7 of 9 sites went in, 140 compartments.\n"
    assert ended.err.splitlines()[0] == f"{GREEK}:3: Any-APM is of type any-apm, not a locker bank"
    bank = logged_in.world.banks["parties/city/banks/boxnow-3"]
    assert (bank.state, bank.bookable_by.mode) == (BANK_STATE_OPEN, BOOKABLE_BY_MODE_ALL)
    assert len(logged_in.world.compartments[bank.name]) == 20


def test_the_same_file_again_makes_nothing_twice(interlock: Interlock, logged_in: FakeGateway) -> None:
    words = ["bank", "import", BOXNOW / "success-by-region.json", "--profile", "operator", "--json"]
    first, second = interlock(*words), interlock(*words)
    assert (first.code, second.code) == (0, 0)
    assert [each["name"] for each in first.json["banks"]] == [each["name"] for each in second.json["banks"]]
    assert len(logged_in.world.banks) == 2 + 7


def test_a_taken_id_is_a_bad_row_and_the_others_go_in(
    interlock: Interlock, logged_in: FakeGateway, tmp_path: Path
) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("id,name,lat,lon,country\naltona,Altona,53.5,9.9,DE\nquay,Quay,53.6,9.8,DE\n")
    ended = interlock("bank", "import", file, "--profile", "operator", "--json")
    assert (ended.code, len(ended.json["banks"])) == (5, 1)
    assert ended.json["bad_rows"] == [{"line": 2, "reason": "parties/city/banks/altona is taken."}]


def test_a_file_without_a_good_row_is_refused(interlock: Interlock, logged_in: FakeGateway, tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("id,name,lat,lon,country\naltona,Altona,here,there,DE\n")
    assert interlock("bank", "import", file, "--profile", "operator").code == 1
    assert "CreateBank" not in logged_in.methods()


def test_a_dry_run_asks_no_gateway(interlock: Interlock) -> None:
    ended = interlock("bank", "import", GREEK, "--dry-run", "--json")
    assert (ended.code, len(ended.json["banks"])) == (5, 7)


def test_a_gateway_that_goes_away_ends_the_import(interlock: Interlock, logged_in: FakeGateway) -> None:
    logged_in.stop()
    ended = interlock("bank", "import", GREEK, "--profile", "operator", "--gateway", "127.0.0.1:1")
    assert ended.code == 3
