# make run | test | check | bench | help. Needs python3 >= 3.11 (with venv) and make; no compiler, nothing global.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
# Tests run in as many processes as there are cores, each with its own servers. PROCESSES=0: in this one.
PROCESSES ?= auto
BIN := .venv/bin
STAMPS := .venv/stamps
# What is built last for: one file each, touched when done, so that a second start has nothing to do.
RUN_READY := $(STAMPS)/run $(STAMPS)/project $(STAMPS)/assets $(STAMPS)/translations
DEV_READY := $(RUN_READY) $(STAMPS)/dev
# Chromium drives the journeys: found or installed once, its path kept here.
CHROMIUM := $(STAMPS)/chromium
FRONT := $(shell find assets templates -type f 2>/dev/null)
WORDS := $(wildcard crm/http/translations/*/LC_MESSAGES/*.po)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: run test check bench help setup setup-dev lock clean

run: $(RUN_READY)  ## The whole product, with demonstration data: http://127.0.0.1:8000 (PORT=…, CRM_VAR=…)
	@exec $(BIN)/python -m crm.cli.run all

test: $(DEV_READY) $(CHROMIUM) $(STAMPS)/test-programs  ## Every test, on real servers and in a real browser (ARGS="tests/cases -x")
	@CHROMIUM="$$(cat $(CHROMIUM))" $(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile $(ARGS)

check: $(DEV_READY)  ## Style, types, floors, dependencies, templates, schema, translations
	@scripts/check.sh

bench: $(DEV_READY)  ## Measure, print a table, keep JSON (QUICK=1, CASES=600000)
	@$(BIN)/python -m bench $(if $(QUICK),--quick) $(if $(CASES),--cases $(CASES)) $(ARGS)

setup: $(RUN_READY)  ## Install and build what `run` needs, without starting
setup-dev: $(DEV_READY) $(CHROMIUM) $(STAMPS)/test-programs  ## The same for `test` and `check`

lock:  ## Freeze requirements/*.in again (needs uv; ARGS=--upgrade)
	@scripts/lock.sh $(ARGS)

clean:  ## Forget what was installed and built; data under var/ stay
	rm -rf .venv node_modules crm/http/static

help:  ## This page
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target words; do \
	    printf '  make %-10s %s\n' "$$target" "$$words"; done

$(STAMPS)/venv:
	@scripts/venv.sh "$(PYTHON)"
	@touch $@

$(STAMPS)/run: requirements/run.lock $(STAMPS)/venv
	@echo "Installing what the product runs on…"
	@$(BIN)/pip install --quiet --no-deps --only-binary :all: --require-hashes -r $<
	@touch $@

$(STAMPS)/dev: requirements/dev.lock $(STAMPS)/run
	@echo "Installing what tests and checks need…"
	@$(BIN)/pip install --quiet --no-deps --only-binary :all: --require-hashes -r $<
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/run
	@$(BIN)/pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(STAMPS)/node_modules: package-lock.json .npmrc $(STAMPS)/run
	@echo "Installing what builds the styles and scripts…"
	@scripts/node.sh npm ci --silent
	@touch $@

$(STAMPS)/assets: $(FRONT) $(STAMPS)/node_modules
	@scripts/node.sh npm run --silent build
	@touch $@

$(STAMPS)/translations: $(WORDS) $(STAMPS)/run
	@$(if $(WORDS),$(BIN)/pybabel --quiet compile --directory crm/http/translations,:)
	@touch $@

$(CHROMIUM): $(STAMPS)/dev
	@scripts/chromium.sh > $@

$(STAMPS)/test-programs: scripts/test_programs.sh $(STAMPS)/dev
	@scripts/test_programs.sh
	@touch $@
