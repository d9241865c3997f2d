# SPDX-License-Identifier: AGPL-3.0-or-later
# Every command works from a fresh clone; only Python (3.11 or newer), make and git are assumed.

PYTHON ?= python3
PORT ?= 8000
export PORT
TERMS ?= 20
STORE ?= sqlite

VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/made
SERVING := $(VENV)/ready-to-serve
READY := $(VENV)/ready

# Python keeps what it has compiled, whatever the environment says: that is half of a build with little to do, and tests
# start it hundreds of times.
COMPILED := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.cache/compiled
PYTEST := $(COMPILED) $(BIN)/python -m pytest

# A worker that is done takes over tests from one that is not.
WORKERS := --numprocesses 2 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help serve test test-all simulate fuzz-content check-content html editor publish rollback deploy \
	secret lambda check bench lock clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

serve: $(SERVING) ## build, serve on http://localhost:8000 (PORT), rebuild on change
	@exec env $(COMPILED) $(BIN)/python -m plugins.serve --port $(PORT) --function register.entrypoints.preview:Preview

test: $(READY) ## run the tests but for the long ones; finds a browser, or installs one
	@$(BIN)/python -m tests.support.chromium
	@$(PYTEST) $(WORKERS) -m "not long"

# Coverage is of the quick tests: it would make the long ones, random steps mostly, longer by half.
test-all: $(READY) ## run every test, and measure coverage; what CI runs
	@$(BIN)/python -m tests.support.chromium
	@$(PYTEST) $(WORKERS) -m "not long" --cov --cov-report=term
	@$(PYTEST) $(WORKERS) -m long

# How many slips `make fuzz-content` tries.
N ?= 10000

fuzz-content: $(READY) ## try 10,000 slips in the shipped content, or N=…; the test suite tries 500
	@MUTATIONS=$(N) $(PYTEST) -m long tests/plugins/test_mutated_content.py

simulate: $(READY) ## play whole terms with failures and crashes (TERMS, STORE=dynamodb, SEED=one of them)
	@$(BIN)/python -m tests.simulation --terms $(TERMS) --store $(STORE) $(if $(SEED),--seed $(SEED))

# Whether everybody can read the project: then no link to join may stand in it.
PUBLIC ?= no

check-content: $(SERVING) ## check the content alone, in seconds (PUBLIC=yes: no link to join in it)
	@$(BIN)/python -m plugins.check_content --public $(PUBLIC)

html: $(SERVING) ## build output/ and build/ with pelicanconf.py
	@$(COMPILED) $(BIN)/python -m plugins.build --cache .cache/builds/html

publish: $(SERVING) ## build published/ with publishconf.py, for the public (SITEURL=https://…)
	@$(COMPILED) $(BIN)/python -m plugins.publish --cache .cache/builds/published $(if $(filter yes,$(ALLOW_UNCOMMITTED)),--allow-uncommitted)

editor: $(SERVING) ## fetch the browser editor with npm; make serve then has it at /edit/
	@$(BIN)/python -m plugins.editor

rollback: $(SERVING) ## let published/ be the version before, or a stage the release before (STAGE=…)
	@$(BIN)/python -m $(if $(filter-out undefined,$(origin STAGE)),infra.deploy "$(STAGE)" --rollback $(DRY),plugins.publish --back)

# DRY_RUN=yes only says what would be done, YES=yes sends more than 50 emails; PYTHON=… is of the version that Lambda runs.
DRY := $(if $(filter yes,$(DRY_RUN)),--dry-run)
deploy: $(SERVING) ## put site and functions on Amazon's cloud (STAGE=…, DRY_RUN=yes); see infra/README.md
	@$(BIN)/python -m infra.deploy "$(STAGE)" $(DRY) $(if $(filter yes,$(YES)),--yes) $(if $(filter-out file,$(origin PYTHON)),--python "$(PYTHON)")

secret: $(SERVING) ## write a secret of a stage (STAGE=…, NAME=join/…, staff; CHANGE=add for secret, front)
	@$(BIN)/python -m infra.secret "$(STAGE)" "$(NAME)" $(if $(CHANGE),--change "$(CHANGE)")

lambda: $(SERVING) ## pack what runs on AWS Lambda (PYTHON=…, of the version that Lambda runs)
	@$(BIN)/python -m infra.build $(if $(filter-out file,$(origin PYTHON)),--python "$(PYTHON)")

check: $(READY) ## format, lint, types, workflows, content and the built pages
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/zizmor --quiet --offline --persona auditor .github/workflows
	@$(BIN)/python -m plugins.build --output .cache/check/output --private .cache/check/build --cache .cache/check/kept
	@$(BIN)/python -m plugins.page_checks .cache/check/output --private .cache/check/build

bench: $(READY) ## measure, side by side with what it is compared to, in 15 minutes (NAME=site)
	@$(COMPILED) $(BIN)/python -m benchmarks $(NAME)

lock: $(SERVING) ## renew requirements/*.txt from requirements/*.in
	@$(BIN)/python -m requirements.lock

clean: ## delete all that the commands made (not var/ and published/: people use them)
	@rm -rf $(VENV) output build .cache

# Two stamps: what serves the site is installed at once, what tests it when it is first needed. Without a stamp nothing is
# trusted: an environment that was left half-made is made anew, and so is one whose Python has gone or been replaced.
$(shell $(BIN)/python -c 'import pip' 2>/dev/null || rm -f $(MADE) $(SERVING) $(READY))

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=…")'
	@echo "Making $(VENV) …"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(VENV) could not be made; Python says why, above." \
		"On Debian and Ubuntu, run: sudo apt install python3-venv. Then run make again." >&2; exit 1; }
	@touch $@

$(SERVING): requirements/serve.txt requirements/uv.txt pyproject.toml $(MADE)
	@$(BIN)/python -m requirements.install $<
	@touch $@

$(READY): requirements/dev.txt $(SERVING)
	@$(BIN)/python -m requirements.install $<
	@touch $@
