# Two commands do everything: `make run` and `make test`. Both set up what they need and are quick the second time.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 7860

# Compiled modules are kept whatever the surroundings say: tests and rounds start many interpreters.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check eval sandbox test-all lock clean
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	@$(BIN)/python app.py --port $(PORT)

# The unit suite: under a minute, no network, no browser, no database server.
test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

# Style, types and the shipped content, checked as data; code problems by running every solution.
check: $(VENV)/.dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/mock-interview check

# The optional deno engine: Deno from the package index; Pyodide out of its npm archive, or without npm from its CDN.
sandbox: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[deno]"
	@version=$$($(BIN)/python -c 'from bot.coding.engines.fetch import VERSION; print(VERSION)'); \
	  place=$$(mktemp -d); trap 'rm -rf "$$place"' EXIT; \
	  if command -v npm >/dev/null && npm pack --silent --pack-destination "$$place" "pyodide@$$version" >/dev/null; \
	  then $(BIN)/mock-interview fetch-sandbox --archive "$$place/pyodide-$$version.tgz"; \
	  else $(BIN)/mock-interview fetch-sandbox; fi

# Whole simulated interviews, held against the accepted run (docs/evals.md).
eval: $(VENV)/.dev
	@$(BIN)/mock-interview eval run ci

# Everything, also what needs Chromium, PostgreSQL or minutes; each part says why when it is skipped.
test-all: $(VENV)/.dev
	@$(BIN)/python -m pytest -m "" -rs $(ARGS)

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Rehearsal needs Python 3.11 or newer; set PYTHON=/path/to/python3.11 and run make again." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "python -m venv failed; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@touch $@

$(VENV)/.installed: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing (a few minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@

# Resolves afresh and writes what was chosen. No index addresses, nothing of this machine.
lock:
	@rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	@$(VENV)-lock/bin/python -m pip install --quiet --editable ".[postgres]" --group dev
	@{ echo "# What really resolved together; made by \`make lock\`."; \
	   $(VENV)-lock/bin/python -m pip freeze --exclude-editable --exclude pip | grep -v ' @ '; } > constraints.txt
	@rm -rf $(VENV)-lock

clean:
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
