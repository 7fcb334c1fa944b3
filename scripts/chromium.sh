#!/usr/bin/env bash
# Print the path of a Chromium: from PATH, else Playwright's, else Debian's package (which needs root).
set -euo pipefail
cd "$(dirname "$0")/.."

found() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        "$name" --version >/dev/null 2>&1 && command -v "$name" && return
    done
    .venv/bin/python - <<'PYTHON'
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

with sync_playwright() as tool:
    path = tool.chromium.executable_path
sys.exit(1) if not Path(path).exists() else print(path)
PYTHON
}

install() {
    timeout 180 .venv/bin/playwright install $([[ "$(id -u)" == 0 ]] && echo --with-deps) chromium >&2 && found >/dev/null 2>&1 && return
    if [[ "$(id -u)" != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "No Chromium was found and none could be installed: as root, apt-get install chromium." >&2
        return 1
    fi
    echo "Installing Debian's Chromium…" >&2
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >&2
}

found 2>/dev/null && exit 0
install
found
