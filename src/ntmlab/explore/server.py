"""Starting and ending the server."""

import contextlib
import errno
import signal
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from ntmlab.errors import InputError
from ntmlab.explore.connection import Connection
from ntmlab.explore.guard import LOOPBACK
from ntmlab.explore.signals import handled

SHUTDOWN_SECONDS = 2


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises InputError if the address is wrong or the port taken.

    The error names a port that is free.
    """
    if not 0 <= port <= 65535:
        raise InputError(f"--port must be from 0 to 65535, not {port}")
    try:
        return _bound(host, port)
    except (UnicodeError, ValueError):
        raise InputError(f"cannot listen at {host!r}: that is no name of a host") from None
    except OSError as failure:
        if failure.errno == errno.EADDRINUSE:
            with _bound(host, 0) as free:
                other = free.getsockname()[1]
            raise InputError(f"port {port} is in use; {other} is free: --port {other}") from None
        reason = failure.strerror or str(failure)
        raise InputError(f"cannot listen at {host!r} port {port}: {reason}") from None


def _bound(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    # With the protocol named, asyncio switches off Nagle's algorithm, which holds answers 40 ms.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    return bound


def address(listening: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def names_of(host: str) -> list[str]:
    """The names by which a server listening at ``host`` may be called."""
    if host not in ("0.0.0.0", "::", ""):
        return [*LOOPBACK, f"[{host}]" if ":" in host else host]
    own = socket.gethostname()
    try:
        found = {str(place[4][0]) for place in socket.getaddrinfo(own, None)}
    except OSError:
        found = set()
    return [*LOOPBACK, own, socket.getfqdn(), *(f"[{a}]" if ":" in a else a for a in found)]


class Server(uvicorn.Server):
    """A server whose signals are caught before it starts: whoever reads its address may end it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals as `ended_by_signals` has set them."""
        yield

    @contextlib.contextmanager
    def ended_by_signals(self) -> Iterator[None]:
        """While it holds, SIGINT and SIGTERM end the server; a SIGTERM then ends the process."""
        with handled(self.handle_exit, signal.SIGINT, signal.SIGTERM):
            yield
        if signal.SIGTERM in self._captured_signals:
            signal.raise_signal(signal.SIGTERM)


def make_server(app: ASGIApp) -> Server:
    """A server that gives requests under way two seconds when it is to end."""
    config = uvicorn.Config(
        app,
        http=Connection,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        ws="none",
        lifespan="off",
    )
    return Server(config)
