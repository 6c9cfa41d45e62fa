# SPDX-License-Identifier: EUPL-1.2
"""Who a rule speaks to, under which rule a use falls, and what can never be stored of one."""

import pytest

from tests.support.constraints import violates
from tests.support.world import (
    NOW,
    Audience,
    Mode,
    Role,
    make_asset,
    make_body,
    make_person,
    share,
    use,
)
from usufruit.kernel.models import JournalLine
from usufruit.sharing.actions import close_rule, open_to
from usufruit.sharing.models import SharingRule
from usufruit.sharing.queries import (
    audiences_of,
    is_own_body,
    rule_covering,
    rules_for,
    rules_of,
)
from usufruit.timetable.rules import parse_opening

pytestmark = pytest.mark.django_db


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def asset(lender):
    return make_asset(lender)


@pytest.mark.parametrize(
    ("nature", "is_recognized", "audiences"),
    [
        ("municipality", False, [Audience.PUBLIC_BODIES]),
        ("municipality", True, [Audience.PUBLIC_BODIES, Audience.RECOGNIZED]),
        ("first_nation", False, [Audience.PUBLIC_BODIES]),
        ("association", False, []),
        ("association", True, [Audience.RECOGNIZED]),
    ],
)
def test_the_audiences_of_a_body(asset, nature, is_recognized, audiences):
    body = make_body(nature=nature, is_recognized=is_recognized)
    assert audiences_of(body) == audiences_of(body, asset) == audiences
    assert not is_own_body(body, asset)


def test_a_visitor_is_of_no_audience(asset):
    share(asset)
    assert audiences_of(None) == audiences_of(None, asset) == []
    assert not is_own_body(None, asset)
    assert rules_for(asset, None) == []
    assert rule_covering(asset, None, use(24)) is None


def test_owner_and_manager_are_the_asset_s_own_body_but_not_its_custodian(lender):
    manager, custodian = make_body(), make_body()
    asset = make_asset(lender, manager=manager, custodian=custodian)
    for body, is_own in [(lender, True), (manager, True), (custodian, False)]:
        assert is_own_body(body, asset) is is_own
        assert (Audience.OWN_BODY in audiences_of(body, asset)) is is_own
        assert Audience.OWN_BODY not in audiences_of(body)


def test_rules_that_book_at_once_come_first(asset):
    share(asset, Audience.PUBLIC_BODIES, Mode.APPROVAL)
    share(asset, Audience.RECOGNIZED, Mode.INSTANT)
    share(asset, Audience.OWN_BODY, Mode.INSTANT)
    both = make_body(is_recognized=True)
    assert [rule.mode for rule in rules_for(asset, both)] == ["instant", "approval"]
    assert [rule.mode for rule in rules_for(asset, make_body())] == ["approval"]
    assert rules_of(asset).count() == 3


def test_the_rule_of_a_use_holds_for_the_whole_use(asset):
    share(asset, mode=Mode.INSTANT, windows="me 8:00-12:00")
    share(asset, mode=Mode.APPROVAL, windows="me 8:00-18:00")
    body = make_body()

    def mode(hours_ahead: float, hours: float) -> str | None:
        rule = rule_covering(asset, body, use(hours_ahead, hours))  # from Wednesday 10 h
        return rule and rule.mode

    assert mode(24, 2) == "instant"
    assert mode(24, 3) == "approval"
    assert mode(26, 6) == "approval"
    assert mode(24, 9) is None
    assert mode(24 - 2, 2) == "instant"
    assert mode(24 - 3, 2) is None


def test_two_windows_that_touch_do_not_make_one_rule(asset):
    share(asset, windows="me 8:00-12:00")
    share(asset, windows="me 12:00-18:00")
    assert rule_covering(asset, make_body(), use(25, 2)) is None


def test_opening_again_on_other_terms_changes_the_terms(asset):
    first = open_to(
        asset=asset,
        audience=Audience.PUBLIC_BODIES,
        mode=Mode.APPROVAL,
        windows=None,
        by=None,
        now=NOW,
    )
    share(asset, Audience.PUBLIC_BODIES, Mode.INSTANT)
    rule = SharingRule.objects.get()
    assert (rule.pk, rule.mode) == (first.pk, Mode.INSTANT)
    written = JournalLine.objects.filter(verb="open_to").order_by("pk").last()
    assert written.detail["mode"] == rule.mode


def test_windows_are_read_in_the_site_s_own_time(lender):
    asset = make_asset(lender)
    asset.site.time_zone = "America/Halifax"
    asset.site.save()
    rule = open_to(
        asset=asset,
        audience=Audience.PUBLIC_BODIES,
        mode=Mode.INSTANT,
        windows=parse_opening("me 11:00-13:00"),
        by=None,
        now=NOW,
    )
    assert rule.windows.time_zone == "America/Halifax"
    assert rule_covering(asset, make_body(), use(24)) == rule  # 15 h to 17 h UTC, 11 h to 13 h


def test_a_closed_rule_speaks_to_nobody(asset, lender):
    share(asset)
    close_rule(rule=rules_of(asset).get(), by=make_person(lender, Role.ASSET_MANAGER), now=NOW)
    assert rules_for(asset, make_body()) == []
    assert JournalLine.objects.filter(verb="close_rule", object_id=str(asset.pk)).exists()


def test_audience_and_mode_are_known(asset):
    with violates("sharing_audience_known"):
        SharingRule.objects.create(asset=asset, audience="everybody")
    with violates("sharing_mode_known"):
        SharingRule.objects.create(asset=asset, audience=Audience.RECOGNIZED, mode="maybe")


def test_a_rule_without_windows_is_stored_once(asset):
    share(asset)
    with violates("sharing_rule_once"):
        SharingRule.objects.create(asset=asset, audience=Audience.PUBLIC_BODIES)
