# Every target prepares its own environment; nothing has to be installed first but Python ≥ 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
WORKERS ?= 3

.DEFAULT_GOAL := help

.PHONY: help demo test lint types bench worker serve up lock format
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Live through 75 business days of a made-up firm (ARGS="--exit" ends there)
	@$(BIN)/python starter.py demo $(ARGS)

test: $(READY) ## Run the whole suite on real servers (ARGS="-k promise" for a part)
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

lint: $(READY) ## Check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(READY) ## Mend style and format where a machine can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(READY) ## Check types
	@$(BIN)/mypy .

bench: $(READY) ## Measure against a bare workflow; prints a table and JSON
	@$(BIN)/python -m benchmarks $(ARGS)

worker: $(READY) ## Run a worker against TEMPORAL_ADDRESS
	@$(BIN)/python worker.py $(ARGS)

serve: $(READY) ## Serve webhooks and the API on DUNLIN_WEB_PORT
	@$(BIN)/python -m web $(ARGS)

up: ## Start the production shape with Docker Compose
	docker compose up --build --detach --wait

lock: $(READY) ## Pin every package anew
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --no-annotate --upgrade \
		pyproject.toml -o requirements-worker.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --no-annotate --upgrade \
		pyproject.toml --group embedded --group dev -c requirements-worker.lock -o requirements.lock

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Dunlin needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned packages into $(VENV) (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@
