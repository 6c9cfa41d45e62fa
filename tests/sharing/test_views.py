# SPDX-License-Identifier: EUPL-1.2
"""The list of a body's assets, their publication and the rules of sharing, without a script."""

import csv
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.owner import assert_only_managers, make_owned
from tests.support.pages import read, words
from tests.support.sql_snapshot import recorded
from tests.support.world import (
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
)
from usufruit.bookings.actions import request_booking
from usufruit.inventory.models import Asset
from usufruit.kernel.clock import now
from usufruit.kernel.local_time import local_wall, minute_instant
from usufruit.kernel.spans import Span
from usufruit.sharing.models import SharingRule
from usufruit.timetable.actions import block_time
from usufruit.timetable.models import Calendar, Hold

pytestmark = pytest.mark.django_db
ZONE = "America/Toronto"


@pytest.fixture
def owned(client):
    return make_owned(client)


def at(owned, path=""):
    return f"/mes-biens/{owned.asset.pk}/{path}"


def in_days(days, start=9, end=10):

    on = local_wall(now(), ZONE).date() + timedelta(days=days)
    return Span(
        minute_instant(on, start * 60, ZONE, "start"), minute_instant(on, end * 60, ZONE, "end")
    )


def book(asset, span):
    """Book as the asset's own people do: at once, at any hour."""
    return request_booking(
        asset=asset,
        lanes=all_lanes(asset),
        use=span,
        organization=asset.manager,
        purpose="Réunion",
        people_count=None,
        key=uuid4(),
        by=make_person(asset.manager, Role.REQUESTER),
        now=now(),
    )


def names(page):
    return [link.text for link in page.select("main tbody th a")]


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/mes-biens/"),
        ("get", "/mes-biens/liste.csv"),
        ("get", "/mes-biens/{pk}/etat/"),
        ("post", "/mes-biens/{pk}/etat/"),
        ("get", "/mes-biens/{pk}/partage/"),
        ("post", "/mes-biens/{pk}/partage/"),
        ("post", "/mes-biens/{pk}/partage/1/fermer/"),
    ],
)
def test_only_managers(owned, method, address):
    assert_only_managers(owned, address.format(pk=owned.asset.pk), method=method)


# The list


def test_a_body_without_assets_is_given_the_one_next_act(client):
    client.force_login(make_person(make_body(), Role.ASSET_MANAGER))
    page = read(client.get("/mes-biens/"))
    assert page.select_one("main .empty-state a")["href"] == "/mes-biens/ajouter/"
    assert not page.select("main form[role=search]")


def test_a_row_says_what_matters(owned):
    share(owned.asset, Audience.PUBLIC_BODIES, Mode.APPROVAL)
    share(owned.asset, Audience.RECOGNIZED, Mode.INSTANT)
    book(owned.asset, in_days(3))
    row = read(owned.client.get("/mes-biens/")).select_one("main tbody tr")
    said = " ".join(row.text.split())
    assert "Du lundi au vendredi, de 8 h à 22 h" in said
    assert "Organismes publics sur demande et organismes reconnus sans attendre" in said
    assert "libre maintenant" in said
    assert "1 réservation" in said
    assert "Publié" in said


def test_what_is_taken_now_says_so(owned):
    at_once = now()
    span = Span(at_once.replace(second=0, microsecond=0), in_days(2).end)
    block_time(
        asset=owned.asset,
        lanes=all_lanes(owned.asset),
        use=span,
        reason=Hold.Reason.DOWNTIME,
        note="",
        by=owned.manager,
        now=at_once,
    )
    assert "pris maintenant" in read(owned.client.get("/mes-biens/")).text


