# Two commands: `make demo` and `make test`. Works with GNU make 3.81; everything it installs stays in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell awk '/^name = "uv"$$/ { getline; gsub(/"/, "", $$3); print $$3; exit }' uv.lock)

export UV_CACHE_DIR := $(CURDIR)/$(VENV)/cache/uv
export PIP_CACHE_DIR := $(CURDIR)/$(VENV)/cache/pip
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/$(VENV)
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport VIRTUAL_ENV

.PHONY: help demo test check bench keys picture clean

help:
	@echo "make demo    the console on a simulated cluster, an incident under way (RUNBOOK=file.md: with yours)"
	@echo "make test    lint, types, import contracts and all tests"
	@echo "make check   the same without the tests"
	@echo "make bench   the measured claims"
	@echo "make keys    docs/keys.md, from the bindings"
	@echo "make picture the screenshot of the README, from the demo"
	@echo "make clean   removes what these made"

demo: $(VENV)/.run
	@$(BIN)/warroom demo $(if $(RUNBOOK),--runbook "$(RUNBOOK)") $(ARGS)

test: check
	$(BIN)/pytest -n auto --dist loadgroup $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py $(ARGS)

keys: $(VENV)/.dev
	$(BIN)/python -m warroom.ui.keys > docs/keys.md

picture: $(VENV)/.dev
	@$(BIN)/python docs/picture.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache snapshot_report.html
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.uv: uv.lock
	@command -v "$(PYTHON)" >/dev/null 2>&1 || \
	    { echo "$(PYTHON) is not there: install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "$(PYTHON) is older than 3.11: install a newer Python and name it: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "$(PYTHON) cannot make a virtual environment: apt-get install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv==$(UV)
	@touch $@

$(VENV)/.run: $(VENV)/.uv pyproject.toml uv.lock
	$(BIN)/uv sync --quiet --frozen --no-dev --inexact --extra demo
	@touch $@

$(VENV)/.dev: $(VENV)/.uv pyproject.toml uv.lock
	$(BIN)/uv sync --quiet --frozen
	@touch $@
