# SPDX-License-Identifier: EUPL-1.2
"""A lender with its clerk, a borrower with its member, and the rooms they share."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

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
from usufruit.bookings.actions import request_booking


@pytest.fixture
def scene(db):
    """Return who lends and who borrows, a gym by approval and a hall at once, and ``ask``."""
    return make_scene()


def make_scene():
    lender, borrower = make_body("Ville de Saint-Essai"), make_body("Club voisin")
    made = SimpleNamespace(
        lender=lender,
        clerk=make_person(lender, Role.DESK_CLERK),
        gym=make_asset(lender, name="Gymnase des Saules"),
        hall=make_asset(lender, name="Salle des Pins"),
        borrower=borrower,
        member=make_person(borrower, Role.REQUESTER),
    )
    share(made.gym, mode=Mode.APPROVAL)
    share(made.hall)

    def ask(asset=None, span=None, by=None, body=None, now=NOW):
        wanted = asset or made.gym
        return request_booking(
            asset=wanted,
            lanes=all_lanes(wanted),
            use=span or use(48),
            organization=body or borrower,
            purpose="Tournoi",
            people_count=None,
            key=uuid4(),
            by=by or made.member,
            now=now,
        )

    made.ask = ask
    return made
