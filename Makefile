# Bare `make` prints this help. Everything installs into .venv; nothing needs root.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install run test check bench screenshots clean

help: ## print this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

install: $(STAMP) ## set up .venv with everything this project needs

run: $(STAMP) ## serve the made-up town on http://127.0.0.1:8000 (PORT=8001 for another port)
	$(BIN)/lingban serve --demo --port $(or $(PORT),8000)

check: $(STAMP) ## style, types and plugin folders: the quick check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lingban check

test: check ## check, then every test; what this machine lacks is skipped with its reason
	$(BIN)/lingban test
	$(BIN)/python -m pytest -n auto --dist loadfile -rsR

bench: $(STAMP) ## measure: each figure is a ratio to a floor of the same run
	$(BIN)/python -m bench

screenshots: $(STAMP) ## take the screenshots of docs/screenshots anew
	$(BIN)/python -m tests.pages.screenshots

clean: ## remove .venv and caches (your data folder stays)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
