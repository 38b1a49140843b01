#!/bin/sh
# Makes the virtual environment $1 with newswire itself and all that the lock files after it name. Run by `make`; safe to run again.
set -eu
venv=$1
shift

find_python() {
    for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
        path=$(command -v "$name" 2>/dev/null) || continue
        # A version manager leaves names of Pythons that it does not have: only what runs counts.
        if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$path"
            return
        fi
    done
    return 1
}

if ! [ -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python) || {
        echo "setup: Python 3.11 or newer is needed, and none was found: install it, then run make again." >&2
        exit 1
    }
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >"$venv.log" 2>&1; then
        cat "$venv.log" >&2
        echo "setup: $python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2
        rm -rf "$venv" "$venv.log"
        exit 1
    fi
    rm -f "$venv.log"
fi
pip="$venv/bin/python -m pip --disable-pip-version-check -qq"
for lock in "$@"; do
    echo "setup: installing $lock into $venv (a minute the first time)" >&2
    $pip install --require-hashes -r "$lock"
done
# Built by the hatchling of the lock: nothing is installed that has no hash.
$pip install --no-deps --no-build-isolation -e .
