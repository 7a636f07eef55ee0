"""QR codes: what is drawn can be read back, what is too large is not drawn (ACC-15)."""

import xml.etree.ElementTree as ET
import zlib
from struct import unpack

import pytest

from interlock import qr


def test_an_svg_has_a_quiet_zone_on_a_light_ground() -> None:
    element = ET.fromstring(qr.svg("A" * 412, qr.RIGHT, module_px=1))  # noqa: S314  our own text
    side = 17 + 4 * 15 + 2 * 4
    assert (element.get("width"), element.get("height")) == (str(side), str(side))
    assert any(path.get("fill") == "#fff" for path in element.iter())


def test_a_png_has_a_quiet_zone() -> None:
    data = qr.png("A" * 412, qr.RIGHT, module_px=2)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, colour = unpack(">IIBB", data[16:26])
    assert width == height == 2 * (17 + 4 * 15 + 2 * 4)
    assert (depth, colour) == (1, 0)  # one bit, grey: 1 is white
    start = data.index(b"IDAT")
    (length,) = unpack(">I", data[start - 4 : start])
    rows = zlib.decompress(data[start + 4 : start + 4 + length])
    stride = 1 + (width + 7) // 8
    first, last = rows[1:stride], rows[-stride + 1 :]
    assert first[:-1] == last[:-1] == b"\xff" * (stride - 2)


@pytest.mark.parametrize("length", [413, 5000])
def test_what_is_too_large_is_not_drawn(length: int) -> None:
    for draw in (qr.svg, qr.png, qr.version):
        with pytest.raises(qr.TooLarge, match=str(length)):
            draw("A" * length, qr.RIGHT)


def test_the_level_is_not_raised_where_there_is_room() -> None:
    assert qr.version("A" * 10, qr.RIGHT) == 1
    assert qr.version("A" * 15, qr.RIGHT) == 2
