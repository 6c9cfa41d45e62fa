# SPDX-License-Identifier: EUPL-1.2
"""What a page of results says: cards, tags to remove, pins, and what to change if none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from usufruit.inventory.models import Asset, Kind
from usufruit.kernel.text import search_words
from usufruit.organizations.models import Organization
from usufruit.premises.facts import FEATURES, feature_name
from usufruit.premises.models import Photo
from usufruit.premises.queries import first_photos
from usufruit.search.forms import MOST_SHOWN, USUAL, SearchForm
from usufruit.search.free_time import FreeTime, free_times
from usufruit.search.queries import (
    FILTERED_REACH,
    KINDS,
    PAGE_SIZE,
    NearMiss,
    Question,
    Result,
    near_miss,
    nearest,
)
from usufruit.search.rules import FURTHEST_DAYS, Slot
from usufruit.sharing.queries import photos_withheld, stand_in
from usufruit.ui import typography

NEAR_KM = 15.0
WHEN = ("le", "debut", "duree")
MOST_CLOSED = 3


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    label: str
    href: str


@dataclass(frozen=True)
class Card:
    """A result and the stretch it is free."""

    result: Result
    free: FreeTime | None
    href: str
    photo: Photo | None = None

    @property
    def category(self) -> str:
        """Return the name of the category; empty when the asset's own name begins with its words.

        « Aréna du parc » says it is an arena; « Parc des arénas » does not.
        """
        words = search_words(self.result.category_name)
        is_said = search_words(self.result.name)[: len(words)] == words
        return "" if is_said else self.result.category_name


@dataclass(frozen=True)
class Answers:
    """All that stands under the question.

    Attributes:
        near, far: cards up to and beyond 15 km, nearest first.
        more_href: the same search with a page more; empty when all is shown.
        remedies: what would have found something, best first; only when nothing was found.
        points_href: where the map finds what the list leaves out; empty when it leaves out nothing.
        need_query: the search as the fields of a need, the end of an address.
    """

    title: str
    near: list[Card] = field(default_factory=list)
    far: list[Card] = field(default_factory=list)
    tags: list[Link] = field(default_factory=list)
    remedies: list[Link] = field(default_factory=list)
    more_href: str = ""
    is_cut: bool = False
    need_query: str = ""
    points_href: str = ""

    @property
    def cards(self) -> list[Card]:
        """Return all the cards in order."""
        return [*self.near, *self.far]

    @property
    def pins(self) -> list[dict[str, Any]]:
        """Return what the map mirrors: the same assets in the same order, with their distance."""
        return [
            {
                "id": str(card.result.asset_id),
                "name": card.result.name,
                "lat": card.result.latitude,
                "lon": card.result.longitude,
                "label": typography.km(card.result.distance_km, _language()),
                "href": card.href,
            }
            for card in self.cards
        ]


def answers(
    form: SearchForm, asker: Organization | None, now: datetime, *, preview: str = ""
) -> Answers:
    """Return the answers to a form already read, whether or not each field was valid.

    Args:
        preview: which public to answer as, of the asker's own assets alone; empty for the asker.
    """
    question = form.question()
    if question is None:
        return Answers(_("Aucun bien n’est encore offert"))
    if preview:
        return _previewed(form, question, asker, now, preview)
    found = nearest(question, asker, now=now, most=form.shown + 1)
    cards = cards_of(found[: form.shown], form, asker, now)
    has_more = len(found) > form.shown
    return Answers(
        title=_title(len(cards), form, has_more=has_more, is_visitor=asker is None),
        near=[card for card in cards if card.result.distance_km <= NEAR_KM],
        far=[card for card in cards if card.result.distance_km > NEAR_KM],
        tags=_tags(form),
        remedies=[] if cards else _remedies(form, question, asker, now),
        more_href=_address(form, changes={"n": form.shown + PAGE_SIZE}) if has_more else "",
        is_cut=has_more and form.shown >= MOST_SHOWN,
        need_query=_need_query(form),
        points_href=_points_href(form) if has_more else "",
    )


def _previewed(
    form: SearchForm, question: Question, owner: Organization | None, now: datetime, preview: str
) -> Answers:
    """Return what a public would find of one body's assets, as it would be told."""
    seer = stand_in(preview)
    mine = set(Asset.objects.filter(manager=owner).published().values_list("pk", flat=True))
    every = nearest(question, seer, now=now, most=FILTERED_REACH)
    found = [result for result in every if result.asset_id in mine][:MOST_SHOWN]
    cards = [
        replace(card, href=f"{_asset_address(card.result)}?apercu={preview}")
        for card in cards_of(found, form, seer, now)
    ]
    return Answers(
        title=_title(len(cards), form, has_more=False, is_visitor=seer is None),
        near=[card for card in cards if card.result.distance_km <= NEAR_KM],
        far=[card for card in cards if card.result.distance_km > NEAR_KM],
        tags=[],
    )


