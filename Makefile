# SPDX-License-Identifier: EUPL-1.2
# The one list of commands. `make` alone prints it.
# Every path here is relative: the folder of the checkout may hold spaces.

SHELL := /bin/sh
.DEFAULT_GOAL := help
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
SOURCES := src tests scripts benchmarks

# Two processes: the suite is bounded for two cores, browser and PostgreSQL included.
TESTS ?= tests
JOBS ?= 2
PORT ?=

.PHONY: help setup setup-dev demo demo-check test check fix lock messages bench shots clean

help: ## Cette liste
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' Makefile | \
	  while read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

setup: ## Ce qu’il faut pour la démonstration (make demo le fait)
	@scripts/setup.sh base

setup-dev: ## Ce qu’il faut pour les essais (make test le fait)
	@scripts/setup.sh dev

demo: setup ## Un territoire fictif, servi sur cette machine (PORT=8001 pour un autre port)
	@exec usufruit demo $(if $(PORT),--port $(PORT))

demo-check: setup ## La même chose, une visite de l’accueil et d’une recherche, et l’arrêt
	@exec usufruit demo --check

test: setup-dev ## Toute la suite, navigateur compris (TESTS=tests/kernel pour une partie)
	@CHROMIUM=$$(scripts/find_chromium.sh) && export CHROMIUM && \
	  lint-imports --no-logo && \
	  python -m pytest --numprocesses $(JOBS) --dist loadscope $(TESTS)

check: setup-dev ## Style, direction des imports, types, gabarits, orthographe, dépendances
	@ruff check $(SOURCES)
	@ruff format --check $(SOURCES)
	@lint-imports --no-logo
	@mypy
	@git ls-files -z 'src/*.html' | xargs -0 -r djade --check --target-version 5.2
	@git ls-files -z 'src/*.html' | xargs -0 -r djhtml --check --tabwidth 2
	@git ls-files -z 'src/*.py' 'tests/*.py' 'scripts/*.py' 'benchmarks/*.py' 'src/*.js' 'src/*.css' | \
	  xargs -0 -r codespell
	@deptry .

fix: setup-dev ## Ce que les outils savent corriger seuls
	@ruff check --fix --quiet $(SOURCES) || true
	@ruff format --quiet $(SOURCES)
	@git ls-files -z 'src/*.html' | xargs -0 -r djade --target-version 5.2 || true
	@git ls-files -z 'src/*.html' | xargs -0 -r djhtml --tabwidth 2 || true

lock: setup-dev ## Les versions exactes des paquets, avec leurs empreintes
	@for set in base dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header "requirements/$$set.in" -o "requirements/$$set.txt"; \
	done

messages: setup-dev ## Les textes à traduire (demande le paquet Debian gettext)
	@command -v xgettext >/dev/null || \
	  { echo 'Erreur : installez le paquet Debian gettext.' >&2; exit 1; }
	@cd src/usufruit && django-admin makemessages --all --no-location --no-wrap --no-obsolete

bench: setup-dev ## Les mesures, une ligne JSON chacune
	@for name in $$(cd benchmarks && ls *.py | sed 's/\.py$$//' | grep -v '^_'); do \
	  echo "$$name" >&2; python -m "benchmarks.$$name" || exit 1; \
	done

shots: setup-dev ## Une image de chaque page, à 390 et 1280 px, claire et sombre (dans shots/)
	@CHROMIUM=$$(scripts/find_chromium.sh) && export CHROMIUM && python scripts/shots.py

clean: ## Efface ce qui a été installé et produit, données de la démonstration comprises
	@rm -rf .venv node_modules var build shots static-build .hypothesis .ruff_cache .mypy_cache \
	  .import_linter_cache src/usufruit/ui/static/ui/vendor
	@find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +
