# SPDX-License-Identifier: EUPL-1.2
"""The bench is as hostile as it says."""

import socket
import urllib.request

import pytest
from django.contrib.contenttypes.models import ContentType
from django.template import Context, Template

from tests.support.bench import NetworkBlockedError


def test_no_test_reaches_another_machine():
    with socket.socket() as line, pytest.raises(NetworkBlockedError):
        line.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkBlockedError):
        urllib.request.urlopen("http://example.org/")


def test_this_machine_may_be_reached():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as line,
    ):
        assert line.getpeername() == server.getsockname()


@pytest.mark.django_db
def test_rows_without_an_order_come_in_any_order():
    orders = {tuple(ContentType.objects.values_list("pk", flat=True)) for _ in range(20)}
    assert len(orders) > 1
    assert {
        tuple(ContentType.objects.order_by("pk").values_list("pk")) for _ in range(9)
    }.__len__() == 1


def test_an_undefined_variable_fails(pytestconfig):
    assert pytestconfig.getoption("itv")
    with pytest.raises(pytest.fail.Exception, match="absente"):
        Template("{{ absente }}").render(Context())