def cards_of(
    found: list[Result], form: SearchForm, asker: Organization | None, now: datetime
) -> list[Card]:
    """Return the cards of results, each with the stretch it is free: six queries for all."""
    numbers = [result.asset_id for result in found]
    free = free_times(numbers, asker, form.use, now)
    photos = first_photos(set(numbers) - photos_withheld(numbers, asker))
    wanted = f"?{form.slot.address}" if form.slot else ""
    return [
        Card(
            result,
            free.get(result.asset_id),
            _asset_address(result) + wanted,
            photos.get(result.asset_id),
        )
        for result in found
    ]


def _asset_address(result: Result) -> str:
    return reverse("asset", args=[result.asset_id])


def _title(count: int, form: SearchForm, *, has_more: bool, is_visitor: bool) -> str:
    """Return the answer in one line: how many, free or not yet asked.

    A visitor is told what is open then; each card tells whether its half-day is known free.
    """
    if is_visitor and form.use and count:
        words = ngettext("%(n)s bien ouvert à ce moment", "%(n)s biens ouverts à ce moment", count)
        cut = _("Les %(n)s biens ouverts les plus proches")
        return (cut if has_more else words) % {"n": count}
    if not count:
        return _("Aucun bien libre à ce moment") if form.use else _("Aucun bien trouvé")
    if has_more:
        free, every = (
            _("Les %(n)s biens libres les plus proches"),
            _("Les %(n)s biens les plus proches"),
        )
        return (free if form.use else every) % {"n": count}
    if form.use:
        return ngettext("%(n)s bien libre", "%(n)s biens libres", count) % {"n": count}
    return ngettext("%(n)s bien trouvé", "%(n)s biens trouvés", count) % {"n": count}


def _address(
    form: SearchForm,
    without: tuple[str, ...] = (),
    changes: Mapping[str, object] | None = None,
) -> str:
    """Return the address of this search with some fields changed or left out."""
    changes = changes or {}
    sent = {**form.data, **changes}
    kept: dict[str, Any] = {
        name: value if isinstance(value, list) else str(value)
        for name, value in sent.items()
        if name not in without and value not in ("", None, []) and USUAL.get(name) != str(value)
    }
    if "le" in kept:
        kept |= {name: str(sent[name]) for name in ("debut", "duree") if sent.get(name)}
    query = urlencode(kept, doseq=True)
    return reverse("results") + (f"?{query}" if query else "")


def _points_href(form: SearchForm) -> str:
    query = _address(form, ("n",)).partition("?")[2]
    return reverse("map_points") + (f"?{query}" if query else "")


def _need_query(form: SearchForm) -> str:
    """Return what was asked as a need would tell it: what, when, where, how far."""
    kept = {name: form.data.get(name) for name in ("quoi", "ou", "ici", "rayon")}
    moment = form.slot.fields if form.slot else {}
    return urlencode({name: text for name, text in {**kept, **moment}.items() if text})


def _tags(form: SearchForm) -> list[Link]:
    """Return what narrows the search, each with the way to remove it."""
    given: Mapping[str, Any] = form.cleaned_data
    tags: list[tuple[str, tuple[str, ...]]] = []
    if given.get("quoi"):
        tags.append((f"«\u00a0{given['quoi']}\u00a0»", ("quoi",)))
    if given.get("nature"):
        tags.append((str(KINDS[Kind(given["nature"])][1]), ("nature",)))
    if form.use:
        tags.append((typography.span(form.use, form.zone, language=_language()), WHEN))
    if form.place and (given.get("ou") or given.get("ici")):
        tags.append((str(form.place.name), ("ou", "ici")))
    if given.get("rayon") and str(given["rayon"]) != USUAL["rayon"]:
        tags.append((f"{given['rayon']}\u00a0km", ("rayon",)))
    if given.get("places"):
        count = given["places"]
        text = ngettext("%(n)s place au moins", "%(n)s places au moins", count) % {"n": count}
        tags.append((text, ("places",)))
    if given.get("immediat"):
        tags.append((_("Réservation immédiate"), ("immediat",)))
    links = [Link(text, _address(form, names)) for text, names in tags]
    return [*links, *_feature_tags(form)]


