# make demo: a real dispatch, built.  make test: what CI runs.
# make golden: rewrite the expected texts; then read the diff.  make messages: bring the Chinese catalogue up to the sources.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := 2022-first-lesson
CODE := generator tests tools benchmarks

.PHONY: demo test golden messages bench torture fuzz lock clean

demo: $(VENV)/installed
	$(BIN)/fawen batch specs/$(DEMO) --out out/$(DEMO)
	$(BIN)/fawen verify out/$(DEMO)
	@echo "以上由 specs/$(DEMO) 生成，请看 out/$(DEMO)/："
	@ls out/$(DEMO)
	rm -rf out/$(DEMO)-returns && cp -r specs/$(DEMO) out/$(DEMO)-returns
	-$(BIN)/fawen collect out/$(DEMO)-returns specs/$(DEMO)/returned --date 2022-09-09
	$(BIN)/fawen merge out/$(DEMO)-returns -o out/$(DEMO)-returns --date 2022-09-12
	$(BIN)/fawen status out/$(DEMO)-returns --date 2022-09-12

test: $(VENV)/developing
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/pytest -n auto

golden: $(VENV)/developing
	$(BIN)/pytest --update -n auto tests
	git --no-pager diff --stat -- tests/golden

messages: $(VENV)/developing
	$(BIN)/python tools/messages.py

# The other programs are measured where they can be had: docx-mailmerge2 by pip, those of Node by npm.
bench: $(VENV)/developing
	$(BIN)/pip install --quiet --group bench
	! command -v npm >/dev/null || npm install --silent --no-package-lock --prefix benchmarks
	$(BIN)/python benchmarks/bench.py
	! command -v soffice >/dev/null || $(BIN)/python benchmarks/bench_pdf.py

torture: $(VENV)/developing
	$(BIN)/python benchmarks/torture.py

# Mutated inputs for every reader; what breaks one is kept in tests/attacks/crashes.
INPUTS ?= 200000
fuzz: $(VENV)/developing
	cd tests && ../$(BIN)/python fuzz.py $(INPUTS)

lock: $(VENV)/developing
	$(BIN)/pip install --quiet pip-tools
	echo "# The wheel's dependencies with its extras fast and pdf, pinned by hash:" \
	  "pip install --require-hashes -r requirements.lock" > requirements.lock.new
	$(BIN)/pip-compile --quiet --generate-hashes --no-header --strip-extras --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links --extra fast --extra pdf --output-file - pyproject.toml \
	  >> requirements.lock.new
	mv requirements.lock.new requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

# The stamps say what the environment holds; they are older than pyproject.toml when that asks for something else.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/developing: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --editable . --group dev
	@touch $@ $(VENV)/installed

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "fawen needs Python 3.11 or newer: make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
