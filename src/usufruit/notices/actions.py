# SPDX-License-Identifier: EUPL-1.2
"""What can be done with news: tell it, take it back, deliver it, read it, choose its rhythm.

A letter leaves at least once: it is marked tried before the mail server is spoken to, and sent once
that server took it. A process that dies between the two sends it again later under the same
``Message-ID``, by which readers know a copy.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.notices.letters import Letter, Writer, digest, message
from usufruit.notices.models import Change, Choice, Notice, Rhythm
from usufruit.notices.queries import recipients_of, rhythms_of, zone_of
from usufruit.notices.rules import next_digest, next_try
from usufruit.organizations.models import Person

logger = logging.getLogger(__name__)

BATCH = 100
LAST_WAIT = timedelta(days=1)


def tell(changes: Iterable[Change]) -> None:
    """Write what happened, inside the transaction that made it; the worker does the rest."""
    Change.objects.bulk_create(changes)


@verb
def take_back(*, changes: Iterable[Change]) -> bool:
    """Forget changes that nobody was told of yet; False, and nothing done, when one was told.

    Told and taken back at the same moment, one of the two waits for the other.
    """
    numbers = [change.pk for change in changes]
    waiting = Change.objects.select_for_update().filter(pk__in=numbers, told_at=None)
    if len(waiting.order_by("pk")) < len(numbers):
        return False
    Change.objects.filter(pk__in=numbers).delete()
    return True


@verb
def hurry(*, changes: Iterable[Change], now: datetime) -> int:
    """Let changes leave now instead of waiting; return how many still waited."""
    numbers = [change.pk for change in changes]
    waiting = Change.objects.filter(pk__in=numbers, told_at=None, due_at__gt=now)
    return waiting.update(due_at=now)


def deliver(*, now: datetime, mailer: BaseEmailBackend) -> int:
    """Turn due changes into notices, then send the letters that are due; return how many left.

    Several drainers share the work: each skips the rows another holds.
    """
    while _fan_out(now):
        pass
    return _send_due(now, mailer)


@transaction.atomic
def _fan_out(now: datetime) -> int:
    """Make the notices of a batch of changes; return how many changes there were."""
    due = Change.objects.filter(told_at=None, due_at__lte=now).order_by("due_at", "id")
    changes = list(due.select_for_update(skip_locked=True)[:BATCH])
    rhythms = cache(rhythms_of)  # of this batch alone: a choice counts from the next one
    notices = [
        _notice(change, person, rhythms(person).get(change.family, Rhythm.AT_ONCE), now)
        for change in changes
        for person in recipients_of(change)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    Change.objects.filter(pk__in=[change.pk for change in changes]).update(told_at=now)
    return len(changes)


def _notice(change: Change, person: Person, rhythm: str, now: datetime) -> Notice:
    mail_at = None
    if person.email and rhythm == Rhythm.AT_ONCE:
        mail_at = now
    elif person.email and rhythm == Rhythm.DIGEST:
        mail_at = next_digest(now, zone_of(person))
    return Notice(
        change=change, person=person, rhythm=rhythm, made_at=change.made_at, mail_at=mail_at
    )


def _send_due(now: datetime, mailer: BaseEmailBackend) -> int:
    """Send what is due; a server that does not answer costs no letter one of its tries."""
    due = Notice.objects.filter(mail_at__lte=now)
    if not due.exists():
        return 0
    try:
        mailer.open()
    except OSError as error:
        logger.warning("le serveur d’envoi ne répond pas (%s); les courriels attendent", error)
        return 0
    sent = 0
    try:
        for _ in range(BATCH):
            notices = _claim(now)
            if not notices:
                break
            sent += _send(notices, now, mailer)
    finally:
        mailer.close()
    return sent


@transaction.atomic
def _claim(now: datetime) -> list[Notice]:
    """Take the next letter and mark it tried; those of a person's day go together."""
    due = Notice.objects.filter(mail_at__lte=now).select_for_update(of=("self",), skip_locked=True)
    first = due.select_related("change__organization", "person").order_by("mail_at", "id").first()
    if first is None:
        return []
    notices = [first]
    if first.rhythm == Rhythm.DIGEST:
        others = due.filter(person=first.person, rhythm=Rhythm.DIGEST).exclude(pk=first.pk)
        related = others.select_related("change__organization", "person")
        notices += related.order_by("made_at", "id")[: BATCH - 1]
    for notice in notices:
        notice.attempts += 1
        notice.mail_at = next_try(notice.attempts, now) or now + LAST_WAIT
    Notice.objects.bulk_update(notices, ["attempts", "mail_at"])
    return notices


