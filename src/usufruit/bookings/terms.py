# SPDX-License-Identifier: EUPL-1.2
"""On which terms a body may use an asset: which rule says yes, or says no with the nearest yes.

Booking goes through these checks, and the asset's page asks them beforehand: one policy, read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError
from psycopg.types.multirange import Multirange

from usufruit.bookings.models import LineAsset
from usufruit.bookings.queries import nearest_free, offered_rules
from usufruit.bookings.rules import check_moment
from usufruit.bookings.words import one_use_said, opening_said, sharing_said
from usufruit.inventory.models import Asset
from usufruit.kernel.fields import lanes_meet
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.refusals import Alternative, Refusal
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.premises.queries import facts_of, set_ups_of
from usufruit.sharing.models import Mode
from usufruit.sharing.queries import is_own_body, sees_live, sight_of
from usufruit.timetable.closures import closure_of
from usufruit.timetable.queries import (
    covers,
    half_days_shown,
    held_span,
    is_taken,
    known_to_public,
    span_of,
)
from usufruit.timetable.words import half_day_in_words
from usufruit.ui import typography

PART_NAMED = "Une demande garde la partie qu’elle nomme"


@dataclass(frozen=True)
class Answer:
    """What booking a slot would give, asked beforehand: a mode, or the refusal it would meet.

    Attributes:
        is_live: whether it was looked up now, rather than in what the public knows.
    """

    mode: Mode | None
    refusal: Refusal | None = None
    is_live: bool = True


def answer(
    asset: Asset,
    lanes: Multirange[int],
    organization: Organization | None,
    use: Span,
    now: datetime,
) -> Answer:
    """Say whether a slot could be booked now; a visitor hears what is offered to the network."""
    try:
        check_moment(use, now)
        check_asset(asset, organization, None)
        mode = terms(asset, lanes, organization, use, now)
        if not sees_live(asset, organization):
            if sight_of(asset, organization).free_busy:
                _check_public(asset, lanes, use, now)
            return Answer(mode, is_live=False)
        if is_taken(asset, lanes, held_span(asset, use), now):
            nearest = alternatives(asset, lanes, organization, use, now)
            message = "Cette plage est déjà prise, en tout ou en partie."
            return Answer(None, Refusal("slot_taken", message, one_use_said(asset), nearest))
    except Refusal as refusal:
        return Answer(None, refusal)
    return Answer(mode)


def _check_public(asset: Asset, lanes: Multirange[int], use: Span, now: datetime) -> None:
    """Refuse a use in a half-day that the public knows to be taken, in whole or in part.

    Raises:
        Refusal: ``half_day_taken``.
    """
    zone = asset.site.time_zone
    first_on, last_on = (local_wall(at, zone).date() for at in (use.start, use.end))
    touched = [
        half_day
        for half_day in half_days_shown(first_on, last_on, zone, now)
        if half_day.span.overlaps(use)
    ]
    if not touched:
        return
    seen = Span(touched[0].span.start, touched[-1].span.end)
    known = known_to_public([asset.pk], seen, now)[asset.pk]
    taken = [span for held, span in known if lanes_meet(held, lanes)]
    for half_day in touched:
        if any(half_day.span.overlaps(span) for span in taken):
            raise Refusal(
                "half_day_taken",
                f"{half_day_in_words(half_day).capitalize()}\u00a0: pris, en tout ou en partie.",
                rule="Sans session, vous voyez les demi-journées. Ouvrez votre session pour voir "
                "les heures.",
            )


def check_asset(asset: Asset, organization: Organization | None, people_count: int | None) -> None:
    """Refuse an asset no longer offered, or too small.

    Raises:
        Refusal: ``not_published``, ``over_capacity``, ``over_fire_limit``.
    """
    is_visible = asset.state == Asset.State.PUBLISHED or is_own_body(organization, asset)
    if not is_visible or asset.state == Asset.State.WITHDRAWN:
        raise Refusal("not_published", "Ce bien n’est plus offert.")
    if people_count and asset.capacity and people_count > asset.capacity:
        raise Refusal(
            "over_capacity",
            f"Ce lieu reçoit au plus {asset.capacity}\u00a0personnes.",
            rule="Capacité du lieu",
        )
    if people_count:
        _check_fire_limit(asset, people_count)


def _check_fire_limit(asset: Asset, people_count: int) -> None:
    limit = facts_of(asset).get("fire_limit")
    if limit and people_count > limit:
        raise Refusal(
            "over_fire_limit",
            f"Le service incendie permet au plus {limit}\u00a0personnes ici.",
            rule="Limite du service incendie",
        )


def check_set_up(asset: Asset, people_count: int | None, set_up: str) -> None:
    """Refuse a set-up the place does not offer, or more persons than it holds.

    Raises:
        Refusal: ``no_such_set_up``, ``over_set_up``.
    """
    if not set_up:
        return
    held = {each.code: (each.name, most) for each, most in set_ups_of(facts_of(asset))}
    if set_up not in held:
        raise Refusal(
            "no_such_set_up", "Ce lieu n’offre pas cet aménagement. Choisissez-en un autre."
        )
    name, most = held[set_up]
    if people_count and people_count > most:
        wider = [
            Alternative(f"{other}\u00a0: {count}\u00a0personnes")
            for other, count in held.values()
            if count >= people_count
        ]
        raise Refusal(
            "over_set_up",
            f"L’aménagement «\u00a0{name}\u00a0» reçoit au plus {most}\u00a0personnes.",
            rule="Capacité de l’aménagement",
            nearest=tuple(wider),
        )


def check_division(wished: Iterable[LineAsset]) -> None:
    """Refuse lanes named when the asset divided otherwise: the whole of then is a part of now.

    Raises:
        Refusal: ``divided_since``.
    """
    if any(wish.lane_count != wish.asset.lane_count for wish in wished):
        raise Refusal(
            "divided_since",
            "Ce bien se divise autrement depuis cette demande\u00a0: la partie demandée n’est plus "
            "la même. Refusez-la, et proposez au demandeur de choisir de nouveau.",
            rule=PART_NAMED,
        )


@contextmanager
def lanes_as_read() -> Iterator[None]:
    """Refuse to take lanes of an asset that came to divide otherwise since it was read.

    PostgreSQL notices by the key of a hold to its asset's lanes. The transaction is over then: the
    refusal asks it nothing.

    Raises:
        Refusal: ``divided_since``.
    """
    try:
        yield
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if broken != "hold_of_asset_lanes":
            raise
        raise Refusal(
            "divided_since",
            "Ce bien vient d’être divisé autrement\u00a0: la partie demandée n’est plus la même. "
            "Sa page montre les parties d’aujourd’hui.",
            rule=PART_NAMED,
        ) from error


def terms(
    asset: Asset,
    lanes: Multirange[int],
    organization: Organization | None,
    use: Span,
    now: datetime,
) -> Mode:
    """Return how a body books this use, or refuse with the rule that says no.

    Raises:
        Refusal: ``site_closed``, ``not_open_to_you``, ``closed``, ``outside_window``.
    """
    check_site(asset, use)
    if is_own_body(organization, asset):
        return Mode.INSTANT
    rules = offered_rules(asset, organization)
    if not rules:
        raise Refusal(
            "not_open_to_you",
            "Vous pouvez voir ce bien, mais pas le réserver. "
            f"Écrivez à son responsable\u00a0: {asset.manager}.",
            rule=sharing_said(asset, organization),
        )
    if asset_is_closed(asset, use):
        raise closed(asset, lanes, organization, use, now)
    rule = next((rule for rule in rules if covers(rule.windows_id, use)), None)
    if rule is None:
        raise Refusal(
            "outside_window",
            "Cette plage sort des heures que le propriétaire partage avec vous.",
            rule=sharing_said(asset, organization),
            nearest=alternatives(asset, lanes, organization, use, now),
        )
    return Mode(rule.mode)


def check_site(asset: Asset, use: Span) -> None:
    """Refuse a use of an asset whose site is shut; its own body reopens it first.

    Raises:
        Refusal: ``site_closed``.
    """
    closure = closure_of(asset, use)
    if closure is not None:
        when = typography.span(span_of(closure.span), asset.site.time_zone)
        raise Refusal(
            "site_closed",
            f"Ce lieu est fermé {when}\u00a0: {closure.reason}.",
            rule="Un lieu fermé ne reçoit personne",
        )


def desk_terms(
    asset: Asset,
    lanes: Multirange[int],
    desk: Organization,
    borrower: Organization,
    use: Span,
    now: datetime,
) -> Mode:
    """Return how a desk books this use for a borrower; its body's own assets it lends at once.

    A resident, for whom the desk's body itself borrows, is held to the opening hours: they are no
    colleague. Another body is held to the rules that speak to it.

    Raises:
        Refusal: ``lends_its_own_only``, and the codes of ``terms``.
    """
    if not is_own_body(desk, asset):
        if borrower != desk:
            raise Refusal(
                "lends_its_own_only",
                "Ce bien est à un autre organisme\u00a0: réservez-le au nom du vôtre, qui en "
                "répond.",
                rule="Un guichet prête ce que son organisme gère",
            )
        return terms(asset, lanes, desk, use, now)
    check_site(asset, use)
    if borrower != desk:
        terms(asset, lanes, borrower, use, now)
    elif asset_is_closed(asset, use):
        raise closed(asset, lanes, desk, use, now)
    return Mode.INSTANT


def asset_is_closed(asset: Asset, use: Span) -> bool:
    """Tell whether an asset is outside its opening hours at some moment of a use."""
    opening = getattr(asset, "opening", None)
    return opening is None or not covers(opening.calendar_id, use)


def closed(
    asset: Asset,
    lanes: Multirange[int],
    organization: Organization | None,
    use: Span,
    now: datetime,
) -> Refusal:
    """Return the refusal of a use outside the opening hours, with the hours of that day."""
    return Refusal(
        "closed",
        "Le bien est fermé pendant une partie de cette plage.",
        rule=opening_said(asset, use),
        nearest=alternatives(asset, lanes, organization, use, now),
    )


def alternatives(
    asset: Asset,
    lanes: Multirange[int],
    organization: Organization | None,
    use: Span,
    now: datetime,
) -> tuple[Alternative, ...]:
    """Return the two nearest uses of that length that would be a yes, in words.

    Whoever does not see the week as it stands is given none: each would tell a free hour.
    """
    if not sees_live(asset, organization):
        return ()
    zone = asset.site.time_zone
    return tuple(
        Alternative(typography.span(free, zone), free)
        for free in nearest_free(asset, lanes, organization, use, now)
    )
