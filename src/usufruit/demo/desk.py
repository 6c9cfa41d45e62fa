# SPDX-License-Identifier: EUPL-1.2
"""A desk serves people who have no account, and shuts a site the day of a storm."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from usufruit.bookings.closing_actions import Fate, close_sites
from usufruit.bookings.closing_page import lines_inside
from usufruit.bookings.desk_actions import DeskWish, book_at_desk, take_option
from usufruit.bookings.models import Channel
from usufruit.demo import journeys
from usufruit.demo.building import ZONE, World
from usufruit.inventory.queries import all_lanes
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.timetable.queries import span_of

DESK = "ville-de-valmenaud"
CLERK = "guichet"
HALL = "VM-SAL-01"
EVENING = (18 * 60, 21 * 60)
WISH = DeskWish(
    purpose="Assemblée du jardin collectif",
    people_count=25,
    key=uuid5(NAMESPACE_URL, "usufruit:demo:guichet"),
    channel=Channel.PHONE,
    caller_name="Rose-Aimée Tanguay",
    caller_phone="819 555-0142",
)


def storm(world: World) -> None:
    """Shut the hall's site from yesterday noon to this morning; a booking inside was displaced."""
    asset, desk, clerk = world.assets[HALL], world.bodies[DESK], world.persons[CLERK]
    eve = world.today - timedelta(days=1)
    noon = journeys.local_use(eve, (12 * 60, 13 * 60), ZONE).start
    wish = replace(WISH, key=uuid5(WISH.key, "verglas"), override="Assemblée annuelle")
    with suppress(Refusal):  # somebody is there already: theirs is the booking displaced
        book_at_desk(
            asset=asset,
            lanes=all_lanes(asset),
            use=journeys.local_use(eve, EVENING, ZONE),
            desk=desk,
            wish=wish,
            by=clerk,
            now=noon - timedelta(days=1),
        )
    shut = journeys.local_use(eve, (13 * 60, 30 * 60), ZONE)
    inside = lines_inside([asset.site], shut)
    close_sites(
        organization=desk,
        sites=[asset.site],
        span=shut,
        reason="verglas",
        fates={line.pk: Fate(span_of(line.use_span)) for line in inside},
        by=clerk,
        now=noon,
    )


def serve(world: World) -> None:
    """Book an evening for somebody who called, and keep another while one is on the line."""
    asset, desk, clerk = world.assets[HALL], world.bodies[DESK], world.persons[CLERK]
    evenings = [
        journeys.local_use(world.today + timedelta(days=days), EVENING, ZONE)
        for days in range(3, 38)
    ]
    booked = False
    for use in evenings:
        try:
            if not booked:
                _book(world, use)
                booked = True
            else:
                take_option(
                    asset=asset,
                    lanes=all_lanes(asset),
                    use=use,
                    desk=desk,
                    by=clerk,
                    now=world.now,
                )
                return
        except Refusal:  # taken or closed that evening: the next one
            continue


def _book(world: World, use: Span) -> None:
    asset = world.assets[HALL]
    book_at_desk(
        asset=asset,
        lanes=all_lanes(asset),
        use=use,
        desk=world.bodies[DESK],
        wish=WISH,
        by=world.persons[CLERK],
        now=world.now - timedelta(days=1),
    )
