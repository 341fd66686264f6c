SHELL := /bin/sh
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)

.DEFAULT_GOAL := help
.PHONY: help demo test check slow browser lint types layers bench lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: .venv/.ready ## show the whole product at work on two sandboxes (ARGS="--no-browser --for 60")
	@$(BIN)/npf demo $(ARGS)

test: .venv/.ready ## run the tests (ARGS="tests/pull -k lost")
	@$(BIN)/pytest -n 2 $(ARGS)

check: lint types layers test ## all that must be green before a commit

slow: .venv/.ready ## run the tests marked slow
	@$(BIN)/pytest -n 2 -m slow $(ARGS)

browser: .venv/.ready ## run the tests in a real browser (needs Debian's chromium)
	@$(BIN)/pytest -m browser $(ARGS)

lint: .venv/.ready
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: .venv/.ready
	@$(BIN)/mypy

layers: .venv/.ready
	@$(BIN)/lint-imports

bench: .venv/.ready ## measure pull, send, follow and push against the sandboxes
	@$(BIN)/python -m bench $(ARGS)

lock: .uv/bin/uv ## renew requirements.lock from pyproject.toml
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--group dev pyproject.toml -o requirements.lock

clean: ## forget the environments
	@rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.uv/bin/uv:
	@command -v uv >/dev/null 2>&1 || $(PYTHON) -m pip install -q --disable-pip-version-check --root-user-action=ignore --target .uv uv

# The lock bears hashes and no addresses: the machine's own package settings decide where the wheels come from.
.venv/.ready: requirements.lock pyproject.toml | .uv/bin/uv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "npf needs Python 3.11 or newer; set PYTHON=python3.11")'
	@test -x $(BIN)/python || $(UV) venv -q --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	@$(UV) pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@
