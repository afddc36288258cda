# The verbs of the project. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix messages bench lock

PYTHON ?= python3
BIN := .venv/bin

help:  ## list these verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

setup: .venv/installed  ## build .venv with every requirement; at once when nothing changed

.venv/installed: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
