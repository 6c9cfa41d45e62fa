# SPDX-License-Identifier: EUPL-1.2
"""Every address × every role × an object of another body: nothing of theirs is shown or changed.

An address that names an object says here which one of another body's it is asked for; an address
that says nothing fails.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from tests.support.theirs import MARK, Theirs, make_theirs
from tests.support.world import Role, make_asset, make_body, make_person
from usufruit.config.urls import urlpatterns as site_map
from usufruit.inventory.models import Asset
from usufruit.organizations.models import Person

pytestmark = pytest.mark.django_db

Arguments = Callable[[Theirs], dict[str, Any]]


def _secret(them: Theirs) -> dict[str, Any]:
    return {"pk": them.secret.pk}


def _of_asset(them: Theirs) -> dict[str, Any]:
    return {"of": "bien", "pk": them.secret.pk}


def _shared(them: Theirs) -> dict[str, Any]:
    return {"pk": them.shared.pk}


def _line(them: Theirs) -> dict[str, Any]:
    return {"reference": them.line.booking.reference}


def _request(them: Theirs) -> dict[str, Any]:
    return {"reference": them.request.booking.reference}


def _object(name: str, argument: str = "pk", of: Arguments | None = None) -> Arguments:
    return lambda them: {**(of(them) if of else {}), argument: them.objects[name]}


# Which object of another body's each address is asked for; whoever is not of that body gets 404.
THEIRS: dict[str, Arguments] = {
    "absence": _object("person"),
    "accept_agenda_loss": _object("agenda"),
    "access": _of_asset,
    "add_exception": _secret,
    "add_season": _secret,
    "agenda_import": _object("agenda_import"),
    "apply_agenda_import": _object("agenda_import"),
    "approve_request": _request,
    "asset_agendas": _secret,
    "audit": _object("audit"),
    "audit_file": lambda them: {"pk": them.objects["audit"], "name": "constats.csv"},
    "block_time": _secret,
    "booking": _line,
    "booking_code": _line,
    "booking_ics": _line,
    "booking_paper": _line,
    "cancel_booking": _line,
    "closure": _object("closure"),
    "close_rule": _object("rule", "rule_id", _secret),
    "desk_book": _secret,
    "departure": _object("person"),
    "edit_asset": _secret,
    "end_absence": _object("absence"),
    "export_archive": _object("export"),
    "erase_message": _object("message", "pk", _request),
    "describe_photos": _of_asset,
    "edit_site": _object("site"),
    "finding": _object("finding"),
    "follow_calendar": _secret,
    "follow_days": _secret,
    "forget_agenda": _object("agenda"),
    "give_own_calendar": _secret,
    "import": _object("import"),
    "import_apply": _object("import"),
    "import_columns": _object("import"),
    "import_read_again": _object("import"),
    "import_refused": _object("import"),
    "import_twin": _object("import_line", "line_pk", _object("import")),
    "import_undo": _object("import"),
    "import_words": _object("import"),
    "keep_slot": _secret,
    "import_agenda": _secret,
    "keep_what_stands": lambda them: {
        "event_id": them.objects["event"],
        "hold_id": them.objects["met"],
    },
    "leave_days": _object("inclusion", "inclusion_id", _secret),
    "meet_need": _object("need"),
    "incident": _object("incident"),
    "move_booking": _line,
    "move_photo_up": _object("photo"),
    "opening_hours": _secret,
    "paper": _object("paper"),
    "papers": _secret,
    "photo": lambda them: {"pk": them.objects["photo"], "size": "grande"},
    "photos": _of_asset,
    "publish_window": _object("finding"),
    "read_code": _of_asset,
    "refuse_request": _request,
    "remove_exception": _object("exception", "exception_id", _secret),
    "remove_paper": _object("paper"),
    "remove_photo": _object("photo"),
    "remove_season": _object("season", "season_id", _secret),
    "release_slot": _object("option"),
    "read_notice": _object("notice"),
    "read_agenda_again": _object("agenda"),
    "reopen_need": _object("need"),
    "resend_invitation": _object("invitation"),
    "reset_second_factor": _object("person"),
    "reopen_closure": _object("closure"),
    "restart_audit": _object("audit"),
    "retire_wording": _object("wording"),
    "restore_paper": _object("paper"),
    "restore_photo": _object("photo"),
    "secret": lambda them: {"of": "lieu", "pk": them.objects["site"]},
    "revoke_invitation": _object("invitation"),
    "restore_booking": _object("displaced", "reference"),
    "send_decision": _line,
    "send_message": _request,
    "remove_shared_days": _object("shared_exception", "exception_id", _object("shared")),
    "set_asset_state": _secret,
    "shared_calendar": _object("shared"),
    "set_roles": _object("person"),
    "sharing_rules": _secret,
    "undo_decision": _line,
    "take_back_hours": _object("waiver"),
    "site_week": _object("site"),
    "unblock_time": _object("hold", "hold_id", _secret),
    "undo_agenda_import": _object("agenda_import"),
    "withdraw_booking": _line,
    "withdraw_need": _object("need"),
}

# Pages others may open, of what is published; they say nothing of what is kept.
OPEN: dict[str, Arguments] = {
    "asset": _shared,
    "asset_use": _shared,
    "body": lambda them: {"slug": them.body.slug},
    "book": _shared,
}

# Links that carry their own secret: an invented one opens nothing.
BY_SECRET: dict[str, dict[str, Any]] = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "une-cle-inventee"},
    "accept_invitation": {"token": "un-jeton-invente"},
    "stop_letters": {"token": "un-jeton-invente"},
}

ROLES = ("visiteur", "plateforme", *Role.values)


@dataclass(frozen=True)
class Address:
    """A page of the site."""

    name: str
    has_arguments: bool


def addresses(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[Address]:
    """Yield every address of the site."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, f"{each.namespace}:" if each.namespace else "")
        else:
            yield Address(f"{space}{each.name}", bool(each.pattern.converters or _groups(each)))


