# SPDX-License-Identifier: EUPL-1.2
"""Signing in and out, passwords, and what a stranger is told."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse

from tests.support.pages import read, words
from tests.support.world import NOW, PASSWORD, Role, make_body, make_person
from usufruit.organizations.actions import erase_person, register_person
from usufruit.organizations.models import Person

pytestmark = pytest.mark.django_db
LOGIN = "/compte/connexion/"


@pytest.fixture
def person():
    body = make_body("Ville de Saint-Essai")
    one = make_person(body, Role.ASSET_MANAGER, name="Contremaître, Travaux publics")
    one.set_password(PASSWORD)
    one.save()
    return one


def sign_in(client, person, **more):
    return client.post(LOGIN, {"login": person.email, "password": PASSWORD, **more})


def test_login_page_is_in_french_and_leads_to_help(client):
    page = read(client.get(LOGIN))
    assert page.h1.text == "Ouvrir ma session"
    assert page.select_one("input[name=login]")["type"] == "email"
    assert not page.select("[placeholder]")
    assert {a["href"] for a in page.select("main a")} == {
        "/compte/mot-de-passe/oublie/",
        "/compte/inscription/",
    }


def test_signing_in_leads_home(client, person):
    response = sign_in(client, person)
    assert (response.status_code, response.url) == (302, reverse("home"))
    assert client.session["_auth_user_id"] == str(person.pk)


def test_signing_in_leads_back_to_where_one_was(client, person):
    page = read(client.get(f"{LOGIN}?next=/compte/"))
    assert page.select_one("main input[name=next]")["value"] == "/compte/"
    assert sign_in(client, person, next="/compte/").url == "/compte/"


@pytest.mark.parametrize(
    "target", ["https://ailleurs.test/", "//ailleurs.test", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(client, person, target):
    assert sign_in(client, person, next=target).url == reverse("home")


def test_session_ends_with_the_browser_unless_asked(client, person):
    sign_in(client, person)
    assert client.session.get_expire_at_browser_close()
    client.logout()
    sign_in(client, person, remember="on")
    assert not client.session.get_expire_at_browser_close()


@pytest.mark.parametrize("login", ["personne@exemple.test", "inconnu@exemple.test"])
def test_wrong_password_and_unknown_address_are_answered_alike(client, login):
    register_person(
        email="personne@exemple.test", full_name="P", password=PASSWORD, by=None, now=NOW
    )
    page = read(client.post(LOGIN, {"login": login, "password": "faux"}))
    assert "L’adresse ou le mot de passe n’est pas le bon" in page.select_one(".error-summary").text


@pytest.mark.parametrize("typed", ["Jean.Roy@Exemple.TEST", "jean.roy@exemple.test"])
@pytest.mark.parametrize("given", ["Jean.Roy@Exemple.TEST", "jean.roy@exemple.test"])
def test_an_address_opens_a_session_in_capitals_or_not(client, mailoutbox, given, typed):
    one = register_person(email=given, full_name="Jean", password=PASSWORD, by=None, now=NOW)
    assert Person.objects.get_by_natural_key(typed) == one
    client.post("/compte/mot-de-passe/oublie/", {"email": typed})
    assert mailoutbox[-1].subject == "Usufruit – choisir un nouveau mot de passe"
    client.post(LOGIN, {"login": typed, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(one.pk)


def test_closed_account_does_not_open(client, person):
    Person.objects.filter(pk=person.pk).update(is_active=False)
    response = client.post(LOGIN, {"login": person.email, "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session
    read(response)


def test_person_without_password_never_signs_in(client):
    one = make_person(make_body(), Role.MEMBER)
    read(client.post(LOGIN, {"login": one.email, "password": ""}))
    read(client.post(LOGIN, {"login": one.email, "password": "!"}))
    assert "_auth_user_id" not in client.session


def test_sixth_failure_is_refused_and_counted_for_all_processes(client, person):
    for _ in range(5):
        client.post(LOGIN, {"login": person.email, "password": "faux"})
    page = read(client.post(LOGIN, {"login": person.email, "password": PASSWORD}))
    assert "Trop d’essais ratés" in page.select_one(".error-summary").text
    assert "_auth_user_id" not in client.session
    assert "DatabaseCache" in type(cache._connections["default"]).__name__


def test_too_many_requests_have_a_page(client):
    for _ in range(31):
        response = client.post(LOGIN, {"login": "", "password": ""})
    page = read(response, status=429)
    assert page.h1.text == "Trop de demandes en peu de temps"


@pytest.mark.parametrize("field", ["login", "password"])
def test_hostile_input_is_refused_calmly(client, field):
    typed = {"login": "a@b.test", "password": "x", field: "<script>alert(1)</script>" * 16_000}
    page = read(client.post(LOGIN, typed))
    assert page.select(".error-summary")
    assert "<script>alert" not in str(page)


def test_no_account_is_opened_by_a_visitor(client):
    page = read(client.get("/compte/inscription/"))
    assert "C’est donc l’organisme qui l’ouvre" in words(page)
    client.post("/compte/inscription/", {"email": "moi@exemple.test", "password1": PASSWORD})
    assert not Person.objects.exists()


def test_signing_out_asks_for_a_post(client, person):
    client.force_login(person)
    read(client.get("/compte/deconnexion/"))
    assert "_auth_user_id" in client.session
    assert client.post("/compte/deconnexion/").url == reverse("home")
    assert "_auth_user_id" not in client.session


def test_forgotten_password_from_mail_to_session(client, person, mailoutbox):
    read(client.get("/compte/mot-de-passe/oublie/"))
    response = client.post("/compte/mot-de-passe/oublie/", {"email": person.email}, follow=True)
    assert "Si un compte porte cette adresse" in words(read(response))
    (mail,) = mailoutbox
    assert mail.subject == "Usufruit – choisir un nouveau mot de passe"
    assert mail.to == [person.email]
    path = re.search(r"https?://testserver(/compte/mot-de-passe/nouveau/\S+)", mail.body)[1]
    page = read(client.get(path, follow=True))
    address = page.select_one("main form")["action"]
    wrong = read(client.post(address, {"password1": "autre-phrase-longue", "password2": "x"}))
    assert "Les deux mots de passe ne sont pas les mêmes." in wrong.text
    short = read(client.post(address, {"password1": "court", "password2": "court"}))
    assert "12" in short.select_one(".error-summary").text
    done = client.post(
        address,
        {"password1": "autre-phrase-longue", "password2": "autre-phrase-longue"},
        follow=True,
    )
    read(done)
    assert mailoutbox[-1].subject == "Usufruit – votre mot de passe est changé"
    assert "http://testserver/compte/mot-de-passe/oublie/" in mailoutbox[-1].body
    person.refresh_from_db()
    assert person.check_password("autre-phrase-longue")
    spent = read(client.get(path, follow=True))
    assert spent.h1.text == "Ce lien ne sert plus"


def test_unknown_address_is_told_by_mail_alone(client, mailoutbox):
    answer = client.post(
        "/compte/mot-de-passe/oublie/", {"email": "inconnu@exemple.test"}, follow=True
    )
    assert "Si un compte porte cette adresse" in words(read(answer))
    (mail,) = mailoutbox
    assert mail.subject == "Usufruit – aucun compte à cette adresse"
    assert "inconnu@exemple.test" in mail.body


def test_mails_are_typed_as_they_should(client, person, mailoutbox):
    from usufruit.ui.typography import typography_faults

    for email in (person.email, "inconnu@exemple.test"):
        client.post("/compte/mot-de-passe/oublie/", {"email": email})
    for mail in mailoutbox:
        lines = [line for line in mail.body.splitlines() if "http" not in line]
        assert [fault for line in lines for fault in typography_faults(line)] == []
        assert "Hello" not in mail.body


def test_changing_the_password_keeps_the_session(client, person, mailoutbox):
    client.force_login(person)
    address = "/compte/mot-de-passe/changer/"
    read(client.get(address))
    new = {"password1": "autre-phrase-longue", "password2": "autre-phrase-longue"}
    wrong = read(client.post(address, {"oldpassword": "faux", **new}))
    assert "Ce n’est pas votre mot de passe actuel." in wrong.text
    page = read(client.post(address, {"oldpassword": PASSWORD, **new}, follow=True))
    assert page.h1.text == "Mon compte"
    assert "Votre mot de passe est changé." in page.select_one(".flashes").text
    assert len(mailoutbox) == 1


def test_account_without_password_chooses_a_first_one(client):
    client.force_login(make_person(make_body(), Role.MEMBER))
    page = read(client.get("/compte/mot-de-passe/changer/", follow=True))
    assert page.h1.text == "Choisir un mot de passe"


def test_reauthentication_page(client, person):
    client.force_login(person)
    page = read(client.get("/compte/confirmer/?next=/compte/"))
    assert page.h1.text == "Confirmer que c’est vous"


def test_erasing_a_person_leaves_no_session_nor_date_of_theirs(client, person, django_user_model):
    other = make_person(make_body(), Role.MEMBER)
    client.force_login(other)
    sign_in(type(client)(), person)
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert any(person.email in str(data) for data in kept)
    erase_person(person=person, by=make_person(), now=NOW)
    left = [session.get_decoded() for session in Session.objects.all()]
    assert [data["_auth_user_id"] for data in left] == [str(other.pk)]
    erased = django_user_model.objects.get(pk=person.pk)
    assert (erased.last_login, erased.is_platform_admin) == (None, False)
