# SPDX-License-Identifier: EUPL-1.2
"""Inviting a person into a body, and what becomes of the invitation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction

from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.actions import check_administrator, lock_body
from usufruit.organizations.models import Invitation, Membership, Organization, Person
from usufruit.organizations.queries import grantable_roles
from usufruit.organizations.rules import InvitedLine, LineFault

LASTS = timedelta(days=14)
BETWEEN_SENDINGS = timedelta(minutes=5)
MOST_A_DAY = 300
_SALT = "usufruit.organizations.invitation"


def token_of(invitation: Invitation) -> str:
    """Return what the link holds: the number of the invitation and its last sending, signed."""
    return signing.dumps([invitation.pk, int(invitation.sent_at.timestamp())], salt=_SALT)


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation a link names; None for a forged link, or one replaced by a later."""
    try:
        pk, sent_s = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    known = Invitation.objects.select_related("person", "organization__nature")
    invitation = known.filter(pk=pk).first()
    if invitation is None or int(invitation.sent_at.timestamp()) != sent_s:
        return None
    return invitation


@verb
def invite(
    *,
    organization: Organization,
    email: str,
    full_name: str,
    roles: Sequence[str],
    by: Person,
    now: datetime,
) -> Invitation:
    """Keep a place for a person; whoever already waits for one gets these roles and a new link.

    Args:
        full_name: kept for somebody who has no account; others keep the name they chose.

    Raises:
        Refusal: ``not_an_administrator``, ``too_many_invitations``, ``role_not_given_here``,
            ``already_a_member``, ``sent_just_now``.
    """
    lock_body(organization)
    check_administrator(by, organization)
    _check_pace(organization, now)
    _check_roles(organization, roles)
    person = _person_of(email, full_name, by, now)
    held = Membership.objects.filter(person=person, organization=organization)
    if held.in_force(now).exists():
        raise Refusal("already_a_member", f"{person.email} est déjà une personne de l’organisme.")
    waiting = Invitation.objects.unanswered().filter(person=person, organization=organization)
    invitation = waiting.first() or Invitation(person=person, organization=organization)
    if invitation.pk:
        _check_not_just_sent(invitation, now)
    invitation.roles = list(dict.fromkeys(roles))
    invitation.sent_at, invitation.expires_at = now, now + LASTS
    invitation.save()
    _journal("invite", invitation, by, now, roles=invitation.roles)
    return invitation


class LinesRefusedError(Exception):
    """Lines of a pasted list that could not be invited; nothing was sent.

    Attributes:
        faults: each with the number of its line and the French sentence.
    """

    def __init__(self, faults: list[LineFault]) -> None:
        super().__init__(f"{len(faults)} lines refused")
        self.faults = faults


@verb
def invite_all(
    *, organization: Organization, lines: Iterable[InvitedLine], by: Person, now: datetime
) -> list[Invitation]:
    """Invite each line of a pasted list, or none of them.

    Raises:
        LinesRefusedError: with the refusal of each line that has one.
    """
    sent: list[Invitation] = []
    faults: list[LineFault] = []
    for line in lines:
        try:
            sent.append(
                invite(
                    organization=organization,
                    email=line.email,
                    full_name=line.full_name,
                    roles=line.roles,
                    by=by,
                    now=now,
                )
            )
        except Refusal as refusal:
            faults.append(LineFault(line.number, refusal.message))
    if faults:
        raise LinesRefusedError(faults)
    return sent


@verb
def resend_invitation(*, invitation: Invitation, by: Person, now: datetime) -> Invitation:
    """Send again: two weeks begin anew, and the link of before no longer serves.

    Raises:
        Refusal: ``not_an_administrator``, ``invitation_spent``, ``sent_just_now``.
    """
    invitation = _locked(invitation)
    check_administrator(by, invitation.organization)
    _check_unanswered(invitation)
    _check_not_just_sent(invitation, now)
    invitation.sent_at, invitation.expires_at = now, now + LASTS
    invitation.save(update_fields=["sent_at", "expires_at"])
    _journal("resend_invitation", invitation, by, now)
    return invitation


