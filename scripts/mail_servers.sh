#!/usr/bin/env bash
# The mail loop is tested with a real IMAP server and a real mail server: Debian's dovecot and exim.
# Found, or installed as root. Nothing of theirs is started: tests run their own, on loopback, while they last.
set -euo pipefail

missing=()
[[ -x /usr/sbin/dovecot ]] || missing+=(dovecot-imapd)
[[ -x /usr/sbin/exim4 ]] || missing+=(exim4-daemon-light)
((${#missing[@]})) || exit 0

if [[ "$(id -u)" != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "Tests of mail need ${missing[*]}: as root, apt-get install --no-install-recommends ${missing[*]}." >&2
    exit 1
fi
echo "Installing ${missing[*]} for the tests of mail…" >&2
policy=/usr/sbin/policy-rc.d
if [[ ! -e "$policy" ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq >&2
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
