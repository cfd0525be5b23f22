# make demo   set up, classify the sample reports
# make review set up, review the sample reports in the browser
# make synthesis  set up, make the synthesis of the sample project
# make test   set up, then lint, types, all tests, documents
# make audit  look up known vulnerabilities of all pinned packages (needs the network)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
# By file: tests of one file share what is costly to make. In their order: the longest file begins.
PARALLEL := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: help demo review synthesis test test-fast golden check audit format docs translations starter setup setup-dev clean

help:
	@sed -n 's/^# make/make/p' Makefile

demo: $(VENV)/.installed
	$(BIN)/whatworks demo whatworks-demo

review: $(VENV)/.installed
	$(BIN)/whatworks demo --review whatworks-demo

synthesis: $(VENV)/.installed
	$(BIN)/whatworks demo --synthesis whatworks-demo

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/update_docs.py --check
	$(BIN)/python scripts/update_translations.py --check
	$(BIN)/pytest $(PARALLEL)

# Leaves out what needs the real encoder, a browser, PostgreSQL or more than two seconds.
test-fast: $(VENV)/.installed-dev
	$(BIN)/pytest $(PARALLEL) -m "not slow and not browser"

# Keeps what the sample project's products say now. Read the difference before you commit it.
golden: $(VENV)/.installed-dev
	WHATWORKS_GOLDEN=write $(BIN)/pytest -q tests/cli/test_golden_synthesis.py

check: format test

# Strict: a package that could not be looked up is a failure, not silence.
audit: $(VENV)/audit/bin/pip-audit
	$(VENV)/audit/bin/pip-audit --strict --disable-pip --no-deps -r constraints.txt

$(VENV)/audit/bin/pip-audit:
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip --disable-pip-version-check install --quiet pip-audit

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.installed-dev
	$(BIN)/python scripts/update_docs.py

# Adds new texts of the interface to its translations, and compiles them.
translations: $(VENV)/.installed-dev
	$(BIN)/python scripts/update_translations.py

# Rebuilds models/starter from training/corpus; about an hour on two cores.
starter: $(VENV)/.installed-dev
	$(BIN)/python -m whatworks.training.starter

setup: $(VENV)/.installed

setup-dev: $(VENV)/.installed-dev

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(PIP) install --quiet -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache whatworks-demo
