# SPDX-License-Identifier: EUPL-1.2
"""The first visitor reads the home page and sends its search, as a person would."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from usufruit.config import loopback, visit

HOME = """<form action="/langue"><input name="l"></form>
<form role="search" action="/recherche/"><input name="quoi" value="Déneigeuse & cie">
<input name="ou"><button>Chercher</button></form><form><input name="after"></form>"""


@pytest.fixture
def site():
    """Serve pages by path; the paths asked for are kept."""
    pages, asked = {}, []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            page = pages.get(self.path.partition("?")[0])
            self.send_response(200 if page is not None else 404)
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_words):
            pass

    with ThreadingHTTPServer((loopback.LOOPBACK, 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield visit.address_of(*server.server_address), pages, asked
        server.shutdown()
        thread.join()


def test_visits_the_home_page_and_its_search(site):
    address, pages, asked = site
    pages.update({"/": HOME, "/recherche/": "<p>3 biens</p>"})
    assert len(visit.visit(address)) == 2
    assert asked == ["/", "/recherche/?quoi=D%C3%A9neigeuse+%26+cie&ou="]


def test_a_search_that_fails_is_a_failure(site):
    address, pages, _ = site
    pages["/"] = HOME
    with pytest.raises(visit.VisitError, match=r"recherche.*ne répond pas comme il faut"):
        visit.visit(address)


def test_a_home_page_without_search_is_a_failure(site):
    address, pages, _ = site
    pages["/"] = "<p>Bonjour</p>"
    with pytest.raises(visit.VisitError, match="n’offre pas de recherche"):
        visit.visit(address)


def test_any_answer_shows_that_the_server_is_there(site):
    address, _, _ = site
    assert visit.answers(address)
    assert not visit.answers(visit.address_of(loopback.LOOPBACK, loopback.free_port()))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::1", "http://[::1]:8000/"),
    ],
)
def test_a_server_is_visited_where_it_can_be_reached(host, address):
    assert visit.address_of(host, 8000) == address
