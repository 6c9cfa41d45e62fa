# SPDX-License-Identifier: EUPL-1.2
"""Telling a need, meeting it, taking it back, and who sees it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.support.world import (
    NOW,
    Role,
    make_asset,
    make_body,
    make_category,
    make_person,
    make_site,
    use,
)
from usufruit.inventory.models import Asset
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.needs import actions
from usufruit.needs.models import Need
from usufruit.needs.queries import needs_near
from usufruit.needs.rules import MOST_OPEN
from usufruit.search.places import Place

pytestmark = pytest.mark.django_db

HERE = Place("Saint-Essai", 46.5, -72.5, "America/Toronto")


@pytest.fixture
def body():
    return make_body("Ville qui cherche")


@pytest.fixture
def person(body):
    return make_person(body, Role.REQUESTER)


def tell(body, person, **fields):
    told = {
        "category": None,
        "words": "Nacelle",
        "use": None,
        "place": HERE,
        "radius_km": 25,
        "purpose": "Changer des luminaires",
        **fields,
    }
    return actions.report_need(organization=body, by=person, now=NOW, **told)


def test_telling_the_same_twice_changes_nothing(body, person):
    first = tell(body, person, words=" Nacelle ")
    assert tell(body, person, purpose="Autrement dit") == first
    assert Need.objects.count() == 1
    assert JournalLine.objects.get(object_type="needs.need").verb == "report_need"


def test_a_need_that_says_nothing_is_refused_in_french(body, person):
    with pytest.raises(ValidationError, match="Dites ce qu’il vous faut"):
        tell(body, person, words="  ")
    with pytest.raises(ValidationError):
        tell(body, person, purpose=" ")


def test_a_role_that_asks_for_nothing_tells_no_need(body):
    with pytest.raises(Refusal) as said:
        tell(body, make_person(body, Role.ANALYST))
    assert said.value.code == "not_a_requester"


def test_a_body_keeps_a_bounded_number_of_open_needs(body, person):
    for number in range(MOST_OPEN):
        tell(body, person, words=f"Outil {number}")
    with pytest.raises(Refusal) as said:
        tell(body, person, words="Un de trop")
    assert said.value.code == "too_many_needs"


def test_meeting_withdrawing_and_opening_again(body, person):
    need = tell(body, person)
    actions.withdraw_need(need=need, by=person, now=NOW)
    with pytest.raises(Refusal) as said:
        actions.meet_need(need=need, by=person, now=NOW)
    assert said.value.code == "need_not_open"
    actions.reopen_need(need=need, by=person, now=NOW)
    actions.meet_need(need=need, by=person, now=NOW)
    assert Need.objects.get().state == "met"
    verbs = JournalLine.objects.filter(object_type="needs.need").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        *("report_need", "withdraw_need", "reopen_need", "meet_need"),
    ]


def test_a_need_told_again_meanwhile_is_not_opened_twice(body, person):
    need = tell(body, person)
    actions.withdraw_need(need=need, by=person, now=NOW)
    tell(body, person)
    with pytest.raises(Refusal) as said:
        actions.reopen_need(need=need, by=person, now=NOW)
    assert said.value.code == "need_told_again"


# Who sees it


@pytest.fixture
def lift():
    return make_category("nacelle", name="Nacelle")


@pytest.fixture
def neighbour(lift):
    owner = make_body("Ville qui a")
    make_asset(owner, category=lift, name="Nacelle de 12 m", site=make_site(owner, latitude=46.6))
    return owner


def test_a_neighbour_who_has_that_kind_sees_the_need_and_how_far(body, person, neighbour, lift):
    need = tell(body, person, category=lift)
    (near,) = needs_near(neighbour, NOW)
    assert near.need == need
    assert near.asset.name == "Nacelle de 12 m"
    assert near.distance_km == pytest.approx(11.1, abs=0.1)


def test_a_draft_may_answer_but_not_what_was_withdrawn(body, person, lift):
    owner = make_body()
    asset = make_asset(owner, category=lift, state=Asset.State.DRAFT)
    tell(body, person, category=lift)
    assert len(needs_near(owner, NOW)) == 1
    Asset.objects.filter(pk=asset.pk).update(state=Asset.State.WITHDRAWN)
    assert needs_near(owner, NOW) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"radius_km": 11},
        {"words": "Salle", "category": "autre"},
        {"use": use(-30)},
        {"state": "withdrawn"},
        {"state": "met"},
    ],
    ids=["too far", "another category", "over", "withdrawn", "met"],
)
def test_a_neighbour_is_not_shown(body, person, neighbour, lift, fields):
    state = fields.pop("state", None)
    category = make_category(fields.pop("category")) if "category" in fields else lift
    need = tell(body, person, **{**fields, "category": category})
    if state:
        Need.objects.filter(pk=need.pk).update(state=state)
    assert needs_near(neighbour, NOW) == []


def test_a_need_in_words_alone_is_shown_to_all_within_reach(body, person, neighbour):
    tell(body, person, words="Quelque chose d’introuvable")
    assert len(needs_near(neighbour, NOW)) == 1


def test_ones_own_needs_are_not_a_neighbour_s(body, person, lift):
    make_asset(body, category=lift)
    tell(body, person, category=lift, use=use(48))
    assert needs_near(body, NOW) == []
    assert needs_near(make_body(), NOW + timedelta(days=1)) == []