def _letter(notices: list[Notice], now: datetime) -> Letter | None:
    """Write one piece of news, or those of a day its reader may still see; None for none."""
    first = notices[0]
    if first.rhythm != Rhythm.DIGEST:
        return _writer(first)(first, now)
    seen = [one for one in notices if _writer(one)(one, now) is not None]
    return digest(seen) if seen else None


def _send(notices: list[Notice], now: datetime, mailer: BaseEmailBackend) -> int:
    """Write and send one letter; return 1 when it left."""
    first = notices[0]
    try:
        letter = _letter(notices, now)
        # Who was erased since has no address; what they may no longer see has no letter.
        if letter is None or not first.person.email:
            return _settle(notices, mail_at=None)
        mailer.send_messages([message(first, letter)])
    except Exception as error:
        logger.warning("courriel %s non parti (essai %s)", first.pk, first.attempts, exc_info=True)
        gives_up = _is_final(error) or next_try(first.attempts, now) is None
        given_up = {"mail_at": None, "given_up_at": now} if gives_up else {}
        _settle(notices, error=_said(error), **given_up)
        return 0
    _settle(notices, mail_at=None, sent_at=now, error="")
    return 1


def _writer(notice: Notice) -> Writer:
    """Return the function of the room above that writes the letters of an object."""
    writer: Writer = import_string(settings.NOTICE_WRITERS[notice.change.object_type])
    return writer


def _settle(notices: list[Notice], **values: object) -> int:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(**values)
    return 0


def _is_final(error: Exception) -> bool:
    """Tell whether the server said that trying again is no use (a code of 500 and more)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def _said(error: Exception) -> str:
    """Name an error by its kind and code: the words of a server often hold the address."""
    codes = [error.smtp_code] if isinstance(error, SMTPResponseException) else []
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    return " ".join([type(error).__name__, *map(str, codes)])


@verb
def read_notices(*, notices: Iterable[int], by: Person, now: datetime) -> int:
    """Mark notices of a person as read; what would only come in the digest then does not."""
    mine = Notice.objects.filter(pk__in=list(notices), person=by)
    mine.filter(rhythm=Rhythm.DIGEST, sent_at=None).update(mail_at=None)
    return mine.filter(read_at=None).update(read_at=now)


@verb
def read_all(*, by: Person, now: datetime) -> int:
    """Mark as read all that a person was told until now."""
    unread = Notice.objects.filter(person=by, read_at=None, made_at__lte=now)
    return read_notices(notices=unread.order_by("pk").values_list("pk", flat=True), by=by, now=now)


@verb
def choose_rhythms(*, rhythms: Mapping[str, str], by: Person, now: datetime) -> None:
    """Keep the rhythm of each family; news already waiting for a digest keep theirs.

    Raises:
        IntegrityError: for the family of the account, which always leaves (``choice_is_offered``).
    """
    for family, rhythm in rhythms.items():
        Choice.objects.update_or_create(person=by, family=family, defaults={"rhythm": rhythm})
    JournalLine.record(
        "choose_rhythms", by, at=now, person_id=by.pk, organization_id=None, detail=dict(rhythms)
    )


@verb
def forget_news_of(*, person: Person) -> None:
    """Delete the notices and the choices of a person, with their account."""
    Notice.objects.filter(person=person).delete()
    Choice.objects.filter(person=person).delete()


@verb
def try_again(*, by: Person, now: datetime) -> int:
    """Send again the letters given up, once their cause is mended.

    Raises:
        Refusal: ``not_platform_admin``.
    """
    if not by.is_platform_admin:
        raise Refusal("not_platform_admin", "Seul l’exploitant de la plateforme peut le faire.")
    given_up = Notice.objects.filter(~Q(given_up_at=None))
    count = given_up.update(given_up_at=None, attempts=0, mail_at=now)
    JournalLine.record(
        "try_again", by, at=now, person_id=by.pk, organization_id=None, detail={"letters": count}
    )
    return count
