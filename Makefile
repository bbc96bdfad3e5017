# The two commands of a fresh machine are `make demo` and `make test`; each makes the environment it needs.

PYTHON := .venv/bin/python

.PHONY: help demo test check prove bench lock clean

help:
	@echo "make demo    the whole desk with a demo shop, on http://127.0.0.1:8000 (PORT changes it)"
	@echo "make test    set-up, lint, types, import contracts, and every test"
	@echo "make check   lint, types and import contracts only"
	@echo "make prove   the long proofs"
	@echo "make bench   the benchmarks"

demo:
	@.ci/bootstrap runtime
	@DEMO=1 exec $(PYTHON) manage.py serve --demo-data

test:
	@.ci/bootstrap dev
	@$(PYTHON) .ci/test.py all

check:
	@.ci/bootstrap dev
	@$(PYTHON) .ci/test.py check

prove:
	@.ci/bootstrap dev
	@$(PYTHON) .ci/test.py prove

bench:
	@.ci/bootstrap dev
	@$(PYTHON) -m tests.bench

PYTHONS ?= $(PYTHON)
lock:
	@$(PYTHON) .ci/lock.py $(PYTHONS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
