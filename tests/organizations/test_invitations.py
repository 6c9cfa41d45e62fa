# SPDX-License-Identifier: EUPL-1.2
"""From an address typed by an administrator to a person who acts for the body."""

import re
from datetime import timedelta

import pytest

from tests.support.constraints import violates
from tests.support.pages import read, words
from tests.support.sql_snapshot import recorded
from tests.support.together import committed, outcomes_together
from tests.support.world import NOW, PASSWORD, Role, make_body, make_person
from usufruit.kernel import clock
from usufruit.kernel.refusals import Refusal
from usufruit.organizations import invitations
from usufruit.organizations.models import Invitation, Membership, Person
from usufruit.ui.typography import typography_faults

pytestmark = pytest.mark.django_db
PAGE = "/organisme/personnes/"
NEW = {"full_name": "Camille Roy", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def body():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def admin(body):
    return make_person(body, Role.BODY_ADMIN, name="Greffière")


def invite(body, admin, email="camille@exemple.test", roles=("requester",), now=NOW):
    return invitations.invite(
        organization=body, email=email, full_name="Camille", roles=roles, by=admin, now=now
    )


def link(invitation):
    return f"/compte/invitation/{invitations.token_of(invitation)}/"


def link_of(mail):
    return re.search(r"http://testserver(/compte/invitation/\S+)", mail.body)[1]


def test_from_the_invitation_to_the_session(client, body, admin, mailoutbox):
    client.force_login(admin)
    read(client.get(f"{PAGE}inviter/"))
    sent = {"email": "Camille@Exemple.test", "full_name": "Camille", "roles": ["requester"]}
    page = read(client.post(f"{PAGE}inviter/", sent, follow=True))
    assert "Invitation envoyée à camille@exemple.test." in words(page)
    assert "Attend jusqu’au" in words(page)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (
        ["camille@exemple.test"],
        "Usufruit – «\u00a0Ville de Saint-Essai\u00a0» vous invite",
    )
    html = mail.alternatives[0].content
    assert link_of(mail) in html
    lines = [line for line in mail.body.splitlines() if "http" not in line]
    assert [fault for line in lines for fault in typography_faults(line)] == []
    visitor = type(client)()
    page = read(visitor.get(link_of(mail)))
    assert page.h1.text == "Ouvrir mon compte"
    wrong = read(visitor.post(link_of(mail), {**NEW, "password2": "autre"}))
    assert "Les deux mots de passe ne sont pas les mêmes." in wrong.text
    short = read(visitor.post(link_of(mail), {**NEW, "password1": "court", "password2": "court"}))
    assert "12" in short.select_one(".error-summary").text
    page = read(visitor.post(link_of(mail), NEW, follow=True))
    assert page.select_one(".menu__name").text == "Camille Roy"
    assert page.select_one(".menu__org").text == "Ville de Saint-Essai"
    spent = read(visitor.get(link_of(mail)))
    assert spent.h1.text == "Ce lien ne sert plus"
    other = type(client)()
    other.post("/compte/connexion/", {"login": "camille@exemple.test", "password": PASSWORD})
    assert "_auth_user_id" in other.session


def test_an_account_that_exists_joins_with_its_own_session(client, body, admin):
    person = make_person(make_body(), Role.MEMBER, name="Déjà là")
    invitation = invite(body, admin, person.email, now=clock.now())
    visitor = read(client.get(link(invitation)))
    assert "Ouvrez votre session" in words(visitor)
    assert person.email not in str(visitor)
    assert read(client.post(link(invitation), NEW))
    client.force_login(admin)
    assert "pour une autre personne" in words(read(client.get(link(invitation))))
    client.post(link(invitation))
    assert not body.memberships.filter(person=person).exists()
    client.force_login(person)
    read(client.get(link(invitation)))
    assert client.post(link(invitation)).url == "/"
    assert client.session["organization_id"] == body.pk
    person.refresh_from_db()
    assert person.full_name == "Déjà là"
    assert Membership.objects.filter(person=person).count() == 2


def test_an_administrator_is_told_nothing_of_an_account_elsewhere(client, admin, mailoutbox):
    known = make_person(make_body(), Role.MEMBER, name="Secrète")
    client.force_login(admin)
    said = []
    for email in (known.email, "inconnue@exemple.test"):
        sent = {"email": email, "full_name": "", "roles": ["member"]}
        page = read(client.post(f"{PAGE}inviter/", sent, follow=True))
        said.append(page.select_one(".flashes").text.replace(email, "X"))
        assert "Secrète" not in page.text
    assert said[0] == said[1]
    assert len(mailoutbox) == 2


def test_the_invited_open_no_session_before_they_accept(client, body, admin, mailoutbox):
    invite(body, admin)
    client.post("/compte/mot-de-passe/oublie/", {"email": "camille@exemple.test"})
    assert mailoutbox[-1].subject == "Usufruit – aucun compte à cette adresse"
    assert not Membership.objects.filter(person__email="camille@exemple.test").exists()


def test_a_forged_link_an_expired_one_and_one_replaced_do_not_serve(client, body, admin):
    first = invite(body, admin, now=clock.now() - timedelta(hours=1))
    old = link(first)
    assert read(client.get("/compte/invitation/faux:jeton/")).h1.text == "Ce lien ne sert plus"
    again = invitations.resend_invitation(invitation=first, by=admin, now=clock.now())
    assert read(client.get(old)).h1.text == "Ce lien ne sert plus"
    assert read(client.get(link(again))).h1.text == "Ouvrir mon compte"
    Invitation.objects.update(
        expires_at=clock.now() - timedelta(seconds=1), sent_at=NOW - timedelta(days=99)
    )
    again.refresh_from_db()
    assert read(client.get(link(again))).h1.text == "Ce lien ne sert plus"
    with pytest.raises(Refusal) as refused:
        invitations.accept_invitation(
            invitation=again, full_name="C", password=PASSWORD, by=again.person, now=clock.now()
        )
    assert refused.value.code == "invitation_expired"


def test_a_revoked_invitation_forgets_an_address_that_nothing_keeps(client, body, admin):
    invitation = invite(body, admin)
    client.force_login(admin)
    address = f"/organisme/invitations/{invitation.pk}/retirer/"
    assert "camille@exemple.test" in words(read(client.get(address)))
    assert client.post(address).url == PAGE
    assert Person.objects.get(pk=invitation.person_id).email is None
    assert read(client.get(link(invitation))).h1.text == "Ce lien ne sert plus"
    assert client.post(address).status_code == 404
    with pytest.raises(Refusal) as refused:
        invitations.revoke_invitation(invitation=invitation, by=admin, now=NOW)
    assert refused.value.code == "invitation_spent"


def test_an_address_that_another_body_awaits_is_kept(body, admin):
    invitation = invite(body, admin)
    elsewhere = make_body()
    invite(elsewhere, make_person(elsewhere, Role.BODY_ADMIN))
    invitations.revoke_invitation(invitation=invitation, by=admin, now=NOW)
    assert Person.objects.get(pk=invitation.person_id).email == "camille@exemple.test"


def test_sending_again_waits_five_minutes(client, body, admin, mailoutbox):
    invitation = invite(body, admin, now=clock.now())
    client.force_login(admin)
    address = f"/organisme/invitations/{invitation.pk}/renvoyer/"
    page = read(client.post(address, follow=True))
    assert "Attendez cinq minutes" in words(page)
    assert not mailoutbox
    Invitation.objects.update(sent_at=clock.now() - timedelta(minutes=6))
    client.post(address)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"roles": ()}, "role_not_given_here"),
        ({"roles": ("coordinator",)}, "role_not_given_here"),
        ({}, "sent_just_now"),
    ],
)
def test_invitations_refused(body, admin, changes, code):
    invite(body, admin)
    with pytest.raises(Refusal) as refused:
        invite(body, admin, **changes)
    assert refused.value.code == code


