# SPDX-License-Identifier: EUPL-1.2
"""This machine reaches itself, even in a network namespace of its own."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from usufruit.config import loopback

SOURCE = Path(loopback.__file__).parents[2]
WAKE = "from usufruit.config.loopback import is_up, wake; print(is_up(), wake(), is_up())"


def namespaces_are_allowed():
    unshare = shutil.which("unshare")
    return bool(unshare) and subprocess.run([unshare, "-rn", "true"], check=False).returncode == 0


def test_a_port_is_taken_only_while_somebody_listens():
    with socket.create_server((loopback.LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert loopback.is_taken(loopback.LOOPBACK, port)
    assert not loopback.is_taken(loopback.LOOPBACK, port)


def test_a_free_port_is_free():
    assert not loopback.is_taken(loopback.LOOPBACK, loopback.free_port())


@pytest.mark.skipif(not namespaces_are_allowed(), reason="user namespaces are forbidden here")
def test_a_sleeping_interface_is_woken():
    told = subprocess.run(
        ["unshare", "-rn", sys.executable, "-c", WAKE],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["False", "True", "True"]
