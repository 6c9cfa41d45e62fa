# SPDX-License-Identifier: EUPL-1.2
"""The page of an asset: may I, when, on which terms; what a stranger never learns."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.support.htmx import apply, assert_same, parse
from tests.support.pages import read, words
from tests.support.world import (
    NOW,
    Audience,
    Mode,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_category,
    make_person,
    make_site,
    share,
    use,
)
from usufruit.bookings.actions import request_booking
from usufruit.bookings.words import one_use_said, opening_said, sharing_said
from usufruit.inventory.models import Asset, AttributeDefinition
from usufruit.timetable.actions import add_exception, block_time
from usufruit.timetable.models import Hold
from usufruit.timetable.rules import DatedException

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
# NOW is Tuesday 1 December 2026, 10 h in Toronto.
WEDNESDAY = "le=2026-12-02&debut=18:00&duree=120"


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("usufruit.bookings.views.now", lambda: NOW)


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai", contact="Guichet, 819\u00a0555-0100")


@pytest.fixture
def hall(lender):
    asset = make_asset(
        lender,
        name="Salle des Pins",
        opening="lu-ve 8:00-22:00",
        site=make_site(lender, name="Centre des Pins", address="1, rue des Pins"),
    )
    share(asset)
    return asset


@pytest.fixture
def borrower():
    return make_body("Ville voisine")


@pytest.fixture
def member(client, borrower):
    person = make_person(borrower, Role.REQUESTER)
    client.force_login(person)
    return person


def show(client, asset, query="", status=200):
    return read(client.get(f"/biens/{asset.pk}/?{query}"), status=status)


def book(asset, body, span, purpose="Cours de tango"):
    return request_booking(
        asset=asset,
        lanes=all_lanes(asset),
        use=span,
        organization=body,
        purpose=purpose,
        people_count=None,
        key=uuid4(),
        by=make_person(body, Role.REQUESTER),
        now=NOW,
    )


def test_a_visitor_learns_whether_when_and_from_whom(client, hall):
    page = show(client, hall)
    assert page.select_one("h1").text == "Salle des Pins"
    text = words(page)
    for said in ("Ville de Saint-Essai", "Centre des Pins", "1, rue des Pins", "819\u00a0555-0100"):
        assert said in text
    assert "Tous les organismes publics" in text
    assert "Pendant les heures d’ouverture" in text
    assert "Du lundi au vendredi, de 8\u00a0h à 22\u00a0h" in text
    assert page.select_one("#reserver [role=status] a") is None
    offered = read(client.get(f"/biens/{hall.pk}/?{WEDNESDAY}"))
    assert "Offert à ce moment" in offered.select_one("#reponse").text
    assert "la réservation décide" in offered.select_one("#reponse").text


def test_a_member_is_shown_the_next_free_times(client, member, hall):
    suggested = show(client, hall).select_one("#reserver [role=status] a")
    assert suggested.text == "mercredi 2\u00a0décembre, de 9\u00a0h à 11\u00a0h"


@pytest.mark.parametrize("hours", [(8, 0.5), (9.5, 2), (8, 4)])
def test_the_public_cannot_tell_a_short_booking_from_a_long_one(
    client, lender, hall, monkeypatch, hours
):
    ahead, length = hours  # on Wednesday evening, of a hall open until 22 h
    block_time(
        asset=hall,
        lanes=all_lanes(hall),
        use=use(24 + ahead, length),
        reason=Hold.Reason.OWN_USE,
        note="Chorale",
        by=make_person(lender, Role.ASSET_MANAGER),
        now=NOW - timedelta(days=2),
    )
    week = show(client, hall).select_one("#semaine")
    taken = [one.text for one in week.select(".agenda__item--busy")]
    assert len(taken) == 1
    assert "18\u00a0h" in taken[0]
    assert "22\u00a0h" in taken[0]
    assert "Chorale" not in week.text
    for slot in ("18:00&duree=30", "21:30&duree=30", "19:45&duree=15"):
        answer = show(client, hall, f"le=2026-12-02&debut={slot}").select_one("#reponse").text
        assert "Mercredi 2\u00a0décembre, soir\u00a0: pris, en tout ou en partie." in answer
        assert "Ce qui serait possible" not in answer
    free = show(client, hall, "le=2026-12-02&debut=17:00&duree=60").select_one("#reponse").text
    assert "Offert à ce moment" in free


def test_a_visitor_signs_in_and_keeps_the_slot(client, hall, borrower):
    link = show(client, hall, WEDNESDAY).select_one("#reserver a.button--primary")
    assert link.text == "Se connecter pour réserver"
    person = make_person(borrower, Role.REQUESTER)
    person.set_password("une-longue-phrase-de-test")
    person.save()
    form = read(client.get(link["href"])).select_one("main form")
    sent = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    sent |= {"login": person.email, "password": "une-longue-phrase-de-test"}
    answer = client.post(form.get("action") or link["href"], sent, follow=True)
    page = read(answer)
    assert "Mercredi 2\u00a0décembre 2026, de 18\u00a0h à 20\u00a0h" in words(page)


def test_a_member_books_at_once_or_asks(client, member, lender, hall):
    page = show(client, hall, WEDNESDAY)
    assert "Oui, c’est libre" in page.select_one("#reponse").text
    primary = page.select_one("main .button--primary")
    assert primary["href"].startswith(f"/biens/{hall.pk}/reserver/?le=2026-12-02")
    gym = make_asset(lender)
    share(gym, mode=Mode.APPROVAL)
    page = show(client, gym, WEDNESDAY)
    assert "Oui, sur demande" in page.select_one("#reponse").text
    assert page.select_one("main .button--primary").text == "Demander cette plage"


@pytest.mark.parametrize(
    ("query", "said", "rule"),
    [
        ("le=2026-12-05&debut=18:00&duree=120", "fermé", "samedi 5\u00a0décembre\u00a0: fermé."),
        ("le=2026-12-02&debut=21:00&duree=120", "fermé", "mercredi 2\u00a0décembre\u00a0: de 8"),
        ("le=2026-12-02&debut=10:00&duree=120", "déjà prise", "Une plage, un seul usage"),
    ],
)
def test_a_no_carries_its_rule_and_the_nearest_yes(client, member, hall, query, said, rule):
    book(hall, make_body(), use(24, 2))  # Wednesday 10 h to 12 h
    page = show(client, hall, query)
    answer = page.select_one("#reponse").text
    assert said in answer
    assert rule in answer
    nearest = page.select(".nearest a")
    assert nearest
    again = read(client.get(nearest[0]["href"]))
    assert "Oui, c’est libre" in again.select_one("#reponse").text
    similar = page.select_one("#reserver a[href^='/biens/?']")
    assert similar.text == "Voir ce qui est libre à ce moment"


def test_no_rule_speaks_to_this_body(client, hall):
    club = make_body("Club d’échecs", "association")
    client.force_login(make_person(club, Role.REQUESTER))
    page = show(client, hall, WEDNESDAY)
    assert "pas le réserver" in page.select_one("#reponse").text
    assert "Aucune heure de cette semaine n’est partagée avec vous." in page.text
    assert "Réservé à d’autres" in page.select_one("#semaine").text


def test_a_no_says_what_the_rule_says(client, lender):
    hall = make_asset(lender)
    share(hall, Audience.RECOGNIZED, windows="ma 18:00-22:00")
    friends = make_body("Amis du livre", "association", is_recognized=True)
    for body in (friends, make_body("Club d’échecs", "association")):
        client.force_login(make_person(body, Role.REQUESTER))
        answer = show(client, hall, WEDNESDAY).select_one("#reponse").text
        said = "Organismes reconnus, le mardi, de 18\u00a0h à 22\u00a0h, réservation immédiate."
        assert said in answer


def test_what_the_rule_says_when_there_is_none_and_on_days_of_exception(lender, hall):
    assert "Aucune règle" in sharing_said(make_asset(lender), make_body())
    assert "n’a pas d’heures" in opening_said(make_asset(lender, opening=None), use(24))
    on = date(2026, 12, 2)
    closed = DatedException(on, on, reason="grand ménage")
    add_exception(calendar=hall.opening.calendar, exception=closed)
    assert opening_said(hall, use(24)).endswith(
        "mercredi 2\u00a0décembre\u00a0: fermé (grand ménage)."
    )


def test_an_evening_that_passes_midnight_is_closed_by_its_own_hours(lender):
    club = make_asset(lender, opening="sa 18:00-2:00")  # 2026-12-05 is a Saturday
    for late in (use(24 * 4 + 12, 5), use(24 * 4 + 14, 3)):  # from 22 h and from midnight to 3 h
        assert "samedi 5\u00a0décembre\u00a0: de 18\u00a0h à 2\u00a0h" in opening_said(club, late)


def test_what_is_kept_around_a_use_is_told(lender):
    asset = make_asset(lender, buffer_before_min=30, buffer_after_min=15)
    kept = "30\u00a0min avant et 15\u00a0min après."
    assert one_use_said(asset).endswith(kept)


def test_a_role_that_books_nothing_is_told_so(client, hall, borrower):
    client.force_login(make_person(borrower, Role.ANALYST))
    page = show(client, hall, WEDNESDAY)
    assert "Demandez le rôle de demandeur" in page.select_one("#reponse").text


def test_the_week_never_says_who_to_strangers(client, member, lender, borrower, hall):
    book(hall, make_body("Club secret"), use(24, 2), "Réunion secrète")
    mine = book(hall, borrower, use(27, 2), "Notre réunion")
    page = show(client, hall)
    week = page.select_one("#semaine")
    assert "Pris" in week.text
    assert "secr" not in page.text
    assert "À vous" in week.text
    assert week.select(f"a[href='/reservations/{mine.booking.reference}/']")
    client.force_login(make_person(lender, Role.MEMBER))
    assert "Club secret" in show(client, hall).select_one("#semaine").text


def test_buffers_requests_and_repairs_are_told_apart(client, member, lender, borrower):
    asset = make_asset(
        lender, buffer_before_min=15, buffer_after_min=45, opening="lu-sa 8:00-22:00"
    )
    share(asset, mode=Mode.APPROVAL)
    book(asset, borrower, use(24, 2))
    by = make_person(lender, Role.ASSET_MANAGER)
    for hours, reason in ((30, Hold.Reason.DOWNTIME), (50, Hold.Reason.OWN_USE)):
        block_time(
            asset=asset,
            lanes=all_lanes(asset),
            use=use(hours),
            reason=reason,
            note="Panne secrète",
            by=by,
            now=NOW,
        )
    page = show(client, asset)
    text = page.select_one("#semaine").text
    for said in ("Votre demande", "Hors service", "Pris", "Battement", "Fermé", "Libre"):
        assert said in text
    assert "secrète" not in page.text
    assert "15\u00a0min avant et 45\u00a0min après chaque usage" in words(page)


def test_on_a_phone_too_one_reads_the_hours_one_booked(client, member, lender, borrower):
    asset = make_asset(
        lender, buffer_before_min=30, buffer_after_min=15, opening="lu-sa 8:00-22:00"
    )
    share(asset)
    book(asset, borrower, use(26))  # Wednesday 12 h to 14 h
    mine = show(client, asset).select_one(".agenda__item--mine")
    assert mine.text == (
        "de 12\u00a0h à 14\u00a0h À vous · Cours de tango · battement avant et après"
    )
    assert not mine.parent.select(".agenda__item--buffer")
    assert "de 14\u00a0h\u00a045 à 22\u00a0h" in mine.parent.text


def test_weeks_before_and_after_and_days_absurd(client, member, hall):
    page = show(client, hall)
    assert page.select_one("#semaine h2").text == "Semaine du mardi 1er\u00a0décembre"
    before, after = (link["href"] for link in page.select("#semaine nav a"))
    assert "semaine=2026-12-08" in after
    assert "Cette semaine est passée" in read(client.get(before)).text
    assert "mardi 8\u00a0décembre" in read(client.get(after)).select_one("#semaine h2").text
    for absurd in ("9999-12-31", "0001-01-01", "demain", "2026-13-45"):
        show(client, hall, f"semaine={absurd}")
    chosen = show(client, hall, "le=2026-12-17&debut=18:00&duree=60")
    assert "lundi 14\u00a0décembre" in chosen.select_one("#semaine h2").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("le=pas-une-date", "Cette date n’existe pas"),
        ("le=2020-01-01", "Cette date est passée"),
        ("le=2026-12-02&debut=99:00", "Cette heure n’existe pas"),
        ("le=2026-12-02&duree=1000000000", "La durée va de"),
        ("le=2026-12-02&duree=NaN", "La durée va de"),
        ("le=9999-12-31&debut=23:59&duree=132480", "dans les deux ans"),
    ],
)
def test_a_wrong_slot_is_said_at_its_field(client, hall, query, said):
    assert said in show(client, hall, query).select_one("#reserver .field__error").text


def test_the_missing_and_the_doubled_hour(client, lender, member, monkeypatch):
    monkeypatch.setattr("usufruit.bookings.views.now", lambda: NOW)
    asset = make_asset(lender)
    share(asset)
    page = show(client, asset, "le=2027-03-14&debut=02:30&duree=30")
    assert "on avance l’heure" in page.select_one("#reserver .field__error").text
    page = show(client, asset, "le=2027-03-14&debut=02:30&duree=60")
    assert "de 3\u00a0h à 3\u00a0h\u00a030" in page.select_one("#reponse").text
    page = show(client, asset, "le=2027-11-07&debut=01:30&duree=60")
    assert "de 1\u00a0h\u00a030 à 2\u00a0h\u00a030" in page.select_one("#reponse").text


def test_parts_are_chosen_and_never_confused(client, member, lender, borrower):
    asset = make_asset(
        lender,
        structure=Asset.Structure.PARTS,
        lane_count=2,
        parts=[("Moitié A", (0, 1), 20), ("Moitié B", (1, 2), 20)],
    )
    share(asset)
    half, other = asset.parts.order_by("rank")
    request_booking(
        asset=asset,
        lanes=half.lanes,
        use=use(32),
        organization=borrower,
        purpose="Yoga",
        people_count=None,
        key=uuid4(),
        by=member,
        now=NOW,
    )
    assert "déjà prise" in show(client, asset, WEDNESDAY).select_one("#reponse").text
    page = show(client, asset, f"{WEDNESDAY}&partie={other.pk}")
    assert "Moitié B" in page.select_one("#reponse").text
    assert f"partie={other.pk}" in page.select_one("main .button--primary")["href"]
    assert f"partie={other.pk}" in page.select_one("#semaine nav a")["href"]
    assert "Cette partie n’existe pas" in show(client, asset, f"{WEDNESDAY}&partie=999999").text
    assert "Moitié A, Moitié B" not in show(client, asset, "partie=abc").select_one("h1").text
    assert "Moitié A" in show(client, asset, f"partie={half.pk}").select_one("#semaine h2").text


def test_characteristics_rules_and_exceptions_in_words(client, member, lender):
    parent = make_category("vehicules", kind="vehicle", name="Véhicules", icon="truck")
    plough = make_category("charrue", kind="vehicle", name="Charrue", icon="truck", parent=parent)
    types = AttributeDefinition.ValueType
    for code, name, unit, kind, of in (
        ("lame", "Largeur de lame", "m", types.NUMBER, plough),
        ("places", "Places assises", "", types.NUMBER, parent),
        ("permis", "Permis", "", types.TEXT, parent),
        ("acces", "Accessible", "", types.YES_NO, parent),
    ):
        AttributeDefinition.objects.create(
            category=of, code=code, name=name, unit=unit, value_type=kind
        )
    asset = make_asset(
        lender,
        category=plough,
        attributes={"lame": 3.4, "places": 1200, "permis": "Classe 3", "acces": False, "autre": 1},
        opening="lu-ve 8:00-22:00",
        conditions="Rendre le plein fait.",
    )
    share(asset, windows="ma 18:00-22:00", mode=Mode.APPROVAL)
    share(asset, Audience.RECOGNIZED)
    days = DatedException(date(2026, 12, 24), date(2026, 12, 26), reason="Temps des Fêtes")
    add_exception(calendar=asset.opening.calendar, exception=days)
    text = words(show(client, asset))
    for said in (
        "3,4\u00a0m",
        "1\u00a0200",
        "Classe 3",
        "Non",
        "Rendre le plein fait.",
        "Le mardi, de 18\u00a0h à 22\u00a0h",
        "Vous en êtes",
        "Du jeudi 24\u00a0décembre au samedi 26\u00a0décembre\u00a0: fermé (Temps des Fêtes)",
    ):
        assert said in text, said


def test_a_manager_gets_the_ways_to_manage(client, lender, hall):
    client.force_login(make_person(lender, Role.ASSET_MANAGER))
    links = [link["href"] for link in show(client, hall).select("main .menu__panel a")]
    assert links == [
        f"/mes-biens/{hall.pk}/",
        f"/mes-biens/{hall.pk}/horaires/",
        f"/mes-biens/{hall.pk}/partage/",
        f"/mes-biens/{hall.pk}/bloquer/",
    ]


def test_managers_links_are_for_managers_only(client, member, hall):
    assert not show(client, hall).select("main .menu__panel")


def test_evidence_of_use_has_a_plain_link(client, member, hall):
    block = show(client, hall).select_one("#usage")
    assert block["hx-get"] == block.select_one("a")["href"] == f"/audits/biens/{hall.pk}/usage/"


def test_a_draft_is_its_own_bodys_alone(client, member, lender):
    draft = make_asset(lender, state=Asset.State.DRAFT)
    assert client.get(f"/biens/{draft.pk}/").status_code == 404
    client.force_login(make_person(lender, Role.MEMBER))
    assert "Brouillon" in show(client, draft).text


def test_a_withdrawn_asset_keeps_its_address(client, lender):
    gone = make_asset(lender, state=Asset.State.WITHDRAWN, category=make_category("salle"))
    page = show(client, gone, WEDNESDAY)
    assert "Ce bien n’est plus offert" in page.text
    assert not page.select("#semaine, #regles-titre")
    assert page.select_one("main .button--primary")["href"].startswith("/biens/?quoi=")


def test_unknown_assets_are_not_found(client):
    assert client.get("/biens/999999999/").status_code == 404
    assert client.get("/biens/99999999999999999999999/").status_code == 404


@pytest.mark.parametrize(
    ("first", "then", "source"),
    [
        ("", WEDNESDAY, "#reserver form"),
        (WEDNESDAY, "le=2026-12-05&debut=18:00&duree=120", "#reserver form"),
        ("", "semaine=2026-12-08", "#semaine"),
    ],
)
def test_htmx_brings_the_page_that_a_reload_would(client, member, hall, first, then, source):
    before = parse(client.get(f"/biens/{hall.pk}/?{first}"))
    answer = client.get(f"/biens/{hall.pk}/?{then}", headers=HTMX)
    assert "HX-Request" in answer.headers["Vary"]
    fresh = parse(client.get(f"/biens/{hall.pk}/?{then}"))
    assert_same(apply(before, answer, source=source), fresh, within="main")
