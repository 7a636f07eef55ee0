"""``interlock edge enrol``."""

from interlock.cli.session import Session
from interlock.cli.views import View, detail
from interlock_edge.built import LAYOUT, Layout
from interlock_edge.cli.noun import Authority, Code, Directory, Gateway, LayoutName, app
from interlock_edge.layouts import layout_of


@app.verb("enrol", example="--code ilk1.CODE --gateway gateway.example:7443 --directory bank", calls=False)
def enrol(
    _: Session, code: Code, gateway: Gateway, directory: Directory, layout: LayoutName = "", ca: Authority = None
) -> View:
    """Make the bank's own key known to its network, once, with the operator's code.

    The key is made here and never leaves the directory. Without --layout, the directory's own layout.toml is read.
    """
    from interlock_edge.enrol import enrol as enrolled  # noqa: PLC0415  the list of commands needs no grpc

    found = layout_of(layout) if layout else Layout.read(directory / LAYOUT)
    given = enrolled(code, gateway=gateway, directory=directory, layout=found, ca=ca)
    rows = [("bank", given.bank), ("network", given.network), ("audience", given.audience), ("in", str(directory))]
    return detail({"bank": given.bank, "network": given.network, "token_audience": given.audience}, rows)
