# SPDX-License-Identifier: EUPL-1.2
"""What makes the bench hostile: no network, and rows in no order unless one was asked for."""

import random
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models.query import (
    BaseIterable,
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    ValuesIterable,
    ValuesListIterable,
)

ITERABLES = (
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    FlatValuesListIterable,
    NamedValuesListIterable,
)


class NetworkBlockedError(RuntimeError):
    """A test reached for another machine."""


def is_local(address: object) -> bool:
    """Tell whether an address is a file's or this machine's own."""
    if not isinstance(address, tuple):
        return True  # AF_UNIX: a path
    host = str(address[0])
    return host in {"localhost", "::1", ""} or host.startswith("127.")


def block_network(patch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every name that would leave this machine."""

    def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
        def guard(self: socket.socket, address: object, *rest: object) -> Any:
            if not is_local(address):
                raise NetworkBlockedError(f"{address!r} is not on this machine")
            return call(self, address, *rest)

        return guard

    def guarded_look_up(host: object, *rest: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not is_local((name,)):
            raise NetworkBlockedError(f"{name!r} is not on this machine")
        return look_up(host, *rest, **options)

    look_up = socket.getaddrinfo
    patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    patch.setattr(socket, "getaddrinfo", guarded_look_up)


def is_ordered(iterable: BaseIterable) -> bool:
    """Tell whether the query says in which order its rows come, or cannot hold two of them."""
    query = iterable.queryset.query
    if query.combinator or query.distinct_fields or query.is_sliced:
        return True
    return bool(iterable.queryset.ordered or query.extra_order_by)


def shuffle_unordered_rows(patch: pytest.MonkeyPatch, dice: random.Random) -> None:
    """Give the rows of a query without order in any order, as PostgreSQL is free to do."""

    def shuffled(iterate: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def iterate_in_any_order(self: BaseIterable) -> Iterator[Any]:
            if is_ordered(self):
                return iterate(self)
            rows = list(iterate(self))
            dice.shuffle(rows)
            return iter(rows)

        return iterate_in_any_order

    for kind in ITERABLES:
        patch.setattr(kind, "__iter__", shuffled(kind.__iter__))
