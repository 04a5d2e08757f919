# Everything that a person types. Each target makes .venv first, from the hash-locked list, and again when that list changes.

PYTHON ?= python3
INSTALLED := .venv/.installed

.PHONY: demo test check bench lock

demo: $(INSTALLED)
	@.venv/bin/holdfast demo

test: $(INSTALLED)
	@.venv/bin/pytest tests/unit tests/tidy tests/integration tests/acceptance

check: $(INSTALLED)
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest tests/tidy

bench: $(INSTALLED)
	@.venv/bin/python -m bench

# Hatchling, which builds the project, is in the lock too: nothing is fetched that has no hash.
$(INSTALLED): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c '' 2>/dev/null || { echo "Holdfast needs Python 3.11 or newer, and there is no $(PYTHON) here. Install it, or name another: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Holdfast needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V`. Name another: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@if command -v uv >/dev/null; then \
	  { .venv/bin/python -c '' 2>/dev/null || uv venv --quiet --clear --python "`command -v $(PYTHON)`" .venv; } && \
	  uv pip sync --quiet --python .venv/bin/python --require-hashes requirements-dev.lock && \
	  uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .; \
	else \
	  { .venv/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || \
	    { echo "$(PYTHON) cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; }; } && \
	  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock && \
	  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	fi
	@touch $@

# For who maintains the dependencies: newest releases, for every platform, with hashes and without addresses.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock' --group build
lock:
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
