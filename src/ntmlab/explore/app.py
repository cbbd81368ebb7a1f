"""The ASGI application: the page, and three questions it may ask."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ntmlab.errors import InputError
from ntmlab.explore.answers import answer, task_sizes
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.guard import LOOPBACK, Guard, RequestError, error, read_json
from ntmlab.explore.page import files, saved_page
from ntmlab.explore.questions import LONGEST, answer_question, view_question
from ntmlab.explore.view import view

PACKED = "application/octet-stream"
ENDING = "the server is ending"


def make_app(catalog: Catalog, hosts: Iterable[str] = LOOPBACK) -> ASGIApp:
    """The application that answers for a catalog's models under the names ``hosts``."""
    one_at_a_time = threading.Lock()  # a user's own predictor may not bear two threads
    ending = threading.Event()

    def asked(check: Callable[[object], Any], compute: Callable[[Catalog, Any], bytes]) -> Any:
        def work(question: Any) -> bytes:
            with one_at_a_time:
                if ending.is_set():
                    raise RequestError(503, ENDING)
                return compute(catalog, question)

        async def endpoint(request: Request) -> Response:
            question = check(await read_json(request))
            try:
                return Response(await run_in_threadpool(work, question), media_type=PACKED)
            except asyncio.CancelledError:  # the server's time to end is over
                ending.set()
                return error(503, ENDING)

        return endpoint

    async def listing(request: Request) -> Response:
        told = {**catalog.public(), "sizes": task_sizes(), "longest": LONGEST}
        return JSONResponse(told)

    routes = [
        Route("/", _page),
        Route("/static/{name:path}", _static),
        Route("/api/catalog", listing),
        Route("/api/saved", _saved),
        Route("/api/view", asked(view_question, view), methods=["POST"]),
        Route("/api/answer", asked(answer_question, answer), methods=["POST"]),
    ]
    handlers: Any = {
        InputError: _bad_input,
        RequestError: _bad_request,
        HTTPException: _bad_route,
        Exception: _failure,
    }
    return Guard(Starlette(routes=routes, exception_handlers=handlers), hosts)


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


async def _bad_input(request: Request, exception: InputError) -> Response:
    return error(400, str(exception))


async def _bad_request(request: Request, exception: RequestError) -> Response:
    return error(exception.status, exception.reason)


async def _bad_route(request: Request, exception: HTTPException) -> Response:
    path = request.url.path[:100]
    reason = {404: f"there is nothing at {path}", 405: f"{path} does not take this method"}
    return error(exception.status_code, reason.get(exception.status_code, exception.detail))


async def _failure(request: Request, exception: Exception) -> Response:
    return error(500, f"failed inside: {type(exception).__name__}; see the server's output")
