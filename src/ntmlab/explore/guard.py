"""What every request goes through: Host and Origin checked, bodies bounded, headers set.

A page of another site can make a browser send requests here, and can point a name of its own at
this address; the checks of Host and Origin keep both out.
"""

import asyncio
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ntmlab.errors import InputError
from ntmlab.records import whole_number

MOST_BODY = 64 * 1024  # bytes; 10,000 bits and all else fit in a quarter
BODY_SECONDS = 10.0

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}


class RequestError(Exception):
    """A request that gets an error status and a line saying why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def error(status: int, reason: str) -> JSONResponse:
    """The answer to a bad request."""
    return JSONResponse({"error": reason}, status)


async def bad_input(request: Request, exception: InputError) -> JSONResponse:
    """The answer to what is asked wrongly."""
    return error(400, str(exception))


async def bad_route(request: Request, exception: HTTPException) -> JSONResponse:
    """The answer where nothing is, or where another method is wanted."""
    path = request.url.path[:100]
    reason = {404: f"there is nothing at {path}", 405: f"{path} does not take this method"}
    return error(exception.status_code, reason.get(exception.status_code, exception.detail))


async def failure(request: Request, exception: Exception) -> JSONResponse:
    """The answer where the fault is ours; the traceback goes to the server's output."""
    return error(500, f"failed inside: {type(exception).__name__}; see the server's output")


class Guard:
    """An ASGI application behind the checks; ``hosts`` are the names it may be called by."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refused = self._refused(Headers(scope=scope))
        await (refused or self.app)(scope, receive, send_with_headers)

    def _refused(self, headers: Headers) -> JSONResponse | None:
        host = headers.get("host", "")
        if host_name(host) not in self.hosts or len(headers.getlist("host")) != 1:
            return error(421, "this server answers under its own address only")
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            return error(403, "requests from pages of other sites are refused")
        return None


def host_name(host: str) -> str:
    """The name in a Host header without its port; empty where the header is malformed.

    >>> host_name("localhost:8614"), host_name("[::1]:80"), host_name("a@b")
    ('localhost', '[::1]', '')
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.netloc != host or "@" in host:
        return ""
    return f"[{name}]" if ":" in name else name


async def read_json(request: Request) -> Any:
    """The body as JSON; raises RequestError if it is too large, too slow, or none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RequestError(415, "send JSON, with content-type application/json")
    try:
        body = await asyncio.wait_for(_body(request), BODY_SECONDS)
    except TimeoutError:
        raise RequestError(408, f"the body did not arrive within {BODY_SECONDS:g} s") from None
    except ClientDisconnect:
        raise RequestError(400, "the body ended early") from None
    try:
        return json.loads(body, parse_int=whole_number, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RequestError(400, "the body is not valid JSON") from None


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BODY:
            raise RequestError(413, f"the body is larger than {MOST_BODY} bytes")
        parts.append(part)
    return b"".join(parts)


def _no_constant(name: str) -> None:
    raise InputError(f"{name} is no JSON")
