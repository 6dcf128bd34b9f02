"""The scan against hand-written SQL on the same made-up BACI year of 10.9 million rows, in one run.

    python bench/scan.py                  the year as given and converted, every ratio, and growth with rows
    python bench/scan.py --rounds 5       only the goals, so many times in a row
    python bench/scan.py --years 10       ten years one by one (110 million rows)
    python bench/scan.py --rows 300000    the same small, to see that it runs

Each step runs in a process of its own: wall and processor seconds (best of the
repeats) and peak memory are of the step alone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import scan_data
import scan_sql

SIGMA = 5.0  # the SQL divides by four
TOP = 100

SQL = """
with f as (select i, j, k, v from read_parquet('{path}')),
m as (select j, k, sum(v) tot, sum(v * v) / (sum(v) * sum(v)) hhi, max(v) / sum(v) top from f group by j, k),
x as (select i as j, k, sum(v) ex from f group by i, k)
select f.i, f.j, f.k, f.v, f.v / m.tot w, m.hhi, m.top, m.tot / coalesce(x.ex, 0) cdi3,
       -ln(greatest(1 - f.v / m.tot, 1e-6)) / 4 * f.v as loss
from f join m using (j, k) left join x using (j, k) order by loss desc limit 100
"""


Timed = Callable[[], Mapping[str, float]]


def reading(path: Path) -> Timed:
    """Merely reading the columns."""
    import duckdb

    def read() -> Mapping[str, float]:
        duckdb.sql(f"select sum(i), sum(j), max(k), sum(v) from read_parquet('{path}')").fetchall()
        return {}

    return read


def sql(path: Path) -> Timed:
    """The hand-written SQL: what an analyst would type."""
    import duckdb

    return lambda: {"sum of losses": sum(row[-1] for row in duckdb.sql(SQL.format(path=path)).fetchall())}


def top(path: Path) -> Timed:
    """Our scan, the hundred costliest triples with every indicator; the file was checked before (read)."""
    from geoecon import flows as flows_room
    from geoecon import indicators as trade

    flows = flows_room.read_flows(path, quiet=True)
    return lambda: {"sum of losses": trade.scan(flows, top=TOP, elasticity=SIGMA).table["rank_cost"].sum() / 1000}


def every(path: Path) -> Timed:
    """Every triple with all indicators and flags, handed on piece by piece."""
    from geoecon.indicators import measure, risk, stream

    asked = stream.Question(measure.Options(elasticity=SIGMA, risk=risk.governance("2022")).checked())

    def measured() -> Mapping[str, float]:
        return {"rows": sum(len(found["value_usd"]) for found in stream.measured(stream.of_file(path, "2022"), asked))}

    return measured


def one(path: Path) -> Timed:
    """The scan of one importer, all its suppliers and products."""
    from geoecon import flows as flows_room
    from geoecon import indicators as trade

    flows = flows_room.read_flows(path, quiet=True)
    return lambda: {"rows": len(trade.scan(flows, importer="KOR", elasticity=SIGMA))}


def written(path: Path) -> Timed:
    """The whole scan of all importers: every triple written as Parquet, and the top hundred."""
    from geoecon import flows as flows_room
    from geoecon import indicators as trade

    flows, out = flows_room.read_flows(path, quiet=True), path.with_suffix(".scan.parquet")

    def scan() -> Mapping[str, float]:
        trade.scan(flows, out=out, elasticity=SIGMA)
        size = out.stat().st_size / 1e9
        out.unlink()
        return {"file GB": size}

    return scan


def written_sql(path: Path) -> Timed:
    """The same columns of every triple as Parquet, by SQL."""
    out = path.with_suffix(".sql.parquet")

    def copy() -> Mapping[str, float]:
        scan_sql.write(path, out, SIGMA)
        size = out.stat().st_size / 1e9
        out.unlink()
        return {"file GB": size}

    return copy


def read(path: Path) -> Timed:
    """Checks, codes and coverage of a foreign file."""
    from geoecon import flows as flows_room

    return lambda: {"rows": flows_room.read_flows(path, quiet=True).coverage.rows}


def convert(path: Path) -> Timed:
    """The file as our sorted Parquet."""
    from geoecon import flows as flows_room

    return lambda: {"rows": flows_room.convert(path, path.with_suffix(".ours.parquet"), quiet=True).coverage.rows}


ONCE = ("read", "convert", "written", "written_sql")  # steps that are not repeated
STEPS = {f.__name__: f for f in (reading, sql, top, every, one, written, written_sql, read, convert)}
WORDS = {
    "reading": "reading the columns",
    "sql": "hand-written SQL",
    "top": "scan, top 100",
    "every": "every triple, all indicators",
    "one": "scan of one importer",
    "written": "every triple written as Parquet, and the top 100",
    "written_sql": "SQL that writes the same columns of every triple",
    "read": "read: checks, codes, coverage",
    "convert": "convert to our sorted Parquet",
}


def run(step: str, path: Path, repeats: int = 1) -> dict[str, float]:
    """One step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--path", str(path), "--repeats", str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    told = dict(json.loads(done.stdout.splitlines()[-1]))
    print(f"{step:10s}{told['seconds']:8.2f} s{told['GB']:6.2f} GB  {path.name}", file=sys.stderr, flush=True)
    return told


