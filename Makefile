# The front door for work on this project: `make demo` and `make test` set everything up by themselves.
# Needed: Python 3.11 or newer, and make. `make help` lists what there is.

VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11
# What writes the locks; another version may write them differently.
UV := 0.13.9
ARGS ?=
DATA ?= ../shared/eval

.DEFAULT_GOAL := help
.PHONY: help setup demo up test check format generate audit fuzz test-containers chaos bench soak lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-16s %s\n' "$$name" "$$what"; done

setup: $(READY) ## Make .venv with exactly the locked libraries, and newswire in it

# Only again when a lock or the project's own description has changed. To run it, the libraries for development are not waited for.
$(RUNS): requirements.lock deploy/requirements-build.lock pyproject.toml
	@sh tools/setup.sh $(VENV) requirements.lock deploy/requirements-build.lock
	@touch $@

$(READY): requirements-dev.lock $(RUNS)
	@sh tools/setup.sh $(VENV) requirements-dev.lock
	@touch $@

demo: $(RUNS) ## Run the whole pipeline on seeds/ with a real Kafka, and show what came out
	@$(BIN)/newswire demo $(ARGS)

up: $(RUNS) ## Run broker and stages until Ctrl-C
	@$(BIN)/newswire up $(ARGS)

test: $(READY) ## Run all tests but those that need a container engine and the long fault runs
	@$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder -m "not containers and not chaos" $(ARGS)

check: $(READY) ## Check style and types, and that every generated file is in step
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m newswire.contracts.generate --check
	@$(BIN)/newswire schemas check
	@$(BIN)/python -m newswire.cli.reference --check

format: $(READY) ## Bring the code into the one format, and mend what can be mended by a machine
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

generate: $(READY) ## Write all generated files again
	@$(BIN)/python -m newswire.contracts.generate
	@$(BIN)/python -m newswire.cli.reference

audit: $(READY) ## Ask for known vulnerabilities in all that the locks name; needs a network, and ends with 3 where it could not ask
	@$(BIN)/python tools/audit.py

fuzz: $(READY) ## Run the property tests on examples that no run has drawn before; `make test` draws the same ones each time
	@$(BIN)/python -m pytest -n 3 -m "hypothesis and not containers and not chaos" --hypothesis-profile fuzz $(ARGS)

test-containers: $(READY) ## Run the compose stack and the testcontainers path, with Docker or podman
	@$(BIN)/python tests/containers/run.py $(ARGS)

chaos: $(READY) ## Run the long fault tests: processes killed at random, for as long as NEWSWIRE_CHAOS_ROUNDS says
	@$(BIN)/python -m pytest -m chaos --timeout 7200 $(ARGS)

bench: $(READY) ## Measure beside baselines: loop, latency, recovery, state, lane and overload always, the rest on the texts in DATA (../shared/eval) if they are there
	@$(BIN)/python benchmarks/stage_loop.py
	@$(BIN)/python benchmarks/latency.py
	@$(BIN)/python benchmarks/recovery.py
	@-$(BIN)/python benchmarks/state.py
	@-$(BIN)/python benchmarks/backfill.py
	@-$(BIN)/python benchmarks/overload.py
	@-$(BIN)/python benchmarks/warc.py
	@if [ -d "$(DATA)" ]; then $(BIN)/python benchmarks/dedup.py "$(DATA)/stories" && $(BIN)/python benchmarks/stories.py "$(DATA)/stories" \
		&& $(BIN)/python benchmarks/enrich.py "$(DATA)" && $(BIN)/python benchmarks/page_dates.py "$(DATA)/extraction" \
		&& $(BIN)/python benchmarks/extraction.py "$(DATA)/extraction"; else echo "bench: no texts in $(DATA): give DATA=FOLDER" >&2; fi

soak: $(READY) ## Run an hour at half the capacity with random faults: is memory flat, is everything there once? (ARGS="--minutes 2" for less)
	@$(BIN)/python benchmarks/soak.py $(ARGS)

lock: $(READY) ## Choose the newest versions that pyproject.toml allows, and lock them with hashes
	@$(PIP) install -q uv==$(UV)
	@$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	@$(COMPILE) --upgrade --group dev pyproject.toml -o requirements-dev.lock
	@printf 'hatchling>=1.27\neditables>=0.5\n' | $(COMPILE) --upgrade - -o deploy/requirements-build.lock

clean: ## Remove what was made here: the virtual environment and caches (downloads stay in the user's cache)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
