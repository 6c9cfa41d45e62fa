# SPDX-License-Identifier: EUPL-1.2
"""Colour arithmetic for the token tests: contrast, OKLab, and dichromat sight (Machado 2009)."""

import re
from pathlib import Path

from usufruit.ui import charts

Triple = tuple[float, float, float]

# Machado, Oliveira, Fernandes, IEEE TVCG 15 (2009), severity 1.0, on linear RGB.
SIGHTS: dict[str, tuple[Triple, Triple, Triple]] = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def blocks() -> list[dict[str, str]]:
    """Return the tokens of tokens.css: light, dark by the device, dark by choice."""
    text = (Path(charts.STYLES) / "tokens.css").read_text("utf-8")
    found = []
    for selector in (":root {", ':root:not([data-theme="light"]) {', ':root[data-theme="dark"] {'):
        body = text.split(selector, 1)[1].split("}", 1)[0]
        found.append(dict(re.findall(r"--([\w-]+):\s*([^;]+);", body)))
    return found


def linear(hex_code: str) -> Triple:
    """Return the linear RGB of a « #RRGGBB »."""
    values = [int(hex_code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return r, g, b


def contrast(one: str, other: str) -> float:
    """Return the WCAG ratio of two colours, 1 to 21."""
    weights = (0.2126, 0.7152, 0.0722)
    first, second = (
        sum(w * v for w, v in zip(weights, linear(code), strict=True)) for code in (one, other)
    )
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def seen(hex_code: str, sight: str = "") -> Triple:
    """Return the OKLab of a colour as a kind of sight sees it; "" is the common one."""
    rgb = linear(hex_code)
    if sight:
        rows = SIGHTS[sight]
        r, g, b = (
            min(1.0, max(0.0, sum(w * v for w, v in zip(row, rgb, strict=True)))) for row in rows
        )
    else:
        r, g, b = rgb
    lms = (
        0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
        0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
        0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
    )
    long, medium, short = (v ** (1 / 3) for v in lms)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def distance(one: str, other: str, sight: str = "") -> float:
    """Return the Euclidean distance of two colours in OKLab."""
    pairs = zip(seen(one, sight), seen(other, sight), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5
