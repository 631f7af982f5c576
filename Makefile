# The same words as run.py, for those who have make.
PYTHON ?= python3

.PHONY: run setup test check dev shell build messages lock

run:
	$(PYTHON) run.py

setup test check dev shell build messages lock:
	$(PYTHON) run.py $@
