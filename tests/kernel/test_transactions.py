# SPDX-License-Identifier: EUPL-1.2
"""A verb broken by a deadlock starts again, three times at the most (T4)."""

import threading

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from tests.support.together import apart, together
from usufruit.kernel.transactions import ATTEMPTS, verb

pytestmark = pytest.mark.django_db


def deadlocked() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = DeadlockDetected("deadlock detected")
    return error


def lock(key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def test_a_real_deadlock_between_two_connections_escapes_neither():
    both_hold_one = threading.Barrier(2, timeout=10)
    tries = [0, 0]

    @verb
    def cross(me: int) -> str:
        tries[me] += 1
        lock(7001 + me)
        if tries[me] == 1:
            both_hold_one.wait()
        lock(7001 + 1 - me)
        return f"done {me}"

    assert together([lambda: cross(0), lambda: cross(1)]) == ["done 0", "done 1"]
    assert sorted(tries) == [1, 2]  # PostgreSQL broke one, which started again


def test_what_the_broken_try_wrote_is_gone():
    tries = []

    @verb
    def write_then_break() -> int:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE IF NOT EXISTS tried (n int) ON COMMIT DROP")
            cursor.execute("INSERT INTO tried VALUES (1)")
            tries.append(1)
            if len(tries) < ATTEMPTS:
                raise deadlocked()
            cursor.execute("SELECT count(*) FROM tried")
            return cursor.fetchone()[0]

    assert apart(write_then_break) == 1
    assert len(tries) == ATTEMPTS


@pytest.mark.parametrize(
    ("error", "tried"),
    [
        (deadlocked(), ATTEMPTS),
        (OperationalError("server closed the connection"), 1),
        (ValueError("of the rules"), 1),
    ],
)
def test_stops_after_three_and_repeats_nothing_else(error, tried):
    tries = []

    @verb
    def always_breaks() -> None:
        tries.append(1)
        raise error

    with pytest.raises(type(error)) as raised:
        apart(always_breaks)
    assert raised.value is error
    assert len(tries) == tried


def test_a_lock_not_available_is_not_a_deadlock():
    tries = []

    @verb
    def impatient() -> None:
        tries.append(1)
        error = OperationalError("canceling statement due to lock timeout")
        error.__cause__ = LockNotAvailable()
        raise error

    with pytest.raises(OperationalError):
        apart(impatient)
    assert len(tries) == 1


def test_inside_another_verb_the_restart_is_the_outermost_s():
    outer, inner = [], []

    @verb
    def within() -> str:
        inner.append(1)
        if len(inner) == 1:
            raise deadlocked()
        return "done"

    @verb
    def around() -> str:
        outer.append(1)
        return within()

    assert apart(around) == "done"
    assert (len(outer), len(inner)) == (2, 2)


def test_inside_a_transaction_a_verb_is_a_savepoint():
    @verb
    def breaks() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    with transaction.atomic():
        with pytest.raises(Exception, match="division by zero"):
            breaks()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)


def test_name_and_words_of_the_action_are_kept():
    @verb
    def book_a_plough() -> None:
        """Book it."""

    assert (book_a_plough.__name__, book_a_plough.__doc__) == ("book_a_plough", "Book it.")