def _groups(pattern: URLPattern) -> bool:
    return bool(getattr(getattr(pattern.pattern, "regex", None), "groups", 0))


def visitors() -> dict[str, Client]:
    """Sign in one person of another body for each role, the platform's administrator, a visitor."""
    body = make_body("Ville d’ailleurs")
    make_asset(body, name="Salle d’ailleurs")
    found = {"visiteur": Client()}
    administrator = make_person(name="Administration de la plateforme")
    Person.objects.filter(pk=administrator.pk).update(is_platform_admin=True)
    found["plateforme"] = signed_in(Person.objects.get(pk=administrator.pk))
    for role in Role:
        found[role] = signed_in(make_person(body, role))
    return found


def signed_in(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def state() -> str:
    """Return one number for all that the rooms store, history and journal included."""
    digest = sha256()
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("usufruit.") and model._meta.managed
    )
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*), sum(hashtext(t::text)::bigint) FROM "{table}" AS t')
            digest.update(repr((table, cursor.fetchone())).encode())
    return digest.hexdigest()


def asked(client: Client, address: str, *, names: bool) -> Iterator[tuple[str, HttpResponse]]:
    """Ask for a page as a reader; one that names an object, as htmx and an empty form do too."""
    yield "GET", client.get(address)
    if names:
        yield "GET htmx", client.get(address, headers={"HX-Request": "true"})
        yield "POST", client.post(address, {})


def content(answer: HttpResponse) -> str:
    body = b"".join(answer) if answer.streaming else answer.content
    return body.decode("utf-8", "replace").lower()


def is_shut(role: str, answer: HttpResponse) -> bool:
    """Tell whether an answer says that there is nothing here, or to sign in first."""
    to_sign_in = answer.status_code == 302 and answer.url.startswith("/compte/connexion/")
    return answer.status_code in {404, 405} or (role == "visiteur" and to_sign_in)


def leaks(them: Theirs, patterns: list[Any]) -> list[str]:
    """Ask for addresses as every role; return what was shown, opened or changed."""
    found = []
    clients = visitors()
    for each in addresses(patterns):
        if each.has_arguments and each.name not in {**THEIRS, **OPEN, **BY_SECRET}:
            found.append(f"{each.name}: dites ici de quel objet d’un autre organisme il s’agit")
        elif not each.name.startswith("ui:"):  # the design system reads nothing of anybody
            found += leaks_of(each.name, them, clients)
    return found


def leaks_of(name: str, them: Theirs, clients: dict[str, Client]) -> list[str]:
    found = []
    arguments = BY_SECRET.get(name) or {**THEIRS, **OPEN}.get(name, _none)(them)
    address = reverse(name, kwargs=arguments)
    before = state()
    for role, client in clients.items():
        for how, answer in asked(client, address, names=bool(arguments)):
            if MARK in content(answer) or answer.status_code >= 500:
                found.append(f"{name}, {role}, {how}: {answer.status_code}, montre")
            elif name in THEIRS and not is_shut(role, answer):
                found.append(f"{name}, {role}, {how}: {answer.status_code}, ouvre")
    if name in THEIRS and state() != before:
        found.append(f"{name}: a changé ce qui n’est pas à eux")
    return found


def _none(_them: Theirs) -> dict[str, Any]:
    return {}


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_nobody_reaches_what_is_another_bodys():
    assert leaks(make_theirs(), get_resolver().url_patterns) == []


def test_the_lists_name_only_addresses_that_stand():
    standing = {each.name for each in addresses(get_resolver().url_patterns)}
    assert {*THEIRS, *OPEN, *BY_SECRET} <= standing


def test_its_own_keeper_reaches_each_of_them():
    """A 404 for everybody would prove nothing."""
    them = make_theirs()
    keeper = signed_in(them.keeper)
    keeper.raise_request_exception = True
    shows_mark = 0
    for name, arguments in {**THEIRS, **OPEN}.items():
        answer = keeper.get(reverse(name, kwargs=arguments(them)))
        assert answer.status_code in {200, 302, 405}, name
        shows_mark += MARK in content(answer)
    assert shows_mark > len(THEIRS) // 2


# A page that forgets its funnel


def forgetful(request, pk):
    return HttpResponse(Asset.objects.get(pk=pk).name)


PLANTED = [path("oubli/<int:pk>/", forgetful, name="forgetful")]
urlpatterns = [*site_map, *PLANTED]


def test_a_page_that_forgets_its_funnel_is_found(monkeypatch, settings):
    settings.ROOT_URLCONF = __name__
    monkeypatch.setitem(THEIRS, "forgetful", _secret)
    found = leaks(make_theirs(), PLANTED)
    assert {line.split(",")[0] for line in found} == {"forgetful"}
    assert {line.split(", ")[1] for line in found} == set(ROLES)


def test_a_page_that_says_nothing_of_its_object_is_found():
    found = leaks(make_theirs(), PLANTED)
    assert [line.split(":")[0] for line in found] == ["forgetful"]
