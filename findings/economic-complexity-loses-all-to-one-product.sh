#!/bin/sh
# economic_complexity 0.3.0 (pandas 2.3.3), complexity(rca(table)): one product that nobody exported in that year makes the
# index missing for every country and product. `drop=True`, the default, is documented as taking such columns out; but the
# table is turned into zeros and ones first, after which no column is missing, and the sum divides by zero.
# Expected: the index of the other products, which ecomplexity 0.5.3 gives on the same table.
# Seen: six numbers without the product; six times NaN with it, and no word; ecomplexity: six numbers.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check economic-complexity==0.3.0 ecomplexity==0.5.3 pandas==2.3.3 numpy==2.4.6

cat > "$place/program.py" <<'END'
import contextlib, io
import economic_complexity
import numpy as np
import pandas as pd
from ecomplexity import ecomplexity

random = np.random.default_rng(2)
table = pd.DataFrame(random.lognormal(size=(6, 8)) * (random.random((6, 8)) < 0.7), index=list("ABCDEF"),
                     columns=[f"p{i}" for i in range(8)])
index = lambda table: economic_complexity.complexity(economic_complexity.rca(table))[0]
assert index(table).notna().all(), "changed: without the product"
table["unsold"] = 0.0
assert index(table).isna().all(), f"changed: {index(table).to_dict()}"
long = table.stack().rename_axis(["c", "p"]).rename("v").reset_index().assign(t=2020)
with contextlib.redirect_stdout(io.StringIO()):
    other = ecomplexity(long, {"time": "t", "loc": "c", "prod": "p", "val": "v"}).groupby("c").eci.first()
assert other.notna().all(), "changed: ecomplexity"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: an unsold product makes every index missing"
