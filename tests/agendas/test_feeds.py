# SPDX-License-Identifier: EUPL-1.2
"""Agendas are read from public servers only, within bounds, and their address stays secret."""

import gzip
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from usufruit.agendas import feeds
from usufruit.agendas.feeds import Answer, FeedTrouble, aim, fetch, is_public

AGENDA = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
HOST = "agenda.exemple.test"


@dataclass
class Script:
    """What a server answers, by path: status, headers, body; and what it was asked."""

    answers: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)


@pytest.fixture
def server():
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            script.asked.append((self.path, dict(self.headers)))
            answer = script.answers[self.path.partition("?")[0]]
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=[0.02], daemon=True)
    thread.start()
    script.port = httpd.server_address[1]
    yield script
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def ask(server, path="/a.ics", *, host=HOST, allowed=None, **options):
    """Ask the server by a name that a fake resolver takes to this machine."""
    return fetch(
        f"http://{host}:{server.port}{path}",
        allowed_hosts=allowed if allowed is not None else {f"{HOST}:{server.port}"},
        resolver=lambda _host, _port: ["127.0.0.1"],
        **options,
    )


def test_an_agenda_is_read_with_what_its_server_says_of_it(server):
    server.answers["/a.ics"] = (200, {"ETag": '"7"', "Last-Modified": "Tue"}, AGENDA)
    assert ask(server, "/a.ics?cle=x") == Answer(AGENDA, '"7"', "Tue")
    path, headers = server.asked[0]
    assert path == "/a.ics?cle=x"
    assert headers["Host"] == f"{HOST}:{server.port}"
    assert "If-None-Match" not in headers


def test_an_unchanged_agenda_is_not_sent_again(server):
    server.answers["/a.ics"] = (304, {}, b"")
    assert ask(server, etag='"7"', last_modified="Tue") == Answer(None)
    assert server.asked[0][1]["If-None-Match"] == '"7"'
    assert server.asked[0][1]["If-Modified-Since"] == "Tue"


def test_a_packed_agenda_is_unpacked(server):
    server.answers["/a.ics"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(AGENDA))
    assert ask(server).content == AGENDA


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::", "nul",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(ip):
    assert is_public(ip)


def refused(address, *ips, allowed=()):
    with pytest.raises(FeedTrouble) as told:
        aim(address, allowed, lambda _host, _port: list(ips))
    assert "secret" not in str(told.value).replace("adresse secrète", "")
    return str(told.value)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    assert "réseau privé" in refused(f"https://{HOST}/secret", "8.8.8.8", "10.0.0.1")
    assert "réseau privé" in refused("http://127.0.0.1/secret", "127.0.0.1")
    assert "réseau privé" in refused(f"https://{HOST}/secret")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "ftp://agenda.exemple.test/secret", "gopher://x/secret", "//x/secret",
        "https:///secret", f"https://moi:secret@{HOST}/a", f"https://{HOST}:22/secret",
        f"https://{HOST}:99999/secret", f"https://{HOST}:x/secret", "https://[::1/secret",
        "https://" + "a" * 300 + "/secret",
    ],
)  # fmt: skip
def test_addresses_that_lead_to_no_agenda(address):
    refused(address, "8.8.8.8")


def test_what_an_operator_allows_may_be_private_by_its_name_or_by_name_and_port():
    where = "https://exchange.interne:8443/a"
    for allowed in ({"exchange.interne"}, {"exchange.interne:8443"}):
        assert aim(where, allowed, lambda _host, _port: ["10.0.0.1"]).ips == ("10.0.0.1",)
    refused(where, "10.0.0.1", allowed={"exchange.interne:443", "interne"})


