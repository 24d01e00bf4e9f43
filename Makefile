# `make demo` and `make test` are all a new user needs; each sets up .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Else every start of the program would compile what it imports, where Python may not keep it.
export UV_COMPILE_BYTECODE := 1
SOURCES := Cargo.toml Cargo.lock pyproject.toml $(shell find rust -name '*.rs' -o -name '*.toml' -o -path '*/data/*' | grep -v /target/)

.PHONY: build demo test test-slow test-wheel kill check-data fidelity coverage lint docs bench bench-rust fuzz clean

build: $(VENV)/.built

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q uv

$(VENV)/.built: $(BIN)/uv $(SOURCES)
	$(BIN)/uv pip install -q -p $(BIN)/python -e '.[fit]'
	$(BIN)/python -m compileall -q python
	touch $@

$(VENV)/.test: $(VENV)/.built
	$(BIN)/uv pip install -q -p $(BIN)/python --group test
	touch $@

demo: build
	$(BIN)/wagidx demo

test: $(VENV)/.test
	cargo test -q
	$(BIN)/python -m pytest -q -n auto --dist loadfile -m "not slow"

test-slow: $(VENV)/.test
	$(BIN)/python -m pytest -q -n auto -m slow

kill: $(VENV)/.test
	$(BIN)/python -m pytest -q -s -m slow tests/faults/test_kill_loop.py

test-wheel: $(BIN)/uv
	scripts/test_wheel.sh $(BIN)/uv

check-data: $(VENV)/.test
	$(BIN)/python scripts/check_data.py

# Reads WAGIDX_UD and WAGIDX_CORPORA; SPACY=en_core_web_lg scores that pipeline on the labels too.
fidelity: $(VENV)/.test
	$(BIN)/python scripts/fidelity.py $(if $(SPACY),--spacy $(SPACY))

# 2,000 tables of each design; writes docs/coverage.json and docs/coverage.md. Takes 12 minutes of one
# core; DESIGNS='"two lists" names' draws these anew.
coverage: $(VENV)/.test
	OPENBLAS_NUM_THREADS=1 $(BIN)/python scripts/interval_coverage.py $(if $(DESIGNS),--designs $(DESIGNS))

lint: $(VENV)/.test
	cargo fmt --check
	cargo clippy -q --workspace --all-targets -- -D warnings
	$(BIN)/ruff check python tests scripts benches
	$(BIN)/ruff format --check python tests scripts benches
	$(BIN)/mypy

docs: build
	$(BIN)/python scripts/make_cli_docs.py

# SHARDS="a.parquet b.parquet" are built from; without, captions are made of the demo's words.
bench: $(VENV)/.built
	$(BIN)/uv pip install -q -p $(BIN)/python --group bench
	$(BIN)/python benches/python/compare.py $(SHARDS)
	$(BIN)/python -m pytest -q benches/python/test_calls.py

bench-rust:
	cargo bench -q

# Needs `cargo install cargo-fuzz`. A finding stays under rust/fuzz/artifacts: once it is fixed, move
# it to rust/fuzz/regressions, which `make test` replays.
FUZZ_TARGETS ?= segment text query manifest
FUZZ_SECONDS ?= 600
# Without a nightly toolchain there is no address sanitizer; panics and overflows are found all the same.
FUZZ := $(if $(shell rustup toolchain list 2>/dev/null | grep nightly),cargo +nightly fuzz run,cargo fuzz run -s none)

fuzz:
	@for target in $(FUZZ_TARGETS); do \
	  mkdir -p rust/fuzz/corpus/$$target; \
	  (cd rust/fuzz && $(FUZZ) --fuzz-dir . $$target corpus/$$target regressions/$$target -- \
	    -max_total_time=$(FUZZ_SECONDS) -detect_leaks=0 -timeout=20 -malloc_limit_mb=512) || exit 1; \
	done

clean:
	rm -rf $(VENV) target
