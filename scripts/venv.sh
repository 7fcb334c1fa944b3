#!/usr/bin/env bash
# Make .venv with the Python given, or say what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
python="$1"

if ! command -v "$python" >/dev/null; then
    echo "Python is missing: install python3 (3.11 or newer) and python3-venv." >&2
    exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$("$python" --version) is too old: 3.11 or newer is needed. Name another one: make PYTHON=python3.12 …" >&2
    exit 2
fi
if [[ ! -x .venv/bin/pip ]] || ! .venv/bin/python -c '' 2>/dev/null; then
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "Python has no venv module: install it (Debian, Ubuntu: apt-get install python3-venv)." >&2
        exit 2
    fi
fi
mkdir -p .venv/stamps
