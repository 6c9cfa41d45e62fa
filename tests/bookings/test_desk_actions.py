# SPDX-License-Identifier: EUPL-1.2
"""A desk keeps a slot, books it for somebody without an account, and finds them again."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

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
from usufruit.bookings.actions import cancel_line, move_line
from usufruit.bookings.desk_actions import DeskWish, book_at_desk, release_option, take_option
from usufruit.bookings.desk_queries import bookings_found, caller_served, options_alive
from usufruit.bookings.models import Booking, BookingLine, Channel, LineState
from usufruit.bookings.queries import history_of
from usufruit.bookings.rules import reference_read, spelled_aloud
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.models import Organization, Person
from usufruit.timetable.actions import WantedHold, take
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import is_taken

A_QUARTER = timedelta(minutes=15)


class Desk:
    """A body with its clerk and a gymnasium open by day, which it shares with public bodies."""

    def __init__(self, opening: str = "tous 8:00-22:00") -> None:
        self.body = make_body("Ville de Saint-Essai")
        self.clerk = make_person(self.body, Role.DESK_CLERK)
        self.gym = make_asset(self.body, name="Gymnase", opening=opening)
        share(self.gym, mode=Mode.APPROVAL)

    def keep(self, span=None, *, by=None, asset=None, now=NOW) -> int:
        asset = asset or self.gym
        return take_option(
            asset=asset,
            lanes=all_lanes(asset),
            use=span or use(24),
            desk=self.body,
            by=by or self.clerk,
            now=now,
        )

    def book(self, span=None, *, asset=None, now=NOW, by=None, **wish) -> BookingLine:
        asset = asset or self.gym
        told = DeskWish("Fête de quartier", 30, uuid4(), Channel.PHONE, caller_name="Luce Roy")
        return book_at_desk(
            asset=asset,
            lanes=all_lanes(asset),
            use=span or use(24),
            desk=self.body,
            wish=replace(told, **wish),
            by=by or self.clerk,
            now=now,
        )


def refused(code: str):
    return pytest.raises(Refusal, match=f"^{code}:")


@pytest.mark.django_db
class TestOptions:
    def test_an_option_takes_the_slot_for_a_quarter_of_an_hour(self):
        desk = Desk()
        kept = Hold.objects.get(pk=desk.keep())
        assert (kept.reason, kept.held_by, kept.expires_at) == (
            "option",
            desk.clerk,
            NOW + A_QUARTER,
        )
        colleague = make_person(desk.body, Role.DESK_CLERK)
        with refused("slot_taken"):
            desk.keep(by=colleague, now=NOW + A_QUARTER - timedelta(seconds=1))
        assert desk.keep(by=colleague, now=NOW + A_QUARTER)

    def test_three_at_most_and_giving_back_makes_room(self):
        desk = Desk()
        first = desk.keep(use(24))
        desk.keep(use(48))
        desk.keep(use(72))
        with refused("too_many_options"):
            desk.keep(use(96))
        release_option(option=Hold.objects.get(pk=first), desk=desk.body, by=desk.clerk, now=NOW)
        assert desk.keep(use(24))
        assert desk.keep(use(96), now=NOW + A_QUARTER)

    def test_nobody_gives_back_what_another_keeps(self):
        desk = Desk()
        kept = Hold.objects.get(pk=desk.keep())
        other = make_person(desk.body, Role.DESK_CLERK)
        release_option(option=kept, desk=desk.body, by=other, now=NOW)
        assert Hold.objects.filter(pk=kept.pk).exists()

    def test_only_the_desk_keeps_slots(self):
        desk = Desk()
        with refused("not_at_desk"):
            desk.keep(by=make_person(desk.body, Role.REQUESTER))

    def test_what_an_owner_approves_is_asked_for_not_kept(self):
        desk, lender = Desk(), make_body()
        asked, lent = make_asset(lender), make_asset(lender)
        share(asked, mode=Mode.APPROVAL)
        share(lent, mode=Mode.INSTANT)
        with refused("needs_approval"):
            desk.keep(asset=asked)
        assert desk.keep(asset=lent)
        line = desk.book(asset=asked)
        assert (line.state, line.booking.organization) == (LineState.REQUESTED, desk.body)

    def test_an_option_without_end_or_holder_cannot_be_stored(self):
        kept = Desk().keep()
        for column in ("expires_at", "held_by_id"):
            with violates("hold_option_runs_out"), connection.cursor() as cursor:
                cursor.execute(f"UPDATE timetable_hold SET {column} = NULL WHERE id = %s", [kept])

    @settings(max_examples=20, deadline=None)
    @given(ended=st.lists(st.integers(-600, 600), max_size=4), wanted=st.integers(0, 20))
    def test_options_that_have_run_out_never_block(self, ended, wanted):
        desk = Desk()
        alive = []
        for number, seconds in enumerate(ended):
            expires_at = NOW + timedelta(seconds=seconds)
            span = use(24 + 4 * number, 4)
            hold = WantedHold(
                desk.gym,
                all_lanes(desk.gym),
                span,
                span,
                Hold.Reason.OPTION,
                expires_at=expires_at,
                held_by_id=desk.clerk.pk,
            )
            assert take([hold], now=NOW - timedelta(hours=1))
            alive += [span] if expires_at > NOW else []
        asked = use(24 + wanted, 1)
        blocks = any(span.overlaps(asked) for span in alive)
        assert is_taken(desk.gym, all_lanes(desk.gym), asked, NOW) == blocks
        hold = WantedHold(desk.gym, all_lanes(desk.gym), asked, asked, Hold.Reason.OWN_USE)
        assert bool(take([hold], now=NOW)) != blocks


@pytest.mark.django_db
class TestBooking:
    def test_the_option_becomes_the_booking_of_a_resident(self):
        desk = Desk()
        option = desk.keep()
        line = desk.book(option_id=option, caller_phone="418 555-0101")
        assert line.state == LineState.CONFIRMED
        booking = line.booking
        assert (booking.organization, booking.desk, booking.requester) == (
            desk.body,
            desk.body,
            desk.clerk,
        )
        assert (booking.caller.full_name, booking.caller.phone) == ("Luce Roy", "418 555-0101")
        assert (booking.caller.email, booking.caller.has_usable_password()) == (None, False)
        held = Hold.objects.get(line_id=line.pk)
        assert (held.pk, held.reason, held.expires_at, held.held_by) == (
            option,
            "booking",
            None,
            None,
        )
        assert "par téléphone" in history_of(line)[0].words

    def test_at_the_instant_it_ends_the_option_is_gone(self):
        desk = Desk()
        option = desk.keep()
        with refused("option_expired"):
            desk.book(option_id=option, now=NOW + A_QUARTER)
        assert not BookingLine.objects.exists()
        assert desk.book(option_id=option, now=NOW + A_QUARTER - timedelta(microseconds=1))

    def test_the_same_form_sent_twice_books_once_and_enters_one_person(self):
        desk, key = Desk(), uuid4()
        option = desk.keep()
        told = {"new_association": "Club des Rives", "override": "Première fois"}
        first = desk.book(option_id=option, key=key, **told)
        assert desk.book(option_id=option, key=key, **told) == first
        assert Person.objects.filter(full_name="Luce Roy").count() == 1
        assert Organization.objects.filter(name="Club des Rives").count() == 1
        with refused("key_reused"):
            desk.book(key=key, purpose="Autre chose")

    def test_a_resident_is_held_to_the_opening_hours_unless_the_body_says_why(self):
        desk = Desk(opening="lu 8:00-9:00")
        with refused("closed"):
            desk.book()
        line = desk.book(override="Veillée funèbre")
        assert line.state == LineState.CONFIRMED
        assert "malgré la règle\u00a0: Veillée funèbre" in history_of(line)[0].words

    def test_a_body_is_held_to_the_rules_that_speak_to_it(self):
        desk = Desk()
        town, club = make_body(), make_body(nature="association")
        assert desk.book(use(24), borrower=town).state == LineState.CONFIRMED
        with refused("not_open_to_you"):
            desk.book(use(48), borrower=club)
        assert (
            desk.book(use(48), borrower=club, override="Entente verbale").booking.organization
            == club
        )
        newcomer = desk.book(use(72), new_association="Club des Rives", override="Première fois")
        assert not newcomer.booking.organization.is_recognized
        assert newcomer.booking.organization.territory == desk.body.territory

    def test_another_bodys_asset_is_borrowed_by_the_desks_own_body(self):
        desk, lender = Desk(), make_body()
        lent = make_asset(lender)
        share(lent, mode=Mode.INSTANT)
        with refused("lends_its_own_only"):
            desk.book(asset=lent, borrower=make_body(), override="Parce que")
        assert desk.book(asset=lent).booking.organization == desk.body

    def test_the_caller_rings_back_to_move_then_to_cancel(self):
        desk = Desk()
        line = desk.book(borrower=make_body())
        move_line(line=line, use=use(48), by=desk.clerk, now=NOW, channel=Channel.PHONE)
        cancel_line(line=line, by=desk.clerk, now=NOW, channel=Channel.COUNTER)
        told = [event.words for event in history_of(line)]
        assert told[1:] == [
            "Réservation déplacée, par téléphone",
            "Réservation annulée, au comptoir",
        ]
        line = desk.book(use(72), borrower=make_body())
        with refused("not_a_requester"):
            cancel_line(line=line, by=make_person(make_body(), Role.DESK_CLERK), now=NOW)

    def test_a_booking_of_a_desk_names_it_and_nobody_else_has_callers(self):
        booking = Desk().book().booking
        for change in ({"channel": "pigeon"},):
            with violates("booking_channel_known"):
                Booking.objects.filter(pk=booking.pk).update(**change)
        for change in ({"channel": "web"}, {"desk": None}):
            with violates("booking_caller_at_desk"):
                Booking.objects.filter(pk=booking.pk).update(**change)


@pytest.mark.django_db
class TestFinding:
    def test_by_reference_telephone_name_and_day(self):
        desk = Desk()
        line = desk.book(caller_name="Élise Côté", caller_phone="(418) 555-0177")
        loose = line.booking.reference.replace("-", "").lower()
        for words in (line.booking.reference, loose, "555 0177", "cote", "ELISE", "2026-12-02"):
            assert bookings_found(desk.body, words) == [line], words
        for words in ("zzz", "999 9999", "2026-12-03", "x", "1"):
            assert bookings_found(desk.body, words) == [], words

    def test_another_desk_knows_none_of_these_callers(self):
        desk, other = Desk(), Desk()
        desk.book(caller_phone="418 555-0177")
        assert caller_served(desk.body, "luce roy", "4185550177")
        assert caller_served(other.body, "luce roy", "4185550177") is None
        assert bookings_found(other.body, "Luce") == []

    def test_a_caller_served_before_is_not_entered_again(self):
        desk = Desk()
        first = desk.book(use(24), caller_phone="418 555-0177").booking.caller
        again = desk.book(use(48), caller_name="LUCE ROY", caller_phone="418.555.0177")
        assert again.booking.caller == first
        assert desk.book(use(72), caller_phone="418 555-0100").booking.caller != first

    def test_references_as_people_say_them(self):
        assert reference_read(" 7k2 m9q ") == "7K2-M9Q"
        assert [reference_read(words) for words in ("7K2M9", "Luce", "7K0-M9Q", "")] == [""] * 4
        assert spelled_aloud("7K2-M9Q") == "7, K, 2, tiret, M, 9, Q"


@pytest.mark.django_db
class TestRaces:
    @pytest.fixture(autouse=True)
    def _for_real(self, db):
        with committed():
            yield

    def test_of_two_clerks_one_keeps_the_slot(self):
        desk = Desk()
        clerks = [make_person(desk.body, Role.DESK_CLERK) for _ in range(4)]
        outcomes = outcomes_together([lambda by=by: desk.keep(by=by) for by in clerks])
        kept = [one for one in outcomes if isinstance(one, int)]
        assert len(kept) == 1
        assert {one.code for one in outcomes if not isinstance(one, int)} == {"slot_taken"}

    def test_one_clerk_in_four_windows_keeps_three(self):
        desk = Desk()
        asks = [lambda h=h: desk.keep(use(h)) for h in (24, 48, 72, 96)]
        outcomes = outcomes_together(asks)
        assert sum(isinstance(one, int) for one in outcomes) == 3
        assert [one.code for one in outcomes if not isinstance(one, int)] == ["too_many_options"]
        assert options_alive(desk.clerk, NOW).count() == 3

    def test_at_its_end_an_option_is_confirmed_or_taken_by_another_never_both(self):
        desk = Desk()
        other = make_person(desk.body, Role.DESK_CLERK)
        option = desk.keep()
        end = NOW + A_QUARTER
        outcomes = outcomes_together(
            [
                lambda: desk.book(option_id=option, now=end - timedelta(seconds=1)),
                lambda: desk.keep(by=other, now=end),
            ]
        )
        assert sum(not isinstance(one, BaseException) for one in outcomes) == 1
        lost = next(one for one in outcomes if isinstance(one, BaseException))
        assert lost.code in {"option_expired", "slot_taken"}
        assert Hold.objects.count() == 1

    def test_a_double_press_books_once(self):
        desk, key = Desk(), uuid4()
        option = desk.keep()
        sent = [lambda: desk.book(option_id=option, key=key)] * 3
        outcomes = outcomes_together(sent)
        assert len(set(outcomes)) == 1
        assert Person.objects.filter(full_name="Luce Roy").count() == 1
