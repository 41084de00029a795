# make demo     run the demonstration at http://localhost:8000 (PORT=8001 for another port)
# make test     run all tests and checks
# make bench    measure how fast the programme is served, clashes are found, sign-ups are taken and figures are counted
# Needs Python 3.11 or newer and make; everything else goes into .venv.

PORT ?= 8000
export PORT

# The newest Python that runs and is new enough; override with PYTHON=/path/to/python.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { command -v $$name; break; }; done)
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --prefer-binary

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test lint bench bench-quick bench-checks bench-serving messages screenshots clean

help:
	@echo "make demo         run the demonstration at http://localhost:$(PORT) (PORT=… for another port)"
	@echo "make demo-reset   throw its data away and load them anew"
	@echo "make test         run all tests and checks"
	@echo "make lint         run the quick checks only"
	@echo "make bench        measure how fast clashes are found, sign-ups are taken and the programme is served (an hour)"
	@echo "make bench-quick  measure the last with up to 10,000 offerings only (four minutes)"
	@echo "make messages     collect and compile the translations (needs gettext)"
	@echo "make screenshots  take the pictures of the documentation (needs Chromium)"
	@echo "make clean        remove .venv and everything built; the demonstration's data stay"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv was not found: install it (Debian: apt install python3-venv) or say PYTHON=/path/to/python"; exit 1; }
	@echo "Creating $(VENV) with $(PYTHON) …"
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/.demo: setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing the demonstration's packages …"
	@$(PIP) -e ".[demo]"
	@touch $@

$(VENV)/.test: setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing the tests' packages …"
	@$(PIP) -e ".[test]"
	@touch $@ $(VENV)/.demo

demo: $(VENV)/.demo
	@$(BIN)/python example_site/demo/run.py

demo-reset: $(VENV)/.demo
	@$(BIN)/python example_site/demo/run.py --reset

test: $(VENV)/.test
	@$(BIN)/python .ci/suite.py

lint: $(VENV)/.test
	@$(BIN)/python .ci/suite.py --lint

bench: bench-checks bench-serving

bench-checks: $(VENV)/.test
	@$(BIN)/python benchmarks/similar.py
	@$(BIN)/python .ci/with_postgres.py $(BIN)/python benchmarks/checks.py

# WRITE=--write puts the table into docs/performance.md.
bench-serving: $(VENV)/.test
	@$(BIN)/python .ci/with_postgres.py $(BIN)/python benchmarks/serving.py $(WRITE)

bench-quick: $(VENV)/.test
	@$(BIN)/python .ci/with_postgres.py $(BIN)/python benchmarks/serving.py --quick

messages: $(VENV)/.demo
	cd ehrenamt_wagtail && ../$(BIN)/python ../manage.py makemessages --locale de --no-location --no-wrap
	cd ehrenamt_wagtail && ../$(BIN)/python ../manage.py compilemessages --locale de

screenshots: $(VENV)/.test
	@$(BIN)/python example_site/screenshots.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -f var/test-*.sqlite3 var/test-migrating.lock
