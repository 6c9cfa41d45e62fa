# SPDX-License-Identifier: EUPL-1.2
"""A body's bookings, the owner's inbox, and what awaits on the home page."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.htmx import apply, assert_same, parse
from tests.support.pages import read, words
from tests.support.sql_snapshot import recorded
from tests.support.world import (
    NOW,
    Mode,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    share,
    use,
)
from usufruit.bookings.actions import cancel_line, request_booking
from usufruit.bookings.models import BookingLine, LineState
from usufruit.inventory.models import Asset
from usufruit.organizations.actions import grant_role

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    for reader in ("bookings.views", "config.shell"):
        monkeypatch.setattr(f"usufruit.{reader}.now", lambda: NOW)


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def clerk(lender):
    return make_person(lender, Role.DESK_CLERK)


@pytest.fixture
def gym(lender):
    asset = make_asset(lender, name="Gymnase des Saules")
    share(asset, mode=Mode.APPROVAL)
    return asset


@pytest.fixture
def hall(lender):
    asset = make_asset(lender, name="Salle des Pins")
    share(asset)
    return asset


@pytest.fixture
def borrower():
    return make_body("Club voisin")


@pytest.fixture
def member(borrower):
    return make_person(borrower, Role.REQUESTER, name="Entraîneuse")


def book(asset, body, by, span=None, *, lanes=None, people=None, now=NOW, purpose="Tournoi"):
    return request_booking(
        asset=asset,
        lanes=lanes or all_lanes(asset),
        use=span or use(32),
        organization=body,
        purpose=purpose,
        people_count=people,
        key=uuid4(),
        by=by,
        now=now,
    )


def inbox(client, clerk):
    client.force_login(clerk)
    return read(client.get("/demandes/"))


# A body's own bookings


def test_waiting_coming_and_past_are_apart(client, member, borrower, hall, gym):
    earlier = NOW - timedelta(days=30)
    book(gym, borrower, member, use(40))
    book(hall, borrower, member, use(24))
    book(hall, borrower, member, use(-48), now=earlier)
    book(gym, borrower, member, use(-24), now=earlier)
    cancelled = book(hall, borrower, member, use(72))
    cancel_line(line=cancelled, by=member, now=NOW)
    client.force_login(member)
    page = read(client.get("/reservations/"))
    for section, states in (
        ("#en-attente", ["En attente"]),
        ("#a-venir", ["Confirmée"]),
        ("#passees", ["Annulée", "Restée sans réponse", "Terminée"]),
    ):
        assert [one.text for one in page.select(f"{section} .badge")] == states


def test_no_booking_leads_to_the_search(client, member):
    client.force_login(member)
    page = read(client.get("/reservations/"))
    assert "Aucune réservation pour le moment" in page.text
    assert page.select_one(".empty-state a")["href"] == "/biens/"


def test_a_person_without_a_body_is_told_so(client):
    client.force_login(make_person(make_body()))
    for address in ("/reservations/", "/demandes/"):
        assert "organisme" in read(client.get(address)).select_one(".empty-state").text


@pytest.mark.parametrize("of", ["borrower", "lender"])
def test_an_analyst_reads_neither_who_nor_what_for(client, request, of, member, borrower, hall):
    line = book(hall, borrower, member, use(24), purpose="Soirée privée")
    analyst = make_person(request.getfixturevalue(of), Role.ANALYST)
    client.force_login(analyst)
    listed = read(client.get("/reservations/"))
    assert "Votre rôle d’analyste" in listed.main.text
    week = read(client.get(f"/biens/{hall.pk}/?semaine={use(24).start:%Y-%m-%d}"))
    assert "Pris" in week.main.text
    for page in (listed, week):
        assert "Soirée privée" not in page.main.text
    reference = line.booking.reference
    home = parse(client.get("/accueil/ce-qui-vous-attend/", headers=HTMX))
    assert hall.name not in home.text
    assert reference not in str(home)
    assert "Aucune réservation" not in home.text
    for address in (f"/reservations/{reference}/", f"/reservations/{reference}.ics"):
        assert client.get(address).status_code == 404
    grant_role(person=analyst, organization=borrower, role=Role.MEMBER, by=None, now=NOW)
    assert client.get(f"/reservations/{reference}/").status_code == 200


def test_visitors_sign_in(client):
    for address in ("/reservations/", "/demandes/", "/reservations/AAA-AAA/"):
        assert client.get(address).url == f"/compte/connexion/?next={address}"


def test_past_bookings_come_by_twenty(client, member, borrower, hall):
    for day in range(1, 23):
        book(hall, borrower, member, use(-24 * day), now=NOW - timedelta(days=60))
    client.force_login(member)
    page = read(client.get("/reservations/"))
    assert len(page.select("#passees > ul > li")) == 20
    assert "Passées" in page.text
    second = read(client.get("/reservations/?page=2"))
    assert len(second.select("#passees > ul > li")) == 2
    for absurd in ("0", "-1", "abc", "999"):
        read(client.get(f"/reservations/?page={absurd}"))


def test_the_queries_of_bookings_do_not_grow(client, member, borrower, hall, gym, snapshot):
    client.force_login(member)
    for at in range(30):  # a full page of them, since its length is written in the query
        book(hall, borrower, member, use(-600 + 3 * at), now=NOW - timedelta(days=60))
    shapes = []
    for first, count in ((0, 2), (2, 23)):
        for at in range(first, first + count):
            book(gym, borrower, member, use(24 + 3 * at))
            book(hall, borrower, member, use(24 + 3 * at))
        with recorded() as queries:
            page = client.get("/reservations/")
        shapes.append(queries.shapes())
    assert len(parse(page).select(".line")) == 25 + 25 + 20
    assert shapes[0] == shapes[1]
    assert str(queries) == snapshot


# The owner's inbox


def test_a_row_says_everything(client, clerk, member, borrower, gym):
    book(gym, borrower, member, people=30, now=NOW - timedelta(days=2))
    row = inbox(client, clerk).select_one(".request")
    for said in (
        "Club voisin",
        "Tournoi",
        "Gymnase des Saules",
        "30 personnes",
        "Entraîneuse",
        "Mercredi 2\u00a0décembre, de 18\u00a0h à 20\u00a0h",
        "il y a 2\u00a0jours",
    ):
        assert said in row.text, said


def test_rivals_are_counted_by_lanes(client, clerk, member, borrower, lender):
    halves = make_asset(
        lender,
        structure=Asset.Structure.PARTS,
        lane_count=2,
        parts=[("Moitié A", (0, 1), None), ("Moitié B", (1, 2), None)],
    )
    share(halves, mode=Mode.APPROVAL)
    one, two = (part.lanes for part in halves.parts.order_by("rank"))
    for taken in (one, one, two, None):
        book(halves, borrower, member, lanes=taken)
    page = inbox(client, clerk)
    said = sorted(badge.text for badge in page.select(".request .badge"))
    assert said == [
        "1 autre demande en concurrence",
        "2 autres demandes en concurrence",
        "2 autres demandes en concurrence",
        "3 autres demandes en concurrence",
    ]


def test_rivals_are_named_beside_each_other(client, clerk, member, borrower, gym):
    other = make_body("Club de patin")
    skaters = make_person(other, Role.REQUESTER)
    first = book(gym, borrower, member, now=NOW - timedelta(days=3))
    second = book(gym, other, skaters, use(33), now=NOW - timedelta(hours=2))
    page = inbox(client, clerk)
    rival = page.select_one(f"#demande-{first.booking.reference} .rival")
    assert rival.a["href"] == f"#demande-{second.booking.reference}"
    for said in ("Club de patin", "Tournoi", "il y a 2\u00a0heures, après celle-ci"):
        assert said in rival.text, said
    rival = page.select_one(f"#demande-{second.booking.reference} .rival")
    assert "il y a 3\u00a0jours, avant celle-ci" in rival.text


def test_of_many_rivals_three_are_named(client, clerk, member, borrower, gym):
    for _each in range(5):
        book(gym, borrower, member)
    request = inbox(client, clerk).select_one(".request")
    assert len(request.select(".rival")) == 3
    assert "et 1 autre demande" in request.text


def test_a_list_that_is_cut_says_so(client, clerk, member, borrower, gym, monkeypatch):
    monkeypatch.setattr("usufruit.bookings.views.MOST_SHOWN", 1)
    for ahead in (24, 48):
        book(gym, borrower, member, use(ahead))
    page = inbox(client, clerk)
    assert len(page.select(".request")) == 1
    assert "Seules les 1 demandes" in page.text
    client.force_login(member)
    assert "plus proches sont montrées" in read(client.get("/reservations/")).text


def test_no_link_leads_to_a_rival_that_is_not_shown(
    client, clerk, member, borrower, gym, monkeypatch
):
    monkeypatch.setattr("usufruit.bookings.views.MOST_SHOWN", 2)
    for _each in range(3):
        book(gym, borrower, member)
    page = inbox(client, clerk)
    links = page.select(".rival a")
    assert len(links) == 2
    assert all(page.select(link["href"]) for link in links)
    assert "et 1 autre demande" in page.select_one(".request").text


def test_accepting_is_one_act_and_rivals_lose(client, clerk, member, borrower, gym):
    line = book(gym, borrower, member)
    rival = book(gym, borrower, member, use(33))
    page = inbox(client, clerk)
    form = page.select_one(f"#demande-{line.booking.reference} form")
    answer = read(client.post(form["action"], follow=True))
    assert (
        "Demande acceptée\u00a0: «\u00a0Club voisin\u00a0» en est averti dans dix minutes."
        in words(answer)
    )
    assert "Rien à décider aujourd’hui." in answer.text
    assert [one.text for one in answer.select(".decision .badge")] == ["Refusée", "Confirmée"]
    rival.refresh_from_db()
    assert rival.state == LineState.REFUSED
    assert "a déjà une réponse" in read(client.post(form["action"]), status=409).text


def test_a_request_whose_time_is_gone_is_marked(client, clerk, lender, member, borrower, gym):
    line = book(gym, borrower, member)
    book(gym, lender, make_person(lender, Role.REQUESTER))
    page = inbox(client, clerk)
    assert "Plage déjà prise\u00a0: à refuser" in page.select_one(".request").text
    answer = client.post(f"/demandes/{line.booking.reference}/accepter/")
    assert "vient d’être prise" in read(answer, status=409).text


def test_a_request_whose_hour_has_passed_waits_no_more(client, clerk, member, borrower, gym):
    line = book(gym, borrower, member, use(-1, 3), now=NOW - timedelta(days=2))
    coming = book(gym, borrower, member, use(24))
    page = inbox(client, clerk)
    assert [one["data-reference"] for one in page.select(".request")] == [coming.booking.reference]
    assert [one.text for one in page.select(".unanswered .badge")] == ["Restée sans réponse"]
    assert page.select_one("a[href='/demandes/'] .count").text.strip() == "1"
    fragment = parse(client.get("/accueil/ce-qui-vous-attend/", headers=HTMX))
    assert "1 demande à décider" in fragment.text
    address = f"/reservations/{line.booking.reference}/"
    assert not read(client.get(address)).select("form[action$='/accepter/']")
    client.force_login(member)
    said = words(read(client.get(address)))
    assert "Cette demande est restée sans réponse" in said
    assert "«\u00a0Ville de Saint-Essai\u00a0» n’a pas répondu à temps" in said


def test_a_rival_whose_hour_has_passed_is_no_rival(client, clerk, member, borrower, gym):
    late = book(gym, borrower, member, use(-1, 48), now=NOW - timedelta(days=2))
    line = book(gym, borrower, member, use(24))
    assert not inbox(client, clerk).select(".request .badge")
    read(client.post(f"/demandes/{line.booking.reference}/accepter/", follow=True))
    late.refresh_from_db()
    assert late.state == LineState.REQUESTED


def test_all_decisions_can_be_read_twenty_at_a_time(client, clerk, member, borrower, hall):
    for ahead in range(22):
        book(hall, borrower, member, use(24 + 3 * ahead))
    assert len(inbox(client, clerk).select(".decision")) == 20
    assert len(read(client.get("/demandes/?page=2")).select(".decision")) == 2


def test_what_passed_unanswered_says_when_it_is_cut(client, clerk, member, borrower, gym):
    for hours in range(11):
        book(gym, borrower, member, use(-30 + 2 * hours), now=NOW - timedelta(days=2))
    page = inbox(client, clerk)
    assert len(page.select(".unanswered")) == 10
    assert "Au plus les 10 dernières sont montrées." in page.text


def test_refusing_asks_a_reason(client, clerk, member, borrower, gym):
    line = book(gym, borrower, member)
    page = inbox(client, clerk)
    address = page.select_one(".request a[hx-get]")["href"]
    refuse = read(client.get(address))
    assert len(refuse.select("input[name=reason]")) == 5
    empty = read(client.post(address, {}))
    assert "Choisissez une raison" in empty.select_one(".error-summary").text
    other = read(client.post(address, {"reason": "other", "explanation": "  "}))
    assert "Dites la raison" in other.select_one(".error-summary").text
    read(client.post(address, {"reason": "autre-chose"}))
    sent = {"reason": "missing_paper", "explanation": "L’attestation manque."}
    answer = read(client.post(address, sent, follow=True))
    assert "Demande refusée" in words(answer)
    line.refresh_from_db()
    assert (line.refusal_code, line.refusal_reason) == ("missing_paper", "L’attestation manque.")


def test_htmx_opens_the_same_form_in_the_row(client, clerk, member, borrower, gym):
    line = book(gym, borrower, member)
    page = inbox(client, clerk)
    link = page.select_one(".request a[hx-get]")
    link["id"] = "refuser"
    answer = client.get(link["hx-get"], headers=HTMX)
    assert "HX-Request" in answer.headers["Vary"]
    opened = apply(page, answer, source="#refuser")
    fresh = parse(client.get(link["href"]))
    inside = f"form[action='/demandes/{line.booking.reference}/refuser/']"
    assert_same(opened, fresh, within=inside)


def test_only_deciders_decide(client, lender, member, borrower, gym):
    line = book(gym, borrower, member)
    colleague = make_person(lender, Role.ANALYST)
    stranger = make_person(make_body(), Role.BODY_ADMIN)
    for person in (member, colleague, stranger):
        client.force_login(person)
        for end in ("accepter", "refuser"):
            answer = client.post(f"/demandes/{line.booking.reference}/{end}/", {"reason": "other"})
            assert answer.status_code == 404
    client.force_login(colleague)
    assert "Votre rôle ne décide pas des demandes" in read(client.get("/demandes/")).text
    assert BookingLine.objects.get().state == LineState.REQUESTED
    assert client.get(f"/demandes/{line.booking.reference}/accepter/").status_code == 405


def test_the_queries_of_the_inbox_do_not_grow(client, clerk, member, borrower, gym, snapshot):
    client.force_login(clerk)
    shapes = []
    for first, count in ((0, 2), (2, 23)):
        for at in range(first, first + count):
            book(gym, borrower, member, use(24 + at))
        with recorded() as queries:
            page = client.get("/demandes/")
        shapes.append(queries.shapes())
    assert len(parse(page).select(".request")) == 25
    assert shapes[0] == shapes[1]
    assert str(queries) == snapshot


# What awaits, on the home page


def test_home_shows_what_awaits(client, clerk, member, borrower, gym, hall):
    for at in range(5):
        book(hall, borrower, member, use(24 + 3 * at))
    book(gym, borrower, member)
    client.force_login(member)
    fragment = parse(client.get("/accueil/ce-qui-vous-attend/", headers=HTMX))
    assert len(fragment.select(".card")) == 3
    assert "1 demande attend une réponse" in fragment.text
    assert "à décider" not in fragment.text
    client.force_login(clerk)
    fragment = parse(client.get("/accueil/ce-qui-vous-attend/", headers=HTMX))
    assert "1 demande à décider" in fragment.text
    assert "Aucune réservation à venir." in fragment.text
    assert client.get("/accueil/ce-qui-vous-attend/").url == "/reservations/"
