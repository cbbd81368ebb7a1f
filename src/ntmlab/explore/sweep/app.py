"""The ASGI application of a sweep's page: its files, and one question, how the sweep stands."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ntmlab.errors import InputError
from ntmlab.explore.guard import LOOPBACK, Guard, bad_input, bad_route, failure
from ntmlab.explore.page import KINDS
from ntmlab.explore.sweep.standing import Standings
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.study import read_study

FOLDER = Path(__file__).parent
FILES = {name: FOLDER / name for name in ("sweep.js", "sweep.css")}
FILES |= {name: FOLDER.parent / "static" / name for name in ("icon.svg", "style.css")}


def make_sweep_app(sweep: Sweep, hosts: Iterable[str] = LOOPBACK) -> ASGIApp:
    """The application of a sweep's page; raises InputError where the folder is none."""
    read_study(sweep)
    standings = Standings(sweep)

    async def answer(request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(standings.read))

    routes = [
        Route("/", _page),
        Route("/static/{name}", _file),
        Route("/api/sweep", answer),
    ]
    handlers: Any = {InputError: bad_input, HTTPException: bad_route, Exception: failure}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Guard(app, hosts)


async def _page(request: Request) -> Response:
    return Response((FOLDER / "sweep.html").read_bytes(), media_type="text/html")


async def _file(request: Request) -> Response:
    """A file of the page by its exact name."""
    path = FILES.get(request.path_params["name"])
    if path is None:
        raise HTTPException(404)
    return Response(path.read_bytes(), media_type=KINDS[path.suffix])
