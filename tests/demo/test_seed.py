# SPDX-License-Identifier: EUPL-1.2
"""The fictitious territory: whole, alive, entered through the verbs alone, built only once."""

import ast
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from tests.support.world import NOW
from usufruit import demo
from usufruit.audits.actions import publish_window
from usufruit.audits.models import Audit
from usufruit.bookings.actions import approve_line, request_booking
from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.queries import inbox_of
from usufruit.demo import evidence, journeys
from usufruit.demo.building import PASSWORD, ZONE
from usufruit.demo.dataset import load
from usufruit.demo.seed import audit_schools, seed
from usufruit.inventory.models import Asset, AttributeDefinition, Kind, Site
from usufruit.inventory.queries import all_lanes, categories_matching
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Membership, Organization, Person, Territory
from usufruit.search.queries import Question, nearest
from usufruit.sharing.models import Audience, Mode, SharingRule
from usufruit.timetable.models import Calendar, CalendarException, Hold, Season

SCHOOLS = "css-des-hauts-portages"
QUICK_HASH = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def person(local: str) -> Person:
    return Person.objects.get(email=f"{local}@exemple.test")


def asset(number: str) -> Asset:
    return Asset.objects.select_related("site", "manager").get(external_id=number)


def found(words: str, body: Organization, use: Span | None) -> list[tuple[str, bool, str]]:
    """Return (number, is own, mode) of what a body finds near its own address."""
    question = Question(
        category_ids=tuple(category.pk for category in categories_matching(words)),
        latitude=body.latitude,
        longitude=body.longitude,
        radius_km=25,
        use=use,
    )
    numbers = dict(Asset.objects.values_list("pk", "external_id"))
    return [
        (numbers[result.asset_id], result.is_own, result.mode)
        for result in nearest(question, body, now=NOW)
    ]


def ask(number: str, local: str, body: Organization, use: Span) -> BookingLine:
    wanted = asset(number)
    return request_booking(
        asset=wanted,
        lanes=all_lanes(wanted),
        use=use,
        organization=body,
        purpose="Entraînement",
        people_count=None,
        key=uuid4(),
        by=person(local),
        now=NOW,
    )


def plough_use(world) -> Span:
    return journeys.local_use(journeys.plough_day(world.today), journeys.PLOUGH_HOURS, ZONE)


def gym_use(world) -> Span:
    on = journeys.gym_evening(world.today, asset(journeys.GYM))
    return journeys.local_use(on, journeys.GYM_HOURS, ZONE)


def row_counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


