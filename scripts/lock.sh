#!/usr/bin/env bash
# Freeze requirements/*.in into requirements/*.lock: exact versions, hashes, no index address.
# Needs `uv` on the PATH. Without arguments nothing moves that need not; `--upgrade` renews everything.
set -euo pipefail
cd "$(dirname "$0")/../requirements"

freeze() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links --output-file "$1.lock" "${@:2}" "$1.in" >/dev/null
}

freeze run "$@"
freeze dev "$@"
# Every locked package must come ready built: a bare machine has no compiler.
for python in 3.11 3.12 3.13; do
    for machine in x86_64 aarch64; do
        echo "checking wheels for Python $python on $machine"
        uv pip install --quiet --dry-run --no-deps --only-binary :all: --require-hashes \
            --target "$(mktemp -d)" --python-version "$python" --python-platform "$machine-manylinux_2_28" \
            -r run.lock -r dev.lock
    done
done
