# Two commands do everything: `make run` and `make test`.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test bench lock docs clean

run: .venv/run.done
	$(BIN)/geoecon run japan-korea-2019 --draws 200 --out out/japan-korea-2019

test: .venv/test.done
	sh tests/system.sh
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadgroup

bench: .venv/test.done
	for file in bench/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

lock:
	sh requirements/lock.sh

docs: .venv/test.done
	$(BIN)/mkdocs build --strict --site-dir out/site

.venv/run.done .venv/test.done: .venv/%.done: requirements/%.txt requirements/installer.txt pyproject.toml
	sh requirements/install.sh "$(PYTHON)" $<
	touch $@

clean:
	rm -rf .venv out
