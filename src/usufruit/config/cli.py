# SPDX-License-Identifier: EUPL-1.2
"""The one command of the platform: ``usufruit demo | serve | backup | restore | doctor | …``."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import ProgrammingError, connections

from usufruit.config import (
    archive,
    assets,
    database,
    environment_file,
    installation,
    loopback,
    outgoing_mail,
    servers,
    visit,
)
from usufruit.config.confinement import EmbeddedError
from usufruit.config.environment_file import EnvironmentFileError
from usufruit.config.outgoing_mail import MailError
from usufruit.kernel.clock import now
from usufruit.kernel.command_line import FrenchParser

SETTINGS = "usufruit.config.settings"
DEFAULT_PORT = 8000

_REFUSED = (
    EnvironmentFileError,
    MailError,
    archive.ArchiveError,
    CommandError,
    EmbeddedError,
    ImproperlyConfigured,
    servers.ServerError,
    visit.VisitError,
)

# Commands of Django that read no database: they start none.
_WITHOUT_DATABASE = frozenset(
    {"check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help"}
    | {"makemessages", "startapp", "startproject", "version", "--help", "-h", "--version"}
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 refused, 2 not understood."""
    words = list(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        with servers.stop_on_signal():
            return _run(words)
    except servers.Stopped:
        _say("\nTout est arrêté.")
        return 0
    except BrokenPipeError:
        # Whoever read our lines has left (« | head »); Python must not try to send the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except _REFUSED as error:
        sys.stderr.write(f"Erreur\u00a0: {error}\n")
        return 1


def _run(words: list[str]) -> int:
    """Hand the words over to the command they name."""
    # What follows « audit », « import » and « manage » belongs to them, options included.
    if words[:1] == ["audit"]:
        return int(import_module("usufruit.audits.cli").main(words[1:]))
    environment_file.load(os.environ, is_first_setup=words[:1] == ["init"])
    if words[:1] == ["import"]:
        return import_file(words[1:])
    if words[:1] == ["manage"]:
        return manage(words[1:])
    parser = _parser()
    chosen = parser.parse_args(words)
    if chosen.run is None:
        parser.print_help()
        return 2
    run: Callable[[argparse.Namespace], int] = chosen.run
    return run(chosen)


def demo(chosen: argparse.Namespace) -> int:
    """Fill a fictitious territory, then serve it; with ``--check``, visit it and stop."""
    port = _port(chosen)
    # A check takes a port that nobody else looks for.
    hold = nullcontext() if chosen.check else _held(port)
    with hold, database.available(os.environ):
        prepare()
        return _serve(chosen.host, port, once=chosen.check)


def serve(chosen: argparse.Namespace) -> int:
    """Serve the platform with the database as it stands."""
    if chosen.socket:
        socket = chosen.socket.resolve()
        state = database.state_directory(os.environ)
        with servers.held(state, 0, socket), database.available(os.environ):
            return _keep(servers.services("", 0, socket), str(socket), once=False)
    port = _port(chosen)
    with _held(port), database.available(os.environ):
        return _serve(chosen.host, port, once=False)


def init(chosen: argparse.Namespace) -> int:
    """Set up a real platform; what stands already stays as it is."""
    return installation.install(chosen, now=now())


def mail_test(chosen: argparse.Namespace) -> int:
    """Send a letter, to know whether letters leave."""
    django.setup()
    outgoing_mail.send_test(chosen.address)
    _say(f"Remis au serveur pour {chosen.address}. Vérifiez qu’il arrive.")
    return 0


def health(chosen: argparse.Namespace) -> int:
    """Print the page of health of the platform that serves; 0 when all of it is well."""
    port = DEFAULT_PORT if chosen.port is None else chosen.port
    place = str(chosen.socket.resolve()) if chosen.socket else visit.address_of(chosen.host, port)
    try:
        status, told = visit.health(place)
    except OSError as error:
        raise servers.ServerError(f"{place} ne répond pas\u00a0: {error}") from None
    _say(told)
    return 0 if status == 200 else 1


def prepare() -> None:
    """Bring the database and the served files up to date, and fill the demonstration."""
    django.setup()
    _refuse_beside_a_real_platform()
    _say("Fichiers servis…")
    assets.collect_static()
    _say("Base de données…")
    call_command("migrate", interactive=False, verbosity=0)
    _say("Territoire fictif…")
    call_command("demo_seed")
    connections.close_all()


def backup(chosen: argparse.Namespace) -> int:
    """Write the archive of the platform, whether it serves or not."""
    saving = import_module("usufruit.config.backup")
    at = now()
    with database.available(os.environ):
        django.setup()
        target = saving.place(os.environ, chosen.to, at)
        manifest = saving.save(os.environ, target, now=at)
    for path in saving.rotate(target.parent, chosen.rotate) if chosen.rotate else []:
        _say(f"Archive effacée\u00a0: {path.name}")
    _tell(manifest)
    for name in manifest.missing_files:
        _say(f"Fichier absent du disque, nommé par la base\u00a0: {name}")
    _say(
        f"Archive écrite et relue\u00a0: {target}\n"
        "Elle contient des renseignements personnels, mais aucun secret. Gardez ailleurs qu’avec "
        "elle la clé (secret-key) et le fichier des réglages."
    )
    return 0


def restore(chosen: argparse.Namespace) -> int:
    """Bring an archive back, whole or not at all."""
    bring_back = import_module("usufruit.config.restore").restore
    with database.available(os.environ):
        django.setup()
        manifest = bring_back(
            os.environ, chosen.archive, is_replacing=chosen.replace, now=now(), say=_say
        )
    _tell(manifest)
    taken_at = datetime.fromisoformat(manifest.taken_at)
    _say(f"Restauré\u00a0: l’état du {taken_at:%Y-%m-%d, %-H\u00a0h\u00a0%M} (UTC).")
    return 0


def _tell(manifest: archive.Manifest) -> None:
    """Say what an archive holds."""
    tables = manifest.tables
    _say(f"Lignes\u00a0: {sum(tables.values())}, dans {len(tables)} tables")
    _say(f"Fichiers déposés\u00a0: {len(manifest.members) - 1}")
    if manifest.last_booking:
        number, reference = manifest.last_booking
        _say(f"Dernière réservation\u00a0: nᵒ {number}, {reference}")


def _refuse_beside_a_real_platform() -> None:
    """Keep invented bodies out of a base that somebody administers.

    Raises:
        ServerError: when the base has a platform administrator, and not by the demonstration.
    """
    persons = import_module("usufruit.organizations.models").Person.objects
    with suppress(ProgrammingError):  # no tables yet
        is_real = persons.filter(is_platform_admin=True).exists()
        if is_real and not import_module("usufruit.demo.seed").is_seeded():
            raise servers.ServerError(
                "Cette base est celle d’une vraie installation\u00a0: la démonstration n’y entre "
                "pas. Choisissez un autre dossier par USUFRUIT_VAR."
            )


def doctor(_chosen: argparse.Namespace) -> int:
    """Say what is missing or wrong on this machine, and how to mend it."""
    return int(import_module("usufruit.config.doctor").main(sys.stdout))


def import_file(words: list[str]) -> int:
    """Enter a file of assets in the inventory of a body."""
    django.setup()
    command = import_module("usufruit.imports.cli")
    chosen = command.parse(words)
    with database.available(os.environ):
        return int(command.main(chosen))


def manage(words: list[str]) -> int:
    """Run a command of Django, with the database running if it needs one."""
    arguments = ["usufruit manage", *words]
    if not words or words[0] in _WITHOUT_DATABASE:
        execute_from_command_line(arguments)
        return 0
    with database.available(os.environ):
        execute_from_command_line(arguments)
    return 0


def _serve(host: str, port: int, *, once: bool) -> int:
    """Keep the servers alive; say the address when it answers, or visit it and stop."""
    return _keep(servers.services(host, port), visit.address_of(host, port), once=once)


def _keep(household: list[servers.Service], address: str, *, once: bool) -> int:
    """Keep a household alive, whether it answers at an address or on a socket."""

    def when_ready() -> int | None:
        if once:
            for page in visit.visit(address):
                _say(f"bon\u00a0: {page}")
            return 0
        _say(f"\nUsufruit répond à {address}\nCtrl-C arrête tout.")
        return None

    return servers.run(household, ready=lambda: visit.answers(address), when_ready=when_ready)


def _held(port: int) -> AbstractContextManager[None]:
    """Keep the port for this process, among the starts of this platform."""
    return servers.held(database.state_directory(os.environ), port)


def _port(chosen: argparse.Namespace) -> int:
    """Return the port asked for, once sure that it is free; a check takes any free one."""
    if not loopback.wake():
        raise servers.ServerError("Cette machine ne se parle pas à elle-même (127.0.0.1).")
    if chosen.port is None and getattr(chosen, "check", False):
        return loopback.free_port()
    port = DEFAULT_PORT if chosen.port is None else int(chosen.port)
    if loopback.is_taken(chosen.host, port):
        raise servers.port_is_taken(port)
    return port


def _parser() -> argparse.ArgumentParser:
    """Return the words the command understands."""
    parser = FrenchParser(prog="usufruit", description="Les biens publics qui dorment, partagés.")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(metavar="COMMANDE", parser_class=FrenchParser)

    show = commands.add_parser("demo", help="un territoire fictif, prêt à visiter")
    _add_address(show)
    show.add_argument(
        "--check", action="store_true", help="visite l’accueil et une recherche, puis s’arrête"
    )
    show.set_defaults(run=demo)

    run = commands.add_parser("serve", help="les serveurs, sur la base telle quelle")
    _add_address(run)
    run.add_argument(
        "--socket", type=Path, metavar="CHEMIN", help="écoute sur ce socket Unix, sans port"
    )
    run.set_defaults(run=serve)
    well = commands.add_parser("health", help="la santé de la plateforme qui sert\u00a0: 0 ou 1")
    _add_address(well)
    well.add_argument("--socket", type=Path, metavar="CHEMIN", help="le socket où elle écoute")
    well.set_defaults(run=health)

    _add_setting_up(commands)
    commands.add_parser("audit", help="l’utilisation mesurée par des fichiers, sans serveur")
    commands.add_parser("import", help="un fichier de biens entre dans l’inventaire")
    check = commands.add_parser("doctor", help="ce qui manque sur cette machine, et le remède")
    check.set_defaults(run=doctor)
    _add_keeping(commands)
    commands.add_parser("manage", help="les commandes de Django")
    return parser


def _add_setting_up(commands: "argparse._SubParsersAction[FrenchParser]") -> None:
    """Add the commands of a first set-up; each question may be answered by an option."""
    first = commands.add_parser("init", help="la première mise en place d’une vraie installation")
    for question in installation.QUESTIONS:
        words = question.words[0].lower() + question.words[1:]
        usual = f" ({question.default})" if question.default else ""
        first.add_argument(question.option, metavar="…", help=f"{words}{usual}")
    first.add_argument("--no-input", action="store_true", help="ne demande rien au terminal")
    first.set_defaults(run=init)
    letter = commands.add_parser("mail-test", help="envoie un message d’essai")
    letter.add_argument("address", metavar="ADRESSE", help="à qui l’envoyer")
    letter.set_defaults(run=mail_test)


def _add_keeping(commands: "argparse._SubParsersAction[FrenchParser]") -> None:
    """Add the commands that save and bring back."""
    save = commands.add_parser("backup", help="une archive de la base et des fichiers déposés")
    save.add_argument(
        "--to", type=Path, metavar="FICHIER", help="fichier ou dossier (backups/ des données)"
    )
    save.add_argument(
        "--rotate", type=_positive, metavar="N", help="ne garde que les N dernières archives"
    )
    save.set_defaults(run=backup)
    back = commands.add_parser("restore", help="l’état d’une archive, entier ou pas du tout")
    back.add_argument("archive", type=Path, metavar="FICHIER", help="une archive d’Usufruit")
    back.add_argument(
        "--replace", action="store_true", help="remplace la plateforme qui est déjà là"
    )
    back.set_defaults(run=restore)


def _positive(word: str) -> int:
    """Read a count of at least one."""
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError("il faut en garder au moins une")
    return number


def _add_address(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where to listen."""
    parser.add_argument("--host", default=loopback.LOOPBACK, help="adresse d’écoute (%(default)s)")
    parser.add_argument("--port", type=int, help=f"port d’écoute ({DEFAULT_PORT})")


def _say(line: str) -> None:
    """Say a line at once, even into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