def test_list_holds_owned_and_managed_in_french_order(owned):
    mrc = make_body("MRC d’Essai")
    make_asset(mrc, manager=owned.body, name="Écureuse")
    make_asset(owned.body, manager=mrc, name="Épandeuse")
    make_asset(mrc, name="Chez la MRC seulement")
    page = read(owned.client.get("/mes-biens/"))
    assert names(page) == ["Écureuse", "Épandeuse", "Gymnase des Saules"]
    assert "géré par MRC d’Essai" in page.text
    assert len(page.select("main td.table__actions a")) == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ecole", ["École des Pins"]),
        ("q=X-7", ["École des Pins"]),
        ("q=100%25", []),
        ("nature=vehicle", ["Chasse-neige"]),
        ("etat=draft", ["Chasse-neige"]),
        ("lieu={site}", ["Chasse-neige"]),
        ("lieu=999999", ["Chasse-neige", "École des Pins", "Gymnase des Saules"]),
        ("q=%00", ["Chasse-neige", "École des Pins", "Gymnase des Saules"]),
        (
            "lieu=1000000000000000000000000",
            ["Chasse-neige", "École des Pins", "Gymnase des Saules"],
        ),
        ("nature=fusée&etat=x&page=99", ["Chasse-neige", "École des Pins", "Gymnase des Saules"]),
    ],
)
def test_filters(owned, query, found):
    make_asset(owned.body, name="École des Pins", external_id="X-7", site=owned.site)
    site = make_site(owned.body, name="Garage nord")
    truck = make_category("essai-camion", kind="vehicle")
    make_asset(owned.body, name="Chasse-neige", category=truck, site=site, state=Asset.State.DRAFT)
    page = read(owned.client.get(f"/mes-biens/?{query.format(site=site.pk)}"))
    assert names(page) == found


def test_filters_that_find_nothing_lead_back(owned):
    page = read(owned.client.get("/mes-biens/?q=zzz&etat=draft"))
    assert page.select_one(".fold .count").text == "2"
    assert page.select_one("main .empty-state a")["href"] == "/mes-biens/"
    assert page.select_one("main form[role=search] input[name=q]")["value"] == "zzz"
    long = read(owned.client.get("/mes-biens/?q=" + "x" * 4000))
    assert names(long) == ["Gymnase des Saules"]


def test_fifty_a_page(owned):
    for number in range(51):
        make_asset(owned.body, name=f"Bien {number:02d}", site=owned.site, opening=None)
    assert len(names(read(owned.client.get("/mes-biens/")))) == 50
    assert names(read(owned.client.get("/mes-biens/?page=2"))) == ["Bien 50", "Gymnase des Saules"]


def unlimited(shape):
    """Forget how many rows a query asks for or is given, which is how many there are."""
    one_list = re.sub(r"\((?:\(%s\), )*\(%s\)\)", "(…)", shape[1])
    return shape[0], re.sub(r" LIMIT \d+$", "", one_list)


@pytest.mark.parametrize("address", ["/mes-biens/", "/mes-biens/liste.csv"])
def test_queries_do_not_grow_with_the_rows(owned, address, snapshot):
    share(owned.asset, windows="ma 18:00-21:00")
    share(make_asset(owned.body, opening="lu 8:00-9:00"), windows="me 18:00-21:00")
    owned.client.get(address)
    with recorded() as few:
        owned.client.get(address)
    for _ in range(23):
        share(make_asset(owned.body, opening="lu 8:00-9:00"), windows="me 18:00-21:00")
    with recorded() as many:
        owned.client.get(address)
    assert [unlimited(shape) for shape in few.shapes()] == list(map(unlimited, many.shapes()))
    assert str(few) == snapshot


