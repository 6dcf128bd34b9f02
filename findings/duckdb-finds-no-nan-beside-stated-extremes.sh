#!/bin/sh
# duckdb 2.0.1 with pyarrow 26.0.1: isnan() is false for a cell that is not a number, where a Parquet file states the
# least and the greatest of its column. The format leaves such cells out of these (parquet.thrift, Statistics), and the
# engine takes the stated extremes for all cells: `isnan(x)` becomes false before any row is read.
# Expected: [False, True, False], as without the statistics and as `NOT isfinite(x) AND NOT isinf(x)` says.
# Seen: [False, False, False], no error; count(*) WHERE isnan(x) is 0 where it is 1 without the statistics.
# Missing numbers of pandas, Polars and Arrow are written like this: a table of trade is checked, and they pass.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1

cat > "$place/program.py" <<'END'
import math, sys
import duckdb, pyarrow, pyarrow.parquet

def asked(what, stated, where=""):
    path = f"{sys.argv[1]}/t.parquet"
    table = pyarrow.table({"x": [1.5, math.nan, 0.25]})
    pyarrow.parquet.write_table(table, path, write_statistics=stated)
    return [row[0] for row in duckdb.sql(f"SELECT {what} FROM '{path}' {where}").fetchall()]

right = [False, True, False]
assert asked("isnan(x)", False) == right, "changed: without statistics"
assert asked("NOT isfinite(x) AND NOT isinf(x)", True) == right, "changed: isfinite and isinf"
assert asked("isnan(x)", True) == [False, False, False], "changed: isnan sees the cell"
counted = [asked("count(*)", stated, "WHERE isnan(x)") for stated in (False, True)]
assert counted == [[1], [0]], f"changed: counted {counted}"
END
"$place/venv/bin/python" "$place/program.py" "$place" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: isnan is false for every cell where the file states its extremes"
