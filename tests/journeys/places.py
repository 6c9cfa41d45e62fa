# SPDX-License-Identifier: EUPL-1.2
"""Every page of the site, and who should look at it, in the fictitious territory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.journeys.steps import asset, gym_evening, slot_address, today
from usufruit.agendas.models import Agenda, AgendaImport
from usufruit.audits.models import Audit, Finding
from usufruit.bookings.models import Booking, BookingLine, LineState
from usufruit.demo.desk import HALL
from usufruit.demo.journeys import GYM, IDLE_GYM, PLOUGH, plough_day
from usufruit.demo.people import INVITED
from usufruit.notices.letters import stop_path
from usufruit.notices.models import Notice
from usufruit.organizations.invitations import token_of
from usufruit.organizations.models import Invitation, Person
from usufruit.timetable.models import Calendar, Closure

SCHOOLS = "css-des-hauts-portages"
VOLUNTEERS = "volleyball-les-embacles"


@dataclass(frozen=True)
class Place:
    """A page: its name as a file, the account that looks at it (empty: a visitor), its address."""

    name: str
    account: str
    address: Callable[[], str]
    status: int = 200


def _at(path: str) -> Callable[[], str]:
    return lambda: path


def _of(number: str, path: str) -> Callable[[], str]:
    return lambda: path.format(asset(number).pk)


def _search(words: str, on: str = "") -> Callable[[], str]:
    return lambda: f"/biens/?quoi={words}" + (f"&le={plough_day(today())}&{on}" if on else "")


def _booking(state: LineState, *, verb: str = "", slug: str = VOLUNTEERS) -> Callable[[], str]:
    def address() -> str:
        lines = BookingLine.objects.filter(state=state, booking__organization__slug=slug)
        return f"/reservations/{lines.latest('pk').booking.reference}/{verb}"

    return address


def _evening() -> str:
    return f"le={today() + timedelta(days=5)}&debut=18:00&duree=180"


def _desk_asset() -> str:
    return f"/guichet/biens/{asset(HALL).pk}/reserver/"


def _paper() -> str:
    booking = Booking.objects.filter(desk__isnull=False).latest("pk")
    return f"/reservations/{booking.reference}/confirmation/"


def _storm() -> str:
    sites = "&".join(f"lieux={one.pk}" for one in Closure.objects.get().organization.sites.all())
    days = f"du={today()}&du_h=00:00&au={today() + timedelta(days=20)}&au_h=06:00"
    return f"/mes-biens/fermer/reservations/?{sites}&{days}&raison=verglas"


def _plough() -> str:
    return slot_address(PLOUGH, plough_day(today()), "08:00", 480)


def _request() -> str:
    lines = BookingLine.objects.filter(state=LineState.REQUESTED, decider__slug=SCHOOLS)
    return f"/demandes/{lines.latest('pk').booking.reference}/refuser/"


def _audit() -> str:
    return f"/audits/{Audit.objects.latest('pk').pk}/"


def _agenda() -> str:
    return f"/mes-biens/agendas/{Agenda.objects.latest('pk').pk}/oublier/"


def _shared_days() -> str:
    return f"/mes-biens/jours-communs/{Calendar.objects.get(is_shared=True).pk}/"


def _agenda_import() -> str:
    return f"/mes-biens/agendas/imports/{AgendaImport.objects.latest('pk').pk}/"


def _finding() -> str:
    return f"/audits/constats/{Finding.objects.get(asset=asset(IDLE_GYM)).pk}/"


def _person(local: str, path: str) -> Callable[[], str]:
    def address() -> str:
        return f"/organisme/personnes/{Person.objects.get(email=f'{local}@exemple.test').pk}/{path}"

    return address


def _invitation(path: str) -> Callable[[], str]:
    def address() -> str:
        waiting = Invitation.objects.get(person__email=INVITED)
        return path.format(waiting, token_of(waiting))

    return address


def _asked() -> str:
    return _request().replace("/demandes/", "/reservations/").replace("refuser/", "")


def _stop() -> str:
    notice = Notice.objects.filter(change__family="answers").latest("pk")
    return stop_path(notice)


PLACES = (
    Place("accueil", "", _at("/")),
    Place("accueil-contremaitre", "contremaitre", _at("/")),
    Place("biens", "", _search("gymnase")),
    Place("biens-quand", "contremaitre", _search("charrue", "debut=08:00&duree=480")),
    Place("biens-acces", "", _at("/biens/?quoi=gymnase&acces=entree-sans-marche")),
    Place("biens-rien", "contremaitre", _search("patinoire", "debut=02:00&duree=60&rayon=5")),
    Place("biens-mot-inconnu", "", _search("zeppelin")),
    Place("biens-faute", "", _at("/biens/?quoi=salle&le=1999-01-01&ou=Nulle%20part")),
    Place("bien", "", _of(GYM, "/biens/{}/")),
    Place(
        "bien-libre",
        "contremaitre",
        _plough,
    ),
    Place("bien-pris", "benevole", lambda: slot_address(GYM, gym_evening(), "04:00", 120)),
    Place("bien-gere", "admin", _of(IDLE_GYM, "/biens/{}/")),
    Place("bien-retire", "", _of("SE-CN-04", "/biens/{}/")),
    Place(
        "reserver",
        "contremaitre",
        lambda: _plough().replace("/?", "/reserver/?"),
    ),
    Place("reservations", "benevole", _at("/reservations/")),
    Place("reservations-aucune", "ligue", _at("/reservations/")),
    Place("reservation", "benevole", _booking(LineState.CONFIRMED)),
    Place("reservation-deplacer", "benevole", _booking(LineState.CONFIRMED, verb="deplacer/")),
    Place("reservation-annuler", "benevole", _booking(LineState.CONFIRMED, verb="annuler/")),
    Place("guichet", "guichet", _at("/guichet/")),
    Place("guichet-reponses", "guichet", lambda: f"/guichet/?{_evening()}&ailleurs=on"),
    Place("guichet-reserver", "guichet", lambda: f"{_desk_asset()}?{_evening()}"),
    Place("confirmation", "guichet", _paper),
    Place("fermer", "guichet", _at("/mes-biens/fermer/")),
    Place("fermer-reservations", "guichet", _storm),
    Place("fermeture", "guichet", lambda: f"/mes-biens/fermetures/{Closure.objects.get().pk}/"),
    Place("demandes", "loisirs", _at("/demandes/")),
    Place("demande-refuser", "loisirs", _request),
    Place("avis", "loisirs", _at("/avis/")),
    Place("avis-aucun", "ligue", _at("/avis/")),
    Place("avis-choix", "benevole", _at("/avis/choix/")),
    Place("avis-arreter", "", _stop),
    Place("demandes-reponses", "admin", _at("/demandes/reponses/")),
    Place("demande", "loisirs", _asked),
    Place("mes-biens", "admin", _at("/mes-biens/")),
    Place("bien-ajouter", "admin", _at("/mes-biens/ajouter/")),
    Place("import-nouveau", "admin", _at("/mes-biens/importer/")),
    Place("lieu-ajouter", "admin", _at("/mes-biens/lieux/ajouter/")),
    Place("bien-fiche", "admin", _of(IDLE_GYM, "/mes-biens/{}/")),
    Place("bien-etat", "admin", _of(IDLE_GYM, "/mes-biens/{}/etat/")),
    Place("lieux", "admin", _at("/mes-biens/lieux/")),
    Place("lieu-fiche", "admin", lambda: f"/mes-biens/lieux/{asset(IDLE_GYM).site_id}/"),
    Place("lieu-acces", "admin", lambda: f"/mes-biens/lieu/{asset(GYM).site_id}/acces/"),
    Place("lieu-code", "admin", lambda: f"/mes-biens/lieu/{asset(GYM).site_id}/code/"),
    Place("lieu-semaine", "admin", lambda: f"/mes-biens/lieux/{asset(GYM).site_id}/semaine/"),
    Place("bien-acces", "admin", _of(GYM, "/mes-biens/bien/{}/acces/")),
    Place("bien-photos", "admin", _of(GYM, "/mes-biens/bien/{}/photos/")),
    Place("bien-photos-aucune", "admin", _of(IDLE_GYM, "/mes-biens/bien/{}/photos/")),
    Place("bien-documents", "admin", _of(GYM, "/mes-biens/{}/documents/")),
    Place("bien-horaires", "admin", _of(IDLE_GYM, "/mes-biens/{}/horaires/")),
    Place("bien-bloquer", "admin", _of(IDLE_GYM, "/mes-biens/{}/bloquer/")),
    Place("bien-agendas", "admin", _of(GYM, "/mes-biens/{}/agendas/")),
    Place("bien-agendas-aucun", "admin", _of(IDLE_GYM, "/mes-biens/{}/agendas/")),
    Place("bien-agenda-oublier", "admin", _agenda),
    Place("bien-agenda-importer", "admin", _of(GYM, "/mes-biens/{}/agendas/importer/")),
    Place("jours-communs", "admin", _at("/mes-biens/jours-communs/")),
    Place("jours-communs-liste", "admin", _shared_days),
    Place("agendas", "admin", _at("/mes-biens/agendas/")),
    Place("agendas-import", "admin", _agenda_import),
    Place("bien-partage", "admin", _of(IDLE_GYM, "/mes-biens/{}/partage/")),
    Place("publication", "admin", _at("/mes-biens/publication/")),
    Place("apercu-public", "admin", _of(IDLE_GYM, "/biens/{}/?apercu=public")),
    Place("apercu-voisin", "admin", _of(IDLE_GYM, "/biens/{}/?apercu=voisin")),
    Place("apercu-recherche", "admin", _at("/biens/?apercu=association")),
    Place("exports", "admin", _at("/exports/")),
    Place("inviter", "", _at("/inviter/")),
    Place("besoins", "benevole", _at("/besoins/")),
    Place("besoins-aucun", "ligue", _at("/besoins/")),
    Place("besoin-signaler", "benevole", _at("/besoins/signaler/?quoi=nacelle&rayon=50")),
    Place("besoins-voisins", "admin", _at("/besoins/pres-de-chez-vous/")),
    Place("audits", "admin", _at("/audits/")),
    Place("audits-aucun", "contremaitre", _at("/audits/")),
    Place("audit-nouveau", "admin", _at("/audits/nouveau/")),
    Place("audit", "admin", _audit),
    Place("constat", "admin", _finding),
    Place("bien-usage", "contremaitre", _of(IDLE_GYM, "/audits/biens/{}/usage/")),
    Place("connexion", "", _at("/compte/connexion/")),
    Place("compte", "admin", _at("/compte/")),
    Place("compte-mot-de-passe", "admin", _at("/compte/mot-de-passe/changer/")),
    Place("compte-oublie", "", _at("/compte/mot-de-passe/oublie/")),
    Place("compte-obtenir", "", _at("/compte/inscription/")),
    Place("organismes", "", _at("/organismes/")),
    Place("organisme", "", _at(f"/organismes/{SCHOOLS}/")),
    Place("mon-organisme", "admin", _at("/organisme/")),
    Place("double", "admin", _at("/compte/double-authentification/")),
    Place("double-exigee", "admin", _at("/compte/double-authentification/exigee/")),
    Place("accueil-administration", "admin", _at("/")),
    Place("personnes", "admin", _at("/organisme/personnes/")),
    Place("personne-roles", "admin", _person("loisirs", "roles/")),
    Place("personne-absence", "admin", _person("loisirs", "absence/")),
    Place("personne-depart", "admin", _person("loisirs", "depart/")),
    Place("mon-absence", "loisirs", _at("/organisme/absences/")),
    Place("personne-inviter", "admin", _at("/organisme/personnes/inviter/")),
    Place("personnes-inviter", "admin", _at("/organisme/personnes/inviter/liste/")),
    Place("invitation-retirer", "admin", _invitation("/organisme/invitations/{0.pk}/retirer/")),
    Place("invitation", "", _invitation("/compte/invitation/{1}/")),
    Place("invitation-autre", "admin", _invitation("/compte/invitation/faux/")),
    Place("confidentialite", "", _at("/confidentialite/")),
    Place("accessibilite", "", _at("/accessibilite/")),
    Place("conditions", "", _at("/conditions/")),
    Place("renseignements", "benevole", _at("/vie-privee/")),
    Place("effacer-mon-compte", "benevole", _at("/vie-privee/effacer/")),
    Place("incidents", "admin", _at("/vie-privee/incidents/")),
    Place("incident-ajouter", "admin", _at("/vie-privee/incidents/ajouter/")),
    Place("erreur-404", "", _at("/nulle-part/"), 404),
    Place("composants", "", _at("/ui/")),
)
