"""The ASGI application: the page, and what it may ask.

What is under /api is JSON, whatever comes of it. Answers with arrays are packed, and have their
places under /packed; what goes wrong there is told in JSON too.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ntmlab.errors import InputError
from ntmlab.explore.answers import answer
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.guard import (
    Guard,
    RequestError,
    bad_input,
    bad_route,
    error,
    failure,
    read_json,
)
from ntmlab.explore.page import files, saved_page
from ntmlab.explore.questions import answer_question, view_question
from ntmlab.explore.view import Step, view
from ntmlab.explore.worker import GivenUp, Worker

PACKED = "application/octet-stream"
ENDING = "the server is ending"


def make_app(catalog: Catalog, hosts: Iterable[str], worker: Worker) -> ASGIApp:
    """What answers for a catalog's models, by a worker, under the names ``hosts``."""
    known = catalog.told()

    def asked(
        check: Callable[[object], Any], compute: Callable[[Catalog, Any, Step], bytes]
    ) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            question = check(await read_json(request))

            def work(step: Step) -> bytes:
                return compute(catalog, question, step)

            try:
                packed = await worker.answer(work, _left(request))
            except (asyncio.CancelledError, GivenUp):  # the time to end is over, or nobody waits
                return error(503, ENDING)
            return Response(packed, media_type=PACKED)

        return endpoint

    async def listing(request: Request) -> Response:
        return JSONResponse(known)

    routes = [
        Route("/", _page),
        Route("/static/{name:path}", _static),
        Route("/api/catalog", listing),
        Route("/saved.html", _saved),
        Route("/packed/view", asked(view_question, view), methods=["POST"]),
        Route("/packed/answer", asked(answer_question, answer), methods=["POST"]),
    ]
    handlers: Any = {
        InputError: bad_input,
        RequestError: _bad_request,
        HTTPException: bad_route,
        Exception: failure,
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Guard(app, hosts)


async def _left(request: Request) -> None:
    """Over when whoever asked has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _page(request: Request) -> Response:
    return Response(files()["index.html"][0], media_type="text/html")


async def _static(request: Request) -> Response:
    """A file of the page by its exact name; the disk is not asked."""
    found = files().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return Response(found[0], media_type=found[1])


async def _saved(request: Request) -> Response:
    return Response(saved_page(), media_type="text/html")


async def _bad_request(request: Request, exception: RequestError) -> Response:
    return error(exception.status, exception.reason)
