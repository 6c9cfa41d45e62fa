# SPDX-License-Identifier: EUPL-1.2
"""Entering, correcting, publishing and withdrawing assets, each with its line in the journal."""

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from tests.support.world import (
    NOW,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_category,
    make_person,
    make_site,
)
from usufruit.inventory.actions import add_asset, add_site, correct_asset, set_asset_state
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import asset_for, managed_asset_for, part_for, part_name
from usufruit.kernel.fields import lane_bounds, lanes
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.timetable.actions import block_time
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db

HALVES = [("Moitié A", (0, 1), 100), ("Moitié B", (1, 2), None)]


@pytest.fixture
def body():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def manager(body):
    return make_person(body, Role.ASSET_MANAGER)


def written(verb: str) -> list[tuple[str, dict]]:
    lines = JournalLine.objects.filter(verb=verb).order_by("pk")
    return [(line.object_id, line.detail) for line in lines]


def test_an_asset_stands_where_its_site_stands_and_its_owner_looks_after_it(body, manager):
    site = make_site(body, latitude=46.75, longitude=-72.25)
    asset = add_asset(
        by=manager,
        now=NOW,
        owner=body,
        site=site,
        category=make_category("salle"),
        name="Gymnase",
        external_id="G-1",
        structure="parts",
        lane_count=2,
        parts=HALVES,
    )
    assert (asset.latitude, asset.longitude) == (46.75, -72.25)
    assert asset.manager == asset.custodian == body
    assert asset.state == Asset.State.DRAFT
    parts = asset.parts.order_by("rank")
    assert [(p.name, lane_bounds(p.lanes), p.capacity) for p in parts] == [
        ("Moitié A", ((0, 1),), 100),
        ("Moitié B", ((1, 2),), None),
    ]
    assert written("add_asset") == [(str(asset.pk), {})]
    assert JournalLine.objects.get(verb="add_asset").person_id == manager.pk


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lane_count": 2}, "D’un seul tenant|d’un seul tenant"),
        ({"buffer_after_min": 2000}, "au plus 24 heures"),
        ({"state": "perdu"}, "perdu"),
    ],
)
def test_what_cannot_be_stored_is_said_in_french_and_nothing_is(body, fields, said):
    count = Asset.objects.count()
    with pytest.raises(ValidationError, match=said):
        make_asset(body, **fields)
    assert Asset.objects.count() == count


def test_a_site_off_the_map_is_refused_in_french(body):
    with pytest.raises(ValidationError, match="position"):
        add_site(by=None, now=NOW, organization=body, name="Lune", latitude=90, longitude=0)


def test_a_correction_follows_the_new_site_and_names_what_changed(body, manager):
    asset = make_asset(body)
    site = make_site(body, latitude=47.0, longitude=-71.0)
    changes = {"site": site, "name": asset.name, "capacity": 12}
    correct_asset(asset=asset, changes=changes, by=manager, now=NOW)
    asset.refresh_from_db()
    assert (asset.latitude, asset.longitude, asset.capacity) == (47.0, -71.0, 12)
    assert written("correct_asset") == [(str(asset.pk), {"changed": ["capacity", "site"]})]


@pytest.mark.parametrize("lane_count", [3, 6])
def test_lanes_that_time_is_written_on_stay(body, manager, lane_count):
    hall = make_asset(body, structure="parts", lane_count=2, parts=HALVES)
    block_time(
        asset=hall,
        lanes=lanes((0, 1)),
        use=Span(NOW, NOW.replace(hour=20)),
        reason=Hold.Reason.OWN_USE,
        note="",
        by=manager,
        now=NOW,
    )
    with pytest.raises(Refusal) as refusal:
        correct_asset(
            asset=Asset.objects.get(pk=hall.pk),
            changes={"lane_count": lane_count},
            parts=[("Tout", (0, lane_count), None)],
            by=manager,
            now=NOW,
        )
    assert refusal.value.code == "divided_under_holds"
    hall.refresh_from_db()
    assert hall.lane_count == 2
    assert hall.parts.count() == 2


def test_a_part_whose_lanes_stay_keeps_its_number(body, manager):
    hall = make_asset(body, structure="parts", lane_count=2, parts=HALVES)
    first = hall.parts.get(name="Moitié A")
    thirds = [("Côté scène", (0, 1), None), ("Milieu", (1, 2), None), ("Fond", (2, 3), None)]
    correct_asset(asset=hall, changes={"lane_count": 3}, parts=thirds, by=manager, now=NOW)
    assert hall.parts.get(name="Côté scène").pk == first.pk
    assert hall.parts.count() == 3


def test_states_decide_who_sees(body, manager):
    asset, stranger = make_asset(body, state=Asset.State.DRAFT), make_person()
    with pytest.raises(Http404):
        asset_for(stranger, asset.pk)
    assert asset_for(manager, asset.pk) == asset
    set_asset_state(asset=asset, state=Asset.State.PUBLISHED, by=manager, now=NOW)
    assert asset_for(stranger, asset.pk) == asset
    with pytest.raises(Http404):
        managed_asset_for(stranger, asset.pk)
    assert managed_asset_for(manager, asset.pk) == asset
    assert written("set_asset_state") == [(str(asset.pk), {"state": "published"})]


def test_parts_are_found_by_number_and_named_by_their_lanes(body):
    hall = make_asset(body, structure="parts", lane_count=2, parts=HALVES)
    other = make_asset(body, structure="parts", lane_count=2, parts=HALVES)
    half = hall.parts.get(name="Moitié B")
    assert part_for(hall, half.pk) == ("Moitié B", lanes((1, 2)))
    assert part_for(hall, None) == ("", all_lanes(hall))
    assert part_name(hall, lanes((1, 2))) == "Moitié B"
    assert part_name(hall, all_lanes(hall)) == ""
    with pytest.raises(Http404):
        part_for(other, half.pk)


def test_correcting_a_name_does_not_undo_a_withdrawal_made_meanwhile(body, manager):
    asset = make_asset(body)
    seen_before = Asset.objects.get(pk=asset.pk)
    set_asset_state(asset=asset, state=Asset.State.WITHDRAWN, by=manager, now=NOW)
    correct_asset(asset=seen_before, changes={"name": "Salle verte"}, by=manager, now=NOW)
    asset.refresh_from_db()
    assert (asset.name, asset.state) == ("Salle verte", Asset.State.WITHDRAWN)


def test_a_draft_is_not_withdrawn_since_its_page_would_become_public(body, manager):
    draft = make_asset(body, state=Asset.State.DRAFT)
    with pytest.raises(Refusal) as refusal:
        set_asset_state(asset=draft, state=Asset.State.WITHDRAWN, by=manager, now=NOW)
    assert refusal.value.code == "never_published"
    assert Asset.objects.get(pk=draft.pk).state == Asset.State.DRAFT


@pytest.mark.parametrize("hands", ["owner", "manager"])
def test_only_the_owner_gives_an_asset_to_other_hands(body, manager, hands):
    operator = make_body("Régie des équipements", "intermunicipal")
    other = make_person(operator, Role.ASSET_MANAGER)
    asset = make_asset(body, manager=operator)
    with pytest.raises(Refusal) as refusal:
        correct_asset(asset=asset, changes={hands: make_body()}, by=other, now=NOW)
    assert refusal.value.code == "not_the_owner"
    asset = Asset.objects.get(pk=asset.pk)
    correct_asset(asset=asset, changes={"name": "Salle bleue", hands: body}, by=manager, now=NOW)
    assert getattr(Asset.objects.get(pk=asset.pk), hands) == body
