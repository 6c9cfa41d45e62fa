# SPDX-License-Identifier: EUPL-1.2
"""Whether the platform is well, in one page that leans on nothing it looks at: ``/sante/``.

It answers before sessions, redirections and host names are considered, so that it still answers
when the database does not. A visitor learns one word, well or not, and the status, 200 or 503. What
is wrong is told only to who asks on the machine itself: their request went through no proxy, which
would have said for whom it asks (``X-Forwarded-For``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from procrastinate.contrib.django.models import ProcrastinateWorker

from usufruit.config.visit import HEALTH
from usufruit.kernel.clock import now

# Workers say every ten seconds that they live.
SILENCE_LIMIT = timedelta(seconds=60)


@dataclass(frozen=True)
class Organ:
    """One part of the platform, and how it is."""

    name: str
    is_well: bool
    fact: str


class HealthMiddleware:
    """Answer ``/sante/`` before anything else has a chance to fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the page of health, or any other."""
        if request.path != HEALTH:
            return self.get_response(request)
        organs = list(examine(now()))
        is_well = all(organ.is_well for organ in organs)
        told: dict[str, object] = {"etat": _word(is_well=is_well)}
        if "HTTP_X_FORWARDED_FOR" not in request.META:
            told |= {
                organ.name: {"etat": _word(is_well=organ.is_well), "constat": organ.fact}
                for organ in organs
            }
        page = JsonResponse(
            told, status=200 if is_well else 503, json_dumps_params={"ensure_ascii": False}
        )
        page["Cache-Control"] = "no-store"
        return page


def examine(at: datetime) -> Iterator[Organ]:
    """Yield each part and how it is; without a database, nothing else can be known."""
    try:
        connection.ensure_connection()
        waiting = len(_known() - set(MigrationRecorder(connection).applied_migrations()))
        heard_at = ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"]
    except DatabaseError as error:
        yield Organ("base", is_well=False, fact=str(error).strip().partition("\n")[0])
        return
    yield Organ("base", is_well=True, fact="répond")
    yield Organ(
        "tables",
        is_well=not waiting,
        fact="à jour" if not waiting else f"{waiting} migrations attendent",
    )
    yield _worker(heard_at, at)


def _worker(heard_at: datetime | None, at: datetime) -> Organ:
    if heard_at is None:
        return Organ("travailleur", is_well=False, fact="aucun")
    silent_s = (at - heard_at).total_seconds()
    return Organ(
        "travailleur",
        is_well=silent_s < SILENCE_LIMIT.total_seconds(),
        fact=f"entendu il y a {max(0, silent_s):.0f} s",
    )


@cache
def _known() -> frozenset[tuple[str, str]]:
    """Return the migrations of this version, read once for each process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def _word(*, is_well: bool) -> str:
    return "bon" if is_well else "en panne"
