# SPDX-License-Identifier: EUPL-1.2
"""What can be stated of a place, sealed, shown and put aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from usufruit.inventory.models import Asset, Site
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.premises import store
from usufruit.premises.facts import BY_CODE, Reader
from usufruit.premises.models import Fact, OfOne, Paper, Photo, Secret
from usufruit.premises.pictures import Picture
from usufruit.premises.queries import Place, body_of, of_place, own_facts, photos_of
from usufruit.premises.seals import seal, unseal

MOST_PHOTOS = 20
MOST_PAPERS = 20
KEPT_ASIDE = timedelta(days=30)


def _who(by: Person | None, now: datetime, organization: Organization) -> dict[str, Any]:
    return {"at": now, "person_id": by.pk if by else None, "organization_id": organization.pk}


def _of(place: Place) -> dict[str, Any]:
    return {"site": place} if isinstance(place, Site) else {"asset": place}


@verb
def state_facts(
    *, place: Place, values: Mapping[str, Any], by: Person | None, now: datetime
) -> list[str]:
    """State what is known of a site or an asset; None makes a fact unknown again.

    Returns:
        the codes of what changed.
    """
    before = own_facts(place)
    changed = sorted(code for code, value in values.items() if before.get(code) != value)
    for code in changed:
        if values[code] is None:
            Fact.objects.filter(of_place(place), code=code).delete()
        else:
            _state(place, BY_CODE[code].code, values[code])
    if changed:
        JournalLine.record(
            "state_facts", place, **_who(by, now, body_of(place)), detail={"changed": changed}
        )
    return changed


def _state(place: Place, code: str, value: object) -> None:
    Fact.objects.update_or_create(**_of(place), code=code, defaults={"value": value})


@verb
def seal_secret(
    *, place: Place, text: str, hours_before: int, by: Person | None, now: datetime
) -> None:
    """Keep what opens the door, or forget it when the text is empty; the journal tells no code."""
    if text:
        Secret.objects.update_or_create(
            **_of(place),
            defaults={"sealed": seal(text), "hours_before": hours_before, "changed_at": now},
        )
    else:
        Secret.objects.filter(of_place(place)).delete()
    verb_done = "seal_secret" if text else "forget_secret"
    JournalLine.record(verb_done, place, **_who(by, now, body_of(place)))


@verb
def set_secret_hours(*, secret: Secret, hours_before: int, by: Person, now: datetime) -> None:
    """Change how long before a use its people read the code; the code stays sealed."""
    secret.hours_before = hours_before
    secret.save(update_fields=["hours_before"])
    JournalLine.record(
        "set_secret_hours",
        secret.asset or secret.site,  # type: ignore[arg-type]
        **_who(by, now, secret.body),
        detail={"hours_before": hours_before},
    )


@verb
def read_secret(
    *, secret: Secret, organization: Organization, why: str, by: Person, now: datetime
) -> str:
    """Open a seal for one reader, and write who read it and why.

    Args:
        organization: the body the reader acts for.
        why: the reference of the booking, or ``gestion``.

    Raises:
        Refusal: ``secret_unreadable`` when the platform's key changed since it was sealed.
    """
    text = unseal(secret.sealed)
    if text is None:
        raise Refusal(
            "secret_unreadable",
            _(
                "Ce code ne se lit plus\u00a0: la clé de la plateforme a changé. "
                "Son gestionnaire doit l’écrire de nouveau."
            ),
        )
    place = secret.asset or secret.site
    JournalLine.record(
        "read_secret",
        place,  # type: ignore[arg-type]
        **_who(by, now, organization),
        detail={"why": why},
    )
    return text


@verb
def add_photos(
    *, place: Place, pictures: Sequence[Picture], by: Person | None, now: datetime, alt: str = ""
) -> list[Photo]:
    """Add pictures after those already shown; what was put aside long ago is let go.

    Raises:
        Refusal: ``too_many_photos``.
    """
    type(place).objects.select_for_update(of=("self",), no_key=True).get(pk=place.pk)
    shown = photos_of(place)
    if shown.count() + len(pictures) > MOST_PHOTOS:
        raise Refusal(
            "too_many_photos",
            _("Une fiche montre au plus %(most)s\u00a0photos. Retirez-en avant d’en ajouter.")
            % {"most": MOST_PHOTOS},
        )
    last = shown.aggregate(last=Max("rank"))["last"]
    first = 0 if last is None else last + 1
    photos = [
        Photo.objects.create(
            **_of(place),
            digest=store.keep(each.full.content),
            width=each.full.width,
            height=each.full.height,
            thumbnail_digest=store.keep(each.thumbnail.content),
            thumbnail_width=each.thumbnail.width,
            thumbnail_height=each.thumbnail.height,
            alt=alt,
            rank=rank,
            added_at=now,
        )
        for rank, each in enumerate(pictures, start=first)
    ]
    _let_go(place, now)
    JournalLine.record(
        "add_photos", place, **_who(by, now, body_of(place)), detail={"count": len(photos)}
    )
    return photos


def _let_go(place: Place, now: datetime) -> None:
    """Delete the photos put aside a month ago, and their files once nobody names them."""
    old = Photo.objects.filter(of_place(place), removed_at__lt=now - KEPT_ASIDE)
    digests = {digest for pair in old.values_list("digest", "thumbnail_digest") for digest in pair}
    old.delete()
    for digest in digests:
        is_shown = Photo.objects.filter(Q(digest=digest) | Q(thumbnail_digest=digest)).exists()
        if not is_shown and not Paper.objects.filter(digest=digest).exists():
            transaction.on_commit(partial(store.forget, digest))


@verb
def describe_photos(
    *, place: Place, alts: Mapping[int, str], by: Person | None, now: datetime
) -> None:
    """Say what photos show, for who does not see them."""
    for photo in photos_of(place).filter(pk__in=list(alts)):
        photo.alt = alts[photo.pk]
        photo.save(update_fields=["alt"])
    JournalLine.record("describe_photos", place, **_who(by, now, body_of(place)))


@verb
def move_photo_up(*, photo: Photo, by: Person, now: datetime) -> None:
    """Show a photo before the one that stood before it."""
    place: Place = photo.asset or photo.site  # type: ignore[assignment]
    order = list(photos_of(place).select_for_update(of=("self",)))
    at = next((at for at, each in enumerate(order) if each.pk == photo.pk), 0)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
    for rank, each in enumerate(order):
        each.rank = rank
    Photo.objects.bulk_update(order, ["rank"])
    JournalLine.record("move_photo_up", photo, **_who(by, now, photo.body))


@verb
def put_aside(*, one: Photo | Paper, by: Person, now: datetime) -> None:
    """Take a photo or a paper off its page; it comes back within a month."""
    one.removed_at = now
    one.save(update_fields=["removed_at"])
    JournalLine.record("put_aside", one, **_who(by, now, _body(one)))


@verb
def bring_back(*, one: Photo | Paper, by: Person, now: datetime) -> None:
    """Show again what was put aside."""
    one.removed_at = None
    one.save(update_fields=["removed_at"])
    JournalLine.record("bring_back", one, **_who(by, now, _body(one)))


def _body(one: OfOne | Paper) -> Organization:
    return one.asset.manager if isinstance(one, Paper) else one.body


@verb
def add_paper(
    *,
    asset: Asset,
    title: str,
    content: bytes,
    media_type: str,
    reader: Reader,
    by: Person | None,
    now: datetime,
) -> Paper:
    """Attach a manual or a form, its kind already read from its bytes.

    Raises:
        Refusal: ``too_many_papers``.
    """
    if Paper.objects.filter(asset=asset, removed_at__isnull=True).count() >= MOST_PAPERS:
        raise Refusal(
            "too_many_papers",
            _("Une fiche porte au plus %(most)s\u00a0documents. Retirez-en avant d’en ajouter.")
            % {"most": MOST_PAPERS},
        )
    paper = Paper.objects.create(
        asset=asset,
        title=title,
        digest=store.keep(content),
        media_type=media_type,
        size_bytes=len(content),
        reader=reader,
        added_at=now,
    )
    JournalLine.record("add_paper", paper, **_who(by, now, asset.manager))
    return paper
