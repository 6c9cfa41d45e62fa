# SPDX-License-Identifier: EUPL-1.2
"""Entering and correcting assets and places, as an owner does it, without a script."""

import pytest

from tests.support.owner import assert_only_managers, make_owned
from tests.support.pages import read, words
from tests.support.world import (
    NOW,
    Role,
    all_lanes,
    make_body,
    make_category,
    make_person,
    make_site,
    use,
)
from usufruit.inventory.models import Asset, AttributeDefinition, Part, Site
from usufruit.kernel.fields import lane_bounds
from usufruit.organizations.actions import grant_role
from usufruit.timetable.actions import block_time
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def owned(client):
    return make_owned(client)


@pytest.fixture
def plough():
    category = make_category("essai-charrue", kind="vehicle", name="Charrue d’essai", icon="truck")
    kinds = AttributeDefinition.ValueType
    for rank, (code, name, unit, kind) in enumerate(
        [
            ("lame", "Largeur de lame", "m", kinds.NUMBER),
            ("permis", "Permis exigé", "", kinds.TEXT),
            ("accessible", "Accessible", "", kinds.YES_NO),
        ]
    ):
        AttributeDefinition.objects.create(
            category=category, code=code, name=name, unit=unit, value_type=kind, rank=rank
        )
    return category


def sheet(owned, of_category, **typed):
    return {
        "name": "Chasse-neige 12",
        "external_id": "CN-12",
        "category": of_category.pk,
        "site": owned.site.pk,
        "structure": "single",
        "owner": owned.body.pk,
        "manager": owned.body.pk,
        "custodian": owned.body.pk,
        **typed,
    }


def stored(asset, **typed):
    """Return what a page shows of an asset, as its form sends it back."""
    values = {
        "name": asset.name,
        "external_id": asset.external_id,
        "category": asset.category_id,
        "site": asset.site_id,
        "structure": asset.structure,
        "owner": asset.owner_id,
        "manager": asset.manager_id,
        "custodian": asset.custodian_id,
    }
    for part in asset.parts.all():
        values[f"part_name_{part.pk}"] = part.name
    return {**values, **typed}


def error_of(page, name):
    """Return the error printed with a field."""
    control = page.select_one(f"main [name='{name}']")
    return control.find_parent(class_="field").select_one(".field__error").text


@pytest.mark.parametrize(
    "address", ["/mes-biens/ajouter/", "/mes-biens/lieux/ajouter/", "/mes-biens/{pk}/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_managers(owned, address, method):
    assert_only_managers(owned, address.format(pk=owned.asset.pk), method=method)


def test_category_is_chosen_by_its_everyday_name(owned, plough):
    plough.synonyms = ["grattoir d’essai"]
    plough.save()
    page = read(owned.client.get("/mes-biens/ajouter/?q=grattoirs"))
    links = [a["href"] for a in page.select("main .kinds a")]
    assert links == [f"?categorie={plough.pk}"]
    nothing = read(owned.client.get("/mes-biens/ajouter/?q=<script>x</script>"))
    assert "Aucune catégorie ne porte ce nom" in nothing.text


def test_place_is_one_of_the_body_or_a_new_one(owned, plough):
    make_site(make_body(), name="Chez le voisin")
    page = read(owned.client.get(f"/mes-biens/ajouter/?categorie={plough.pk}"))
    assert "Garage municipal" in page.text
    assert "Chez le voisin" not in page.text
    response = owned.client.post(
        f"/mes-biens/ajouter/?categorie={plough.pk}",
        {
            "name": "Aréna",
            "address": "",
            "latitude": "46,35",
            "longitude": "-72,55",
            "time_zone": "America/Toronto",
        },
    )
    site = Site.objects.get(name="Aréna")
    assert (site.organization, site.latitude, site.longitude) == (owned.body, 46.35, -72.55)
    assert response.url == f"/mes-biens/ajouter/?categorie={plough.pk}&lieu={site.pk}"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("latitude", "nan"),
        ("latitude", "inf"),
        ("latitude", "86"),
        ("latitude", "1e400"),
        ("longitude", "-181"),
        ("longitude", "douze"),
        ("name", ""),
        ("name", "x" * 400_000),
        ("name", "Garage municipal"),
        ("time_zone", "Mars/Olympus"),
        ("name", "nul\x00caractère"),
    ],
)
def test_place_that_cannot_be(owned, field, typed):
    data = {"name": "Aréna", "latitude": "46", "longitude": "-72", "time_zone": "America/Toronto"}
    page = read(owned.client.post("/mes-biens/lieux/ajouter/", {**data, field: typed}))
    assert error_of(page, field)
    assert Site.objects.count() == 1


def test_adding_a_place_returns_where_it_was_missing(owned):
    address = f"/mes-biens/{owned.asset.pk}/"
    page = read(owned.client.get(f"/mes-biens/lieux/ajouter/?next={address}"))
    assert page.select_one("main input[name=next]")["value"] == address
    data = {"name": "École", "latitude": "46", "longitude": "-72", "time_zone": "America/Toronto"}
    assert owned.client.post("/mes-biens/lieux/ajouter/", {**data, "next": address}).url == address
    away = {**data, "name": "Autre", "next": "https://ailleurs.test/"}
    assert owned.client.post("/mes-biens/lieux/ajouter/", away).url == "/mes-biens/"


