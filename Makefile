# `make demo` and `make test` are all a new user needs; each sets up .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := Cargo.toml Cargo.lock pyproject.toml $(shell find rust -name '*.rs' -o -name '*.toml' -o -path '*/data/*' | grep -v /target/)

.PHONY: build demo test test-slow kill lint docs bench clean

build: $(VENV)/.built

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q uv

$(VENV)/.built: $(BIN)/uv $(SOURCES)
	$(BIN)/uv pip install -q -p $(BIN)/python -e .
	touch $@

$(VENV)/.test: $(VENV)/.built
	$(BIN)/uv pip install -q -p $(BIN)/python --group test
	touch $@

demo: build
	$(BIN)/wagidx demo

test: $(VENV)/.test
	cargo test -q
	$(BIN)/python -m pytest -q -m "not slow"

test-slow: $(VENV)/.test
	$(BIN)/python -m pytest -q -m slow

kill: $(VENV)/.test
	$(BIN)/python -m pytest -q -s -m slow tests/faults/test_kill_loop.py

lint: $(VENV)/.test
	cargo fmt --check
	cargo clippy -q --workspace --all-targets -- -D warnings
	$(BIN)/ruff check python tests scripts benches
	$(BIN)/ruff format --check python tests scripts benches
	$(BIN)/mypy

docs: build
	$(BIN)/python scripts/make_cli_docs.py

bench: $(VENV)/.built
	$(BIN)/uv pip install -q -p $(BIN)/python --group bench
	$(BIN)/python benches/python/compare.py

clean:
	rm -rf $(VENV) target
