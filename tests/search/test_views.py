# SPDX-License-Identifier: EUPL-1.2
"""The home page and the page of results, as a visitor or a member meets them."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.support.htmx import apply, assert_same, parse
from tests.support.pages import read, words
from tests.support.sql_snapshot import recorded
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
from usufruit.inventory.models import Asset
from usufruit.organizations.models import Organization, Territory
from usufruit.search.welcome import FEW
from usufruit.timetable.actions import block_time
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
# NOW is Tuesday 1 December 2026, 10 h in Toronto.
WEDNESDAY_EVENING = {"le": "2026-12-02", "debut": "18:00", "duree": "120"}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("usufruit.search.views.now", lambda: NOW)


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def gym():
    return make_category("gymnase", name="Gymnase", synonyms=["palestre"], icon="ball-basketball")


@pytest.fixture
def member(client):
    body = make_body("Ville voisine")
    person = make_person(body, Role.REQUESTER)
    client.force_login(person)
    return body


def make_shared(body, *, km=0.0, mode=Mode.INSTANT, site=None, **fields):
    """Publish an asset so many kilometres north of 46.5° N and share it with public bodies."""
    site = site or make_site(body, latitude=46.5 + km / 111.195)
    asset = make_asset(body, site=site, **fields)
    share(asset, mode=mode)
    return asset


def search(client, **typed):
    return read(client.get("/biens/", typed))


def names(page):
    return [one.text for one in page.select(".cards .card__title")]


# Home


def test_home_asks_and_says_what_there_is(client, lender, gym):
    make_shared(lender, category=gym)
    make_shared(lender, category=make_category("camion", kind="vehicle", name="Camion"))
    page = read(client.get("/"))
    form = page.select_one("form[role=search]")
    assert form["action"] == "/biens/"
    named = {field["name"] for field in form.select("input, select")}
    assert {"quoi", "le", "debut", "duree", "ou"} <= named
    assert {one["value"] for one in page.select("#mots option")} >= {"Gymnase", "Palestre"}
    assert "2 biens offerts par 1 organisme, dans 2 lieux." in words(page).replace("\n", " ")
    kinds = [link["href"] for link in page.select(".kinds .card__title a")]
    assert kinds == ["/biens/?nature=vehicle", "/biens/?nature=place"]
    assert read(client.get(kinds[1])).select_one("h1").text == "1 bien trouvé"


def test_home_of_an_empty_platform_still_asks(client):
    Organization.objects.all().delete()
    page = read(client.get("/"))
    assert page.select_one("form[role=search]")
    assert not page.select(".kinds")
    assert read(client.get("/biens/")).select_one("h1").text == "Aucun bien n’est encore offert"


def test_home_of_a_member_leads_to_what_awaits_them(client, member):
    page = read(client.get("/"))
    block = page.select_one("[hx-get]")
    assert block["hx-get"] == "/accueil/ce-qui-vous-attend/"
    assert "/reservations/" in [link["href"] for link in block.select("a")]


# Results


def test_a_visitor_sees_the_nearest_first_and_the_map_mirrors_the_list(client, lender):
    far = make_shared(lender, km=20, name="Salle lointaine", mode=Mode.APPROVAL)
    near = make_shared(lender, km=3, name="Salle proche", capacity=40)
    private = make_asset(lender, name="Salle interne")
    share(private, Audience.OWN_BODY)
    page = search(client)
    assert names(page) == ["Salle proche", "Salle lointaine"]
    assert "Plus loin, au-delà de 15\u00a0km" in page.text
    pins = page.select_one("#pins").text
    assert pins.index(f'"id": "{near.pk}"') < pins.index(f'"id": "{far.pk}"')
    first, last = page.select("[data-map-item]")
    assert [first["data-map-item"], last["data-map-item"]] == [str(near.pk), str(far.pk)]
    assert "3\u00a0km" in first.text
    assert "40 places" in first.text
    assert "Ville de Saint-Essai" in first.text
    assert "Réservation immédiate" in first.text
    assert "Sur approbation, réponse du propriétaire" in last.text


def test_a_card_says_the_free_stretch_around_the_moment_asked(client, member, lender):
    make_shared(lender, opening="tous 8:00-22:00")
    taken = make_shared(lender, km=1)
    block_time(
        asset=taken,
        lanes=all_lanes(taken),
        use=use(32),  # Wednesday 18 h to 20 h
        reason=Hold.Reason.OWN_USE,
        note="",
        by=make_person(lender, Role.ASSET_MANAGER),
        now=NOW,
    )
    page = search(client, **WEDNESDAY_EVENING)
    assert page.select_one("h1").text == "1 bien libre"
    assert "mercredi 2\u00a0décembre, de 8\u00a0h à 22\u00a0h" in page.select_one(".cards").text
    assert "le=2026-12-02&debut=18%3A00&duree=120" in page.select_one(".card__title a")["href"]


def test_a_visitor_is_told_half_days_a_day_late(client, lender, monkeypatch):
    hall = make_shared(lender, opening="tous 8:00-22:00")
    block_time(
        asset=hall,
        lanes=all_lanes(hall),
        use=use(32, 0.5),  # Wednesday 18 h to 18 h 30
        reason=Hold.Reason.OWN_USE,
        note="",
        by=make_person(lender, Role.ASSET_MANAGER),
        now=NOW,
    )
    late = {**WEDNESDAY_EVENING, "debut": "20:00", "duree": "60"}
    fresh = search(client, **late)
    assert fresh.select_one("h1").text == "1 bien ouvert à ce moment"
    assert "mercredi 2\u00a0décembre, soir" in fresh.select_one(".cards").text
    tomorrow = NOW + timedelta(hours=24)
    monkeypatch.setattr("usufruit.search.views.now", lambda: tomorrow)
    for hour in ("18:00", "20:00"):  # a half-hour taken reads like the whole evening
        known = search(client, **{**late, "debut": hour})
        assert "Pris ou fermé" in known.select_one(".cards").text
    assert "mercredi 2\u00a0décembre, après-midi" in search(client).select_one(".cards").text


def test_a_card_without_a_moment_says_the_next_free_stretch(client, member, lender):
    make_shared(lender, opening="tous 8:00-22:00", buffer_before_min=30)
    page = search(client)
    assert (
        "mardi 1er\u00a0décembre, de 10\u00a0h\u00a015 à 22\u00a0h"
        in page.select_one(".cards").text
    )


def test_a_part_is_named_when_the_whole_is_not_free(client, member, lender):
    halls = make_shared(
        lender,
        structure=Asset.Structure.PARTS,
        lane_count=2,
        parts=[("Moitié A", (0, 1), None), ("Moitié B", (1, 2), None)],
    )
    block_time(
        asset=halls,
        lanes=halls.parts.get(name="Moitié A").lanes,
        use=use(32),
        reason=Hold.Reason.OWN_USE,
        note="",
        by=make_person(lender, Role.ASSET_MANAGER),
        now=NOW,
    )
    assert "Moitié B" in search(client, **WEDNESDAY_EVENING).select_one(".cards").text


def test_own_assets_are_marked_and_free_outside_hours(client, member):
    make_asset(member, name="La nôtre", opening="lu 8:00-9:00")
    page = search(client, **WEDNESDAY_EVENING)
    assert names(page) == ["La nôtre"]
    assert "Votre organisme" in page.select_one(".cards").text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"quoi": "palestres"}, ["Gymnase A"]),
        ({"nature": "vehicle"}, ["Camion B"]),
        ({"places": "50"}, ["Gymnase A"]),
        ({"immediat": "on"}, ["Camion B"]),
        ({"rayon": "5"}, ["Gymnase A"]),
        ({"rayon": "30", "n": "40"}, ["Gymnase A", "Camion B"]),
    ],
)
def test_each_filter_filters_and_its_tag_removes_it(client, lender, gym, typed, found):
    make_shared(lender, km=1, name="Gymnase A", category=gym, capacity=60, mode=Mode.APPROVAL)
    truck = make_category("camion", kind="vehicle", name="Camion")
    make_shared(lender, km=9, name="Camion B", category=truck, capacity=3)
    page = search(client, **typed)
    assert names(page) == found
    tags = page.select("a.tag--remove")
    assert len(tags) == 1
    assert names(read(client.get(tags[0]["href"]))) == ["Gymnase A", "Camion B"]


def test_a_filter_looks_past_the_first_page(client, lender):
    for _ in range(22):
        make_shared(lender, km=1, mode=Mode.APPROVAL)
    make_shared(lender, km=2, name="La vingt-troisième")
    assert names(search(client, immediat="on")) == ["La vingt-troisième"]


def test_twenty_more_at_a_time(client, lender):
    for _ in range(25):
        make_shared(lender)
    page = search(client)
    assert len(names(page)) == 20
    assert page.select_one("h1").text == "Les 20 biens les plus proches"
    more = page.select_one("#plus")
    assert more.text == "Afficher 20 de plus"
    all_of_them = read(client.get(more["href"]))
    assert len(names(all_of_them)) == 25
    assert not all_of_them.select("#plus")
    answer = client.get(more["hx-get"], headers=HTMX)
    assert_same(apply(page, answer, source="#plus"), parse(client.get(more["href"])), within="main")


def test_htmx_brings_the_page_that_a_reload_would(client, lender, gym):
    make_shared(lender, category=gym, name="Gymnase A")
    make_shared(lender, km=2, name="Salle B")
    before = parse(client.get("/biens/"))
    typed = {"quoi": "gymnase", **WEDNESDAY_EVENING, "rayon": "10", "places": "abc"}
    answer = client.get("/biens/", typed, headers=HTMX)
    assert "HX-Request" in answer.headers["Vary"]
    fresh = parse(client.get("/biens/", typed))
    updated = apply(before, answer, source="#question")
    assert_same(updated, fresh, within="main")
    assert updated.title.text == fresh.title.text


@pytest.mark.parametrize(
    ("name", "category", "is_said"),
    [
        ("Gymnase A", "Gymnase", False),
        ("Salles de réunion 1 et 2", "Salle de réunion", False),
        ("Palestre", "Gymnase", True),
        ("Parc des arénas", "Aréna", True),
        ("Arénapolis", "Aréna", True),
        ("Souffleuse pour tracteur", "Tracteur", True),
        ("Salle", "Salle de réunion", True),
    ],
)
def test_a_card_says_its_category_unless_its_name_begins_so(
    client, lender, name, category, is_said
):
    make_shared(lender, category=make_category(name=category), name=name)
    card = read(client.get("/biens/")).select_one(".cards > li")
    said = [one.text for one in card.select(".result__body > .small:not(.cluster)")]
    assert said == ([category] if is_said else [])


def test_going_back_brings_the_whole_page(client, lender):
    make_shared(lender)
    answer = client.get("/biens/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert read(answer).select_one("body > header")


def test_the_queries_do_not_grow_with_the_rows(client, member, lender, snapshot):
    shapes = []
    for count in (2, 23):
        for _ in range(count):
            make_shared(lender, opening="tous 8:00-22:00")
        with recorded() as queries:
            page = client.get("/biens/", {**WEDNESDAY_EVENING, "n": 40})
        shapes.append(queries.shapes())
    assert len(names(parse(page))) == 25
    assert shapes[0] == shapes[1]
    assert str(queries) == snapshot


# Nothing found never ends


def test_nothing_at_that_hour_offers_another_day(client, lender):
    make_shared(lender, opening="ve 8:00-22:00")
    page = search(client, **WEDNESDAY_EVENING)
    assert page.select_one("h1").text == "Aucun bien libre à ce moment"
    link = page.select_one(".remedies a")
    assert link.text == "Mêmes heures, vendredi 4\u00a0décembre, de 18\u00a0h à 20\u00a0h"
    assert len(names(read(client.get(link["href"])))) == 1


def test_nothing_near_offers_wider_and_never_ends(client, lender):
    make_shared(lender, km=60)
    page = search(client)
    assert page.select_one(".remedies a").text == "Jusqu’à 100\u00a0km\u00a0: 1 bien"
    assert len(names(read(client.get(page.select_one(".remedies a")["href"])))) == 1
    Asset.objects.update(latitude=52)
    page = search(client)
    assert page.select_one(".remedies a").text == "Chercher à 500\u00a0km à la ronde"
    page = read(client.get(page.select_one(".remedies a")["href"]))
    assert page.select_one(".remedies a").text == "Voir tous les biens autour"


def test_nothing_with_filters_offers_to_drop_them(client, lender):
    make_shared(lender, mode=Mode.APPROVAL, capacity=10)
    page = search(client, immediat="on", places="50")
    link = page.select_one(".remedies a")
    assert link.text == "Sans les filtres\u00a0: 1 bien"
    assert len(names(read(client.get(link["href"])))) == 1


def test_an_unknown_word_says_so(client, lender):
    make_shared(lender)
    page = search(client, quoi="zzz <b>")
    assert "Aucune catégorie ne s’appelle «\u00a0zzz <b>\u00a0»" in page.text
    assert names(read(client.get(page.select_one(".remedies a")["href"])))


def test_another_day_keeps_the_hours_across_the_change_of_clocks(client, lender, monkeypatch):
    monkeypatch.setattr("usufruit.search.views.now", lambda: NOW.replace(year=2027, month=3, day=9))
    make_shared(lender, opening="lu 18:00-20:00")
    page = search(client, le="2027-03-13", debut="18:00", duree="120")
    assert page.select_one(".remedies a").text.endswith(
        "lundi 15\u00a0mars, de 18\u00a0h à 20\u00a0h"
    )


# Hostile or clumsy input


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"le": "31/02/2027"}, "Cette date n’existe pas"),
        ({"le": "0001-01-01"}, "Cette date est passée"),
        ({"le": "9999-12-31"}, "dans les deux ans à venir"),
        ({"le": "2026-12-02", "debut": ""}, "Choisissez une heure de début"),
        ({"le": "2026-12-02", "debut": "25:99"}, "Cette heure n’existe pas"),
        ({"le": "2026-12-01", "debut": "09:00"}, "Cette heure est passée"),
        ({"duree": "1000000000"}, "La durée va de 15\u00a0minutes à 92\u00a0jours."),
        ({"duree": "-60"}, "La durée va de 15\u00a0minutes à 92\u00a0jours."),
        ({"duree": "²"}, "La durée va de 15\u00a0minutes à 92\u00a0jours."),
        ({"rayon": "-1"}, "Le rayon va de 1 à 500\u00a0km."),
        ({"rayon": "1e9"}, "Le rayon va de 1 à 500\u00a0km."),
        ({"places": "beaucoup"}, "Écrivez un nombre de personnes."),
        ({"nature": "autre"}, "Cette nature n’existe pas"),
        ({"ici": "NaN,NaN"}, "La position reçue est illisible"),
        ({"ici": "46.5"}, "La position reçue est illisible"),
        ({"ici": "90,200"}, "La position reçue est illisible"),
        ({"ou": "Ville inconnue"}, "Aucun lieu de ce nom"),
        ({"ou": "%_"}, "Aucun lieu de ce nom"),
        ({"ou": "x" * 500}, "Écrivez le nom d’une municipalité"),
        ({"quoi": "é" * 500}, "80 caractères au plus"),
        ({"quoi": "a\x00b"}, "Le caractère nul n’est pas autorisé"),
    ],
)
def test_a_wrong_field_is_said_and_the_rest_stands(client, lender, gym, typed, said):
    make_shared(lender, category=gym, name="Gymnase A")
    page = search(client, **{"quoi": "gymnase", **typed})
    assert said in page.select_one(".error-summary").text
    assert names(page) == ["Gymnase A"]
    assert page.select_one("#id_rayon option[selected]")["value"] == "25"
    assert page.select_one("#id_duree option[selected]")["value"] == "120"


@pytest.mark.parametrize("count", ["-5", "0", "abc", "99999999999999999999"])
def test_a_wrong_number_of_cards_is_one_page(client, lender, count):
    make_shared(lender)
    assert len(names(read(client.get("/biens/", {"n": count})))) == 1


def test_the_hour_that_spring_skips_is_said(client, lender, monkeypatch):
    monkeypatch.setattr("usufruit.search.views.now", lambda: NOW.replace(year=2027, month=3, day=9))
    make_shared(lender)
    page = search(client, le="2027-03-14", debut="02:30", duree="30")
    assert "on avance l’heure cette nuit-là" in page.select_one(".error-summary").text
    page = search(client, le="2027-03-14", debut="02:30", duree="60")
    assert (
        "dimanche 14\u00a0mars, de 3\u00a0h à 3\u00a0h\u00a030"
        in page.select_one("#reponses p").text.lower()
    )


# Where


def test_a_place_is_a_body_a_site_a_territory_or_a_point(client, lender):
    mrc = Territory.objects.create(code="mrc", name="MRC des Essais")
    near = Territory.objects.create(code="v", name="Valleroy", parent=mrc)
    there = make_body("Municipalité du Nord", latitude=48.0, territory=near)
    make_shared(lender, name="Ici")
    site = make_site(there, name="Aréna des Érables", latitude=48.0)
    make_shared(there, site=site, name="Là-bas")
    for where in ("municipalite du nord", "arena des erables", "Érables", "MRC des Essais"):
        assert names(search(client, ou=where)) == ["Là-bas"], where
    assert names(search(client, ici="48.0,-72.5")) == ["Là-bas"]
    assert names(search(client, ou="Saint-Essai")) == ["Ici"]


def test_a_visitor_starts_in_the_middle_of_the_territory(client):
    mrc = Territory.objects.create(code="mrc", name="MRC des Essais")
    for latitude in (46.0, 46.2):
        make_body(latitude=latitude, territory=mrc)
    page = search(client)
    assert "MRC des Essais, 25\u00a0km à la ronde" in words(page)


def test_a_member_starts_at_their_body(client, member):
    assert "Ville voisine, 25\u00a0km à la ronde" in words(search(client))


def test_hours_are_those_of_the_place(client, member):
    halifax = make_body("Ville de l’Est", time_zone="America/Halifax")
    site = make_site(halifax, time_zone="America/Halifax")
    make_shared(halifax, site=site, opening="me 18:00-20:00")
    found = search(client, ou="Ville de l’Est", **WEDNESDAY_EVENING)
    assert found.select_one("h1").text == "1 bien libre"
    assert "de 18\u00a0h à 20\u00a0h" in found.select_one(".cards").text


def test_addresses_of_tags_keep_the_rest(client, lender, gym):
    make_shared(lender, category=gym)
    page = search(client, quoi="gymnase", rayon="50", **WEDNESDAY_EVENING)
    kept = [parse_qs(urlsplit(tag["href"]).query) for tag in page.select("a.tag--remove")]
    assert {"quoi": ["gymnase"], "rayon": ["50"]} in kept
    assert {"quoi": ["gymnase"], **{k: [v] for k, v in WEDNESDAY_EVENING.items()}} in kept


def test_only_reading_is_allowed(client):
    assert client.post("/biens/").status_code == 405
    assert date.fromisoformat(WEDNESDAY_EVENING["le"]).weekday() == 2


# An almost empty territory


def test_the_home_of_an_almost_empty_territory_shows_what_there_is_however_far(client, member, gym):
    lender = make_body("Ville de Saint-Loin")
    for name, latitude in (("Gymnase voisin", 46.6), ("Gymnase lointain", 47.9)):
        share(
            make_asset(lender, category=gym, name=name, site=make_site(lender, latitude=latitude))
        )
    page = read(client.get("/"))
    first = page.select_one("section[aria-labelledby=premiers]")
    near, far = first.select("ol")
    assert "Gymnase voisin" in near.text
    assert "Gymnase lointain" not in near.text
    assert "Gymnase lointain" in far.text
    assert "Plus loin, au-delà de 25\u00a0km" in first.text
    assert {link["href"] for link in first.select(".cluster > a.button")} == {
        "/inviter/",
        "/besoins/signaler/",
    }


def test_the_home_of_a_furnished_territory_asks_first(client, lender, gym):
    for _ in range(FEW + 1):
        share(make_asset(lender, category=gym))
    assert read(client.get("/")).select_one("section[aria-labelledby=premiers]") is None


def test_a_home_without_any_asset_says_what_to_do(client):
    said = words(read(client.get("/")))
    assert "Inscrivez-en un premier, invitez un voisin ou dites ce qui vous manque" in said


def test_the_letter_that_invites_is_ready_to_send(client, member, lender, gym):
    share(make_asset(lender, category=gym))
    page = read(client.get("/inviter/"))
    letter = page.select_one("article").text
    assert "Déjà 1 bien y est offert." in letter
    assert "http://testserver/" in letter
    assert "Ville voisine" in letter
    mail = next(link["href"] for link in page.select("main a") if "courriel" in link.text)
    sent = parse_qs(urlsplit(mail).query)
    assert mail.startswith("mailto:?")
    assert sent["subject"] == ["Partager nos biens entre voisins"]
    assert "Ville voisine" in sent["body"][0]
    assert page.select_one("[data-copy]")["data-copy"] == sent["body"][0]
    assert "[Nom de votre organisme]" in words(read(Client().get("/inviter/")))


# What the map draws beyond the list


def test_the_map_is_given_what_the_list_leaves_out(client, member, lender, gym):
    site = make_site(lender, latitude=46.512345678)
    for number in range(22):
        share(make_asset(lender, category=gym, site=site, name=f"Gymnase {number:02}"))
    make_asset(lender, category=gym, name="Gymnase à personne")
    page = search(client, quoi="gymnase")
    href = page.select_one("#pins-more")["data-href"]
    assert href == "/biens/carte.geojson?quoi=gymnase"
    answer = client.get(href)
    told = answer.json()
    assert answer["Content-Type"] == "application/geo+json"
    assert len(told["features"]) == 22
    assert told["features"][0]["geometry"]["coordinates"] == [-72.5, 46.51235]
    assert not told["is_cut"]
    assert [feature["id"] for feature in told["features"][:20]] == [
        int(card["data-map-item"]) for card in page.select(".cards > li")
    ]
    packed = client.get(href, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert search(client, quoi="zeppelin").select_one("#pins-more") is None


def test_the_map_is_given_a_bounded_number_and_told_so(client, lender, gym, monkeypatch):
    monkeypatch.setattr("usufruit.search.map_points.MOST_POINTS", 2)
    for _ in range(3):
        share(make_asset(lender, category=gym))
    told = client.get("/biens/carte.geojson").json()
    assert len(told["features"]) == 2
    assert told["is_cut"]


def test_the_map_asks_as_much_for_many_as_for_few(client, member, lender, gym):
    shapes = []
    for _ in range(2):
        for _ in range(3):
            share(make_asset(lender, category=gym))
        with recorded() as queries:
            client.get("/biens/carte.geojson?quoi=gymnase")
        shapes.append(queries.shapes())
    assert shapes[0] == shapes[1]