def step(name: str, path: Path, repeats: int) -> None:
    _fresh()
    timed, best, spent, told = STEPS[name](path), float("inf"), float("inf"), {}
    for _ in range(repeats):
        start, work = time.perf_counter(), time.process_time()
        told = dict(timed())
        best, spent = min(best, time.perf_counter() - start), min(spent, time.process_time() - work)
    print(json.dumps({"seconds": best, "cpu": spent, "GB": _peak(), **told}))


def _fresh() -> None:
    """Forgets the peak of memory so far, which a process carries over from the one that started it (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> float:
    """Peak memory of this process in GB since `_fresh`."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e6
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def rounds(folder: Path, rows: int, repeats: int, count: int) -> None:
    """The goals, each round anew beside the SQL on the file as given: five times in a row is what counts."""
    given, sorted_file = scan_data.write(folder, rows), ours(folder, rows)
    found, sums = [], set()
    for _ in range(count):
        done = {"SQL": run("sql", given, repeats), "top 100, as given": run("top", given, repeats)}
        done["reading"] = run("reading", given, repeats)
        done["top 100, our file"] = run("top", sorted_file, repeats)
        done["every, our file"] = run("every", sorted_file, repeats)
        found.append(done)
        sums |= {round(told["sum of losses"], 3) for told in done.values() if "sum of losses" in told}
    names = [name for name in found[0] if name != "SQL"]
    print(f"{'round':8s}{'SQL s':>8s}" + "".join(f"{name:>24s}" for name in names))
    for k, done in enumerate(found, 1):
        ratios = (f"{done[n]['seconds']:8.2f} s {done['SQL']['seconds'] / done[n]['seconds']:8.2f} x" for n in names)
        print(f"{k:<8d}{done['SQL']['seconds']:8.2f}" + "".join(f"{text:>24s}" for text in ratios))
    print("peak GB: " + ", ".join(f"{n} {max(done[n]['GB'] for done in found):.2f}" for n in ("SQL", *names)))
    print("sum of the hundred losses, each step:", sums)


def compare(folder: Path, rows: int, repeats: int) -> list[tuple[str, dict[str, float]]]:
    """Every step on one year; the ratios are to the SQL on the file as given, timed right beside."""
    given = scan_data.write(folder, rows)
    sorted_file = ours(folder, rows)
    plan = [("reading", given), ("sql", given), ("read", given), ("convert", given), ("top", given), ("one", given),
            ("sql", given), ("top", sorted_file), ("one", sorted_file), ("every", sorted_file),
            ("written", sorted_file), ("written_sql", sorted_file), ("sql", given)]  # fmt: skip
    found = []
    for name, path in plan:
        where = "" if name in ("reading", "sql") else " (as given)" if path == given else " (our file)"
        found.append((WORDS[name] + where, run(name, path, 1 if name in ONCE else repeats)))
    return found


