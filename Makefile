# Everything is in run.py; these are its verbs.
PYTHON ?= python3

.PHONY: run test test-all bench setup fmt lint package clean
run test test-all bench setup fmt lint package clean:
	@$(PYTHON) run.py $@
.DEFAULT_GOAL := run
