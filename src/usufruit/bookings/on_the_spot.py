# SPDX-License-Identifier: EUPL-1.2
"""What one is told of the place before and during a use: facts, papers, the code for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext as _

from usufruit.bookings.models import BookingLine, LineState
from usufruit.inventory.models import Asset
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.models import Membership, Organization, Person
from usufruit.organizations.queries import MANAGING_ROLES, NAMING_ROLES, has_role
from usufruit.premises.facts import BY_CODE, Group, Reader
from usufruit.premises.models import Paper, Photo, Secret
from usufruit.premises.queries import (
    facts_of,
    is_entered,
    paper_shown,
    papers_for,
    photo_for,
    photos_to_show,
    secret_of_asset,
    told,
    unknown,
)
from usufruit.premises.rules import code_shown, is_code_shown
from usufruit.sharing.queries import sight_of
from usufruit.sharing.rules import Sight
from usufruit.timetable.queries import span_of
from usufruit.ui import typography


def reader_of(person: Person | AnonymousUser, asset: Asset, now: datetime) -> Reader:
    """Return how much of an asset a person is told: all, what bookings open, or everything."""
    if not isinstance(person, Person):
        return Reader.ALL
    if has_role(person, asset.manager, MANAGING_ROLES):
        return Reader.MANAGERS
    bodies = Membership.objects.filter(person=person, role__in=NAMING_ROLES)
    booked = BookingLine.objects.filter(
        state=LineState.CONFIRMED,
        use_span__endswith__gt=now,
        assets__asset=asset,
        booking__organization__in=bodies.values("organization"),
    )
    return Reader.BOOKED if booked.exists() else Reader.ALL


def of_asset(
    asset: Asset, person: Person | AnonymousUser, seen: Sight, now: datetime
) -> dict[str, Any]:
    """Return what the page of an asset tells of the place, as far as this person may read."""
    reader = reader_of(person, asset, now)
    values = facts_of(asset)
    is_asked = is_entered(asset)
    return {
        "photos": photos_to_show(asset) if seen.photo else [],
        "access": told(values, Group.ACCESS, reader),
        "set_ups": told(values, Group.SET_UP, reader),
        "house_rules": told(values, Group.RULES, reader),
        "features": told(values, Group.ACCESSIBILITY, reader) if is_asked else [],
        "unknown_features": unknown(values, Group.ACCESSIBILITY) if is_asked else [],
        "papers": papers_for(asset, reader),
    }


def photo_shown(person: Person | AnonymousUser, reader: Organization | None, pk: int) -> Photo:
    """Return a photo of a page this person reads, where its body shows photos to theirs.

    Raises:
        Http404: when there is none, or it is not for them; which of the two stays unsaid.
    """
    photo = photo_for(person, pk)
    if has_role(person, photo.body, MANAGING_ROLES):
        return photo
    of = {"pk": photo.asset_id} if photo.asset_id else {"site": photo.site_id}
    shown = Asset.objects.filter(**of).select_related("manager").order_by("pk").first()
    if shown is None or not sight_of(shown, reader).photo:
        raise Http404
    return photo


def paper_for(person: Person | AnonymousUser, pk: int, now: datetime) -> Paper:
    """Return a paper this person may download.

    Raises:
        Http404: when there is none, or it is kept for others; which of the two stays unsaid.
    """
    paper = paper_shown(person, pk)
    reader = reader_of(person, paper.asset, now)
    is_aside = paper.removed_at is not None
    if is_aside or not papers_for(paper.asset, reader).filter(pk=pk).exists():
        raise Http404
    return paper


def of_line(line: BookingLine, person: Person | AnonymousUser, now: datetime) -> dict[str, Any]:
    """Return what the page of a booking tells: how to enter, and from when the code is shown."""
    asset = line.assets.all()[0].asset
    if line.state != LineState.CONFIRMED or now >= span_of(line.use_span).end:
        return {"arrival": [], "set_up": _set_up(line)}
    values = facts_of(asset)
    arrival = told(values, Group.ACCESS, Reader.BOOKED) + told(values, Group.RULES, Reader.BOOKED)
    context: dict[str, Any] = {"arrival": arrival, "set_up": _set_up(line)}
    secret = secret_of_asset(asset)
    if secret is not None and _is_told(line, person):
        shown = code_shown(span_of(line.use_span), secret.hours_before)
        context["code_from"] = shown.start
        context["is_code_shown"] = is_code_shown(span_of(line.use_span), secret.hours_before, now)
        context["papers"] = papers_for(asset, Reader.BOOKED)
    return context


def _set_up(line: BookingLine) -> str:
    chosen = BY_CODE.get(line.booking.set_up)
    return str(chosen.name) if chosen else ""


def _is_told(line: BookingLine, person: Person | AnonymousUser) -> bool:
    """Tell whether a person is of the body that booked, or manages what it booked."""
    asset = line.assets.all()[0].asset
    return has_role(person, line.booking.organization, NAMING_ROLES) or has_role(
        person, asset.manager, MANAGING_ROLES
    )


def secret_to_read(line: BookingLine, person: Person | AnonymousUser, now: datetime) -> Secret:
    """Return the secret that opens the door for this booking, while its people may read it.

    Raises:
        Http404: when there is none, or the person is neither of that body nor a manager.
        Refusal: ``code_not_shown`` before its hours, after the use, or without a confirmation.
    """
    secret = secret_of_asset(line.assets.all()[0].asset)
    if secret is None or not _is_told(line, person):
        raise Http404
    use = span_of(line.use_span)
    if line.state != LineState.CONFIRMED or not is_code_shown(use, secret.hours_before, now):
        zone = line.assets.all()[0].asset.site.time_zone
        shown = typography.span(code_shown(use, secret.hours_before), zone)
        raise Refusal(
            "code_not_shown",
            _("Le code se montre pour une réservation confirmée, %(when)s.") % {"when": shown},
            rule=_("Le code d’une porte ne se montre qu’autour de l’usage"),
        )
    return secret
