# SPDX-License-Identifier: EUPL-1.2
"""Telling a need, and saying what became of it."""

from __future__ import annotations

from datetime import datetime

from usufruit.inventory.models import Category
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.kernel.transactions import verb
from usufruit.needs.models import Need
from usufruit.needs.rules import MOST_OPEN, NeedState, may_become
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import REQUESTING_ROLES, has_role
from usufruit.search.places import Place
from usufruit.timetable.queries import time_range


@verb
def report_need(
    *,
    organization: Organization,
    category: Category | None,
    words: str,
    use: Span | None,
    place: Place,
    radius_km: int,
    purpose: str,
    by: Person,
    now: datetime,
) -> Need:
    """Tell the neighbours what a body lacks; telling the same twice changes nothing.

    Args:
        use: when it is wanted, or None for « whenever ».

    Raises:
        Refusal: ``not_a_requester``, ``too_many_needs``.
        ValidationError: in French, when a constraint of the need would be broken.
    """
    _check_role(organization, by)
    same = {
        "organization": organization,
        "category": category,
        "words": words.strip(),
        "use_span": time_range(use) if use else None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "state": NeedState.OPEN,
    }
    # The body's row is the door: two who tell the same at once pass it one after the other.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    standing = Need.objects.filter(**same).first()
    if standing:
        return standing
    _check_room(organization)
    need = Need(
        **same,
        reported_by=by,
        time_zone=place.time_zone,
        place_name=place.name,
        radius_km=radius_km,
        purpose=purpose.strip(),
        reported_at=now,
    )
    need.full_clean(exclude=["point"])
    need.save()
    _journal("report_need", need, by, now)
    return need


@verb
def meet_need(*, need: Need, by: Person, now: datetime) -> None:
    """Say that a need was met, here or elsewhere.

    Raises:
        Refusal: ``not_a_requester``, ``need_not_open``.
    """
    _pass_to(NeedState.MET, "meet_need", need, by, now)


@verb
def withdraw_need(*, need: Need, by: Person, now: datetime) -> None:
    """Take a need back: neighbours no longer see it.

    Raises:
        Refusal: ``not_a_requester``, ``need_not_open``.
    """
    _pass_to(NeedState.WITHDRAWN, "withdraw_need", need, by, now)


@verb
def reopen_need(*, need: Need, by: Person, now: datetime) -> None:
    """Undo: open again a need that was met or withdrawn.

    Raises:
        Refusal: ``not_a_requester``, ``need_not_open``, ``need_told_again``, ``too_many_needs``.
    """
    _check_role(need.organization, by)
    Organization.objects.select_for_update(no_key=True).get(pk=need.organization_id)
    _check_room(need.organization)
    twin = Need.objects.filter(
        organization=need.organization_id,
        category=need.category_id,
        words=need.words,
        use_span=need.use_span,
        latitude=need.latitude,
        longitude=need.longitude,
        state=NeedState.OPEN,
    ).exclude(pk=need.pk)
    if twin.exists():
        raise Refusal("need_told_again", "Ce besoin est déjà signalé de nouveau\u00a0: il paraît.")
    _pass_to(NeedState.OPEN, "reopen_need", need, by, now)


def _pass_to(wanted: NeedState, word: str, need: Need, by: Person, now: datetime) -> None:
    _check_role(need.organization, by)
    present = Need.objects.select_for_update(of=("self",), no_key=True).get(pk=need.pk)
    if not may_become(present.state, wanted):
        raise Refusal(
            "need_not_open", f"Ce besoin est déjà «\u00a0{present.get_state_display()}\u00a0»."
        )
    need.state = Need.State(wanted)
    need.save(update_fields=["state"])
    _journal(word, need, by, now)


def _check_role(organization: Organization, by: Person) -> None:
    if not has_role(by, organization, REQUESTING_ROLES):
        raise Refusal(
            "not_a_requester",
            "Votre rôle ne permet pas de signaler un besoin. Demandez le rôle de demandeur à "
            "l’administrateur de votre organisme.",
            rule="Rôles de l’organisme",
        )


def _check_room(organization: Organization) -> None:
    if Need.objects.filter(organization=organization, state=NeedState.OPEN).count() >= MOST_OPEN:
        raise Refusal(
            "too_many_needs",
            f"Votre organisme a déjà {MOST_OPEN}\u00a0besoins ouverts. Retirez ceux qui ne le sont "
            "plus, puis signalez celui-ci.",
            rule=f"{MOST_OPEN}\u00a0besoins ouverts au plus par organisme",
        )


def _journal(word: str, need: Need, by: Person, now: datetime) -> None:
    JournalLine.record(word, need, at=now, person_id=by.pk, organization_id=need.organization_id)
