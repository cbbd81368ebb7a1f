"""Connections that ask nothing are closed, and there are no more than so many."""

import contextlib
import socket
import threading

import pytest

from ntmlab.explore import connection
from ntmlab.explore.server import listen, make_server

REQUEST = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@pytest.fixture
def port(monkeypatch):
    """Of a server in a thread that waits a moment for a request."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", 2.0)
    listening, server = listen("127.0.0.1", 0), make_server(app)
    server.config.timeout_keep_alive = 1  # of one that has been answered
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(20)
    listening.close()


@pytest.mark.parametrize("first", [b"", REQUEST])
@pytest.mark.parametrize("then", [b"", b"GET / HTTP/1.1\r\nhost:"])
def test_one_that_asks_nothing_more_is_closed(port, first, then):
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        if first:
            client.sendall(first)
            assert client.recv(1000).startswith(b"HTTP/1.1 204")
        if then:
            client.sendall(then)
        assert client.recv(1000) == b""


def test_more_than_so_many_are_closed_and_those_before_answered(port, monkeypatch):
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 2)
    monkeypatch.setattr(connection, "HEAD_SECONDS", 20.0)
    address = ("127.0.0.1", port)
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(address, 20)) for _ in range(3)]
        assert clients[2].recv(1000) == b""
        clients[0].sendall(REQUEST)
        assert clients[0].recv(1000).startswith(b"HTTP/1.1 204")
