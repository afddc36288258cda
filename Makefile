# The verbs of the project. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help setup build run test coverage check fix messages pictures bench lock

PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
VAR := $(or $(VAR_DIR),var)
# Where make run serves. Another machine reaches it only when HOST and ALLOWED_HOSTS say so.
HOST ?= 127.0.0.1
PORT ?= 8000
# What make check pretends to be: an installation that faces the public.
AS_PRODUCTION := env PRODUCTION=1 DEBUG=0 SITE_URL=https://health.example.org \
	SECRET_KEY=a-long-key-that-serves-no-installation-but-only-this-check-0123456789

help:  ## list these verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

setup: .venv/installed  ## build .venv with every requirement; at once when nothing changed

.venv/installed: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

build: setup $(VAR)/static/staticfiles.json  ## compile translations, collect static files
	@$(BIN)/python scripts/translations.py compile

$(VAR)/static/staticfiles.json: .venv/installed $(shell find $(filter-out var/static,$(wildcard static */static)) -type f)
	$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@

run: build  ## serve the site with demonstration content on http://127.0.0.1:8000
	@HOST=$(HOST) PORT=$(PORT) scripts/run.sh

test: build  ## run every test, in a browser and on PostgreSQL and Redis too where they are
	$(BIN)/python scripts/test.py $(ARGS)

coverage: build  ## run the tests on SQLite and show which lines none of them reached
	$(BIN)/python -m pytest -n 2 --cov --cov-report term $(ARGS)

check: build  ## everything that can be checked without running tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint . --lint --quiet
	$(MANAGE) check
	$(AS_PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	$(BIN)/python scripts/translations.py check

fix: setup  ## repair what ruff can repair, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: setup  ## take new interface words into locale/es, to be translated
	scripts/install.sh gettext msgmerge
	$(MANAGE) makemessages --locale es --add-location file --no-obsolete --ignore var --ignore .venv

pictures: build  ## take the pictures in docs/pictures anew, of public pages and of the desk
	$(BIN)/python scripts/pictures $(ONLY)

bench: build  ## measure importing, and pages against an empty view
	$(BIN)/python bench/run.py $(ARGS)

lock: setup  ## pin requirements*.in anew, with hashes; what is pinned already stays
	$(LOCK) requirements.in --output-file requirements.txt
	$(LOCK) requirements-dev.in --output-file requirements-dev.txt

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --no-strip-extras $(ARGS)