def _feature_tags(form: SearchForm) -> list[Link]:
    asked: list[str] = form.cleaned_data.get("acces", [])
    return [
        Link(
            feature_name(FEATURES[slug]),
            _address(form, changes={"acces": [one for one in asked if one != slug]}),
        )
        for slug in asked
    ]


@dataclass(frozen=True)
class Feature:
    """An accessibility filter: its slug, its words, whether it is asked, what it would leave."""

    slug: str
    name: str
    is_asked: bool
    count: int | None


def offered_features(form: SearchForm, counts: Mapping[str, int] | None) -> list[Feature]:
    """Return the accessibility filters; without counts until somebody looks for them."""
    asked = form.cleaned_data.get("acces", [])
    return [
        Feature(
            slug,
            feature_name(one),
            slug in asked,
            None if counts is None else counts.get(one.code, 0),
        )
        for slug, one in FEATURES.items()
    ]


def _language() -> str:
    return get_language() or "fr"


def _remedies(
    form: SearchForm, question: Question, asker: Organization | None, now: datetime
) -> list[Link]:
    """Return what to change so that something is found; at the very end, the whole list."""
    if not form.categories:
        return [Link(_("Voir tous les biens autour"), _address(form, ("quoi", "nature")))]
    miss = near_miss(question, asker, now=now, zone=form.zone)
    links = [
        *_other_day(form, miss),
        *_other_filters(form, miss),
        *_wider(form, miss),
        *_whenever(form, miss),
    ]
    links = links or _closed_to(question, asker, now)
    if links:
        return links
    if question.radius_km < 500:
        return [
            Link(_("Chercher à 500\u00a0km à la ronde"), _address(form, changes={"rayon": 500}))
        ]
    return [Link(_("Voir tous les biens autour"), _address(form, ("quoi", "nature", *WHEN)))]


def _closed_to(question: Question, asker: Organization | None, now: datetime) -> list[Link]:
    """Return what others may book there: its page tells the rule that says no, and to whom."""
    if asker is None:
        return []
    words = _("Réservé à d’autres\u00a0: %(name)s")
    return [
        Link(words % {"name": result.name}, reverse("asset", args=[result.asset_id]))
        for result in nearest(question, None, now=now, most=MOST_CLOSED)
    ]


def _other_day(form: SearchForm, miss: NearMiss) -> list[Link]:
    if miss.next_days is None or form.slot is None or miss.next_days > FURTHEST_DAYS:
        return []
    slot: Slot = form.slot.later(miss.next_days)
    words = typography.span(slot.use(form.zone), form.zone, language=_language())
    return [
        Link(_("Mêmes heures, %(when)s") % {"when": words}, _address(form, changes=slot.fields))
    ]


def _other_filters(form: SearchForm, miss: NearMiss) -> list[Link]:
    if not miss.unfiltered_count:
        return []
    words = _("Sans les filtres\u00a0: %(count)s") % {"count": _counted(miss.unfiltered_count)}
    return [Link(words, _address(form, ("places", "immediat", "acces")))]


def _wider(form: SearchForm, miss: NearMiss) -> list[Link]:
    if not miss.wider_count:
        return []
    names = {"km": f"{miss.wider_km:.0f}", "count": _counted(miss.wider_count)}
    words = _("Jusqu’à %(km)s\u00a0km\u00a0: %(count)s") % names
    return [Link(words, _address(form, changes={"rayon": f"{miss.wider_km:.0f}"}))]


def _whenever(form: SearchForm, miss: NearMiss) -> list[Link]:
    if not miss.whenever_count:
        return []
    words = _("À un autre moment\u00a0: %(count)s") % {"count": _counted(miss.whenever_count)}
    return [Link(words, _address(form, WHEN))]


def _counted(count: int) -> str:
    if count >= PAGE_SIZE:
        return _("%(n)s biens ou plus") % {"n": count}
    return ngettext("%(n)s bien", "%(n)s biens", count) % {"n": count}
