# SPDX-License-Identifier: EUPL-1.2
"""Being away for some days with somebody in one's place, and leaving a body for good."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from psycopg.types.range import DateRange

from usufruit.kernel.local_time import local_wall
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.actions import (
    check_administrator,
    check_administrator_left,
    close_sessions,
    lock_body,
)
from usufruit.organizations.models import (
    Absence,
    Departure,
    Membership,
    Organization,
    Person,
    Role,
)
from usufruit.organizations.queries import people_of

LONGEST = timedelta(days=731)


@verb
def record_absence(
    *,
    person: Person,
    organization: Organization,
    replacement: Person,
    first_on: date,
    last_on: date,
    by: Person,
    now: datetime,
) -> Absence:
    """Say that a person is away from a day to another, both included, and who stands in.

    Raises:
        Refusal: ``not_an_administrator`` to who is neither the person nor an administrator;
            ``replaced_by_oneself``, ``replacement_not_here``, ``days_reversed``, ``days_over``,
            ``absence_too_long``, ``absence_overlaps``.
    """
    lock_body(organization)
    if by.pk != person.pk:
        check_administrator(by, organization)
    _check_replacement(person, replacement, organization)
    _check_days(first_on, last_on, local_wall(now, organization.time_zone).date())
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                organization=organization,
                person=person,
                replacement=replacement,
                days=DateRange(first_on, last_on + timedelta(days=1)),
            )
    except IntegrityError as error:
        raise Refusal(
            "absence_overlaps", "Une autre absence couvre déjà une partie de ces jours."
        ) from error
    _journal("record_absence", absence, by, now, replaces=person.pk, replacement=replacement.pk)
    return absence


def _check_replacement(person: Person, replacement: Person, organization: Organization) -> None:
    if replacement.pk == person.pk:
        raise Refusal("replaced_by_oneself", "Choisissez une autre personne que l’absente.")
    here = set(people_of(organization).values_list("pk", flat=True))
    if not {person.pk, replacement.pk} <= here:
        raise Refusal("replacement_not_here", "Choisissez une personne de l’organisme.")


def _check_days(first_on: date, last_on: date, today: date) -> None:
    if last_on < first_on:
        raise Refusal("days_reversed", "Le dernier jour vient avant le premier.")
    if last_on < today:
        raise Refusal("days_over", "Ces jours sont passés.")
    if last_on - first_on > LONGEST:
        raise Refusal("absence_too_long", "Une absence dure au plus deux ans.")


@verb
def end_absence(*, absence: Absence, by: Person, now: datetime) -> None:
    """Take an absence back, or end it the evening before when it has begun.

    Raises:
        Refusal: ``not_an_administrator`` to who is neither the person nor an administrator.
    """
    lock_body(absence.organization)
    if by.pk != absence.person_id:
        check_administrator(by, absence.organization)
    _journal("end_absence", absence, by, now, replaces=absence.person_id)
    _cut(absence, local_wall(now, absence.organization.time_zone).date())


def _cut(absence: Absence, on: date) -> None:
    """Let no day of an absence remain from a day on."""
    if absence.first_on >= on:
        absence.delete()
    elif absence.last_on >= on:
        absence.days = DateRange(absence.first_on, on)
        absence.save(update_fields=["days"])


@verb
def record_departure(
    *,
    person: Person,
    organization: Organization,
    leaves_on: date,
    contact: Person,
    by: Person,
    now: datetime,
) -> Departure:
    """End the roles of a person in a body on a day; today, they end at once.

    Their bookings stay the body's, and the contact answers for them. Sessions close, replacements
    end, and a steward's or deputy's place is free again.

    Raises:
        Refusal: ``not_an_administrator``, ``not_a_member``, ``leaves_in_past``,
            ``contact_not_here``, ``last_administrator``, ``departure_recorded``.
    """
    lock_body(organization)
    check_administrator(by, organization)
    today = local_wall(now, organization.time_zone).date()
    held = Membership.objects.filter(person=person, organization=organization)
    if not held.exists():
        raise Refusal("not_a_member", "Cette personne n’est plus de l’organisme.")
    if leaves_on < today:
        raise Refusal("leaves_in_past", "Le départ est aujourd’hui ou plus tard.")
    if contact.pk == person.pk or not people_of(organization).filter(pk=contact.pk).exists():
        raise Refusal("contact_not_here", "Choisissez une autre personne de l’organisme.")
    if held.filter(role=Role.BODY_ADMIN).exists():
        check_administrator_left(person, organization)
    departure, is_new = Departure.objects.get_or_create(
        person=person, organization=organization, leaves_on=leaves_on, defaults={"contact": contact}
    )
    if not is_new:
        raise Refusal("departure_recorded", "Ce départ est déjà inscrit.")
    _end_roles(person, organization, leaves_on, today)
    _end_replacements(person, organization, leaves_on)
    _free_stewardship(person, organization)
    _journal("record_departure", departure, by, now, person=person.pk, on=str(leaves_on))
    return departure


def _end_roles(person: Person, organization: Organization, leaves_on: date, today: date) -> None:
    held = Membership.objects.filter(person=person, organization=organization)
    if leaves_on <= today:
        held.delete()
        close_sessions(person)
    else:
        held.update(ends_on=leaves_on)


def _end_replacements(person: Person, organization: Organization, leaves_on: date) -> None:
    for absence in Absence.objects.filter(organization=organization).order_by("pk"):
        if person.pk in {absence.person_id, absence.replacement_id}:
            _cut(absence, leaves_on)


def _free_stewardship(person: Person, organization: Organization) -> None:
    for place in ("steward", "deputy"):
        Organization.objects.filter(pk=organization.pk, **{place: person}).update(**{place: None})


def _journal(
    verb_name: str, target: Absence | Departure, by: Person, now: datetime, **detail: object
) -> None:
    JournalLine.record(
        verb_name,
        target,
        at=now,
        person_id=by.pk,
        organization_id=target.organization_id,
        detail=detail,
    )
