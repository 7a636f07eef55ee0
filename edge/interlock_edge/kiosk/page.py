"""The kiosk's page: static files, the screen as JSON, and three things that a person can do."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from importlib.resources import files
from typing import Any

import segno
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from interlock_edge.agent.agent import Agent, NotOffered
from interlock_edge.kiosk.catalogue import Catalogue
from interlock_edge.kiosk.view import view

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
MOST_CHARS = 4_096
_PIN_CHARS = range(1, 13)
_STATIC = {
    "": ("page.html", "text/html"),
    "page.css": ("page.css", "text/css"),
    "page.js": ("page.js", "text/javascript"),
}


def page(agent: Callable[[], Agent], catalogue: Catalogue) -> Starlette:
    """Make the page of the bank that ``agent`` returns at each call."""

    async def static(request: Request) -> Response:
        name, kind = _STATIC[request.url.path.removeprefix("/")]
        text = (files("interlock_edge.kiosk") / "static" / name).read_text("utf-8")
        if name == "page.html":
            for key, value in {"locale": catalogue.locale, **catalogue.page}.items():
                text = text.replace(f"{{{{{key}}}}}", value)
        return Response(text, media_type=kind, headers=HEADERS)

    async def screen(_: Request) -> Response:
        seen = asdict(view(agent(), catalogue))
        receipt = seen.pop("qr_text")
        return JSONResponse(seen | {"receipt": bool(receipt)}, headers=HEADERS)

    async def receipt(_: Request) -> Response:
        text = view(agent(), catalogue).qr_text
        if not text:
            return PlainTextResponse("", 404, headers=HEADERS)
        drawn: str = segno.make(text, error="l", micro=False).svg_inline(scale=4, border=4)
        return Response(
            drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
            media_type="image/svg+xml",
            headers=HEADERS,
        )

    async def enter(request: Request) -> Response:
        """Take a scan or a PIN: digits alone, up to twelve, are a PIN."""
        return await _act(request, "text", lambda text: _entered(agent(), text))

    async def choose(request: Request) -> Response:
        return await _act(request, "choice", lambda choice: agent().choose(choice))

    # A name of somebody else's that was made to point here gets no answer.
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"], www_redirect=False)
    return Starlette(
        middleware=[hosts],
        routes=[
            *(Route(f"/{path}", static) for path in _STATIC),
            Route("/screen", screen),
            Route("/receipt.svg", receipt),
            Route("/enter", enter, methods=["POST"]),
            Route("/choose", choose, methods=["POST"]),
        ],
    )


async def _entered(agent: Agent, text: str) -> None:
    text = text.strip()
    digits = text.isascii() and text.isdigit() and len(text) in _PIN_CHARS
    if digits and agent.bank.session is None:  # a courier scans barcodes, which may be digits alone
        await agent.type_pin(text)
    elif text:
        await agent.scan(text)


async def _act(request: Request, name: str, act: Callable[[str], Awaitable[None]]) -> Response:
    # A page of another site cannot send this type without asking first, and nobody answers it here.
    if request.headers.get("content-type") != "application/json":
        return PlainTextResponse("application/json is needed", 415, headers=HEADERS)
    try:
        said: Any = (await request.json())[name]
    except (ValueError, KeyError, TypeError):
        said = None
    if not isinstance(said, str) or len(said) > MOST_CHARS:
        return PlainTextResponse(f"{name} is needed", 400, headers=HEADERS)
    try:
        await act(said)
    except NotOffered as error:
        return PlainTextResponse(str(error), 409, headers=HEADERS)
    return JSONResponse({}, headers=HEADERS)
