# SPDX-License-Identifier: AGPL-3.0-or-later
# Every command works from a fresh clone; only Python (3.11 or newer), make and git are assumed.

PYTHON ?= python3
PORT ?= 8000
export PORT

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.DEFAULT_GOAL := help
.PHONY: help serve test html publish lambda check bench lock clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

serve: $(READY) ## build, serve on http://localhost:8000 (PORT), rebuild on change
	@exec $(BIN)/python -m plugins.serve --port $(PORT) --function register.entrypoints.preview:Preview

test: $(READY) ## run every test; finds a browser, or installs one
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --cov --cov-report=term

html: $(READY) ## build output/ and build/ with pelicanconf.py
	@$(BIN)/python -m plugins.build

publish: $(READY) ## build them with publishconf.py, for the public (SITEURL=https://…)
	@$(BIN)/python -m plugins.build --settings publishconf.py

lambda: $(READY) ## put together what runs on AWS Lambda; see infra/README.md
	@$(BIN)/python -m infra.build

check: $(READY) ## format, lint, types, content and the built pages
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m plugins.build --output .cache/check/output --private .cache/check/build
	@$(BIN)/python -m plugins.page_checks .cache/check/output --private .cache/check/build

bench: $(READY) ## measure, side by side with what it is compared to
	@$(BIN)/python -m benchmarks

lock: $(READY) ## renew requirements/*.txt from requirements/*.in
	@$(BIN)/python -m pip install --quiet uv
	@for name in site function dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --upgrade \
		requirements/$$name.in --output-file requirements/$$name.txt || exit 1; done

clean: ## delete all that the commands made (not var/: sign-ups live there)
	@rm -rf $(VENV) output build .cache

# Hashes are checked for all that is installed; the project itself is installed as links into this folder.
$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
