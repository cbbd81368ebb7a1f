"""``ntmlab explore``: the page in the browser."""

import argparse
import importlib.util
import os
import shlex
import socket
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from ntmlab.cli.arguments.house import HOST, PORT
from ntmlab.errors import InputError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

INSTALL = "pip install 'ntmlab[explore]'"
NEEDED = ("starlette", "uvicorn")


def run(arguments: argparse.Namespace) -> int:
    """Serves the page until Ctrl-C and prints its address, or writes it into a folder."""
    beside = (arguments.models, arguments.task, arguments.static, arguments.unchecked)
    if arguments.sweep is not None and any(beside):
        raise InputError(
            "--sweep is a page of its own: give no models, --task, --static or --unchecked with it"
        )
    if arguments.static is not None:
        return _write(arguments)
    if not all(map(importlib.util.find_spec, NEEDED)):
        raise InputError(f"the page needs a server that is not installed: {INSTALL}")
    from ntmlab.explore.signals import ended_at_once

    with ended_at_once():
        from ntmlab.explore.server import listen, names_of

        host, port = arguments.host or HOST, PORT if arguments.port is None else arguments.port
        with listen(host, port) as listening:
            serve = _serve if arguments.sweep is None else _serve_sweep
            serve(arguments, listening, names_of(host))
    return 0


def _write(arguments: argparse.Namespace) -> int:
    """Writes the page as files; prints the folder."""
    served = (arguments.port, arguments.host)
    if arguments.open or arguments.unchecked or served != (None, None):
        raise InputError(
            "--static writes files and serves nothing: no --open, --port, --host or --unchecked"
        )
    from ntmlab.explore.static_page import write_static

    written = write_static(Path(arguments.static), arguments.models, arguments.task)
    size = sum(path.stat().st_size for path in written)
    print(arguments.static)
    print(f"{len(written)} files, {size / 1e6:.1f} MB; look at them with", file=sys.stderr)
    print(f"python -m http.server --directory {shlex.quote(arguments.static)}", file=sys.stderr)
    return 0


def _serve(arguments: argparse.Namespace, listening: socket.socket, names: list[str]) -> None:
    import torch

    from ntmlab.explore.app import make_app
    from ntmlab.explore.catalog import Catalog
    from ntmlab.explore.worker import Worker
    from ntmlab.kernels.ntm_scan.native import take_at_most

    take_at_most("baseline")  # a link shows the same on every processor, and without a server
    torch.set_num_threads(1)  # sequences come one by one; a second thread would only be waited for
    catalog = Catalog(arguments.models, arguments.task, unchecked=arguments.unchecked)
    worker = Worker(catalog.hung.add)
    _run(make_app(catalog, names, worker), listening, arguments)
    if worker.busy:  # no interpreter ends well under a thread that computes
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _serve_sweep(arguments: argparse.Namespace, listening: socket.socket, names: list[str]) -> None:
    from ntmlab.explore.sweep import make_sweep_app
    from ntmlab.sweeps.attempts import Sweep

    app = make_sweep_app(Sweep(Path(arguments.sweep)), names)
    _run(app, listening, arguments)


def _run(app: "ASGIApp", listening: socket.socket, arguments: argparse.Namespace) -> None:
    """Serves until a signal comes."""
    from ntmlab.explore.server import address, make_server

    server, url = make_server(app), address(listening)
    with server.ended_by_signals():
        print(url, flush=True)
        print("Ctrl-C ends it", file=sys.stderr)
        if arguments.open:
            webbrowser.open(url)
        server.run(sockets=[listening])