def test_who_is_here_is_not_invited_and_a_body_sends_so_many_a_day(body, admin, monkeypatch):
    with pytest.raises(Refusal) as refused:
        invite(body, admin, admin.email)
    assert refused.value.code == "already_a_member"
    with pytest.raises(Refusal) as refused:
        invite(body, make_person(body, Role.ASSET_MANAGER))
    assert refused.value.code == "not_an_administrator"
    monkeypatch.setattr(invitations, "MOST_A_DAY", 1)
    invite(body, admin)
    with pytest.raises(Refusal) as refused:
        invite(body, admin, "autre@exemple.test")
    assert refused.value.code == "too_many_invitations"


def test_a_list_goes_whole_or_not_at_all(client, body, admin, mailoutbox):
    client.force_login(admin)
    address = f"{PAGE}inviter/liste/"
    read(client.get(address))
    bad = f"Camille, camille@exemple.test, Demandeur\nsans adresse\nX, {admin.email}, Membre"
    page = read(client.post(address, {"lines_text": bad}))
    assert "Ligne 2\u00a0: Il manque l’adresse courriel" in page.text
    assert page.textarea.text.strip() == bad
    held = read(client.post(address, {"lines_text": bad.replace("sans adresse\n", "")}))
    assert f"Ligne 2\u00a0: {admin.email} est déjà une personne de l’organisme." in held.text
    assert not Invitation.objects.exists()
    assert not Person.objects.filter(email="camille@exemple.test").exists()
    good = "Camille, camille@exemple.test, Demandeur\nDominique;d@exemple.test;Membre;Approbateur"
    page = read(client.post(address, {"lines_text": good}, follow=True))
    assert "2 invitations envoyées." in words(page)
    assert [mail.to for mail in mailoutbox] == [["camille@exemple.test"], ["d@exemple.test"]]
    assert Invitation.objects.get(person__email="d@exemple.test").roles == ["member", "approver"]


