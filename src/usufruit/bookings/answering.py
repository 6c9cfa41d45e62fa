# SPDX-License-Identifier: EUPL-1.2
"""How a body answers: its delay, its own words for refusing, and what it proposes instead."""

from __future__ import annotations

from datetime import datetime

from usufruit.bookings.models import AnsweringRules, BookingLine, Proposal, RefusalWording
from usufruit.bookings.rules import REFUSAL_REASONS, RefusalReason
from usufruit.bookings.silence import answer_days_of
from usufruit.bookings.terms import answer
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import all_lanes
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person, Role
from usufruit.organizations.queries import has_role
from usufruit.timetable.queries import time_range

OWN = "own:"
MOST_WORDINGS = 20


def _check_administrator(by: Person, organization: Organization) -> None:
    if not has_role(by, organization, (Role.BODY_ADMIN,)):
        raise Refusal(
            "not_an_administrator",
            "Seul qui administre l’organisme choisit sa manière de répondre.",
            rule="Rôles de l’organisme",
        )


@verb
def choose_answer_days(*, organization: Organization, days: int, by: Person, now: datetime) -> None:
    """Choose how many working days a body gives itself; requests already sent keep theirs.

    Raises:
        Refusal: ``not_an_administrator``.
    """
    _check_administrator(by, organization)
    before = answer_days_of(organization)
    AnsweringRules.objects.update_or_create(
        organization=organization, defaults={"answer_days": days}
    )
    _journal("choose_answer_days", organization, by, now, before=str(before), after=str(days))


@verb
def add_wording(
    *, organization: Organization, code: str, label: str, by: Person, now: datetime
) -> RefusalWording:
    """Add a body's own words for a reason of the list.

    Raises:
        Refusal: ``not_an_administrator``, ``wording_once``, ``too_many_wordings``.
    """
    _check_administrator(by, organization)
    standing = wordings_of(organization)
    if any(each.label.casefold() == label.casefold() for each in standing):
        raise Refusal("wording_once", "Cette raison est déjà dans votre liste.")
    if len(standing) >= MOST_WORDINGS:
        raise Refusal(
            "too_many_wordings",
            f"Une liste compte au plus {MOST_WORDINGS}\u00a0raisons. Retirez-en une d’abord.",
        )
    wording = RefusalWording.objects.create(organization=organization, code=code, label=label)
    _journal("add_wording", organization, by, now, code=code, label=label)
    return wording


@verb
def retire_wording(*, wording: RefusalWording, by: Person, now: datetime) -> None:
    """Offer a wording no more; refusals that used it keep its words.

    Raises:
        Refusal: ``not_an_administrator``.
    """
    _check_administrator(by, wording.organization)
    RefusalWording.objects.filter(pk=wording.pk, retired_at=None).update(retired_at=now)
    _journal("retire_wording", wording.organization, by, now, label=wording.label)


def _journal(
    name: str, organization: Organization, by: Person, now: datetime, **detail: str
) -> None:
    JournalLine.record(
        name,
        organization,
        at=now,
        person_id=by.pk,
        organization_id=organization.pk,
        detail=detail,
    )


def wordings_of(organization: Organization) -> list[RefusalWording]:
    """Return the words a body offers of its own, in their order."""
    standing = RefusalWording.objects.filter(organization=organization, retired_at=None)
    return list(standing.order_by("label", "pk"))


def reasons_of(organization: Organization) -> dict[str, RefusalReason]:
    """Return the reasons a body may give, by what a form sends: the list, then its own words."""
    listed = {reason.code: reason for reason in REFUSAL_REASONS}
    own = {
        f"{OWN}{each.pk}": RefusalReason(each.code, each.label)
        for each in wordings_of(organization)
    }
    return {**own, **listed}


def check_proposal(line: BookingLine, asset: Asset, use: Span, now: datetime) -> None:
    """Refuse to propose what would be a no to who asked.

    Raises:
        Refusal: that of the terms.
    """
    wish = line.assets.order_by("asset_id")[0]
    lanes = wish.lanes if asset.pk == wish.asset_id else all_lanes(asset)
    said = answer(asset, lanes, line.booking.organization, use, now)
    if said.refusal is not None:
        raise said.refusal


def propose(line: BookingLine, asset: Asset, use: Span) -> None:
    """Keep what an owner proposes with a refusal, inside the verb that refuses."""
    Proposal.objects.update_or_create(
        line=line, defaults={"asset": asset, "use_span": time_range(use)}
    )
