#!/usr/bin/env bash
# Tests use real programs of Debian: dovecot and exim for the mail loop, tesseract and poppler for scanned letters.
# Found, or installed as root. Nothing of theirs is started: tests run their own, on loopback, while they last.
set -euo pipefail

missing=()
[[ -x /usr/sbin/dovecot ]] || missing+=(dovecot-imapd)
[[ -x /usr/sbin/exim4 ]] || missing+=(exim4-daemon-light)
command -v pdftoppm >/dev/null || missing+=(poppler-utils)
tesseract --list-langs 2>/dev/null | grep -qx fra || missing+=(tesseract-ocr tesseract-ocr-fra)
((${#missing[@]})) || exit 0

if [[ "$(id -u)" != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "Tests need ${missing[*]}: as root, apt-get install --no-install-recommends ${missing[*]}." >&2
    exit 1
fi
echo "Installing ${missing[*]} for the tests…" >&2
policy=/usr/sbin/policy-rc.d
if [[ ! -e "$policy" ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq >&2
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
