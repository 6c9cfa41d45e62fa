# SPDX-License-Identifier: EUPL-1.2
"""How a body answers: its delay, its own words, and what it proposes instead."""

import pytest

from tests.support.constraints import violates
from tests.support.pages import read
from tests.support.world import (
    NOW,
    Mode,
    Role,
    make_asset,
    make_body,
    make_person,
    share,
    use,
)
from usufruit.bookings.actions import refuse_line
from usufruit.bookings.answering import add_wording, choose_answer_days, reasons_of
from usufruit.bookings.models import BookingLine, LineState, Proposal, RefusalWording
from usufruit.bookings.rules import REFUSAL_REASONS
from usufruit.bookings.undoing import undo_decision
from usufruit.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    for reader in ("bookings.views", "config.shell"):
        monkeypatch.setattr(f"usufruit.{reader}.now", lambda: NOW)


@pytest.fixture
def chief(scene):
    return make_person(scene.lender, Role.BODY_ADMIN)


def test_a_body_adds_and_retires_its_own_words(client, scene, chief):
    client.force_login(chief)
    address = "/demandes/reponses/"
    assert "la liste commune sert seule" in read(client.get(address)).text
    sent = {"label": "Fermé pour les glaces", "code": "needed_by_owner"}
    assert client.post(f"{address}raisons/", sent).url == address
    assert client.post(f"{address}raisons/", sent).status_code == 409
    wrong = read(client.post(f"{address}raisons/", {"label": "", "code": "gossip"}))
    assert wrong.select(".error-summary")
    page = read(client.get(address))
    assert "Fermé pour les glaces" in page.text
    line = scene.ask()
    form = read(client.get(f"/demandes/{line.booking.reference}/refuser/"))
    value = form.find("input", {"name": "reason", "value": lambda v: v and v.startswith("own:")})
    client.post(f"/demandes/{line.booking.reference}/refuser/", {"reason": value["value"]})
    line.refresh_from_db()
    assert (line.refusal_code, line.refusal_reason) == (
        "needed_by_owner",
        "Fermé pour les glaces",
    )
    retire = page.select_one("form[action*='raisons/'][action$='/'] button").find_parent("form")
    client.post(retire["action"])
    assert "Fermé pour les glaces" not in {
        reason.label for reason in reasons_of(scene.lender).values()
    }
    line.refresh_from_db()
    assert line.refusal_reason == "Fermé pour les glaces"


def test_the_delay_is_chosen_within_bounds(client, scene, chief):
    client.force_login(chief)
    for wrong in ("0", "21", "abc", ""):
        page = read(client.post("/demandes/reponses/", {"days": wrong}))
        assert page.select(".error-summary")
    assert client.post("/demandes/reponses/", {"days": "5"}).status_code == 302
    assert read(client.get("/demandes/reponses/")).select_one("#id_days")["value"] == "5"


def test_only_who_administers_chooses(client, scene):
    client.force_login(scene.clerk)
    assert client.get("/demandes/reponses/").status_code == 404
    with pytest.raises(Refusal, match="not_an_administrator"):
        choose_answer_days(organization=scene.lender, days=5, by=scene.clerk, now=NOW)


def test_words_say_a_reason_once(scene, chief):
    for number in range(20):
        word = f"Raison {number}"
        add_wording(organization=scene.lender, code="other", label=word, by=chief, now=NOW)
    with pytest.raises(Refusal, match="too_many_wordings"):
        add_wording(organization=scene.lender, code="other", label="Une", by=chief, now=NOW)
    with violates("wording_once"):
        RefusalWording.objects.create(organization=scene.lender, code="other", label="Raison 1")
    with violates("wording_says_a_reason"):
        RefusalWording.objects.create(organization=scene.lender, code="gossip", label="Une")


# What is proposed instead


def test_a_refusal_proposes_another_hour_that_the_asker_takes_in_one_press(client, scene):
    line = scene.ask()
    client.force_login(scene.clerk)
    address = f"/demandes/{line.booking.reference}/refuser/"
    sent = {"reason": "needed_by_owner", "le": "2026-12-05", "debut": "14:00"}
    assert client.post(address, sent).status_code == 302
    client.force_login(scene.member)
    page = read(client.get(f"/reservations/{line.booking.reference}/"))
    link = page.find("a", string=lambda words: words and "samedi 5" in words)
    check = read(client.get(link["href"]))
    form = check.select_one("main form[method=post]")
    fields = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]")
        if field.get("type") != "submit"
    }
    assert fields["purpose"] == "Tournoi"
    assert client.post(link["href"].split("?")[0], fields).status_code == 302
    again = BookingLine.objects.latest("pk")
    assert (again.state, again.use_span.lower.isoformat()) == (
        LineState.REQUESTED,
        "2026-12-05T19:00:00+00:00",
    )


def test_another_asset_is_proposed_at_the_same_hour(client, scene):
    line = scene.ask()
    twin = make_asset(scene.lender, name="Gymnase des Ormes")
    share(twin, mode=Mode.APPROVAL)
    client.force_login(scene.clerk)
    address = f"/demandes/{line.booking.reference}/refuser/"
    assert client.post(address, {"reason": "missing_paper", "bien": twin.pk}).status_code == 302
    assert Proposal.objects.get().asset == twin
    assert Proposal.objects.get().use_span == line.use_span
    with violates("proposal_has_ends"):
        Proposal.objects.update(use_span="[2026-12-01,)")


def test_what_would_be_a_no_is_not_proposed(client, scene):
    line = scene.ask()
    closed = make_asset(scene.lender, name="Gymnase fermé")  # shared with nobody
    elsewhere = make_asset(make_body(), name="Gymnase d’ailleurs")
    client.force_login(scene.clerk)
    address = f"/demandes/{line.booking.reference}/refuser/"
    for proposed in (
        {"bien": closed.pk},
        {"bien": elsewhere.pk},
        {"le": "1999-01-01"},
        {"le": "2099-01-01"},
        {"debut": "27:99"},
    ):
        page = read(client.post(address, {"reason": "missing_paper", **proposed}))
        assert page.select(".field--wrong"), proposed
    line.refresh_from_db()
    assert line.state == LineState.REQUESTED
    with pytest.raises(Refusal):
        refuse_line(
            line=line,
            reason=REFUSAL_REASONS[0],
            explanation="",
            by=scene.clerk,
            now=NOW,
            instead=(closed, use(72)),
        )
    line.refresh_from_db()
    assert line.state == LineState.REQUESTED


def test_a_refusal_undone_takes_its_proposal_back(scene):
    line = scene.ask()
    line = refuse_line(
        line=line,
        reason=REFUSAL_REASONS[0],
        explanation="",
        by=scene.clerk,
        now=NOW,
        instead=(scene.gym, use(72)),
    )
    undo_decision(line=line, by=scene.clerk, now=NOW)
    assert not Proposal.objects.exists()
