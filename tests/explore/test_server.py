"""The server: it refuses what it should, in JSON, and goes on; it starts and ends cleanly."""

import contextlib
import http.client
import json
import random
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from starlette.datastructures import Headers

from ntmlab.cli import main
from ntmlab.explore.app import make_app
from ntmlab.explore.guard import LOOPBACK, MOST_BODY, Guard
from ntmlab.explore.page import files, module_order, saved_page
from ntmlab.explore.worker import Worker
from tests.explore.conftest import start, stop
from tests.explore.steps import ask

JSON = {"content-type": "application/json"}
LONG = "dynamic-ngrams:length=10000"
GOOD = {"symbols": "0110100110010110", "models": ["optimal", "ntm"]}


def get(web, path, headers=None, method="GET", body=None):
    web.request(method, path, body, headers or {})
    response = web.getresponse()
    return response, response.read()


def test_every_answer_has_the_headers_that_keep_others_out(web):
    for path in ("/", "/static/main.js", "/api/catalog", "/nothing"):
        response, _ = get(web, path)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/nothing", {}, None, 404),
        ("GET", "/static/../../cli/explore.py", {}, None, 404),
        ("GET", "/static/%2e%2e/app.py", {}, None, 404),
        ("GET", "/static//etc/passwd", {}, None, 404),
        ("GET", "/packed/view", {}, None, 405),
        ("GET", "/packed/view/", {}, None, 404),
        ("POST", "/packed/view/", JSON, "{}", 404),
        ("DELETE", "/", {}, None, 405),
        ("POST", "/", {}, "x", 405),
        ("GET", "/", {"host": "evil.example"}, None, 421),
        ("GET", "/", {"host": "127.0.0.1.evil.example:80"}, None, 421),
        ("GET", "/", {"host": "localhost@evil.example"}, None, 421),
        ("GET", "/", {"host": ""}, None, 421),
        ("GET", "/", {"host": "localhost:99999"}, None, 421),
        ("POST", "/packed/view", JSON | {"origin": "http://evil.example"}, "{}", 403),
        ("POST", "/packed/view", JSON | {"origin": "null"}, "{}", 403),
        ("POST", "/packed/view", {}, "{}", 415),
        ("POST", "/packed/view", {"content-type": "text/plain"}, "{}", 415),
        ("POST", "/packed/view", JSON, "", 400),
        ("POST", "/packed/view", JSON, "{", 400),
        ("POST", "/packed/view", JSON, "[" * 50_000, 400),
        ("POST", "/packed/view", JSON, b"\xff\xfe", 400),
        ("POST", "/packed/view", JSON, '{"symbols": NaN}', 400),
        ("POST", "/packed/view", JSON, '{"seed": ' + "9" * 5000 + "}", 400),
        ("POST", "/packed/view", JSON, '"' + "0" * MOST_BODY + '"', 413),
        ("POST", "/packed/view", JSON, '{"symbols": "012"}', 400),
        ("POST", "/packed/view", JSON, '{"symbols": "01", "models": ["/etc/passwd"]}', 400),
        ("POST", "/packed/answer", JSON, '{"model": "copier", "sizes": {"length": 0}}', 400),
    ],
)
def test_bad_requests_get_a_json_error_and_the_server_goes_on(
    web, method, path, headers, body, status
):
    response, content = get(web, path, headers, method, body)
    assert response.status == status
    assert json.loads(content)["error"]
    web.close()
    assert ask(web, "/packed/view", GOOD)[0] == 200


def test_all_under_api_is_json(catalog, web):
    """Whatever comes of it: answers, other methods, and where nothing is."""
    app = make_app(catalog, LOOPBACK, Worker(catalog.hung.add))
    paths = [route.path for route in app.app.routes if "/api" in route.path]
    assert paths
    for path in (*paths, *(f"{path}/" for path in paths), "/api", "/api/", "/api/view", "/api/%00"):
        for method in ("GET", "POST", "DELETE", "PURGE"):
            response, content = get(web, path, JSON, method, "{}")
            assert response.headers["content-type"] == "application/json"
            assert json.loads(content)


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"POST /packed/view HTTP/1.1\r\nhost: localhost\r\ncontent-length: -5\r\n\r\n",
        b"POST /packed/view HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n"
        b"content-type: application/json\r\n\r\n{}",  # ends early
        b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\n\r\n",
    ],
    ids=["bytes", "version", "long", "negative", "early", "hosts"],
)
def test_what_is_no_request_does_no_harm(server, web, raw):
    with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            answer = connection.recv(65536)
            assert not answer.startswith(b"HTTP/1.1 200")
            head, _, body = answer.partition(b"\r\n\r\n")
            if head and body:
                assert b"application/json" in head
                assert json.loads(body)["error"]
    assert ask(web, "/packed/view", GOOD)[0] == 200


def test_a_thousand_random_bodies_do_no_harm(web):
    """Good questions with bytes changed, dropped and doubled: answers or errors, never a 500."""
    draw = random.Random(0)
    seen = set()
    whole = json.dumps(GOOD | {"arrows": 2, "window": [0, 9], "machine": "ntm"}).encode()
    for _ in range(400):
        body = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            place = draw.randrange(len(body))
            change = draw.choice(["drop", "double", "byte"])
            if change == "drop":
                del body[place]
            elif change == "double":
                body[place:place] = body[place : place + 8]
            else:
                body[place] = draw.randrange(256)
        response, content = get(web, "/packed/view", JSON, "POST", bytes(body))
        seen.add(response.status)
        assert response.status == 200 or json.loads(content)["error"]
    assert seen <= {200, 400}
    assert 400 in seen


