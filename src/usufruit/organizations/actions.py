# SPDX-License-Identifier: EUPL-1.2
"""What can be done with bodies and persons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Max

from usufruit.kernel.models import JournalLine, ReadingLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Membership, Organization, Person, Role, Territory
from usufruit.organizations.queries import administers, administrators_of, grantable_roles


@verb
def add_territory(
    *, code: str, name: str, parent: Territory | None, by: Person | None, now: datetime
) -> Territory:
    """Enter a node of the territory tree; without a parent it is a root."""
    territory = Territory.objects.create(code=code, name=name, parent=parent)
    JournalLine.record(
        "add_territory",
        territory,
        at=now,
        person_id=by.pk if by else None,
        organization_id=None,
    )
    return territory


@verb
def register_organization(*, by: Person | None, now: datetime, **fields: Any) -> Organization:  # noqa: ANN401 - the columns of Organization
    """Enter a body in the register."""
    organization = Organization.objects.create(**fields)
    JournalLine.record(
        "register_organization",
        organization,
        at=now,
        person_id=by.pk if by else None,
        organization_id=organization.pk,
    )
    return organization


@verb
def register_person(
    *,
    email: str | None,
    full_name: str,
    password: str | None,
    by: Person | None,
    now: datetime,
    phone: str = "",
) -> Person:
    """Enter a person; without a password they take part but never sign in (desk, telephone)."""
    person = Person.objects.create_user(email, password, full_name=full_name, phone=phone)
    if person.email:
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    JournalLine.record(
        "register_person", person, at=now, person_id=by.pk if by else None, organization_id=None
    )
    return person


@verb
def grant_role(
    *,
    person: Person,
    organization: Organization,
    role: Role,
    by: Person | None,
    now: datetime,
) -> Membership:
    """Give a person a role in a body; giving it twice changes nothing."""
    membership, is_new = Membership.objects.get_or_create(
        person=person,
        organization=organization,
        role=role,
    )
    if is_new:
        JournalLine.record(
            "grant_role",
            membership,
            at=now,
            person_id=by.pk if by else None,
            organization_id=organization.pk,
            detail={"role": str(role)},
        )
    return membership


@verb
def set_roles(
    *,
    person: Person,
    organization: Organization,
    roles: Iterable[str],
    by: Person,
    now: datetime,
    ceiling_h: int | None = None,
) -> None:
    """Give a person of a body exactly these roles.

    Args:
        ceiling_h: the longest use they accept as an approver, in hours; None for any.

    Raises:
        Refusal: ``not_an_administrator``, ``not_a_member``, ``no_role_left``,
            ``role_not_given_here``, ``last_administrator``.
    """
    lock_body(organization)
    check_administrator(by, organization)
    held = Membership.objects.filter(person=person, organization=organization)
    before, wanted = set(held.values_list("role", flat=True)), set(map(str, roles))
    if not before:
        raise Refusal("not_a_member", "Cette personne n’est plus de l’organisme.")
    if not wanted:
        raise Refusal("no_role_left", "Gardez au moins un rôle, ou inscrivez le départ.")
    if not wanted - before <= set(grantable_roles(organization)):
        raise Refusal("role_not_given_here", "Cet organisme ne donne pas ce rôle.")
    if Role.BODY_ADMIN in before - wanted:
        check_administrator_left(person, organization)
    # Who leaves on a day leaves with the roles received since.
    stays = held.filter(ends_on=None).exists()
    ends_on = None if stays else held.aggregate(last=Max("ends_on"))["last"]
    held.filter(role__in=before - wanted).delete()
    for role in sorted(wanted - before):
        Membership.objects.create(
            person=person, organization=organization, role=role, ends_on=ends_on
        )
    held.filter(role=Role.APPROVER).update(ceiling_h=ceiling_h)
    JournalLine.record(
        "set_roles",
        person,
        at=now,
        person_id=by.pk,
        organization_id=organization.pk,
        detail={
            "added": sorted(wanted - before),
            "removed": sorted(before - wanted),
            "ceiling_h": ceiling_h,
        },
    )


def lock_body(organization: Organization) -> None:
    """Wait for whoever changes the people of a body; the caller's transaction then holds it."""
    Organization.objects.select_for_update(no_key=True).order_by("pk").get(pk=organization.pk)


