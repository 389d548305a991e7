# One word for each thing to do, here and in continuous integration. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

LAB ?= people-come-and-go
IMAGES ?= linux linux-rpm node base
ARGS ?=
BIN := .venv/bin
# The first Python that is new enough. PYTHON=... names another.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python3.14,$(shell \
	$(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1 && echo $(p))))

.PHONY: help lab setup engine images browser test check prove mutants bench clean lock test-podman

help: ## Say what each target does
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lab: setup ## Set everything up and start a lab (LAB=NAME picks another, CONTEXT=NAME a cluster of your own)
	@$(BIN)/python -m rung.runner.images linux
	@$(BIN)/rung start $(LAB) $(if $(CONTEXT),--context '$(CONTEXT)')

setup: .venv/.ready ## The virtual environment: locked packages, Rung itself

engine: setup ## An engine that answers (installed and started on Debian and Ubuntu as root)
	@$(BIN)/python -m rung.runner.images

images: setup ## An engine, and every image that the tests use
	@$(BIN)/python -m rung.runner.images $(IMAGES)

browser: setup ## A headless browser for the tests (Debian's, installed as root)
	@cd tests/support && ../../$(BIN)/python -m browser

test: setup images browser ## Every test, on real machines (ARGS='tests/checks -k acl' picks some)
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS) || { \
		[ $$? = 1 ] || exit 1; \
		echo 'Tests on machines that failed are tried once more, with nothing beside them.'; \
		PYTHONPATH=tests/support $(BIN)/python -m second_try $(ARGS); \
	}

check: setup ## Style, types, and whether generated files are up to date
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/rung author schema --check
	@$(BIN)/python -m rung.runner.grading.report_schema --check
	@$(BIN)/python -m rung.runner.store.export_format --check
	@$(BIN)/python -m rung.runner.exams.result_schema --check
	@$(BIN)/python -m rung.runner.cli.docs --check
	@$(BIN)/python -m rung.runner.authoring.docs --check
	@$(BIN)/python -m rung.runner.authoring.mutation.docs --check
	@cd tests/support && ../../$(BIN)/python -m architecture --check

prove: images ## Prove every lab afresh (or LABS='NAME ...')
	@$(BIN)/rung author prove $(or $(LABS),--all) $(ARGS)

mutants: images ## Try every lab's mutants (or LABS='NAME ...'), and write docs/mutants.md
	@code=0; $(BIN)/rung author mutate $(or $(LABS),--all) $(ARGS) || code=$$?; [ $$code -le 1 ] || exit $$code; \
	$(BIN)/python -m rung.runner.authoring.mutation.docs; exit $$code

bench: images ## Measure, compare with the budgets, write docs/bench.md
	@cd tests/support && ../../$(BIN)/python -m bench ../../docs/bench.md

test-podman: images ## The driver's tests on Podman (installs Debian's, as root)
	@cd tests/support && ../../$(BIN)/python -m podman_engine $(ARGS)

lock: setup ## Pin the newest packages that pyproject.toml allows
	@rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/pip install --quiet --disable-pip-version-check 'setuptools>=80' '.[dev]'
	@{ sed -n 1p requirements.lock; .venv-lock/bin/pip freeze --all --exclude pip --exclude rung | sort -f; } > .lock.new
	@mv .lock.new requirements.lock && rm -rf .venv-lock
	@git --no-pager diff --stat -- requirements.lock

clean: ## Remove what was made here; machines, images and the engine stay
	@rm -rf .venv .venv-lock .types build dist *.egg-info .coverage .hypothesis .*_cache
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# .types lets mypy see the top-level folders by the names that they are imported under.
.venv/.ready: requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo 'Rung needs Python 3.11 or newer.' >&2; exit 3; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2> /dev/null; then $(MAKE) .python-venv; fi
	@[ -x $(BIN)/python ] && $(BIN)/python -c 'import pip' 2> /dev/null || $(PYTHON) -m venv --clear .venv
	@echo 'Installing locked packages into .venv' >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@mkdir -p .types/rung
	@ln -sfn ../../runner .types/rung/runner && ln -sfn ../../checks .types/rung/checks
	@touch $@

# Debian and Ubuntu keep the module that makes virtual environments in a package of its own.
.PHONY: .python-venv
.python-venv:
	@if ! command -v apt-get > /dev/null || [ "$$(id -u)" != 0 ]; then \
	    echo 'Python cannot make virtual environments: install python3-venv.' >&2; exit 3; fi
	@echo 'Installing python3-venv' >&2
	@apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
	    "$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" > /dev/null
