# `make run` shows the portal, `make test` tests it. Everything they need they fetch themselves.

.DEFAULT_GOAL := help
.PHONY: help setup run manage test quick gates coverage clocks lint check format lock audit sbom share-picture touch-icon handbook-pictures bench chaos

PYTHON_IN_VENV := .venv/bin/python
# So that the tests use every core, but no more memory than a small machine has.
PROCESSES ?= 2
ARGS ?=
# Otherwise every program that a test starts compiles each module anew.
export PYTHONDONTWRITEBYTECODE :=
UPGRADE ?= --upgrade

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## Create .venv and node_modules from the locks, for running and testing
	@sh smartcities/tryout/setup.sh tests

run: ## Start the portal with the real projects (PORT=8000)
	@sh smartcities/tryout/setup.sh run
	@exec $(PYTHON_IN_VENV) -m smartcities.tryout

manage: ## Run a command on the data of `make run` (ARGS="import_municipalities FILE")
	@sh smartcities/tryout/setup.sh run
	@exec $(PYTHON_IN_VENV) -m smartcities.tryout.manage $(ARGS)

# Tests of one file stay together, which share what is dear to make; who is done takes from the others' end.
PYTEST := $(PYTHON_IN_VENV) -m pytest -n $(PROCESSES) --dist worksteal
test: setup ## Run all tests (ARGS="-k name")
	@$(PYTEST) $(ARGS)

quick: setup ## Run the tests that need no browser, start no programs and take no long ways
	@$(PYTEST) -m "not browser and not processes and not walks and not long" $(ARGS)

gates: setup ## Walk every page, route and button: valid, accessible, nobody else's
	@$(PYTEST) -m walks $(ARGS)

# Before offices open, too late for an answer on the same day, the last minute of a year, a leap day after midnight,
# and both changes of the clocks.
CLOCKS := 2026-11-27T07:30 2026-11-26T15:30 2026-12-31T23:59 2028-02-29T00:20 2027-03-28T01:58 2027-10-31T01:58
# Other programs and the database keep the true time, so tests that start some cannot join.
clocks: setup ## Run the quick tests under odd dates and times of day (ARGS="tests/events")
	@for moment in $(CLOCKS); do echo "== $$moment"; \
		FAKE_NOW=$$moment $(PYTEST) -q -m "not browser and not processes and not walks" $(ARGS) || exit 1; \
	done

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

COMPILE := .venv/bin/uv pip compile --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE)
lock: setup ## Pin all packages anew, with hashes (UPGRADE= leaves alone what is pinned)
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) -c requirements.txt requirements-run.in -o requirements-run.txt
	$(COMPILE) -c requirements-run.txt requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-node.in -o requirements-node.txt
	npm install --package-lock-only

share-picture: setup ## Make static/img/share.png anew, with the machine's own Chromium
	@$(PYTHON_IN_VENV) -m bench.share_picture

touch-icon: setup ## Make static/img/apple-touch-icon.png anew, with the machine's own Chromium
	@$(PYTHON_IN_VENV) -m bench.touch_icon

handbook-pictures: setup ## Make the pictures of the handbook anew, from the real pages of a try-out
	@$(PYTHON_IN_VENV) -m bench.handbook_pictures

audit: setup ## Ask for known holes in the pinned packages (needs the internet)
	.venv/bin/uv tool run pip-audit --strict --require-hashes --disable-pip --requirement requirements.txt
	npm audit --package-lock-only

sbom: setup ## Write sbom.cdx.json and sbom-npm.cdx.json: what production is made of (CycloneDX)
	.venv/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o sbom.cdx.json requirements.txt
	npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > sbom-npm.cdx.json

bench: setup ## Measure pages, search, bookings and mails beside their limits
	@$(PYTHON_IN_VENV) -m bench

chaos: setup ## Kill and disturb everything under load, and count what was kept (2 minutes)
	@$(PYTHON_IN_VENV) -m bench.chaos
