# SPDX-License-Identifier: EUPL-1.2
"""A storm: every booking of the sites that shut has its answer, whatever is booked meanwhile."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.constraints import violates
from tests.support.together import committed, outcomes_together
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
from usufruit.bookings.actions import approve_line, move_line, request_booking
from usufruit.bookings.closing_actions import Fate, close_sites, reopen, restore_line
from usufruit.bookings.desk_actions import take_option
from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.queries import history_of
from usufruit.kernel.refusals import Refusal
from usufruit.timetable.actions import block_time
from usufruit.timetable.models import Closure, Hold
from usufruit.timetable.queries import span_of

STORM = use(20, 20)


class Town:
    """Two gymnasiums at two sites, shared at once, a manager and a borrower."""

    def __init__(self, mode: Mode = Mode.INSTANT) -> None:
        self.body = make_body("Ville de Saint-Essai")
        self.manager = make_person(self.body, Role.ASSET_MANAGER)
        self.gym, self.other = make_asset(self.body), make_asset(self.body)
        for asset in (self.gym, self.other):
            share(asset, mode=mode)
        self.guest = make_body()
        self.person = make_person(self.guest, Role.REQUESTER)

    def book(self, span=None, asset=None) -> BookingLine:
        asset = asset or self.gym
        return request_booking(
            asset=asset,
            lanes=all_lanes(asset),
            use=span or use(24),
            organization=self.guest,
            purpose="Match",
            people_count=None,
            key=uuid4(),
            by=self.person,
            now=NOW,
        )

    def shut(self, fates=None, *, sites=None, span=STORM, by=None, now=NOW) -> Closure:
        return close_sites(
            organization=self.body,
            sites=[self.gym.site] if sites is None else sites,
            span=span,
            reason="verglas",
            fates=fates or {},
            by=by or self.manager,
            now=now,
        )


def fate(line: BookingLine, **said) -> dict[int, Fate]:
    return {line.pk: Fate(span_of(line.use_span), **said)}


def refused(code: str):
    return pytest.raises(Refusal, match=f"^{code}:")


@pytest.mark.django_db
class TestClosing:
    def test_a_booking_without_an_answer_keeps_the_site_open(self):
        town = Town()
        line = town.book()
        with refused("bookings_inside") as refusal:
            town.shut()
        assert refusal.value.lines == [line.pk]
        moved = {line.pk: Fate(use(30))}
        with refused("bookings_inside"):
            town.shut(moved)
        assert not Closure.objects.exists()

    def test_freed_kept_and_moved(self):
        town = Town()
        freed, kept, moved = town.book(use(24)), town.book(use(27)), town.book(use(30))
        elsewhere = town.book(use(33))
        closure = town.shut(
            {
                **fate(freed),
                **fate(kept, is_kept=True),
                **fate(moved, asset=town.gym, use=use(60)),
                **fate(elsewhere, asset=town.other, use=use(33)),
            }
        )
        for line in (freed, kept, moved, elsewhere):
            line.refresh_from_db()
        assert (freed.state, freed.displaced_by) == (LineState.DISPLACED, closure)
        assert not Hold.objects.filter(line_id=freed.pk).exists()
        assert (kept.state, span_of(kept.use_span)) == (LineState.CONFIRMED, use(27))
        assert (moved.state, span_of(moved.use_span)) == (LineState.CONFIRMED, use(60))
        assert Hold.objects.get(line_id=elsewhere.pk).asset == town.other
        assert "le lieu ferme" in history_of(freed)[-1].words

    def test_all_or_nothing_when_a_place_to_go_is_gone(self):
        town = Town()
        freed, moved = town.book(use(24)), town.book(use(30))
        town.book(use(30), town.other)
        with refused("slot_taken"):
            town.shut({**fate(freed), **fate(moved, asset=town.other, use=use(30))})
        assert not Closure.objects.exists()
        freed.refresh_from_db()
        assert freed.state == LineState.CONFIRMED

    def test_nothing_moves_into_the_storm_nor_to_who_must_be_asked(self):
        town = Town()
        line, lender = town.book(), make_body()
        asked = make_asset(lender)
        share(asked, mode=Mode.APPROVAL)
        with refused("site_closed"):
            town.shut(fate(line, asset=town.gym, use=use(30)))
        with refused("needs_approval"):
            town.shut(fate(line, asset=asked, use=use(24)))

    def test_shut_means_shut_for_all_ways_in(self):
        town, asking = Town(), Town(Mode.APPROVAL)
        line, request = town.book(use(60)), asking.book()
        town.shut()
        asking.shut()
        with refused("site_closed"):
            town.book()
        with refused("site_closed"):
            move_line(line=line, use=use(24), by=town.person, now=NOW)
        with refused("site_closed"):
            approve_line(line=request, by=asking.manager, now=NOW)
        with refused("site_closed"):
            take_option(
                asset=town.gym,
                lanes=all_lanes(town.gym),
                use=use(24),
                desk=town.body,
                by=town.manager,
                now=NOW,
            )
        assert town.book(use(24), town.other)
        assert block_time(
            asset=town.gym,
            lanes=all_lanes(town.gym),
            use=use(24),
            note="Refuge",
            reason=Hold.Reason.OWN_USE,
            by=town.manager,
            now=NOW,
        )

    def test_one_under_way_is_kept_whatever_is_said(self):
        town = Town()
        line = town.book(use(1, 4))
        now = NOW + timedelta(hours=2)
        town.shut(fate(line), span=use(3, 10), now=now)
        line.refresh_from_db()
        assert line.state == LineState.CONFIRMED

    def test_who_may_shut_and_what_can_be_shut(self):
        town = Town()
        for by in (town.person, make_person(town.body, Role.DESK_CLERK)):
            with refused("not_a_closer"):
                town.shut(by=by)
        with refused("not_a_closer"):
            town.shut(sites=[make_asset(make_body()).site])
        with refused("no_site"):
            town.shut(sites=[])
        with refused("starts_in_past"):
            town.shut(span=use(-10, 9))
        with refused("too_long"):
            town.shut(span=use(0, 24 * 32))
        assert town.shut(by=make_person(town.body, Role.COORDINATOR))

    def test_open_again_and_bring_back_who_can(self):
        town = Town()
        back, lost = town.book(use(24)), town.book(use(30))
        closure = town.shut({**fate(back), **fate(lost)})
        with refused("site_closed"):
            restore_line(line=back, by=town.manager, now=NOW)
        assert reopen(closure=closure, sites=[town.gym.site], by=town.manager, now=NOW) == 1
        with refused("not_a_closer"):
            restore_line(line=back, by=town.person, now=NOW)
        assert restore_line(line=back, by=town.manager, now=NOW).state == LineState.CONFIRMED
        assert Hold.objects.get(line_id=back.pk)
        with refused("not_displaced"):
            restore_line(line=back, by=town.manager, now=NOW)
        town.book(use(30))
        with refused("slot_taken"):
            restore_line(line=lost, by=town.manager, now=NOW)

    def test_what_is_displaced_names_its_closure_and_nothing_else_does(self):
        town = Town()
        line = town.book()
        closure = town.shut(fate(line))
        with violates("line_displaced_by_closure"):
            BookingLine.objects.filter(pk=line.pk).update(displaced_by=None)
        kept = town.book(use(60))
        with violates("line_displaced_by_closure"):
            BookingLine.objects.filter(pk=kept.pk).update(displaced_by=closure)


@pytest.mark.django_db
class TestRaces:
    @pytest.fixture(autouse=True)
    def _for_real(self, db):
        with committed():
            yield

    def test_a_booking_and_a_storm_never_both_pass(self):
        for _round in range(4):
            town = Town()
            outcomes = outcomes_together([town.shut, town.book])
            codes = {getattr(one, "code", "done") for one in outcomes}
            assert codes in ({"done", "site_closed"}, {"bookings_inside", "done"})
            assert Closure.objects.filter(organization=town.body).count() == (
                "site_closed" in codes
            )

    def test_a_move_an_approval_and_a_storm_end_without_a_deadlock(self):
        town, asking = Town(), Town(Mode.APPROVAL)
        line, request = town.book(use(60)), asking.book()
        outcomes = outcomes_together(
            [
                town.shut,
                lambda: move_line(line=line, use=use(24), by=town.person, now=NOW),
                asking.shut,
                lambda: approve_line(line=request, by=asking.manager, now=NOW),
            ]
        )
        codes = [getattr(one, "code", "done") for one in outcomes]
        for pair in (set(codes[:2]), set(codes[2:])):
            assert pair in ({"done", "site_closed"}, {"bookings_inside", "done"})
