# The two commands: `make run` and `make test`, both from a fresh clone with nothing but Python 3.11 and make.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
ADDRESS ?= 127.0.0.1:8000
BENCH_DATABASES ?= sqlite:///$(abspath var/bench.sqlite3)
TEST_WORKERS ?= auto
COVERAGE ?= --cov --cov-report=term:skip-covered

.PHONY: help run install test test-fast lint types check contract contract-lint audit leakcheck corpus journal-trial bench-parse bench-import bench-reimport bench-editors bench-api bench-search lock clean

help:  ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

run: install  ## Everything from a fresh clone to a running site with sample content
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) quickstart --address $(ADDRESS)
	@DJANGO_RUNSERVER_HIDE_WARNING=true exec $(MANAGE) runserver --noreload $(ADDRESS)

install: $(VENV)/.installed  ## The virtual environment with the locked dependencies

test: $(VENV)/.installed-dev  ## Everything from a fresh clone to a green suite
	$(BIN)/python -m pytest -n $(TEST_WORKERS) $(COVERAGE) -q

test-fast: $(VENV)/.installed-dev  ## The suite without what takes seconds, and without coverage: for while you work
	$(BIN)/python -m pytest -n $(TEST_WORKERS) -q -m "not slow"

lint: $(VENV)/.installed-dev  ## Style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev  ## Strict types
	$(BIN)/mypy

check: $(VENV)/.installed-dev  ## Migrations are complete; production settings are safe
	DJANGO_SETTINGS_MODULE=cms.settings.test $(MANAGE) makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=cms.settings.production \
	  SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  ALLOWED_HOSTS=www.example.com WAGTAILADMIN_BASE_URL=https://www.example.com \
	  DATABASE_URL=postgres://cms@db.example.com/cms \
	  $(MANAGE) check --deploy --fail-level WARNING

contract: $(VENV)/.installed-dev  ## The API is as its committed contract says
	DJANGO_SETTINGS_MODULE=cms.settings.test $(MANAGE) api_contract check --exact

audit: $(VENV)/.installed-dev  ## Known vulnerabilities of the locked dependencies (asks the advisory database)
	$(BIN)/pip-audit --disable-pip --require-hashes --requirement requirements.lock

contract-lint:  ## Two linters of OpenAPI documents find nothing in the contract (needs Node.js)
	cd tests/openapi_lint && npm ci --silent --no-audit --no-fund --ignore-scripts && npm run --silent lint

leakcheck: export CMS_DATA_DIR := $(abspath var/leakcheck)
leakcheck: $(VENV)/.installed-dev  ## Nothing hidden shows in any answer of the API (on a database of its own)
	@rm -rf $(CMS_DATA_DIR)
	env -u DATABASE_URL $(MANAGE) migrate --verbosity 0
	env -u DATABASE_URL $(MANAGE) api_leakcheck
	@rm -rf $(CMS_DATA_DIR)

corpus: $(VENV)/.installed-dev  ## Score the structure parser on the corpus in ../shared
	$(BIN)/python -m tests.import_content.parsing.corpus_scores

journal-trial: $(VENV)/.installed-dev  ## A mirror follows 500 random histories and must be equal after each (on DATABASE_URL)
	JOURNAL_HISTORIES=500 $(BIN)/python -m pytest -q -n $(TEST_WORKERS) tests/clients/test_histories.py

bench-parse: $(VENV)/.installed-dev  ## Articles parsed per second, and hostile texts of doubling size
	$(BIN)/python -m tests.benchmarks.bench_parse

bench-import: $(VENV)/.installed-dev  ## Bulk import beside Wagtail's own loop and beside a raw insert (on DATABASE_URL)
	$(BIN)/python -m tests.benchmarks.bench_import

bench-reimport: $(VENV)/.installed-dev  ## Unchanged and changed sources again, beside their creation and Wagtail's own methods (on DATABASE_URL)
	$(BIN)/python -m tests.benchmarks.bench_reimport

bench-search: $(VENV)/.installed-dev  ## Search in 100,000 articles beside Wagtail's own backend (on DATABASE_URL, filled if empty)
	$(BIN)/python -m tests.benchmarks.bench_search 100000

bench-editors: $(VENV)/.installed-dev  ## How long an editor waits for a save while two imports run (on DATABASE_URL)
	$(BIN)/python -m tests.benchmarks.bench_editors

bench-api: $(VENV)/.installed-dev  ## The content API beside Wagtail's API v2 and a bare view (BENCH_DATABASES; needs wrk)
	$(BIN)/python -m tests.benchmarks.bench_api $(BENCH_DATABASES)

lock: $(VENV)/.installed-dev  ## Pin the newest allowed dependencies, with hashes
	for set in "requirements.lock" "requirements-dev.lock --extra dev"; do \
	  CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe \
	    --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	    --output-file $$set pyproject.toml || exit 1; \
	done

clean:  ## Remove the virtual environment and caches; the site's data in var/ stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .coverage htmlcov

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found; name another with make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The lock files name every package there is to install: with the dependencies' own wishes in play, pip would rather
# fetch a release that came out after the lock and then refuse it for having no hash.
$(VENV)/.installed: requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip --disable-pip-version-check check
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip --disable-pip-version-check check
	@touch $@ $(VENV)/.installed
