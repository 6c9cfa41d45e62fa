# SPDX-License-Identifier: EUPL-1.2
"""What an administrator settles for a body: its contact, its stewards, its second factors."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator

from usufruit.kernel.local_time import local_wall
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.actions import check_administrator, close_sessions, lock_body
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import people_of, sees_to_body


@verb
def settle_body(
    *,
    organization: Organization,
    contact: str,
    requires_second_factor: bool | None,
    by: Person,
    now: datetime,
) -> None:
    """Say how a body is reached, and whether its sensitive roles need a second factor.

    Args:
        requires_second_factor: None follows the platform's setting.

    Raises:
        Refusal: ``not_an_administrator``.
    """
    lock_body(organization)
    check_administrator(by, organization)
    organization.contact = contact
    organization.requires_second_factor = requires_second_factor
    organization.save(update_fields=["contact", "requires_second_factor"])
    _journal("settle_body", organization, by, now, second_factor=requires_second_factor)


@verb
def name_stewards(
    *,
    organization: Organization,
    steward: Person,
    deputy: Person,
    function: str,
    by: Person,
    now: datetime,
) -> None:
    """Name who answers for the information of a body, and their deputy; this confirms them (C5).

    Args:
        function: of the steward, shown to all in place of their name.

    Raises:
        Refusal: ``not_an_administrator``, ``one_steward_twice``, ``steward_not_here``.
    """
    lock_body(organization)
    check_administrator(by, organization)
    if steward.pk == deputy.pk:
        raise Refusal("one_steward_twice", "Le responsable et le suppléant sont deux personnes.")
    here = set(people_of(organization).values_list("pk", flat=True))
    if not {steward.pk, deputy.pk} <= here:
        raise Refusal("steward_not_here", "Choisissez deux personnes de l’organisme.")
    organization.steward, organization.deputy = steward, deputy
    organization.steward_function = function
    _confirm(organization, now)
    organization.save(
        update_fields=["steward", "deputy", "steward_function", "stewards_confirmed_on"]
    )
    _journal("name_stewards", organization, by, now, steward=steward.pk, deputy=deputy.pk)


@verb
def confirm_stewards(*, organization: Organization, by: Person, now: datetime) -> None:
    """Say that the steward and the deputy are still the right ones.

    Raises:
        Refusal: ``not_an_administrator`` to who is neither administrator, steward nor deputy;
            ``no_steward``.
    """
    lock_body(organization)
    organization.refresh_from_db(fields=["steward", "deputy"])
    if not sees_to_body(by, organization):
        check_administrator(by, organization)
    if organization.steward_id is None or organization.deputy_id is None:
        raise Refusal("no_steward", "Nommez d’abord un responsable et un suppléant.")
    _confirm(organization, now)
    organization.save(update_fields=["stewards_confirmed_on"])
    _journal("confirm_stewards", organization, by, now)


def _confirm(organization: Organization, now: datetime) -> None:
    organization.stewards_confirmed_on = local_wall(now, organization.time_zone).date()


@verb
def reset_second_factor(
    *, person: Person, organization: Organization, by: Person, now: datetime
) -> None:
    """Take off the second factor a person lost, and close their sessions.

    Raises:
        Refusal: ``not_an_administrator``, ``your_own_factor``, ``not_a_member``,
            ``no_second_factor``.
    """
    check_administrator(by, organization)
    if by.pk == person.pk:
        raise Refusal("your_own_factor", "Un autre administrateur lève votre second facteur.")
    if not people_of(organization).filter(pk=person.pk).exists():
        raise Refusal("not_a_member", "Cette personne n’est plus de l’organisme.")
    lifted, _ = Authenticator.objects.filter(user=person).delete()
    if not lifted:
        raise Refusal("no_second_factor", "Cette personne n’a pas de second facteur.")
    close_sessions(person)
    JournalLine.record(
        "reset_second_factor",
        person,
        at=now,
        person_id=by.pk,
        organization_id=organization.pk,
    )


def _journal(
    verb_name: str, organization: Organization, by: Person, now: datetime, **detail: object
) -> None:
    JournalLine.record(
        verb_name,
        organization,
        at=now,
        person_id=by.pk,
        organization_id=organization.pk,
        detail=detail,
    )