def test_asset_enters_as_a_draft_with_its_characteristics(owned, plough):
    address = f"/mes-biens/ajouter/?categorie={plough.pk}&lieu={owned.site.pk}"
    page = read(owned.client.get(address))
    assert page.select_one("input[name=attribute_lame]")
    assert page.select_one("select[name=site] option[selected]").text == "Garage municipal"
    typed = sheet(
        owned,
        plough,
        attribute_lame="3,5",
        attribute_permis="classe 3",
        attribute_accessible="False",
        buffer_after_min="30",
        capacity="",
    )
    response = owned.client.post(address, typed)
    asset = Asset.objects.get(external_id="CN-12")
    assert response.url == f"/mes-biens/{asset.pk}/"
    assert asset.state == Asset.State.DRAFT
    assert asset.attributes == {"lame": 3.5, "permis": "classe 3", "accessible": False}
    assert (asset.buffer_before_min, asset.buffer_after_min, asset.capacity) == (0, 30, None)
    assert (asset.latitude, asset.owner, asset.custodian) == (46.5, owned.body, owned.body)
    again = read(owned.client.get(response.url))
    assert again.select_one("input[name=attribute_lame]")["value"] == "3,5"
    assert (
        again.select_one("select[name=attribute_accessible] option[selected]")["value"] == "False"
    )


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "obligatoire"),
        ("name", "x" * 400_000, "120"),
        ("external_id", "B-1", "déjà un bien de ce numéro"),
        ("description", "x" * 400_000, "4000"),
        ("capacity", "1000000000", "100\u00a0000"),
        ("capacity", "-5", "1"),
        ("divisions", "-2", "Écrivez un nombre"),
        ("divisions", "1", "de 2 à 60"),
        ("divisions", "61", "de 2 à 60"),
        ("divisions", "7, 11", "de 2 à 60"),
        ("divisions", "beaucoup", "Écrivez un nombre"),
        ("divisions", "", "Écrivez un nombre"),
        ("buffer_before_min", "1441", "24 heures"),
        ("buffer_after_min", "-1", "0"),
        ("attribute_lame", "nan", "nombre"),
        ("attribute_lame", "1e300", ""),
        ("attribute_permis", "x" * 400_000, "200"),
        ("site", "999999", ""),
        ("owner", "999999", ""),
        ("category", "999999", ""),
        ("structure", "lot", ""),
    ],
)
def test_what_cannot_be_is_said_on_its_field(owned, plough, field, typed, said):
    owned.asset.external_id = "B-1"
    owned.asset.save()
    address = f"/mes-biens/ajouter/?categorie={plough.pk}&lieu={owned.site.pk}"
    base = {"structure": "parts", "divisions": "2"}
    page = read(owned.client.post(address, sheet(owned, plough, **{**base, field: typed})))
    assert said in error_of(page, field)
    assert page.select(".error-summary a")
    assert Asset.objects.count() == 1


def test_names_are_escaped_everywhere(owned, plough):
    owned.client.post(
        f"/mes-biens/{owned.asset.pk}/", stored(owned.asset, name="<script>alert(1)</script>")
    )
    owned.asset.refresh_from_db()
    assert owned.asset.name == "<script>alert(1)</script>"
    for path in ("", "horaires/", "partage/", "bloquer/", "etat/"):
        page = owned.client.get(f"/mes-biens/{owned.asset.pk}/{path}")
        assert page.status_code == 200
        assert b"<script>alert" not in page.content
    assert b"<script>alert" not in owned.client.get("/mes-biens/").content


def test_a_hall_divides_in_halves_and_thirds_then_its_parts_are_named(owned):
    address = f"/mes-biens/{owned.asset.pk}/"
    read(owned.client.get(address))
    typed = stored(owned.asset, structure="parts", divisions="2 et 3", capacity="300")
    assert owned.client.post(address, typed).status_code == 302
    asset = Asset.objects.get(pk=owned.asset.pk)
    assert (asset.lane_count, asset.capacity) == (6, 300)
    names = [(part.name, lane_bounds(part.lanes)) for part in asset.parts.all()]
    assert names[:3] == [
        ("Moitié 1", ((0, 3),)),
        ("Moitié 2", ((3, 6),)),
        ("Tiers 1", ((0, 2),)),
    ]
    page = read(owned.client.get(address))
    assert page.select_one("input[name=divisions]")["value"] == "2, 3"
    first, second = asset.parts.all()[:2]
    swapped = {
        f"part_name_{first.pk}": second.name,
        f"part_name_{second.pk}": first.name,
        f"part_capacity_{first.pk}": "150",
    }
    typed = stored(asset, structure="parts", divisions="2, 3", **swapped)
    assert owned.client.post(address, typed).status_code == 302
    first.refresh_from_db()
    assert (first.name, first.capacity, lane_bounds(first.lanes)) == ("Moitié 2", 150, ((0, 3),))


