# make report: the demo report on a fresh machine. make test: everything CI runs, set-up included.
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
OUT ?= out/demo
EDGAR := tests/tools/upstream/test_edgar_tables.py
NO_EDGAR := --ignore=$(EDGAR)
ENGINES := tests/app/batching/test_batch_proof.py
PROOFS ?= out/prove
PROVE = $(PY) -m pytest -v -p tests.proofs --proofs $(PROOFS)

unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test check style suite eval prove lock speed clean

.venv/bin/python:
	python3.11 -m venv .venv

# LightGBM's wheel leaves the OpenMP library to the system; without it a fit has no trees and says so.
.venv/.openmp: | .venv/bin/python
	@ldconfig -p 2>/dev/null | grep -q libgomp.so.1 || [ "$$(id -u)" != 0 ] || { apt-get update -qq && apt-get install -y -qq libgomp1; } >/dev/null 2>&1 || true
	@touch $@

.venv/.runtime: requirements/runtime.lock pyproject.toml .venv/.openmp | .venv/bin/python
	$(PIP) install --require-hashes --compile -r requirements/runtime.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/.dev: requirements/dev.lock requirements/deep.lock requirements/live.lock .venv/.runtime
	$(PIP) install --require-hashes --compile -r requirements/dev.lock -r requirements/deep.lock -r requirements/live.lock
	touch $@

report: .venv/.runtime
	.venv/bin/sectorwise report --universe demo --out $(OUT)

test: .venv/.dev .venv/.services
	$(MAKE) --no-print-directory check

# The page is tested in a real browser, shared state in a real PostgreSQL.
.venv/.services: | .venv/bin/python
	@{ command -v chromium && ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || [ "$$(id -u)" != 0 ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core postgresql; } >/dev/null
	@touch $@

# Types and style are one process's work: they go beside the tests.
check:
	$(MAKE) --no-print-directory -j2 style suite

style:
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy --num-workers 2
	.venv/bin/lint-imports

# Programs the tests start must not compile ours anew each time. Three processes for two cores: many
# tests wait for a browser or a program; the order is that of tests/conftest.py, long ones first. More
# threads in each would only wait for one another.
suite: export OMP_NUM_THREADS = 1
suite: export OPENBLAS_NUM_THREADS = 1
suite: export RAYON_NUM_THREADS = 1
suite:
	$(PY) -m compileall -q agents app core evals prompts tools
	$(PY) -m pytest -n 3 --dist loadgroup --no-loadscope-reorder -m "not prove" $(NO_EDGAR)

# edgartools brings pyarrow, with which pandas keeps text another way: it has a folder of its own.
.venv/.sec: requirements/sec.lock .venv/.dev
	$(PIP) install --require-hashes --target .venv/sec -r requirements/sec.lock
	touch $@

# Cases on recorded answers; the real markets' are asked where their data are.
eval: .venv/.dev
	.venv/bin/sectorwise eval --check --out out/eval

# inspect-ai is 900 MB: the long tests alone need it.
.venv/.inspect: requirements/inspect.lock .venv/.dev
	$(PIP) install --require-hashes --target .venv/inspect -r requirements/inspect.lock
	touch $@

# Ray is 240 MB: the long tests alone need it.
.venv/.ray: requirements/ray.lock .venv/.dev
	$(PIP) install --require-hashes --target .venv/ray -r requirements/ray.lock
	touch $@

# What only the long tests need of the system: node.
.venv/.inspector: | .venv/.dev .venv/.services
	@command -v npm >/dev/null 2>&1 || [ "$$(id -u)" != 0 ] || { apt-get update -qq && apt-get install -y -qq npm; } >/dev/null
	npm install --silent --no-fund --no-audit --prefix .venv/inspector @modelcontextprotocol/inspector@2.12.0 node@22
	@touch $@

# What passed stands in PROOFS with its table; stopped, the same command goes on. An engine's two
# workers have the machine to themselves.
prove: .venv/.sec .venv/.ray .venv/.inspect .venv/.inspector
	$(PY) -m compileall -q agents app core evals prompts tools
	$(PROVE) -n 2 --dist loadgroup -m "prove or hypothesis" $(NO_EDGAR) --ignore=$(ENGINES); told=$$?; \
	PYTHONPATH=$(CURDIR)/.venv/ray $(PROVE) -m prove $(ENGINES) || told=$$?; \
	PYTHONPATH=$(CURDIR)/.venv/sec $(PROVE) $(EDGAR) || told=$$?; exit $$told

speed: .venv/.dev
	$(PY) -m evals.speed

lock: .venv/.dev
	.venv/bin/uv pip compile pyproject.toml --extra build --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements/runtime.lock -q
	.venv/bin/uv pip compile pyproject.toml --extra build --extra dev --constraint requirements/runtime.lock --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements/dev.lock -q
	.venv/bin/uv pip compile pyproject.toml --extra build --extra deep --constraint requirements/dev.lock --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements/deep.lock -q
	.venv/bin/uv pip compile pyproject.toml --extra build --extra live --extra postgres --extra dask --extra otel --constraint requirements/dev.lock --constraint requirements/deep.lock --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements/live.lock -q
	.venv/bin/uv pip compile pyproject.toml --extra build --extra ray --constraint requirements/dev.lock --constraint requirements/live.lock --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements/ray.lock -q
	.venv/bin/uv pip compile pyproject.toml --extra build --extra sec --constraint requirements/runtime.lock --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements/sec.lock -q
	.venv/bin/uv pip compile pyproject.toml --extra build --extra inspect --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements/inspect.lock -q

clean:
	rm -rf .venv out .mypy_cache .ruff_cache .pytest_cache .hypothesis
