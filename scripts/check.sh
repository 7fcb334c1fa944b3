#!/usr/bin/env bash
# The habits of the house that a machine can check. Stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

step() {
    printf '\n── %s\n' "$1"
    "${@:2}"
}

step "Style (ruff)" ruff check .
step "Format (ruff)" ruff format --check .
step "Types (mypy)" mypy
step "Floors (import-linter)" lint-imports
step "Dependencies (deptry)" deptry .
step "Dead code (vulture)" vulture
step "Templates (djlint)" djlint templates --lint --quiet
step "Translations complete" python -m scripts.translations check
step "Schema: models, migrations up, down and up again" python -m scripts.check_schema
printf '\nEverything holds.\n'
