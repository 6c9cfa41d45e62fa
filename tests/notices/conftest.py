# SPDX-License-Identifier: EUPL-1.2
"""News without a booking: any object of the site may have some."""

import pytest

from tests.support import mail
from tests.support.world import NOW, Role, make_body, make_person
from usufruit.notices.models import Audience, Change, Family
from usufruit.notices.rules import Letter, Link


def write(notice, now):
    """Write the letter of a thing, as the room of things would."""
    if notice.change.event == "broken":
        raise ValueError("a fault of the writer")
    link = Link("Voir la chose", notice.change.path)
    return Letter(subject=notice.change.title, paragraphs=("Voilà.",), action=link)


@pytest.fixture(autouse=True)
def _things(settings):
    settings.NOTICE_WRITERS = {"things.thing": "tests.notices.conftest.write"}


@pytest.fixture(scope="module")
def server():
    with mail.sink() as sink:
        yield sink


@pytest.fixture
def box(server):
    server.messages.clear()
    server.answer = ""
    return server


@pytest.fixture
def body(db):
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def clerk(body):
    return make_person(body, Role.DESK_CLERK)


@pytest.fixture
def news(body):
    def make(**fields):
        values = {
            "event": "happened",
            "family": Family.CHANGES,
            "audience": Audience.DECIDERS,
            "organization": body,
            "object_type": "things.thing",
            "object_id": "1",
            "title": "Une chose arrive",
            "path": "/compte/",
            "made_at": NOW,
            "due_at": NOW,
            **fields,
        }
        return Change(**values)

    return make