def test_many_at_once_do_not_mix(server):
    draw = random.Random(1)
    questions = [
        {"symbols": "".join(draw.choice("01") for _ in range(100)), "models": ["optimal", "ntm"]}
        for _ in range(24)
    ]
    for i, question in enumerate(questions[::3]):
        question |= {"machine": "ntm", "changes": [{"kind": "clear", "step": i, "slots": [i]}]}

    def asked(question):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, 60)
        with contextlib.closing(connection) as web:
            return ask(web, "/packed/view", question)

    alone = [asked(question) for question in questions]
    with ThreadPoolExecutor(12) as pool:
        together = list(pool.map(asked, questions))
    for (status, (header, arrays)), (_, (same, equal)) in zip(together, alone, strict=True):
        assert status == 200
        assert header == same
        assert all(np.array_equal(arrays[name], equal[name]) for name in equal)


def resident(process):
    """Resident memory of a process in MB."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise AssertionError


@pytest.mark.slow
def test_a_long_session_does_not_grow(server, web):
    def some(count):
        for seed in range(count):
            question = {"seed": seed, "models": ["optimal", "ntm", "lstm"]}
            assert ask(web, "/packed/view", question | {"machine": "ntm"})[0] == 200

    some(60)  # buffers that are kept
    before = resident(server.process)
    some(300)
    assert resident(server.process) - before < 20


def test_interrupting_ends_it_cleanly(runs):
    running = start(runs, "--port", "0")
    running.process.send_signal(signal.SIGINT)
    _, errors = running.process.communicate(timeout=60)
    assert running.process.returncode == 0
    assert "Traceback" not in errors


def test_interrupting_under_load_ends_it_cleanly_too(runs):
    running = start(runs, "--port", "0")
    question = {"task": LONG, "seed": 1, "models": ["optimal", "ntm", "lstm"]}
    body = json.dumps(question).encode()
    head = f"POST /packed/view HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n"
    whole = f"{head}content-type: application/json\r\n\r\n".encode() + body
    with contextlib.ExitStack() as stack:
        address = ("127.0.0.1", running.port)
        clients = [stack.enter_context(socket.create_connection(address, 30)) for _ in range(12)]
        for client in clients:
            client.sendall(whole)
        clients[0].recv(1)
        running.process.send_signal(signal.SIGINT)
        _, errors = running.process.communicate(timeout=60)
    assert running.process.returncode == 0
    assert "Traceback" not in errors


def test_a_busy_port_is_named_with_a_free_one(server, capsys):
    assert main(["explore", "--port", str(server.port)]) == 2
    said = capsys.readouterr().err
    assert f"port {server.port} is in use" in said
    free = int(said.rsplit("--port ", 1)[1])
    with socket.create_server(("127.0.0.1", free)):
        pass


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "70000"], "--port must be"),
        (["--host", "no.such.host.invalid"], "cannot listen"),
        (["--host", "a..b"], "cannot listen"),
        (["--host", "a\nb"], "cannot listen"),
        (["--port", "0", "--task", "nowhere"], "unknown task"),
        (["--port", "0", "--task", "dynamic-ngrams:order=99"], "order must be"),
        (["--port", "0", "no-such-run"], "unknown model"),
        (["--port", "0", "kt-99"], "between 0 and 16"),
        (["--port", "0", "nowhere:factory"], "cannot import nowhere"),
    ],
)
def test_wrong_use_is_one_line(arguments, message, capsys, monkeypatch):
    # Scans of this process may have taken another instruction set; a server's process has run none.
    monkeypatch.setattr("ntmlab.kernels.ntm_scan.native.take_at_most", lambda name: None)
    assert main(["explore", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_without_the_extra_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["explore"]) == 2
    assert "pip install 'ntmlab[explore]'" in capsys.readouterr().err


def test_another_name_for_this_address_is_answered_when_it_listens_there(runs):
    running = start(runs, "--port", "0", "--host", "127.0.0.2")
    try:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.2", running.port, 20)) as web:
            assert get(web, "/")[0].status == 200
            assert get(web, "/", {"host": "127.0.0.3"})[0].status == 421
    finally:
        stop(running)


def test_the_page_is_small_and_names_no_other_host():
    weight = sum(len(content) for content, _ in files().values())
    assert weight < 500_000
    for name, (content, _) in files().items():
        if not name.startswith("vendor/") and name != "icon.svg":
            text = content.decode().replace("http://www.w3.org/2000/svg", "")
            assert "http:" not in text
            assert "https:" not in text
    assert "vendor/uPlot.LICENSE" in files()


def test_the_saved_page_holds_every_module_once():
    page = saved_page()
    order = module_order("main")
    assert len(order) == len([name for name in files() if "/" not in name and name.endswith(".js")])
    assert all(page.count(f"const module_{name} = ") == 1 for name in order)
    assert "static/" not in page
    assert "import {" not in page


def test_short_scripts_stay_short():
    for name, (content, _) in files().items():
        if not name.startswith("vendor/"):
            assert content.count(b"\n") <= 300, name


def test_packed_answers_survive(web):
    header, arrays = ask(web, "/packed/view", GOOD)[1]
    assert header["symbols"] == GOOD["symbols"]
    assert arrays["probabilities"].shape == (2, 16)


@pytest.mark.parametrize("hosts", [["localhost", "localhost"], ["localhost", "evil.example"], []])
def test_one_host_and_no_more_is_named_whatever_the_server_lets_through(hosts):
    headers = Headers(raw=[(b"host", host.encode()) for host in hosts])
    refused = Guard(None, ["localhost"])._refused(headers)
    assert refused is not None
    assert refused.status_code == 421
    assert Guard(None, ["localhost"])._refused(Headers({"host": "localhost:8614"})) is None
