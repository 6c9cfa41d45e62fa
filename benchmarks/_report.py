# SPDX-License-Identifier: EUPL-1.2
"""What every measure says: progress on stderr, one line of JSON on stdout."""

import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def say(line: str) -> None:
    """Tell whoever waits where the measure stands."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Say how long a step took."""
    began = time.perf_counter()
    yield
    say(f"{step}\u00a0: {time.perf_counter() - began:.1f} s")


def publish(**line: Any) -> None:
    """Print the one line of the measure, with the machine it was taken on."""
    named = {"benchmark": line.pop("benchmark"), "machine": machine()}
    print(json.dumps({**named, **line}, ensure_ascii=False), flush=True)


def machine() -> str:
    """Return the processor, the cores this process may use, the memory and the Python."""
    cores = len(os.sched_getaffinity(0))
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {cores} cores, {memory_gib:.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def _processor() -> str:
    """Return the name the kernel gives to the processor, else its family."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that a share in (0, 1] of the values does not exceed.

    Raises:
        ValueError: when there is no value.
    """
    if not values:
        raise ValueError("no value, no percentile")
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * round(share * 1000) // 1000) - 1)]


def milliseconds(durations_s: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile of durations, in milliseconds."""
    return {
        f"p{percent}_ms": round(1000 * percentile(durations_s, percent / 100), 3)
        for percent in (50, 95)
    }
