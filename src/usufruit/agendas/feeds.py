# SPDX-License-Identifier: EUPL-1.2
"""Read an agenda from its server, and nothing else than an agenda on a public server.

The name is resolved once, every address it has must be public, and the connection goes to that
address: a name that changes its mind between the check and the call leads nowhere. Redirects are
checked again; proxies are ignored; bytes, time and ports are bounded. An address is a secret: it is
in no message and in no log.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urljoin, urlsplit

from usufruit.agendas.ics import MAX_BYTES

PORTS = {80, 443, 8080, 8443}
REDIRECTS = 5
STEP_S, WHOLE_S = 10.0, 30.0
CHUNK = 64 * 1024
MOVED = {301, 302, 303, 307, 308}
# Public in the registers, and yet doors to addresses that may be private.
TUNNELS = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48")]

Resolver = Callable[[str, int], list[str]]


class FeedTrouble(Exception):  # noqa: N818 - it is told to a person, in French
    """Say why an agenda could not be read; never names its address."""


@dataclass(frozen=True)
class Answer:
    """What the server of an agenda answered; no content means unchanged since the version known."""

    content: bytes | None
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Target:
    """Where to connect: the address checked, and the name asked for."""

    scheme: str
    host: str
    port: int
    path: str
    ips: tuple[str, ...]


def resolve(host: str, port: int) -> list[str]:
    """Return every address of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def fetch(
    address: str,
    *,
    etag: str = "",
    last_modified: str = "",
    allowed_hosts: Collection[str] = (),
    resolver: Resolver = resolve,
) -> Answer:
    """Return what an agenda's server answers.

    Args:
        etag, last_modified: of the version known, so that an unchanged one is not sent again.
        allowed_hosts: names, or ``name:port``, that the operator lets be private.

    Raises:
        FeedTrouble: with a French sentence.
    """
    until = monotonic() + WHOLE_S
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    for _step in range(REDIRECTS + 1):
        target = aim(address, allowed_hosts, resolver)
        moved, answer = _ask(target, {name: text for name, text in asked.items() if text}, until)
        if answer is not None:
            return answer
        following = urljoin(address, moved)
        if target.scheme == "https" and not following.startswith("https:"):
            raise FeedTrouble("Le serveur renvoie vers une adresse sans chiffrement.")
        address = following
    raise FeedTrouble("Le serveur renvoie sans fin d’une adresse à l’autre.")


