# SPDX-License-Identifier: EUPL-1.2
"""What can be done about personal data: enter an incident, erase an account, destroy in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Q

from usufruit.bookings.exchanges import erase_words_of
from usufruit.bookings.models import BookingLine
from usufruit.kernel.models import JournalLine, ReadingLine
from usufruit.kernel.transactions import verb
from usufruit.notices.actions import forget_news_of
from usufruit.organizations.actions import (
    check_administrator_left,
    end_roles,
    erase_person,
    lock_body,
)
from usufruit.organizations.models import Invitation, Organization, Person
from usufruit.privacy import register
from usufruit.privacy.models import Incident, RetentionRun
from usufruit.privacy.queries import administered_by

ERASED_A_NIGHT = 500


@verb
def record_incident(
    *, organization: Organization, fields: Mapping[str, Any], by: Person, now: datetime
) -> Incident:
    """Enter an incident in the register of a body.

    Args:
        fields: the columns of the incident.

    Raises:
        ValidationError: in French, when a constraint of the incident would be broken.
    """
    incident = Incident(organization=organization, recorded_by=by, recorded_at=now, **fields)
    return _save("record_incident", incident, by, now)


@verb
def correct_incident(
    *, incident: Incident, fields: Mapping[str, Any], by: Person, now: datetime
) -> Incident:
    """Complete or correct an incident; its history keeps what was written before.

    Raises:
        ValidationError: in French, when a constraint of the incident would be broken.
    """
    for name, value in fields.items():
        setattr(incident, name, value)
    return _save("correct_incident", incident, by, now)


def _save(verb_name: str, incident: Incident, by: Person, now: datetime) -> Incident:
    incident.full_clean()
    incident.save()
    JournalLine.record(
        verb_name,
        incident,
        at=now,
        person_id=by.pk,
        organization_id=incident.organization_id,
    )
    return incident


@verb
def erase_account(*, person: Person, by: Person, now: datetime) -> None:
    """Empty a person's row, unless a body would be left without anybody to administer it.

    Each body is locked first: two administrators who leave at once do not both succeed.

    Raises:
        Refusal: ``last_administrator``.
    """
    for body in administered_by(person):
        lock_body(body)
        check_administrator_left(person, body)
    _erase(person, by, now)


def _erase(person: Person, by: Person, now: datetime) -> None:
    """Empty a person's row, and the words and news that were theirs alone."""
    erase_words_of(person=person, now=now)
    forget_news_of(person=person)
    erase_person(person=person, by=by, now=now)


@verb
def apply_retention(*, now: datetime) -> dict[str, int]:
    """Destroy what has been kept long enough, and keep the proof of it.

    Returns:
        how many rows were destroyed, by retention.
    """
    counts = {limit.code: _DESTROY[limit.code](now) for limit in register.RETENTIONS}
    RetentionRun.objects.bulk_create(
        RetentionRun(at=now, code=code, count=count) for code, count in counts.items() if count
    )
    return counts


def _destroy_sessions(now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _destroy_readings(now: datetime) -> int:
    return ReadingLine.objects.filter(at__lt=register.READINGS.ends_before(now)).delete()[0]


def _destroy_incidents(now: datetime) -> int:
    last_on = register.INCIDENTS.ends_before(now).date()
    return Incident.objects.filter(closed_on__lt=last_on).delete()[0]


def _erase_idle_accounts(now: datetime) -> int:
    """Erase those without a body who neither signed in nor booked for long, some each night."""
    end_roles(now=now)  # who left on a later day belongs to nobody since
    limit = register.IDLE_ACCOUNTS.ends_before(now)
    is_recent = Q(booking__created_at__gte=limit) | Q(use_span__endswith__gte=limit)
    recent = BookingLine.objects.filter(is_recent)
    awaited = Invitation.objects.unanswered().filter(expires_at__gt=now)
    has_not_come = Q(invitations__expires_at__lt=limit)
    has_booked = Q(bookings__isnull=False) | Q(called_bookings__isnull=False)
    idle = (
        Person.objects.filter(erased_at__isnull=True, memberships__isnull=True)
        .filter(Q(last_login__lt=limit) | Q(last_login__isnull=True) & (has_booked | has_not_come))
        .filter(is_platform_admin=False)
        .exclude(pk__in=awaited.values("person"))
        .exclude(pk__in=recent.values("booking__requester"))
        .exclude(pk__in=recent.filter(booking__caller__isnull=False).values("booking__caller"))
        .distinct()
        .order_by("pk")[:ERASED_A_NIGHT]
    )
    people = list(idle)
    for person in people:
        _erase(person, person, now)
    return len(people)


_DESTROY: dict[str, Callable[[datetime], int]] = {
    register.SESSIONS.code: _destroy_sessions,
    register.READINGS.code: _destroy_readings,
    register.IDLE_ACCOUNTS.code: _erase_idle_accounts,
    register.INCIDENTS.code: _destroy_incidents,
}
