# SPDX-License-Identifier: EUPL-1.2
"""A second factor is added, asked for, required where the body says so, and lifted when lost."""

import re

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session

from tests.support.pages import read, words
from tests.support.world import NOW, PASSWORD, Role, make_body, make_person
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.bodies import reset_second_factor, settle_body
from usufruit.ui.typography import typography_faults

pytestmark = pytest.mark.django_db
INDEX = "/compte/double-authentification/"


@pytest.fixture
def body():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def admin(body):
    one = make_person(body, Role.BODY_ADMIN, name="Greffière")
    one.set_password(PASSWORD)
    one.save()
    return one


def sign_in(client, person):
    return client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})


def confirm(client):
    assert client.post("/compte/confirmer/", {"password": PASSWORD}).status_code == 302


def code_of(secret):
    counter = next(yield_hotp_counters_from_time())
    return f"{hotp_value(secret, counter):06d}"


def protect(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def test_from_activation_to_a_session_with_a_code(
    client, admin, mailoutbox, rf, django_capture_on_commit_callbacks
):
    sign_in(client, admin)
    assert "Inactive" in words(read(client.get(INDEX)))
    assert client.get(f"{INDEX}activer/").url.startswith("/compte/confirmer/")
    confirm(client)
    page = read(client.get(f"{INDEX}activer/"))
    assert page.select_one("main img")["src"].startswith("data:image/svg+xml;base64,")
    wrong = read(client.post(f"{INDEX}activer/", {"code": "abc"}))
    assert "Ce code n’est pas le bon" in wrong.select_one(".error-summary").text
    secret = wrong.select_one(".code").text
    with django_capture_on_commit_callbacks() as to_send:
        answer = client.post(f"{INDEX}activer/", {"code": code_of(secret)})
    with request_context(rf.get(INDEX)):  # where they would have been sent, but for the test
        for send in to_send:
            send()
    assert answer.url == f"{INDEX}codes/"
    page = read(client.get(answer.url))
    kept = [one.text for one in page.select("li.code")]
    assert len(kept) == 10
    assert kept[0] in client.get(f"{INDEX}codes/fichier/").content.decode()
    assert mailoutbox[-1].subject == "Usufruit – la double authentification est active"
    read(client.get(INDEX))
    client.post("/compte/deconnexion/")
    answer = sign_in(client, admin)
    assert answer.url == f"{INDEX}code/"
    assert "_auth_user_id" not in client.session
    page = read(client.get(answer.url))
    assert page.h1.text == "Code de votre téléphone"
    read(client.post(answer.url, {"code": "000"}))
    assert client.post(answer.url, {"code": kept[0]}).url == "/"
    assert client.session["_auth_user_id"] == str(admin.pk)
    assert client.get(f"{INDEX}codes/refaire/").url.startswith("/compte/confirmer/")


@pytest.mark.parametrize(
    ("own", "platform", "role", "owes"),
    [
        (None, False, Role.BODY_ADMIN, False),
        (None, True, Role.BODY_ADMIN, True),
        (False, True, Role.BODY_ADMIN, False),
        (True, False, Role.FINANCE, True),
        (True, False, Role.COORDINATOR, True),
        (True, True, Role.ASSET_MANAGER, False),
    ],
)
def test_sensitive_roles_owe_it_where_it_is_asked(client, settings, own, platform, role, owes):
    settings.SECOND_FACTOR_REQUIRED = platform
    person = make_person(make_body(requires_second_factor=own), role)
    client.force_login(person)
    answer = client.get("/reservations/")
    assert (answer.status_code == 302) is owes
    protect(person)
    assert client.get("/reservations/").status_code == 200


def test_who_owes_it_is_led_there_and_back(client, body, admin):
    settle_body(organization=body, contact="", requires_second_factor=True, by=admin, now=NOW)
    sign_in(client, admin)
    answer = client.get("/organisme/personnes/?q=a")
    assert answer.url == f"{INDEX}exigee/?next=%2Forganisme%2Fpersonnes%2F%3Fq%3Da"
    fragment = client.get("/biens/", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"].startswith(f"{INDEX}exigee/")
    assert client.post("/organisme/personnes/inviter/", {}).url == f"{INDEX}exigee/?next=%2F"
    assert read(client.get(answer.url)).h1.text == "Un code en plus du mot de passe"
    confirm(client)
    secret = read(client.get(f"{INDEX}activer/")).select_one(".code").text
    client.post(f"{INDEX}activer/", {"code": code_of(secret)})
    assert client.get(f"{INDEX}suite/").url == "/organisme/personnes/?q=a"
    kept = read(client.post(f"{INDEX}retirer/", {}))
    assert "elle reste active" in words(kept)
    assert Authenticator.objects.filter(user=admin, type="totp").exists()


def test_the_way_back_leads_nowhere_else(client, admin):
    client.force_login(admin)
    read(client.get(f"{INDEX}exigee/?next=https://ailleurs.test/"))
    assert client.get(f"{INDEX}suite/").url == "/compte/"


def test_it_is_taken_off_by_oneself_when_no_role_asks_for_it(client, admin, mailoutbox):
    sign_in(client, admin)
    protect(admin)
    confirm(client)
    read(client.get(f"{INDEX}retirer/"))
    assert client.post(f"{INDEX}retirer/").url == INDEX
    assert not Authenticator.objects.exists()
    assert mailoutbox[-1].subject == "Usufruit – la double authentification est retirée"


def test_an_administrator_lifts_a_lost_factor(client, body, admin, mailoutbox):
    clerk = make_person(body, Role.DESK_CLERK, name="Accueil")
    protect(clerk)
    theirs = type(client)()
    theirs.force_login(clerk)
    client.force_login(admin)
    page = read(client.get("/organisme/personnes/"))
    address = page.select_one("a[href$='/second-facteur/']")["href"]
    read(client.get(address))
    assert client.post(address).url == "/organisme/personnes/"
    assert not Authenticator.objects.exists()
    assert not Session.objects.filter(pk=theirs.session.session_key).exists()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([clerk.email], "Usufruit – votre second facteur est levé")
    lines = [line for line in mail.body.splitlines() if "http" not in line]
    assert [fault for line in lines for fault in typography_faults(line)] == []
    assert re.search(r"<a href=\"http://testserver/compte/double-", mail.alternatives[0].content)
    assert JournalLine.objects.get(verb="reset_second_factor").person_id == admin.pk


def test_factors_nobody_lifts(body, admin):
    other = make_person(body, Role.MEMBER)
    for person, by, code in (
        (other, other, "not_an_administrator"),
        (admin, admin, "your_own_factor"),
        (make_person(), admin, "not_a_member"),
        (other, admin, "no_second_factor"),
    ):
        with pytest.raises(Refusal) as refused:
            reset_second_factor(person=person, organization=body, by=by, now=NOW)
        assert refused.value.code == code


def test_mails_of_the_account_come_in_words_and_in_html(client, admin, mailoutbox):
    client.post("/compte/mot-de-passe/oublie/", {"email": admin.email})
    (mail,) = mailoutbox
    address = re.search(r"http://testserver/compte/mot-de-passe/nouveau/\S+", mail.body)[0]
    assert f'<a href="{address}">' in mail.alternatives[0].content