def test_a_mail_that_does_not_leave_loses_nothing(client, body, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client.force_login(admin)
    sent = {"email": "camille@exemple.test", "full_name": "", "roles": ["member"]}
    page = read(client.post(f"{PAGE}inviter/", sent, follow=True))
    assert "le courriel n’est pas parti" in words(page)
    assert Invitation.objects.count() == 1


def test_a_link_used_twice_at_once_joins_once():
    with committed():
        body = make_body()
        invitation = invite(body, make_person(body, Role.BODY_ADMIN))

        def accept():
            invitations.accept_invitation(
                invitation=invitation,
                full_name="Camille",
                password=PASSWORD,
                by=invitation.person,
                now=NOW,
            )

        outcomes = outcomes_together([accept] * 4)
        codes = [one.code for one in outcomes if isinstance(one, Refusal)]
        assert codes == ["invitation_spent"] * 3
        assert Membership.objects.filter(person=invitation.person).count() == 1


def test_two_bodies_that_invite_one_address_at_once_share_the_person():
    with committed():
        pairs = [(body, make_person(body, Role.BODY_ADMIN)) for body in (make_body(), make_body())]
        outcomes = outcomes_together([lambda pair=pair: invite(*pair) for pair in pairs])
        assert len({one.person_id for one in outcomes}) == 1


def test_what_an_invitation_can_never_be(body, admin):
    one = invite(body, admin)
    found = Invitation.objects.filter(pk=one.pk)
    with violates("invitation_unanswered_once"):
        Invitation.objects.create(
            person=one.person,
            organization=body,
            roles=["member"],
            sent_at=NOW,
            expires_at=NOW + invitations.LASTS,
        )
    for roles in ([], ["king"]):
        with violates("invitation_gives_known_roles"):
            found.update(roles=roles)
    with violates("invitation_has_one_end"):
        found.update(accepted_at=NOW, revoked_at=NOW)
    with violates("invitation_expires_after"):
        found.update(expires_at=NOW)


def test_the_people_cost_as_many_queries_whatever_their_number(client, body, admin):
    client.force_login(admin)
    for _ in range(2):  # reading others is written down
        make_person(body, Role.MEMBER)
    client.get(PAGE)
    with recorded() as few:
        client.get(PAGE)
    for number in range(3):
        make_person(body, Role.MEMBER, Role.APPROVER)
        invite(body, admin, f"p{number}@exemple.test")
    with recorded() as many:
        client.get(PAGE)
    assert many.shapes() == few.shapes()