def test_the_connection_goes_to_the_address_checked(server):
    """A name that changes its mind between the check and the call leads nowhere."""
    server.answers["/a.ics"] = (200, {}, AGENDA)
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    found = fetch(
        f"http://{HOST}:{server.port}/a.ics",
        allowed_hosts={HOST},
        resolver=lambda _host, _port: next(answers),
    )
    assert found.content == AGENDA
    assert next(answers) == ["10.0.0.1"], "resolved once"


def test_redirects_are_followed_checked_and_bounded(server):
    server.answers["/a.ics"] = (302, {"Location": "/b.ics"}, b"")
    server.answers["/b.ics"] = (200, {}, AGENDA)
    assert ask(server).content == AGENDA
    inside = f"http://autre.exemple.test:{server.port}/b.ics"
    server.answers["/a.ics"] = (302, {"Location": inside}, b"")
    with pytest.raises(FeedTrouble, match="port"):
        ask(server)
    asked = len(server.asked)
    server.answers["/a.ics"] = (302, {"Location": "http://autre.exemple.test/b.ics"}, b"")
    with pytest.raises(FeedTrouble, match="réseau privé"):
        ask(server)
    assert len(server.asked) == asked + 1
    server.answers["/a.ics"] = (302, {"Location": "/a.ics"}, b"")
    with pytest.raises(FeedTrouble, match="sans fin"):
        ask(server)


@pytest.mark.parametrize(
    ("status", "word"), [(401, "refuse"), (404, "n’existe plus"), (500, "500"), (204, "204")]
)
def test_each_failure_has_its_french_reason(server, status, word):
    server.answers["/a.ics"] = (status, {}, b"")
    with pytest.raises(FeedTrouble, match=word):
        ask(server)


def test_too_many_bytes_are_refused_even_packed(server, monkeypatch):
    monkeypatch.setattr(feeds, "MAX_BYTES", 1000)
    server.answers["/a.ics"] = (200, {}, b"x" * 2000)
    with pytest.raises(FeedTrouble, match="dépasse"):
        ask(server)
    bomb = gzip.compress(b"x" * 10_000_000)
    server.answers["/a.ics"] = (200, {"Content-Encoding": "gzip"}, bomb)
    with pytest.raises(FeedTrouble, match="dépasse"):
        ask(server)
    server.answers["/a.ics"] = (200, {"Content-Encoding": "br"}, b"x")
    with pytest.raises(FeedTrouble, match="compressé"):
        ask(server)
    server.answers["/a.ics"] = (200, {"Content-Encoding": "gzip"}, b"pas du gzip")
    with pytest.raises(FeedTrouble, match="ne répond pas"):
        ask(server)


def test_an_answer_cut_short_is_no_answer(server):
    server.answers["/a.ics"] = (200, {"Content-Length": "5000"}, AGENDA)
    with pytest.raises(FeedTrouble):
        ask(server)


@contextmanager
def dripping(server):
    """Let the server send a byte now and then, until told to stop."""
    stop = threading.Event()

    def drip(handler):
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
        while not stop.wait(0.05):
            try:
                handler.wfile.write(b"y")
                handler.wfile.flush()
            except OSError:
                return

    server.answers["/a.ics"] = drip
    try:
        yield
    finally:
        stop.set()


def test_a_server_that_drips_is_left_in_time(server, monkeypatch):
    monkeypatch.setattr(feeds, "WHOLE_S", 0.4)
    with dripping(server), pytest.raises(FeedTrouble, match="trop de temps"):
        ask(server)


def test_a_server_that_is_not_there(server):
    with pytest.raises(FeedTrouble, match="ne répond pas"):
        fetch("http://x:1/", allowed_hosts={"x"}, resolver=lambda _host, _port: ["127.0.0.1"])

    def unknown(_host, _port):
        raise OSError

    with pytest.raises(FeedTrouble, match="introuvable"):
        fetch(f"https://{HOST}/", resolver=unknown)


def test_proxies_of_the_environment_are_ignored(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.answers["/a.ics"] = (200, {}, AGENDA)
    assert ask(server).content == AGENDA
