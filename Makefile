# `make run` shows the portal, `make test` tests it. Everything they need they fetch themselves.

.DEFAULT_GOAL := help
.PHONY: help setup run test coverage lint check format lock audit sbom bench chaos

PYTHON_IN_VENV := .venv/bin/python
# So that the tests use every core, but no more memory than a small machine has.
PROCESSES ?= 2
ARGS ?=

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s%s\n", $$1, $$2 }' Makefile

setup: ## Create .venv and node_modules from the locks
	@sh smartcities/tryout/setup.sh

run: setup ## Start the portal with the real projects (PORT=8000)
	@exec $(PYTHON_IN_VENV) -m smartcities.tryout

test: setup ## Run all tests (ARGS="-k name")
	@$(PYTHON_IN_VENV) -m pytest -n $(PROCESSES) $(ARGS)

coverage: setup ## Run all tests in one process and say which lines none of them reaches
	@$(PYTHON_IN_VENV) -m coverage run -m pytest $(ARGS)
	@$(PYTHON_IN_VENV) -m coverage report --skip-covered --show-missing

lint: setup ## Style, templates, house rules, compose file, Dockerfile
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	.venv/bin/django-upgrade --target-version 5.2 $$(git ls-files '*.py')
	.venv/bin/lint-imports
	.venv/bin/yamllint docker-compose.yml publiccode.yml
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@if [ -x .venv/bin/hadolint ]; then echo .venv/bin/hadolint Dockerfile; .venv/bin/hadolint Dockerfile; fi

check: setup ## Migrations match the models, production settings hold
	@$(PYTHON_IN_VENV) -m smartcities.tryout.check

format: setup ## Let the formatters have their way
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	-.venv/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

lock: setup ## Pin all packages anew, with hashes
	.venv/bin/uv pip compile --universal --generate-hashes --no-header --python-version 3.11 --upgrade requirements.in -o requirements.txt
	.venv/bin/uv pip compile --universal --generate-hashes --no-header --python-version 3.11 --upgrade -c requirements.txt requirements-dev.in -o requirements-dev.txt
	npm install --package-lock-only

audit: setup ## Ask for known holes in the pinned packages (needs the internet)
	.venv/bin/uv tool run pip-audit --strict --require-hashes --disable-pip --requirement requirements.txt
	npm audit --package-lock-only

sbom: setup ## Write sbom.cdx.json: what production is made of (CycloneDX)
	@$(PYTHON_IN_VENV) -m smartcities.tryout.sbom > sbom.cdx.json

bench: setup ## Measure pages, search, bookings and mails beside their limits
	@$(PYTHON_IN_VENV) -m bench

chaos: setup ## Kill and disturb everything under load, and count what was kept (2 minutes)
	@$(PYTHON_IN_VENV) -m bench.chaos
