#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Prepare the checkout: scripts/setup.sh base|dev. What is already done costs a glance, no network.
set -eu

wanted=${1:?base ou dev}
cd -- "$(dirname -- "$0")/.."

fail() {
    printf 'Erreur\302\240: %s\n' "$*" >&2
    exit 1
}

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    fail "il faut Python 3.11 ou plus récent (paquet Debian python3)."
}

make_environment() {
    # The tools name their interpreter by its full path: a checkout that moved begins anew.
    place=$(pwd -P)/.venv
    if grep -Fqs -- "$place" .venv/pyvenv.cfg && .venv/bin/python -c 'import pip' 2>/dev/null; then
        return
    fi
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "le module venv manque à Python. Installez le paquet Debian python3-venv."
    printf 'Environnement Python (.venv)…\n'
    "$python" -m venv --clear "$place"
}

is_installed() {
    cmp -s "requirements/$1.txt" ".venv/$1.txt"
}

install_requirements() {
    # What checks the product contains what runs it.
    if is_installed "$wanted" || is_installed dev; then
        return
    fi
    printf 'Paquets Python (la première fois seulement)…\n'
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --requirement "requirements/$wanted.txt" ||
        fail "les paquets Python n’ont pu être installés. Le premier lancement demande le réseau."
    cp "requirements/$wanted.txt" ".venv/$wanted.txt"
}

install_ourselves() {
    # Two small files do what an editable install would, without a build and without network.
    .venv/bin/python - <<'PYTHON'
import pathlib
import sysconfig

source = pathlib.Path("src").resolve()
pathlib.Path(sysconfig.get_path("purelib"), "usufruit.pth").write_text(f"{source}\n", "utf-8")
PYTHON
    cat >.venv/bin/usufruit <<'SCRIPT'
#!/bin/sh
# Beside its interpreter, wherever the checkout stands.
exec "$(dirname -- "$(readlink -f -- "$0")")/python" -m usufruit "$@"
SCRIPT
    chmod +x .venv/bin/usufruit
}

make_environment
install_requirements
install_ourselves
.venv/bin/python scripts/build_static.py
