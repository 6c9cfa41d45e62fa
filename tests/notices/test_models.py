# SPDX-License-Identifier: EUPL-1.2
"""What can never be stored of a notice."""

import pytest

from tests.support.constraints import violates
from tests.support.world import NOW
from usufruit.notices.models import Choice, Notice, Rhythm

pytestmark = pytest.mark.django_db


def test_a_change_is_of_a_known_kind_to_somebody_about_a_page_of_ours(news, clerk):
    with violates("change_kind_known"):
        news(family="gossip").save()
    with violates("change_names_its_person"):
        news(audience="person").save()
    with violates("change_names_its_person"):
        news(person=clerk).save()
    for path in ("https://ailleurs.exemple/", "//ailleurs.exemple/"):
        with violates("change_leads_here"):
            news(path=path).save()


def test_a_person_is_told_once_and_written_to_once(news, clerk):
    change = news()
    change.save()
    told = {"change": change, "person": clerk, "rhythm": Rhythm.AT_ONCE, "made_at": NOW}
    notice = Notice.objects.create(**told)
    with violates("notice_once"):
        Notice.objects.create(**told)
    with violates("notice_rhythm_known"):
        Notice.objects.filter(pk=notice.pk).update(rhythm="weekly")
    with violates("notice_mailed_once"):
        Notice.objects.filter(pk=notice.pk).update(mail_at=NOW, sent_at=NOW)
    with violates("notice_mailed_once"):
        Notice.objects.filter(pk=notice.pk).update(mail_at=NOW, given_up_at=NOW)


def test_the_letters_of_the_account_are_not_to_choose(clerk):
    with violates("choice_is_offered"):
        Choice.objects.create(person=clerk, family="account", rhythm=Rhythm.PRODUCT)
    with violates("choice_is_offered"):
        Choice.objects.create(person=clerk, family="changes", rhythm="weekly")
    Choice.objects.create(person=clerk, family="changes", rhythm=Rhythm.DIGEST)
    with violates("choice_once"):
        Choice.objects.create(person=clerk, family="changes", rhythm=Rhythm.PRODUCT)
