#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Print the browser of the tests; install Debian's when root may, else say its package in French.
set -eu

find_browser() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && command -v "$name" 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

if find_browser; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    printf 'Navigateur des essais (paquet chromium)…\n' >&2
    if apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium >&2 && find_browser; then
        exit 0
    fi
fi
printf 'Erreur\302\240: le navigateur des essais manque. Installez le paquet Debian chromium, ou indiquez-en un par CHROMIUM.\n' >&2
exit 1
