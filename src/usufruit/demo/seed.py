# SPDX-License-Identifier: EUPL-1.2
"""Fill the fictitious territory once, and say who can sign in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from usufruit.audits.actions import conduct_audit, send_evidence
from usufruit.audits.models import Audit
from usufruit.demo import evidence, journeys, people
from usufruit.demo.agendas import bring_agenda, type_shared_days
from usufruit.demo.building import PASSWORD, ZONE, World, build
from usufruit.demo.dataset import MRC, Dataset, load
from usufruit.demo.desk import serve, storm
from usufruit.demo.life import live
from usufruit.demo.news import spread
from usufruit.demo.premises import tell_places
from usufruit.inventory.models import Asset
from usufruit.kernel.local_time import local_wall
from usufruit.organizations.models import Organization, Person
from usufruit.ui import typography

SCHOOLS = "css-des-hauts-portages"
AUDITOR = "admin@exemple.test"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Account:
    """An account to try: its address, its function and what to do first, empty for none."""

    email: str
    function: str
    try_this: str


def is_seeded() -> bool:
    """Tell whether the territory stands: it is built whole, in one transaction, or not at all."""
    return Organization.objects.filter(slug=MRC).exists()


def seed(*, now: datetime, say: Say) -> World | None:
    """Build the territory and let it live around ``now``; None when it stands already."""
    if is_seeded():
        return None
    data = load()
    with transaction.atomic():
        world = build(data, now=now, say=say)
        tell_places(data, world, now - timedelta(days=200))
        people.settle(world)
        say("Réservations…")
        live(data.life, world)
        storm(world)
        serve(world)
        spread(data, world)
        bring_agenda(world)
        type_shared_days(world)
    return world


def audit_schools(*, now: datetime, say: Say) -> None:
    """Audit the schools on the evidence of the demonstration, unless an audit of theirs stands."""
    schools = Organization.objects.get(slug=SCHOOLS)
    if Audit.objects.filter(organization=schools).exists():
        return
    say("Audit des écoles…")
    uploads = [
        SimpleUploadedFile(name, content, content_type="text/csv")
        for name, content in evidence.files(now=now).items()
    ]
    audit = send_evidence(
        organization=schools,
        uploads=uploads,
        period=None,
        sense=None,
        by=Person.objects.get(email=AUDITOR),
        now=now,
    )
    conduct_audit(audit_id=audit.pk, clock=lambda: now)


def accounts(data: Dataset, *, now: datetime) -> list[Account]:
    """Return the accounts that sign in, those with something to try first, their days named."""
    today = local_wall(now, ZONE).date()
    gym = Asset.objects.get(external_id=journeys.GYM, owner__slug=SCHOOLS)
    days = {
        "plough": _moment(journeys.plough_day(today), journeys.PLOUGH_HOURS),
        "gym": _moment(journeys.gym_evening(today, gym), journeys.GYM_HOURS),
    }
    told = [
        Account(person.email, person.function, person.try_this.format(**days))
        for person in data.persons
        if person.signs_in
    ]
    return sorted(told, key=lambda account: not account.try_this)


def _moment(on: object, minutes: tuple[int, int]) -> str:
    return typography.span(journeys.local_use(on, minutes, ZONE), ZONE)  # type: ignore[arg-type]


__all__ = ["PASSWORD", "Account", "accounts", "audit_schools", "is_seeded", "seed"]