class TestTerritory(TestCase):
    """Built once; what a test does to it is undone."""

    @classmethod
    def setUpClass(cls):
        files = cls.enterClassContext(TemporaryDirectory())
        cls.enterClassContext(override_settings(PASSWORD_HASHERS=QUICK_HASH, MEDIA_ROOT=files))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        cls.world = seed(now=NOW, say=lambda _line: None)
        audit_schools(now=NOW, say=lambda _line: None)

    # The three journeys

    def test_the_nearest_free_plough_is_the_neighbours_and_books_at_once(self):
        body = self.world.bodies["municipalite-de-sainte-ludivine"]
        use = plough_use(self.world)
        assert use.start.astimezone().weekday() == 3
        assert found("chasse-neige", body, None)[0] == ("SL-CN-01", True, "instant")
        ploughs = found("chasse-neige", body, use)
        assert ploughs[0] == (journeys.PLOUGH, False, "instant")
        assert len(ploughs) >= 3
        assert "SL-CN-01" not in {number for number, _, _ in ploughs}
        assert found("déneigeuse", body, use)[0] == ploughs[0]
        assert ask(journeys.PLOUGH, "contremaitre", body, use).state == LineState.CONFIRMED

    def test_a_gym_on_tuesday_evening_is_asked_for_and_approved(self):
        body = self.world.bodies["volleyball-les-embacles"]
        use = gym_use(self.world)
        gyms = found("gymnase", body, use)
        assert gyms[0] == (journeys.GYM, False, "approval")
        assert journeys.IDLE_GYM not in {number for number, _, _ in gyms}
        line = ask(journeys.GYM, "benevole", body, use)
        assert line.state == LineState.REQUESTED
        assert approve_line(line=line, by=person("loisirs"), now=NOW).state == LineState.CONFIRMED

    def test_the_audit_opens_the_idle_evening_and_the_club_books_inside(self):
        body = self.world.bodies["volleyball-les-embacles"]
        use = gym_use(self.world)
        audit = Audit.objects.get(organization__slug=SCHOOLS)
        assert audit.status == Audit.Status.DONE
        assert audit.rejected_count == 0
        finding = audit.findings.get(external_id=journeys.IDLE_GYM)
        windows = finding.content["idle_windows"]
        evenings = {w["weekday"]: n for n, w in enumerate(windows) if w["end_min"] >= 21 * 60}
        assert {1, 3} <= set(evenings)
        with pytest.raises(Refusal):
            ask(journeys.IDLE_GYM, "benevole", body, use)
        publish_window(
            finding=finding,
            number=evenings[1],
            audience=Audience.RECOGNIZED,
            mode=Mode.INSTANT,
            by=person("admin"),
            now=NOW,
        )
        assert ask(journeys.IDLE_GYM, "benevole", body, use).state == LineState.CONFIRMED

    def test_the_clerk_finds_rivals_waiting(self):
        waiting = list(inbox_of(self.world.bodies[SCHOOLS], NOW))
        assert len(waiting) >= 5
        assert sum(bool(line.rival_count) for line in waiting) >= 2
        assert all(line.use_span.lower > NOW for line in waiting)

    def test_a_body_not_recognised_is_told_why(self):
        with pytest.raises(Refusal) as refusal:
            ask(
                "RC-ARE-01",
                "ligue",
                self.world.bodies["ligue-des-vieilles-lames"],
                gym_use(self.world),
            )
        assert refusal.value.code == "not_open_to_you"

    # What is there

    def test_the_territory_is_varied(self):
        assets = list(Asset.objects.select_related("category"))
        assert len(assets) >= 110
        assert {one.category.kind for one in assets} == set(Kind.values)
        assert {one.state for one in assets} == set(Asset.State.values)
        assert {one.lane_count for one in assets} >= {1, 2, 3, 6}
        assert len({one.category_id for one in assets}) >= 60
        kept_elsewhere = [one for one in assets if one.custodian_id != one.manager_id]
        assert len(kept_elsewhere) >= 2
        shared = set(SharingRule.objects.values_list("audience", "mode"))
        assert {("public_bodies", "instant"), ("recognized", "approval")} <= shared
        assert Season.objects.filter(days__isnull=False).exists()
        assert CalendarException.objects.exists()

    def test_the_territory_lives(self):
        states = set(BookingLine.objects.values_list("state", flat=True))
        assert states >= set(LineState.values) - {LineState.LAPSED}
        lines = BookingLine.objects.all()
        past = sum(line.use_span.upper <= NOW for line in lines)
        assert past >= 60
        assert len(lines) - past >= 60
        assert set(Hold.objects.values_list("reason", flat=True)) == set(Hold.Reason.values)
        refused = lines.filter(state=LineState.REFUSED)
        assert all(line.refusal_reason for line in refused)
        assert lines.filter(decided_at__gt=NOW).count() == 0
        assert all(line.booking.created_at < NOW for line in lines.select_related("booking"))

    def test_attributes_are_those_their_category_asks_for(self):
        asked: dict[int, dict[str, str]] = {}
        for definition in AttributeDefinition.objects.all():
            asked.setdefault(definition.category_id, {})[definition.code] = definition.value_type
        kinds = {"number": (int, float), "text": str, "yes_no": bool}
        for one in Asset.objects.all():
            for code, value in one.attributes.items():
                value_type = asked[one.category_id].get(code)
                assert value_type, f"{one.external_id}: {code}"
                assert isinstance(value, kinds[value_type]), f"{one.external_id}: {code}"

    # How it got there

    def test_everything_went_through_a_verb(self):
        told = set(JournalLine.objects.values_list("object_type", "object_id"))
        for model in (
            Organization,
            Person,
            Membership,
            Territory,
            Site,
            Asset,
            Calendar,
            BookingLine,
        ):
            for pk in model.objects.values_list("pk", flat=True):
                assert (model._meta.label_lower, str(pk)) in told, f"{model.__name__} {pk}"
        assert JournalLine.objects.filter(at__gt=NOW).count() == 0

    def test_no_line_of_the_demonstration_writes_to_the_database_itself(self):
        writing = {"create", "bulk_create", "save", "update", "delete", "get_or_create"}
        for path in Path(demo.__path__[0]).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    assert node.func.attr not in writing, f"{path.name}: {ast.unparse(node)}"

    def test_a_second_run_changes_nothing_and_asks_little(self):
        before = row_counts()
        with CaptureQueriesContext(connection) as asked:
            assert seed(now=NOW, say=lambda _line: None) is None
            audit_schools(now=NOW, say=lambda _line: None)
        assert len(asked) <= 3
        assert row_counts() == before

    def test_the_command_prints_accounts_that_sign_in(self):
        out, err = StringIO(), StringIO()
        folder = Path(self.enterContext(TemporaryDirectory())) / "preuves"
        call_command("demo_seed", evidence=folder, stdout=out, stderr=err)
        told = out.getvalue()
        assert "contremaitre@exemple.test" in told
        assert PASSWORD in told
        assert "{" not in told
        for row in load().persons:
            assert (row.email in told) == row.signs_in
            assert person(row.local).check_password(PASSWORD) == row.signs_in
        assert "déjà là" in err.getvalue()
        written = {path.name for path in folder.iterdir()}
        assert written == set(evidence.files(now=NOW))

    def test_the_evidence_is_the_same_each_time_and_names_assets_of_the_schools(self):
        files = evidence.files(now=NOW)
        assert files == evidence.files(now=NOW)
        numbers = set(
            Asset.objects.filter(owner__slug=SCHOOLS).values_list("external_id", flat=True)
        )
        for content in files.values():
            lines = content.decode().splitlines()[1:]
            assert {line.split(",")[0] for line in lines} <= numbers
            days = {line.split(",")[1][:10] for line in lines}
            assert len(days) >= 13 * 5
            assert max(days) < NOW.date().isoformat()
