# make figure   draw strips.png      make test   run the tests      make check   lint, types, docs, tests
# CI runs .ci/run: that and `make wasm`, `make site`, `make sanitize`, with the tests of the page required (Chromium).
# Every target sets up what it needs first: a virtual environment with pinned versions in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TESTED := $(VENV)/.tested

NATIVE := CMakeLists.txt $(wildcard src/ntmlab/*/*/*.cpp src/ntmlab/*/*/*.hpp)
SOURCES := $(shell find src -name '*.py' -o -name '*.safetensors' -o -name '*.json') \
  $(wildcard src/ntmlab/explore/static/*.*)
TESTS := $(shell find tests results -name '*.py' -o -name '*.json*')

.PHONY: figure test test-all test-sweeps setup wasm wheel installed elsewhere static-explorer site site-links lint types docs study check-docs check sanitize bench clean

figure: strips.png
	@echo "strips.png: a test sequence, and below it what the optimum, an NTM and an LSTM expected;"
	@echo "red arrows where a model departs most from the optimum. The arrays are in strips.npz."
	@echo "Next: open strips.png, then"
	@echo "  $(BIN)/ntmlab explore                 the same in the browser: flip a bit, watch them respond"
	@echo "  $(BIN)/ntmlab figure --seed 3         another sequence; --help has every option"
	@echo "  $(BIN)/ntmlab evaluate dynamic-ngrams how many bits each loses, on 1,000 sequences"

strips.png: $(INSTALLED) $(SOURCES)
	$(BIN)/ntmlab figure --out $@

test: $(TESTED)

$(TESTED): $(INSTALLED) $(SOURCES) $(TESTS) README.md $(wildcard docs/*.md)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -m "not slow" -n auto --dist loadfile
	@touch $@

test-all: $(INSTALLED)
	$(BIN)/python -m pytest -q

# Sweeps on Ray and on submitit's executor for one machine, torchrun itself, campaigns, TensorBoard's own
# reader: minutes, and packages of 330 MB that nothing else needs, so no part of CI.
$(VENV)/.sweep: sweep.lock $(VENV)/.packages
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r sweep.lock
	@touch $@

test-sweeps: $(INSTALLED) $(VENV)/.sweep
	$(BIN)/python -m pytest -q tests/sweeps tests/training/test_crew.py tests/runs/test_tensorboard.py
	$(BIN)/python tools/disturb.py --disturbances 8

setup: $(INSTALLED)

$(VENV)/.packages: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@touch $@

# No build isolation: the pinned build tools are in the environment already.
$(INSTALLED): $(VENV)/.packages pyproject.toml $(NATIVE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --editable .
	@touch $@

# The kernels of the page without a server, compiled to WebAssembly by the pinned Zig of wasm.lock
# (100 MB): the same bytes on every machine.
WASM := src/ntmlab/explore/wasm/kernels.wasm
wasm: $(WASM)

$(VENV)/.zig: wasm.lock $(VENV)/.packages
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r wasm.lock
	@touch $@

$(WASM): $(VENV)/.zig $(INSTALLED) $(NATIVE) src/ntmlab/explore/wasm/__init__.py
	$(BIN)/python -m ntmlab.explore.wasm

# Source and wheels of a release in build/dist, checked; of further Pythons: make wheel PYTHONS=python3.12.
PYTHONS ?=
wheel: $(INSTALLED) $(WASM)
	$(BIN)/python -m tools.wheel $(BIN)/python $(PYTHONS)

# Those wheels in an environment of their own, on a path without a compiler: every command and all Python
# of the pages. With the oldest versions of what they need: make installed FLOORS=--floors.
installed: $(INSTALLED)
	$(BIN)/python -m tools.installed $(BIN)/python $(PYTHONS) $(FLOORS)

# Does every C++ source compile for Linux and macOS on 64-bit ARM?
elsewhere: $(INSTALLED) $(VENV)/.zig
	$(BIN)/python -m tools.elsewhere

# The page as files; within the documentation's site where that was built.
static-explorer: $(INSTALLED) $(WASM)
	$(BIN)/ntmlab explore --static $(if $(wildcard build/site/index.html),build/site/explore,build/explore)

# The documentation as a web site in build/site, by the pinned tools of site.lock, with the page of
# `ntmlab explore` in it. A warning is an error. `site-links` asks every address, other sites' too.
$(VENV)/.site: site.lock $(VENV)/.packages
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r site.lock
	@touch $@

site: $(INSTALLED) $(VENV)/.site $(WASM)
	$(BIN)/python -m tools.site
	$(BIN)/ntmlab explore --static build/site/explore

site-links: $(INSTALLED) $(VENV)/.site
	$(BIN)/python -m tools.site --links

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

# Pages and pictures from code, results and shipped weights. The page of `ntmlab explore` is
# photographed only where it or its weights are others than in the picture: that needs Chromium.
docs: $(INSTALLED)
	$(BIN)/python -m tools.docs
	$(BIN)/python tools/page.py --check || $(BIN)/python tools/page.py

# Measures the shipped models of dynamic N-grams again; `make docs` then puts the numbers into
# docs/ngrams.md and its pictures.
study: $(INSTALLED)
	$(BIN)/python tools/study.py

check-docs: $(INSTALLED)
	$(BIN)/python -m tools.docs --check
	$(BIN)/python tools/page.py --check

check: lint types check-docs test

# The kernels' tests on kernels built with address and undefined-behaviour sanitizers. -S keeps the
# editable install out of the way. The address sanitizer holds freed memory back to catch late uses,
# so what a process keeps resident says nothing there. Its allocator does not survive a fork at which
# another thread is inside it, as threads of the tests before may be: what forks runs by itself. Tests of
# kernels for GPUs see nothing of these, and start a compiler each.
SANITIZED := build/sanitize
RUN_SANITIZED = LD_PRELOAD="$$($(CXX) -print-file-name=libasan.so) $$($(CXX) -print-file-name=libubsan.so)" \
  ASAN_OPTIONS=detect_leaks=0 \
  PYTHONPATH=$(SANITIZED):$$($(BIN)/python -c "import site; print(site.getsitepackages()[0])") \
  $(BIN)/python -S -m pytest -q -p no:cacheprovider tests/kernels --ignore-glob='*_gpu.py'
sanitize: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	  --upgrade --target $(SANITIZED) --config-settings=build-dir=$(SANITIZED)-objects \
	  --config-settings=cmake.define.NTMLAB_SANITIZE=ON .
	$(RUN_SANITIZED) -k "not memory_does_not_grow and not fork"
	$(RUN_SANITIZED) -k fork

bench: $(INSTALLED)
	$(BIN)/ntmlab bench

clean:
	rm -rf $(VENV) build strips.png strips.npz