def test_two_parts_never_share_a_name(owned):
    address = f"/mes-biens/{owned.asset.pk}/"
    owned.client.post(address, stored(owned.asset, structure="parts", divisions="2"))
    asset = Asset.objects.get(pk=owned.asset.pk)
    first, second = asset.parts.all()
    typed = stored(asset, divisions="2", **{f"part_name_{second.pk}": first.name.upper()})
    page = read(owned.client.post(address, typed))
    assert (
        error_of(page, f"part_name_{second.pk}") == "Erreur\u00a0: Ce nom sert à une autre partie."
    )


@pytest.mark.parametrize("divisions", ["2", "3"])
def test_parts_stay_while_time_is_written_on_them(owned, divisions):
    block_time(
        asset=owned.asset,
        lanes=all_lanes(owned.asset),
        use=use(24),
        reason=Hold.Reason.OWN_USE,
        note="",
        by=owned.manager,
        now=NOW,
    )
    address = f"/mes-biens/{owned.asset.pk}/"
    typed = stored(owned.asset, structure="parts", divisions=divisions, name="Autre nom")
    page = read(owned.client.post(address, typed))
    assert "ses parties ne changent plus" in error_of(page, "divisions")
    owned.asset.refresh_from_db()
    assert (owned.asset.lane_count, owned.asset.name) == (1, "Gymnase des Saules")
    assert not Part.objects.exists()
    assert owned.client.post(address, stored(owned.asset, name="Autre nom")).status_code == 302


def test_returning_to_one_piece_drops_the_parts(owned):
    address = f"/mes-biens/{owned.asset.pk}/"
    owned.client.post(address, stored(owned.asset, structure="parts", divisions="4"))
    asset = Asset.objects.get(pk=owned.asset.pk)
    assert asset.parts.count() == 4
    assert owned.client.post(address, stored(asset, structure="single")).status_code == 302
    asset.refresh_from_db()
    assert (asset.lane_count, asset.parts.count()) == (1, 0)


def test_owner_is_a_body_of_ones_own_and_others_may_keep(owned):
    other = make_body("Centre de services scolaire")
    address = f"/mes-biens/{owned.asset.pk}/"
    page = read(owned.client.post(address, stored(owned.asset, owner=other.pk)))
    assert error_of(page, "owner")
    assert owned.client.post(address, stored(owned.asset, custodian=other.pk)).status_code == 302
    owned.asset.refresh_from_db()
    assert owned.asset.custodian == other
    grant_role(person=owned.manager, organization=other, role=Role.BODY_ADMIN, by=None, now=NOW)
    assert owned.client.post(address, stored(owned.asset, owner=other.pk)).status_code == 302


def test_handing_management_over_leads_to_the_list(owned):
    other = make_body("MRC d’Essai")
    address = f"/mes-biens/{owned.asset.pk}/"
    response = owned.client.post(address, stored(owned.asset, manager=other.pk))
    assert response.url == "/mes-biens/"
    assert "géré par un autre organisme" in words(read(owned.client.get(response.url)))
    assert owned.client.get(address).status_code == 404


def test_changing_category_asks_for_its_characteristics(owned, plough):
    address = f"/mes-biens/{owned.asset.pk}/"
    assert owned.client.post(address, stored(owned.asset, category=plough.pk)).status_code == 302
    assert read(owned.client.get(address)).select_one("input[name=attribute_lame]")


def test_asset_whose_body_has_another_manager_is_only_seen(owned):
    manager_elsewhere = make_person(make_body("MRC"), Role.ASSET_MANAGER)
    owned.asset.manager = manager_elsewhere.memberships.get().organization
    owned.asset.save()
    assert owned.client.get(f"/mes-biens/{owned.asset.pk}/").status_code == 404


# Places


def test_the_places_of_a_body_are_listed_with_their_assets(owned):
    assert_only_managers(owned, "/mes-biens/lieux/")
    page = read(owned.client.get("/mes-biens/lieux/"))
    assert "Garage municipal" in words(page)
    assert "1 bien" in words(page)


def test_a_place_is_corrected_and_its_assets_follow(owned):
    address = f"/mes-biens/lieux/{owned.site.pk}/"
    assert_only_managers(owned, address)
    typed = {
        "name": "Garage des Érables",
        "address": "14, rue des Érables",
        "latitude": "46,75",
        "longitude": "-72,25",
        "time_zone": "America/Toronto",
    }
    page = read(owned.client.post(address, typed, follow=True))
    assert "Le lieu est enregistré" in words(page)
    owned.asset.refresh_from_db()
    assert (owned.asset.latitude, owned.asset.longitude) == (46.75, -72.25)
    page = read(owned.client.post(address, {**typed, "latitude": "99"}))
    assert page.select(".field--wrong")
    make_site(owned.body, name="Aréna")
    page = read(owned.client.post(address, {**typed, "name": "Aréna"}))
    assert "déjà un lieu de ce nom" in words(page)
    owned.site.refresh_from_db()
    assert owned.site.name == "Garage des Érables"
