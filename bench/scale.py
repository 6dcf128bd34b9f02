"""How each stage grows: rows, industries, countries, states of the game, draws, processes. Writes one CSV.

    python bench/scale.py --out docs/scale.csv     everything
    python bench/scale.py --only draws,kernel      some of it
    python bench/scale.py --tiny                   the smallest sizes, to see that it runs

Every row: what, size, unit, cpu_seconds (of this process and its children), wall_seconds, peak_mb. CPU seconds are
comparable on a busy machine, wall seconds are not.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

Row = tuple[str, float, str, float, float, float]


def cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(work: Callable[[], Any], least: float = 0.3) -> tuple[float, float, float]:
    """(CPU seconds, wall seconds, peak MB) of one call, after one to warm up; short work is repeated to be seen."""
    work()
    calls, start, clock = 0, cpu(), time.perf_counter()
    while not calls or (cpu() - start < least and time.perf_counter() - clock < 10 * least):
        work()
        calls += 1
    used, passed = cpu() - start, time.perf_counter() - clock
    return used / calls, passed / calls, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def draws(tiny: bool) -> Iterable[Row]:
    """Every stage of the worked case over the number of draws."""
    import geoecon as ge
    from geoecon.line import arguments, known, stages

    case = ge.load_case("japan-korea-2019")
    case = known(case)
    for n in (0, 5) if tiny else (0, 50, 100, 200):
        drawn, results, gaps = ge.sample(case.parameters, n), {}, {}
        for stage, found in stages(case, drawn):
            if isinstance(found, Exception):
                gaps[stage.name] = found
                continue
            given = arguments(stage, case, drawn, results, gaps)
            results[stage.name] = found
            yield (f"stage {stage.name}", n + 1, "draws", *timed(lambda call=stage.call, given=given: call(**given)))


def kernel(tiny: bool) -> Iterable[Row]:
    """A year of the disruption kernel, and one solve of the welfare model, over the size of the table."""
    sys.path.insert(0, str(Path(__file__).parent))
    import ario

    from geoecon import costs
    from geoecon.disruption import Shocks, build, run

    for regions, sectors in ((3, 4),) if tiny else ((10, 8), (20, 16), (40, 24)):
        table = ario.random_table(regions, sectors)
        economy = build(table)
        industry = np.array([0], np.int64)
        shocks = Shocks(365, 1, ceiling_at=industry, ceiling=np.full((365, 1, 1), 0.5))
        yield "disruption, 365 days", table.n, "industries", *timed(lambda e=economy, s=shocks: run(e, s))
    for regions in (3,) if tiny else (5, 10, 20, 40):
        model = costs.model_from_table(traded_table(regions, 10), 4.0)
        shock = costs.Shock.none(model)
        shock.productivity[..., 0, :] *= 0.9
        yield "welfare, one solve", regions, "countries", *timed(lambda m=model, s=shock: costs.solve(m, s))


def traded_table(regions: int, sectors: int, seed: int = 0) -> Any:
    """A table in which every country uses what every country makes, most of all its own."""
    from geoecon.production import IOTable

    rng = np.random.default_rng(seed)
    n = regions * sectors
    near = np.kron(np.eye(regions), np.ones((sectors, sectors))) + 0.2
    Z = rng.uniform(1, 2, (n, n)) * near
    final = (rng.uniform(50, 100, (n, regions)) * (np.kron(np.eye(regions), np.ones((sectors, 1))) + 0.1))[:, :, None]
    names = tuple(f"r{i:02d}" for i in range(regions)), tuple(f"s{i:02d}" for i in range(sectors))
    return IOTable(Z, final, Z.sum(axis=1) + final.sum(axis=(1, 2)), *names)


def game(tiny: bool) -> Iterable[Row]:
    """The dispute game of the worked case, central run, over the number of its states."""
    import geoecon as ge
    from geoecon.bargaining import dispute_of

    case = ge.load_case("japan-korea-2019")
    done = ge.run(case.at(case.cutoffs[0]), until="alliance")
    drawn = ge.sample(done.case.parameters, 0 if tiny else 20)
    done = ge.run(done.case, draws=drawn.n - 1, until="alliance")
    for alliance in (None, done.alliance):
        dispute = dispute_of(done.case, drawn, done.losses, alliance, done.catchup)
        cost = timed(dispute.play)
        yield f"bargaining, {drawn.n} draws", len(dispute.board.states), "states", *cost


def rows(tiny: bool) -> Iterable[Row]:
    """The scan of a made-up customs year over its rows: DuckDB, and Spark in local mode on one and two cores."""
    sys.path.insert(0, str(Path(__file__).parent))
    import pyarrow.parquet as pq
    import scan_data

    from geoecon import flows as flows_room
    from geoecon import indicators as trade

    with tempfile.TemporaryDirectory() as place:
        for n in (20_000,) if tiny else (300_000, 1_000_000, 3_000_000):
            path = Path(place) / f"BACI_HS17_Y2022_{n}.parquet"
            pq.write_table(scan_data.year(n), path)
            own = Path(place) / f"flows_{n}.parquet"
            flows_room.convert(path, own)
            flows = flows_room.read_flows(own, quiet=True)
            for engine in ("duckdb",) if tiny else ("duckdb", "local[1]", "local[2]"):
                if engine.startswith("local") and n > 1_000_000:
                    continue
                try:
                    cost = timed(lambda f=flows, e=engine: trade.scan(f, top=100, on=e))
                except Exception as error:  # a machine without Java measures the rest
                    print(f"{engine}: {error}", file=sys.stderr)
                    continue
                yield f"scan, {engine}", n, "rows", *cost


def processes(tiny: bool) -> Iterable[Row]:
    """Draws of the whole line by one process, by two, and by a Dask cluster of two workers."""
    import geoecon as ge

    case = ge.load_case("russia-germany-gas-2022").with_scenario(measures="observed")
    n, chunk = (4, 2) if tiny else (100, 25)
    for workers in (1, 2):
        cost = timed(lambda w=workers: ge.uncertainty(case, n, chunk=chunk, workers=w))
        yield "whole line, joblib", n, f"draws, {workers} processes", *cost
    if tiny:
        return
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        cost = timed(lambda: ge.uncertainty(case, n, chunk=chunk, workers=2, backend="dask"))
        yield "whole line, Dask", n, "draws, 2 workers", *cost


PARTS: dict[str, Callable[[bool], Iterable[Row]]] = {
    "draws": draws,
    "kernel": kernel,
    "game": game,
    "rows": rows,
    "processes": processes,
}
HEAD = ["what", "size", "unit", "cpu_seconds", "wall_seconds", "peak_mb"]


def main(argv: list[str] | None = None) -> list[Row]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--tiny", action="store_true")
    asked = parser.parse_args(argv)
    found: list[Row] = []
    for part in asked.only.split(","):
        for row in PARTS[part](asked.tiny):
            found.append(row)
            print(
                f"{row[0]:28s} {row[1]:>10,.0f} {row[2]:22s} {row[3]:9.3f} s CPU {row[4]:9.3f} s wall {row[5]:7.0f} MB"
            )
            sys.stdout.flush()
    if asked.out:
        with asked.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEAD)
            writer.writerows([*row[:3], *(round(number, 5) for number in row[3:])] for row in found)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"load average {load:.1f}, {os.cpu_count()} cores, numpy {np.__version__}")
    return found


if __name__ == "__main__":
    main()