def check_administrator(by: Person, organization: Organization) -> None:
    """Refuse ``not_an_administrator`` to who does not administer the body in their own name."""
    if not administers(by, organization):
        raise Refusal(
            "not_an_administrator",
            f"Seul un administrateur de «\u00a0{organization}\u00a0» fait ce changement.",
            rule="Rôles de l’organisme",
        )


def check_administrator_left(leaving: Person, organization: Organization) -> None:
    """Refuse ``last_administrator`` when nobody else would administer a body, locked before."""
    if not administrators_of(organization).exclude(pk=leaving.pk).exists():
        raise Refusal(
            "last_administrator",
            f"{leaving} est la dernière personne à administrer «\u00a0{organization}\u00a0». "
            "Donnez d’abord ce rôle à quelqu’un d’autre.",
            rule="Un organisme a toujours un administrateur",
        )


@verb
def choose_body(*, person: Person, organization: Organization) -> None:
    """Remember the body a person acts for, where their next session begins."""
    Person.objects.filter(pk=person.pk).update(last_organization=organization)


@verb
def appoint_platform_admin(*, person: Person, by: Person | None, now: datetime) -> None:
    """Let a person administer the platform; appointing twice changes nothing."""
    if person.is_platform_admin:
        return
    person.is_platform_admin = True
    person.save(update_fields=["is_platform_admin"])
    JournalLine.record(
        "appoint_platform_admin",
        person,
        at=now,
        person_id=by.pk if by else None,
        organization_id=None,
    )


@verb
def note_reading(
    *,
    subjects: Iterable[Person],
    page: str,
    by: Person,
    organization: Organization | None,
    now: datetime,
) -> None:
    """Write down that somebody reads the data of others, once for a day and a page.

    Args:
        page: stable code of the page; the person read may see its name.
        organization: the body they act for.
    """
    read = [
        ReadingLine(
            at=now,
            on=now.date(),
            reader_id=by.pk,
            subject_id=subject_id,
            organization_id=organization.pk if organization else None,
            page=page,
        )
        for subject_id in sorted({one.pk for one in subjects} - {by.pk})
    ]
    ReadingLine.objects.bulk_create(read, ignore_conflicts=True)


@verb
def erase_person(*, person: Person, by: Person, now: datetime) -> None:
    """Empty the only row that holds a person's data; their number stays (Law 25, GDPR).

    Their sessions go too: each keeps the address by which it was opened.
    """
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    person.memberships.all().delete()
    person.absences.all().delete()
    person.replacements.all().delete()
    person.invitations.unanswered().update(revoked_at=now)
    for place in ("steward", "deputy"):
        Organization.objects.filter(**{place: person}).update(**{place: None})
    close_sessions(person)
    person.email, person.full_name, person.phone = None, "", ""
    person.is_active, person.is_platform_admin = False, False
    person.last_login, person.erased_at = None, now
    person.last_organization = None
    person.set_unusable_password()
    person.save()
    JournalLine.record("erase_person", person, at=now, person_id=by.pk, organization_id=None)


@verb
def end_roles(*, now: datetime) -> int:
    """Take away the roles whose last day is over; the departure itself stays in history.

    Returns:
        how many were taken away.
    """
    over = Membership.objects.exclude(pk__in=Membership.objects.in_force(now).values("pk"))
    return over.delete()[0]


def close_sessions(person: Person) -> None:
    """Delete the sessions a person opened; their content is packed, so each is read."""
    theirs = [
        session.pk
        for session in Session.objects.order_by("pk").iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    Session.objects.filter(pk__in=theirs).delete()
