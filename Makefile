# Two commands: make run, make test. Nothing but Python (3.11 or later) and make is needed.
PYTHON ?= python3
PORT ?= 8000
DEMO ?= 1
BIN := .venv/bin

.PHONY: run install test lint audit bench catalogue

run: install
	@exec $(BIN)/fitservice serve --port $(PORT) $(if $(filter 0,$(DEMO)),--no-demo,--demo)

install: .venv/installed

# Compiled files are kept: the tests start some hundred processes, and each would compile everything again.
test: .venv/tested
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: .venv/linted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Whether anything installed is known to be vulnerable; loud, and no failure, where no list of that can be reached.
audit: .venv/tested
	$(BIN)/python -m tests.auditing

# Figures as ratios within one run; no part of the tests. SIZE=nation adds 20 million sessions (README, The house).
bench: .venv/tested
	$(BIN)/python -m tests.bench

# After changing a text: the Norwegian catalogue with what is new, and its compiled form.
catalogue: .venv/linted
	$(BIN)/pybabel -q extract -F pyproject.toml -o .venv/messages.pot --no-location --omit-header --sort-output .
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 100 -i .venv/messages.pot -l nb -d fitservice/translations
	$(BIN)/pybabel -q compile -d fitservice/translations

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "fitservice needs Python 3.11 or later: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/installed: setup.cfg pyproject.toml | .venv/made
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/tested: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

.venv/linted: .venv/tested
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test,dev]'
	@touch $@
