# make demo     play one whole round in a local workspace
# make test     everything that must hold before a change is handed in
# make check    the fast half of it: style, types, who imports whom
# make golden   write the golden files anew, after a message changed on purpose
# make screenshots  take the pictures in docs/images anew, with the machine's Chromium
# make words    bring the catalogues of languages up to the code; docs/translating.md
# make install  set up .venv, which the others do by themselves

.PHONY: install demo test check golden screenshots words

install: .venv/.installed

.venv/.installed: pyproject.toml
	@for python in python3 python3.13 python3.12 python3.11; do \
	  if ! command -v $$python >/dev/null 2>&1; then continue; fi; \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "Setting up .venv with $$($$python --version)."; exec $$python -m venv .venv; \
	  fi; \
	  echo "$$python is not Python 3.11 or newer; looking for another one."; \
	done; \
	echo "Sessions needs Python 3.11 or newer: install it, then run make again." >&2; exit 1
	@# dependency groups came with pip 25.1
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	@.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

demo: install
	.venv/bin/sessions demo

check: install
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: install check
	.venv/bin/pytest

golden: install
	.venv/bin/pytest --update-golden tests/blocks

words: install
	.venv/bin/python -m bot.words

screenshots: install
	.venv/bin/python -m tests.browser.pictures