def test_export_opens_in_a_french_spreadsheet(owned):
    Asset.objects.filter(pk=owned.asset.pk).update(
        name='=HYPERLINK("http://ailleurs")', external_id="-1+1", capacity=300
    )
    response = owned.client.get("/mes-biens/liste.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="biens-')
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    head, row = csv.reader(io.StringIO(text[1:]), delimiter=";")
    line = dict(zip(head, row, strict=True))
    assert line["Nom"] == '\'=HYPERLINK("http://ailleurs")'
    assert line["Numéro"] == "'-1+1"
    assert line["Longitude"] == "-72,50000"
    assert line["Capacité"] == "300"
    assert line["Horaire"] == "du lundi au vendredi, de 8 h à 22 h"


def test_export_obeys_the_filters(owned):
    make_asset(owned.body, name="École", site=owned.site)
    text = owned.client.get("/mes-biens/liste.csv?q=ecole").content.decode()
    assert "École" in text
    assert "Gymnase" not in text


# Publication


def test_withdrawing_names_what_leans_on_the_asset(owned):
    book(owned.asset, in_days(3))
    book(owned.asset, in_days(5))
    page = read(owned.client.get(at(owned, "etat/")))
    assert "2 réservations à venir tiennent" in words(page)
    response = owned.client.post(at(owned, "etat/"), {"state": "withdrawn"})
    assert response.status_code == 302
    owned.asset.refresh_from_db()
    assert owned.asset.state == Asset.State.WITHDRAWN
    assert Hold.objects.count() == 2


def test_publishing_says_what_is_missing(owned):
    draft = make_asset(owned.body, opening=None, state=Asset.State.DRAFT)
    address = f"/mes-biens/{draft.pk}/etat/"
    text = words(read(owned.client.get(address)))
    assert "Il n’a pas d’heures d’ouverture" in text
    assert "Il n’est ouvert à personne d’autre" in text
    owned.client.post(address, {"state": "published"})
    draft.refresh_from_db()
    assert draft.state == Asset.State.PUBLISHED


@pytest.mark.parametrize("state", ["", "sold", "<script>"])
def test_unknown_state_changes_nothing(owned, state):
    read(owned.client.post(at(owned, "etat/"), {"state": state}))
    owned.asset.refresh_from_db()
    assert owned.asset.state == Asset.State.PUBLISHED


# Rules


def rule(**more):
    return {"audience": "public_bodies", "mode": "approval", "when": "always", **more}


def test_without_rules_only_colleagues(owned):
    text = words(read(owned.client.get(at(owned, "partage/"))))
    assert "Vos collègues réservent sans attendre" in text
    assert "Personne d’autre ne peut réserver ce bien." in text


def test_a_rule_is_said_in_one_sentence(owned):
    sent = rule(
        audience="recognized",
        mode="instant",
        when="windows",
        weekdays=[1, 3],
        start_at="18:00",
        end_at="21:30",
    )
    assert owned.client.post(at(owned, "partage/"), sent).status_code == 302
    page = read(owned.client.get(at(owned, "partage/")))
    assert (
        "Les organismes reconnus réservent sans attendre, le mardi et le jeudi, "
        "de 18\u00a0h à 21\u00a0h\u00a030, quand le bien est ouvert." in words(page)
    )


def test_a_window_may_pass_midnight(owned):
    sent = rule(when="windows", weekdays=[5], start_at="20:00", end_at="00:00")
    owned.client.post(at(owned, "partage/"), sent)
    assert "le samedi, de 20\u00a0h à 24\u00a0h" in words(
        read(owned.client.get(at(owned, "partage/")))
    )


def test_same_audience_again_changes_how(owned):
    owned.client.post(at(owned, "partage/"), rule())
    owned.client.post(at(owned, "partage/"), rule(mode="instant"))
    assert SharingRule.objects.get().mode == Mode.INSTANT


def test_closing_a_rule_leaves_no_trace_but_bookings(owned):
    book(owned.asset, in_days(3))
    owned.client.post(
        at(owned, "partage/"), rule(when="windows", weekdays=[1], start_at="18:00", end_at="21:00")
    )
    calendars = Calendar.objects.count()
    page = read(owned.client.get(at(owned, "partage/")))
    assert owned.client.post(page.select_one("main li form")["action"]).status_code == 302
    assert not SharingRule.objects.exists()
    assert Calendar.objects.count() == calendars - 1
    assert Hold.objects.count() == 1


def test_rule_of_another_asset_is_not_closed_here(owned):
    other = make_asset(make_body())
    share(other)
    number = SharingRule.objects.get().pk
    assert owned.client.post(at(owned, f"partage/{number}/fermer/")).status_code == 404
    assert owned.client.get(at(owned, f"partage/{number}/fermer/")).status_code == 405


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"audience": "own_body"}, "audience"),
        ({"audience": "tout le monde"}, "audience"),
        ({"mode": "later"}, "mode"),
        ({"when": "windows", "start_at": "8:00", "end_at": "9:00"}, "weekdays"),
        ({"when": "windows", "weekdays": [7], "start_at": "8:00", "end_at": "9:00"}, "weekdays"),
        ({"when": "windows", "weekdays": [1], "end_at": "9:00"}, "start_at"),
        ({"when": "windows", "weekdays": [1], "start_at": "8:00", "end_at": "33:00"}, "end_at"),
    ],
)
def test_rule_that_cannot_be(owned, more, field):
    page = read(owned.client.post(at(owned, "partage/"), rule(**more)))
    assert page.select_one(f".error-summary a[href^='#id_{field}']")
    assert not SharingRule.objects.exists()


def test_rules_without_hours_say_they_do_not_serve(owned):
    asset = make_asset(owned.body, opening=None)
    share(asset)
    page = read(owned.client.get(f"/mes-biens/{asset.pk}/partage/"))
    assert "Ces règles ne servent pas encore" in words(page)