def aim(address: str, allowed_hosts: Collection[str], resolver: Resolver) -> Target:
    """Return where to connect for an address, once it is sure to be an agenda server's.

    Raises:
        FeedTrouble: for any other scheme, port or place.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise FeedTrouble("L’adresse de l’agenda est mal écrite.") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise FeedTrouble("L’adresse d’un agenda commence par https:// ou http://.")
    if parts.username or parts.password:
        raise FeedTrouble("L’adresse d’un agenda ne contient ni nom ni mot de passe.")
    is_allowed = bool({host, f"{host}:{port}"} & set(allowed_hosts))
    if port not in PORTS and not is_allowed:
        raise FeedTrouble("L’adresse de l’agenda demande un port qui n’est pas permis.")
    try:
        ips = resolver(host, port)
    except (OSError, UnicodeError) as error:
        raise FeedTrouble("Le serveur de l’agenda est introuvable.") from error
    if not ips or not (is_allowed or all(map(is_public, ips))):
        raise FeedTrouble("L’adresse mène à un réseau privé; l’exploitant peut la permettre.")
    path = parts.path or "/"
    return Target(
        parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path, tuple(ips)
    )


def is_public(ip: str) -> bool:
    """Tell whether an address is one of the public Internet, however it is wrapped."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if address.teredo or any(address in net for net in TUNNELS):
            return False
    return address.is_global and not address.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to one address already checked, that says the name asked for.

    Attributes:
        wire: the socket, kept apart: an answer that closes takes ``sock`` away while it is read.
    """

    wire: socket.socket | None = None

    def __init__(self, target: Target, ip: str) -> None:
        super().__init__(target.host, target.port, timeout=STEP_S)
        self._target, self._ip = target, ip

    def connect(self) -> None:
        """Connect to the address checked, and to no other."""
        self.wire = socket.create_connection((self._ip, self._target.port), STEP_S)
        if self._target.scheme == "https":
            try:
                self.wire = ssl.create_default_context().wrap_socket(
                    self.wire, server_hostname=self._target.host, do_handshake_on_connect=False
                )
                self.wire.do_handshake()
            except BaseException:
                self.wire.close()
                raise
        self.sock = self.wire


def _ask(target: Target, asked: dict[str, str], until: float) -> tuple[str, Answer | None]:
    """Return where the answer says to go, or the answer."""
    last: Exception | None = None
    for ip in target.ips[:3]:
        connection = _Pinned(target, ip)
        bell = threading.Timer(max(0.1, until - monotonic()), _cut, [connection])
        bell.daemon = True
        bell.start()
        try:
            connection.request("GET", target.path, headers=_headers(asked))
            found = _read(connection.getresponse(), until)
            if monotonic() < until:  # else it was cut, and may only look whole
                return found
            raise TimeoutError
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
            last = error
            if monotonic() >= until:
                raise FeedTrouble("Le serveur de l’agenda met trop de temps à répondre.") from None
        finally:
            bell.cancel()
            connection.close()
    if isinstance(last, ssl.SSLError):
        raise FeedTrouble("Le certificat du serveur de l’agenda n’est pas valide.") from None
    raise FeedTrouble("Le serveur de l’agenda ne répond pas.") from None


def _headers(asked: dict[str, str]) -> dict[str, str]:
    return {
        "Accept": "text/calendar, text/plain;q=0.5",
        "Accept-Encoding": "gzip",
        "User-Agent": "Usufruit",
        "Connection": "close",
        **asked,
    }


def _cut(connection: _Pinned) -> None:
    """End a connection that drips, from another thread."""
    with suppress(OSError):
        if connection.wire is not None:
            connection.wire.shutdown(socket.SHUT_RDWR)


def _read(response: http.client.HTTPResponse, until: float) -> tuple[str, Answer | None]:
    status = response.status
    if status in MOVED:
        return response.headers.get("Location", ""), None
    if status == http.client.NOT_MODIFIED:
        return "", Answer(None)
    if status in {401, 403}:
        raise FeedTrouble("Le serveur refuse l’accès\u00a0: l’adresse secrète a peut-être changé.")
    if status in {404, 410}:
        raise FeedTrouble("L’agenda n’existe plus à cette adresse.")
    if status != http.client.OK:
        raise FeedTrouble(f"Le serveur de l’agenda répond par l’erreur {status}.")
    content = _body(response, until)
    etag, modified = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    return "", Answer(content, etag[:500], modified[:100])


def _body(response: http.client.HTTPResponse, until: float) -> bytes:
    """Return the content, unpacked, or refuse it as soon as it is too much."""
    packing = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if packing not in {"identity", "gzip", "x-gzip"}:
        raise FeedTrouble("Le serveur envoie l’agenda dans un format compressé inconnu.")
    unpacker = None if packing == "identity" else zlib.decompressobj(wbits=31)
    content = bytearray()
    while chunk := response.read(CHUNK):
        if unpacker is None:
            content += chunk
        else:
            content += unpacker.decompress(chunk, MAX_BYTES + 1 - len(content))
        if len(content) > MAX_BYTES:
            most = MAX_BYTES // 1024 // 1024
            raise FeedTrouble(
                f"L’agenda dépasse {most}\u00a0Mo. Publiez-en une période plus courte."
            )
        if monotonic() > until:
            raise FeedTrouble("Le serveur de l’agenda met trop de temps à répondre.")
    if response.length:
        raise FeedTrouble("L’agenda reçu s’arrête avant sa fin; l’ancien est gardé.")
    return bytes(content)