@verb
def revoke_invitation(*, invitation: Invitation, by: Person, now: datetime) -> None:
    """Take an invitation back; an address that nothing else keeps is forgotten.

    Raises:
        Refusal: ``not_an_administrator``, ``invitation_spent``.
    """
    invitation = _locked(invitation)
    check_administrator(by, invitation.organization)
    _check_unanswered(invitation)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _journal("revoke_invitation", invitation, by, now)
    person = invitation.person
    is_awaited = Invitation.objects.unanswered().filter(person=person).exists()
    if person.invited_only and not is_awaited:
        person.email, person.full_name, person.erased_at = None, "", now
        person.save(update_fields=["email", "full_name", "erased_at"])


@verb
def accept_invitation(
    *, invitation: Invitation, full_name: str, password: str | None, by: Person, now: datetime
) -> Person:
    """Join the body: ``by`` is the person invited, whose account opens when it was not.

    Args:
        full_name, password: chosen by who had no account; left aside for the others.

    Raises:
        Refusal: ``invitation_spent``, ``invitation_expired``, ``invited_another``.
    """
    invitation = _locked(invitation)
    _check_unanswered(invitation)
    if invitation.expires_at <= now:
        raise Refusal(
            "invitation_expired",
            "Cette invitation a pris fin. Demandez-en une autre à la personne qui vous invite.",
        )
    person = Person.objects.select_for_update(of=("self",)).get(pk=invitation.person_id)
    if by.pk != person.pk:
        raise Refusal("invited_another", "Cette invitation est pour une autre personne.")
    if person.invited_only:
        person.full_name, person.is_active = full_name, True
        person.set_password(password)
        person.save()
        EmailAddress.objects.get_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
    gone = Membership.objects.filter(person=person, organization=invitation.organization)
    gone.exclude(pk__in=gone.in_force(now).values("pk")).delete()
    for role in invitation.roles:
        Membership.objects.get_or_create(
            person=person, organization=invitation.organization, role=role
        )
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    _journal("accept_invitation", invitation, person, now, roles=invitation.roles)
    return person


def _locked(invitation: Invitation) -> Invitation:
    """Return an invitation as it stands, kept from whoever would answer it at the same moment."""
    lock_body(invitation.organization)
    return Invitation.objects.select_related("person", "organization").get(pk=invitation.pk)


def _check_unanswered(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.revoked_at:
        raise Refusal("invitation_spent", "Cette invitation a déjà servi, ou elle est retirée.")


def _check_not_just_sent(invitation: Invitation, now: datetime) -> None:
    if now < invitation.sent_at + BETWEEN_SENDINGS:
        raise Refusal(
            "sent_just_now",
            f"Une invitation vient de partir à {invitation.person.email}. "
            "Attendez cinq minutes avant d’en envoyer une autre.",
        )


def _check_pace(organization: Organization, now: datetime) -> None:
    today = Invitation.objects.filter(
        organization=organization, sent_at__gt=now - timedelta(days=1)
    )
    if today.count() >= MOST_A_DAY:
        raise Refusal(
            "too_many_invitations",
            f"L’organisme a envoyé {MOST_A_DAY} invitations en un jour. Continuez demain.",
        )


def _check_roles(organization: Organization, roles: Sequence[str]) -> None:
    given = set(grantable_roles(organization))
    if not roles or not set(roles) <= given:
        raise Refusal("role_not_given_here", "Choisissez au moins un rôle que l’organisme donne.")


def _person_of(email: str, full_name: str, by: Person, now: datetime) -> Person:
    """Return the person of an address, entered with a closed account when it is new."""
    email = Person.objects.normalize_email(email)
    person = Person.objects.filter(email=email).first()
    if person:
        return person
    try:
        with transaction.atomic():
            person = Person(email=email, full_name=full_name, is_active=False)
            person.set_unusable_password()
            person.save()
    except IntegrityError:
        return Person.objects.get(email=email)
    JournalLine.record("register_person", person, at=now, person_id=by.pk, organization_id=None)
    return person


def _journal(
    verb_name: str, invitation: Invitation, by: Person, now: datetime, **detail: object
) -> None:
    JournalLine.record(
        verb_name,
        invitation,
        at=now,
        person_id=by.pk,
        organization_id=invitation.organization_id,
        detail=detail,
    )
