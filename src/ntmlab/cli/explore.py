"""``ntmlab explore``: the page in the browser."""

import argparse
import importlib.util
import sys

from ntmlab.errors import InputError

INSTALL = "pip install 'ntmlab[explore]'"
NEEDED = ("starlette", "uvicorn")


def run(arguments: argparse.Namespace) -> int:
    """Serves the page until Ctrl-C; prints its address."""
    if not all(map(importlib.util.find_spec, NEEDED)):
        raise InputError(f"the page needs a server that is not installed: {INSTALL}")
    from ntmlab.explore.server import address, listen, names_of, serve

    with listen(arguments.host, arguments.port) as listening:
        from ntmlab.explore.app import make_app
        from ntmlab.explore.catalog import Catalog

        app = make_app(Catalog(arguments.models), names_of(arguments.host))
        url = address(listening)
        print(url, flush=True)
        print("Ctrl-C ends it", file=sys.stderr)
        if arguments.open:
            import webbrowser

            webbrowser.open(url)
        serve(app, listening)
    return 0
