# SPDX-License-Identifier: EUPL-1.2
"""What a request passes through: a body too heavy, a question too long."""

import os
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse

from tests.support.world import make_body, make_person
from usufruit.config.middleware import BodyLimitMiddleware
from usufruit.organizations.models import Role
from usufruit.search import views
from usufruit.ui.typography import typography_faults


def send(client, size: int, *, is_whole: bool = True):
    """Send so many bytes, or say so of one byte, when nobody should read further."""
    return client.generic(
        "POST",
        "/audits/nouveau/",
        b"x" * (size if is_whole else 1),
        content_type="multipart/form-data; boundary=b",
        headers={"content-length": str(size)},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "is_taken"), [(1_000_000, True), (3_000_000, False)])
def test_a_stranger_sends_no_more_than_a_form(client, size, is_taken):
    assert (send(client, size, is_whole=is_taken).status_code == 413) is not is_taken


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "is_taken"), [(3_000_000, True), (300_000_000, False)])
def test_a_member_sends_files_within_reason(client, settings, size, is_taken):
    settings.UPLOAD_MAX_BYTES = 200_000_000
    client.force_login(make_person(make_body(), Role.ASSET_MANAGER))
    answer = send(client, size, is_whole=is_taken)
    assert (answer.status_code == 413) is not is_taken
    if not is_taken:
        text = BeautifulSoup(answer.content, "html.parser").main.get_text()
        assert "au plus 190,7\u00a0Mo" in text
        assert typography_faults(text) == []


@pytest.mark.django_db
@pytest.mark.parametrize("announced", ["abc", "²", "", "9" * 5000])
def test_a_length_that_is_no_number_counts_for_none(rf, announced):
    request = rf.post("/", b"x", content_type="text/plain")
    request.META["CONTENT_LENGTH"] = announced
    request.user = AnonymousUser()
    answer = BodyLimitMiddleware(lambda _: HttpResponse("lu"))(request)
    assert answer.content == b"lu"


@pytest.mark.django_db
def test_a_question_too_long_is_given_up_with_a_page(client, monkeypatch):
    def sleep(*_: object, **_named: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '5ms'")
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(views, "answers", sleep)
    answer = client.get("/biens/?quoi=gymnase")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "prend trop de temps" in answer.content.decode()


def test_the_web_server_limits_its_questions_and_the_operator_has_the_last_word():
    code = "import os, usufruit.config.wsgi; print(os.environ['PGOPTIONS'])"
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PGOPTIONS": "-c statement_timeout=5min"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.index("statement_timeout=20s") < told.index("statement_timeout=5min")
