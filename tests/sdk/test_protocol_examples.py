"""The examples that the protocol's pages print are read by the code, with the key of RFC 8037 appendix A."""

import json
import re
from pathlib import Path

from interlock import access_token, receipt
from interlock.access_token import Act
from interlock.keys import PublicKey

ROOT = Path(__file__).parents[2]
JWK = json.loads((ROOT / "tests" / "data" / "rfc" / "rfc7515_rfc8037_examples.json").read_text())["vectors"][2]["jwk"]
KEY = PublicKey.from_jwk(JWK)


def example(page: str) -> str:
    """Return the one signed text on a page of the protocol."""
    (text,) = re.findall(r"^```text\n(eyJ\S+)\n```$", (ROOT / "docs" / "protocol" / page).read_text(), re.MULTILINE)
    return str(text)


def test_the_access_token_of_the_access_page() -> None:
    token = access_token.read(example("06-access.md"), {"k1": KEY})
    assert token.act is Act.DEPOSIT
    assert token.dep is not None
    assert token.dep.to_json() == ["L", "c", "ap", [3, 2, "AAECAwQFBgc"], "7W", 24, 2, "Ir", "mfrggzdfmz"]


def test_the_receipt_of_the_receipts_page() -> None:
    said = receipt.read(example("09-receipts.md"), {KEY.kid: KEY}, bank="bankbankbank")
    assert (said.act, said.number, said.earlier_number) == (Act.COLLECT, 7, 4)
