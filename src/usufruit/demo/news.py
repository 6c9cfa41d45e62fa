# SPDX-License-Identifier: EUPL-1.2
"""Let the people of the territory hear what happened; all but the latest is read."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import get_connection

from usufruit.demo.building import World
from usufruit.demo.dataset import Dataset
from usufruit.notices.actions import choose_rhythms, deliver, read_notices
from usufruit.notices.models import Rhythm
from usufruit.notices.queries import CHOSEN_FAMILIES, notices_of

READ_BEFORE = timedelta(days=2)
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


def spread(data: Dataset, world: World) -> None:
    """Make the notices of all that was lived; no letter is owed for what is past."""
    for person in world.persons.values():
        choose_rhythms(
            rhythms=dict.fromkeys(CHOSEN_FAMILIES, Rhythm.PRODUCT), by=person, now=world.now
        )
    deliver(now=world.now, mailer=get_connection(NO_MAIL))
    for row in data.persons:
        person = world.persons[row.local]
        old = notices_of(person).filter(made_at__lt=world.now - READ_BEFORE)
        read_notices(notices=old.values_list("pk", flat=True), by=person, now=world.now)
        if row.signs_in:
            choose_rhythms(
                rhythms=dict.fromkeys(CHOSEN_FAMILIES, Rhythm.AT_ONCE), by=person, now=world.now
            )