def report(found: list[tuple[str, dict[str, float]]]) -> None:
    peers = [told for name, told in found if name.startswith("hand-written")]
    peer, work = (sorted(told[key] for told in peers)[len(peers) // 2] for key in ("seconds", "cpu"))
    print(f"{'':62s}{'s':>8s}{'cpu s':>8s}{'GB':>7s}{'SQL / it':>10s}{'cpu':>8s}")
    for name, told in found:
        ratios = f"{peer / told['seconds']:10.2f}{work / told['cpu']:8.2f}"
        print(f"{name:62s}{told['seconds']:8.2f}{told['cpu']:8.2f}{told['GB']:7.2f}{ratios}")
    mine, theirs = (next(told for name, told in found if name.startswith(WORDS[k])) for k in ("written", "written_sql"))
    clock, cpu = (theirs[key] / mine[key] for key in ("seconds", "cpu"))
    sizes = f"files of {mine['file GB']:.2f} and {theirs['file GB']:.2f} GB"
    print(
        f"every triple written, SQL that writes the same columns / it: {clock:.2f}, processor time {cpu:.2f}; {sizes}"
    )
    sums = {round(told["sum of losses"], 3) for _, told in found if "sum of losses" in told}
    print("sum of the hundred losses, each step:", sums)


def ours(folder: Path, rows: int, t: int = 2022) -> Path:
    """The year as our sorted Parquet, made once, in a process of its own so that its memory is not counted."""
    path = folder / f"ours_{t}_{rows}.parquet"
    if not path.is_file():
        make = "import sys, scan_data; from pathlib import Path; f, r, t = sys.argv[1:]; "
        make += "print(scan_data.write(Path(f), int(r), int(t)))"
        command = [sys.executable, "-c", make, str(folder), str(rows), str(t)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
        given = Path(done.stdout.strip())
        run("convert", given)
        given.with_suffix(".ours.parquet").rename(path)
        if t != 2022:
            given.unlink()
    return path


def growth(folder: Path, rows: int) -> None:
    """Seconds against rows for our file, as a table and as a picture in the folder."""
    import altair as alt
    import pandas as pd

    found = []
    for part in (rows // 8, rows // 4, rows // 2, rows):
        path = ours(folder, part)
        found += [
            (part, "top 100", run("top", path, 2)["seconds"]),
            (part, "every triple", run("every", path)["seconds"]),
        ]
    table = pd.DataFrame(found, columns=["rows", "what", "seconds"])
    print(table.pivot(index="rows", columns="what", values="seconds").round(2).to_string())
    line = alt.Chart(table, title="Seconds of a scan against rows of trade").mark_line(point=True)
    line.encode(x="rows:Q", y="seconds:Q", color="what:N").save(str(folder / "growth.png"), ppi=100)
    print(f"picture: {folder / 'growth.png'}")


def years(folder: Path, rows: int, count: int) -> None:
    """Many years one after another in one process: memory stays that of one year."""
    from geoecon import flows as flows_room
    from geoecon import indicators as trade

    total = 0.0
    _fresh()
    for t in range(2022 - count + 1, 2023):
        path = ours(folder, rows, t)
        begin = time.perf_counter()
        trade.scan(flows_room.read_flows(path, quiet=True), top=TOP, elasticity=SIGMA)
        total += time.perf_counter() - begin
    memory = _peak()
    print(f"{count} years of {rows:,} rows: {total:.1f} s, {memory:.2f} GB in the one process that scanned them")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=scan_data.ROWS)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "geoecon-bench")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--years", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--path")
    chosen = parser.parse_args()
    if chosen.step:
        step(chosen.step, Path(chosen.path), chosen.repeats)
    elif chosen.years:
        years(chosen.folder, chosen.rows, chosen.years)
    elif chosen.rounds:
        rounds(chosen.folder, chosen.rows, chosen.repeats, chosen.rounds)
    elif chosen.growth:
        growth(chosen.folder, chosen.rows)
    else:
        report(compare(chosen.folder, chosen.rows, chosen.repeats))


if __name__ == "__main__":
    main()
